import { describe, expect, test } from "vitest";
import { dhash64, greyOf, perceptualHashes, thumbOf } from "../../src/imaging/fingerprints.ts";
import { type Luma, lumaOf, meansOf } from "../../src/imaging/measures.ts";
import { deadLeaves, LEAVES, toned } from "../fixtures/dead-leaves.ts";

const plane = (width: number, height: number, value: (x: number, y: number) => number): Luma => ({
  width,
  height,
  data: Uint8Array.from({ length: width * height }, (_, i) => value(i % width, Math.floor(i / width))),
});
const waves = (shift = 0, gain = 1) =>
  plane(64, 48, (x, y) => 128 + gain * (50 * Math.sin(x / 5) + 40 * Math.cos(y / 7 + x / 11)) + shift);
const photo = (seed: number, gain = 1, offset = 0): Luma =>
  lumaOf(toned(deadLeaves(seed), gain, offset), LEAVES.width, LEAVES.height);
const bitsApart = (a: string, b: string): number =>
  [...(BigInt(`0x${a}`) ^ BigInt(`0x${b}`)).toString(2)].filter((bit) => bit === "1").length;
const vectorOf = (thumb: string): Int8Array => new Int8Array(Buffer.from(thumb, "base64"));
const cosine = (a: Int8Array, b: Int8Array): number => {
  const dot = (one: Int8Array, other: Int8Array) => one.reduce((sum, value, i) => sum + value * (other[i] ?? 0), 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
};

describe("a fingerprint", () => {
  test.each([
    ["phash", (luma: Luma) => perceptualHashes(meansOf(luma)).phash],
    ["dhash", (luma: Luma) => dhash64(meansOf(luma))],
  ])("%s is 64 bits, the same for the same picture, near for a brighter or flatter one, far for another", (_, hash) => {
    const own = hash(waves());
    expect(own).toMatch(/^[0-9a-f]{16}$/);
    expect(hash(waves())).toBe(own);
    expect(bitsApart(own, hash(waves(20)))).toBeLessThanOrEqual(4);
    expect(bitsApart(own, hash(waves(0, 0.6)))).toBeLessThanOrEqual(8);
    expect(bitsApart(own, hash(plane(64, 48, (x, y) => (x * y) % 256)))).toBeGreaterThan(12);
  });

  test("is there for a picture of one pixel too", () => {
    const dot = meansOf(plane(1, 1, () => 9));
    expect(perceptualHashes(dot)).toMatchObject({
      phash: expect.stringMatching(/^[0-9a-f]{16}$/),
      phash256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(dhash64(dot)).toMatch(/^[0-9a-f]{16}$/);
    expect(vectorOf(thumbOf(dot))).toEqual(new Int8Array(256));
    expect(greyOf(dot)).toEqual(new Uint8Array(96 * 96).fill(9));
  });

  test("of 256 bits is near for a brighter photo, and far for another", () => {
    const own = perceptualHashes(meansOf(photo(1))).phash256;
    expect(bitsApart(own, perceptualHashes(meansOf(photo(1, 0.8, 10))).phash256)).toBeLessThanOrEqual(24);
    expect(bitsApart(own, perceptualHashes(meansOf(photo(2))).phash256)).toBeGreaterThan(72);
  });
});

describe("a photo that was flipped or turned", () => {
  const { phash, phashes } = perceptualHashes(meansOf(photo(3)));
  const turned = (place: (x: number, y: number) => readonly [number, number], isLying = true): Luma => {
    const { data, width } = photo(3);
    const at = (x: number, y: number): number => {
      const [column, row] = place(x, y);
      return data[row * width + column] ?? 0;
    };
    return isLying ? plane(LEAVES.width, LEAVES.height, at) : plane(LEAVES.height, LEAVES.width, at);
  };
  const [right, bottom] = [LEAVES.width - 1, LEAVES.height - 1];

  test("has one of the eight hashes of the photo", () => {
    const turns = [
      turned((x, y) => [x, y]),
      turned((x, y) => [right - x, y]),
      turned((x, y) => [x, bottom - y]),
      turned((x, y) => [right - x, bottom - y]),
      turned((x, y) => [y, x], false),
      turned((x, y) => [y, bottom - x], false),
      turned((x, y) => [right - y, x], false),
      turned((x, y) => [right - y, bottom - x], false),
    ];
    expect(phashes[0]).toBe(phash);
    expect(new Set(phashes).size).toBe(8);
    for (const luma of turns) {
      const { phash: own } = perceptualHashes(meansOf(luma));
      expect(Math.min(...phashes.map((known) => bitsApart(known, own)))).toBeLessThanOrEqual(2);
    }
    const seen = turns.map((luma) => {
      const { phash: own } = perceptualHashes(meansOf(luma));
      return phashes.findIndex((known) => bitsApart(known, own) <= 2);
    });
    expect(new Set(seen).size).toBe(8);
  });
});

describe("a thumb", () => {
  test("has no mean, and its largest value is 127 or -127", () => {
    const thumb = vectorOf(thumbOf(meansOf(photo(4))));
    expect(Math.max(...thumb.map(Math.abs))).toBe(127);
    expect(Math.abs(thumb.reduce((sum, value) => sum + value, 0) / 256)).toBeLessThan(0.5);
  });
  test("points where that of a brighter photo points, and elsewhere than that of another", () => {
    const own = vectorOf(thumbOf(meansOf(photo(4))));
    expect(cosine(own, vectorOf(thumbOf(meansOf(photo(4, 0.7, 20)))))).toBeGreaterThan(0.99);
    expect(cosine(own, vectorOf(thumbOf(meansOf(photo(5)))))).toBeLessThan(0.6);
  });
});

test("the grey of a photo is stretched to a square, upright, and in the order of rows", () => {
  const grey = greyOf(meansOf(plane(192, 96, (x, y) => (x < 96 ? 10 : 20) + (y < 48 ? 0 : 100))));
  expect([grey[0], grey[95], grey[95 * 96], grey[96 * 96 - 1]]).toEqual([10, 20, 110, 120]);
});
