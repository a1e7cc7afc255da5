/** How often the photos of a set say the same, in a figure that can be compared between sets. */
import { chorusOf, type Member } from "./wording-set.ts";
import type { Lexicon } from "./wording-text.ts";

/**
 * The more captions there are, the more of them meet: a share is comparable only among as many. So a set is thinned to
 * this many, some times over, and smaller ones have no figure.
 */
export const RAREFIED = { photos: 50, draws: 20 };

/**
 * Of so many photos, the share whose caption one before it has already said, or almost; photos that are alike may say the same.
 *
 * @param members in an order that is always the same
 * @returns 0 to 1, the mean of all draws; null where there are too few photos
 */
export function duplicationOf(members: readonly Member[], lexicon: Lexicon): number | null {
  if (members.length < RAREFIED.photos) return null;
  const captions = members.map((one) => ({ ...one, words: { caption: one.words.caption, altText: "", keywords: [] } }));
  const shares = Array.from({ length: RAREFIED.draws }, (_, draw) => {
    const drawn = drawnFrom(captions, RAREFIED.photos, draw + 1);
    return repeatedIn(drawn, lexicon) / drawn.length;
  });
  return Math.round((shares.reduce((sum, share) => sum + share, 0) / shares.length) * 10_000) / 10_000;
}

/** How many say what one before them has said. */
function repeatedIn(members: readonly Member[], lexicon: Lexicon): number {
  const chorus = chorusOf(lexicon);
  let repeated = 0;
  for (const member of members) {
    if (chorus.flaws(member).some(({ rule }) => rule === "BATCH-DUP-CAP")) repeated += 1;
    chorus.add(member);
  }
  return repeated;
}

/** Some of all, by chance that is the same at every run. */
function drawnFrom<T>(all: readonly T[], count: number, seed: number): T[] {
  const left = [...all];
  const next = chanceFrom(seed);
  return Array.from({ length: count }, () => left.splice(Math.floor(next() * left.length), 1)).flat();
}

/** @see Mulberry32 */
function chanceFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
