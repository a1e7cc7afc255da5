/** The figures of a sitting: how many photos, keys and seconds. It has no clock: the time comes with every call. */
import type { Sitting } from "../../domain/sitting.ts";

/** Milliseconds for each photo, and of how many photos. */
type Interval = readonly [ms: number, photos: number];

export interface Counts extends Pick<Sitting, "id" | "decided" | "accepted" | "keys" | "clicks" | "undos"> {
  /** of the latest decisions; more than these say nothing more about the median */
  readonly intervals: readonly Interval[];
  readonly activeMs: number;
}

export const noCounts = (id: string): Counts => ({
  id,
  decided: 0,
  accepted: 0,
  keys: 0,
  clicks: 0,
  undos: 0,
  intervals: [],
  activeMs: 0,
});

const MOST_INTERVALS = 2_000;

/** @param ms since the decision before, pauses left out */
export const withDecisions = (counts: Counts, photos: number, accepted: number, ms: number): Counts =>
  photos === 0
    ? counts
    : {
        ...counts,
        decided: counts.decided + photos,
        accepted: counts.accepted + accepted,
        activeMs: counts.activeMs + ms,
        intervals: [...counts.intervals, [ms / photos, photos] as const].slice(-MOST_INTERVALS),
      };

export function figuresOf({ intervals, ...counts }: Counts): Sitting {
  return {
    ...counts,
    activeMs: Math.round(counts.activeMs),
    medianMs: Math.round(quantile(intervals, 0.5)),
    p90Ms: Math.round(quantile(intervals, 0.9)),
  };
}

/** The time that this share of the photos took at most. */
function quantile(intervals: readonly Interval[], share: number): number {
  const sorted = intervals.toSorted(([a], [b]) => a - b);
  const wanted = share * sorted.reduce((sum, [, photos]) => sum + photos, 0);
  let sum = 0;
  for (const [ms, photos] of sorted) {
    sum += photos;
    if (sum >= wanted) return ms;
  }
  return 0;
}

const FEWEST = 5;

/** `34 img/min · 3.1 s each`; nothing before it means something. */
export function paceText(counts: Counts): string {
  if (counts.decided < FEWEST || counts.activeMs === 0) return "";
  const perMinute = (60_000 * counts.decided) / counts.activeMs;
  return `${Math.round(perMinute)} img/min · ${(figuresOf(counts).medianMs / 1_000).toFixed(1)} s each`;
}
