import { describe, expect, test } from "vitest";
import type { Technical } from "../../src/domain/facts.ts";
import { technicalOf } from "../../src/domain/technical.ts";
import { sharp } from "../../src/imaging/sharp.ts";
import { statisticsOf } from "../../src/imaging/statistics.ts";
import { blockinessOf, traitsOf } from "../../src/imaging/traits.ts";
import { type Defect, defects, leaves, spoiled } from "../fixtures/dead-leaves.ts";

/** The technical score of a small JPEG, from its pixels. */
async function scored(jpeg: Uint8Array): Promise<Technical> {
  const { data, info } = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true });
  const statistics = statisticsOf(data, info.width, info.height);
  const blockiness = blockinessOf(statistics.luma, { x: 0, y: 0 });
  return technicalOf({ ...traitsOf(statistics), blockiness, jpegQuality: null });
}

const clean = async (seed: number) => scored(await leaves(seed).jpeg({ quality: 95 }).toBuffer());
const levels = async (defect: Defect, seed: number) => {
  const all: Technical[] = [];
  for (const level of [0, 1, 2] as const) all.push(await scored(await spoiled(defect, level, seed)));
  return all;
};

// What makes a photo worse in one way may make it a little better in another: grain is crisp, and so are burnt edges.
const BACK = 0.5;
/** What is much of it is called by its name. A shake to the side blurs, too, and blur is the worse of the two here. */
const NAMES: Readonly<Record<Defect, Technical["defect"]>> = {
  sharp: "sharp",
  block: "block",
  noise: "noise",
  motion: "sharp",
  low: "low",
  high: "high",
  contrast: "contrast",
};

describe.each([1, 2, 3, 4, 5])("a photo without a subject, %i,", (seed) => {
  test("is good, and nothing is wrong with it by name", async () => {
    const { score, band, defect, needsAttention } = await clean(seed);
    expect(score).toBeGreaterThan(74);
    expect(score).toBeLessThan(80);
    expect([band, defect, needsAttention]).toEqual(["Good", null, false]);
  });

  test.each(defects)("scores the less the more it has of %s, and is told so", async (defect) => {
    const before = await clean(seed);
    const [little, more, much] = await levels(defect, seed);
    if (little === undefined || more === undefined || much === undefined) return expect.unreachable();
    const own = [before, little, more, much].map(({ scores }) => scores[defect] ?? 100);
    expect(own).toEqual(own.toSorted((a, b) => b - a));
    expect(own.at(-1)).toBeLessThan(65);
    expect(more.score).toBeLessThan(Math.min(before.score, little.score));
    expect(much.score).toBeLessThan(more.score + BACK);
    expect([more.defect, much.defect]).toEqual([NAMES[defect], NAMES[defect]]);
    // Light and tones may be meant; blur, noise and blocks never are.
    expect(much.needsAttention).toBe(!["low", "high", "contrast"].includes(defect));
  });

  test("says of grain that it may pass for sharpness", async () => {
    const [, grainy] = await levels("noise", seed);
    expect(grainy?.unreliable).toEqual(["sharp"]);
  });
});
