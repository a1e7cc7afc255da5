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

/** Known spellings near a text, the nearest first, at most three. */
export function nearSpellings(text: string, ...lists: readonly (readonly string[])[]): string[] {
  const near = lists
    .flatMap((list) => nearIn(list, folded(text)))
    .sort((one, other) => other.alike - one.alike)
    .map(({ spelling }) => spelling);
  return distinct(near).slice(0, MOST_OFFERED);
}

interface Near {
  readonly spelling: string;
  readonly alike: number;
}

function nearIn(list: readonly string[], wanted: string): readonly Near[] {
  const { byFold, near } = foldedList(list);
  const before = near.get(wanted);
  if (before !== undefined) return before;
  const letters = counted(wanted);
  const found = [...byFold]
    .filter(([fold]) => couldBeNear(wanted, letters, fold))
    .map(([fold, spelling]) => ({ spelling, alike: likeness(wanted, fold) }))
    .filter(({ alike }) => alike >= NEAR);
  near.set(wanted, found);
  return found;
}

/** What two texts can share at most is known from their lengths, and then from their letters, whatever their order. */
function couldBeNear(wanted: string, letters: ReadonlyMap<string, number>, fold: string): boolean {
  const least = (NEAR * (wanted.length + fold.length)) / 2;
  if (Math.min(wanted.length, fold.length) < least) return false;
  let shared = 0;
  for (const [letter, n] of counted(fold)) shared += Math.min(n, letters.get(letter) ?? 0);
  return shared >= least;
}

function counted(text: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  // By code unit, like the lengths it is compared with.
  for (let i = 0; i < text.length; i += 1) counts.set(text.charAt(i), (counts.get(text.charAt(i)) ?? 0) + 1);
  return counts;
}

/**
 * What in a set's description was never used before.
 *
 * @param known where nothing is known yet, nothing is new
 */
export function newWords(
  context: { readonly location?: string | undefined; readonly folder: string },
  known: readonly Taxonomy[],
): NewWord[] {
  const fields = [
    { field: "location", value: context.location, lists: known.map(({ locations }) => locations) },
    { field: "category", value: context.folder, lists: known.map(({ categories }) => categories) },
  ] as const;
  return fields.flatMap(({ field, value, lists }): NewWord[] => {
    const isFirst = lists.every((list) => list.length === 0);
    if (value === undefined || isFirst || lists.some((list) => foldedList(list).byFold.has(folded(value)))) return [];
    return [{ field, value, near: nearSpellings(value, ...lists) }];
  });
}

/** Spellings that mean the same once, as they were first written, in their order. */
export const distinct = (spellings: readonly string[]): string[] => [...foldedList(spellings).byFold.values()];

interface FoldedList {
  /** the first spelling of each fold */
  readonly byFold: ReadonlyMap<string, string>;
  /** what was found near a fold before */
  readonly near: Map<string, readonly Near[]>;
}

// The words of the site's rows are the same list at every look at the page, and there may be thousands.
const lists = new WeakMap<readonly string[], FoldedList>();

function foldedList(spellings: readonly string[]): FoldedList {
  const before = lists.get(spellings);
  if (before !== undefined) return before;
  const byFold = new Map<string, string>();
  for (const spelling of spellings) if (!byFold.has(folded(spelling))) byFold.set(folded(spelling), spelling);
  const list = { byFold, near: new Map<string, readonly Near[]>() };
  lists.set(spellings, list);
  return list;
}
