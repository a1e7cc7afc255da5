/**
 * Which photos are alike, and in which way. Pure: it gets what is known of the photos and gives back groups with a proposed
 * keeper, the reason in words and the evidence. Nothing is left out because of it.
 */
import type { Evidence, PixelwiseAnswer, Tier } from "./facts.ts";
import {
  cosine,
  croppedCosine,
  type Fingerprint,
  isFlat,
  plainDistance,
  turnedCosine,
  turnedDistance,
  wideDistance,
} from "./fingerprint.ts";
import { type Candidate, type Choice, type Keep, keeperOfBurst, keeperOfFrame } from "./keeper.ts";
import { nearby, unionsOf } from "./nearby.ts";
import {
  isExposedOtherwise,
  isOtherShot,
  type Pixelwise,
  type Series,
  type SeriesFrame,
  type Step,
  secondsBetween,
  seriesOf,
} from "./series.ts";
import type { PhotoId } from "./words.ts";

/**
 * The tiers:
 *
 * exact       the same bytes, or the same pixels under other metadata
 * same-frame  the same picture: resized, recompressed, toned, mirrored or turned
 * derived     one is a crop, an edit or a framed version of the other
 * burst       shots within seconds, and alike
 * bracket     one scene at several exposures; stack: at several distances; panorama: going on in one direction
 * semantic    of the same thing, by a learned model; only to be looked at
 */

/** Everything likeness knows of a photo. */
export interface Frame extends Candidate, SeriesFrame {
  readonly sha256: string;
  /** of the decoded pixels; null where nobody has hashed them */
  readonly pixels: string | null;
}

export interface Group {
  readonly tier: Tier;
  /** in the order they were taken where it is a series, else rising */
  readonly members: readonly PhotoId[];
  /** proposed; null where nothing may be culled */
  readonly keeper: PhotoId | null;
  readonly reasons: ReadonlyMap<PhotoId, string>;
  /** to the keeper; of the keeper, to the member nearest to it */
  readonly evidence: ReadonlyMap<PhotoId, Evidence>;
}

/** Two photos whose pixels were looked at, and what that has shown. */
export interface LookedAt extends PixelwiseAnswer {
  readonly a: PhotoId;
  readonly b: PhotoId;
}

export interface Comparing {
  readonly looked: readonly LookedAt[];
  /** a person has said that these are no duplicates */
  readonly areDistinct: (a: PhotoId, b: PhotoId) => boolean;
  readonly keep: Keep;
  /** longest pause between two frames of a burst that is believed without being looked at, s */
  readonly burstSeconds: number;
  /** longest pause of a burst that a person should look at, s */
  readonly burstReviewSeconds: number;
}

export const SAME_HASH = 10;
const SAME_COSINE = 0.92;
const SAME_WIDE = 72;
const DERIVED = 0.92;
const MAYBE_HASH = 20;
const MAYBE_COSINE = 0.45;
/** the best of ten windows is more alike by chance than a photo is as a whole */
const LESS_FOR_A_WINDOW = 0.15;
/** of the photos that may be derived from one, the likeliest; a set of very like scenes has thousands of pairs */
const MOST_LOOKS = 24;

/** @returns undefined where two photos are not the same bytes, pixels or picture */
export function samePicture(
  a: Pick<Frame, "sha256" | "pixels" | "print">,
  b: Pick<Frame, "sha256" | "pixels" | "print">,
): { readonly tier: "exact" | "same-frame"; readonly evidence: Evidence } | undefined {
  if (a.sha256 === b.sha256 || (a.pixels !== null && a.pixels === b.pixels))
    return { tier: "exact", evidence: { phash: 0 } };
  const evidence = sameFrame(a.print, b.print);
  return evidence === undefined ? undefined : { tier: "same-frame", evidence };
}

/** Two flat tones are never the same frame: every one of them is like every other. */
function sameFrame(a: Fingerprint, b: Fingerprint): Evidence | undefined {
  const phash = turnedDistance(a, b);
  if (phash > SAME_HASH || isFlat(a) || isFlat(b)) return undefined;
  const isAsItIs = plainDistance(a, b) <= SAME_HASH;
  const likeness = isAsItIs ? cosine(a, b) : turnedCosine(a, b);
  const phash256 = wideDistance(a, b);
  if (likeness < SAME_COSINE && !(isAsItIs && phash256 <= SAME_WIDE)) return undefined;
  return { phash, cosine: hundredths(likeness), ...(isAsItIs ? { phash256 } : {}) };
}

/**
 * Worth the dear look at the pixels, for a crop of one in the other?
 *
 * @param aspects width / height of both
 */
export const mayBeDerived = (a: Fingerprint, b: Fingerprint, aspects: readonly [number, number]): boolean =>
  !isFlat(a) && !isFlat(b) && (plainDistance(a, b) <= MAYBE_HASH || likelihood(a, b, aspects) >= MAYBE_COSINE);

const likelihood = (a: Fingerprint, b: Fingerprint, aspects: readonly [number, number]): number =>
  Math.max(cosine(a, b), croppedCosine(a, b, aspects) - LESS_FOR_A_WINDOW);

/**
 * The pairs whose pixels are worth the dear look: what may be a crop or a framed version, and shots in a row. One photo at a
 * time, so that whoever asks can let others have their turn in between.
 *
 * @param steps of all the frames, by `stepsOf`
 */
export function worthLooking(frames: readonly Frame[], at: number, steps: readonly Step[]): [Frame, Frame][] {
  const own = frames[at];
  if (own === undefined) return [];
  const next = new Set(steps.filter(({ from }) => from === own).map(({ to }) => to.id));
  const others = frames
    .slice(at + 1)
    .filter((other) => !next.has(other.id) && mayBeDerived(own.print, other.print, aspectsOf(own, other)));
  const closest = others
    .filter((other) => samePicture(own, other) === undefined)
    .map((other) => ({ other, likely: likelihood(own.print, other.print, aspectsOf(own, other)) }))
    .toSorted((a, b) => b.likely - a.likely)
    .map(({ other }) => other)
    .slice(0, MOST_LOOKS);
  return [...frames.filter(({ id }) => next.has(id)), ...closest].map((other) => [own, other]);
}

const aspectsOf = (a: Frame, b: Frame): [number, number] => [a.width / a.height, b.width / b.height];

/** All groups among these photos, strongest tier first. */
export function groupsOf(frames: readonly Frame[], comparing: Comparing): Group[] {
  const byId = new Map(frames.map((frame) => [frame.id, frame]));
  const pixels = pixelwise(comparing.looked);
  const series = seriesOf(frames, pixels, comparing);
  const inSeries = new Set(series.flatMap(({ members }) => members));
  // Frames of a series are shots of their own, however alike; a long burst is several series. So is what was exposed otherwise.
  const areFrames = (a: Frame, b: Frame): boolean =>
    isExposedOtherwise(a, b) ||
    (inSeries.has(a.id) && inSeries.has(b.id) && a.shutter.camera === b.shutter.camera && isOtherShot(a, b));
  const same = samePairs(frames).filter(
    ({ a, b, tier }) => !comparing.areDistinct(a.id, b.id) && (tier === "exact" || !areFrames(a, b)),
  );
  const derived = derivedPairs(byId, comparing.looked).filter(
    ({ a, b }) => !comparing.areDistinct(a.id, b.id) && !areFrames(a, b),
  );
  const exact = same.filter(({ tier }) => tier === "exact");
  const groups = [
    ...byKeeper("exact", exact, comparing),
    ...byKeeper("same-frame", same, comparing),
    ...byKeeper("derived", [...same, ...derived], comparing),
  ];
  return [...withoutRepeats(groups), ...series.flatMap((one) => seriesGroups(one, byId, pixels, comparing))];
}

interface Pair {
  readonly a: Frame;
  readonly b: Frame;
  readonly tier: Tier;
  readonly evidence: Evidence;
}

/** Bytes, pixels, and the hashes as they are and turned, found without comparing all with all. */
function samePairs(frames: readonly Frame[]): Pair[] {
  const found = new Map<string, Pair>();
  const look = (i: number, j: number): void => {
    const [a, b] = [frames[Math.min(i, j)], frames[Math.max(i, j)]];
    if (a === undefined || b === undefined || a === b || found.has(`${a.id} ${b.id}`)) return;
    const same = samePicture(a, b);
    if (same !== undefined) found.set(`${a.id} ${b.id}`, { a, b, ...same });
  };
  const turns = 8;
  const hashes = new Uint32Array(frames.length * turns * 2);
  frames.forEach(({ print }, i) => {
    hashes.set(print.hashes, i * turns * 2);
  });
  nearby(hashes, SAME_HASH, (i, j) => {
    if (i % turns === 0 || j % turns === 0) look(Math.floor(i / turns), Math.floor(j / turns));
  });
  for (const identity of [({ sha256 }: Frame) => sha256, ({ pixels }: Frame) => pixels])
    for (const places of placesBy(frames, identity)) for (const place of places.slice(1)) look(places[0] ?? 0, place);
  return [...found.values()];
}

function placesBy(frames: readonly Frame[], keyOf: (frame: Frame) => string | null): number[][] {
  const places = new Map<string, number[]>();
  frames.forEach((frame, i) => {
    const key = keyOf(frame);
    if (key !== null) places.set(key, [...(places.get(key) ?? []), i]);
  });
  return [...places.values()];
}

function derivedPairs(byId: ReadonlyMap<PhotoId, Frame>, looked: readonly LookedAt[]): Pair[] {
  return looked.flatMap(({ a: one, b: other, crop }): Pair[] => {
    const [a, b] = [byId.get(one), byId.get(other)];
    if (a === undefined || b === undefined || !isDerived(crop)) return [];
    return [{ a, b, tier: "derived", evidence: derivedEvidence(a, b, crop) }];
  });
}

export const isDerived = (crop: number | null): crop is number => crop !== null && crop >= DERIVED;

export const derivedEvidence = (a: Pick<Frame, "print">, b: Pick<Frame, "print">, crop: number): Evidence => ({
  phash: turnedDistance(a.print, b.print),
  ncc: hundredths(crop),
});

/** What was seen of pairs, in whichever order they are asked for; a panorama only goes on from the first to the second. */
function pixelwise(looked: readonly LookedAt[]): Pixelwise {
  const answers = new Map(looked.map((one) => [keyOf(one.a, one.b), one]));
  return {
    crop: (a, b) => answers.get(keyOf(a, b))?.crop ?? undefined,
    overlap(a, b) {
      const answer = answers.get(keyOf(a, b));
      return answer?.a === a ? (answer.overlap ?? undefined) : undefined;
    },
  };
}

/**
 * Groups in which every member matches the keeper itself: whoever only matches another member is looked at anew among those
 * left over, so that a chain of small steps does not end far from where it began.
 */
function byKeeper(tier: Tier, pairs: readonly Pair[], { keep }: Comparing): Group[] {
  const frames = [...new Map(pairs.flatMap(({ a, b }) => [a, b]).map((frame) => [frame.id, frame])).values()];
  const places = new Map(frames.map(({ id }, i) => [id, i]));
  const evidence = new Map<string, Evidence>();
  const unions = unionsOf(frames.length);
  for (const { a, b, evidence: found } of pairs) {
    // The first pair stands: the stronger tiers come first.
    if (!evidence.has(keyOf(a.id, b.id))) evidence.set(keyOf(a.id, b.id), found);
    unions.join(places.get(a.id) ?? 0, places.get(b.id) ?? 0);
  }
  return unions.groups().flatMap((group) => {
    const members = group.map((place) => frames[place]).filter((frame) => frame !== undefined);
    return aroundKeepers(tier, members, evidence, keep);
  });
}

const keyOf = (a: PhotoId, b: PhotoId): string => `${Math.min(a, b)} ${Math.max(a, b)}`;

function aroundKeepers(
  tier: Tier,
  members: readonly Frame[],
  evidence: ReadonlyMap<string, Evidence>,
  keep: Keep,
): Group[] {
  const groups: Group[] = [];
  let left = [...members];
  while (left.length > 1) {
    const best = keeperOfFrame(left, keep).keeper;
    const around = left.filter(({ id }) => id === best || evidence.has(keyOf(best, id)));
    left = left.filter((frame) => !around.includes(frame));
    if (around.length > 1)
      groups.push(groupOf(tier, around, keeperOfFrame(around, keep), (a, b) => evidence.get(keyOf(a, b))));
  }
  return groups;
}

function groupOf(
  tier: Tier,
  frames: readonly Frame[],
  { keeper, reasons }: Choice,
  evidenceOf: (a: PhotoId, b: PhotoId) => Evidence | undefined,
): Group {
  const others = frames.map(({ id }) => id).filter((id) => id !== keeper);
  const toKeeper = others.map((id) => [id, evidenceOf(keeper, id) ?? {}] as const);
  const nearest = toKeeper.toSorted(([, a], [, b]) => (a.phash ?? 64) - (b.phash ?? 64))[0]?.[1] ?? {};
  return {
    tier,
    members: frames.map(({ id }) => id).toSorted((a, b) => a - b),
    keeper,
    reasons,
    evidence: new Map([...toKeeper, [keeper, nearest]]),
  };
}

/** A group that a stronger tier shows with the same members is not shown again. @param groups strongest tier first */
export function withoutRepeats(groups: readonly Group[]): Group[] {
  return groups.filter(
    ({ members }, i) => !groups.slice(0, i).some((stronger) => isWithin(members, new Set(stronger.members))),
  );
}

const isWithin = (members: readonly PhotoId[], others: ReadonlySet<PhotoId>): boolean =>
  members.every((member) => others.has(member));

const NEVER_CULLED = {
  bracket: "one scene at several exposures: nothing to choose",
  stack: "one scene focused at several distances: nothing to choose",
  panorama: "parts of one panorama: nothing to choose",
} as const;

function seriesGroups(
  { tier, members, longestPause }: Series,
  byId: ReadonlyMap<PhotoId, Frame>,
  pixels: Pixelwise,
  comparing: Comparing,
): Group[] {
  const frames = members
    .map((id) => byId.get(id))
    .filter((frame) => frame !== undefined)
    .filter(({ id }) => !members.every((other) => other === id || comparing.areDistinct(id, other)));
  if (frames.length < 2) return [];
  const choice = keeperOfBurst(frames);
  const evidenceOf = (a: PhotoId, b: PhotoId): Evidence => pairEvidence(byId.get(a), byId.get(b), pixels);
  const group = { ...groupOf(tier, frames, choice, evidenceOf), members: frames.map(({ id }) => id) };
  if (tier !== "burst") {
    const why = NEVER_CULLED[tier];
    return [{ ...group, keeper: null, reasons: new Map(frames.map(({ id }) => [id, why])) }];
  }
  const doubt = doubtOf(longestPause, comparing.burstSeconds);
  return [{ ...group, reasons: new Map([...group.reasons].map(([id, reason]) => [id, `${reason}${doubt}`])) }];
}

/** What a person should know before they believe that it is one burst. */
function doubtOf(longestPause: number | null, burstSeconds: number): string {
  if (longestPause === null) return "; by file number and likeness alone: the camera wrote no time";
  return longestPause > burstSeconds ? `; up to ${longestPause.toFixed(1)} s apart: look whether it is one burst` : "";
}

function pairEvidence(a: Frame | undefined, b: Frame | undefined, { crop }: Pixelwise): Evidence {
  if (a === undefined || b === undefined) return {};
  const ncc = crop(a.id, b.id);
  const seconds = secondsBetween(a, b);
  return {
    phash: plainDistance(a.print, b.print),
    cosine: hundredths(cosine(a.print, b.print)),
    ...(ncc === undefined ? {} : { ncc: hundredths(ncc) }),
    ...(seconds === null ? {} : { seconds: hundredths(seconds) }),
  };
}

const hundredths = (value: number): number => Math.round(value * 100) / 100;
