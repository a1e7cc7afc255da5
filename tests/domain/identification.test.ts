import { describe, expect, test } from "vitest";
import { IDENTIFY } from "../../src/domain/identification.ts";
import { readAs } from "../../src/domain/model-answer.ts";

const SAID = {
  generic: "heron",
  specific: "grey heron",
  specificity: "high",
  category: "bird",
  people: "0",
  visible_text: ["NO FISHING"],
  setting: "shallow water",
};
const answered = (over: object = {}) => ({
  content: JSON.stringify({ ...SAID, ...over }),
  thinking: "",
  doneReason: "stop",
  tokens: [],
});
const read = (over: object = {}) => readAs(answered(over), IDENTIFY);

describe("an identification", () => {
  test("is read as it was given", () => {
    const { visible_text: visibleText, ...rest } = SAID;
    expect(read()).toEqual({ kind: "good", reply: { ...rest, visibleText } });
  });

  test.each(["", "null", "None", "unknown", "n/a"])(
    "has no exact name where the model writes %j for one",
    (specific) => {
      expect(read({ specific })).toMatchObject({ reply: { specific: null } });
    },
  );

  test.each([
    [0, "0"],
    [2, "2"],
    [7, "3+"],
  ])("counts %i people as %s, where a server is held to no shape", (people, expected) => {
    expect(read({ people })).toMatchObject({ reply: { people: expected } });
  });

  test("of a category nobody knows is of another", () => {
    expect(read({ category: "spaceship" })).toMatchObject({ reply: { category: "other" } });
  });

  test("holds plain text only: markup goes, and what hides", () => {
    expect(read({ generic: "<b>heron</b>\u202e", visible_text: ["<script>x</script>", ""] })).toMatchObject({
      reply: { generic: "heron", visibleText: ["x"] },
    });
  });

  test.each([
    ["empty", { generic: "unknown" }],
    ["wrong-shape", { people: "many" }],
    ["wrong-shape", { specificity: 5 }],
    ["wrong-shape", { visible_text: "none" }],
  ])("is none, for %s, with %j", (flaw, over) => {
    expect(read(over)).toEqual({ kind: "flawed", flaw });
  });

  test("is asked for without a word about the set", () => {
    expect(IDENTIFY.user('{"subject":"Grey heron"}')).not.toMatch(/heron/i);
    expect(IDENTIFY.system).not.toMatch(/FACTS/);
  });
});
