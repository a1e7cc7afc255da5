import type { StageName } from "../domain/facts.ts";
import type { Gate, PhotoStage, SetStage, Stage } from "../domain/stage.ts";
import type { PhotoId } from "../domain/words.ts";

/** What the planner knows of a photo: which facts exist, and whether it takes part. */
export interface Progress {
  readonly id: PhotoId;
  readonly done: ReadonlySet<StageName>;
  readonly culled: boolean;
  /** a person said no; it goes no further than the gate */
  readonly rejected: boolean;
}

export type Move =
  /** advance these photos, each until it meets a set stage or the gate */
  | { readonly kind: "run"; readonly photos: readonly PhotoId[] }
  | { readonly kind: "run-set"; readonly stage: SetStage; readonly photos: readonly PhotoId[] }
  /** wait for a person; `waiting` photos stand at the gate */
  | { readonly kind: "park"; readonly waiting: number }
  | { readonly kind: "finish" };

/** The first stage whose facts are missing; undefined if the photo has been through all. */
export const nextStage = (stages: readonly Stage[], photo: Progress): Stage | undefined =>
  stages.find((stage) => !photo.done.has(stage.name));

/** The photo stage this photo can do by itself now. */
export function nextPhotoStage(stages: readonly Stage[], photo: Progress): PhotoStage | undefined {
  if (photo.culled) return undefined;
  const stage = nextStage(stages, photo);
  return stage?.kind === "photo" ? stage : undefined;
}

/** What to do next with a set. A set stage waits until every photo has come up to it. */
export function nextMove(stages: readonly Stage[], photos: readonly Progress[]): Move {
  const live = photos.filter((photo) => !photo.culled);
  const next = live.map((photo) => ({ photo, stage: nextStage(stages, photo) }));

  const runnable = next.filter(({ stage }) => stage?.kind === "photo").map(({ photo }) => photo.id);
  if (runnable.length > 0) return { kind: "run", photos: runnable };

  const stage = stages.find((one): one is SetStage => one.kind === "set" && next.some((at) => at.stage === one));
  if (stage !== undefined) return { kind: "run-set", stage, photos: live.map((photo) => photo.id) };

  const waiting = next.filter(({ photo, stage: at }) => isGate(at) && !photo.rejected).length;
  return waiting > 0 ? { kind: "park", waiting } : { kind: "finish" };
}

const isGate = (stage: Stage | undefined): stage is Gate => stage?.kind === "gate";

/**
 * How far back a rewind must go so that no set stage is left judged with a photo missing: to the given stage, and for the
 * whole set if a set stage lies on the way.
 */
export function rewindReach(
  stages: readonly Stage[],
  to: StageName,
): { readonly stages: readonly Stage[]; readonly wholeSet: boolean } {
  const from = stages.findIndex((stage) => stage.name === to);
  const undone = from < 0 ? [] : stages.slice(from).reverse();
  return { stages: undone, wholeSet: undone.some((stage) => stage.kind === "set") };
}
