import { expect, test } from "vitest";
import { randomFrom } from "../../src/imaging/brushes.ts";
import { MAPS, MOMENTS, patchesOf } from "../../src/imaging/contrast.ts";
import { measured } from "../../src/imaging/kernel.ts";
import { featuresOf } from "../../src/imaging/naturalness.ts";
import { statisticsOf } from "../../src/imaging/statistics.ts";
import { traitsOf } from "../../src/imaging/traits.ts";
import { deadLeaves, LEAVES } from "../fixtures/dead-leaves.ts";

interface Picture {
  readonly rgb: Uint8Array;
  readonly width: number;
  readonly height: number;
}

const PICTURES = 200;
const scenes = [1, 2, 3].map(deadLeaves);

/** A piece of dead leaves, or nothing but noise; of any size, gain, offset and noise. */
function picture(seed: number): Picture {
  const random = randomFrom(seed);
  const [width, height] = [1 + Math.floor(random() * 240), 1 + Math.floor(random() * 200)];
  const [left, top] = [Math.floor(random() * (LEAVES.width - width)), Math.floor(random() * (LEAVES.height - height))];
  const scene = scenes[seed % scenes.length] ?? Buffer.alloc(0);
  const [gain, offset, noise] = [2 * random() ** 2, 200 * random() - 50, random() < 0.5 ? 0 : 60 * random() ** 2];
  const rgb = new Uint8ClampedArray(width * height * 3);
  for (let at = 0; at < rgb.length; at += 1) {
    const [x, y] = [at % (width * 3), Math.floor(at / (width * 3))];
    rgb[at] = gain * (scene[((top + y) * LEAVES.width + left) * 3 + x] ?? 0) + offset + noise * (random() - 0.5);
  }
  return { rgb: new Uint8Array(rgb.buffer), width, height };
}

/** What is nothing but rounding counts as nothing. */
function expectAlike(kernel: ArrayLike<number>, twin: ArrayLike<number>, nothing: number, what: string, within = 5e-5) {
  expect(kernel.length, what).toBe(twin.length);
  for (let i = 0; i < twin.length; i += 1) {
    const [own, wanted] = [kernel[i] ?? Number.NaN, twin[i] ?? Number.NaN];
    if (!(Math.abs(own - wanted) <= within * Math.abs(wanted) + nothing)) expect(own, `${what}, ${i}`).toBe(wanted);
  }
}

test(`sums and measures in WebAssembly are those of plain TypeScript, to four digits, for ${PICTURES} pictures`, () => {
  let patches = 0;
  for (let seed = 1; seed <= PICTURES; seed += 1) {
    const { rgb, width, height } = picture(seed);
    const what = `picture ${seed}, ${width} x ${height}`;
    const twin = statisticsOf(rgb, width, height);
    const kernel = measured(rgb, width, height);
    expect(Buffer.compare(kernel.luma.data, twin.luma.data), what).toBe(0);
    expect([...kernel.histogram], what).toEqual([...twin.histogram]);
    expect(kernel.clipped, what).toBe(twin.clipped);
    for (const sum of ["brightness", "contrast", "sharpness"] as const)
      expectAlike([kernel[sum]], [twin[sum]], 1e-9, `${what}: ${sum}`);
    expectAlike(kernel.noise, twin.noise, 1e-5, `${what}: noise`);
    expectAlike(kernel.tiles, twin.tiles, 0.05, `${what}: tiles`);
    for (const [columns, rows] of [
      [32, 32],
      [9, 8],
      [96, 96],
    ] as const)
      expectAlike(kernel.means(columns, rows), twin.means(columns, rows), 0, `${what}: means`);
    const { noise: kernelNoise, ...traits } = traitsOf(kernel);
    const { noise: twinNoise, ...twinTraits } = traitsOf(twin);
    expectAlike([kernelNoise ?? -1], [twinNoise ?? -1], 1e-5, `${what}: noise`);
    expectAlike(Object.values(traits), Object.values(twinTraits), 1e-5, `${what}: ${Object.keys(traits)}`);

    const slow = patchesOf(twin.luma);
    expectAlike(kernel.patches.sharpness, slow.sharpness, 1e-3, `${what}: sharpness of patches`);
    for (const patch of slow.sharpness.keys()) {
      const moments = kernel.patches.momentsOf(patch);
      expect(moments).toHaveLength(2 * MAPS * MOMENTS);
      expectAlike(moments, slow.momentsOf(patch), 0.01, `${what}: moments of patch ${patch}`, 1e-4);
      patches += 1;
    }
    // The shape of a distribution moves faster than its moments.
    expectAlike(featuresOf(kernel.patches), featuresOf(slow), 1e-4, `${what}: features`, 5e-4);
  }
  expect(patches).toBeGreaterThan(50);
});

test("a small photo after a large one is measured as if it were the first", () => {
  const [small, large] = [picture(3), { rgb: new Uint8Array(deadLeaves(4)), ...LEAVES }];
  const own = traitsOf(measured(small.rgb, small.width, small.height));
  const sums = measured(large.rgb, large.width, large.height);
  const features = featuresOf(sums.patches);
  expect(traitsOf(measured(small.rgb, small.width, small.height))).toEqual(own);
  expect(featuresOf(measured(large.rgb, large.width, large.height).patches)).toEqual(features);
});
