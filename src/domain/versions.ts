/** The words a machine has had for a photo, field by field: what came first, what mending made of it, what else there is. */
import type { Facts } from "./facts.ts";
import type { Author, WordField } from "./wording-rule.ts";
import { authorsOf } from "./wording-standing.ts";
import type { Millis } from "./words.ts";

/** Words a person can take with one key. */
export interface Offer {
  readonly text: string;
  /** `now`: what stands without a person's edits; `first`: before anything was mended; `try`: mending that was not taken */
  readonly from: "now" | "first" | "try" | "earlier";
  /** when earlier words were made; null of the others */
  readonly at: Millis | null;
}

export interface FieldVersions {
  /** who wrote what stands without a person's edits */
  readonly author: Author;
  /** before anything was mended */
  readonly first: string;
  /** after mending; what is published if nobody edits it */
  readonly mended: string;
  /** the most recent first, each text once, none empty */
  readonly offers: readonly Offer[];
}

export type WordVersions = Readonly<Record<WordField, FieldVersions>>;

/** Words of before; the oldest first. */
export interface Earlier {
  readonly at: Millis;
  readonly words: Facts["words"] | null;
  /** the model was found to be blind: what it said is offered to nobody */
  readonly isDistrusted: boolean;
}

/** More than these nobody goes through key by key. */
const MOST_OFFERS = 9;

export function versionsOf(words: Facts["words"], earlier: readonly Earlier[]): WordVersions {
  const authors = authorsOf(words, {});
  const versions = (field: WordField): FieldVersions => {
    const attempts = (words.proof?.attempts ?? []).filter((attempt) => attempt.field === field);
    const mended = textOf(words[field]);
    const first = attempts[0] === undefined ? mended : asTyped(field, attempts[0].before);
    const offers: Offer[] = [
      { text: mended, from: "now", at: null },
      { text: first, from: "first", at: null },
      ...attempts.map(({ after }): Offer => ({ text: asTyped(field, after), from: "try", at: null })),
      ...earlier.toReversed().flatMap((one): Offer | readonly [] => {
        if (one.words === null || one.isDistrusted) return [];
        return { text: textOf(one.words[field]), from: "earlier", at: one.at };
      }),
    ];
    return { author: authors[field], first, mended, offers: distinct(offers).slice(0, MOST_OFFERS) };
  };
  return { caption: versions("caption"), altText: versions("altText"), keywords: versions("keywords") };
}

function distinct(offers: readonly Offer[]): Offer[] {
  const known = new Set([""]);
  return offers.filter(({ text }) => !known.has(text) && known.add(text));
}

const textOf = (value: string | readonly string[]): string => (typeof value === "string" ? value : value.join(", "));

/** Attempts keep keywords apart by semicolons, a person by commas. */
const asTyped = (field: WordField, text: string): string => (field === "keywords" ? text.split("; ").join(", ") : text);
