/** What is wrong with wording: the rules that caption, alt text and keywords are held to, each a row of a catalogue. */
import { ALT_RULES } from "./wording-alt.ts";
import { CAPTION_RULES } from "./wording-caption.ts";
import { GENERAL_RULES } from "./wording-general.ts";
import { HOUSE_RULES, isInForce, NEVER_IGNORED } from "./wording-house.ts";
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
import { SET_RULES } from "./wording-set.ts";
import { STOCK_RULES } from "./wording-stock.ts";
import { ENGLISH_HOUSE, type HouseWording, type Lexicon } from "./wording-text.ts";

/** Changes with every rule: what was proved by other rules is not comparable. */
const RULES_VERSION = "wording-1";

export const RULES: readonly Rule[] = [
  ...GENERAL_RULES,
  ...CAPTION_RULES,
  ...PLACE_RULES,
  ...ALT_RULES,
  ...KEYWORD_RULES,
  ...HOUSE_RULES,
  ...STOCK_RULES,
  ...KIND_RULES,
];

/** @returns why a rule cannot be switched off, as a sentence; undefined if it can */
export function ignoreFlaw(id: string): string | undefined {
  if (NEVER_IGNORED.has(id))
    return "keeps invented names out: list the name in wording.allowed, or overrule it for a photo";
  const ids: readonly string[] = [...RULES.map((rule) => rule.id), ...SET_RULES];
  return ids.includes(id) ? undefined : `there is no rule ${JSON.stringify(id)}; docs/words.md lists them`;
}

/** Rules that do not hold for a house. */
export const rulesOff = (house: HouseWording): string[] =>
  RULES.map(({ id }) => id).filter((id) => !isInForce(id, house));

/** Version of the catalogue and of what the house says about it: what others have proved is checked again. */
export function rulesVersion({ house }: Pick<Lexicon, "house">): string {
  const own = fingerprintOf(house);
  return own === PLAIN ? RULES_VERSION : `${RULES_VERSION}+${own}`;
}

/** FNV-1a of 32 bits: it tells two settings apart, and proves nothing. */
function fingerprintOf({ language, banned, allowed, vocabulary, ignore, stock }: HouseWording): string {
  let hash = 0x811c9dc5;
  for (const letter of JSON.stringify([language, banned, allowed, vocabulary, ignore, stock]))
    hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
}
const PLAIN = fingerprintOf(ENGLISH_HOUSE);

/** Rules that a kind of sets may do without; never one whose breach keeps a photo from being approved. */
export const MAY_BE_SET_ASIDE: readonly string[] = RULES.filter(({ severity }) => severity !== "error").map(
  ({ id }) => id,
);

/** Everything that is wrong with the words of one photo, errors first. */
export function flawsOf(words: Words, known: Known, lexicon: Lexicon): Flaw[] {
  const inForce = RULES.filter(({ id }) => isInForce(id, lexicon.house) && !known.setAside.includes(id));
  const flaws = inForce.flatMap((rule) =>
    rule
      .test({ words, known, lexicon })
      .map(({ field, why }): Flaw => ({ rule: rule.id, severity: severityIn(rule, known.authors[field]), field, why })),
  );
  return flaws.sort((one, other) => SEVERITIES.indexOf(one.severity) - SEVERITIES.indexOf(other.severity));
}

const severityIn = ({ severity, ofModels }: Rule, author: Author): Severity =>
  severity === "error" && ofModels === true && author !== "model" ? "warning" : severity;
