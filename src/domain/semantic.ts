/**
 * Photos of the same thing, by the embeddings of a learned model of the user's own. Only to be looked at: such a group has no
 * keeper, and nothing follows from it.
 */
import type { PluginSaid } from "./facts.ts";
import type { Group } from "./likeness.ts";
import { unionsOf } from "./nearby.ts";
import type { PhotoId, SetId } from "./words.ts";

/** What one model made of one photo. */
export interface Direction {
  readonly photo: PhotoId;
  /** of the plug-in */
  readonly model: string;
  /** what its manifest says is alike; null where it leaves that to the settings */
  readonly alike: number | null;
  /** of length 1 */
  readonly unit: Float32Array;
}

/** @returns by model: what other weights made of a photo is another model's, even under the same name */
export function directionsOf(
  photos: readonly { readonly id: PhotoId; readonly plugins: readonly PluginSaid[] }[],
): Direction[][] {
  const all = photos.flatMap(({ id: photo, plugins }) =>
    plugins.flatMap(({ id: model, said }) => {
      if (said.kind !== "embedding") return [];
      const { weights, alike, vector } = said;
      const unit = unitOf(vector);
      return [{ key: `${model} ${weights} ${unit.length}`, direction: { photo, model, alike, unit } }];
    }),
  );
  return [...Map.groupBy(all, ({ key }) => key).values()].map((same) => same.map(({ direction }) => direction));
}

/** @param vector signed bytes in base64 */
function unitOf(vector: string): Float32Array {
  const bytes = Buffer.from(vector, "base64");
  const values = Float32Array.from(new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length));
  const length = Math.hypot(...values);
  return length === 0 ? values : values.map((value) => value / length);
}

export function cosineOf({ unit: a }: Direction, { unit: b }: Direction): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

export interface Kindred {
  readonly a: PhotoId;
  readonly b: PhotoId;
  readonly model: string;
  readonly cosine: number;
}

/**
 * Those after one photo that are alike to the model. One photo at a time, so that whoever asks can let others have their turn
 * in between.
 *
 * @param directions of one model
 * @param usual cosine from which two are alike, where the manifest says nothing
 */
export function kindredOf(directions: readonly Direction[], at: number, usual: number): Kindred[] {
  const own = directions[at];
  if (own === undefined) return [];
  return directions.slice(at + 1).flatMap((other): Kindred[] => {
    const cosine = cosineOf(own, other);
    // What was asked before its manifest changed may still have the figure of before: the stricter of the two holds.
    const least = Math.max(own.alike ?? usual, other.alike ?? usual);
    return cosine < least ? [] : [{ a: own.photo, b: other.photo, model: own.model, cosine }];
  });
}

/**
 * Groups around the photo that most others are like: whoever is only like another member is looked at anew among those left
 * over, so that a chain of small steps does not end at something else.
 *
 * @param kindred of any models; each makes groups of its own
 */
export function semanticGroups(kindred: readonly Kindred[], areDistinct: (a: PhotoId, b: PhotoId) => boolean): Group[] {
  const wanted = kindred.filter(({ a, b }) => !areDistinct(a, b));
  return [...Map.groupBy(wanted, ({ model }) => model)].flatMap(([model, pairs]) => groupsBy(model, pairs));
}

function groupsBy(model: string, pairs: readonly Kindred[]): Group[] {
  const likes = new Map<PhotoId, Map<PhotoId, number>>();
  for (const { a, b, cosine } of pairs)
    for (const [one, other] of [
      [a, b],
      [b, a],
    ] as const)
      likes.set(one, (likes.get(one) ?? new Map()).set(other, cosine));
  const photos = [...likes.keys()].toSorted((a, b) => a - b);
  const places = new Map(photos.map((photo, place) => [photo, place]));
  const unions = unionsOf(photos.length);
  for (const { a, b } of pairs) unions.join(places.get(a) ?? 0, places.get(b) ?? 0);
  return unions.groups().flatMap((places_) =>
    aroundMiddles(
      model,
      places_.map((place) => photos[place] ?? 0),
      likes,
    ),
  );
}

type Likes = ReadonlyMap<PhotoId, ReadonlyMap<PhotoId, number>>;

function aroundMiddles(model: string, photos: readonly PhotoId[], likes: Likes): Group[] {
  const groups: Group[] = [];
  let left = [...photos];
  while (left.length > 1) {
    const among = new Set(left);
    const count = (photo: PhotoId): number =>
      [...(likes.get(photo)?.keys() ?? [])].filter((one) => among.has(one)).length;
    const counted = left
      .map((photo) => ({ photo, count: count(photo) }))
      .toSorted((a, b) => b.count - a.count || a.photo - b.photo);
    const middle = counted[0]?.photo ?? 0;
    const around = likes.get(middle) ?? new Map<PhotoId, number>();
    const members = left.filter((photo) => photo === middle || around.has(photo));
    left = left.filter((photo) => !members.includes(photo));
    // The most that any of those left is like is nobody.
    if (members.length < 2) break;
    groups.push(groupAround(model, members, around));
  }
  return groups;
}

function groupAround(model: string, members: readonly PhotoId[], around: ReadonlyMap<PhotoId, number>): Group {
  const nearest = Math.max(...members.map((photo) => around.get(photo) ?? -1));
  const reason = `alike to ${model} only: look for yourself`;
  return {
    tier: "semantic",
    members: members.toSorted((a, b) => a - b),
    keeper: null,
    reasons: new Map(members.map((photo) => [photo, reason])),
    evidence: new Map(members.map((photo) => [photo, { semantic: hundredths(around.get(photo) ?? nearest) }])),
  };
}

/** Never rounded up to a likeness that is not there. */
const hundredths = (cosine: number): number => Math.floor(Math.min(1, cosine) * 100 + 1e-6) / 100;

/** A photo of some set and day, as a model sees it. */
export interface Placed {
  readonly direction: Direction;
  readonly set: SetId;
  /** `2026:10:14`, by the camera */
  readonly day: string;
}

/** One pair of strangers in so many may pass for alike. */
const STRANGERS = 100_000;
const BINS = 20_000;

/**
 * From which cosine on a model calls no more than one pair of strangers in a hundred thousand alike: photos of other sets and
 * other days, which are hardly ever of the same thing. All are compared with all.
 *
 * @param placed by one model
 * @returns `cosine` null where there are too few pairs to tell
 */
export function strangersAlike(placed: readonly Placed[]): { readonly pairs: number; readonly cosine: number | null } {
  const counts = new Uint32Array(BINS + 1);
  let pairs = 0;
  placed.forEach((one, i) => {
    for (const other of placed.slice(i + 1)) {
      if (one.set === other.set || one.day === other.day) continue;
      pairs += 1;
      const bin = Math.floor(((Math.min(1, cosineOf(one.direction, other.direction)) + 1) / 2) * BINS);
      counts[bin] = (counts[bin] ?? 0) + 1;
    }
  });
  const most = Math.floor(pairs / STRANGERS);
  if (most === 0) return { pairs, cosine: null };
  let above = 0;
  let bin = BINS;
  for (; bin >= 0; bin -= 1) {
    above += counts[bin] ?? 0;
    if (above > most) break;
  }
  return { pairs, cosine: Math.min(1, ((bin + 1) / BINS) * 2 - 1) };
}
