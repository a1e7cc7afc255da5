import type { Luma } from "./measures.ts";
import { middleOf, type Plane, SIGMA, weighted } from "./statistics.ts";

/**
 * Contrast of each pixel to its surroundings, and of neighbours to one another, summed over patches.
 *
 * @see Mittal, Soundararajan and Bovik 2013, "Making a completely blind image quality analyzer"
 */
export interface Patches {
  /** mean deviation around the pixels of each patch, row by row; at full size */
  readonly sharpness: Float32Array;
  /** `MOMENTS` for each of `MAPS` maps at full size and again at half size */
  readonly momentsOf: (patch: number) => Float32Array;
}

/** pixels below zero and above it, their squares, and the sum of what they measure without its sign */
export const MOMENTS = 5;
/** the contrast itself, and its products with the neighbour to the right, below, to the lower right and the lower left */
export const MAPS = 5;
export const PATCH_EDGE = 96;

/** Variance that comes from writing luma as whole numbers. */
const ROUNDING = 1 / 12;
/** A flat surface has no contrast, only the last digits of its mean. */
const LEAST = 1 / 64;

/** The patches of a photo, in plain TypeScript. */
export function patchesOf(luma: Luma): Patches {
  const middle = middleOf(luma);
  const full: Plane = { ...luma, data: Float32Array.from(luma.data, (value) => value - middle) };
  const [large, small] = [normalised(full), normalised(halved(full))];
  const columns = Math.floor(luma.width / PATCH_EDGE);
  const count = columns * Math.floor(luma.height / PATCH_EDGE);
  const placeOf = (patch: number, edge: number) =>
    [(patch % columns) * edge, Math.floor(patch / columns) * edge] as const;
  return {
    sharpness: Float32Array.from({ length: count }, (_, patch) =>
      meanOf(large.deviation, placeOf(patch, PATCH_EDGE), PATCH_EDGE),
    ),
    momentsOf(patch) {
      const half = PATCH_EDGE / 2;
      return Float32Array.from([
        ...momentsOf(large.contrast, placeOf(patch, PATCH_EDGE), PATCH_EDGE),
        ...momentsOf(small.contrast, placeOf(patch, half), half),
      ]);
    },
  };
}

function halved({ data, width, height }: Plane): Plane {
  const [columns, rows] = [Math.max(1, width >> 1), Math.max(1, height >> 1)];
  const at = (x: number, y: number): number => data[Math.min(y, height - 1) * width + Math.min(x, width - 1)] ?? 0;
  const half = Float32Array.from({ length: columns * rows }, (_, i) => {
    const [x, y] = [2 * (i % columns), 2 * Math.floor(i / columns)];
    return (at(x, y) + at(x + 1, y) + at(x, y + 1) + at(x + 1, y + 1)) / 4;
  });
  return { data: half, width: columns, height: rows };
}

function normalised(plane: Plane): { contrast: Plane; deviation: Plane } {
  // Near enough to the 7/6 of the paper, and known already.
  const means = weighted(plane, SIGMA.blur, (value) => value);
  const squares = weighted(plane, SIGMA.blur, (value) => value * value);
  const deviation = Float32Array.from(squares, (square, at) =>
    Math.sqrt(Math.max(0, square - (means[at] ?? 0) ** 2 - ROUNDING)),
  );
  const contrast = plane.data.map((value, at) => {
    const difference = value - (means[at] ?? 0);
    return Math.abs(difference) < LEAST ? 0 : difference / ((deviation[at] ?? 0) + 1);
  });
  return { contrast: { ...plane, data: contrast }, deviation: { ...plane, data: deviation } };
}

type Place = readonly [left: number, top: number];

function meanOf({ data, width }: Plane, [left, top]: Place, edge: number): number {
  let sum = 0;
  for (let y = top; y < top + edge; y += 1) for (let x = left; x < left + edge; x += 1) sum += data[y * width + x] ?? 0;
  return sum / (edge * edge);
}

const NEIGHBOURS = [
  [1, 0],
  [0, 1],
  [1, 1],
  [-1, 1],
] as const;

function momentsOf({ data, width, height }: Plane, [left, top]: Place, edge: number): Float64Array {
  const moments = new Float64Array(MAPS * MOMENTS);
  const at = (x: number, y: number): number =>
    data[Math.min(y, height - 1) * width + Math.min(width - 1, Math.max(0, x))] ?? 0;
  for (let y = top; y < top + edge; y += 1)
    for (let x = left; x < left + edge; x += 1) {
      const here = at(x, y);
      count(moments, 0, here);
      for (const [map, [dx, dy]] of NEIGHBOURS.entries())
        count(moments, (map + 1) * MOMENTS, here * at(x + dx, y + dy));
    }
  return moments;
}

function count(moments: Float64Array, from: number, value: number): void {
  const add = (place: number, what: number): void => {
    moments[from + place] = (moments[from + place] ?? 0) + what;
  };
  if (value < 0) add(0, 1);
  if (value > 0) add(1, 1);
  add(value < 0 ? 2 : 3, value * value);
  add(4, Math.abs(value));
}
