import { describe, expect, it } from "vitest";
import { bitsIn, hamming } from "../../src/domain/fingerprint.ts";
import { nearby, nearTo, unionsOf } from "../../src/domain/nearby.ts";
import { chance } from "../fixtures/chance.ts";

/** A third follow another hash with a few bits changed. */
function hashesOf(count: number, seed: number): Uint32Array {
  const next = chance(seed);
  const hashes = new Uint32Array(2 * count);
  for (let i = 0; i < hashes.length; i += 1) {
    const isNear = i >= 2 && (i >> 1) % 3 === 0;
    const flips = (1 << (next() % 32)) | (1 << (next() % 32)) | (1 << (next() % 32));
    hashes[i] = isNear ? (hashes[i - 2] ?? 0) ^ flips : next();
  }
  return hashes;
}

function byBruteForce(hashes: Uint32Array, most: number): string[] {
  const pairs: string[] = [];
  const at = (i: number): number => hashes[i] ?? 0;
  for (let a = 0; a < hashes.length / 2; a += 1)
    for (let b = a + 1; b < hashes.length / 2; b += 1) {
      const distance = hamming(at(2 * a), at(2 * a + 1), at(2 * b), at(2 * b + 1));
      if (distance <= most) pairs.push(`${a} ${b} ${distance}`);
    }
  return pairs.toSorted();
}

function byBands(hashes: Uint32Array, most: number): string[] {
  const pairs: string[] = [];
  nearby(hashes, most, (a, b, distance) => pairs.push(`${a} ${b} ${distance}`));
  return pairs.toSorted();
}

describe("nearby", () => {
  it.each([0, 1, 3, 4, 8, 10, 12, 14])(
    "finds every pair within %i bits once, as comparing all with all does",
    (most) => {
      for (const seed of [1, 2, 3]) {
        const hashes = hashesOf(600, seed);
        expect(byBands(hashes, most)).toEqual(byBruteForce(hashes, most));
      }
    },
  );

  it("finds the same with the three bands that very many hashes get", () => {
    const few = hashesOf(300, 4);
    const hashes = new Uint32Array(2 * 150_000);
    const next = chance(5);
    for (let i = 0; i < hashes.length; i += 1) hashes[i] = next();
    hashes.set(few);
    const own = byBands(hashes, 8).filter((pair) =>
      pair.split(" ").every((place, i) => i === 2 || Number(place) < 300),
    );
    expect(own).toEqual(byBruteForce(few, 8));
    expect(own.length).toBeGreaterThan(50);
  });

  it("finds nothing among none and one", () => {
    expect(byBands(new Uint32Array(0), 8)).toEqual([]);
    expect(byBands(new Uint32Array(2), 8)).toEqual([]);
  });
});

describe("nearTo", () => {
  it("finds the hashes close to one, and none behind the count", () => {
    const hashes = Uint32Array.from([0, 0, 0, 0b111, 0xffffffff, 0, 0, 0]);
    const found: [number, number][] = [];
    nearTo(hashes, 3, 0, 1, 8, (at, distance) => found.push([at, distance]));
    expect(found).toEqual([
      [0, 1],
      [1, 2],
    ]);
  });
});

describe("bitsIn", () => {
  it("counts as the written number does", () => {
    const next = chance(6);
    for (let i = 0; i < 1000; i += 1) {
      const word = next();
      expect(bitsIn(word)).toBe([...word.toString(2)].filter((digit) => digit === "1").length);
    }
  });
});

describe("unionsOf", () => {
  it("groups who is joined by any way, in rising order, and leaves out who is alone", () => {
    const unions = unionsOf(7);
    unions.join(5, 3);
    unions.join(1, 3);
    unions.join(0, 6);
    expect(unions.groups()).toEqual([
      [0, 6],
      [1, 3, 5],
    ]);
  });
});
