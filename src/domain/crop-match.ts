/**
 * Is one photo a crop of another, or does it go on where the other ends? Both are 96 x 96 grey, stretched to a square; the
 * true shapes are known, so a crop has three unknowns only: where it is, and how large.
 */
import type { Overlap } from "./facts.ts";

const EDGE = 96;
/** of the sums, which begin with a line and a column of nothing */
const SIDE = EDGE + 1;
export const GREY_BYTES = EDGE * EDGE;

/** A grey reduction and the shape of the photo it was made of: width / height. */
export interface Grey {
  readonly data: Uint8Array;
  readonly aspect: number;
}

/** A part of the square, 0-1. */
interface Window {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const WHOLE: Window = { x: 0, y: 0, width: 1, height: 1 };
const SCALES = [1, 0.93, 0.86, 0.8, 0.73, 0.66, 0.6];
const COARSE = 16;
const FINE = 32;
const COARSE_STEP = 0.05;
const CLIMBERS = 4;
/** what is less alike than this in the coarse does not become a crop by moving a little */
const WORTH_CLIMBING = 0.6;
const CLIMB_STEPS = 5;

/**
 * How well one of two photos is found within the other.
 *
 * @returns -1 to 1, normalised cross-correlation; 0.92 and above is a crop, a framed version or an edit
 */
export function cropScore(a: Grey, b: Grey): number {
  return Math.max(foundWithin(a, b), foundWithin(b, a));
}

/** Sums over all rectangles that begin at the origin: the mean of any other costs four look-ups. */
function sumsOf({ data }: Grey): Float64Array {
  const sums = new Float64Array(SIDE * SIDE);
  for (let y = 0; y < EDGE; y += 1) {
    let row = 0;
    for (let x = 0; x < EDGE; x += 1) {
      row += data[y * EDGE + x] ?? 0;
      sums[(y + 1) * SIDE + x + 1] = (sums[y * SIDE + x + 1] ?? 0) + row;
    }
  }
  return sums;
}

/** where the corners of a grid stand across: the pixel left of each, and how far beyond it. One set for all: nothing waits in between */
const lefts = new Int32Array(FINE + 1);
const rights = new Float64Array(FINE + 1);
const lines = [new Float64Array(FINE + 1), new Float64Array(FINE + 1)] as const;

function standAcross(x: number, width: number, cells: number): void {
  for (let i = 0; i <= cells; i += 1) {
    const at = Math.min((x + (width * i) / cells) * EDGE, EDGE);
    const left = Math.min(Math.floor(at), EDGE - 1);
    lefts[i] = left;
    rights[i] = at - left;
  }
}

/** The sums along one line of grid corners, between pixels as well. */
function sumsAlong(sums: Float64Array, y: number, cells: number, line: Float64Array): void {
  const atY = Math.min(y * EDGE, EDGE);
  const top = Math.min(Math.floor(atY), EDGE - 1);
  const down = atY - top;
  const row = top * SIDE;
  for (let i = 0; i <= cells; i += 1) {
    const at = row + (lefts[i] ?? 0);
    const right = rights[i] ?? 0;
    const above = (sums[at] ?? 0) + ((sums[at + 1] ?? 0) - (sums[at] ?? 0)) * right;
    const below = (sums[at + SIDE] ?? 0) + ((sums[at + SIDE + 1] ?? 0) - (sums[at + SIDE] ?? 0)) * right;
    line[i] = above + (below - above) * down;
  }
}

/** Every mean under an even grid over a window, row by row, but for one factor. Taken before the next grid is asked for. */
const values = new Float64Array(FINE * FINE);

function overGrid(sums: Float64Array, { x, y, width, height }: Window, cells: number): void {
  standAcross(x, width, cells);
  sumsAlong(sums, y, cells, lines[0]);
  for (let row = 0; row < cells; row += 1) {
    const [above, below] = row % 2 === 0 ? lines : [lines[1], lines[0]];
    sumsAlong(sums, y + (height * (row + 1)) / cells, cells, below);
    for (let i = 0; i < cells; i += 1)
      values[row * cells + i] = (below[i + 1] ?? 0) - (below[i] ?? 0) - (above[i + 1] ?? 0) + (above[i] ?? 0);
  }
}

/** The grid over a window, with zero mean and length 1; all zero where it is flat. */
function gridOf(sums: Float64Array, window: Window, cells: number): Float64Array {
  overGrid(sums, window, cells);
  return normalised(values.slice(0, cells * cells));
}

/** The correlation of a window with a grid of the same size that `gridOf` made; 0 where one is flat. */
function fitOf(sums: Float64Array, window: Window, cells: number, part: Float64Array): number {
  overGrid(sums, window, cells);
  let total = 0;
  let squares = 0;
  let shared = 0;
  for (let at = 0; at < part.length; at += 1) {
    const value = values[at] ?? 0;
    total += value;
    squares += value * value;
    // The part has zero mean: that of the window falls out by itself.
    shared += value * (part[at] ?? 0);
  }
  const spread = squares - (total * total) / part.length;
  return spread <= squares * ROUNDING ? 0 : shared / Math.sqrt(spread);
}

/** Below this length there is nothing but rounding. */
const FLAT = 1e-6;
/** The same for a difference of two large sums, as a share of them. */
const ROUNDING = 1e-9;

function normalised(grid: Float64Array): Float64Array {
  let sum = 0;
  for (const value of grid) sum += value;
  const mean = sum / grid.length;
  let squares = 0;
  for (let i = 0; i < grid.length; i += 1) {
    const value = (grid[i] ?? 0) - mean;
    grid[i] = value;
    squares += value * value;
  }
  const length = Math.sqrt(squares);
  return length < FLAT ? grid.fill(0) : grid.map((value) => value / length);
}

interface Guess {
  readonly window: Window;
  readonly scale: number;
  readonly score: number;
}

/** @returns how well all of `part` fits a window of `all` with the shape of `part` */
function foundWithin(all: Grey, part: Grey): number {
  const sums = sumsOf(all);
  const partSums = sumsOf(part);
  const shape = part.aspect / all.aspect;
  const coarse = gridOf(partSums, WHOLE, COARSE);
  const guesses = SCALES.flatMap((scale) => bestAt(sums, coarse, shape, scale));
  const fine = gridOf(partSums, WHOLE, FINE);
  const scoreOf = (window: Window): number => fitOf(sums, window, FINE, fine);
  const climbers = guesses.toSorted((a, b) => b.score - a.score).slice(0, CLIMBERS);
  return Math.max(
    ...climbers.map((guess) => (guess.score < WORTH_CLIMBING ? guess.score : climbed(guess, shape, scoreOf))),
  );
}

/** As large as it can be within the square at scale 1, with the shape the part has in stretched coordinates. */
const sized = (shape: number, scale: number): Pick<Window, "width" | "height"> =>
  shape <= 1 ? { width: scale * shape, height: scale } : { width: scale, height: scale / shape };

/** The best few places of a window of one size. */
function bestAt(sums: Float64Array, part: Float64Array, shape: number, scale: number): Guess[] {
  const { width, height } = sized(shape, scale);
  const guesses: Guess[] = [];
  for (const y of placesWithin(1 - height))
    for (const x of placesWithin(1 - width)) {
      const window = { x, y, width, height };
      guesses.push({ window, scale, score: fitOf(sums, window, COARSE, part) });
    }
  return guesses.toSorted((a, b) => b.score - a.score).slice(0, 2);
}

function placesWithin(room: number): number[] {
  const steps = Math.round(room / COARSE_STEP);
  return Array.from({ length: steps + 1 }, (_, i) => (steps === 0 ? room / 2 : (room * i) / steps));
}

/** Moves and resizes the window as long as it gets better, with smaller and smaller steps. */
function climbed(guess: Guess, shape: number, scoreOf: (window: Window) => number): number {
  let { window, scale } = guess;
  let best = scoreOf(window);
  let step = COARSE_STEP / 2;
  for (let i = 0; i < CLIMB_STEPS; i += 1) {
    let isBetter = false;
    for (const [dx, dy, ds] of MOVES) {
      const next = Math.min(1, Math.max(SMALLEST, scale + ds * step));
      const moved = within({ x: window.x + dx * step, y: window.y + dy * step, ...sized(shape, next) }, window);
      const score = scoreOf(moved);
      if (score <= best) continue;
      [best, window, scale, isBetter] = [score, moved, next, true];
    }
    if (!isBetter) step /= 2;
  }
  return best;
}

const SMALLEST = 0.5;
const MOVES = [
  [1, 0, 0],
  [-1, 0, 0],
  [0, 1, 0],
  [0, -1, 0],
  [0, 0, 1],
  [0, 0, -1],
] as const;

/** Grows and shrinks about its centre, and stays within the square. */
function within(wanted: Window, before: Window): Window {
  const x = wanted.x + (before.width - wanted.width) / 2;
  const y = wanted.y + (before.height - wanted.height) / 2;
  return {
    ...wanted,
    x: Math.min(Math.max(0, x), 1 - wanted.width),
    y: Math.min(Math.max(0, y), 1 - wanted.height),
  };
}

/** Parts of a panorama share a quarter to three quarters of their picture; on less, much is like much. */
const SHARED = Array.from({ length: 15 }, (_, i) => 0.75 - i * 0.035);
const SLIPS = [-0.06, -0.03, 0, 0.03, 0.06];

/** Where and how well the second photo goes on where the first ends. @returns undefined for two of different shapes */
export function overlapOf(a: Grey, b: Grey): Overlap | undefined {
  if (Math.abs(a.aspect - b.aspect) > 0.01) return undefined;
  const [first, second] = [sumsOf(a), sumsOf(b)];
  const all = (["right", "left", "down", "up"] as const).map((towards) => ({
    towards,
    score: Math.max(
      ...SHARED.flatMap((shared) => SLIPS.map((slip) => sharedScore(first, second, towards, shared, slip))),
    ),
  }));
  return all.toSorted((one, other) => other.score - one.score)[0];
}

function sharedScore(
  first: Float64Array,
  second: Float64Array,
  towards: Overlap["towards"],
  shared: number,
  slip: number,
): number {
  const isSideways = towards === "left" || towards === "right";
  const isOnwards = towards === "right" || towards === "down";
  const from = (isEnd: boolean, offset: number): Window => {
    const along = isEnd ? 1 - shared : 0;
    const across = Math.max(0, offset);
    const breadth = 1 - Math.abs(slip);
    return isSideways
      ? { x: along, y: across, width: shared, height: breadth }
      : { x: across, y: along, width: breadth, height: shared };
  };
  return fitOf(first, from(isOnwards, slip), COARSE, gridOf(second, from(!isOnwards, -slip), COARSE));
}
