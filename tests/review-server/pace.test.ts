import { describe, expect, test } from "vitest";
import { figuresOf, noCounts, paceText, withDecisions } from "../../src/review-server/client/pace.ts";

describe("the figures of a sitting", () => {
  test("count photos and not decisions: a screen of twenty in ten seconds is half a second each", () => {
    const counts = withDecisions(withDecisions(noCounts("s"), 20, 18, 10_000), 1, 0, 4_000);
    expect(figuresOf(counts)).toMatchObject({ decided: 21, accepted: 18, activeMs: 14_000, medianMs: 500, p90Ms: 500 });
  });

  test("have a median and the time that one in ten exceeds", () => {
    let counts = noCounts("s");
    for (let i = 1; i <= 10; i += 1) counts = withDecisions(counts, 1, 0, i * 1_000);
    expect(figuresOf(counts)).toMatchObject({ medianMs: 5_000, p90Ms: 9_000 });
  });

  test("are nothing before the first decision", () => {
    expect(figuresOf(noCounts("s"))).toMatchObject({ decided: 0, medianMs: 0, p90Ms: 0 });
    expect(withDecisions(noCounts("s"), 0, 0, 100)).toEqual(noCounts("s"));
  });
});

test("the pace is said once it means something", () => {
  const few = withDecisions(noCounts("s"), 4, 0, 8_000);
  expect(paceText(few)).toBe("");
  expect(paceText(withDecisions(few, 1, 0, 4_000))).toBe("25 img/min · 2.0 s each");
});
