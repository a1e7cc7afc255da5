import { describe, expect, it } from "vitest";
import {
  cosine,
  croppedCosine,
  type Fingerprint,
  fingerprintOf,
  isFlat,
  plainDistance,
  wideDistance,
} from "../../src/domain/fingerprint.ts";

const ZEROS = "0".repeat(16);
const prints = (over: { phash?: string; phash256?: string; thumb?: Int8Array } = {}) => {
  const bytes = over.thumb ?? Int8Array.from({ length: 256 }, (_, i) => i - 128);
  return fingerprintOf({
    phashes: [over.phash ?? ZEROS, ...Array.from({ length: 7 }, () => ZEROS)],
    phash256: over.phash256 ?? "0".repeat(64),
    thumb: Buffer.from(bytes.buffer).toString("base64"),
  });
};

describe("a fingerprint", () => {
  it("is read from hex digits and signed bytes", () => {
    const { hashes, wide, thumb } = prints({ phash: "80000000ffff0001", phash256: `${"0".repeat(56)}deadbeef` });
    expect([...hashes.slice(0, 3)]).toEqual([0x80000000, 0xffff0001, 0]);
    expect(wide[7]).toBe(0xdeadbeef);
    expect([...thumb.slice(0, 2), thumb[255]]).toEqual([-128, -127, 127]);
  });

  it("is as far from another as bits differ", () => {
    expect(plainDistance(prints({ phash: "80000000ffff0001" }), prints())).toBe(18);
    expect(wideDistance(prints({ phash256: `${"0".repeat(56)}deadbeef` }), prints())).toBe(24);
  });

  it("has a cosine of 1 with itself made brighter or darker, -1 with its negative, and 0 with a flat tone", () => {
    const half = prints({ thumb: Int8Array.from({ length: 256 }, (_, i) => (i - 128) / 2) });
    const negative = prints({ thumb: Int8Array.from({ length: 256 }, (_, i) => 127 - i) });
    const flat = prints({ thumb: new Int8Array(256) });
    expect(cosine(prints(), half)).toBeCloseTo(1, 2);
    expect(cosine(prints(), negative)).toBeCloseTo(-1, 2);
    expect(cosine(prints(), flat)).toBe(0);
    expect([isFlat(flat), isFlat(half)]).toEqual([true, false]);
  });
});

describe("a part of another shape", () => {
  /** As a look would reduce it: a picture given by a formula, or a window of it, on 16 x 16 cells. */
  const of = (seed: number, x: number, width: number, y = 0, height = 1): Fingerprint => {
    const picture = (u: number, v: number): number =>
      Math.sin(7 * u + seed) * Math.cos(5 * v - 2 * seed) + Math.sin(3 * seed * u * v + 4 * v);
    const values = Array.from({ length: 256 }, (_, i) =>
      picture(x + (width * ((i % 16) + 0.5)) / 16, y + (height * (Math.floor(i / 16) + 0.5)) / 16),
    );
    const mean = values.reduce((sum, value) => sum + value, 0) / 256;
    const most = Math.max(...values.map((value) => Math.abs(value - mean)));
    const thumb = Int8Array.from(values, (value) => Math.round((127 * (value - mean)) / most));
    return { hashes: new Uint32Array(16), wide: new Uint32Array(8), thumb };
  };

  it.each([0, 0.25, 0.4])("is found in the whole it was cut out of, in both orders, from %d on", (x) => {
    const [whole, narrow, low] = [of(2, 0, 1), of(2, x, 0.53), of(2, 0, 1, x, 0.53)];
    expect(croppedCosine(whole, narrow, [1.5, 0.8])).toBeGreaterThan(0.9);
    expect(croppedCosine(narrow, whole, [0.8, 1.5])).toBeGreaterThan(0.9);
    expect(croppedCosine(whole, low, [0.8, 1.5])).toBeGreaterThan(0.9);
  });

  it("is not found in another picture, nor looked for where the shape is the same", () => {
    expect(croppedCosine(of(2, 0, 1), of(5, 0.25, 0.53), [1.5, 0.8])).toBeLessThan(0.6);
    expect(croppedCosine(of(2, 0, 1), of(2, 0, 1), [1.5, 1.5])).toBe(-1);
  });
});
