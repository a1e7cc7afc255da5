/** A bounded second try at words that have flaws: it ends, and what it cannot mend stays marked. */

import type { Attempt, FoundFlaw, Outcome } from "./proof.ts";
import { flawsOf, RULES } from "./wording.ts";
import type { Known, Severity, WordField, Words } from "./wording-rule.ts";
import type { Lexicon } from "./wording-text.ts";
import { type Millis, SECOND } from "./words.ts";

export interface Repaired {
  readonly words: Words;
  readonly outcome: Outcome;
  /** before anything was mended */
  readonly found: readonly FoundFlaw[];
  /** what is left */
  readonly flaws: readonly FoundFlaw[];
  readonly attempts: readonly Attempt[];
  /** a field that nothing else cured is the template's now */
  readonly authors: Known["authors"];
}

/** Writes one field anew. @returns undefined if it has nothing to offer */
export type Rewrite = (
  words: Words,
  field: WordField,
  /** what to do otherwise, the gravest first, at most three */
  wishes: readonly string[],
  seed: number,
) => Promise<Words[WordField] | undefined>;

export interface Means {
  /** undefined where no model writes */
  readonly rewrite?: Rewrite | undefined;
  /** what of these words another photo of the set has already said */
  readonly beside: (words: Words) => readonly FoundFlaw[];
  /** words from context alone, for a field that nothing else cures; what it has no words for is empty */
  readonly template: Words;
  /** monotonic */
  readonly elapsed: () => Millis;
}

export const LIMITS = { rewritesAField: 2, rewritesAPhoto: 3, ms: 90 * SECOND, wishes: 3, tidyings: 4 };

const FIELDS: readonly WordField[] = ["caption", "altText", "keywords"];

/**
 * First what rules mend by themselves, then what a model writes anew, then words from context. Each only if it is better,
 * and only in a field that a model wrote.
 */
export async function repair(words: Words, known: Known, lexicon: Lexicon, means: Means): Promise<Repaired> {
  const course = courseOf(words, known, lexicon, means);
  const found = course.flaws();
  const hadFlaws = found.some(({ severity }) => severity !== "info");
  course.tidy();
  if (means.rewrite !== undefined) await course.rewrite(means.rewrite);
  course.useTemplate();
  const flaws = course.flaws();
  return {
    words: course.words(),
    outcome: outcomeOf(flaws, hadFlaws),
    found,
    flaws,
    attempts: course.attempts,
    authors: course.authors(),
  };
}

function outcomeOf(flaws: readonly FoundFlaw[], hadFlaws: boolean): Outcome {
  const has = (wanted: Severity): boolean => flaws.some(({ severity }) => severity === wanted);
  if (has("error")) return "blocked";
  if (!hadFlaws) return "passed";
  return has("warning") ? "partially-repaired" : "repaired";
}

function courseOf(given: Words, knownAtFirst: Known, lexicon: Lexicon, { beside, template, elapsed }: Means) {
  // Words from context are the same wherever the context is.
  const judge = (of: Words, by: Known): FoundFlaw[] => [
    ...flawsOf(of, by, lexicon),
    ...beside(of).filter(({ field }) => by.authors[field] === "model"),
  ];
  let words = given;
  let known = knownAtFirst;
  let flaws = judge(words, known);
  const attempts: Attempt[] = [];
  // What was no better once is none later: words only get better.
  const refused = new Set<string>();

  const flawsIn = (field: WordField): FoundFlaw[] => flaws.filter((flaw) => flaw.field === field);
  const offer = (
    field: WordField,
    value: Words[WordField],
    made: Pick<Attempt, "by" | "rules" | "seed" | "ms">,
  ): void => {
    if (known.authors[field] !== "model" || textOf(value) === textOf(words[field])) return;
    const after: Words = { ...words, [field]: value };
    const offered = `${made.by} ${FIELDS.map((one) => textOf(after[one])).join("\n")}`;
    if (refused.has(offered)) return;
    const by =
      made.by === "template" ? { ...known, authors: { ...known.authors, [field]: "template" as const } } : known;
    const now = judge(after, by);
    const accepted = isBetter(now, flaws);
    const attempt: Attempt = { ...made, field, before: textOf(words[field]), after: textOf(after[field]), accepted };
    // Beside other words it is judged again, and told once.
    if (accepted || !attempts.some((other) => isSameTry(other, attempt))) attempts.push(attempt);
    if (!accepted) {
      refused.add(offered);
      return;
    }
    words = after;
    known = by;
    flaws = now;
  };

  return {
    attempts,
    words: () => words,
    flaws: () => flaws,
    authors: () => known.authors,

    tidy(): void {
      for (let turn = 0; turn < LIMITS.tidyings; turn += 1) {
        const before = words;
        for (const { id, tidy } of RULES) {
          if (tidy === undefined || !flaws.some(({ rule }) => rule === id)) continue;
          const tidied = tidy({ words, known, lexicon });
          for (const field of FIELDS) {
            const value = tidied[field];
            if (value !== undefined) offer(field, value, { by: "rule", rules: [id], seed: null, ms: 0 });
          }
        }
        if (words === before) return;
      }
    },

    async rewrite(rewrite: Rewrite): Promise<void> {
      const from = elapsed();
      const seen = new Set(FIELDS.map((field) => `${field} ${textOf(given[field])}`));
      let asked = 0;
      for (const field of FIELDS) {
        for (let turn = 0; turn < LIMITS.rewritesAField; turn += 1) {
          const cures = flawsIn(field).filter((flaw) => flaw.severity !== "info" && askOf(flaw) !== undefined);
          if (cures.length === 0 || known.authors[field] !== "model") break;
          if (asked >= LIMITS.rewritesAPhoto || elapsed() - from >= LIMITS.ms) return;
          asked += 1;
          const wishes = [...new Set(cures.flatMap((flaw) => askOf(flaw) ?? []))].slice(0, LIMITS.wishes);
          const begun = elapsed();
          const value = await rewrite(words, field, wishes, asked);
          if (value === undefined || seen.has(`${field} ${textOf(value)}`)) break;
          seen.add(`${field} ${textOf(value)}`);
          const rules = [...new Set(cures.map(({ rule }) => rule))];
          offer(field, value, { by: "model", rules, seed: asked, ms: elapsed() - begun });
          this.tidy();
        }
      }
    },

    useTemplate(): void {
      for (const field of FIELDS) {
        const errors = flawsIn(field).filter(({ severity }) => severity === "error");
        // What is only the same as another photo's may be right: that is for a person to see.
        if (errors.every(({ like }) => like !== undefined) || textOf(template[field]) === "") continue;
        offer(field, template[field], { by: "template", rules: errors.map(({ rule }) => rule), seed: null, ms: 0 });
      }
    },
  };
}

/** What a model is told to do about it. */
function askOf({ rule, like, why }: FoundFlaw): string | undefined {
  if (like !== undefined) return `It is ${why}; say what sets this photo apart, in other words.`;
  const ask = RULES.find(({ id }) => id === rule)?.ask;
  return typeof ask === "function" ? ask(why) : ask;
}
const textOf = (value: Words[WordField]): string => (typeof value === "string" ? value : value.join("; "));

/** Fewer errors, or as many and fewer warnings, and so on; and no error that was not there. */
function isBetter(now: readonly FoundFlaw[], before: readonly FoundFlaw[]): boolean {
  const known = new Set(before.filter(({ severity }) => severity === "error").map(keyOf));
  if (now.some((flaw) => flaw.severity === "error" && !known.has(keyOf(flaw)))) return false;
  const count = (flaws: readonly FoundFlaw[], wanted: Severity): number =>
    flaws.filter(({ severity }) => severity === wanted).length;
  for (const severity of ["error", "warning", "info"] as const) {
    const [n, m] = [count(now, severity), count(before, severity)];
    if (n !== m) return n < m;
  }
  return false;
}

const keyOf = ({ rule, field }: FoundFlaw): string => `${rule} ${field}`;

const isSameTry = (one: Attempt, other: Attempt): boolean =>
  one.by === other.by && one.field === other.field && one.before === other.before && one.after === other.after;
