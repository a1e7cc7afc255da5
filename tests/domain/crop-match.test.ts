import { describe, expect, it } from "vitest";
import { cropScore, GREY_BYTES, type Grey, overlapOf } from "../../src/domain/crop-match.ts";
import { chance } from "../fixtures/chance.ts";

type Scene = (x: number, y: number) => number;

/** Discs of every size and tone that hide one another, over the unit square and beyond. */
function scene(seed: number): Scene {
  const next = chance(seed);
  const part = (): number => next() / 2 ** 32;
  const discs = Array.from({ length: 300 }, () => ({
    x: part() * 3 - 1,
    y: part() * 3 - 1,
    radius: 0.02 / (0.06 + part()),
    tone: part() * 255,
  }));
  return (x, y) => discs.find((disc) => (disc.x - x) ** 2 + (disc.y - y) ** 2 < disc.radius ** 2)?.tone ?? 128;
}

interface Part {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A photo of a part of the scene, stretched to a square as the look does it. */
function photo(of: Scene, { x, y, width, height }: Part, tone = (value: number): number => value): Grey {
  const edge = Math.sqrt(GREY_BYTES);
  const data = Uint8Array.from({ length: GREY_BYTES }, (_, i) => {
    const at = [(i % edge) + 0.5, Math.floor(i / edge) + 0.5].map((cell) => cell / edge);
    return Math.min(255, Math.max(0, tone(of(x + (at[0] ?? 0) * width, y + (at[1] ?? 0) * height))));
  });
  return { data, aspect: width / height };
}

const WHOLE = { x: 0, y: 0, width: 0.9, height: 0.6 };

describe("the score of a crop", () => {
  const crops: readonly [string, Part][] = [
    ["10 % off each side", { x: 0.09, y: 0.06, width: 0.72, height: 0.48 }],
    ["a fifth off, from a corner", { x: 0, y: 0, width: 0.72, height: 0.48 }],
    ["4:5", { x: 0.3, y: 0, width: 0.48, height: 0.6 }],
    ["16:9", { x: 0, y: 0.06, width: 0.9, height: 0.506 }],
    ["a square", { x: 0.2, y: 0, width: 0.6, height: 0.6 }],
  ];

  it.each(crops)("finds %s, in both orders, on four scenes", (_, part) => {
    for (let seed = 1; seed <= 4; seed += 1) {
      const [whole, crop] = [photo(scene(seed), WHOLE), photo(scene(seed), part)];
      expect(cropScore(whole, crop)).toBeGreaterThanOrEqual(0.92);
      expect(cropScore(crop, whole)).toBe(cropScore(whole, crop));
    }
  });

  it("finds a crop that was made brighter and flatter", () => {
    const crop = photo(scene(3), { x: 0.1, y: 0.1, width: 0.7, height: 0.466 }, (value) => value * 0.6 + 60);
    expect(cropScore(photo(scene(3), WHOLE), crop)).toBeGreaterThanOrEqual(0.92);
  });

  it("is below 0.92 for every pair of 14 unrelated scenes", () => {
    const all = Array.from({ length: 14 }, (_, i) =>
      photo(scene(100 + i), i % 2 === 0 ? WHOLE : { ...WHOLE, width: 0.4 }),
    );
    const scores = all.flatMap((a, i) => all.slice(i + 1).map((b) => cropScore(a, b)));
    expect(scores).toHaveLength(91);
    expect(Math.max(...scores)).toBeLessThan(0.92);
  });

  it("is 0 where one of them is flat, never no number", () => {
    const flat = { data: new Uint8Array(GREY_BYTES).fill(128), aspect: 1.5 };
    expect(cropScore(flat, photo(scene(1), WHOLE))).toBe(0);
    expect(cropScore(flat, flat)).toBe(0);
  });
});

describe("an overlap", () => {
  it.each([
    ["right", { x: 0.5, y: 0 }],
    ["left", { x: -0.5, y: 0.012 }],
    ["down", { x: 0, y: 0.35 }],
    ["up", { x: 0, y: -0.35 }],
  ] as const)("is seen towards %s", (towards, offset) => {
    const [a, b] = [photo(scene(5), WHOLE), photo(scene(5), { ...WHOLE, ...offset })];
    const overlap = overlapOf(a, b);
    expect(overlap?.towards).toBe(towards);
    expect(overlap?.score).toBeGreaterThanOrEqual(0.85);
  });

  it("is not seen between unrelated scenes, nor between shapes that differ", () => {
    for (let seed = 1; seed <= 5; seed += 1)
      expect(overlapOf(photo(scene(seed), WHOLE), photo(scene(seed + 50), WHOLE))?.score).toBeLessThan(0.85);
    expect(overlapOf(photo(scene(1), WHOLE), photo(scene(1), { ...WHOLE, width: 0.5 }))).toBeUndefined();
  });
});
