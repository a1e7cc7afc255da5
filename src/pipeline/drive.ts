import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Announce } from "../domain/events.ts";
import type { StageName } from "../domain/facts.ts";
import { Fault, foreseen } from "../domain/fault.ts";
import type { LoadedPhoto } from "../domain/photo.ts";
import type { Clock } from "../domain/ports.ts";
import {
  type AnyOutcome,
  hasFacts,
  type PhotoStage,
  type SetStage,
  type Stage,
  type WorkingStage,
} from "../domain/stage.ts";
import type { Millis, PhotoId, SetId } from "../domain/words.ts";
import { sweepParts } from "../files.ts";
import type { Store } from "../store/store.ts";
import { nextMove, nextPhotoStage, nextStage } from "./plan.ts";
import { pool } from "./pool.ts";
import { decide } from "./retry.ts";

export interface DriveTools {
  readonly stages: readonly Stage[];
  readonly store: Pick<Store, "sets" | "checkpoints">;
  readonly clock: Clock;
  readonly announce: Announce;
  /** photos of one set in flight at a time */
  readonly width: number;
}

/** Where a drive ended: at the gate, at the end, after a clearing, at a fault (with the time of the next try, if any), or at an abort. */
export type DriveEnd =
  | { readonly kind: "parked" }
  | { readonly kind: "finished" }
  | { readonly kind: "cleared" }
  | { readonly kind: "held"; readonly retryAt: Millis | null }
  | { readonly kind: "stopped" };

/** Does what `plan.ts` says until a set is parked, held or finished. Everything it knows it reads from the store. */
export async function driveSet(set: SetId, tools: DriveTools, signal: AbortSignal): Promise<DriveEnd> {
  const { stages, store, announce } = tools;
  const swept = new Set<PhotoId>();
  const arriving = store.sets.counts(set).working > 0;
  for (;;) {
    if (signal.aborted) return { kind: "stopped" };
    const hold = store.checkpoints.holdOf(set);
    if (hold !== undefined) return { kind: "held", retryAt: hold.retryAt };
    const move = nextMove(stages, store.checkpoints.progress(set));
    switch (move.kind) {
      case "run":
        await prepare(move.photos, set, tools, signal);
        await pool(move.photos, tools.width, signal, async (photo) => advance(photo, set, tools, swept, signal));
        break;
      case "run-set":
        await runSetStage(move.stage, move.photos, set, tools, signal);
        break;
      case "park":
        // Only for photos that were not there before: part of the set going out calls nobody.
        if (arriving) announce({ kind: "set.awaits-review", set, undecided: store.sets.counts(set).undecided });
        return { kind: "parked" };
      case "finish":
        return { kind: "finished" };
    }
  }
}

/** Asks the stages that want to know beforehand what is coming; one that says no holds the set. */
async function prepare(ids: readonly PhotoId[], set: SetId, tools: DriveTools, signal: AbortSignal): Promise<void> {
  const asking = tools.stages.filter((stage): stage is PhotoStage => stage.kind === "photo" && !!stage.preflight);
  if (asking.length === 0) return;
  const wanted = new Set(ids);
  const photos = tools.store.sets.photos(set).filter(({ id }) => wanted.has(id));
  for (const stage of asking) {
    const coming = photos.filter(({ facts }) => facts[stage.name] === undefined);
    if (coming.length > 0) await attempt(set, stage, WHOLE_SET, tools, signal, async () => stage.preflight?.(coming));
  }
}

/** Takes one photo through its stages until a set stage, the gate or the end. */
async function advance(
  id: PhotoId,
  set: SetId,
  tools: DriveTools,
  swept: Set<PhotoId>,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    if (signal.aborted || tools.store.checkpoints.holdOf(set) !== undefined) return;
    const progress = tools.store.checkpoints.progressOf(id);
    const stage = progress && nextPhotoStage(tools.stages, progress);
    const photo = tools.store.sets.photo(id);
    if (stage === undefined || photo === undefined) return;
    if (!swept.has(id)) await sweepParts(photo.dir);
    swept.add(id);
    const outcome = await attempt(set, stage, id, tools, signal, async (inTime) =>
      stage.run(photo, { signal: inTime, dir: join(photo.dir, stage.name), now: tools.clock.now }),
    );
    if (outcome === undefined) return;
    commit(set, stage.name, new Map([[id, outcome]]), tools);
  }
}

async function runSetStage(
  stage: SetStage,
  ids: readonly PhotoId[],
  set: SetId,
  tools: DriveTools,
  signal: AbortSignal,
): Promise<void> {
  const wanted = new Set(ids);
  // What was released before an update keeps facts that may no longer read: it is not there for its neighbours then.
  const photos = tools.store.sets
    .photos(set)
    .filter((photo) => wanted.has(photo.id) && (photo.facts.review === undefined || hasFacts(photo, stage.needs)));
  const dir = join(photos[0]?.dir ?? "", "..", `set-${set}`, stage.name);
  const outcomes = await attempt(set, stage, WHOLE_SET, tools, signal, async (inTime) =>
    stage.run(photos, { signal: inTime, dir, now: tools.clock.now }),
  );
  if (outcomes === undefined) return;
  // What is released stays as it was approved, whatever a newly returned photo makes of its neighbours.
  const open = photos.filter((photo) => photo.facts.review === undefined || photo.facts[stage.name] === undefined);
  commit(set, stage.name, new Map(open.map((photo) => [photo.id, outcomeOf(photo, outcomes, stage)])), tools);
}

/** Stands for a photo where a stage is asked about all of them. */
export const WHOLE_SET: PhotoId = 0;

function outcomeOf(photo: LoadedPhoto, outcomes: ReadonlyMap<PhotoId, AnyOutcome>, stage: SetStage): AnyOutcome {
  const outcome = outcomes.get(photo.id);
  if (outcome === undefined) throw new Error(`${stage.name} said nothing about photo ${photo.id}`);
  return outcome;
}

/** The facts are in the store, with their journal line, before anybody hears of them. */
function commit(
  set: SetId,
  stage: StageName,
  outcomes: ReadonlyMap<PhotoId, AnyOutcome>,
  { store, clock, announce }: DriveTools,
): void {
  store.checkpoints.commit(set, stage, outcomes, clock.now());
  const done = [...outcomes].filter(([, outcome]) => outcome.kind === "done").map(([photo]) => photo);
  if (done.length > 0) announce({ kind: "stage.done", set, stage, photos: done });
  for (const [photo, outcome] of outcomes)
    if (outcome.kind === "cull") announce({ kind: "photo.culled", set, photo, code: outcome.code, why: outcome.why });
}

/**
 * Runs a stage within its limit, again where `retry.ts` says so.
 *
 * @returns undefined if there is nothing to commit: aborted, culled or held
 */
async function attempt<T>(
  set: SetId,
  stage: WorkingStage,
  photo: PhotoId,
  tools: DriveTools,
  signal: AbortSignal,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  for (;;) {
    try {
      return await withinLimit(stage, signal, run);
    } catch (thrown) {
      // Interrupted is not failed: no try is counted.
      if (signal.aborted) return undefined;
      const wait = judge(foreseen(thrown), set, stage, photo, tools);
      if (wait === undefined) return undefined;
      await sleep(wait, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return undefined;
    }
  }
}

/** @returns how long to wait before another try; undefined if the photo was culled or the set held */
function judge(
  thrown: unknown,
  set: SetId,
  stage: WorkingStage,
  photo: PhotoId,
  tools: DriveTools,
): Millis | undefined {
  const { store, clock, announce } = tools;
  if (!(thrown instanceof Fault))
    announce({
      kind: "stage.crashed",
      set,
      photo: photo === WHOLE_SET ? null : photo,
      stage: stage.name,
      error: thrown,
    });
  const verdict = decide(
    thrown,
    store.checkpoints.countTry(set, stage.name, photo),
    photo === WHOLE_SET ? "set" : "photo",
  );
  switch (verdict.kind) {
    case "again":
      return verdict.inMs;
    case "cull":
      commit(set, stage.name, new Map([[photo, { kind: "cull", code: verdict.code, why: verdict.why }]]), tools);
      return undefined;
    case "hold": {
      const at = clock.now();
      const retryAt = verdict.retryInMs === null ? null : at + verdict.retryInMs;
      store.checkpoints.hold(set, { stage: stage.name, code: verdict.code, why: verdict.why, retryAt, at });
      announce({ kind: "set.held", set, stage: stage.name, code: verdict.code, why: verdict.why, retryAt });
      return undefined;
    }
  }
}

async function withinLimit<T>(
  stage: WorkingStage,
  signal: AbortSignal,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController();
  const timer = setTimeout(
    () => limit.abort(new Error(`${stage.name} was not done after ${stage.limitMs} ms`)),
    stage.limitMs,
  );
  try {
    return await run(AbortSignal.any([signal, limit.signal]));
  } finally {
    clearTimeout(timer);
  }
}

/** The stage a set would go on from; undefined if it is at the gate or at the end. */
export function wouldResumeAt(
  set: SetId,
  { stages, store }: Pick<DriveTools, "stages" | "store">,
): StageName | undefined {
  if (store.checkpoints.holdOf(set) !== undefined) return undefined;
  const progress = store.checkpoints.progress(set);
  const move = nextMove(stages, progress);
  if (move.kind === "run-set") return move.stage.name;
  if (move.kind !== "run") return undefined;
  const at = progress.filter((photo) => move.photos.includes(photo.id)).map((photo) => nextStage(stages, photo));
  return stages.find((stage): stage is PhotoStage => at.includes(stage))?.name;
}
