import { describe, expect, test } from "vitest";
import { flawsOf, RULES } from "../../src/domain/wording.ts";
import { type Example, type Known, NOTHING_KNOWN, type Words } from "../../src/domain/wording-rule.ts";
import { ENGLISH_HOUSE, type Lexicon } from "../../src/domain/wording-text.ts";
import { english } from "../../src/language/english.ts";

const lexicon = english();
const WORDS: Words = {
  caption: "Grey heron wading through shallow water at dawn.",
  altText: "A tall grey bird stands in a pond between reeds.",
  keywords: ["grey heron", "heron", "water", "dawn", "reed", "pond", "bird", "wading"],
};
const full = (example: Example): { words: Words; known: Known; lexicon: Lexicon } => ({
  words: { ...WORDS, ...example.words },
  known: { ...NOTHING_KNOWN, ...example.known },
  lexicon: example.house === undefined ? lexicon : { ...lexicon, house: { ...ENGLISH_HOUSE, ...example.house } },
});
const idsIn = (example: Example): string[] => {
  const { words, known, lexicon } = full(example);
  return flawsOf(words, known, lexicon).map(({ rule }) => rule);
};

describe.each(RULES.map((rule) => [rule.id, rule] as const))("%s", (id, rule) => {
  test("finds nothing in what passes", () => {
    expect(idsIn(rule.passes)).not.toContain(id);
  });
  test("finds what fails, and says so with the words", () => {
    const [finding] = rule.test(full(rule.fails));
    expect(finding?.why).toMatch(/\S/);
  });
});

/** Too few words cannot be made more of them by themselves. */
const NEEDS_A_WRITER = new Set(["KW-NONE", "KW-COUNT"]);

test.each(
  RULES.filter(({ id, tidy }) => tidy !== undefined && !NEEDS_A_WRITER.has(id)).map((rule) => [rule.id, rule] as const),
)("%s is mended without asking anybody", (_, rule) => {
  const checked = full(rule.fails);
  const tidied = { ...checked.words, ...rule.tidy?.(checked) };
  expect(rule.test({ ...checked, words: tidied })).toEqual([]);
});

test("good words have no flaw at all, and every rule an id of its own", () => {
  expect(idsIn({ known: { subject: "Grey Heron", year: 2026 } })).toEqual(["KW-OVERLAP"]);
  expect(new Set(RULES.map(({ id }) => id)).size).toBe(RULES.length);
});
