import { describe, expect, test } from "vitest";
import { flawsOf, ignoreFlaw, RULES, rulesVersion } from "../../src/domain/wording.ts";
import { ENGLISH_ONLY, NEVER_IGNORED } from "../../src/domain/wording-house.ts";
import { type Known, NOTHING_KNOWN, type Words } from "../../src/domain/wording-rule.ts";
import { chorusOf } from "../../src/domain/wording-set.ts";
import { ENGLISH_HOUSE, type HouseWording, type Lexicon } from "../../src/domain/wording-text.ts";
import { english } from "../../src/language/english.ts";

const plain = english();
const houseWith = (some: Partial<HouseWording>): Lexicon => ({ ...plain, house: { ...ENGLISH_HOUSE, ...some } });
const WORDS: Words = {
  caption: "There is a grey heron wading through water on the Veluwe.",
  altText: "A tall grey bird stands in a pond between reeds.",
  keywords: ["grey heron", "heron", "water", "dawn", "reed", "pond", "bird", "wading"],
};
const idsIn = (house: Partial<HouseWording>, words: Partial<Words> = {}, known: Partial<Known> = {}): string[] =>
  flawsOf({ ...WORDS, ...words }, { ...NOTHING_KNOWN, ...known }, houseWith(house)).map(({ rule }) => rule);

describe("the house", () => {
  test("allows a name everywhere, and nothing else by that", () => {
    expect(idsIn({})).toContain("GEO-CAPTION");
    expect(idsIn({ allowed: ["Veluwe"] })).not.toContain("GEO-CAPTION");
    expect(idsIn({ allowed: ["Veluwe"] }, { altText: "A tall bird stands in the Rijksmuseum." })).toContain("GEO-ALT");
  });

  test("bans whole words in any case, in every field; of a person's own words that is a warning", () => {
    const banned = ["Pond", "small  bird"];
    expect(idsIn({ banned }).filter((id) => id === "OWN-BANNED")).toHaveLength(2);
    expect(idsIn({ banned: ["pon", "reed heron"] })).not.toContain("OWN-BANNED");
    expect(idsIn({ banned }, { caption: "A small\u00a0bird." })).toContain("OWN-BANNED");
    const [flaw] = flawsOf(
      { ...WORDS, altText: "", keywords: [] },
      { ...NOTHING_KNOWN, authors: { caption: "person", altText: "person", keywords: "person" } },
      houseWith({ banned: ["heron"] }),
    ).filter(({ rule }) => rule === "OWN-BANNED");
    expect(flaw).toMatchObject({ severity: "warning", field: "caption", why: "“heron”" });
  });

  test("switches a rule off, of a photo or of a set", () => {
    expect(idsIn({})).toContain("CAP-THERE-IS");
    expect(idsIn({ ignore: ["CAP-THERE-IS"] })).not.toContain("CAP-THERE-IS");
    const twice = (house: Partial<HouseWording>): number => {
      const chorus = chorusOf(houseWith(house));
      chorus.add({ photo: 1, words: WORDS, alike: new Set() });
      return chorus.flaws({ photo: 2, words: WORDS, alike: new Set() }).length;
    };
    expect(twice({})).toBe(3);
    expect(twice({ ignore: ["BATCH-DUP-CAP"] })).toBe(2);
  });

  test("cannot switch off what keeps invented names out, nor what is no rule", () => {
    expect(ignoreFlaw("CAP-THERE-IS")).toBeUndefined();
    expect(ignoreFlaw("BATCH-DUP-KW")).toBeUndefined();
    expect(ignoreFlaw("GEO-CAPTION")).toMatch(/wording\.allowed/);
    expect(ignoreFlaw("CAP-THERE-WAS")).toMatch(/no rule "CAP-THERE-WAS"/);
  });

  test("of another language is not held to English words", () => {
    const german = { caption: "Der Graureiher steht im flachen Wasser und wartet auf einen Fisch." };
    const errors = (language: string): string[] =>
      flawsOf({ ...WORDS, ...german }, NOTHING_KNOWN, houseWith({ language }))
        .filter(({ severity }) => severity === "error")
        .map(({ rule }) => rule);
    expect(errors("en")).toContain("GEN-LANG");
    expect(errors("de")).toEqual([]);
    expect(idsIn({ language: "de" }, { keywords: ["france"] })).toContain("GEO-KEYWORD");
  });

  test("says nothing of stock agencies that it has not named", () => {
    const long = { caption: "Grey heron wading through shallow water between reeds at dawn, looking for fish." };
    expect(idsIn({}, long).filter((id) => id.startsWith("STOCK-"))).toEqual([]);
    expect(idsIn({ stock: "adobe-stock" }, long)).toContain("STOCK-TITLE");
    expect(idsIn({ stock: "alamy" }, long)).not.toContain("STOCK-TITLE");
  });

  test("has a version of its own, so that what others have proved is checked again", () => {
    expect(rulesVersion(plain)).toBe(rulesVersion(houseWith({})));
    const versions = [
      {},
      { banned: ["a b"] },
      { allowed: ["a b"] },
      { ignore: ["CAP-CASE"] },
      { stock: "alamy" as const },
    ];
    expect(new Set(versions.map((one) => rulesVersion(houseWith(one)))).size).toBe(versions.length);
  });
});

test("only rules are named", () => {
  const ids = new Set(RULES.map(({ id }) => id));
  expect([...ENGLISH_ONLY, ...NEVER_IGNORED].filter((id) => !ids.has(id))).toEqual([]);
});

test("what a stock agency asks for never blocks", () => {
  const lints = RULES.filter(({ id }) => id.startsWith("STOCK-"));
  expect(lints.map(({ severity }) => severity)).toEqual(lints.map(() => "info"));
});
