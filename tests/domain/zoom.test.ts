import { describe, expect, test } from "vitest";
import {
  about,
  fitted,
  middleOf,
  type Part,
  partShown,
  placed,
  scaledAbout,
  type View,
} from "../../src/domain/zoom.ts";

const STAGE = { width: 1_000, height: 800 };
const PICTURE = { width: 6_000, height: 4_000 };

/** Repeatable numbers from 0 to 1. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

test("a picture that fits is whole and in the middle", () => {
  expect(fitted(STAGE, PICTURE)).toEqual({ scale: 1 / 6, x: 0, y: expect.closeTo(66.667, 3) });
  expect(fitted(STAGE, { width: 100, height: 400 })).toEqual({ scale: 2, x: 400, y: 0 });
});

describe("whatever the wheel and the hand do", () => {
  const next = chance(7);
  const views = Array.from({ length: 300 }, () => {
    const scale = 0.1 + next() * 3;
    return { scale, x: (next() - 0.5) * 9_000, y: (next() - 0.5) * 9_000 };
  });

  test("the picture covers the stage, or lies in its middle", () => {
    for (const view of views) {
      const { scale, x, y } = placed(view, STAGE, PICTURE);
      const [width, height] = [PICTURE.width * scale, PICTURE.height * scale];
      if (width >= STAGE.width) expect(x <= 0 && x + width >= STAGE.width - 1e-6).toBe(true);
      else expect(x * 2 + width).toBeCloseTo(STAGE.width);
      if (height >= STAGE.height) expect(y <= 0 && y + height >= STAGE.height - 1e-6).toBe(true);
      else expect(y * 2 + height).toBeCloseTo(STAGE.height);
    }
  });

  test("the pixel under the pointer stays there", () => {
    for (const view of views) {
      const at = { x: next() * STAGE.width, y: next() * STAGE.height };
      const after = scaledAbout(view, at, view.scale * 1.7);
      expect((at.x - after.x) / after.scale).toBeCloseTo((at.x - view.x) / view.scale, 6);
      expect((at.y - after.y) / after.scale).toBeCloseTo((at.y - view.y) / view.scale, 6);
    }
  });

  test("what is in the middle of one picture is in the middle of the next", () => {
    for (const { scale } of views) {
      const middle = { x: 0.4 + next() * 0.2, y: 0.4 + next() * 0.2 };
      const view = about(middle, scale + 0.5, STAGE, PICTURE);
      expect(middleOf(view, STAGE, PICTURE).x).toBeCloseTo(middle.x, 6);
      expect(middleOf(view, STAGE, PICTURE).y).toBeCloseTo(middle.y, 6);
    }
  });

  test("the part that is asked for lies in the picture and holds all that is to be seen", () => {
    for (const wild of views) {
      const view = placed(wild, STAGE, PICTURE);
      const part = partShown(view, STAGE, PICTURE);
      if (part === undefined) continue;
      expect([part.x, part.y, part.width, part.height].every(Number.isInteger)).toBe(true);
      expect(part.x >= 0 && part.x + part.width <= PICTURE.width).toBe(true);
      expect(part.y >= 0 && part.y + part.height <= PICTURE.height).toBe(true);
      expect(holds(part, view)).toBe(true);
    }
  });

  function holds(part: Part, { scale, x, y }: View): boolean {
    const left = Math.max(0, -x / scale);
    const top = Math.max(0, -y / scale);
    const right = Math.min(PICTURE.width, (STAGE.width - x) / scale);
    const bottom = Math.min(PICTURE.height, (STAGE.height - y) / scale);
    return (
      part.x <= left && part.y <= top && part.x + part.width >= right - 1e-6 && part.y + part.height >= bottom - 1e-6
    );
  }
});

test("a part as large as the whole of a large picture is not asked for", () => {
  expect(partShown(fitted(STAGE, PICTURE), STAGE, PICTURE)).toBeUndefined();
});
