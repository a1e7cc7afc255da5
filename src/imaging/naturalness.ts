import { MAPS, MOMENTS, type Patches } from "./contrast.ts";

/** Features that differ between natural pictures and spoiled ones, for a model of the photos a person keeps. */

/** Only patches at least this sharp, beside the sharpest of the photo, tell how a good photo of it would be. */
const SHARP_SHARE = 0.75;
const MOST_PATCHES = 80;

/** @returns rows of 36, the sharpest patch first; none for a photo smaller than a patch */
export function featuresOf({ sharpness, momentsOf }: Patches): Float32Array {
  const most = sharpness.reduce((max, one) => Math.max(max, one), 0);
  const chosen = [...sharpness.keys()]
    .filter((patch) => (sharpness[patch] ?? 0) >= SHARP_SHARE * most)
    .toSorted((a, b) => (sharpness[b] ?? 0) - (sharpness[a] ?? 0))
    .slice(0, MOST_PATCHES);
  return Float32Array.from(chosen.flatMap((patch) => rowOf(momentsOf(patch))));
}

/** For each of two scales two numbers of the contrast itself and four of each of its products. */
function rowOf(moments: Float32Array): number[] {
  const maps = Array.from({ length: 2 * MAPS }, (_, map) =>
    fitted(moments.subarray(map * MOMENTS, (map + 1) * MOMENTS)),
  );
  return maps.flatMap(({ shape, mean, left, right }, map) =>
    map % MAPS === 0 ? [shape, (left + right) / 2] : [shape, mean, left, right],
  );
}

interface Fit {
  readonly shape: number;
  readonly mean: number;
  readonly left: number;
  readonly right: number;
}

/** An asymmetric generalized Gaussian with the same moments. @see Lasmar, Stitou and Berthoumieu 2009 */
function fitted(moments: Float32Array): Fit {
  const [below = 0, above = 0, squaresBelow = 0, squaresAbove = 0, size = 0] = moments;
  const [left, right] = [Math.sqrt(squaresBelow / Math.max(1, below)), Math.sqrt(squaresAbove / Math.max(1, above))];
  const squares = squaresBelow + squaresAbove;
  const skew = right === 0 ? 1 : left / right;
  const flatness = squares === 0 ? 1 : size ** 2 / (Math.max(1, below + above) * squares);
  const wanted = (flatness * (skew ** 3 + 1) * (skew + 1)) / (skew ** 2 + 1) ** 2;
  const shape = shapeOf(wanted);
  const scale = Math.sqrt(ratioOfGammas(1 / shape, 3 / shape));
  const mean = (right - left) * scale * ratioOfGammas(2 / shape, 1 / shape);
  return { shape, mean, left: left * scale, right: right * scale };
}

const SHAPES = { least: 0.2, most: 10 } as const;

/** Shapes by which a picture is fitted, and of each the squared mean over the mean square, which grows with it. */
const TABLE = Array.from({ length: 2_000 }, (_, i) => {
  const shape = SHAPES.least * (SHAPES.most / SHAPES.least) ** (i / 1_999);
  return { shape, squared: ratioOfGammas(2 / shape, 1 / shape) * ratioOfGammas(2 / shape, 3 / shape) };
});

/** Between two of the table what lies between them. */
function shapeOf(wanted: number): number {
  let [below, above] = [0, TABLE.length - 1];
  while (above - below > 1) {
    const middle = (below + above) >> 1;
    if ((TABLE[middle]?.squared ?? 0) < wanted) below = middle;
    else above = middle;
  }
  const [less, more] = [TABLE[below], TABLE[above]];
  if (less === undefined || more === undefined) return SHAPES.least;
  const part = (wanted - less.squared) / (more.squared - less.squared);
  return less.shape + Math.min(1, Math.max(0, part)) * (more.shape - less.shape);
}

function ratioOfGammas(a: number, b: number): number {
  return Math.exp(logGamma(a) - logGamma(b));
}

/** Stirling's series, for an argument moved up to where it is exact. */
function logGamma(value: number): number {
  let [x, product] = [value, 1];
  for (; x < 8; x += 1) product *= x;
  const series = 1 / (12 * x) - 1 / (360 * x ** 3) + 1 / (1_260 * x ** 5) - 1 / (1_680 * x ** 7);
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + series - Math.log(product);
}
