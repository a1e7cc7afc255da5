import { ATTENTION, DEFECTS, type Defect } from "./defects.ts";
import type { Measures, Technical, TechnicalBand } from "./facts.ts";

/** Changes with every figure below: what was scored by another version is not comparable. */
export const SCORER = "technical-2";

type Curve = readonly (readonly [x: number, points: number])[];

// Found on clean photographs and on the same ones degraded in eight ways; between two points it is a straight line.
const CURVES: Readonly<Record<Defect, Curve>> = {
  sharp: [
    [0.35, 0],
    [0.55, 25],
    [0.7, 50],
    [0.8, 75],
    [0.9, 95],
    [0.95, 100],
  ],
  noise: [
    [1.2, 100],
    [2, 92],
    [3, 75],
    [5, 50],
    [9, 25],
    [16, 0],
  ],
  motion: [
    [1.9, 100],
    [2.5, 85],
    [3.5, 60],
    [5, 40],
    [9, 10],
  ],
  block: [
    [1.25, 100],
    [1.9, 85],
    [2.5, 65],
    [4, 40],
    [9, 5],
  ],
  high: [
    [0.06, 100],
    [0.15, 82],
    [0.3, 52],
    [0.6, 10],
  ],
  low: [
    [55, 0],
    [85, 35],
    [110, 60],
    [135, 85],
    [160, 100],
  ],
  contrast: [
    [35, 0],
    [60, 25],
    [90, 55],
    [120, 80],
    [150, 100],
  ],
};

/** No part is calm: a picture full of texture hides its noise. */
const NOISE_UNKNOWN = 80;
/** Above it, noise is taken for detail and sharpness is no longer to be believed. */
const NOISE_HIDES_BLUR = 4;
/**
 * A picture of poles, or of ridges in mist, has a direction, too, and so has a panned shot behind its subject: what a shake has
 * smeared is sharp nowhere, and smeared in most places. Found on photographs smeared by 7 to 13 px: 0.6 to 0.92.
 */
const TOO_SHARP_FOR_SMEAR = 0.94;
const SMEARED_FOR_SURE = 0.9;
const LEAST_SMEAR = 0.5;

/** Below it a score is said by name. */
const DEFECT_BELOW = 60;
/** Below it a score of these wants a look. */
const ATTENTION_BELOW = 50;

const BANDS: readonly (readonly [number, TechnicalBand])[] = [
  [85, "Excellent"],
  [70, "Good"],
  [50, "Fair"],
];

/** The worst of them tells more than their mean: one flaw is enough to spoil a photo. */
const OF_WORST = 0.65;

/**
 * How sound a photo is technically. It says nothing about whether it is a good one, and is not the published quality (QR).
 *
 * @returns scores 0-100, 100 without fault; null where there is nothing to judge by, which lowers nothing
 */
export function technicalOf(measured: Measures): Technical {
  const scores = scoresOf(measured);
  const judged = DEFECTS.flatMap((name) => {
    const points = scores[name];
    return points === null ? [] : [{ name, points }];
  });
  const worst = judged.reduce((least, one) => (one.points < least.points ? one : least));
  const mean = judged.reduce((sum, { points }) => sum + points, 0) / judged.length;
  const score = oneDecimal(OF_WORST * worst.points + (1 - OF_WORST) * mean);
  return {
    score,
    scores,
    defect: worst.points < DEFECT_BELOW ? worst.name : null,
    band: technicalBandOf(score),
    needsAttention: ATTENTION.some((name) => (scores[name] ?? 100) < ATTENTION_BELOW),
    unreliable: unreliableIn(measured),
    scorer: SCORER,
  };
}

function scoresOf(measured: Measures): Technical["scores"] {
  const on = (name: Defect, x: number): number => oneDecimal(pointsOn(CURVES[name], x));
  const { reblur, noise, blockiness, clipped, p95, range } = measured;
  return {
    sharp: on("sharp", reblur),
    noise: noise === null ? NOISE_UNKNOWN : on("noise", noise),
    motion: motionOf(measured, on("motion", measured.anisotropy)),
    block: blockiness === null ? null : on("block", blockiness),
    high: on("high", clipped),
    low: on("low", p95),
    contrast: on("contrast", range),
  };
}

/** A direction that is not smear is the subject's own. */
function motionOf({ reblur, smear }: Measures, points: number): number {
  if (smear < LEAST_SMEAR) return 100;
  const doubt = (reblur - SMEARED_FOR_SURE) / (TOO_SHARP_FOR_SMEAR - SMEARED_FOR_SURE);
  return oneDecimal(points + (100 - points) * Math.min(1, Math.max(0, doubt)));
}

function unreliableIn({ noise }: Measures): Defect[] {
  if (noise === null) return ["noise"];
  return noise > NOISE_HIDES_BLUR ? ["sharp"] : [];
}

function pointsOn(curve: Curve, x: number): number {
  const after = curve.findIndex(([at]) => x <= at);
  const [x1, y1] = curve.at(after) ?? [0, 0];
  if (after <= 0) return y1;
  const [x0, y0] = curve[after - 1] ?? [0, 0];
  return y0 + ((y1 - y0) * (x - x0)) / (x1 - x0);
}

export const technicalBandOf = (score: number): TechnicalBand => BANDS.find(([least]) => score >= least)?.[1] ?? "Poor";

const oneDecimal = (value: number): number => Math.round(value * 10) / 10;

/** Fewer approved photos than this are no archive to compare with. */
export const ENOUGH_APPROVED = 20;

/**
 * Where a photo stands among those the photographer approved.
 *
 * @param approved scores of approved photos, ascending
 * @returns per cent of them that are not better, 0-100; null while there are too few
 */
export function percentileAmong(approved: ArrayLike<number>, score: number): number | null {
  const { length } = approved;
  if (length < ENOUGH_APPROVED) return null;
  let [from, to] = [0, length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((approved[middle] ?? 0) <= score) from = middle + 1;
    else to = middle;
  }
  return Math.round((100 * from) / length);
}
