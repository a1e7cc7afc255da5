import { brightnessAndContrast, type Luma, laplacianVariance, lumaOf, type Means, meansOf } from "./measures.ts";

/** What is summed up over the pixels of a photo; all else is made of these. */
export interface Statistics {
  readonly luma: Luma;
  /** mean luma, 0-255 */
  readonly brightness: number;
  /** standard deviation of luma, 0-128 */
  readonly contrast: number;
  /** variance of the Laplacian */
  readonly sharpness: number;
  /** pixels of each luma */
  readonly histogram: Uint32Array;
  /** pixels of which a channel is 254 or more */
  readonly clipped: number;
  /** noise of each tile of 16 x 16, in luma steps; negative where too much of it is black or white to tell */
  readonly noise: Float32Array;
  readonly means: Means;
  /** for each tile of 32 x 32 the sums in the order of `TILE` */
  readonly tiles: Float32Array;
}

/** Places of the sums of a tile: luma around its middle, gradients before and after a blur, products of the gradients of detail and of form. */
export const TILE = {
  sum: 0,
  squares: 1,
  gradient: 2,
  blurred: 3,
  fineXX: 4,
  fineXY: 5,
  fineYY: 6,
  coarseXX: 7,
  coarseXY: 8,
  coarseYY: 9,
  size: 10,
} as const;

export const TILE_EDGE = 32;
export const NOISE_EDGE = 16;
const CLIPPED = 254;
const BLACK = 2;
const WHITE = 253;
const MOST_EXTREME = 0.1;

/** Detail is what a blur of 2 pixels takes away; it is made of two, one after the other. */
export const SIGMA = { blur: 1.2, further: 1.6 } as const;

/** Mean luma, a whole number: taken away first, so that squares are small and their differences keep their last digits. */
export const middleOf = (luma: Luma): number => Math.floor(brightnessAndContrast(luma).mean + 0.5);

/**
 * The sums, in plain TypeScript.
 *
 * @param rgb three bytes a pixel, sRGB
 */
export function statisticsOf(rgb: Uint8Array, width: number, height: number): Statistics {
  const luma = lumaOf(rgb, width, height);
  const { mean, deviation } = brightnessAndContrast(luma);
  return {
    luma,
    brightness: mean,
    contrast: deviation,
    sharpness: laplacianVariance(luma),
    histogram: histogramOf(luma),
    clipped: clippedIn(rgb),
    noise: noiseOfTiles(luma),
    means: meansOf(luma),
    tiles: sumsOfTiles(luma),
  };
}

function histogramOf({ data }: Luma): Uint32Array {
  const counts = new Uint32Array(256);
  for (const value of data) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}

function clippedIn(rgb: Uint8Array): number {
  let count = 0;
  for (let at = 0; at < rgb.length; at += 3)
    if (Math.max(rgb[at] ?? 0, rgb[at + 1] ?? 0, rgb[at + 2] ?? 0) >= CLIPPED) count += 1;
  return count;
}

/** One pixel around the photo has no neighbours on all sides; tiles begin behind it. @see Immerkaer 1996 */
function noiseOfTiles({ data, width, height }: Luma): Float32Array {
  const columns = Math.max(0, Math.floor((width - 2) / NOISE_EDGE));
  const rows = Math.max(0, Math.floor((height - 2) / NOISE_EDGE));
  const pixels = NOISE_EDGE * NOISE_EDGE;
  return Float32Array.from({ length: columns * rows }, (_, tile) => {
    const left = 1 + (tile % columns) * NOISE_EDGE;
    const top = 1 + Math.floor(tile / columns) * NOISE_EDGE;
    let sum = 0;
    let extremes = 0;
    for (let y = top; y < top + NOISE_EDGE; y += 1)
      for (let x = left; x < left + NOISE_EDGE; x += 1) {
        const at = y * width + x;
        const value = data[at] ?? 0;
        if (value <= BLACK || value >= WHITE) extremes += 1;
        sum += Math.abs(bend(data, at - width) - 2 * bend(data, at) + bend(data, at + width));
      }
    return extremes > MOST_EXTREME * pixels ? -1 : (Math.sqrt(Math.PI / 2) / (6 * pixels)) * sum;
  });
}

const bend = (data: Uint8Array, at: number): number => (data[at - 1] ?? 0) - 2 * (data[at] ?? 0) + (data[at + 1] ?? 0);

export interface Plane {
  readonly data: Float32Array;
  readonly width: number;
  readonly height: number;
}

function sumsOfTiles(luma: Luma): Float32Array {
  const { width, height } = luma;
  const middle = middleOf(luma);
  const sharp: Plane = { data: Float32Array.from(luma.data, (value) => value - middle), width, height };
  const blurred = blur(sharp, SIGMA.blur);
  const coarse = blur(blurred, SIGMA.further);
  const fine: Plane = { ...sharp, data: sharp.data.map((value, at) => value - (coarse.data[at] ?? 0)) };
  const columns = Math.floor(width / TILE_EDGE);
  const sums = new Float32Array(columns * Math.floor(height / TILE_EDGE) * TILE.size);
  for (let tile = 0; tile * TILE.size < sums.length; tile += 1) {
    const place = [(tile % columns) * TILE_EDGE, Math.floor(tile / columns) * TILE_EDGE] as const;
    sums.set([...lightOf(sharp, place), gradientOf(sharp, place), gradientOf(blurred, place)], tile * TILE.size);
    sums.set([...productsOf(fine, place), ...productsOf(coarse, place)], tile * TILE.size + TILE.fineXX);
  }
  return sums;
}

const blur = (plane: Plane, sigma: number): Plane => ({
  ...plane,
  data: Float32Array.from(weighted(plane, sigma, (value) => value)),
});

/**
 * Mean of what a pixel and those around it come to, weighted by a Gaussian. Beyond the border stands the pixel at the border.
 *
 * @param sigma px
 */
export function weighted({ data, width, height }: Plane, sigma: number, of: (value: number) => number): Float64Array {
  const taps = tapsOf(sigma);
  const radius = taps.length >> 1;
  const down = new Float64Array(data.length);
  const across = new Float64Array(data.length);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      let sum = 0;
      for (let i = 0; i < taps.length; i += 1)
        sum += (taps[i] ?? 0) * of(data[clamp(y + i - radius, height) * width + x] ?? 0);
      down[y * width + x] = sum;
    }
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      let sum = 0;
      for (let i = 0; i < taps.length; i += 1)
        sum += (taps[i] ?? 0) * (down[y * width + clamp(x + i - radius, width)] ?? 0);
      across[y * width + x] = sum;
    }
  return across;
}

const clamp = (at: number, size: number): number => Math.min(size - 1, Math.max(0, at));

/** A Gaussian, cut off where it has fallen below a twentieth. */
export function tapsOf(sigma: number): number[] {
  const radius = Math.round(2.5 * sigma);
  const taps = Array.from({ length: 2 * radius + 1 }, (_, i) => Math.exp(-((i - radius) ** 2) / (2 * sigma ** 2)));
  const whole = taps.reduce((sum, tap) => sum + tap, 0);
  return taps.map((tap) => tap / whole);
}

type Place = readonly [left: number, top: number];

function overTile([left, top]: Place, visit: (x: number, y: number) => void): void {
  for (let y = top; y < top + TILE_EDGE; y += 1) for (let x = left; x < left + TILE_EDGE; x += 1) visit(x, y);
}

function lightOf({ data, width }: Plane, place: Place): [number, number] {
  let sum = 0;
  let squares = 0;
  overTile(place, (x, y) => {
    const value = data[y * width + x] ?? 0;
    sum += value;
    squares += value * value;
  });
  return [sum, squares];
}

/** Squares of the steps to the right and down. */
function gradientOf({ data, width, height }: Plane, place: Place): number {
  let sum = 0;
  overTile(place, (x, y) => {
    const value = data[y * width + x] ?? 0;
    sum += ((data[y * width + clamp(x + 1, width)] ?? 0) - value) ** 2;
    sum += ((data[clamp(y + 1, height) * width + x] ?? 0) - value) ** 2;
  });
  return sum;
}

/** Of the steps from one neighbour to the other: between a pixel and its right and lower one they would share its noise. */
function productsOf({ data, width, height }: Plane, place: Place): [number, number, number] {
  let [xx, xy, yy] = [0, 0, 0];
  overTile(place, (x, y) => {
    const dx = (data[y * width + clamp(x + 1, width)] ?? 0) - (data[y * width + clamp(x - 1, width)] ?? 0);
    const dy = (data[clamp(y + 1, height) * width + x] ?? 0) - (data[clamp(y - 1, height) * width + x] ?? 0);
    xx += dx * dx;
    xy += dx * dy;
    yy += dy * dy;
  });
  return [xx, xy, yy];
}
