import { expect, test } from "vitest";
import { wordDiff } from "../../src/domain/word-diff.ts";

const said = (before: string, after: string): string =>
  wordDiff(before, after)
    .map(({ kind, text }) => (kind === "same" ? text : kind === "gone" ? `[-${text}]` : `[+${text}]`))
    .join("");

test.each([
  ["A bird on a reed.", "A kingfisher on a reed.", "A [-bird ][+kingfisher ]on a reed."],
  ["A bird on a reed.", "A bird.", "A bird[- on a reed]."],
  ["gull, beach", "gull, tern, beach", "gull, [+tern, ]beach"],
  ["", "A gull", "[+A gull]"],
  ["A gull", "", "[-A gull]"],
  ["Zwölf Möwen", "Zwölf Enten", "Zwölf [-Möwen][+Enten]"],
])("from “%s” to “%s” only the words that differ are told apart", (before, after, wanted) => {
  expect(said(before, after)).toBe(wanted);
});

test("two texts that are the same differ in nothing", () => {
  expect(wordDiff("A gull at sea", "A gull at sea")).toEqual([{ kind: "same", text: "A gull at sea" }]);
});

test("what is left and what has come is the second text, letter by letter", () => {
  const words = ["gull", "tern", "sea,", "a", "the", "sand."];
  let seed = 7;
  const next = (most: number): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % most;
  };
  for (let i = 0; i < 200; i += 1) {
    const [before, after] = [0, 1].map(() => Array.from({ length: next(9) }, () => words[next(6)]).join(" "));
    const stretches = wordDiff(before ?? "", after ?? "");
    const read = (without: string): string =>
      stretches
        .filter(({ kind }) => kind !== without)
        .map(({ text }) => text)
        .join("");
    expect(read("gone")).toBe(after);
    expect(read("come").replaceAll(/\s+/g, "")).toBe(before?.replaceAll(/\s+/g, ""));
  }
});
