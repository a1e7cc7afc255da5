import type { Measures } from "../domain/facts.ts";
import type { Luma } from "./measures.ts";
import { NOISE_EDGE, type Statistics, TILE, TILE_EDGE } from "./statistics.ts";

/** What the sums over the pixels of a photo say about how it was made. */

const PIXELS = TILE_EDGE * TILE_EDGE;

/** Luma variance above which a tile shows something. */
const TEXTURED = 40;
const FEWEST_TEXTURED = 4;
/** Energy of white noise in steps between neighbours, before and after the blur, for a noise of 1. */
const NOISE_ENERGY = 4;
const NOISE_LEFT = 0.0127;
const CALMEST = 0.1;
/** Noise that is less lowers no score by more than not knowing it does. */
const DOUBTED = 2.7;
/**
 * Variance of a tile over that of its noise: 1 where there is nothing but noise. Up to 2.6 in photographs with a noise of 10
 * added, from 3.4 on in sharp ones of leaves and needles a few hundred pixels long, of which no part is calm.
 */
const CALM = 3;
/** All photos are compared as if their mean luma were this. */
const MEAN_LUMA = 110;
const CRISPEST = 0.1;

export type Traits = Pick<
  Measures,
  "reblur" | "noise" | "anisotropy" | "smear" | "clipped" | "p95" | "range" | "detail"
>;

export function traitsOf(statistics: Statistics): Traits {
  const { luma, brightness, histogram, clipped } = statistics;
  const pixels = luma.width * luma.height;
  const noise = percentile(
    statistics.noise.filter((one) => one >= 0),
    CALMEST,
  );
  const tiles = tilesOf(statistics.tiles, noise ?? 0);
  const textured = tiles.filter(({ variance }) => variance > TEXTURED);
  const judged = textured.length < FEWEST_TEXTURED ? tiles : textured;
  const [p1, p95, p99] = [0.01, 0.95, 0.99].map((share) => lumaAt(histogram, share * pixels)) as [
    number,
    number,
    number,
  ];
  return {
    reblur:
      percentile(
        Float32Array.from(judged, ({ reblur }) => reblur),
        0.95,
      ) ?? 0,
    noise: noise !== null && noise > DOUBTED && !hasCalm(statistics, noise) ? null : noise,
    ...directionOf(judged),
    clipped: clipped / pixels,
    p95,
    range: p99 - p1,
    detail: detailOf(tiles, brightness),
  };
}

/** Is what is left in the calmest parts noise, rather than leaves that are smaller than a tile? */
function hasCalm({ noise, luma }: Statistics, calmest: number): boolean {
  const columns = Math.floor((luma.width - 2) / NOISE_EDGE);
  const calm = [...noise.keys()].filter((tile) => (noise[tile] ?? -1) >= 0 && (noise[tile] ?? 0) <= calmest);
  const unrest = calm.map((tile) => {
    const place = [1 + (tile % columns) * NOISE_EDGE, 1 + Math.floor(tile / columns) * NOISE_EDGE] as const;
    return varianceOf(luma, place) / Math.max(1, noise[tile] ?? 0) ** 2;
  });
  return (percentile(Float32Array.from(unrest), CALMEST) ?? 0) < CALM;
}

function varianceOf({ data, width }: Luma, [left, top]: readonly [number, number]): number {
  let sum = 0;
  let squares = 0;
  for (let y = top; y < top + NOISE_EDGE; y += 1)
    for (let x = left; x < left + NOISE_EDGE; x += 1) {
      const value = data[y * width + x] ?? 0;
      sum += value;
      squares += value * value;
    }
  const pixels = NOISE_EDGE ** 2;
  return squares / pixels - (sum / pixels) ** 2;
}

interface Tile {
  readonly variance: number;
  /** gradient energy a pixel without that of noise */
  readonly energy: number;
  /** share of it that a blur takes away */
  readonly reblur: number;
  readonly fine: Products;
  readonly coarse: Products;
}

type Products = readonly [xx: number, xy: number, yy: number];

function tilesOf(sums: Float32Array, noise: number): Tile[] {
  return Array.from({ length: sums.length / TILE.size }, (_, tile) => {
    const at = (place: number): number => sums[tile * TILE.size + place] ?? 0;
    const energy = at(TILE.gradient) / PIXELS - NOISE_ENERGY * noise ** 2;
    const left = at(TILE.blurred) / PIXELS - NOISE_ENERGY * NOISE_LEFT * noise ** 2;
    return {
      variance: Math.max(0, at(TILE.squares) / PIXELS - (at(TILE.sum) / PIXELS) ** 2),
      energy: Math.max(0, energy),
      reblur: energy <= 0 ? 0 : Math.min(1, Math.max(0, 1 - left / energy)),
      fine: [at(TILE.fineXX), at(TILE.fineXY), at(TILE.fineYY)],
      coarse: [at(TILE.coarseXX), at(TILE.coarseXY), at(TILE.coarseYY)],
    };
  });
}

/** Of each the weights of the products that give the energy along it: asked for by every tile. */
const DIRECTIONS = Array.from({ length: 8 }, (_, i): Products => {
  const angle = (i * Math.PI) / 8;
  return [Math.cos(angle) ** 2, Math.sin(2 * angle), Math.sin(angle) ** 2];
});

/** Less energy than this a pixel is rounding, not detail. */
const ROUNDING = 0.05;

function directionOf(tiles: readonly Tile[]): Pick<Measures, "anisotropy" | "smear"> {
  if (tiles.length === 0) return { anisotropy: 1, smear: 0 };
  const ratios = ratiosOf(added(tiles.map(({ fine }) => fine)), added(tiles.map(({ coarse }) => coarse)), tiles.length);
  const poorest = ratios.indexOf(Math.min(...ratios));
  const sharing = tiles.filter(({ fine, coarse }) => {
    const own = ratiosOf(fine, coarse, 1);
    return stepsApart(own.indexOf(Math.min(...own)), poorest) <= 1;
  });
  return { anisotropy: Math.max(...ratios) / Math.min(...ratios), smear: sharing.length / tiles.length };
}

const stepsApart = (a: number, b: number): number => Math.min((a - b + 8) % 8, (b - a + 8) % 8);

const added = (all: readonly Products[]): Products =>
  all.reduce<Products>(([xx, xy, yy], [a, b, c]) => [xx + a, xy + b, yy + c], [0, 0, 0]);

/** Energy of the derivatives of detail over those of form, for each direction. */
function ratiosOf(fine: Products, coarse: Products, tiles: number): number[] {
  const rounding = ROUNDING * PIXELS * tiles;
  return DIRECTIONS.map((direction) => (along(fine, direction) + rounding) / (along(coarse, direction) + rounding));
}

const along = ([xx, xy, yy]: Products, [ofXx, ofXy, ofYy]: Products): number =>
  Math.max(0, ofXx * xx + ofXy * xy + ofYy * yy);

function detailOf(tiles: readonly Tile[], brightness: number): number {
  const scores = tiles.map(({ energy, reblur }) => energy * reblur).toSorted((a, b) => b - a);
  const best = scores.slice(0, Math.ceil(scores.length * CRISPEST));
  if (best.length === 0) return 0;
  const gain = MEAN_LUMA / Math.max(1, brightness);
  return (gain ** 2 * best.reduce((sum, score) => sum + score, 0)) / best.length;
}

/** @param share 0 to 1; between two values what lies between them @returns null if there are none */
function percentile(values: Float32Array, share: number): number | null {
  const sorted = values.toSorted();
  const place = share * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  return below === undefined || above === undefined ? null : below + (above - below) * (place - Math.floor(place));
}

/** The least luma that so many pixels do not exceed. */
function lumaAt(histogram: Uint32Array, count: number): number {
  let sum = 0;
  for (const [value, pixels] of histogram.entries()) {
    sum += pixels;
    if (sum >= count) return value;
  }
  return 255;
}

/** Which of the eight columns, and of the eight rows, begins a block. */
export interface BlockGrid {
  readonly x: number;
  readonly y: number;
}

/**
 * Steps at the borders of JPEG's blocks over steps elsewhere.
 *
 * @param luma not resized, or its blocks are gone
 * @returns about 1 without blocks; null if it is too small to tell
 */
export function blockinessOf(luma: Luma, grid: BlockGrid): number | null {
  if (Math.min(luma.width, luma.height) < 24) return null;
  const steps = new Float64Array(8);
  addSteps(steps, luma, 1, luma.width, grid.x);
  addSteps(steps, luma, luma.width, luma.height, grid.y);
  const inside = steps.subarray(1).toSorted();
  return ((steps[0] ?? 0) + LEAST_STEP) / ((inside[3] ?? 0) + LEAST_STEP);
}

/** So that a picture without any steps has no blocks. */
const LEAST_STEP = 1e-3;

/** Adds how far the steps along one direction stand out from those beside them, on average, by their place in a block. */
function addSteps(
  into: Float64Array,
  { data, width, height }: Luma,
  stride: number,
  length: number,
  start: number,
): void {
  const lines = (width * height) / length;
  const step = (at: number): number => Math.abs((data[at] ?? 0) - (data[at - stride] ?? 0));
  const sums = new Float64Array(8);
  const counts = new Float64Array(8);
  for (let place = 2; place < length - 1; place += 1) {
    const phase = (place - start + 8) % 8;
    counts[phase] = (counts[phase] ?? 0) + lines;
    let sum = 0;
    for (let line = 0; line < lines; line += 1) {
      const at = stride === 1 ? line * width + place : place * width + line;
      sum += Math.max(0, step(at) - (step(at - stride) + step(at + stride)) / 2);
    }
    sums[phase] = (sums[phase] ?? 0) + sum;
  }
  for (let phase = 0; phase < 8; phase += 1)
    into[phase] = (into[phase] ?? 0) + (sums[phase] ?? 0) / Math.max(1, counts[phase] ?? 0);
}
