import { describe, expect, test } from "vitest";
import type { Suggestion } from "../../src/domain/facts.ts";
import { subjectFlaws } from "../../src/domain/subject-rules.ts";

const SUGGESTION: Suggestion = {
  generic: "Heron",
  specific: "Grey heron",
  share: 0.75,
  category: "bird",
  people: "0",
  visibleText: [],
  setting: "water",
  frames: [1, 2, 3, 4],
  model: "m",
};
const seen = (over: Partial<Suggestion> | null = {}, conflict = false) => ({
  suggestion: over === null ? null : { ...SUGGESTION, ...over },
  conflict,
});
const rules = (subject: string | undefined, found?: ReturnType<typeof seen>, kind?: string) =>
  subjectFlaws({ subject, kind }, found, ["wildlife"]).map(({ rule, severity }) => `${rule} ${severity}`);

describe("the subject of a set", () => {
  test.each(["Grey heron", "Boeing 737-800", "Łódź tram", "2 Gulls"])("may be %j", (subject) => {
    expect(rules(subject, seen())).toEqual([]);
  });

  test.each([undefined, "OLYMPUS DIGITAL CAMERA", "2026 10", "x".repeat(61)])("is not well said with %j", (subject) => {
    expect(rules(subject)).toEqual(["SUBJ-FORM error"]);
  });

  test("in other letters is pointed out, because no file name can hold it", () => {
    expect(rules("桜")).toEqual(["SUBJ-FORM warning"]);
    expect(rules("Åé")).toEqual([]);
  });

  test("is too general where an exact name is offered, and only then", () => {
    expect(rules("Birds", seen())).toEqual(["SUBJ-GENERIC warning"]);
    expect(rules("Birds", seen({ specific: null }))).toEqual([]);
    expect(rules("Birds", seen(null))).toEqual([]);
  });

  test("is doubted where a model saw something else", () => {
    const [flaw] = subjectFlaws({ subject: "Gulls" }, seen({}, true), []);
    expect(flaw).toMatchObject({ rule: "SUBJ-CONFLICT", severity: "warning" });
  });

  test("of a kind nobody knows is told, with those there are", () => {
    const [flaw] = subjectFlaws({ subject: "Gulls", kind: "wildlive" }, undefined, ["wildlife", "macro"]);
    expect(flaw).toMatchObject({ rule: "KIND-UNKNOWN" });
    expect(flaw?.why).toContain("wildlife, macro");
    expect(rules("Gulls", undefined, "wildlife")).toEqual([]);
  });
});
