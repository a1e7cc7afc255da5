import { describe, expect, test } from "vitest";
import { attentionOf, attentionRank, attentionWord, type Trusted } from "../../src/domain/attention.ts";

const SURE: NonNullable<Trusted["evidence"]> = { logprob: { mean: -0.2, p10: -1 }, uncertain: [] };
const BY_MODEL = { caption: "model", altText: "model", keywords: "model" } as const;
const of = (trusted: Partial<Trusted>) => attentionOf({ flaws: [], authors: BY_MODEL, evidence: SURE, ...trusted });
const flaws = (...found: readonly (readonly ["error" | "warning" | "info", string])[]): Trusted["flaws"] =>
  found.map(([severity, rule]) => ({ severity, rule }));
const warnings = (n: number): Trusted["flaws"] =>
  Array.from({ length: n }, (_, i) => ({ severity: "warning", rule: `W-${i}` }));

describe("what speaks against a model's words takes points off", () => {
  test.each<readonly [string, number, Partial<Trusted>]>([
    ["nothing", 100, {}],
    ["what is only told", 100, { flaws: flaws(["info", "CAP-PUNCT"]) }],
    ["an error", 60, { flaws: flaws(["error", "GEO-CAPTION"]) }],
    ["two errors and a warning", 12, { flaws: flaws(["error", "A"], ["error", "B"], ["warning", "C"]) }],
    ["three errors", -20, { flaws: flaws(["error", "A"], ["error", "B"], ["error", "C"]) }],
    ["four warnings", 68, { flaws: warnings(4) }],
    ["nine warnings, as four", 68, { flaws: warnings(9) }],
    ["another subject than the person's", 77, { flaws: flaws(["warning", "SUBJ-CONFLICT"]) }],
    ["words that were guesses", 90, { evidence: { ...SURE, logprob: { mean: -1, p10: -2.51 } } }],
    ["none that were", 100, { evidence: { ...SURE, logprob: { mean: -1, p10: -2.5 } } }],
    ["a server that does not say how sure", 100, { evidence: { ...SURE, logprob: null } }],
    ["things nobody saw", 82, { flaws: flaws(["warning", "CAP-UNSUPPORTED"]) }],
    ["two things it is not sure of", 95, { evidence: { ...SURE, uncertain: ["a buoy", "the tide"] } }],
    ["one thing", 100, { evidence: { ...SURE, uncertain: ["a buoy"] } }],
  ])("%s: %i", (_, points, trusted) => {
    expect(of(trusted)?.points).toBe(points);
  });

  test("each is said in words", () => {
    const attention = of({
      flaws: flaws(["error", "GEO-CAPTION"], ["warning", "SUBJ-CONFLICT"], ["warning", "CAP-UNSUPPORTED"]),
      evidence: { logprob: { mean: -2, p10: -3 }, uncertain: ["a", "b", "c"] },
    });
    expect(attention?.why).toEqual([
      "1 error",
      "2 warnings",
      "the model saw another subject",
      "the model guessed at some words",
      "it names what it did not list as seen",
      "the model is not sure of 3 things",
    ]);
    expect(of({})?.why).toEqual([]);
  });
});

describe("only a model's words are measured", () => {
  test("a template's are not", () => {
    expect(of({ evidence: null })).toBeNull();
    expect(of({ authors: { caption: "template", altText: "template", keywords: "person" } })).toBeNull();
  });
  test("nor are a person's, and how sure the model was of a caption that is gone does not count", () => {
    expect(of({ authors: { caption: "person", altText: "person", keywords: "person" } })).toBeNull();
    const unsure = { logprob: { mean: -2, p10: -4 }, uncertain: ["a", "b"] };
    expect(of({ evidence: unsure })?.points).toBe(85);
    expect(of({ evidence: unsure, authors: { ...BY_MODEL, caption: "person" } })?.points).toBe(100);
  });
});

test.each([
  [39, "look here first"],
  [40, "look closely"],
  [69, "look closely"],
  [70, null],
  [100, null],
] as const)("%i points are said as: %s", (points, word) => {
  expect(attentionWord({ points, why: [] })).toBe(word);
});
test("of what is not measured nothing is said", () => {
  expect(attentionWord(null)).toBeNull();
});

test("stopped photos come first, then the doubtful, then those nobody has looked at, then the rest", () => {
  const points = (n: number) => ({ points: n, why: [] });
  const photos = [
    ["good", false, points(100)],
    ["template", false, null],
    ["weak", false, points(60)],
    ["stopped template", true, null],
    ["nearly good", false, points(95)],
    ["very weak", false, points(-20)],
  ] as const;
  const ordered = photos.toSorted((a, b) => attentionRank(a[1], a[2]) - attentionRank(b[1], b[2]));
  expect(ordered.map(([name]) => name)).toEqual([
    "stopped template",
    "very weak",
    "weak",
    "nearly good",
    "template",
    "good",
  ]);
});
