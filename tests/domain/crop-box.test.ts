import { describe, expect, test } from "vitest";
import {
  dragged,
  HANDLES,
  type Handle,
  isSame,
  isWhole,
  LEAST_SIDE,
  largest,
  moved,
  nextRatio,
  RATIOS,
  ratioOf,
  reshaped,
  resized,
  settled,
  WHOLE,
} from "../../src/domain/crop-box.ts";
import type { Box, Size } from "../../src/domain/crops.ts";
import { chance } from "../fixtures/chance.ts";

const dice = chance(37);
const between = (least: number, most: number): number => least + (dice() / 2 ** 32) * (most - least);
const anyBox = (): Box => {
  const [width, height] = [between(LEAST_SIDE, 1), between(LEAST_SIDE, 1)];
  return { x: between(0, 1 - width), y: between(0, 1 - height), width, height };
};
const anySize = (): Size => ({ width: Math.round(between(300, 9_000)), height: Math.round(between(300, 9_000)) });
const anywhere = () => ({ x: between(-1, 2), y: between(-1, 2) });
const any = <T>(list: readonly T[]): T => list[dice() % list.length] as T;
const pixelRatio = ({ width, height }: Box, size: Size): number => (width * size.width) / (height * size.height);
const TIMES = 2_000;

/** Within the picture, to what doubles can hold. */
const assertInside = ({ x, y, width, height }: Box): void => {
  for (const value of [x, y, width, height]) expect(value).toBeGreaterThanOrEqual(0);
  expect(x + width).toBeLessThanOrEqual(1 + 1e-12);
  expect(y + height).toBeLessThanOrEqual(1 + 1e-12);
  expect(Math.min(width, height)).toBeGreaterThan(0);
};
/** Where the point lies that must not move: opposite the handle, in the middle where it moves no side of an axis. */
const opposite = ({ x, y, width, height }: Box, handle: Handle): readonly [number, number] => [
  handle.includes("w") ? x + width : handle.includes("e") ? x : x + width / 2,
  handle.includes("n") ? y + height : handle.includes("s") ? y : y + height / 2,
];

describe("whatever is done to it, a box", () => {
  test("stays within the picture", () => {
    for (let i = 0; i < TIMES; i += 1) {
      const [box, size] = [anyBox(), anySize()];
      const ratio = any([null, ratioOf(any(RATIOS), size)]);
      assertInside(moved(box, between(-2, 2), between(-2, 2)));
      assertInside(resized(box, between(-2, 2)));
      assertInside(reshaped(box, ratioOf(any(RATIOS), size), size));
      assertInside(dragged(box, any(HANDLES), anywhere(), ratio, size));
      assertInside(settled(dragged(box, any(HANDLES), anywhere(), ratio, size)));
    }
  });

  test("keeps its size when it is moved, and its shape and centre when it is sized", () => {
    for (let i = 0; i < TIMES; i += 1) {
      const box = anyBox();
      const after = moved(box, between(-2, 2), between(-2, 2));
      expect([after.width, after.height]).toEqual([box.width, box.height]);
      const sized = resized(box, between(-2, 2));
      expect(sized.width / sized.height / (box.width / box.height)).toBeCloseTo(1, 9);
    }
    expect(resized({ x: 0.25, y: 0.25, width: 0.5, height: 0.5 }, 0.02)).toEqual({
      x: 0.24,
      y: 0.24,
      width: 0.52,
      height: 0.52,
    });
  });
});

describe("a handle that is dragged", () => {
  test("with a shape held, keeps the shape to a millionth and what lies across from it where it was", () => {
    for (let i = 0; i < TIMES; i += 1) {
      const size = anySize();
      const ratio = ratioOf(any([...RATIOS, "original"] as const), size);
      const handle = any(HANDLES);
      const before = reshaped(anyBox(), ratio, size);
      const after = dragged(before, handle, anywhere(), ratio, size);
      expect(Math.abs(pixelRatio(after, size) / ratio - 1)).toBeLessThan(1e-6);
      const [wanted, is] = [opposite(before, handle), opposite(after, handle)];
      for (const axis of [0, 1] as const) expect(Math.abs(wanted[axis] - is[axis])).toBeLessThan(1e-9);
    }
  });

  test("without one, moves its own sides only, and lies under the pointer where that is in the picture", () => {
    for (let i = 0; i < TIMES; i += 1) {
      const before = anyBox();
      const handle = any(HANDLES);
      const to = anywhere();
      const after = dragged(before, handle, to, null, anySize());
      if (!handle.includes("w")) expect(after.x).toBe(before.x);
      if (!handle.includes("n")) expect(after.y).toBe(before.y);
      if (handle.includes("e") && to.x >= before.x + LEAST_SIDE && to.x <= 1)
        expect(after.x + after.width).toBeCloseTo(to.x, 9);
      if (handle.includes("s") && to.y > 1) expect(after.y + after.height).toBeCloseTo(1, 9);
    }
  });

  test("past the lower right corner with 4:5 held ends at the edge", () => {
    const size = { width: 640, height: 480 };
    const before = reshaped({ x: 0.1, y: 0.1, width: 0.4, height: 0.5 }, 4 / 5, size);
    const after = dragged(before, "se", { x: 3, y: 3 }, 4 / 5, size);
    expect([after.x, after.y, after.y + after.height]).toEqual([before.x, before.y, 1]);
  });
});

describe("a shape", () => {
  test("at its largest touches two edges that lie across from each other, and stands in the middle", () => {
    for (let i = 0; i < TIMES; i += 1) {
      const size = anySize();
      const ratio = ratioOf(any(RATIOS), size);
      const box = largest(ratio, size);
      expect(Math.max(box.width, box.height)).toBeCloseTo(1, 9);
      expect(pixelRatio(box, size) / ratio).toBeCloseTo(1, 9);
      expect([box.x + box.width / 2, box.y + box.height / 2].map((at) => at.toFixed(9))).toEqual([
        "0.500000000",
        "0.500000000",
      ]);
    }
  });

  test("comes round after all of them, and the original's is that of the picture", () => {
    let ratio = nextRatio("original");
    const seen = [ratio];
    while (ratio !== "original") {
      ratio = nextRatio(ratio);
      seen.push(ratio);
    }
    expect(seen).toEqual([...RATIOS, "original"]);
    expect(largest(ratioOf("original", { width: 3, height: 2 }), { width: 3, height: 2 })).toEqual(WHOLE);
  });
});

test("a box that is all but whole is the whole picture; others are kept to six decimals", () => {
  expect(isWhole(settled({ x: 0, y: 0, width: 0.9999995, height: 1 }))).toBe(true);
  const box = settled({ x: 1 / 3, y: 0, width: 1 / 3, height: 1 });
  expect(box).toEqual({ x: 0.333333, y: 0, width: 0.333333, height: 1 });
  expect(isSame(box, { x: 1 / 3, y: 0, width: 1 / 3, height: 1 })).toBe(true);
  expect(isSame(box, { ...box, x: 0.33334 })).toBe(false);
});
