import { changedFields, type Description, described } from "../domain/context.ts";
import { Fault } from "../domain/fault.ts";
import type { SetId } from "../domain/words.ts";
import type { Hand } from "../store/gestures.ts";
import type { Store } from "../store/store.ts";
import { rewindReach } from "./plan.ts";
import { type RewindTools, undo } from "./rewind.ts";

export interface DescribeTools extends Pick<RewindTools, "stages" | "clock"> {
  readonly store: Pick<Store, "sets" | "checkpoints" | "descriptions">;
}

/**
 * Takes a person's word about a set, and the set back to the first stage that reads what has changed. What no stage reads
 * changes nothing else.
 *
 * @throws Fault set.unknown, set.released, set.busy
 */
export async function describe(set: SetId, said: Description, hand: Hand, tools: DescribeTools): Promise<void> {
  const { store, stages, clock } = tools;
  const before = store.sets.get(set)?.context;
  if (before === undefined) throw new Fault("set.unknown", `no set ${set}`);
  const after = described(before, said);
  const changed = changedFields(before, after);
  if (changed.size === 0) return;

  const first = stages.find(({ reads = [] }) => reads.some((field) => changed.has(field)));
  const reach = first === undefined ? [] : rewindReach(stages, first.name).stages;
  const photos = store.sets.photos(set);
  store.descriptions.describe(
    set,
    after,
    reach.map(({ name }) => name),
    hand,
  );
  for (const stage of reach) for (const photo of photos) await undo(stage, photo);
  if (reach.length > 0) store.checkpoints.resume(set, clock.now(), "person");
}
