import { describe, expect, test } from "vitest";
import type { Tally } from "../../src/domain/proof-tally.ts";
import { unusualRate } from "../../src/domain/wording-rate.ts";

const NONE: Tally = { passed: 0, repaired: 0, repairedInPart: 0, cured: 0, blocked: 0, unjudged: 0 };
const tally = (some: Partial<Tally>): Tally => ({ ...NONE, ...some });

describe("BATCH-RATE", () => {
  test("tells of a set that is described far worse than the others were", () => {
    const others = [tally({ passed: 90, repaired: 5 }), tally({ passed: 100, blocked: 5, unjudged: 900 })];
    expect(unusualRate(tally({ passed: 10, repaired: 4, repairedInPart: 3, cured: 1, blocked: 2 }), others)).toBe(
      "10 of 20 photos were not right at once; in other sets it is 5 in 100",
    );
  });

  test.each<[string, Partial<Tally>, Partial<Tally>]>([
    ["that is as the others", { passed: 95, repaired: 5 }, { passed: 950, repaired: 50 }],
    ["that is better", { passed: 100 }, { passed: 500, blocked: 500 }],
    ["of too few photos", { blocked: 9 }, { passed: 1_000 }],
    ["where too few others are known", { blocked: 100 }, { passed: 49 }],
    ["that chance would make so", { passed: 8, repaired: 2 }, { passed: 55, repaired: 5 }],
    [
      "in which more than usual failed, but not twice as many",
      { passed: 100, blocked: 100 },
      { passed: 700, blocked: 300 },
    ],
    ["that no model wrote about", { unjudged: 100 }, { passed: 100 }],
  ])("says nothing of a set %s", (_, own, others) => {
    expect(unusualRate(tally(own), [tally(others)])).toBeUndefined();
  });

  test("finds the first set of a model that never failed before", () => {
    expect(unusualRate(tally({ passed: 5, blocked: 5 }), [tally({ passed: 300 })])).toContain("5 of 10");
  });
});
