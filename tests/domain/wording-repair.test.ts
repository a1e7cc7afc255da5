import { describe, expect, test } from "vitest";
import { LIMITS, type Means, type Rewrite, repair } from "../../src/domain/wording-repair.ts";
import { type Known, NOTHING_KNOWN, type Words } from "../../src/domain/wording-rule.ts";
import { randomFrom } from "../../src/imaging/brushes.ts";
import { english } from "../../src/language/english.ts";

const lexicon = english();
const GOOD: Words = {
  caption: "Grey heron wading through shallow water at dawn.",
  altText: "A tall grey bird stands in a pond between reeds.",
  keywords: ["grey heron", "water", "dawn", "reed", "pond", "bird", "wading", "morning"],
};
const TEMPLATE: Words = {
  caption: "Grey heron in Amsterdam.",
  altText: "Grey heron.",
  keywords: ["grey heron", "amsterdam"],
};
const KNOWN: Known = { ...NOTHING_KNOWN, subject: "Grey Heron", location: "Amsterdam, Netherlands" };

const means = (rewrite?: Rewrite): Means => ({
  rewrite,
  beside: () => [],
  template: TEMPLATE,
  elapsed: () => 0,
});
const mend = async (words: Partial<Words>, using = means()) => repair({ ...GOOD, ...words }, KNOWN, lexicon, using);

describe("a repair", () => {
  test("leaves good words alone, but for the place that was missing", async () => {
    const { outcome, words, attempts } = await mend({ caption: "Grey heron wading through a canal in Amsterdam." });
    expect(outcome).toBe("passed");
    expect(attempts).toEqual([]);
    expect(words.altText).toBe(GOOD.altText);
  });

  test("mends by rule what a rule can mend, and keeps each attempt with before and after", async () => {
    const { outcome, words, attempts } = await mend({
      caption: "This image shows a grey heron wading through shallow water in Amsterdam",
    });
    expect(outcome).toBe("repaired");
    expect(words.caption).toBe("A grey heron wading through shallow water in Amsterdam.");
    expect(attempts.filter(({ accepted }) => accepted).map(({ by }) => by)).toEqual(["rule", "rule"]);
  });

  test("asks a model only for the field that has a flaw, with the gravest wishes, and takes only what is better", async () => {
    const asked: { field: string; wishes: readonly string[]; seed: number }[] = [];
    const { outcome, words, attempts } = await mend(
      { caption: "Grey heron below the Golden Gate Bridge." },
      means(async (_, field, wishes, seed) => {
        asked.push({ field, wishes, seed });
        return asked.length === 1
          ? "Grey heron below the Brooklyn Bridge in the early morning light of Amsterdam."
          : "Grey heron below a red bridge in the early morning light of Amsterdam.";
      }),
    );
    expect(asked.map(({ field }) => field)).toEqual(["caption", "caption"]);
    expect(asked[0]?.wishes[0]).toContain("place");
    expect(words.caption).toBe("Grey heron below a red bridge in the early morning light of Amsterdam.");
    expect(outcome).toBe("repaired");
    expect(attempts.filter(({ by }) => by === "model").map(({ accepted, seed }) => [accepted, seed])).toEqual([
      [expect.any(Boolean), 1],
      [true, 2],
    ]);
  });

  test("stops when a model says the same again, and falls back on context", async () => {
    let asked = 0;
    const { words, outcome } = await mend(
      { caption: "Grey heron in Utrecht." },
      means(async () => {
        asked += 1;
        return "Grey heron in Rotterdam.";
      }),
    );
    expect(asked).toBe(2);
    expect(words.caption).toBe(TEMPLATE.caption);
    expect(outcome).toBe("partially-repaired");
  });

  test("takes the template's words though another photo has them: they come from the same context", async () => {
    const { words, outcome } = await mend(
      { caption: "Grey heron in Utrecht." },
      {
        ...means(),
        beside: ({ caption }) =>
          caption === TEMPLATE.caption
            ? [{ rule: "BATCH-DUP-CAP", severity: "error", field: "caption", why: "the same", like: 7 }]
            : [],
      },
    );
    expect(words.caption).toBe(TEMPLATE.caption);
    expect(outcome).toBe("partially-repaired");
  });

  test("is blocked where nothing helps, and never passes an error", async () => {
    const { outcome, flaws } = await repair(
      { ...GOOD, caption: "" },
      { ...KNOWN, subject: null, location: null },
      lexicon,
      { ...means(), template: { ...TEMPLATE, caption: "" } },
    );
    expect(outcome).toBe("blocked");
    expect(flaws).toContainEqual(expect.objectContaining({ rule: "CAP-EMPTY", severity: "error" }));
  });

  test("is over in bounded time: at most three questions, and none after 90 s", async () => {
    let asked = 0;
    const bad = async (): Promise<string> => {
      asked += 1;
      return `I'm sorry, I cannot identify ${asked}.`;
    };
    await mend({ caption: "I am sorry.", altText: "I am unable to say.", keywords: ["grey heron"] }, means(bad));
    expect(asked).toBeLessThanOrEqual(LIMITS.rewritesAPhoto);
    asked = 0;
    let now = 0;
    await mend(
      { caption: "I am sorry." },
      {
        ...means(bad),
        elapsed: () => {
          now += LIMITS.ms;
          return now;
        },
      },
    );
    expect(asked).toBe(0);
  });

  test("of whatever words ends no worse than it began, tells each refused try once, and never touches a person's field", async () => {
    const pieces =
      `Grey heron|this image shows a|in Utrecht|stunning|www.example.com|<think>|🐦|the the|grey|of the|appears to be|
      Golden Gate Bridge|IMG_1.JPG|**|sorry, I cannot identify|his wife|ISO 400|`.split("|");
    const random = randomFrom(7);
    const some = (most: number): string =>
      Array.from({ length: Math.ceil(random() * most) }, () => pieces[Math.floor(random() * pieces.length)]).join(" ");
    for (let i = 0; i < 300; i += 1) {
      const words: Words = { caption: some(6), altText: some(5), keywords: Array.from({ length: 5 }, () => some(2)) };
      const isKept = i % 3 === 0;
      const known: Known = isKept ? { ...KNOWN, authors: { ...KNOWN.authors, caption: "person" } } : KNOWN;
      const {
        found: before,
        flaws,
        words: after,
        attempts,
      } = await repair(
        words,
        known,
        lexicon,
        means(async (_, field) => (field === "keywords" ? [some(2), some(2)] : some(6))),
      );
      const errors = (all: typeof flaws): number => all.filter(({ severity }) => severity === "error").length;
      expect(errors(flaws)).toBeLessThanOrEqual(errors(before));
      if (isKept) expect(after.caption).toBe(words.caption);
      const refused = attempts
        .filter(({ accepted }) => !accepted)
        .map(({ by, field, before: was, after: is }) => [by, field, was, is].join("\n"));
      expect(new Set(refused).size, refused.join("\n\n")).toBe(refused.length);
    }
  });
});
