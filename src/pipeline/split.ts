import { type Description, described } from "../domain/context.ts";
import { Fault } from "../domain/fault.ts";
import type { PhotoId, SetId } from "../domain/words.ts";
import type { Hand } from "../store/gestures.ts";
import type { Store } from "../store/store.ts";
import { rewindReach } from "./plan.ts";
import { type RewindTools, undo } from "./rewind.ts";

export interface SplitTools extends Pick<RewindTools, "stages"> {
  readonly store: Pick<Store, "sets" | "splits">;
}

/** What a person wants to be a set of its own, and what they say of it; what they do not say is as in the set it comes from. */
export interface SplitWish {
  readonly photos: readonly PhotoId[];
  readonly said: Description;
}

/**
 * Makes some photos a set of their own. They go back to where photos are first judged among others, and get words and names
 * anew; of those that stay only what was found by looking at all of them is found out anew.
 *
 * @returns the new set
 * @throws Fault set.unknown, set.busy, set.cleared, set.unsplittable
 */
export async function split(set: SetId, { photos, said }: SplitWish, hand: Hand, tools: SplitTools): Promise<SetId> {
  const { store, stages } = tools;
  store.splits.assertOpen(set);
  const all = store.sets.photos(set);
  const wanted = new Set(photos);
  const going = all.filter(({ id, facts }) => wanted.has(id) && facts.review === undefined);
  const strangers = photos.filter((photo) => !all.some(({ id }) => id === photo));
  if (strangers.length > 0)
    throw new Fault("set.unsplittable", `photos ${strangers.slice(0, 5).join(", ")} are not in ${set}`);
  if (going.length === 0)
    throw new Fault("set.unsplittable", `of ${photos.length} photos all are released, or none was named`);
  if (going.length === all.length) throw new Fault("set.unsplittable", `these are all ${all.length} photos of ${set}`);

  const context = store.sets.get(set)?.context;
  if (context === undefined) throw new Fault("set.unknown", `no set ${set}`);
  const together = stages.filter(({ kind }) => kind === "set");
  const first = together[0]?.name;
  const reach = first === undefined ? [] : rewindReach(stages, first).stages;
  const forget = {
    going: reach.map(({ name }) => name),
    // What has left something outside, a reserved name, stays with its photo.
    staying: together
      .flatMap((stage) => (stage.kind === "set" && stage.undo === undefined ? stage.name : []))
      .toReversed(),
  };
  const id = store.splits.split(
    set,
    going.map((photo) => photo.id),
    described(context, said),
    forget,
    hand,
  );
  for (const stage of reach) for (const photo of going) await undo(stage, photo);
  return id;
}
