import { describe, expect, test } from "vitest";
import { distinct, folded, likeness, NEAR, nearSpellings, newWords } from "../../src/domain/spelling.ts";

describe("how alike two spellings are", () => {
  // Figures of the sequence matcher the original uses (Python's difflib).
  test.each([
    ["texell", "texel", 10 / 11],
    ["amsterdam", "amstredam", 16 / 18],
    ["abcd", "bcde", 0.75],
    ["gouda", "breda", 0.4],
    ["nature", "nature", 1],
    ["", "", 1],
    ["", "x", 0],
    ["private thread currentthread", "private volatile thread currentthread", 56 / 65],
    ["🦩🦩a", "🦩🦩b", 4 / 6],
  ])("%j and %j", (a, b, figure) => {
    expect(likeness(a, b)).toBeCloseTo(figure, 10);
  });
});

describe("a spelling is folded", () => {
  test.each([
    ["Amsterdam, Netherlands", "Amsterdam_Netherlands"],
    ["Zürich", "zurich"],
    ["  Den   Haag ", "den haag"],
    ["'s-Hertogenbosch", "s Hertogenbosch"],
  ])("%j means %j", (a, b) => {
    expect(folded(a)).toBe(folded(b));
  });
  test("and keeps letters of every script", () => {
    expect(folded("東京")).toBe("東京");
    expect(folded("東京")).not.toBe(folded("大阪"));
  });
});

describe("spellings near a text", () => {
  test("are offered from 0.88 on, the nearest first, at most three", () => {
    expect(NEAR).toBe(0.88);
    expect(nearSpellings("Texell", ["Vlieland", "Tessel", "Texel"])).toEqual(["Texel"]);
    const many = ["Amsterdam", "Amsterdamse", "Amsterdaams", "Amstelveen", "Amsterdamm", "Amsterdaamo"];
    expect(nearSpellings("Amsterdaam", many)).toEqual(["Amsterdaams", "Amsterdaamo", "Amsterdam"]);
  });

  test("just below it are not", () => {
    // 2 * 7 / 16 = 0.875; 2 * 8 / 18 = 0.889
    expect(nearSpellings("abcdefgh", ["abcdefgx"])).toEqual([]);
    expect(nearSpellings("abcdefghi", ["abcdefghx"])).toEqual(["abcdefghx"]);
  });

  test("are none for an empty text, and do not mind case and accents", () => {
    expect(nearSpellings("", ["Texel"])).toEqual([]);
    expect(nearSpellings("ZURICHH", ["Zürich"])).toEqual(["Zürich"]);
  });

  test("of ten thousand known ones are found without comparing each letter by letter", () => {
    const known = Array.from({ length: 10_000 }, (_, i) => "x".repeat(20 + (i % 90)));
    expect(nearSpellings("Texell", [...known, "Texel"])).toEqual(["Texel"]);
  });
});

describe("what is new in a set", () => {
  const known = [
    { locations: ["Texel"], categories: [] },
    { locations: ["Gouda_Netherlands"], categories: ["nature"] },
  ];

  test("is a place and a category nobody used before, with spellings near them", () => {
    expect(newWords({ location: "Texell", folder: "natur" }, known)).toEqual([
      { field: "location", value: "Texell", near: ["Texel"] },
      { field: "category", value: "natur", near: ["nature"] },
    ]);
    expect(newWords({ location: "Vlieland", folder: "nature" }, known)).toEqual([
      { field: "location", value: "Vlieland", near: [] },
    ]);
  });

  test("is nothing that is known by another way of writing it, or not said at all", () => {
    expect(newWords({ location: "gouda, netherlands", folder: "Nature" }, known)).toEqual([]);
    expect(newWords({ folder: "nature" }, known)).toEqual([]);
  });

  test("is nothing as long as nothing is known", () => {
    expect(newWords({ location: "Texell", folder: "x" }, [])).toEqual([]);
    expect(newWords({ location: "Texell", folder: "x" }, [{ locations: [], categories: ["nature"] }])).toEqual([
      { field: "category", value: "x", near: [] },
    ]);
  });
});

test("spellings that mean the same count once, as they were first written", () => {
  expect(distinct(["Texel", "Gouda, Netherlands", "Breda", "texel", "Gouda_Netherlands"])).toEqual([
    "Texel",
    "Gouda, Netherlands",
    "Breda",
  ]);
});
