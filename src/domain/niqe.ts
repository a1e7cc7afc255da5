import { z } from "zod";

/**
 * How unlike the photographer's own archive a photo is: the statistics of its sharp patches against those of approved
 * photos. Blind to exposure and contrast, so it is a hint and no part of any score.
 *
 * @see Mittal, Soundararajan, Bovik 2013, "Making a completely blind image quality analyzer"
 */

/** Figures a patch; the file of patches is rows of these. */
export const FEATURES = 36;

/** With less the covariance is singular, and every photo would be unlike. */
export const FEWEST_IMAGES = 20;
export const FEWEST_PATCHES = 120;
/** More images make the model no better, and the fit slower. */
export const MOST_IMAGES = 200;
/** Scores a photo must have to stand for the archive: a quarter of blurred frames in it spoils the model. */
export const SOUND = { sharp: 80, noise: 70, block: 70 } as const;

const FEWEST_ROWS = 2;
/** Share of the archive's own photos that lie nearer than one that is unlike it. */
const UNLIKE_BEYOND = 0.99;

const figures = (length: number) => z.array(z.number()).length(length);

/** The rows a file of patches holds, in memory of their own: what is read need not start where numbers may. */
export function patchRows(file: Uint8Array): Float32Array {
  const bytes = Uint8Array.from(file);
  return new Float32Array(bytes.buffer, 0, Math.floor(bytes.length / Float32Array.BYTES_PER_ELEMENT));
}

export const NiqeModel = z.object({
  mu: figures(FEATURES),
  /** covariance, row by row */
  cov: figures(FEATURES * FEATURES),
  /** of each of its images to the model without it, ascending */
  distances: z.array(z.number().nonnegative()).min(FEWEST_IMAGES),
  images: z.int().min(FEWEST_IMAGES),
  patches: z.int().min(FEWEST_PATCHES),
  /** version of the rules its images were chosen by */
  scorer: z.string(),
  /** ISO, UTC */
  createdAt: z.string(),
  /** sha256 over the hashes of its photos */
  sources: z.string().length(64),
});
export type NiqeModel = z.infer<typeof NiqeModel>;
export type Fit = Pick<NiqeModel, "mu" | "cov" | "distances" | "images" | "patches">;

export type Fitted =
  | { readonly kind: "fitted"; readonly fit: Fit }
  | { readonly kind: "too-few"; readonly images: number; readonly patches: number };

/**
 * @param images rows of features of each; those with fewer than two good rows are left out
 * @returns the model with its leave-one-out distances, or how little there is
 */
export function fitArchive(images: readonly Float32Array[]): Fitted {
  const sums = images.map(sumsOf).filter(({ rows }) => rows >= FEWEST_ROWS);
  const all = sums.reduce((into, one) => combined(into, one, 1), EMPTY);
  if (sums.length < FEWEST_IMAGES || all.rows < FEWEST_PATCHES)
    return { kind: "too-few", images: sums.length, patches: all.rows };
  const { mu, cov } = gaussianOf(all);
  const distances = sums.map((one) => distance(gaussianOf(combined(all, one, -1)), gaussianOf(one)));
  return {
    kind: "fitted",
    fit: {
      mu: [...mu],
      cov: [...cov],
      distances: distances.toSorted((a, b) => a - b),
      images: sums.length,
      patches: all.rows,
    },
  };
}

export interface Likeness {
  /** per cent of the archive's own photos that lie nearer to it, 0-100 */
  readonly percentile: number;
  readonly unlike: boolean;
}

/** @returns null where the photo has too few sharp patches to say */
export function likenessTo(model: Fit, patches: Float32Array): Likeness | null {
  const sums = sumsOf(patches);
  if (sums.rows < FEWEST_ROWS) return null;
  const own = { mu: Float64Array.from(model.mu), cov: Float64Array.from(model.cov) };
  const far = distance(own, gaussianOf(sums));
  const nearer = model.distances.filter((one) => one < far).length;
  return {
    percentile: Math.round((100 * nearer) / model.distances.length),
    unlike: far > quantile(model.distances, UNLIKE_BEYOND),
  };
}

interface Sums {
  readonly rows: number;
  readonly sum: Float64Array;
  /** of products of every two figures, row by row */
  readonly products: Float64Array;
}

const EMPTY: Sums = { rows: 0, sum: new Float64Array(FEATURES), products: new Float64Array(FEATURES * FEATURES) };

/** Rows with a figure that is none are left out: a patch without texture has no shape. */
function sumsOf(patches: Float32Array): Sums {
  const sum = new Float64Array(FEATURES);
  const products = new Float64Array(FEATURES * FEATURES);
  let rows = 0;
  for (let at = 0; at + FEATURES <= patches.length; at += FEATURES) {
    const row = patches.subarray(at, at + FEATURES);
    if (!row.every(Number.isFinite)) continue;
    rows += 1;
    row.forEach((a, i) => {
      sum[i] = (sum[i] ?? 0) + a;
      row.forEach((b, j) => {
        products[i * FEATURES + j] = (products[i * FEATURES + j] ?? 0) + a * b;
      });
    });
  }
  return { rows, sum, products };
}

const combined = (a: Sums, b: Sums, sign: 1 | -1): Sums => ({
  rows: a.rows + sign * b.rows,
  sum: a.sum.map((value, i) => value + sign * (b.sum[i] ?? 0)),
  products: a.products.map((value, i) => value + sign * (b.products[i] ?? 0)),
});

interface Gaussian {
  readonly mu: Float64Array;
  readonly cov: Float64Array;
}

function gaussianOf({ rows, sum, products }: Sums): Gaussian {
  const mu = sum.map((value) => value / rows);
  const cov = products.map((product, i) => {
    const [row, column] = [Math.floor(i / FEATURES), i % FEATURES];
    return (product - rows * (mu[row] ?? 0) * (mu[column] ?? 0)) / Math.max(1, rows - 1);
  });
  return { mu, cov };
}

/** Between the means, in units of both spreads. */
function distance(a: Gaussian, b: Gaussian): number {
  const spread = a.cov.map((value, i) => (value + (b.cov[i] ?? 0)) / 2);
  const trace = a.mu.reduce((sum, _, i) => sum + (spread[i * FEATURES + i] ?? 0), 0);
  // A photo with few patches has a flat spread of its own; without it nothing could be divided by.
  const ridge = Math.max((1e-6 * trace) / FEATURES, Number.EPSILON);
  for (let i = 0; i < FEATURES; i += 1) spread[i * FEATURES + i] = (spread[i * FEATURES + i] ?? 0) + ridge;
  const apart = a.mu.map((value, i) => value - (b.mu[i] ?? 0));
  const solved = forward(cholesky(spread), apart);
  return Math.sqrt(solved.reduce((sum, value) => sum + value * value, 0));
}

/** Lower triangle L with L Lᵀ = matrix, which must be symmetric; rounding is kept from making a root negative. */
function cholesky(matrix: Float64Array): Float64Array {
  const lower = new Float64Array(matrix.length);
  const at = (i: number, j: number): number => lower[i * FEATURES + j] ?? 0;
  for (let i = 0; i < FEATURES; i += 1)
    for (let j = 0; j <= i; j += 1) {
      let left = matrix[i * FEATURES + j] ?? 0;
      for (let k = 0; k < j; k += 1) left -= at(i, k) * at(j, k);
      lower[i * FEATURES + j] = i === j ? Math.sqrt(Math.max(left, Number.MIN_VALUE)) : left / at(j, j);
    }
  return lower;
}

/** Solves L x = b. */
function forward(lower: Float64Array, b: Float64Array): Float64Array {
  const x = new Float64Array(b.length);
  for (let i = 0; i < b.length; i += 1) {
    let left = b[i] ?? 0;
    for (let k = 0; k < i; k += 1) left -= (lower[i * FEATURES + k] ?? 0) * (x[k] ?? 0);
    x[i] = left / (lower[i * FEATURES + i] ?? 1);
  }
  return x;
}

function quantile(ascending: readonly number[], share: number): number {
  const place = share * (ascending.length - 1);
  const below = Math.floor(place);
  const low = ascending[below] ?? 0;
  return low + ((ascending[below + 1] ?? low) - low) * (place - below);
}
