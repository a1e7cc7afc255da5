/** What of a photo's look is compared with other photos, unpacked once: small, and cheap to compare. */
export interface Fingerprint {
  /** the 64-bit hash under the 8 flips and quarter turns, two words each; the first two are the photo as it is */
  readonly hashes: Uint32Array;
  /** the 256-bit hash, eight words */
  readonly wide: Uint32Array;
  /** 16 x 16 luma of zero mean; all zero where the photo is one flat tone */
  readonly thumb: Int8Array;
}

/** The fields of a look that a fingerprint is made of. */
export interface Prints {
  /** 16 hex digits each, the photo as it is first */
  readonly phashes: readonly string[];
  /** 64 hex digits */
  readonly phash256: string;
  /** base64 of 256 signed bytes */
  readonly thumb: string;
}

const THUMB_EDGE = 16;

export function fingerprintOf({ phashes, phash256, thumb }: Prints): Fingerprint {
  const text = atob(thumb);
  const bytes = new Int8Array(text.length);
  for (let i = 0; i < text.length; i += 1) bytes[i] = text.charCodeAt(i);
  return { hashes: wordsOf(phashes.join("")), wide: wordsOf(phash256), thumb: bytes };
}

/** @param hex a multiple of 8 digits */
export function wordsOf(hex: string): Uint32Array {
  const words = new Uint32Array(hex.length / 8);
  for (let i = 0; i < words.length; i += 1) words[i] = Number.parseInt(hex.slice(i * 8, i * 8 + 8), 16);
  return words;
}

/** How many bits of a 32-bit word are set. */
export function bitsIn(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** In how many of their 64 bits two hashes differ. */
export const hamming = (aHigh: number, aLow: number, bHigh: number, bLow: number): number =>
  bitsIn(aHigh ^ bHigh) + bitsIn(aLow ^ bLow);

/** In how many bits two long hashes differ. */
export function wideDistance(a: Fingerprint, b: Fingerprint): number {
  let sum = 0;
  for (let i = 0; i < a.wide.length; i += 1) sum += bitsIn((a.wide[i] ?? 0) ^ (b.wide[i] ?? 0));
  return sum;
}

/** In how many of 64 bits two photos differ as they are. */
export const plainDistance = ({ hashes: a }: Fingerprint, { hashes: b }: Fingerprint): number =>
  hamming(a[0] ?? 0, a[1] ?? 0, b[0] ?? 0, b[1] ?? 0);

/** In how many of 64 bits two photos differ when one may be mirrored or turned by quarters; the same in both orders. */
export function turnedDistance(a: Fingerprint, b: Fingerprint): number {
  return Math.min(leastTurned(a.hashes, b.hashes), leastTurned(b.hashes, a.hashes));
}

function leastTurned(turned: Uint32Array, still: Uint32Array): number {
  let least = 64;
  for (let i = 0; i < turned.length; i += 2)
    least = Math.min(least, hamming(turned[i] ?? 0, turned[i + 1] ?? 0, still[0] ?? 0, still[1] ?? 0));
  return least;
}

/** @returns -1 to 1; 0 where one of them is flat */
export function cosine({ thumb: a }: Pick<Fingerprint, "thumb">, { thumb: b }: Pick<Fingerprint, "thumb">): number {
  let product = 0;
  let ownSquares = 0;
  let otherSquares = 0;
  for (let i = 0; i < a.length; i += 1) {
    const x = a[i] ?? 0;
    const y = b[i] ?? 0;
    product += x * y;
    ownSquares += x * x;
    otherSquares += y * y;
  }
  return product === 0 ? 0 : product / Math.sqrt(ownSquares * otherSquares);
}

/** The greatest cosine when one of the two may be mirrored or turned by quarters. */
export const turnedCosine = (a: Fingerprint, b: Fingerprint): number =>
  Math.max(...TURNS.map((turn) => cosine({ ...a, thumb: Int8Array.from(turn, (from) => a.thumb[from] ?? 0) }, b)));

/** Where a window stands along the side it is shorter on. */
const PLACES = [0, 0.25, 0.5, 0.75, 1];
/** Shapes that are nearer to each other than this are one. */
const OTHER_SHAPE = 1.05;

/**
 * The greatest cosine of one photo with a part of the other that has its shape: full height, or full width. Finds narrow crops,
 * whose hashes are far from those of the whole.
 *
 * @param aspects width / height of `a` and of `b`
 * @returns -1 to 1; -1 where both have one shape
 */
export function croppedCosine(a: Fingerprint, b: Fingerprint, [ofA, ofB]: readonly [number, number]): number {
  const ratio = ofB / ofA;
  if (Math.max(ratio, 1 / ratio) < OTHER_SHAPE) return -1;
  const [narrow, wide] = ratio < 1 ? [b, a] : [a, b];
  const share = Math.min(ratio, 1 / ratio);
  return Math.max(inWindows(wide.thumb, narrow.thumb, share, 1), inWindows(narrow.thumb, wide.thumb, 1, share));
}

/** @param width and @param height of the window, as shares of the whole; one of them is 1 */
function inWindows(whole: Int8Array, part: Int8Array, width: number, height: number): number {
  const cosines = PLACES.map((place) => {
    const window = Float64Array.from(part, (_, cell) => {
      const x = ((1 - width) * place + (width * ((cell % THUMB_EDGE) + 0.5)) / THUMB_EDGE) * THUMB_EDGE - 0.5;
      const y =
        ((1 - height) * place + (height * (Math.floor(cell / THUMB_EDGE) + 0.5)) / THUMB_EDGE) * THUMB_EDGE - 0.5;
      return between(whole, x, y);
    });
    return correlation(window, part);
  });
  return Math.max(...cosines);
}

/** The value between four cells, or at the edge. */
function between(thumb: Int8Array, x: number, y: number): number {
  const clamp = (at: number): number => Math.min(Math.max(at, 0), THUMB_EDGE - 1);
  const [left, top] = [Math.floor(clamp(x)), Math.floor(clamp(y))];
  const [right, bottom] = [clamp(left + 1), clamp(top + 1)];
  const [across, down] = [clamp(x) - left, clamp(y) - top];
  const at = (column: number, row: number): number => thumb[row * THUMB_EDGE + column] ?? 0;
  const upper = at(left, top) * (1 - across) + at(right, top) * across;
  const lower = at(left, bottom) * (1 - across) + at(right, bottom) * across;
  return upper * (1 - down) + lower * down;
}

/** @param part of zero mean */
function correlation(window: Float64Array, part: Int8Array): number {
  const mean = window.reduce((sum, value) => sum + value, 0) / window.length;
  let product = 0;
  let ownSquares = 0;
  let otherSquares = 0;
  for (let i = 0; i < window.length; i += 1) {
    const [x, y] = [(window[i] ?? 0) - mean, part[i] ?? 0];
    product += x * y;
    ownSquares += x * x;
    otherSquares += y * y;
  }
  return ownSquares === 0 || otherSquares === 0 ? 0 : product / Math.sqrt(ownSquares * otherSquares);
}

/** For each flip and quarter turn: from which cell each of the 256 comes. */
const TURNS: readonly Uint8Array[] = Array.from({ length: 8 }, (_, turn) =>
  Uint8Array.from({ length: THUMB_EDGE ** 2 }, (_, cell) => {
    const flip = (at: number, isFlipped: boolean): number => (isFlipped ? THUMB_EDGE - 1 - at : at);
    const x = flip(cell % THUMB_EDGE, (turn & 1) !== 0);
    const y = flip(Math.floor(cell / THUMB_EDGE), (turn & 2) !== 0);
    return (turn & 4) === 0 ? y * THUMB_EDGE + x : x * THUMB_EDGE + y;
  }),
);

/** One flat tone is like every other flat tone and says nothing: such photos are only compared byte for byte. */
export const isFlat = ({ thumb }: Fingerprint): boolean => thumb.every((value) => value === 0);
