import { describe, expect, test } from "vitest";
import type { Defect } from "../../src/domain/defects.ts";
import type { Measures } from "../../src/domain/facts.ts";
import { percentileAmong, SCORER, technicalBandOf, technicalOf } from "../../src/domain/technical.ts";

/** A clean photograph, by the middle of many. */
const CLEAN: Measures = {
  reblur: 0.96,
  noise: 0.6,
  anisotropy: 1.3,
  smear: 0.1,
  blockiness: 1.01,
  clipped: 0.01,
  p95: 205,
  range: 213,
  detail: 900,
  jpegQuality: 92,
};
const scored = (other: Partial<Measures>) => technicalOf({ ...CLEAN, ...other });

test("a clean photo has nothing against it", () => {
  expect(technicalOf(CLEAN)).toEqual({
    score: 100,
    scores: { sharp: 100, noise: 100, motion: 100, block: 100, high: 100, low: 100, contrast: 100 },
    defect: null,
    band: "Excellent",
    needsAttention: false,
    unreliable: [],
    scorer: SCORER,
  });
});

describe("a score", () => {
  test.each<[Defect, Partial<Measures>, number]>([
    ["sharp", { reblur: 0.2 }, 0],
    ["sharp", { reblur: 0.55 }, 25],
    ["sharp", { reblur: 0.75 }, 62.5],
    ["sharp", { reblur: 1 }, 100],
    ["noise", { noise: 1.6 }, 96],
    ["noise", { noise: 4 }, 62.5],
    ["noise", { noise: 40 }, 0],
    ["motion", { anisotropy: 5, smear: 0.8, reblur: 0.7 }, 40],
    ["motion", { anisotropy: 50, smear: 0.8, reblur: 0.7 }, 10],
    ["block", { blockiness: 2.5 }, 65],
    ["high", { clipped: 0.3 }, 52],
    ["low", { p95: 85 }, 35],
    ["low", { p95: 0 }, 0],
    ["contrast", { range: 105 }, 67.5],
  ])("of %s lies on its line: %o", (name, measured, points) => {
    expect(scored(measured).scores[name]).toBe(points);
  });

  test("of all is led by the worst of them", () => {
    // 0.65 · 50 + 0.35 · (6 · 100 + 50) / 7
    expect(scored({ noise: 5 }).score).toBe(65);
  });

  test("that cannot be had lowers nothing", () => {
    const { score, scores } = scored({ blockiness: null });
    expect([score, scores.block]).toEqual([100, null]);
  });
});

describe("the defect", () => {
  test("is the worst of the scores, once it is bad enough to be named", () => {
    expect(scored({ noise: 3 }).defect).toBeNull();
    expect(scored({ noise: 4 }).defect).toBeNull();
    expect(scored({ noise: 4.5 }).defect).toBe("noise");
    expect(scored({ noise: 4.5, reblur: 0.6 }).defect).toBe("sharp");
  });

  test("of motion is one only where what is soft is smeared the same way in most places", () => {
    const poles = { anisotropy: 9, smear: 0.9 };
    expect(scored({ ...poles, reblur: 0.96 }).scores.motion).toBe(100);
    expect(scored({ ...poles, reblur: 0.85, smear: 0.4 }).scores.motion).toBe(100);
    expect(scored({ ...poles, reblur: 0.85 }).defect).toBe("motion");
  });

  test("of motion is the less believed the sharper the sharpest parts are: ridges in mist, a panned bird", () => {
    const mist = { anisotropy: 6, smear: 0.92 };
    expect([0.9, 0.92, 0.94].map((reblur) => scored({ ...mist, reblur }).scores.motion)).toEqual([32.5, 66.3, 100]);
    expect(scored({ ...mist, reblur: 0.924 })).toMatchObject({ defect: null, needsAttention: false });
  });
});

describe("attention is wanted", () => {
  test.each<[Partial<Measures>, boolean]>([
    [{ reblur: 0.6 }, true],
    [{ noise: 8 }, true],
    [{ anisotropy: 6, smear: 0.9, reblur: 0.8 }, true],
    [{ blockiness: 5 }, true],
    // A night, a snow field and fog are pictures, too.
    [{ p95: 40 }, false],
    [{ clipped: 0.7 }, false],
    [{ range: 30 }, false],
  ])("by blur, noise, smear and blocks, not by light: %o", (measured, wanted) => {
    const { needsAttention, band } = scored(measured);
    expect(needsAttention).toBe(wanted);
    expect(["Fair", "Poor"]).toContain(band);
  });
});

describe("a score is called unreliable", () => {
  test("where noise passes for sharpness", () => {
    expect(scored({ noise: 4 }).unreliable).toEqual([]);
    expect(scored({ noise: 4.1 }).unreliable).toEqual(["sharp"]);
  });

  test("where no tile is flat enough to tell the noise", () => {
    const { scores, unreliable } = scored({ noise: null });
    expect([scores.noise, unreliable]).toEqual([80, ["noise"]]);
  });
});

test.each([
  [100, "Excellent"],
  [85, "Excellent"],
  [84.9, "Good"],
  [70, "Good"],
  [69.9, "Fair"],
  [50, "Fair"],
  [49.9, "Poor"],
  [0, "Poor"],
] as const)("the band of %f is %s", (score, band) => {
  expect(technicalBandOf(score)).toBe(band);
});

describe("the place among the approved", () => {
  const approved = Array.from({ length: 40 }, (_, i) => i + 1);

  test("is the share of them that are not better", () => {
    expect([0, 1, 20, 20.5, 40, 99].map((score) => percentileAmong(approved, score))).toEqual([0, 3, 50, 50, 100, 100]);
  });

  test("counts equals as not better, wherever they stand", () => {
    expect(percentileAmong(new Array(30).fill(90), 90)).toBe(100);
  });

  test("is not told of fewer than twenty", () => {
    expect(percentileAmong(approved.slice(0, 19), 10)).toBeNull();
    expect(percentileAmong(approved.slice(0, 20), 10)).toBe(50);
  });
});
