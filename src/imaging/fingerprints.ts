import type { Means } from "./measures.ts";

/** Fingerprints of a photo, for finding its like. All are made of reductions of its luma. */

const GRID = 32;
const BLOCK = 8;
const FINE_BLOCK = 16;

export interface PerceptualHashes {
  readonly phash: string;
  /** of the photo under the 8 flips and quarter turns, the first as it is */
  readonly phashes: string[];
  readonly phash256: string;
}

/**
 * Perceptual hashes from the low frequencies of a 32 x 32 reduction. Without the first row and column, which hold overall
 * brightness and gradients: with them, unrelated flat pictures collide.
 */
export function perceptualHashes(means: Means): PerceptualHashes {
  const frequencies = lowFrequencies(means(GRID, GRID));
  const block = blockOf(frequencies, BLOCK);
  const phashes = TURNS.map((turn) => hashOf(turned(block, turn)));
  return { phash: phashes[0] ?? "", phashes, phash256: hashOf(frequencies) };
}

interface Turn {
  readonly isTransposed: boolean;
  readonly isMirrored: boolean;
  readonly isFlipped: boolean;
}

const TURNS: readonly Turn[] = [0, 1, 2, 3, 4, 5, 6, 7].map((turn) => ({
  isTransposed: turn >= 4,
  isFlipped: turn % 4 >= 2,
  isMirrored: turn % 2 === 1,
}));

/** A mirrored picture has the same frequencies, the odd ones with the other sign; a transposed one has them transposed. */
function turned(block: Float64Array, { isTransposed, isMirrored, isFlipped }: Turn): Float64Array {
  return block.map((_, at) => {
    const [v, u] = [Math.floor(at / BLOCK), at % BLOCK];
    const value = block[isTransposed ? u * BLOCK + v : at] ?? 0;
    // The first of the block is frequency 1: even places are odd frequencies.
    const signs = (isMirrored && u % 2 === 0 ? 1 : 0) + (isFlipped && v % 2 === 0 ? 1 : 0);
    return signs === 1 ? -value : value;
  });
}

function hashOf(frequencies: Float64Array): string {
  const sorted = frequencies.toSorted();
  const median = sorted[sorted.length / 2] ?? 0;
  return hexOf(frequencies, (value) => value > median);
}

const blockOf = (frequencies: Float64Array, size: number): Float64Array =>
  Float64Array.from(
    { length: size * size },
    (_, at) => frequencies[Math.floor(at / size) * FINE_BLOCK + (at % size)] ?? 0,
  );

/** DCT-II coefficients 1..16 in both directions, columns first: 12,000 products where the plain sum has 260,000. */
function lowFrequencies(cells: Float32Array): Float64Array {
  const columns = new Float64Array(FINE_BLOCK * GRID);
  for (let v = 1; v <= FINE_BLOCK; v += 1)
    for (let x = 0; x < GRID; x += 1) {
      let sum = 0;
      for (let y = 0; y < GRID; y += 1) sum += (cells[y * GRID + x] ?? 0) * cosine(y, v);
      columns[(v - 1) * GRID + x] = sum;
    }
  const out = new Float64Array(FINE_BLOCK * FINE_BLOCK);
  for (let v = 0; v < FINE_BLOCK; v += 1)
    for (let u = 1; u <= FINE_BLOCK; u += 1) {
      let sum = 0;
      for (let x = 0; x < GRID; x += 1) sum += (columns[v * GRID + x] ?? 0) * cosine(x, u);
      out[v * FINE_BLOCK + (u - 1)] = sum;
    }
  return out;
}

const COSINES = Float64Array.from({ length: GRID * (FINE_BLOCK + 1) }, (_, i) =>
  Math.cos((Math.PI * (2 * (i % GRID) + 1) * Math.floor(i / GRID)) / (2 * GRID)),
);
const cosine = (position: number, frequency: number): number => COSINES[frequency * GRID + position] ?? 0;

/** 64-bit difference hash: is each cell brighter than its left neighbour? @returns 16 hex digits */
export function dhash64(means: Means): string {
  const cells = means(9, 8);
  const bits = Float64Array.from({ length: 64 }, (_, i) => {
    const at = Math.floor(i / 8) * 9 + (i % 8);
    return (cells[at + 1] ?? 0) - (cells[at] ?? 0);
  });
  return hexOf(bits, (difference) => difference > 0);
}

function hexOf(values: Float64Array, isSet: (value: number) => boolean): string {
  let hex = "";
  for (let i = 0; i < values.length; i += 4) {
    const nibble = [0, 1, 2, 3].reduce((sum, bit) => sum * 2 + (isSet(values[i + bit] ?? 0) ? 1 : 0), 0);
    hex += nibble.toString(16);
  }
  return hex;
}

const THUMB_EDGE = 16;
const FURTHEST = 127;
/** Less than that is no picture but the rounding of a flat one. */
const LEAST = 1e-6;

/** 16 x 16 luma around its mean, stretched to signed bytes: the cosine of two says how alike they are. @returns base64 */
export function thumbOf(means: Means): string {
  const cells = means(THUMB_EDGE, THUMB_EDGE);
  const mean = cells.reduce((sum, value) => sum + value, 0) / cells.length;
  const largest = cells.reduce((most, value) => Math.max(most, Math.abs(value - mean)), 0);
  const scale = largest > LEAST ? FURTHEST / largest : 0;
  return Buffer.from(Int8Array.from(cells, (value) => Math.round((value - mean) * scale)).buffer).toString("base64");
}

const GREY_EDGE = 96;

/** The photo stretched to a square of 96 x 96, a byte of luma a pixel: for finding a crop of it. */
export function greyOf(means: Means): Uint8Array {
  const cells = means(GREY_EDGE, GREY_EDGE);
  const grey = new Uint8Array(cells.length);
  for (let at = 0; at < cells.length; at += 1) grey[at] = Math.round(cells[at] ?? 0);
  return grey;
}
