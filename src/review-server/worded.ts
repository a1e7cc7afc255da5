import { type Attention, attentionOf } from "../domain/attention.ts";
import { isOverruled } from "../domain/standing-proof.ts";
import type { Author, WordField } from "../domain/wording-rule.ts";
import { authorsOf } from "../domain/wording-standing.ts";
import type { DeskPhoto } from "../store/standing.ts";

/** Whose words stand, and how far they can be trusted, as the row of a photo shows it. */
export interface Worded {
  /** null before there are any */
  readonly authors: Readonly<Record<WordField, Author>> | null;
  /** null where no model's words stand */
  readonly attention: Attention | null;
}

export function wordedOf({ photo: { facts }, state: { edits }, flaws }: DeskPhoto): Worded {
  const { words } = facts;
  if (words === undefined) return { authors: null, attention: null };
  const authors = authorsOf(words, edits);
  const counting = flaws.filter(({ rule }) => !isOverruled(rule, edits.overruled ?? []));
  return { authors, attention: attentionOf({ flaws: counting, authors, evidence: words.evidence }) };
}
