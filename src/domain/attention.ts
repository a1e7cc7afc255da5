/** Which photos a person should look at first: how far a model's words can be trusted. It orders the review and approves nothing. */
import type { Facts } from "./facts.ts";
import type { FoundFlaw } from "./proof.ts";
import type { Known } from "./wording-rule.ts";

export interface Attention {
  /** 100 for words nothing speaks against, less for each thing that does; may be negative. A rank, no probability */
  readonly points: number;
  /** what speaks against them, in words */
  readonly why: readonly string[];
}

export interface Trusted {
  /** as they stand; what a person has overruled is not among them */
  readonly flaws: readonly Pick<FoundFlaw, "rule" | "severity">[];
  readonly authors: Known["authors"];
  readonly evidence: Pick<NonNullable<Facts["words"]["evidence"]>, "logprob" | "uncertain"> | null;
}

const WHOLE = 100;
const COST = { error: 40, warning: 8, conflict: 15, unsure: 10, unseen: 10, uncertain: 5 };
/** More warnings say no more than these: one weak sentence breaks many rules. */
const MOST_WARNINGS = 4;
/** Tenth percentile of the log probabilities of a caption's words: below it at least one in ten was a guess. */
const GUESSED = -2.5;
const UNCERTAIN_OF = 2;

/**
 * @returns null where no model has written anything that still stands: of a template's words, and a person's, nothing is
 *   measured
 */
export function attentionOf({ flaws, authors, evidence }: Trusted): Attention | null {
  if (evidence === null || !Object.values(authors).includes("model")) return null;
  const errors = flaws.filter(({ severity }) => severity === "error").length;
  const warnings = flaws.filter(({ severity }) => severity === "warning").length;
  // How sure the model was, it was of its own caption.
  const isItsCaption = authors.caption === "model";
  const uncertain = isItsCaption ? evidence.uncertain.length : 0;
  const against: readonly (readonly [cost: number, why: string])[] = [
    [COST.error * errors, counted(errors, "error")],
    [COST.warning * Math.min(warnings, MOST_WARNINGS), counted(warnings, "warning")],
    [has(flaws, "SUBJ-CONFLICT") ? COST.conflict : 0, "the model saw another subject"],
    [isItsCaption && (evidence.logprob?.p10 ?? 0) < GUESSED ? COST.unsure : 0, "the model guessed at some words"],
    // The rule says it of less than half, which is the same line.
    [has(flaws, "CAP-UNSUPPORTED") ? COST.unseen : 0, "it names what it did not list as seen"],
    [uncertain >= UNCERTAIN_OF ? COST.uncertain : 0, `the model is not sure of ${uncertain} things`],
  ];
  const counting = against.filter(([cost]) => cost > 0);
  return {
    points: counting.reduce((left, [cost]) => left - cost, WHOLE),
    why: counting.map(([, why]) => why),
  };
}

const has = (flaws: Trusted["flaws"], wanted: string): boolean => flaws.some(({ rule }) => rule === wanted);
const counted = (n: number, what: string): string => `${n} ${what}${n === 1 ? "" : "s"}`;

/** Where a person looks first, and where closely; set by the first runs, not fitted to anybody's corrections yet. */
const URGENT = 40;
const DOUBTFUL = 70;

/** A score would pretend to know more. @returns nothing where there is no reason to look closer than at any other */
export function attentionWord(attention: Attention | null): "look here first" | "look closely" | null {
  if (attention === null || attention.points >= DOUBTFUL) return null;
  return attention.points < URGENT ? "look here first" : "look closely";
}

/** Words nobody has looked at stand before those nothing speaks against, behind all others. */
const UNMEASURED = WHOLE - 1;

/** Ascending: those that are stopped, then by what speaks against them. Equal ones stay as they were. */
export const attentionRank = (isBlocked: boolean, attention: Attention | null): number =>
  isBlocked ? Number.NEGATIVE_INFINITY : (attention?.points ?? UNMEASURED);
