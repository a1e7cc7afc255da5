/**
 * Which of very many 64-bit hashes are close to one another, without comparing all with all.
 *
 * The hash is cut into bands. Two hashes that differ in at most `most` bits cannot differ much in every band: if band i may
 * differ in r(i) bits, and the sum of r(i) + 1 is above `most`, at least one band of every close pair keeps to its r(i).
 * So only hashes whose bands are that close are looked at, found by listing the few bit patterns around each.
 *
 * @see Norouzi, Punjani and Fleet 2012, "Fast search in Hamming space with multi-index hashing"
 */
import { bitsIn, hamming } from "./fingerprint.ts";

/** Below this, four bands of 16 bits are fastest; above, three of 21 and 22. */
const MANY = 150_000;

interface Band {
  /** of the lowest bit, 0-63 */
  readonly from: number;
  readonly width: number;
  /** bits two hashes may differ in within this band and still be looked at */
  readonly radius: number;
}

/** @param hashes high and low word of each in turn @param visit each close pair once, `a` below `b` as places in `hashes` */
export function nearby(
  hashes: Uint32Array,
  most: number,
  visit: (a: number, b: number, distance: number) => void,
): void {
  const bands = bandsFor(hashes.length / 2, most);
  const shelf = shelfFor(hashes.length / 2, Math.max(...bands.map(({ width }) => width)));
  bands.forEach((band, i) => {
    nearbyIn(hashes, most, band, bands.slice(0, i), shelf, visit);
  });
}

/** The hashes in the order of one band; used again for the next, because at a million they weigh something. */
interface Shelf {
  /** where each key starts in `order`, and where the last one ends */
  readonly starts: Uint32Array;
  /** one bit a key: is anybody there? small enough to stay in the processor's cache, which `starts` is not */
  readonly present: Uint32Array;
  /** the places in `hashes` */
  readonly order: Uint32Array;
  readonly sorted: Uint32Array;
}

const shelfFor = (count: number, width: number): Shelf => ({
  starts: new Uint32Array(2 ** width + 1),
  present: new Uint32Array(2 ** (width - 5)),
  order: new Uint32Array(count),
  sorted: new Uint32Array(2 * count),
});

function bandsFor(count: number, most: number): Band[] {
  const widths = count < MANY ? [16, 16, 16, 16] : [22, 21, 21];
  // As even as can be; the bits that are over go to the first bands.
  const each = Math.floor((most + 1) / widths.length) - 1;
  const over = (most + 1) % widths.length;
  let from = 0;
  return widths.map((width, i) => {
    const band = { from, width, radius: each + (i < over ? 1 : 0) };
    from += width;
    return band;
  });
}

function nearbyIn(
  hashes: Uint32Array,
  most: number,
  band: Band,
  before: readonly Band[],
  shelf: Shelf,
  visit: (a: number, b: number, distance: number) => void,
): void {
  if (band.radius < 0) return;
  sortInto(shelf, hashes, band);
  const { starts, present, order, sorted } = shelf;
  const masks = masksWithin(band);
  const found = (a: number, b: number, distance: number): void => {
    // A pair that an earlier band has shown is not shown again.
    if (before.some((one) => isCloseIn(one, hashes, a, b))) return;
    if (a < b) visit(a, b, distance);
    else visit(b, a, distance);
  };
  const keys = 2 ** band.width;
  for (let key = 0; key < keys; key += 1) {
    const from = starts[key] ?? 0;
    const to = starts[key + 1] ?? 0;
    if (from === to) continue;
    for (let m = 0; m < masks.length; m += 1) {
      const other = key ^ (masks[m] ?? 0);
      if (other < key || (((present[other >>> 5] ?? 0) >>> (other & 31)) & 1) === 0) continue;
      const otherTo = starts[other + 1] ?? 0;
      for (let i = from; i < to; i += 1) {
        const high = sorted[2 * i] ?? 0;
        const low = sorted[2 * i + 1] ?? 0;
        for (let j = other === key ? i + 1 : (starts[other] ?? 0); j < otherTo; j += 1) {
          const distance = hamming(high, low, sorted[2 * j] ?? 0, sorted[2 * j + 1] ?? 0);
          if (distance <= most) found(order[i] ?? 0, order[j] ?? 0, distance);
        }
      }
    }
  }
}

function sortInto({ starts, present, order, sorted }: Shelf, hashes: Uint32Array, band: Band): void {
  const count = hashes.length / 2;
  starts.fill(0);
  present.fill(0);
  for (let i = 0; i < count; i += 1) {
    const key = keyOf(hashes[2 * i] ?? 0, hashes[2 * i + 1] ?? 0, band);
    starts[key] = (starts[key] ?? 0) + 1;
    present[key >>> 5] = (present[key >>> 5] ?? 0) | (1 << (key & 31));
  }
  for (let key = 1; key < starts.length; key += 1) starts[key] = (starts[key] ?? 0) + (starts[key - 1] ?? 0);
  // Each entry is the end of its key now. From the last hash to the first it moves down until it is the start.
  for (let i = count - 1; i >= 0; i -= 1) {
    const high = hashes[2 * i] ?? 0;
    const low = hashes[2 * i + 1] ?? 0;
    const key = keyOf(high, low, band);
    const place = (starts[key] ?? 0) - 1;
    starts[key] = place;
    order[place] = i;
    sorted[2 * place] = high;
    sorted[2 * place + 1] = low;
  }
}

function keyOf(high: number, low: number, { from, width }: Band): number {
  const mask = 2 ** width - 1;
  if (from >= 32) return (high >>> (from - 32)) & mask;
  const bits = from === 0 ? low : (low >>> from) | (high << (32 - from));
  return bits & mask;
}

const isCloseIn = (band: Band, hashes: Uint32Array, a: number, b: number): boolean =>
  bitsIn(
    keyOf(hashes[2 * a] ?? 0, hashes[2 * a + 1] ?? 0, band) ^ keyOf(hashes[2 * b] ?? 0, hashes[2 * b + 1] ?? 0, band),
  ) <= band.radius;

/** All patterns of the band's width with at most `radius` bits set. */
function masksWithin({ width, radius }: Band): Uint32Array {
  let ring: { readonly mask: number; readonly next: number }[] = [{ mask: 0, next: 0 }];
  const masks = [0];
  for (let bits = 1; bits <= radius; bits += 1) {
    ring = ring.flatMap(({ mask, next }) =>
      Array.from({ length: width - next }, (_, i) => ({ mask: mask | (1 << (next + i)), next: next + i + 1 })),
    );
    masks.push(...ring.map(({ mask }) => mask));
  }
  return Uint32Array.from(masks);
}

/**
 * One hash against many, straight through: the daemon needs no index for the photo that has just come.
 *
 * @param count how many of `hashes` are in use
 */
export function nearTo(
  hashes: Uint32Array,
  count: number,
  high: number,
  low: number,
  most: number,
  visit: (at: number, distance: number) => void,
): void {
  for (let i = 0; i < count; i += 1) {
    const first = bitsIn(high ^ (hashes[2 * i] ?? 0));
    // Half the hash rules out nearly all of them.
    if (first > most) continue;
    const distance = first + bitsIn(low ^ (hashes[2 * i + 1] ?? 0));
    if (distance <= most) visit(i, distance);
  }
}

/** Who belongs together, by pairs. */
export interface Unions {
  join(a: number, b: number): void;
  /** @returns groups of two and more, each in rising order, by their first */
  groups(): number[][];
}

export function unionsOf(count: number): Unions {
  const parents = Uint32Array.from({ length: count }, (_, i) => i);
  const rootOf = (one: number): number => {
    let at = one;
    while (parents[at] !== at) {
      // Every second step is cut short, so that chains stay short.
      parents[at] = parents[parents[at] ?? at] ?? at;
      at = parents[at] ?? at;
    }
    return at;
  };
  return {
    join(a, b) {
      const [first, second] = [rootOf(a), rootOf(b)];
      parents[Math.max(first, second)] = Math.min(first, second);
    },
    groups() {
      const sizes = new Uint32Array(count);
      for (let i = 0; i < count; i += 1) sizes[rootOf(i)] = (sizes[rootOf(i)] ?? 0) + 1;
      const members = new Map<number, number[]>();
      for (let i = 0; i < count; i += 1) {
        const root = rootOf(i);
        // Most are alone and cost nothing.
        if ((sizes[root] ?? 0) < 2) continue;
        const group = members.get(root);
        if (group === undefined) members.set(root, [i]);
        else group.push(i);
      }
      return [...members.values()];
    },
  };
}
