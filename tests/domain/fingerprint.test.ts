import { describe, expect, it } from "vitest";
import { cosine, fingerprintOf, isFlat, plainDistance, wideDistance } from "../../src/domain/fingerprint.ts";

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
