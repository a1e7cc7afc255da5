import { expect, test } from "vitest";
import { addFacts, FACTS, IRREPLACEABLE, isStageName } from "../../src/domain/facts.ts";
import { cull, done, gate, hasFacts, photoStage, setStage } from "../../src/domain/stage.ts";
import { aPhoto, factsAtGate } from "../store/home.ts";

const context = { signal: AbortSignal.abort(), dir: "/tmp", now: () => 0 };
const photo = aPhoto({ facts: factsAtGate("a.JPG") });

test("a stage gets a photo that has the facts it asked for", async () => {
  const stage = photoStage({
    name: "name",
    needs: ["exif"],
    limitMs: 1,
    run: async ({ facts }) => done({ name: facts.exif.camera ?? "", shortened: false }),
  });
  expect(await stage.run(photo, context)).toEqual({ kind: "done", facts: { name: "Canon EOS R5", shortened: false } });
});

test("a stage that would run too early says which facts are not there", async () => {
  const single = photoStage({
    name: "likeness",
    needs: ["look", "review"],
    limitMs: 1,
    run: async () => cull("c", "w"),
  });
  await expect(single.run(photo, context)).rejects.toThrow("without the facts of review");
  const whole = setStage({ name: "likeness", needs: ["publish"], limitMs: 1, run: async () => new Map() });
  await expect(whole.run([photo], context)).rejects.toThrow("photo 1 came to a stage without the facts of publish");
});

test("a gate does nothing by itself", () => {
  expect(gate("review", ["words"])).toEqual({ kind: "gate", name: "review", needs: ["words"] });
});

test("facts are there or not there", () => {
  expect(hasFacts(photo, ["exif", "name"])).toBe(true);
  expect(hasFacts(photo, ["exif", "publish"])).toBe(false);
  expect(hasFacts(photo, [])).toBe(true);
});

test("stored facts are read as their stage wrote them, or not at all", () => {
  const into: Record<string, unknown> = {};
  expect(addFacts(into, "likeness", { groups: [], elsewhere: [], from: "a later version" })).toBe(true);
  expect(into).toEqual({ likeness: { groups: [], elsewhere: [] } });
  expect(addFacts(into, "likeness", { compared: false })).toBe(false);
  expect(addFacts(into, "name", null)).toBe(false);
  expect(Object.keys(into)).toEqual(["likeness"]);
});

test("only a person's and the site's facts are irreplaceable", () => {
  expect([...IRREPLACEABLE]).toEqual(["review", "publish"]);
  expect(isStageName("review")).toBe(true);
  expect(isStageName("constructor")).toBe(false);
  expect(Object.keys(FACTS)).toHaveLength(13);
});
