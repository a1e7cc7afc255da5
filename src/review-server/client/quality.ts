/** How the page speaks of quality, on the server and in the browser: what was found, by whom, and what is not known. */

import { ATTENTION, type Defect } from "../../domain/defects.ts";
import type { Unevenness } from "../../domain/evenness.ts";
import type { MetricName } from "../../domain/facts.ts";
import type { Row } from "../rows.ts";

/** A term, what was found, and whether it wants attention. */
type Line = readonly [term: string, value: string, wants: boolean];

const DEFECT_WORDS: Readonly<Record<Defect, string>> = {
  sharp: "not sharp",
  noise: "noisy",
  motion: "motion blur",
  block: "JPEG blocks",
  high: "highlights burnt out",
  low: "dark",
  contrast: "flat tones",
};

const SCORE_LABELS: Readonly<Record<Defect, string>> = {
  sharp: "Sharpness",
  noise: "Freedom from noise",
  motion: "Freedom from motion blur",
  block: "Freedom from JPEG blocks",
  high: "Highlights",
  low: "Lights",
  contrast: "Tonal range",
};

/** Why a score is not quite to be believed. */
const DOUBTS: Readonly<Partial<Record<Defect, string>>> = {
  sharp: "noise may pass for sharpness",
  noise: "no calm part to tell by",
};

const METRIC_LABELS: Readonly<Record<MetricName, string>> = {
  clip: "CLIP aesthetic",
  nima: "NIMA",
  blur: "Sharpness",
  brightness: "Brightness",
  contrast: "Contrast",
  brisque: "BRISQUE",
};

const UNEVEN_WORDS: Readonly<Record<Unevenness, string>> = {
  darker: "darker than the rest of this set",
  lighter: "lighter than the rest of this set",
};

/** What wants a look; light and tones may be meant. */
export function troubleOf({ technical }: Row): string | undefined {
  if (technical?.needsAttention !== true) return undefined;
  const { scores } = technical;
  const worst = ATTENTION.reduce((least, one) => ((scores[one] ?? 100) < (scores[least] ?? 100) ? one : least));
  return DEFECT_WORDS[worst];
}

/** The place in one's own archive first, then the figure: what is usual for one photographer is not for another. */
export function technicalText(row: Row): string {
  const { technical } = row;
  if (technical === null) return row.released ? "not measured when it was released" : "not measured yet";
  const place = technical.percentile === null ? "" : `as good as ${technical.percentile} % of what you approved; `;
  const defect = technical.defect === null ? "" : `, ${DEFECT_WORDS[technical.defect]}`;
  return `${place}${technical.band} ${Math.round(technical.score)}${defect}`;
}

/** What is only worth a look. */
export const hintsOf = ({ uneven, unlikeArchive }: Row): string[] => [
  ...(uneven === null ? [] : [UNEVEN_WORDS[uneven]]),
  ...(unlikeArchive ? ["unlike your archive"] : []),
];

/** The sub-scores of the technical score, 0-100. */
export function scoreLines({ technical }: Row): Line[] {
  if (technical === null) return [];
  return Object.entries(SCORE_LABELS).map(([key, label]): Line => {
    const name = key as Defect;
    const points = technical.scores[name];
    const doubt = technical.unreliable.includes(name) ? DOUBTS[name] : undefined;
    const value = points === null ? "cannot be told" : String(Math.round(points));
    return [label, doubt === undefined ? value : `${value} (${doubt})`, name === technical.defect];
  });
}

/** The metrics of the published figure, each with where it comes from; what is missing has no value. */
export function metricLines({ metrics, plugins }: Row): Line[] {
  if (metrics === null) return [];
  const lines = Object.entries(METRIC_LABELS).map(([key, label]): Line => {
    const metric = metrics[key as MetricName];
    if (metric.source === "missing") return [label, "missing", true];
    const by = metric.source === "plugin" ? `by ${metric.plugin}` : "measured";
    return [label, `${metric.value.toFixed(1)}, ${by}`, false];
  });
  return [...lines, ...plugins.flatMap((one) => pluginLine(one))];
}

/** A scorer that did not answer, or whose answer is no metric. */
function pluginLine({ id, said, isMetric }: Row["plugins"][number]): Line[] {
  if (said.kind === "unavailable") return [[id, `unavailable: ${said.why} (${said.code})`, true]];
  if (isMetric) return [];
  if (said.kind === "embedding") return [[id, "a fingerprint to compare by", false]];
  return [[id, said.score01 === null ? said.raw.toFixed(2) : `${Math.round(100 * said.score01)} of 100`, false]];
}
