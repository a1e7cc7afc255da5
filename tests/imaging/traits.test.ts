import { describe, expect, test } from "vitest";
import { measured } from "../../src/imaging/kernel.ts";
import { sharp } from "../../src/imaging/sharp.ts";
import { blockinessOf, type Traits, traitsOf } from "../../src/imaging/traits.ts";
import { type Defect, deadLeaves, defects, LEAVES, spoiled, toned } from "../fixtures/dead-leaves.ts";

type Judged = Traits & { readonly blockiness: number };

function judged(rgb: Uint8Array, { width, height }: { width: number; height: number } = LEAVES): Judged {
  const statistics = measured(rgb, width, height);
  return { ...traitsOf(statistics), blockiness: blockinessOf(statistics.luma, { x: 0, y: 0 }) ?? Number.NaN };
}
const judgedFile = async (jpeg: Uint8Array): Promise<Judged> => judged(await sharp(jpeg).raw().toBuffer());

/** What names each defect, and where it goes with more of it. */
const SIGNS: Readonly<Record<Defect, (of: Judged) => number>> = {
  sharp: (of) => -of.reblur,
  block: (of) => of.blockiness,
  noise: (of) => of.noise ?? 0,
  motion: (of) => of.anisotropy,
  low: (of) => -of.p95,
  high: (of) => of.clipped,
  contrast: (of) => -of.range,
};

describe.each([1, 2, 3, 4, 5])("a photo without a subject, %i", (seed) => {
  test.each(defects)("shows more of the defect %s the more it has", async (defect) => {
    const levels = [judged(deadLeaves(seed))];
    for (const level of [0, 1, 2] as const) levels.push(await judgedFile(await spoiled(defect, level, seed)));
    const signs = levels.map(SIGNS[defect]);
    expect(signs).toEqual(signs.toSorted((a, b) => a - b));
    expect(new Set(signs).size).toBe(signs.length);
  });

  test("keeps its sharpness whatever its light, where variance of the Laplacian does not", () => {
    const clean = judged(deadLeaves(seed));
    const dull = judged(toned(deadLeaves(seed), 0.5, 40));
    expect(dull.reblur).toBeCloseTo(clean.reblur, 1);
    expect(Math.abs(dull.reblur / clean.reblur - 1)).toBeLessThan(0.05);
  });

  test("is smeared in one direction by a shake, not by a blur", async () => {
    expect((await judgedFile(await spoiled("motion", 2, seed))).smear).toBeGreaterThan(0.95);
    expect((await judgedFile(await spoiled("sharp", 1, seed))).smear).toBeLessThan(0.6);
  });

  test("ranks its frames by detail: crisp, soft, softer; noise does not make it crisper", async () => {
    const clean = judged(deadLeaves(seed)).detail;
    const soft = (await judgedFile(await spoiled("sharp", 0, seed))).detail;
    const softer = (await judgedFile(await spoiled("sharp", 1, seed))).detail;
    const noisy = (await judgedFile(await spoiled("noise", 1, seed))).detail;
    expect(clean).toBeGreaterThan(1.05 * soft);
    expect(soft).toBeGreaterThan(1.05 * softer);
    expect(noisy).toBeLessThan(1.2 * clean);
  });
});

const filled = (width: number, height: number, of: (at: number) => number): Uint8Array =>
  Uint8Array.from({ length: width * height * 3 }, (_, at) => of(Math.floor(at / 3)));

describe("a picture of nothing", () => {
  test.each([
    ["flat grey", 90, { reblur: 0, noise: 0, anisotropy: 1, clipped: 0, p95: 90, range: 0, detail: 0 }],
    ["white", 255, { reblur: 0, noise: null, anisotropy: 1, clipped: 1, p95: 255, range: 0, detail: 0 }],
    ["black", 0, { reblur: 0, noise: null, anisotropy: 1, clipped: 0, p95: 0, range: 0, detail: 0 }],
  ])("that is %s has finite measures", (_, value, measures) => {
    expect(
      judged(
        filled(100, 100, () => value),
        { width: 100, height: 100 },
      ),
    ).toMatchObject({ ...measures, blockiness: 1 });
  });
  test("that is smaller than a tile has none to judge", () => {
    const { blockiness, ...small } = judged(
      filled(9, 5, (at) => at * 5),
      { width: 9, height: 5 },
    );
    expect(small).toMatchObject({ reblur: 0, noise: null, anisotropy: 1, smear: 0, detail: 0 });
    expect(blockiness).toBeNaN();
  });
});

test("noise is told in luma steps", () => {
  const noise = (sigma: number) =>
    judged(
      filled(256, 256, (at) => 128 + sigma * gauss(at)),
      { width: 256, height: 256 },
    ).noise;
  // Of the calmest tenth of the tiles: a little below the noise itself.
  expect((noise(4) ?? 0) / 4).toBeCloseTo(0.93, 1);
  expect((noise(10) ?? 0) / 10).toBeCloseTo(0.93, 1);
});

describe("leaves that are smaller than a tile", () => {
  const EDGE = 256;
  /** Cells of a few pixels, each of another tone: nothing is calm. */
  const foliage = (noise: number, calm = 0): Uint8Array =>
    filled(EDGE, EDGE, (at) => {
      const [x, y] = [at % EDGE, Math.floor(at / EDGE)];
      const cell = Math.floor(y / 3) * EDGE + Math.floor(x / 3);
      const tone = x < calm ? 128 : 128 + 50 * gauss(cell);
      return Math.min(252, Math.max(3, tone + noise * gauss(at)));
    });
  const told = (noise: number, calm?: number) => judged(foliage(noise, calm), { width: EDGE, height: EDGE }).noise;

  test("are not called noise: there is nothing to tell it by", () => {
    expect(told(0)).toBeNull();
    expect(told(3)).toBeNull();
  });

  test("hide no noise that is stronger than they are, and none beside them", () => {
    expect(told(40)).toBeGreaterThan(20);
    expect((told(8, 64) ?? 0) / 8).toBeCloseTo(1, 0);
    expect(told(0, 64)).toBeLessThan(0.1);
  });
});

const gauss = (at: number): number => {
  const chance = (salt: number): number => (((Math.sin(at * 12.9898 + salt) * 43758.5453) % 1) + 1) % 1;
  return Math.sqrt(-2 * Math.log(1 - chance(1))) * Math.cos(2 * Math.PI * chance(2));
};
