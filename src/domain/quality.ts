import { type Band, METRICS, type MetricName, type Metrics } from "./facts.ts";

/**
 * The quality figure the site has always shown. Its weights and thresholds are interface facts of the published catalogue:
 * changing them would make old and new rows incomparable.
 */
const WEIGHTS: Readonly<Record<MetricName, number>> = {
  clip: 0.23,
  nima: 0.2,
  blur: 0.17,
  brightness: 0.17,
  contrast: 0.13,
  brisque: 0.1,
};

const THRESHOLDS: readonly (readonly [number, Band])[] = [
  [7.5, "Top"],
  [6.5, "Good"],
  [5.5, "Average"],
  [4.5, "Low"],
];

export interface Quality {
  /** 0-10, two decimals */
  readonly qr: number;
  readonly band: Band;
  readonly missing: MetricName[];
}

/**
 * Weighted mean of the metrics there are. A missing metric is left out of numerator and denominator, and named: no fallback
 * value stands in for it.
 *
 * @param metrics each 0-10, but `brisque` 0-100 with lower better
 */
export function rate(metrics: Metrics): Quality {
  let sum = 0;
  let weights = 0;
  const missing: MetricName[] = [];
  for (const name of METRICS) {
    const metric = metrics[name];
    if (metric.source === "missing") {
      missing.push(name);
      continue;
    }
    const points = name === "brisque" ? (1 - metric.value / 100) * 10 : metric.value;
    // Models leave their scale now and then; the figure must not.
    sum += WEIGHTS[name] * Math.min(Math.max(points, 0), 10);
    weights += WEIGHTS[name];
  }
  const qr = weights === 0 ? 0 : twoDecimals(sum / weights);
  return { qr, band: bandOf(qr), missing };
}

export const bandOf = (qr: number): Band => THRESHOLDS.find(([least]) => qr >= least)?.[1] ?? "Very Low";

/** @param variance of the Laplacian, >= 0 @returns 0-10 */
export const blurScore = (variance: number): number => Math.min(variance / 200, 1) * 10;

/** @param mean luma, 0-255 @returns 0-10, best in the middle */
export const brightnessScore = (mean: number): number => Math.max(0, Math.min(1 - Math.abs(mean - 128) / 128, 1)) * 10;

/** @param deviation standard deviation of luma @returns 0-10 */
export const contrastScore = (deviation: number): number => Math.min(deviation / 64, 1) * 10;

// The epsilon lifts sums such as 5.570000000000001 and 7.1499999 to what the site would print.
export const twoDecimals = (value: number): number => Math.round((value + 1e-9) * 100) / 100;
