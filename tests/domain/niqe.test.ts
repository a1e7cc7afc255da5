import { describe, expect, test } from "vitest";
import { FEATURES, FEWEST_IMAGES, type Fit, fitArchive, likenessTo } from "../../src/domain/niqe.ts";

/** Numbers that look like chance and are the same every time. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Patches of one photo: features that lean on each other, around a place of their own. */
function photo(seed: number, rows = 12, shift = 0): Float32Array {
  const next = chance(seed * 7_919);
  for (let i = 0; i < 5; i += 1) next();
  return Float32Array.from({ length: rows * FEATURES }, (_, i) => (i % 3) + next() + next() + shift);
}

const photos = (count: number, rows?: number): Float32Array[] =>
  Array.from({ length: count }, (_, i) => photo(i + 1, rows));

function fitted(images: readonly Float32Array[]): Fit {
  const result = fitArchive(images);
  if (result.kind !== "fitted") throw new Error(`only ${result.images} images`);
  return result.fit;
}

describe("a model of the archive", () => {
  test("needs twenty photos and 120 patches, and says what there is", () => {
    expect(fitArchive(photos(19, 12))).toEqual({ kind: "too-few", images: 19, patches: 228 });
    expect(fitArchive(photos(FEWEST_IMAGES, 5))).toEqual({ kind: "too-few", images: 20, patches: 100 });
    expect(fitted(photos(FEWEST_IMAGES, 6))).toMatchObject({ images: 20, patches: 120 });
  });

  test("does not count photos without good patches", () => {
    const none = [new Float32Array(0), photo(1, 1), Float32Array.from({ length: 90 }, () => Number.NaN)];
    expect(fitArchive([...photos(19), ...none])).toMatchObject({ kind: "too-few", images: 19 });
  });

  test("has mean and covariance of all patches", () => {
    const images = photos(20);
    const { mu, cov } = fitted(images);
    const rows = images.flatMap((one) =>
      Array.from({ length: one.length / FEATURES }, (_, row) => [...one.slice(row * FEATURES, (row + 1) * FEATURES)]),
    );
    const mean = (column: number): number => rows.reduce((sum, row) => sum + (row[column] ?? 0), 0) / rows.length;
    const spread = (a: number, b: number): number =>
      rows.reduce((sum, row) => sum + ((row[a] ?? 0) - mean(a)) * ((row[b] ?? 0) - mean(b)), 0) / (rows.length - 1);
    expect(mu[7]).toBeCloseTo(mean(7), 9);
    expect(cov[7 * FEATURES + 9]).toBeCloseTo(spread(7, 9), 9);
    expect(cov[7 * FEATURES + 7]).toBeCloseTo(spread(7, 7), 9);
  });

  test("has no figure that is none, though all patches are the same", () => {
    const same = Array.from({ length: 20 }, () => new Float32Array(FEATURES * 6).fill(2));
    expect(fitted(same).distances.every(Number.isFinite)).toBe(true);
  });

  test("leaves each photo out when it is measured: a stray one is far although it is in the archive", () => {
    const { distances } = fitted([...photos(30), photo(99, 12, 3)]);
    expect(distances.at(-1)).toBeGreaterThan(2 * (distances.at(-2) ?? 0));
    expect(distances).toEqual(distances.toSorted((a, b) => a - b));
    const others = fitted(photos(30));
    const own = (apart: number) => ({ ...others, distances: new Array(20).fill((distances.at(-1) ?? 0) + apart) });
    expect(likenessTo(own(-1e-6), photo(99, 12, 3))?.unlike).toBe(true);
    expect(likenessTo(own(1e-6), photo(99, 12, 3))?.unlike).toBe(false);
  });
});

describe("a photo", () => {
  const archive = fitted(photos(60));

  test("of the same kind is like the archive", () => {
    const strangers = Array.from({ length: 40 }, (_, i) => likenessTo(archive, photo(500 + i)));
    expect(strangers.filter((one) => one?.unlike === true).length).toBeLessThanOrEqual(2);
  });

  test("of another kind is unlike it, beyond all of its own", () => {
    expect(likenessTo(archive, photo(500, 12, 1))).toEqual({ percentile: 100, unlike: true });
  });

  test("without patches is not judged", () => {
    expect(likenessTo(archive, new Float32Array(0))).toBeNull();
  });

  test("of known distance is measured so", () => {
    // Without spread in the photo the archive's counts half: sqrt(2) of one standard deviation.
    const mu = new Array<number>(FEATURES).fill(0);
    const cov = Array.from({ length: FEATURES ** 2 }, (_, i) => (i % (FEATURES + 1) === 0 ? 1 : 0));
    const still = new Float32Array(2 * FEATURES);
    still[0] = 1;
    still[FEATURES] = 1;
    const model = (at: number): Fit => ({ mu, cov, distances: new Array(20).fill(at), images: 20, patches: 120 });
    expect(likenessTo(model(Math.SQRT2 - 1e-5), still)).toEqual({ percentile: 100, unlike: true });
    expect(likenessTo(model(Math.SQRT2 + 1e-5), still)).toEqual({ percentile: 0, unlike: false });
  });
});
