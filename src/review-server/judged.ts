import type { Unevenness } from "../domain/evenness.ts";
import type { Metrics, PluginSaid, Technical } from "../domain/facts.ts";
import type { Shown } from "../domain/remains.ts";
import { percentileAmong } from "../domain/technical.ts";

/** What was found out about the quality of a photo, as its row shows it. */
export interface Judged {
  /** metrics of the published figure with the source of each; null before they were taken */
  readonly metrics: Metrics | null;
  /** `percentile`: per cent of the approved photos that are not better; null while there are too few */
  readonly technical: (Omit<Technical, "scorer"> & { readonly percentile: number | null }) | null;
  readonly unlikeArchive: boolean;
  /** exposed unlike the rest of its set */
  readonly uneven: Unevenness | null;
  /** learned scorers that were asked; `isMetric`: what it said is one of the metrics */
  readonly plugins: readonly Plugin[];
}

interface Plugin {
  readonly id: string;
  readonly isMetric: boolean;
  readonly said: Exclude<PluginSaid["said"], { kind: "embedding" }> | { readonly kind: "embedding" };
}

/** @param approved technical scores of approved photos, ascending */
export function judgedOf(
  quality: Shown["quality"] | undefined,
  approved: Float64Array,
  uneven: Unevenness | null,
): Judged {
  if (quality === undefined) return { metrics: null, technical: null, unlikeArchive: false, uneven, plugins: [] };
  const { metrics, technical, archive, plugins } = quality;
  const givers = new Set(Object.values(metrics ?? {}).map((one) => (one.source === "plugin" ? one.plugin : undefined)));
  return {
    metrics,
    technical: technical && placedAmong(approved, technical),
    unlikeArchive: archive?.unlike ?? false,
    uneven,
    plugins: plugins.map(({ id, said }) => ({ id, isMetric: givers.has(id), said: withoutVector(said) })),
  };
}

const placedAmong = (approved: Float64Array, { scorer: _, ...technical }: Technical): Judged["technical"] => ({
  ...technical,
  percentile: percentileAmong(approved, technical.score),
});

// Thousands of bytes a photo that no page shows.
const withoutVector = (said: PluginSaid["said"]): Plugin["said"] =>
  said.kind === "embedding" ? { kind: "embedding" } : said;
