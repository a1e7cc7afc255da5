import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { Facts } from "../domain/facts.ts";
import { type Comparable, frameOf } from "../domain/frame.ts";
import { type Burst, type Kinds, kindOf } from "../domain/kinds.ts";
import {
  derivedEvidence,
  type Frame,
  type Group,
  groupsOf,
  isDerived,
  type LookedAt,
  samePicture,
  withoutRepeats,
  worthLooking,
} from "../domain/likeness.ts";
import { contextOfSet } from "../domain/own-word.ts";
import type { PhotoWith } from "../domain/photo.ts";
import type { Catalogue, GreyFile, GreyPair, Images } from "../domain/ports.ts";
import { directionsOf, type Kindred, kindredOf, semanticGroups } from "../domain/semantic.ts";
import { stepsOf } from "../domain/series.ts";
import { done, setStage } from "../domain/stage.ts";
import { HOUR, type PhotoId } from "../domain/words.ts";

export interface LikenessSettings extends Burst {
  /** kinds of sets, which may have a burst of their own */
  readonly kinds: Kinds;
  /** cosine from which a learned model calls two photos alike, where its manifest says nothing */
  readonly semanticCosine: number;
}

type Elsewhere = Facts["likeness"]["elsewhere"];

/** Which photos are alike, within the set and among all of before. Nothing is left out: a keeper is a proposal. */
export const likeness = (images: Pick<Images, "alike">, catalogue: Catalogue, settings: LikenessSettings) =>
  setStage({
    name: "likeness",
    needs: ["validate", "ingest", "exif", "iptc", "look", "quality"],
    reads: ["kind"],
    readsSetAlone: true,
    limitMs: 2 * HOUR,
    run: async (photos, { signal }) => {
      const frames = photos.map(frameOf);
      const looked = await lookedAt(photos, frames, images, signal);
      const [first] = photos;
      const kindOfSet = first && contextOfSet(first).kind;
      const { burstSeconds, burstReviewSeconds } = kindOf(settings.kinds, kindOfSet)?.burst ?? settings;
      const { areDistinct } = catalogue;
      const groups = withoutRepeats([
        ...groupsOf(frames, { looked, areDistinct, keep: "largest", burstSeconds, burstReviewSeconds }),
        ...semanticGroups(await kindredAmong(photos, settings.semanticCosine, signal), areDistinct),
      ]);
      const elsewhere = await foundElsewhere(photos, catalogue, images, signal);
      return new Map(
        photos.map(({ id }) => [
          id,
          done({ groups: groups.flatMap((group) => shareOf(id, group)), elsewhere: elsewhere.get(id) ?? [] }),
        ]),
      );
    },
  });

/** A set of a thousand photos has half a million pairs: one photo at a time, so that the page goes on. */
async function kindredAmong(
  photos: readonly PhotoWith<"quality">[],
  usual: number,
  signal: AbortSignal,
): Promise<Kindred[]> {
  const found: Kindred[] = [];
  for (const directions of directionsOf(photos.map(({ id, facts }) => ({ id, plugins: facts.quality.plugins }))))
    for (let at = 0; at < directions.length; at += 1) {
      found.push(...kindredOf(directions, at, usual));
      await setImmediate();
      signal.throwIfAborted();
    }
  return found;
}

/** Pixels are compared in a decoder child; what is worth it is found here, one photo at a time, so that the page goes on. */
async function lookedAt(
  photos: readonly Comparable[],
  frames: readonly Frame[],
  images: Pick<Images, "alike">,
  signal: AbortSignal,
): Promise<LookedAt[]> {
  const steps = stepsOf(frames);
  const followers = new Set(steps.map(({ from, to }) => `${from.id} ${to.id}`));
  const byId = new Map(photos.map((photo) => [photo.id, photo]));
  const pairs: [Comparable, Comparable][] = [];
  for (let at = 0; at < frames.length; at += 1) {
    for (const [a, b] of worthLooking(frames, at, steps)) {
      const [one, other] = [byId.get(a.id), byId.get(b.id)];
      if (one !== undefined && other !== undefined) pairs.push([one, other]);
    }
    await setImmediate();
    signal.throwIfAborted();
  }
  return comparedPixels(pairs, (a, b) => followers.has(`${a.id} ${b.id}`), images, signal);
}

/** A child is done with so many in a tenth of a second, so that the photos of another set get their turn. */
const PAIRS_AT_ONCE = 24;
/** Asked for at the same time: no decoder waits for another, and those of a machine with many cores have something to do. */
const LANES = 8;

async function comparedPixels(
  pairs: readonly [Comparable, Comparable][],
  isStep: (a: Comparable, b: Comparable) => boolean,
  images: Pick<Images, "alike">,
  signal: AbortSignal,
): Promise<LookedAt[]> {
  const looked: LookedAt[][] = [];
  // Shared: a lane that is done takes what no other has taken.
  const starts = Array.from({ length: Math.ceil(pairs.length / PAIRS_AT_ONCE) }, (_, i) => i * PAIRS_AT_ONCE).entries();
  const lane = async (): Promise<void> => {
    for (const [at, from] of starts) {
      const some = pairs.slice(from, from + PAIRS_AT_ONCE);
      const asked = some.map(([a, b]): GreyPair => ({ a: greyOf(a), b: greyOf(b), isStep: isStep(a, b) }));
      const answers = await images.alike(asked, signal);
      looked[at] = some.flatMap(([a, b], i) => (answers[i] === undefined ? [] : [{ a: a.id, b: b.id, ...answers[i] }]));
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  // In the order of the pairs, whoever was first.
  return looked.flat();
}

const greyOf = ({ dir, facts: { look } }: Comparable): GreyFile => ({
  file: join(dir, look.grey),
  aspect: look.width / look.height,
});

async function foundElsewhere(
  photos: readonly Comparable[],
  catalogue: Catalogue,
  images: Pick<Images, "alike">,
  signal: AbortSignal,
): Promise<ReadonlyMap<PhotoId, Elsewhere>> {
  const found = new Map<PhotoId, Elsewhere>();
  const put = (photo: PhotoId, one: Elsewhere[number]): void => {
    found.set(photo, [...(found.get(photo) ?? []), one]);
  };
  const unclear: [Comparable, Comparable][] = [];
  for (const [own, other] of await catalogue.meet(photos, signal)) {
    if (catalogue.areDistinct(own.id, other.id)) continue;
    const same = samePicture(frameOf(own), frameOf(other));
    if (same === undefined) unclear.push([own, other]);
    else put(own.id, { photo: other.id, ...same });
  }
  const prints = new Map(unclear.flat().map((photo) => [photo.id, frameOf(photo)]));
  for (const { a, b, crop } of await comparedPixels(unclear, () => false, images, signal)) {
    const [own, other] = [prints.get(a), prints.get(b)];
    if (own !== undefined && other !== undefined && isDerived(crop))
      put(a, { photo: b, tier: "derived", evidence: derivedEvidence(own, other, crop) });
  }
  return found;
}

/** What a group says to one of its members. */
function shareOf(photo: PhotoId, { tier, members, keeper, reasons, evidence }: Group): Facts["likeness"]["groups"] {
  if (!members.includes(photo)) return [];
  return [
    {
      tier,
      group: Math.min(...members),
      members: [...members],
      keeper,
      isKeeper: photo === keeper,
      reason: reasons.get(photo) ?? "",
      evidence: evidence.get(photo) ?? {},
    },
  ];
}
