import { describe, expect, test } from "vitest";
import {
  type Answer,
  askAgain,
  certainty,
  DESCRIBE,
  type Flaw,
  firstAsking,
  type Reply,
  readAnswer,
  readNoted,
  seesCard,
  testCard,
} from "../../src/domain/model-answer.ts";

const REPLY: Reply = {
  visible: ["a gull"],
  caption: "A gull flies over the sea.",
  alt: "White bird above water.",
  keywords: ["gull"],
  uncertain: [],
};
const answer = (over: Partial<Answer> = {}): Answer => ({
  content: JSON.stringify(REPLY),
  thinking: "",
  doneReason: "stop",
  tokens: [],
  ...over,
});
const saying = (over: Partial<Reply>): Answer => answer({ content: JSON.stringify({ ...REPLY, ...over }) });

describe("an answer", () => {
  test("is what fits the shape; what else is in it is left out", () => {
    const content = JSON.stringify({ ...REPLY, status: "approved" });
    expect(readAnswer(answer({ content }))).toEqual({ kind: "good", reply: REPLY });
  });

  test("that is whole is one, though the model thought aloud or was cut short after it", () => {
    expect(readAnswer(answer({ thinking: "hm" })).kind).toBe("good");
    expect(readAnswer(answer({ doneReason: "length" })).kind).toBe("good");
  });

  test.each<[Flaw, Answer]>([
    ["cut-short", answer({ content: '{"visible":[', doneReason: "length" })],
    ["too-long", answer({ doneReason: "too-long" })],
    ["empty", answer({ content: " \n" })],
    ["empty", saying({ alt: "\u200b" })],
    ["thinking", answer({ content: "", thinking: "The user" })],
    ["not-json", answer({ content: "Sure!" })],
    ["wrong-shape", answer({ content: "null" })],
    ["wrong-shape", answer({ content: '"text"' })],
    ["repeating", saying({ caption: "A gull and a gull and a gull and a gull and a tern." })],
    ["repeating", saying({ alt: "very very very very big" })],
    ["repeating", saying({ keywords: ["gull", "Gull", "sea", "gull", "sea", "gull"] })],
  ])("is %s", (flaw, given) => {
    expect(readAnswer(given)).toEqual({ kind: "flawed", flaw });
  });

  test.each([
    "A very, very, very small bird.",
    "One bird after another bird on one wire after another wire.",
    "Row by row, wave by wave.",
  ])("that says a word more than once is no circle: %s", (caption) => {
    expect(readAnswer(saying({ caption })).kind).toBe("good");
  });

  test("that was noted counts by today's rules", () => {
    const tries = [{ variant: "shape", seed: 1, temperature: 0, flaw: null, ms: 5 }];
    expect(readNoted({ answer: answer(), tries }, DESCRIBE)).toEqual({ answer: answer(), tries });
    expect(readNoted({ answer: answer({ content: "" }), tries }, DESCRIBE)).toBeUndefined();
    expect(readNoted({ answer: answer() }, DESCRIBE)).toBeUndefined();
  });
});

describe("asking again", () => {
  const first = firstAsking("no-think");

  test.each<[Flaw, Partial<typeof first>]>([
    ["cut-short", { maxTokens: 1_400 }],
    ["empty", { variant: "shape" }],
    ["thinking", { variant: "shape" }],
    ["not-json", { variant: "in-words" }],
    ["wrong-shape", { variant: "in-words" }],
    ["repeating", { seed: 2, temperature: 0.2 }],
    ["too-long", { seed: 2, temperature: 0.2 }],
  ])("after %s is another question", (flaw, other) => {
    expect(askAgain(first, [flaw])).toEqual({ ...first, ...other });
  });

  test("never asks the very same question: at temperature 0 it would have the same answer", () => {
    const inWords = firstAsking("in-words");
    expect(askAgain(inWords, ["not-json"])).toEqual({ ...inWords, seed: 2, temperature: 0.2 });
  });

  test.each<[string, readonly Flaw[]]>([
    ["the same flaw twice", ["empty", "empty"]],
    ["a flaw that came back", ["empty", "not-json", "empty"]],
    ["three tries", ["empty", "not-json", "repeating"]],
    ["a server that stalls", ["stalled"]],
  ])("ends after %s", (_, flaws) => {
    expect(askAgain(first, flaws)).toBeUndefined();
  });
});

describe("how sure a model is", () => {
  test("is told by the words of its caption: not by those of other fields, nor by small ones", () => {
    const tokens = [
      ['{"visible":["', -9],
      ["gull", -9],
      ['"],"caption":"', -9],
      ["A", -9],
      [" gull", -1],
      [" flies", -3],
      ['","alt":"', -9],
      ["bird", -9],
      ['"}', -9],
    ].map(([token, logprob]) => ({ token: String(token), logprob: Number(logprob) }));
    const content = tokens.map(({ token }) => token).join("");
    expect(certainty(answer({ content, tokens }))).toEqual({ mean: -2, p10: -3 });
  });

  test("is not known where the server does not say, or there is no caption", () => {
    expect(certainty(answer())).toBeNull();
    expect(certainty(answer({ content: "gull", tokens: [{ token: "gull", logprob: -1 }] }))).toBeNull();
  });
});

describe("a test card", () => {
  const cards = Array.from({ length: 12 }, (_, turn) => testCard(turn));
  const naming = (...colours: string[]): Reply => ({ ...REPLY, caption: `Shapes: ${colours.join(", ")}.` });

  test("is never followed by one of the same two colours", () => {
    const pairs = cards.map(({ circle, square }) => [circle, square].sort().join(" "));
    expect(new Set(pairs).size).toBe(6);
    expect(pairs.filter((pair, i) => pair === pairs[i + 1])).toEqual([]);
  });

  test("is seen by who names its two colours and no other", () => {
    for (const card of cards) {
      expect(seesCard(card, naming(card.circle, card.square))).toBe(true);
      expect(seesCard(card, naming(card.circle))).toBe(false);
      expect(seesCard(card, naming("red", "blue", "green", "yellow"))).toBe(false);
    }
  });

  test("is seen by nobody who always says the same", () => {
    const constant = naming("red", "blue");
    expect(cards.slice(0, 2).filter((card) => seesCard(card, constant))).toHaveLength(1);
  });

  test("has words, not parts of words: something coloured is not red", () => {
    expect(seesCard({ circle: "red", square: "blue" }, naming("coloured", "blue"))).toBe(false);
  });
});
