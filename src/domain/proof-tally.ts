/** How many photos the proof of words let through, in one line. Light enough for the page's script. */
import type { Outcome } from "./proof.ts";

/** Where the words of a photo stand. */
export interface Judgement {
  /** as the machine left them; null where no model wrote them, and nothing was to be proved */
  readonly outcome: Outcome | null;
  /** an error is left that nobody has mended or overruled */
  readonly blocked: boolean;
}

export interface Tally {
  readonly passed: number;
  readonly repaired: number;
  /** warnings are left */
  readonly repairedInPart: number;
  /** were blocked, until a person edited or overruled */
  readonly cured: number;
  readonly blocked: number;
  readonly unjudged: number;
}

export function tallyOf(photos: readonly Judgement[]): Tally {
  const standing = photos.map(standingOf);
  const count = (wanted: keyof Tally): number => standing.filter((one) => one === wanted).length;
  return {
    passed: count("passed"),
    repaired: count("repaired"),
    repairedInPart: count("repairedInPart"),
    cured: count("cured"),
    blocked: count("blocked"),
    unjudged: count("unjudged"),
  };
}

function standingOf({ outcome, blocked }: Judgement): keyof Tally {
  if (blocked) return "blocked";
  switch (outcome) {
    case null:
      return "unjudged";
    case "blocked":
      return "cured";
    case "partially-repaired":
      return "repairedInPart";
    default:
      return outcome;
  }
}

/** `118 passed, 2 repaired, 0 blocked`; what else there is, is named only where there is some. */
export function tallyLine({ passed, repaired, repairedInPart, cured, blocked, unjudged }: Tally): string {
  const isJudged = passed + repaired + repairedInPart + cured + blocked > 0;
  const parts = [
    ...(isJudged ? [`${passed} passed`, `${repaired} repaired`] : []),
    ...(repairedInPart > 0 ? [`${repairedInPart} repaired in part`] : []),
    ...(cured > 0 ? [`${cured} put right by you`] : []),
    ...(isJudged ? [`${blocked} blocked`] : []),
    ...(unjudged > 0 ? [`${unjudged} not by a model`] : []),
  ];
  return parts.length === 0 ? "no words yet" : parts.join(", ");
}
