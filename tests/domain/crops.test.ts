import { describe, expect, test } from "vitest";
import {
  ASPECTS,
  confidenceOf,
  cropsSaid,
  isTurned,
  LEAST_CONFIDENCE,
  mayBeCropped,
  overlapOf,
  pixelsOf,
  rounded,
  SURE,
  storedBox,
  windowOf,
} from "../../src/domain/crops.ts";

const LANDSCAPE = { width: 6_000, height: 4_000 };
const PORTRAIT = { width: 4_000, height: 6_000 };
const PANORAMA = { width: 12_000, height: 4_000 };

describe("which aspects a photo can be cropped to", () => {
  test.each([
    ["a landscape", LANDSCAPE, ["4:5", "16:9", "1:1", "3:2"]],
    // 16:9 would keep 0.375 of it and cut off heads; 3:2 0.444
    ["a portrait", PORTRAIT, ["4:5", "1:1"]],
    [
      "an upright photo that is nearly square: never a wide strip",
      { width: 990, height: 1_000 },
      ["4:5", "1:1", "3:2"],
    ],
    ["a square", { width: 900, height: 900 }, ["4:5", "16:9", "1:1", "3:2"]],
    ["a panorama of 3:1", PANORAMA, ["16:9", "3:2"]],
    ["a strip of 5:1", { width: 5_000, height: 1_000 }, []],
  ])("%s", (_, size, aspects) => {
    expect(ASPECTS.filter((aspect) => mayBeCropped(aspect, size))).toEqual(aspects);
  });

  test("the window is as large as the picture allows", () => {
    expect(windowOf("16:9", LANDSCAPE)).toEqual({ width: 1, height: 0.84375 });
    expect(windowOf("4:5", LANDSCAPE).width * 6_000).toBeCloseTo(3_200, 6);
    expect(windowOf("3:2", LANDSCAPE)).toEqual({ width: 1, height: 1 });
  });
});

test("proposals in words", () => {
  expect(
    cropsSaid([
      { aspect: "4:5", confidence: 0.75 },
      { aspect: "16:9", confidence: 0.74 },
    ]),
  ).toBe("4:5 sure, 16:9 to review");
  expect(cropsSaid([])).toBe("");
});

describe("how sure a proposal is", () => {
  test.each([
    [1, 1, 1, 1],
    [0.9, 0.85, 1, 1],
    [0.5, 0.45, 0, 0],
    [0.2, 0.1, 0, 0],
    [0.7, 0.85, 0.9, 0.225 + 0.35 + 0.18],
    [0.9, 0.65, 0.5, 0.45 + 0.175 + 0.1],
  ])("agreement %d, retained %d, stability %d: %d", (agreement, retained, stability, wanted) => {
    expect(confidenceOf({ agreement, retained, stability })).toBeCloseTo(wanted, 9);
  });

  test("what is proposed is less than what is taken unseen", () => {
    expect([LEAST_CONFIDENCE, SURE]).toEqual([0.45, 0.75]);
  });
});

test.each([
  ["itself", { x: 0.1, y: 0.2, width: 0.5, height: 0.4 }, 1],
  ["what lies beside it", { x: 0.6, y: 0.2, width: 0.4, height: 0.4 }, 0],
  ["what lies away from it on both sides", { x: 0.7, y: 0.7, width: 0.2, height: 0.2 }, 0],
  ["its right half", { x: 0.35, y: 0.2, width: 0.25, height: 0.4 }, 0.5],
  ["what covers it", { x: 0, y: 0, width: 1, height: 1 }, 0.2],
])("the overlap of a box with %s", (_, other, wanted) => {
  expect(overlapOf({ x: 0.1, y: 0.2, width: 0.5, height: 0.4 }, other)).toBeCloseTo(wanted, 9);
});

describe("numbers that are written down", () => {
  test("have six decimals and stay inside", () => {
    expect(rounded({ x: 1 / 3, y: 0, width: 2 / 3, height: 1 })).toEqual({
      x: 0.333333,
      y: 0,
      width: 0.666667,
      height: 1,
    });
    const edge = rounded({ x: 0.4666666, y: -1e-9, width: 0.5333336, height: 1 + 1e-9 });
    expect(edge.x + edge.width).toBeLessThanOrEqual(1);
    expect(edge).toMatchObject({ y: 0, height: 1 });
  });

  test.each([
    [{ x: 0.466667, y: 0, width: 0.533333, height: 1 }, LANDSCAPE, { x: 2_800, y: 0, width: 3_200, height: 4_000 }],
    [{ x: 0, y: 0.15625, width: 1, height: 0.84375 }, LANDSCAPE, { x: 0, y: 625, width: 6_000, height: 3_375 }],
    [
      { x: 0.999999, y: 0.5, width: 0.000001, height: 0.5 },
      { width: 3, height: 3 },
      { x: 2, y: 1, width: 1, height: 2 },
    ],
    [
      { x: 0.5, y: 0.5, width: 0.5, height: 0.5 },
      { width: 1, height: 1 },
      { x: 0, y: 0, width: 1, height: 1 },
    ],
  ])("%o of %o are whole pixels of it", (box, size, pixels) => {
    expect(pixelsOf(box, size)).toEqual(pixels);
  });
});

test("a box of the upright picture keeps its size where the picture lies on its side", () => {
  const box = { x: 0.1, y: 0.2, width: 0.3, height: 0.4 };
  for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8]) {
    const { width, height } = storedBox(box, orientation);
    expect([width, height]).toEqual(isTurned(orientation) ? [0.4, 0.3] : [0.3, 0.4]);
  }
  expect(storedBox(box, 6)).toMatchObject({ x: 0.2, y: expect.closeTo(0.6) });
});
