import { describe, expect, test } from "vitest";
import { areaMeans, brightnessAndContrast, type Luma, laplacianVariance, lumaOf } from "../../src/imaging/measures.ts";

const plane = (width: number, height: number, value: (x: number, y: number) => number): Luma => ({
  width,
  height,
  data: Uint8Array.from({ length: width * height }, (_, i) => value(i % width, Math.floor(i / width))),
});

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
