import { describe, expect, test } from "vitest";
import { effortOf, spreadOf, type Wording } from "../../src/domain/effort.ts";
import { english } from "../../src/language/english.ts";

const lexicon = english();
const proposed: Wording = {
  caption: "A grey heron wades.",
  altText: "A tall bird in water.",
  keywords: ["heron", "bird", "water", "reed"],
  name: "Heron_001.JPG",
  subject: "Heron",
};
const effort = (change: Partial<Wording>) => effortOf(proposed, { ...proposed, ...change }, lexicon);

describe("the effort of a correction", () => {
  test("is nothing where nothing was changed", () => {
    expect(effort({})).toEqual({
      caption: { letters: 0, words: 0 },
      altText: { letters: 0, words: 0 },
      keywords: 0,
      other: 0,
      total: 0,
    });
  });

  test("of a caption is the share of letters that changed, and the words over those there are now", () => {
    // five letters of nineteen
    expect(effort({ caption: "A grey stork wades." }).caption).toEqual({ letters: 0.2632, words: 0.25 });
    expect(effort({ caption: "A grey heron wades." }).caption.words).toBe(0);
    expect(effort({ caption: "Wades." }).caption.words).toBe(4);
    expect(effort({ caption: "" }).caption).toEqual({ letters: 1, words: 4 });
  });

  test.each([
    ["one put in", ["heron", "bird", "water", "reed", "marsh"], 1 / 5],
    ["one taken out", ["heron", "bird", "water"], 1 / 4],
    ["one exchanged", ["heron", "bird", "water", "marsh"], 2 / 5],
    ["all taken out", [], 1],
    ["all exchanged, which is no more than all", ["a", "b", "c", "d"], 1],
    ["two neighbours turned round", ["bird", "heron", "water", "reed"], 0.1 / 6],
    ["the whole order turned round", ["reed", "water", "bird", "heron"], 0.1],
  ])("of keywords: %s", (_, keywords, expected) => {
    expect(effort({ keywords }).keywords).toBeCloseTo(expected, 4);
  });

  test("of an order that is other only after the tenth is nothing", () => {
    const many = Array.from({ length: 12 }, (_, i) => `k${i}`);
    const turned = [...many.slice(0, 10), "k11", "k10"];
    expect(effortOf({ ...proposed, keywords: many }, { ...proposed, keywords: turned }, lexicon).keywords).toBe(0);
  });

  test.each([
    [{ caption: "" }, 0.4],
    [{ altText: "" }, 0.25],
    [{ keywords: [] }, 0.25],
    [{ name: "Stork_001.JPG" }, 0.1],
    [{ subject: "Stork" }, 0.1],
    [{ name: "Stork_001.JPG", subject: "Stork" }, 0.1],
    [{ caption: "", altText: "", keywords: [], name: "x", subject: "" }, 1],
  ])("of %j together weighs %d", (change, total) => {
    expect(effort(change).total).toBe(total);
  });

  test("stays within 0 and 1 whatever is written", () => {
    const texts = ["", "a", "A grey heron wades.", "x ".repeat(150), "ä🙂 é"];
    for (const caption of texts)
      for (const altText of texts)
        for (const keywords of [[], ["heron"], texts]) {
          const { total } = effort({ caption, altText, keywords });
          expect(total).toBeGreaterThanOrEqual(0);
          expect(total).toBeLessThanOrEqual(1);
        }
  });
});

describe("the efforts of a set", () => {
  test("of nothing are not there", () => expect(spreadOf([])).toBeNull());

  test("are spread: accepted, light up to .15, heavy, and steps that make up all of them", () => {
    const spread = spreadOf([0.6, 0, 0, 0.15, 0.05, 0.16, 0, 0.3, 1, 0.02]);
    expect(spread).toMatchObject({ photos: 10, accepted: 3, light: 3, heavy: 4, median: 0.05, p90: 0.6, most: 1 });
    expect(spread?.mean).toBe(0.228);
    expect(spread?.steps.map(({ photos }) => photos)).toEqual([3, 2, 1, 2, 0, 2]);
    expect(spread?.steps.at(-1)?.upTo).toBe(1);
  });
});
