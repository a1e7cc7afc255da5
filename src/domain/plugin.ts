import { z } from "zod";
import type { MetricName, Opinion } from "./facts.ts";
import { type Millis, SECOND } from "./words.ts";

/**
 * A learned scorer of the user's own: a model file and a manifest beside it that says what goes in and what comes out. We
 * ship no weights. A scorer stands beside the technical score and never in its place.
 */

/** The metrics of the published quality that only a model can give. */
export const LEARNED = ["clip", "nima", "brisque"] as const satisfies readonly MetricName[];
export type Learned = (typeof LEARNED)[number];

/** The name of a manifest in the folder of its plug-in. */
export const MANIFEST = "manifest.json";

const bareName = z.string().regex(/^[^/\\]+$/, "is a file beside the manifest, so it holds no slash");
const edge = z.int().min(8).max(1_024);
const perChannel = z.tuple([z.number(), z.number(), z.number()]);
const ends = z.tuple([z.number(), z.number()]).refine(([from, to]) => from !== to, "must be two different figures");
const LONGEST_EMBEDDING = 4_096;

export const PluginManifest = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, "is lower-case letters, digits, dots and dashes"),
  /** for the user's own records, as the licence is */
  version: z.string().min(1).max(40).default("1"),
  /** the metric of QR it gives; without it the score is shown and goes into no figure */
  metric: z.enum(LEARNED).optional(),
  file: bareName,
  sha256: z.string().regex(/^[0-9a-f]{64}$/, "is the sha256 of the model file, in 64 small hex digits"),
  licence: z.string().max(200).default("user supplied"),
  input: z.strictObject({
    name: z.string().min(1),
    layout: z.enum(["NCHW", "NHWC"]).default("NCHW"),
    /** width and height in pixels */
    size: z.tuple([edge, edge]),
    /** `fill` stretches, `cover` cuts the middle out */
    fit: z.enum(["fill", "cover"]).default("fill"),
    color: z.enum(["RGB", "BGR"]).default("RGB"),
    /** the ends that 0 and 255 become; or mean and deviation of each channel, of values from 0 to 1 */
    norm: z.union([
      z.strictObject({ scale: ends }),
      z.strictObject({ mean: perChannel, std: perChannel.refine((std) => !std.includes(0), "cannot be divided by 0") }),
    ]),
  }),
  output: z.discriminatedUnion("decode", [
    z.strictObject({
      name: z.string().min(1),
      decode: z.literal("distribution-mean"),
      /** what its first and last place stand for */
      bins: ends.default([1, 10]),
      map01: ends.optional(),
    }),
    z.strictObject({
      name: z.string().min(1),
      decode: z.literal("scalar"),
      map01: ends.optional(),
    }),
    z.strictObject({
      name: z.string().min(1),
      decode: z.literal("embedding"),
      /** cosine from which two photos are of the same thing; without it, `likeness.semanticCosine` */
      alike: z.number().min(0.5).max(1).optional(),
    }),
  ]),
  threads: z.int().min(1).max(16).default(1),
  /** for one photo; loading the model has a minute of its own */
  timeoutMs: z
    .int()
    .min(100)
    .max(600 * SECOND)
    .default(5 * SECOND),
});
export type PluginManifest = z.infer<typeof PluginManifest>;

/** A manifest and the folder it lies in. */
export interface Plugin {
  /** absolute */
  readonly folder: string;
  readonly manifest: PluginManifest;
}

export const LOADING_MS: Millis = 60 * SECOND;

/**
 * The numbers a model wants, of its picture.
 *
 * @param rgb three bytes a pixel, of the size the manifest names
 */
export function tensorOf(rgb: Uint8Array, { layout, color, norm, size: [width, height] }: PluginManifest["input"]) {
  const pixels = width * height;
  const data = new Float32Array(pixels * 3);
  for (let channel = 0; channel < 3; channel += 1) {
    const from = color === "RGB" ? channel : 2 - channel;
    const [factor, shift] = lineOf(norm, channel);
    for (let i = 0; i < pixels; i += 1) {
      const to = layout === "NCHW" ? channel * pixels + i : i * 3 + channel;
      data[to] = (rgb[i * 3 + from] ?? 0) * factor + shift;
    }
  }
  return { data, dims: layout === "NCHW" ? [1, 3, height, width] : [1, height, width, 3] };
}

/** Channels are counted as the model gets them. */
function lineOf(norm: PluginManifest["input"]["norm"], channel: number): readonly [factor: number, shift: number] {
  if ("scale" in norm) return [(norm.scale[1] - norm.scale[0]) / 255, norm.scale[0]];
  const [mean, std] = [norm.mean[channel] ?? 0, norm.std[channel] ?? 1];
  return [1 / (255 * std), -mean / std];
}

/** The output of a model, made sense of. */
type Reading = Opinion | { readonly kind: "nonsense"; readonly why: string };

export function opinionOf(
  values: readonly number[],
  { output, sha256 }: Pick<PluginManifest, "output" | "sha256">,
): Reading {
  if (values.length === 0 || !values.every(Number.isFinite))
    return nonsense(`its output holds ${values.length === 0 ? "nothing" : "figures that are none"}`);
  switch (output.decode) {
    case "scalar":
      return values.length === 1
        ? scored(values[0] ?? 0, output.map01)
        : nonsense(`its output has ${values.length} figures, and one was expected`);
    case "distribution-mean":
      return meanOf(values, output.bins, output.map01);
    case "embedding":
      return embeddingOf(values, sha256, output.alike ?? null);
  }
}

const nonsense = (why: string): Reading => ({ kind: "nonsense", why });

const scored = (raw: number, map01: readonly [number, number] | undefined): Reading => ({
  kind: "score",
  raw,
  score01: map01 === undefined ? null : Math.min(1, Math.max(0, (raw - map01[0]) / (map01[1] - map01[0]))),
});

const SUM_TOLERANCE = 0.01;

function meanOf(
  values: readonly number[],
  [first, last]: readonly [number, number],
  map01: readonly [number, number] | undefined,
): Reading {
  const sum = values.reduce((all, one) => all + one, 0);
  if (values.length < 2 || values.some((one) => one < 0) || Math.abs(sum - 1) > SUM_TOLERANCE)
    return nonsense(`its output is no distribution: ${values.length} figures with the sum ${sum.toFixed(3)}`);
  const step = (last - first) / (values.length - 1);
  return scored(
    values.reduce((mean, share, i) => mean + (share / sum) * (first + i * step), 0),
    map01,
  );
}

function embeddingOf(values: readonly number[], weights: string, alike: number | null): Reading {
  const largest = values.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
  if (values.length < 2 || values.length > LONGEST_EMBEDDING || largest === 0)
    return nonsense(`its output is no direction: ${values.length} figures, the largest ${largest}`);
  const bytes = Int8Array.from(values, (one) => Math.round((127 * one) / largest));
  return { kind: "embedding", vector: Buffer.from(bytes.buffer).toString("base64"), weights, alike };
}
