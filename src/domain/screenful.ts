/** Which photos an approval of a whole screen may take along. Light enough for the page's script; the store asks it again. */
import type { Outcome } from "./proof.ts";
import type { Author } from "./wording-rule.ts";

export interface Sweepable {
  /** an error of its words is left */
  readonly blocked: boolean;
  readonly outcome: Outcome | null;
  /** null before there are words */
  readonly authors: Readonly<Record<string, Author>> | null;
}

/**
 * `passed` may be taken along once it was seen. What was mended wants to be read, what a template wrote says nothing of the
 * picture, and what was never proved (a person's own words among it) has nothing behind it but the look at it.
 */
export type Sweep = "passed" | "repaired" | "blocked" | "template" | "unproved";

export function sweepOf({ blocked, outcome, authors }: Sweepable): Sweep {
  if (blocked) return "blocked";
  if (authors !== null && Object.values(authors).includes("template")) return "template";
  if (outcome === "repaired" || outcome === "partially-repaired") return "repaired";
  return outcome === "passed" ? "passed" : "unproved";
}

/** How many of the photos that would go out were looked at alone and large, only in the grid, or not on the page at all. */
export interface LookedAt {
  readonly opened: number;
  readonly seen: number;
  readonly unseen: number;
}

/** `Approved 104, of which 31 opened, 73 seen in the grid, 0 not seen.` */
export const lookedText = ({ opened, seen, unseen }: LookedAt): string =>
  `Approved ${opened + seen + unseen}, of which ${opened} opened, ${seen} seen in the grid, ${unseen} not seen.`;

/** Part of the photos that were approved by screen and come back once; and never fewer than these. */
export const LEAST_AGAIN = 5;

/**
 * The sample for the second look: always the same for the same photos, in no order a person could foresee.
 *
 * @param percent 0-20; 0 asks for none
 * @returns their ids, as many as are asked for
 */
export function sampleOf(photos: readonly number[], percent: number): number[] {
  if (percent <= 0) return [];
  const most = Math.max(LEAST_AGAIN, Math.ceil((photos.length * percent) / 100));
  return photos.toSorted((a, b) => scattered(a) - scattered(b) || a - b).slice(0, most);
}

/** Knuth's multiplicative hash: neighbours land far apart. */
const scattered = (id: number): number => Math.imul(id, 0x9e3779b1) >>> 0;

/**
 * What the misses of a second look say of all that were approved by screen.
 *
 * @returns the share that was wrong, and the share it is below with a certainty of 95 %, both 0-1; null where none was looked at
 */
export function missRate(misses: number, looked: number): { readonly rate: number; readonly bound: number } | null {
  if (looked === 0) return null;
  return { rate: misses / looked, bound: upperBound(misses, looked) };
}

const CERTAINTY = 0.95;

/** Clopper and Pearson's bound: the rate at which so few misses would turn up in one of twenty second looks. */
function upperBound(misses: number, looked: number): number {
  if (misses >= looked) return 1;
  let [low, high] = [misses / looked, 1];
  for (let i = 0; i < 60; i += 1) {
    const middle = (low + high) / 2;
    if (atMost(misses, looked, middle) > 1 - CERTAINTY) low = middle;
    else high = middle;
  }
  return high;
}

/** Probability of at most so many misses among `looked` at a rate; in logarithms, because thousands may be looked at. */
function atMost(misses: number, looked: number, rate: number): number {
  let log = looked * Math.log1p(-rate);
  let sum = Math.exp(log);
  for (let k = 1; k <= misses; k += 1) {
    log += Math.log((looked - k + 1) / k) + Math.log(rate) - Math.log1p(-rate);
    sum += Math.exp(log);
  }
  return sum;
}
