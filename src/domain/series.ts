/**
 * Shots taken right after one another: bursts, and what looks like one and must never be culled: exposure brackets, focus
 * stacks, panoramas.
 */

import type { Overlap } from "./facts.ts";
import { cosine, type Fingerprint, isFlat, plainDistance } from "./fingerprint.ts";
import type { Millis, PhotoId } from "./words.ts";

/** What the camera wrote about one press of the shutter. */
export interface Shutter {
  /** the camera's clock, as if it were UTC; null if the photo does not say, and then it is no file time either */
  readonly atMs: Millis | null;
  /** the camera wrote parts of a second as well */
  readonly isExact: boolean;
  /** serial number, else model; null if neither is known */
  readonly camera: string | null;
  /** what the camera calls the burst this photo is of */
  readonly burst: string | null;
  /** EV */
  readonly exposureBias: number | null;
  readonly exposureSeconds: number | null;
  readonly aperture: string | null;
  readonly iso: number | null;
  /** mm */
  readonly focalLength: number | null;
  /** metres to the subject, as the lens says */
  readonly focusDistance: number | null;
  /** the camera was set to vary the exposure */
  readonly isBracketed: boolean;
}

/** One photo among those it may follow or be followed by. */
export interface SeriesFrame {
  readonly id: PhotoId;
  readonly path: string;
  readonly width: number;
  readonly height: number;
  readonly print: Fingerprint;
  readonly shutter: Shutter;
}

export type SeriesTier = "burst" | "bracket" | "stack" | "panorama";

export interface Series {
  readonly tier: SeriesTier;
  /** in the order they were taken */
  readonly members: readonly PhotoId[];
  /** longest pause between two of them, seconds; null where the camera wrote no time and the file numbers stand in */
  readonly longestPause: number | null;
}

/** What the pixels say about two photos, where somebody has looked; see `crop-match.ts`. */
export interface Pixelwise {
  /** -1 to 1: the better of the two as a crop of the other */
  readonly crop: (a: PhotoId, b: PhotoId) => number | undefined;
  /** how the second goes on where the first ends; undefined where it does not */
  readonly overlap: (a: PhotoId, b: PhotoId) => Overlap | undefined;
}

const LOOSE_HASH = 14;
const LOOSE_COSINE = 0.85;
const LOOSE_CROP = 0.8;
const OVERLAPS = 0.85;
const MOST_FRAMES = 30;
const MOST_SECONDS = 20;
const PANORAMA_SECONDS = 10;
const LEAST_PANORAMA = 3;
const LEAST_STACK = 3;
/** by the exposure alone: of two frames the light may have changed */
const LEAST_BRACKET = 3;

/** Two frames that may follow one another, with the pause between them; null where only the file numbers say so. */
export interface Step {
  readonly from: SeriesFrame;
  readonly to: SeriesFrame;
  readonly seconds: number | null;
}

/**
 * Which photos follow one another closely enough to be looked at as a series: same camera, in order, copies and edits of one
 * shot counted once. Photos whose camera wrote no time follow by their file numbers; a file's own time is never believed.
 */
export function stepsOf(frames: readonly SeriesFrame[]): Step[] {
  return [...lines(frames).values()].flatMap((line) =>
    line.flatMap((to, i): Step[] => {
      const from = line[i - 1];
      if (from === undefined) return [];
      const seconds = pauseBetween(from, to);
      if (seconds !== null) return seconds <= PANORAMA_SECONDS ? [{ from, to, seconds }] : [];
      return isNextNumber(from, to) ? [{ from, to, seconds }] : [];
    }),
  );
}

/** Those of one camera in order; those without a time in a line of their own. */
function lines(frames: readonly SeriesFrame[]): Map<string, SeriesFrame[]> {
  const lines = new Map<string, SeriesFrame[]>();
  for (const frame of frames.toSorted(byTime)) {
    const key = frame.shutter.atMs === null ? `numbers ${numberOf(frame.path)?.before ?? ""}` : frame.shutter.camera;
    if (key === null) continue;
    const line = lines.get(key) ?? [];
    const last = line.at(-1);
    if (last === undefined || isOtherShot(last, frame)) line.push(frame);
    lines.set(key, line);
  }
  return lines;
}

function byTime(a: SeriesFrame, b: SeriesFrame): number {
  const byClock = (a.shutter.atMs ?? 0) - (b.shutter.atMs ?? 0);
  if (byClock !== 0) return byClock;
  return (numberOf(a.path)?.value ?? 0) - (numberOf(b.path)?.value ?? 0) || a.id - b.id;
}

/** Edits and copies keep the time of the shot they were made of; without parts of a second the file number must tell. */
export function isOtherShot(a: SeriesFrame, b: SeriesFrame): boolean {
  const seconds = secondsBetween(a, b);
  if (seconds !== null && seconds > 0) return true;
  if (seconds === 0 && a.shutter.isExact && b.shutter.isExact) return false;
  const [one, other] = [numberOf(a.path), numberOf(b.path)];
  if (one === undefined || other === undefined) return false;
  return one.before === other.before && one.value !== other.value && a.width === b.width && a.height === b.height;
}

export function secondsBetween({ shutter: a }: SeriesFrame, { shutter: b }: SeriesFrame): number | null {
  return a.atMs === null || b.atMs === null ? null : Math.abs(b.atMs - a.atMs) / 1000;
}

/** While the shutter of the first was open, nobody waited: a bracket at night has frames of half a minute. */
function pauseBetween(from: SeriesFrame, to: SeriesFrame): number | null {
  const seconds = secondsBetween(from, to);
  return seconds === null ? null : Math.max(0, seconds - (from.shutter.exposureSeconds ?? 0));
}

/** Shots of one camera that were not exposed alike: parts of a bracket, or another light. Nobody's copies. */
export function isExposedOtherwise(a: SeriesFrame, b: SeriesFrame): boolean {
  if (a.shutter.camera !== b.shutter.camera || !isOtherShot(a, b)) return false;
  const biases = [a.shutter.exposureBias, b.shutter.exposureBias];
  const [one, other] = biases;
  if (one != null && other != null && Math.abs(one - other) >= LEAST_EV) return true;
  const stops = stopsBetween(a.shutter, b.shutter);
  return stops !== null && stops >= LEAST_EV;
}

/** By the time the shutter was open, where nothing else differs; null where that cannot be told. */
function stopsBetween(a: Shutter, b: Shutter): number | null {
  if (a.exposureSeconds === null || b.exposureSeconds === null) return null;
  if (a.aperture !== b.aperture || a.iso !== b.iso) return null;
  return Math.abs(Math.log2(a.exposureSeconds / b.exposureSeconds));
}

const isNextNumber = (a: SeriesFrame, b: SeriesFrame): boolean =>
  (numberOf(b.path)?.value ?? 0) - (numberOf(a.path)?.value ?? 0) === 1;

/** `IMG_0412.JPG` is number 412 after `IMG_`, in its folder. */
function numberOf(path: string): { readonly before: string; readonly value: number } | undefined {
  const [, before = "", digits] = /^(.*?)(\d{1,9})\.[^./\\]*$/.exec(path) ?? [];
  return digits === undefined ? undefined : { before, value: Number(digits) };
}

export interface SeriesLimits {
  /** longest pause between two frames of a burst, s */
  readonly burstReviewSeconds: number;
}

/** @returns series of two and more; nobody is in two of them */
export function seriesOf(frames: readonly SeriesFrame[], pixels: Pixelwise, limits: SeriesLimits): Series[] {
  const chains = chained(stepsOf(frames), (step) => linkOf(step, pixels, limits));
  return chains.flatMap(({ steps, link }) => {
    if (link !== "frames") return steps.length + 1 < LEAST_PANORAMA ? [] : [seriesBy("panorama", steps)];
    const whole = wholeKindOf(framesOf(steps));
    return whole === undefined
      ? inPortions(steps).map((some) => seriesBy(kindOf(framesOf(some)), some))
      : [seriesBy(whole, steps)];
  });
}

const framesOf = (steps: readonly Step[]): SeriesFrame[] =>
  [steps[0]?.from, ...steps.map(({ to }) => to)].filter((frame) => frame !== undefined);

function seriesBy(tier: SeriesTier, steps: readonly Step[]): Series {
  const pauses = steps.map(({ seconds }) => seconds).filter((seconds) => seconds !== null);
  return {
    tier,
    members: framesOf(steps).map(({ id }) => id),
    longestPause: pauses.length < steps.length ? null : Math.max(...pauses),
  };
}

/**
 * A long burst is shown in parts, each with a keeper of its own. A last frame alone stays with the part before: out of any
 * series it would pass for a copy of its neighbours.
 */
function inPortions(steps: readonly Step[]): Step[][] {
  const portions: Step[][] = [];
  let open: Step[] = [];
  steps.forEach((step, i) => {
    if (open.length === 0 || hasRoom(open, step) || i === steps.length - 1) {
      open.push(step);
      return;
    }
    portions.push(open);
    // The step from one part to the next belongs to neither.
    open = [];
  });
  return open.length === 0 ? portions : [...portions, open];
}

type Link = "frames" | Overlap["towards"];

/** What holds two frames together: being alike, or going on in one direction. */
function linkOf({ from, to, seconds }: Step, pixels: Pixelwise, limits: SeriesLimits): Link | undefined {
  if (from.shutter.burst !== null && from.shutter.burst === to.shutter.burst) return "frames";
  const isSoon = seconds === null || seconds <= limits.burstReviewSeconds;
  if (isSoon && (isLooselyAlike(from, to, pixels) || (from.shutter.isBracketed && to.shutter.isBracketed)))
    return "frames";
  const overlap = isSetAlike(from, to) ? pixels.overlap(from.id, to.id) : undefined;
  return overlap !== undefined && overlap.score >= OVERLAPS ? overlap.towards : undefined;
}

export function isLooselyAlike(a: SeriesFrame, b: SeriesFrame, pixels: Pixelwise): boolean {
  if (isFlat(a.print) || isFlat(b.print)) return false;
  return (
    plainDistance(a.print, b.print) <= LOOSE_HASH ||
    cosine(a.print, b.print) >= LOOSE_COSINE ||
    (pixels.crop(a.id, b.id) ?? 0) >= LOOSE_CROP
  );
}

/** Whoever turns round for a panorama leaves exposure and lens as they are. */
export const isSetAlike = ({ shutter: a }: SeriesFrame, { shutter: b }: SeriesFrame): boolean =>
  a.exposureSeconds !== null &&
  a.exposureSeconds === b.exposureSeconds &&
  a.aperture === b.aperture &&
  a.iso === b.iso &&
  a.focalLength === b.focalLength;

/** Steps that hang together by one kind of link. */
function chained(steps: readonly Step[], linkOfStep: (step: Step) => Link | undefined) {
  const chains: { readonly link: Link; readonly steps: Step[] }[] = [];
  for (const step of steps) {
    const link = linkOfStep(step);
    const last = chains.at(-1);
    const before = last?.steps.at(-1);
    if (link === undefined) continue;
    if (last !== undefined && last.link === link && before?.to === step.from) last.steps.push(step);
    else chains.push({ link, steps: [step] });
  }
  return withoutSharedFrames(chains);
}

/** Where one chain ends and the next begins at the same frame, it belongs to the first. */
function withoutSharedFrames<C extends { readonly steps: Step[] }>(chains: readonly C[]): C[] {
  const taken = new Set<SeriesFrame>();
  return chains.filter((chain) => {
    while (chain.steps[0] !== undefined && taken.has(chain.steps[0].from)) chain.steps.shift();
    for (const { from, to } of chain.steps) taken.add(from).add(to);
    return chain.steps.length > 0;
  });
}

function hasRoom(steps: readonly Step[], next: Step): boolean {
  const first = steps[0]?.from;
  return (
    steps.length + 2 <= MOST_FRAMES && (first === undefined || (secondsBetween(first, next.to) ?? 0) <= MOST_SECONDS)
  );
}

const LEAST_EV = 0.6;

function kindOf(frames: readonly SeriesFrame[]): "burst" | "bracket" | "stack" {
  if (isBracket(frames)) return "bracket";
  return isStack(frames) ? "stack" : "burst";
}

/** What no limit of a burst divides: a stack may have two hundred frames, a bracket at night takes minutes. */
function wholeKindOf(frames: readonly SeriesFrame[]): "bracket" | "stack" | undefined {
  const pairs = frames.slice(1).map((to, i) => [frames[i] ?? to, to] as const);
  if (frames.every(({ shutter }) => shutter.isBracketed)) return "bracket";
  if (frames.length >= LEAST_BRACKET && pairs.every(([a, b]) => isExposedOtherwise(a, b))) return "bracket";
  return isStack(frames) ? "stack" : undefined;
}

/** The exposure goes up and down in steps nobody would choose from shot to shot. */
function isBracket(frames: readonly SeriesFrame[]): boolean {
  const shutters = frames.map(({ shutter }) => shutter);
  const biases = shutters.map(({ exposureBias }) => exposureBias).filter((bias) => bias !== null);
  if (biases.length === frames.length && Math.max(...biases) - Math.min(...biases) >= LEAST_EV) return true;
  if (frames.length < LEAST_BRACKET || new Set(shutters.map(({ aperture, iso }) => `${aperture} ${iso}`)).size > 1)
    return false;
  const stops = shutters.map(({ exposureSeconds }) => (exposureSeconds === null ? null : Math.log2(exposureSeconds)));
  return stops.every((stop, i) => {
    const before = stops[i - 1];
    return stop !== null && (i === 0 || (before != null && Math.abs(stop - before) >= LEAST_EV));
  });
}

/** The focus moves in one direction while nothing else does; right after one stack there may be another. */
function isStack(frames: readonly SeriesFrame[]): boolean {
  const distances = frames.map(({ shutter }) => shutter.focusDistance).filter((distance) => distance !== null);
  if (distances.length < frames.length) return false;
  let [length, direction] = [0, 0];
  for (const [i, distance] of distances.entries()) {
    const step = length === 0 ? 0 : Math.sign(distance - (distances[i - 1] ?? distance));
    if (length < 2 ? step !== 0 || length === 0 : step === direction) {
      [length, direction] = [length + 1, step];
      continue;
    }
    if (length < LEAST_STACK) return false;
    [length, direction] = [1, 0];
  }
  return length >= LEAST_STACK;
}
