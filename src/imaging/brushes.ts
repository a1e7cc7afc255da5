/** What generated scenes are painted with: one colour at a time, noise that looks grown, and soft-edged shapes. */

/** The colour of the pixel at hand, 0-255 a channel. One object for a whole picture: millions would be garbage. */
export interface Ink {
  r: number;
  g: number;
  b: number;
}

export type Colour = Readonly<Ink>;

/** Repeats at every whole number in both directions; mean 0, standard deviation 1. */
export type Noise = (x: number, y: number) => number;

export const colour = (hex: number): Colour => ({ r: hex >> 16, g: (hex >> 8) & 255, b: hex & 255 });

/** Lays a colour over the ink. @param share 0 leaves the ink, 1 hides it */
export function cover(ink: Ink, over: Colour, share: number): void {
  if (share <= 0) return;
  const part = Math.min(share, 1);
  ink.r += (over.r - ink.r) * part;
  ink.g += (over.g - ink.g) * part;
  ink.b += (over.b - ink.b) * part;
}

/** 0 up to `from`, 1 beyond `to`, without a kink between; `from` may be the larger one. */
export function ramp(from: number, to: number, x: number): number {
  const t = Math.min(1, Math.max(0, (x - from) / (to - from)));
  return t * t * (3 - 2 * t);
}

/** Math.hypot guards against overflow, which costs ten times as much as the root. */
export const distanceOf = (x: number, y: number): number => Math.sqrt(x * x + y * y);

/** A line across the picture, worked out once and looked up for every pixel. @param aspect width of the picture */
export function profile(aspect: number, height: (u: number) => number): (u: number) => number {
  const steps = 2048;
  const line = Float32Array.from({ length: steps + 2 }, (_, i) => height((i / steps) * aspect));
  return (u) => {
    const at = (u / aspect) * steps;
    const i = Math.floor(at);
    return between(line[i], line[i + 1], at - i);
  };
}

/** The normal curve, 1 in the middle; beyond four widths it is nothing. */
export function bell(x: number, width: number): number {
  const square = (x * x) / (width * width);
  return square > 16 ? 0 : Math.exp(-square / 2);
}

/** Repeatable: the same seed, the same numbers from 0 to 1. @see Mulberry32 */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A power of two, so that wrapping around is a bit mask: this is where painting spends its time. */
const TILE = 512;
const WRAP = TILE - 1;
const COARSEST = 4;

/** Octaves of smoothed random cells, each half as strong as the one twice its size: the 1/f of clouds, dunes and fur. */
export function noiseFrom(seed: number): Noise {
  const random = randomFrom(seed);
  const tile = new Float32Array(TILE * TILE);
  for (let cells = COARSEST; cells < TILE; cells *= 2) addOctave(tile, cells, random);
  normalise(tile);
  return (x, y) => {
    const left = (x - Math.floor(x)) * TILE;
    const top = (y - Math.floor(y)) * TILE;
    const column = left & WRAP;
    const row = top & WRAP;
    const next = (column + 1) & WRAP;
    const here = row * TILE;
    const below = ((row + 1) & WRAP) * TILE;
    const across = left - Math.floor(left);
    const upper = between(tile[here + column], tile[here + next], across);
    return upper + (between(tile[below + column], tile[below + next], across) - upper) * (top - Math.floor(top));
  };
}

const between = (a = 0, b = 0, t: number): number => a + (b - a) * t;

function addOctave(tile: Float32Array, cells: number, random: () => number): void {
  const knots = Float32Array.from({ length: cells * cells }, () => random() * 2 - 1);
  const size = TILE / cells;
  for (let y = 0, i = 0; y < TILE; y += 1) {
    const row = Math.floor(y / size);
    const down = ramp(0, size, y % size);
    for (let x = 0; x < TILE; x += 1, i += 1) {
      const column = Math.floor(x / size);
      const next = (column + 1) % cells;
      const below = ((row + 1) % cells) * cells;
      const across = ramp(0, size, x % size);
      const upper = between(knots[row * cells + column], knots[row * cells + next], across);
      const lower = between(knots[below + column], knots[below + next], across);
      tile[i] = (tile[i] ?? 0) + between(upper, lower, down) / cells;
    }
  }
}

function normalise(tile: Float32Array): void {
  const mean = tile.reduce((sum, value) => sum + value, 0) / tile.length;
  const variance = tile.reduce((sum, value) => sum + (value - mean) ** 2, 0) / tile.length;
  const deviation = Math.sqrt(variance);
  tile.forEach((value, i) => {
    tile[i] = (value - mean) / deviation;
  });
}

/** A stroke from a to b, `from` thick at one end and `to` at the other. */
export interface Stroke {
  readonly ax: number;
  readonly ay: number;
  readonly bx: number;
  readonly by: number;
  readonly from: number;
  readonly to: number;
  readonly colour: Colour;
}

/** @param points x, y and thickness of each joint @returns the strokes between them */
export const limb = (tint: Colour, ...points: readonly (readonly [number, number, number])[]): Stroke[] =>
  points.slice(1).map(([bx, by, to], i) => {
    const [ax, ay, from] = points[i] ?? [bx, by, to];
    return { ax, ay, bx, by, from, to, colour: tint };
  });

/** @param soft width of the edge, in the unit of the strokes */
export function draw(ink: Ink, strokes: readonly Stroke[], x: number, y: number, soft: number): void {
  for (const { ax, ay, bx, by, from, to, colour: tint } of strokes) {
    const dx = bx - ax;
    const dy = by - ay;
    const t = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy + 1e-9)));
    const distance = distanceOf(x - ax - dx * t, y - ay - dy * t) - (from + (to - from) * t);
    if (distance < soft) cover(ink, tint, ramp(soft, -soft, distance));
  }
}
