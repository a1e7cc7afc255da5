/** What is wrong with wording: the rules that caption, alt text and keywords are held to, each a row of a catalogue. */
import { ALT_RULES } from "./wording-alt.ts";
import { CAPTION_RULES } from "./wording-caption.ts";
import { GENERAL_RULES } from "./wording-general.ts";
import { KEYWORD_RULES } from "./wording-keywords.ts";
import { KIND_RULES } from "./wording-kind.ts";
import { PLACE_RULES } from "./wording-places.ts";
import {
  type Author,
  type Flaw,
  type Known,
  type Rule,
  SEVERITIES,
  type Severity,
  type Words,
} from "./wording-rule.ts";
import type { Lexicon } from "./wording-text.ts";

/** Changes with every rule: what was proved by other rules is not comparable. */
export const RULES_VERSION = "wording-1";

export const RULES: readonly Rule[] = [
  ...GENERAL_RULES,
  ...CAPTION_RULES,
  ...PLACE_RULES,
  ...ALT_RULES,
  ...KEYWORD_RULES,
  ...KIND_RULES,
];

/** Rules that a kind of sets may do without; never one whose breach keeps a photo from being approved. */
export const MAY_BE_SET_ASIDE: readonly string[] = RULES.filter(({ severity }) => severity !== "error").map(
  ({ id }) => id,
);

/** Everything that is wrong with the words of one photo, errors first. */
export function flawsOf(words: Words, known: Known, lexicon: Lexicon): Flaw[] {
  const flaws = RULES.filter(({ id }) => !known.setAside.includes(id)).flatMap((rule) =>
    rule
      .test({ words, known, lexicon })
      .map(({ field, why }): Flaw => ({ rule: rule.id, severity: severityIn(rule, known.authors[field]), field, why })),
  );
  return flaws.sort((one, other) => SEVERITIES.indexOf(one.severity) - SEVERITIES.indexOf(other.severity));
}

const severityIn = ({ severity, ofModels }: Rule, author: Author): Severity =>
  severity === "error" && ofModels === true && author !== "model" ? "warning" : severity;
