/** How much a person had to change before the words of a photo could go out. 0 is nothing, 1 is all of it. */
import type { Words } from "./wording-rule.ts";
import { type Lexicon, wordsOf } from "./wording-text.ts";

/** What stands beside a photo, as it was proposed or as a person left it. */
export type Wording = Words & { readonly name: string; readonly subject: string };

interface TextEffort {
  /** share of the letters that are others now, 0-1 */
  readonly letters: number;
  /** words taken out, put in or exchanged, over the words there are now; above 1 where much was taken out */
  readonly words: number;
}

export interface Effort {
  readonly caption: TextEffort;
  readonly altText: TextEffort;
  /** keywords taken out or put in, over all of them, and a little for another order: 0-1 */
  readonly keywords: number;
  /** 1 where the file's name or the subject is another */
  readonly other: number;
  /** all of it together, 0-1 */
  readonly total: number;
}

const WEIGHTS = { caption: 0.4, altText: 0.25, keywords: 0.25, other: 0.1 };
/** What another order of the keywords counts at most, and how many of them the eye falls on. */
const ORDER = { weight: 0.1, first: 10 };

export function effortOf(proposed: Wording, final: Wording, lexicon: Pick<Lexicon, "alike">): Effort {
  const text = (field: "caption" | "altText"): TextEffort => ({
    letters: rounded(1 - lexicon.alike(proposed[field], final[field])),
    words: rounded(wordsChanged(wordsOf(proposed[field]), wordsOf(final[field]))),
  });
  const caption = text("caption");
  const altText = text("altText");
  const keywords = rounded(keywordsChanged(proposed.keywords, final.keywords));
  const other = proposed.name === final.name && proposed.subject === final.subject ? 0 : 1;
  const total =
    WEIGHTS.caption * caption.letters +
    WEIGHTS.altText * altText.letters +
    WEIGHTS.keywords * keywords +
    WEIGHTS.other * other;
  return { caption, altText, keywords, other, total: rounded(total) };
}

/** Four decimals: what is written down twice is the same twice. */
const rounded = (value: number): number => Math.round(value * 10_000) / 10_000;

function wordsChanged(proposed: readonly string[], final: readonly string[]): number {
  const edits = editsBetween(proposed, final);
  return edits === 0 ? 0 : edits / Math.max(final.length, 1);
}

/** Fewest words to take out, put in or exchange. */
function editsBetween(one: readonly string[], other: readonly string[]): number {
  let row = Array.from({ length: other.length + 1 }, (_, i) => i);
  for (const [i, word] of one.entries()) {
    const next = [i + 1];
    for (const [j, there] of other.entries())
      next.push(Math.min((row[j] ?? 0) + (word === there ? 0 : 1), (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    row = next;
  }
  return row.at(-1) ?? 0;
}

function keywordsChanged(proposed: readonly string[], final: readonly string[]): number {
  const added = final.filter((keyword) => !proposed.includes(keyword)).length;
  const removed = proposed.filter((keyword) => !final.includes(keyword)).length;
  const all = final.length + removed;
  const changed = all === 0 ? 0 : (added + removed) / all;
  return Math.min(1, changed + ORDER.weight * displaced(proposed, final.slice(0, ORDER.first)));
}

/** Of all pairs that both have, the share that stands the other way round. @returns 0 to 1 */
function displaced(proposed: readonly string[], first: readonly string[]): number {
  const places = first.map((keyword) => proposed.indexOf(keyword)).filter((place) => place >= 0);
  const pairs = (places.length * (places.length - 1)) / 2;
  const turned = places.flatMap((place, i) => places.slice(i + 1).filter((later) => later < place)).length;
  return pairs === 0 ? 0 : turned / pairs;
}

/** Up to here a correction is a light one. */
const LIGHT = 0.15;
/** Upper ends of the steps in which efforts are counted. */
const STEPS = [0, 0.05, LIGHT, 0.3, 0.5, 1];

/** How the efforts of many photos are spread: a mean alone would hide that most cost nothing and a few cost all. */
export interface Spread {
  readonly photos: number;
  /** nothing was changed */
  readonly accepted: number;
  readonly light: number;
  readonly heavy: number;
  readonly mean: number;
  readonly median: number;
  /** nine in ten took no more */
  readonly p90: number;
  readonly most: number;
  /** photos by effort, each step up to its end and above the one before */
  readonly steps: readonly { readonly upTo: number; readonly photos: number }[];
}

/** @returns null where there is nothing to spread */
export function spreadOf(totals: readonly number[]): Spread | null {
  if (totals.length === 0) return null;
  const sorted = totals.toSorted((a, b) => a - b);
  // The nearest rank: a figure that a photo has.
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
  const upTo = (end: number): number => sorted.filter((total) => total <= end).length;
  return {
    photos: sorted.length,
    accepted: upTo(0),
    light: upTo(LIGHT) - upTo(0),
    heavy: sorted.length - upTo(LIGHT),
    mean: rounded(sorted.reduce((sum, total) => sum + total, 0) / sorted.length),
    median: at(0.5),
    p90: at(0.9),
    most: at(1),
    steps: STEPS.map((end, i) => ({ upTo: end, photos: upTo(end) - upTo(STEPS[i - 1] ?? -1) })),
  };
}
