import { describe, expect, test } from "vitest";
import {
  areaMeans,
  brightnessAndContrast,
  dhash64,
  type Luma,
  laplacianVariance,
  lumaOf,
  phash64,
} from "../../src/imaging/measures.ts";

const plane = (width: number, height: number, value: (x: number, y: number) => number): Luma => ({
  width,
  height,
  data: Uint8Array.from({ length: width * height }, (_, i) => value(i % width, Math.floor(i / width))),
});
const waves = (shift = 0, gain = 1) =>
  plane(64, 48, (x, y) => 128 + gain * (50 * Math.sin(x / 5) + 40 * Math.cos(y / 7 + x / 11)) + shift);
const bitsApart = (a: string, b: string): number =>
  [...(BigInt(`0x${a}`) ^ BigInt(`0x${b}`)).toString(2)].filter((bit) => bit === "1").length;

describe("luma", () => {
  test("weighs red, green and blue as the eye does", () => {
    const rgb = Uint8Array.from([255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255, 0, 0, 0]);
    expect([...lumaOf(rgb, 5, 1).data]).toEqual([76, 150, 29, 255, 0]);
  });
});

describe("brightness and contrast", () => {
  test.each([
    ["flat grey", plane(4, 4, () => 90), 90, 0],
    ["half black, half white", plane(4, 4, (x) => (x < 2 ? 0 : 255)), 127.5, 127.5],
    ["one pixel", plane(1, 1, () => 7), 7, 0],
  ])("of %s", (_, luma, mean, deviation) => {
    expect(brightnessAndContrast(luma)).toEqual({ mean, deviation });
  });
});

describe("sharpness", () => {
  test("of a flat picture, and of one too small to tell, is none", () => {
    expect(laplacianVariance(plane(20, 20, () => 128))).toBe(0);
    expect(laplacianVariance(plane(2, 9, (x) => x * 255))).toBe(0);
  });
  test("is the variance of the Laplacian", () => {
    // A single bright pixel in the middle of 5 x 5: -4, and 1 at its four neighbours, over nine inner pixels.
    const dot = plane(5, 5, (x, y) => (x === 2 && y === 2 ? 1 : 0));
    expect(laplacianVariance(dot)).toBeCloseTo((16 + 4) / 9 - ((-4 + 4) / 9) ** 2, 12);
  });
  test("falls when the picture is blurred", () => {
    const crisp = plane(60, 60, (x, y) => (((x >> 2) + (y >> 2)) % 2 === 0 ? 0 : 255));
    const soft = plane(60, 60, (x, y) => 128 + 127 * Math.sin(x / 4) * Math.sin(y / 4));
    expect(laplacianVariance(crisp)).toBeGreaterThan(20 * laplacianVariance(soft));
  });
});

describe("a fingerprint", () => {
  test.each([
    ["phash", phash64],
    ["dhash", dhash64],
  ])("%s is 64 bits, the same for the same picture, near for a brighter or flatter one, far for another", (_, hash) => {
    const own = hash(waves());
    expect(own).toMatch(/^[0-9a-f]{16}$/);
    expect(hash(waves())).toBe(own);
    expect(bitsApart(own, hash(waves(20)))).toBeLessThanOrEqual(4);
    expect(bitsApart(own, hash(waves(0, 0.6)))).toBeLessThanOrEqual(8);
    expect(bitsApart(own, hash(plane(64, 48, (x, y) => (x * y) % 256)))).toBeGreaterThan(12);
  });
  test("is there for a picture of one pixel too", () => {
    for (const hash of [phash64, dhash64]) expect(hash(plane(1, 1, () => 9))).toMatch(/^[0-9a-f]{16}$/);
  });
});

test("means over a grid count every pixel once, and repeat pixels where there are too few", () => {
  expect([
    ...areaMeans(
      plane(4, 2, (x) => x * 10),
      2,
      1,
    ),
  ]).toEqual([5, 25]);
  expect([
    ...areaMeans(
      plane(2, 1, (x) => x * 10),
      4,
      1,
    ),
  ]).toEqual([0, 0, 10, 10]);
});
