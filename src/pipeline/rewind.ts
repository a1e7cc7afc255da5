import { join } from "node:path";
import type { StageName } from "../domain/facts.ts";
import { Fault } from "../domain/fault.ts";
import type { LoadedPhoto } from "../domain/photo.ts";
import type { Clock } from "../domain/ports.ts";
import type { Stage } from "../domain/stage.ts";
import type { PhotoId, SetId } from "../domain/words.ts";
import { removeFolder } from "../files.ts";
import { ROLLING_BACK } from "../store/checkpoints.ts";
import type { Store } from "../store/store.ts";
import { rewindReach } from "./plan.ts";

export interface RewindTools {
  readonly stages: readonly Stage[];
  readonly store: Pick<Store, "sets" | "checkpoints" | "intake" | "clearings">;
  readonly clock: Clock;
  /** originals of a set that are not where they were: our copies of them are the only ones */
  readonly gone: (set: SetId) => Promise<readonly string[]>;
}

/**
 * Forgets and undoes, from the newest stage back to the given one, and lifts the hold. Nothing else has to be put right:
 * what has no facts is done again.
 *
 * @param photos those to rewind; all of the set where a set stage lies on the way, or if undefined
 * @throws Fault set.published where published photos would have to be taken back; set.cleared; set.originals-gone
 */
export async function rewind(
  set: SetId,
  to: StageName,
  tools: RewindTools,
  photos?: readonly PhotoId[],
): Promise<void> {
  const { store, clock } = tools;
  store.clearings.assertWhole(set);
  const reach = rewindReach(tools.stages, to);
  const chosen = photos === undefined || reach.wholeSet ? undefined : new Set(photos);
  const affected = store.sets.photos(set).filter((photo) => chosen?.has(photo.id) ?? true);
  if (affected.some((photo) => photo.facts.publish !== undefined))
    throw new Fault(
      "set.published",
      `${affected.filter((photo) => photo.facts.publish).length} photos of ${set} are on the site`,
    );
  if (reach.stages.some(({ name }) => name === "ingest")) await assertOriginalsAreHere(set, tools);

  for (const stage of reach.stages) {
    const having = affected.filter((photo) => photo.facts[stage.name] !== undefined);
    // A run that was cut off has left no facts, but perhaps a file on the site.
    for (const photo of affected.filter((one) => stageAt(one, tools.stages) === stage)) await undo(stage, photo);
    if (having.length === 0) continue;
    // Forgotten first: killed in between, files without facts are made again; facts without files would stand for ever.
    store.checkpoints.forget(
      set,
      stage.name,
      having.map((photo) => photo.id),
      clock.now(),
    );
    for (const photo of having) await undo(stage, photo);
  }
  store.checkpoints.resume(set, clock.now(), "person");
}

/** Our copies are not removed while they may be the only ones. */
async function assertOriginalsAreHere(set: SetId, { gone }: RewindTools): Promise<void> {
  const missing = await gone(set);
  if (missing.length > 0)
    throw new Fault(
      "set.originals-gone",
      `${missing.length} originals are not in the inbox any more: ${missing.slice(0, 3).join(", ")}`,
    );
}

const stageAt = ({ facts }: LoadedPhoto, stages: readonly Stage[]): Stage | undefined =>
  stages.find((stage) => facts[stage.name] === undefined);

/** Takes back what a stage did outside its folder, and the folder. May be repeated. */
export async function undo(stage: Stage, photo: LoadedPhoto): Promise<void> {
  if (stage.kind !== "gate") await stage.undo?.(photo);
  await removeFolder(join(photo.dir, stage.name));
}

/**
 * Takes a whole set back to before it was taken in: working copies and names are released, the files stay in the inbox,
 * set aside until a person starts again. May be interrupted and repeated.
 */
export async function rollBack(set: SetId, tools: RewindTools): Promise<void> {
  const { store, stages, clock } = tools;
  const first = stages[0]?.name;
  if (first === undefined || store.sets.get(set) === undefined) throw new Fault("set.unknown", `no set ${set}`);
  if (store.sets.counts(set).released > 0)
    throw new Fault("set.published", `${store.sets.counts(set).released} photos of ${set} are released`);

  if (store.checkpoints.holdOf(set)?.code !== ROLLING_BACK) await assertOriginalsAreHere(set, tools);

  // The intent comes first: killed half-way, the next start finds it and goes on.
  store.checkpoints.hold(set, {
    stage: first,
    code: ROLLING_BACK,
    why: "asked to roll back",
    retryAt: null,
    at: clock.now(),
  });
  const photos = store.sets.photos(set);
  for (const stage of stages.toReversed()) for (const photo of photos) await undo(stage, photo);
  for (const photo of photos) await removeFolder(photo.dir);
  store.intake.setAside(set, clock.now());
  store.sets.remove(set, clock.now());
}
