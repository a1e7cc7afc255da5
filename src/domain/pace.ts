/** How fast a person decides, from the times at which they did. */
import { HOUR, MINUTE, type Millis, SECOND } from "./words.ts";

/** One decision: of how many photos, and when. */
export interface Decided {
  readonly client: string;
  readonly at: Millis;
  readonly photos: number;
}

export interface Pace {
  readonly photos: number;
  /** seconds from one decision to the next, over the photos it was of; null while there are too few */
  readonly median: number | null;
  /** nine in ten took no longer */
  readonly p90: number | null;
  readonly perHour: number | null;
}

/** Who did nothing for so long was not deciding. */
const IDLE: Millis = 10 * MINUTE;

/** @param decisions in any order */
export function paceOf(decisions: readonly Decided[]): Pace {
  const steps: { readonly ms: Millis; readonly photos: number }[] = [];
  for (const own of Map.groupBy(decisions, ({ client }) => client).values()) {
    const sorted = own.toSorted((a, b) => a.at - b.at);
    for (const [i, { at, photos }] of sorted.entries()) {
      const ms = at - (sorted[i - 1]?.at ?? Number.NEGATIVE_INFINITY);
      if (ms <= IDLE && photos > 0) steps.push({ ms, photos });
    }
  }
  const seconds = steps
    .flatMap(({ ms, photos }) => Array.from({ length: photos }, () => ms / photos / SECOND))
    .sort((a, b) => a - b);
  const rank = (share: number): number | null => seconds[Math.max(0, Math.ceil(share * seconds.length) - 1)] ?? null;
  const spent = steps.reduce((sum, { ms }) => sum + ms, 0);
  return {
    photos: decisions.reduce((sum, { photos }) => sum + photos, 0),
    median: rank(0.5),
    p90: rank(0.9),
    perHour: spent === 0 ? null : (seconds.length * HOUR) / spent,
  };
}
