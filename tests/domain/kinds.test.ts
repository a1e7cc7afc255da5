import { describe, expect, test } from "vitest";
import { aliasesOf, kindOf, kindsWith, STOCK_KINDS } from "../../src/domain/kinds.ts";
import { flawsOf, MAY_BE_SET_ASIDE } from "../../src/domain/wording.ts";
import { NOTHING_KNOWN } from "../../src/domain/wording-rule.ts";
import { english } from "../../src/language/english.ts";

const lexicon = english();

describe.each(STOCK_KINDS.map((kind) => [kind.name, kind] as const))("the kind %s", (_, kind) => {
  const { example } = kind;
  const rulesIn = (caption: string): string[] =>
    flawsOf(
      { caption, altText: "", keywords: [] },
      {
        ...NOTHING_KNOWN,
        subject: example.subject,
        aliases: aliasesOf(example.subject, kind, lexicon),
        unsaid: kind.unsaid,
        setAside: kind.setAside,
      },
      lexicon,
    )
      .filter(({ field }) => field === "caption")
      .map(({ rule }) => rule);

  test("lets a subject be called by a general word", () => {
    expect(rulesIn(example.passes)).toEqual([]);
    expect(aliasesOf(example.subject, kind, lexicon)).not.toEqual([]);
  });

  test("finds a word that has no business in it", () => {
    expect(rulesIn(example.fails)).toContain("KIND-WORD");
  });

  test("sets aside only rules there are, and none that keeps a photo from being approved", () => {
    expect(kind.setAside.filter((rule) => !MAY_BE_SET_ASIDE.includes(rule))).toEqual([]);
  });
});

describe("kinds", () => {
  test("heron, herons and Grey Heron are birds and animals, a bird is an animal and no heron", () => {
    const wildlife = kindOf(kindsWith([]), "wildlife");
    for (const subject of ["heron", "Herons", "Grey Heron"])
      expect(aliasesOf(subject, wildlife, lexicon)).toEqual(["bird", "animal"]);
    expect(aliasesOf("bird", wildlife, lexicon)).toEqual(["animal"]);
    expect(aliasesOf("Heron and other birds", wildlife, lexicon)).toEqual(["animal"]);
  });

  test("without one, nothing has another name", () => {
    expect(aliasesOf("heron", undefined, lexicon)).toEqual([]);
  });

  test("an own kind takes over what it does not say from the one it is like", () => {
    const kinds = kindsWith([{ name: "garden birds", like: "wildlife", genre: "garden", unsaid: ["cat"] }]);
    const wildlife = kinds.get("wildlife");
    expect(kinds.get("garden birds")).toEqual({ ...wildlife, name: "garden birds", genre: "garden", unsaid: ["cat"] });
  });

  test("an own kind that is like none says nothing of itself", () => {
    expect(kindsWith([{ name: "rally" }]).get("rally")).toMatchObject({ genre: "rally", vocabulary: [], burst: null });
  });

  test("an own kind of a stock name is laid over it", () => {
    const kinds = kindsWith([{ name: "macro", burst: { burstSeconds: 1, burstReviewSeconds: 2 } }]);
    expect(kinds.get("macro")).toMatchObject({ genre: "macro", burst: { burstSeconds: 1, burstReviewSeconds: 2 } });
    expect(kinds.size).toBe(STOCK_KINDS.length);
  });

  test("a rule that is set aside is set aside for such sets only", () => {
    const words = { caption: "A ranger and his wife rest in the long dry grass.", altText: "", keywords: [] };
    const known = { ...NOTHING_KNOWN, subject: "Pride" };
    const rules = (setAside: string[]) => flawsOf(words, { ...known, setAside }, lexicon).map(({ rule }) => rule);
    expect(rules([])).toContain("CAP-RELATION");
    expect(rules(["CAP-RELATION"])).not.toContain("CAP-RELATION");
  });
});
