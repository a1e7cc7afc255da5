/** Near spellings: so that one place does not end up on the site under two names. */
import type { Taxonomy } from "./profile.ts";

/** How alike two spellings must be to be offered: 1 is the same, 0 has nothing in common. */
export const NEAR = 0.88;
const MOST_OFFERED = 3;

/** A location or category of a set that was never used before. It is taken as it is; `near` is only offered. */
export interface NewWord {
  readonly field: "location" | "category";
  readonly value: string;
  /** known spellings near it, the nearest first, at most three */
  readonly near: readonly string[];
}

/** What tells words apart when spelling does not: letters and digits without case and accents. `Gouda_Netherlands` is `gouda, netherlands`. */
export const folded = (text: string): string =>
  text
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, " ")
    .trim();

/**
 * How much of two texts is the same, after Ratcliff and Obershelp: the longest common run, then the same to its left and
 * right; twice the matched characters over the characters of both.
 *
 * @returns 0 to 1; 1 for two empty texts
 * @see Ratcliff and Metzener, "Pattern Matching: The Gestalt Approach", Dr. Dobb's Journal, July 1988
 */
export function likeness(a: string, b: string): number {
  const [left, right] = [[...a], [...b]];
  const total = left.length + right.length;
  return total === 0 ? 1 : (2 * matched(left, right)) / total;
}

function matched(a: readonly string[], b: readonly string[]): number {
  const { atA, atB, length } = longestRun(a, b);
  if (length === 0) return 0;
  return length + matched(a.slice(0, atA), b.slice(0, atB)) + matched(a.slice(atA + length), b.slice(atB + length));
}

/** The longest run of characters in both; of equally long ones the first in `a`, then in `b`. */
function longestRun(a: readonly string[], b: readonly string[]): { atA: number; atB: number; length: number } {
  let best = { atA: 0, atB: 0, length: 0 };
  let before: number[] = [];
  for (const [i, letter] of a.entries()) {
    const row: number[] = [];
    for (const [j, other] of b.entries()) {
      if (letter !== other) continue;
      const length = (before[j - 1] ?? 0) + 1;
      row[j] = length;
      if (length > best.length) best = { atA: i - length + 1, atB: j - length + 1, length };
    }
    before = row;
  }
  return best;
}

/** Known spellings near a text, the nearest first. */
export function nearSpellings(text: string, known: readonly string[]): string[] {
  const wanted = folded(text);
  return known
    .map((spelling) => ({ spelling, fold: folded(spelling) }))
    .filter(({ fold }) => couldBeNear(wanted, fold))
    .map(({ spelling, fold }) => ({ spelling, alike: likeness(wanted, fold) }))
    .filter(({ alike }) => alike >= NEAR)
    .sort((one, other) => other.alike - one.alike)
    .slice(0, MOST_OFFERED)
    .map(({ spelling }) => spelling);
}

/** Texts of very different length cannot be alike: that is known without comparing a letter. */
const couldBeNear = (a: string, b: string): boolean =>
  2 * Math.min(a.length, b.length) >= NEAR * (a.length + b.length) - 1;

/**
 * What in a set's description was never used before.
 *
 * @param known where nothing is known yet, nothing is new
 */
export function newWords(
  context: { readonly location?: string | undefined; readonly folder: string },
  known: Taxonomy,
): NewWord[] {
  const fields = [
    { field: "location", value: context.location, known: known.locations },
    { field: "category", value: context.folder, known: known.categories },
  ] as const;
  return fields.flatMap(({ field, value, known: spellings }): NewWord[] =>
    value === undefined || spellings.length === 0 || isKnown(value, spellings)
      ? []
      : [{ field, value, near: nearSpellings(value, spellings) }],
  );
}

const isKnown = (value: string, spellings: readonly string[]): boolean => {
  const wanted = folded(value);
  return spellings.some((spelling) => folded(spelling) === wanted);
};

/** Spellings that mean the same once, as they were first written, in their order. */
export function distinct(spellings: readonly string[]): string[] {
  const first = new Map<string, string>();
  for (const spelling of spellings) if (!first.has(folded(spelling))) first.set(folded(spelling), spelling);
  return [...first.values()];
}
