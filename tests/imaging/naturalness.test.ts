import { describe, expect, test } from "vitest";
import { measured } from "../../src/imaging/kernel.ts";
import { featuresOf } from "../../src/imaging/naturalness.ts";
import { sharp } from "../../src/imaging/sharp.ts";
import { deadLeaves, LEAVES, spoiled } from "../fixtures/dead-leaves.ts";

const featuresIn = (rgb: Uint8Array): Float32Array => featuresOf(measured(rgb, LEAVES.width, LEAVES.height).patches);
const spoiledFeatures = async (defect: "sharp" | "noise"): Promise<Float32Array> =>
  featuresIn(
    await sharp(await spoiled(defect, 2, 1))
      .raw()
      .toBuffer(),
  );
const meanOf = (rows: Float32Array, feature: number): number => {
  const column = rows.filter((_, i) => i % 36 === feature);
  return column.reduce((sum, value) => sum + value, 0) / column.length;
};

describe("features of natural contrast", () => {
  test("are 36 finite numbers for each sharp patch, of 40 patches at most", () => {
    const rows = featuresIn(deadLeaves(1));
    expect(rows.length % 36).toBe(0);
    expect(rows.length / 36).toBeGreaterThan(3);
    expect(rows.length / 36).toBeLessThanOrEqual(40);
    expect(rows.every(Number.isFinite)).toBe(true);
  });

  test("of pure noise are those of a Gaussian: shape 2", async () => {
    const normal = (at: number): number => {
      const chance = (salt: number): number => (((Math.sin(at * 12.9898 + salt) * 43758.5453) % 1) + 1) % 1;
      return Math.sqrt(-2 * Math.log(1 - chance(1))) * Math.cos(2 * Math.PI * chance(2));
    };
    const rgb = Uint8Array.from(
      { length: LEAVES.width * LEAVES.height * 3 },
      (_, at) => 128 + 20 * normal(Math.floor(at / 3)),
    );
    // A little above: each pixel is also part of the deviation it is divided by.
    expect(meanOf(featuresIn(rgb), 0)).toBeGreaterThan(1.9);
    expect(meanOf(featuresIn(rgb), 0)).toBeLessThan(3);
  });

  test("differ between a good photo, a blurred and a noisy one", async () => {
    const clean = featuresIn(deadLeaves(1));
    const [blurred, noisy] = [await spoiledFeatures("sharp"), await spoiledFeatures("noise")];
    for (const other of [blurred, noisy]) expect(Math.abs(meanOf(other, 0) - meanOf(clean, 0))).toBeGreaterThan(0.1);
    // Neighbours in a blurred photo are alike: the mean of their products is far from nothing.
    expect(meanOf(blurred, 3)).toBeGreaterThan(2 * meanOf(noisy, 3));
  });

  test("of a photo smaller than a patch, and of a flat one, are none and finite", () => {
    expect(featuresOf(measured(new Uint8Array(95 * 95 * 3), 95, 95).patches)).toHaveLength(0);
    const flat = featuresIn(new Uint8Array(LEAVES.width * LEAVES.height * 3).fill(90));
    expect(flat.every(Number.isFinite)).toBe(true);
  });
});
