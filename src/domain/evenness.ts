import type { PhotoId } from "./words.ts";

/** Fewer photos have no middle to stand out from. */
const FEWEST = 6;
/** Grey levels of mean luma; less nobody sees between two photos. */
const LEAST_APART = 30;
/** Spreads from the middle; beyond this one in two thousand of an even set would lie. */
const SPREADS = 3.5;
/** What turns the median of distances into a standard deviation, for what is spread evenly about the middle. */
const DEVIATIONS = 1.4826;

export type Unevenness = "darker" | "lighter";

/**
 * Which photos of a set are exposed unlike the rest. The middle and the spread are medians: the odd ones do not hide
 * themselves.
 *
 * @param brightness mean luma of each photo, 0-255
 * @returns those that are unlike the rest
 */
export function unevenExposures(brightness: ReadonlyMap<PhotoId, number>): ReadonlyMap<PhotoId, Unevenness> {
  const uneven = new Map<PhotoId, Unevenness>();
  if (brightness.size < FEWEST) return uneven;
  const middle = median([...brightness.values()]);
  const spread = DEVIATIONS * median([...brightness.values()].map((one) => Math.abs(one - middle)));
  const most = Math.max(LEAST_APART, SPREADS * spread);
  for (const [photo, one] of brightness)
    if (Math.abs(one - middle) > most) uneven.set(photo, one < middle ? "darker" : "lighter");
  return uneven;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  const upper = sorted[half] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[half - 1] ?? upper)) / 2;
}
