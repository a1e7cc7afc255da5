import type { Facts, StageName } from "./facts.ts";
import type { LoadedPhoto, PhotoWith, SetContext } from "./photo.ts";
import type { Millis, PhotoId } from "./words.ts";

/** What a stage has to say about one photo. */
export type Outcome<F> =
  | { readonly kind: "done"; readonly facts: F }
  | { readonly kind: "cull"; readonly code: string; readonly why: string };

export interface StageContext {
  /** aborted on shutdown, or after the stage's own limit */
  readonly signal: AbortSignal;
  /** absolute; the one folder this stage may write in */
  readonly dir: string;
  readonly now: () => Millis;
}

/** An outcome whose facts are those of the stage that made it, by construction. */
export type AnyOutcome = Outcome<Facts[StageName]>;

interface StageBase {
  readonly name: StageName;
  readonly needs: readonly StageName[];
  /** what of the set's description goes into its facts: when a person changes it, the set is rewound to here */
  readonly reads?: readonly (keyof SetContext)[] | undefined;
  /** what it reads is said of the set: a word about one photo is nothing to it */
  readonly readsSetAlone?: boolean | undefined;
}

/**
 * Can it be begun for all of these photos together? Asked before the first of them comes to the stage.
 *
 * @throws Fault that holds the set
 */
export type Preflight = (photos: readonly LoadedPhoto[]) => Promise<void>;

/** Judges a photo alone; many at a time. */
export interface PhotoStage extends StageBase {
  readonly kind: "photo";
  readonly limitMs: Millis;
  readonly run: (photo: LoadedPhoto, context: StageContext) => Promise<AnyOutcome>;
  readonly preflight?: Preflight | undefined;
  readonly undo: ((photo: LoadedPhoto) => Promise<void>) | undefined;
}

/** Judges a photo among the others of its set; all outcomes are committed at once. */
export interface SetStage extends StageBase {
  readonly kind: "set";
  readonly limitMs: Millis;
  readonly run: (photos: readonly LoadedPhoto[], context: StageContext) => Promise<ReadonlyMap<PhotoId, AnyOutcome>>;
  readonly undo: ((photo: LoadedPhoto) => Promise<void>) | undefined;
}

/** Has no `run`: its facts come from a person. */
export interface Gate extends StageBase {
  readonly kind: "gate";
}

export type Stage = PhotoStage | SetStage | Gate;
export type WorkingStage = PhotoStage | SetStage;

interface Common<N extends StageName, Needs extends StageName> {
  readonly name: N;
  /** the stages whose facts `run` reads; others are not in its type */
  readonly needs: readonly Needs[];
  readonly reads?: readonly (keyof SetContext)[];
  readonly readsSetAlone?: boolean;
  readonly limitMs: Millis;
  /**
   * Takes back what `run` did outside its folder: a reserved name, a published file. Called for a photo without the facts
   * of this stage as well, whose run may have been cut off; must bear being called twice.
   */
  readonly undo?: (photo: LoadedPhoto) => Promise<void>;
}

interface PhotoStageSpec<N extends StageName, Needs extends StageName> extends Common<N, Needs> {
  readonly preflight?: Preflight;
  readonly run: (photo: PhotoWith<Needs>, context: StageContext) => Promise<Outcome<Facts[N]>>;
}

interface SetStageSpec<N extends StageName, Needs extends StageName> extends Common<N, Needs> {
  readonly run: (
    photos: readonly PhotoWith<Needs>[],
    context: StageContext,
  ) => Promise<ReadonlyMap<PhotoId, Outcome<Facts[N]>>>;
}

export const photoStage = <N extends StageName, const Needs extends StageName>(
  spec: PhotoStageSpec<N, Needs>,
): PhotoStage => ({
  kind: "photo",
  name: spec.name,
  needs: spec.needs,
  reads: spec.reads,
  readsSetAlone: spec.readsSetAlone,
  limitMs: spec.limitMs,
  preflight: spec.preflight,
  run: async (photo, context) => spec.run(needing(photo, spec.needs), context),
  undo: spec.undo,
});

export const setStage = <N extends StageName, const Needs extends StageName>(
  spec: SetStageSpec<N, Needs>,
): SetStage => ({
  kind: "set",
  name: spec.name,
  needs: spec.needs,
  reads: spec.reads,
  readsSetAlone: spec.readsSetAlone,
  limitMs: spec.limitMs,
  run: async (photos, context) =>
    spec.run(
      photos.map((photo) => needing(photo, spec.needs)),
      context,
    ),
  undo: spec.undo,
});

export const gate = (name: StageName, needs: readonly StageName[]): Gate => ({ kind: "gate", name, needs });

export const done = <F>(facts: F): Outcome<F> => ({ kind: "done", facts });
export const cull = (code: string, why: string): Outcome<never> => ({ kind: "cull", code, why });

function needing<Needs extends StageName>(photo: LoadedPhoto, needs: readonly Needs[]): PhotoWith<Needs> {
  if (hasFacts(photo, needs)) return photo;
  const missing = needs.filter((need) => photo.facts[need] === undefined).join(", ");
  throw new Error(`photo ${photo.id} came to a stage without the facts of ${missing}: the order of stages is wrong`);
}

export const hasFacts = <N extends StageName>(
  photo: LoadedPhoto,
  names: readonly N[],
): photo is LoadedPhoto & PhotoWith<N> => names.every((name) => photo.facts[name] !== undefined);
