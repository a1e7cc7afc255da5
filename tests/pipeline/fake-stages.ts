/** A short pipeline in the order of the real one, whose stages do what a test tells them. */
import type { Facts, StageName } from "../../src/domain/facts.ts";
import type { LoadedPhoto } from "../../src/domain/photo.ts";
import { type AnyOutcome, done, gate, type PhotoStage, type SetStage, type Stage } from "../../src/domain/stage.ts";
import type { PhotoId } from "../../src/domain/words.ts";
import { archiveFacts, factsAtGate, publishFacts } from "../store/home.ts";

export interface Script {
  /** in place of the stage's work; undefined lets it go well */
  readonly on?: (stage: StageName, photo: PhotoId, signal: AbortSignal, dir: string) => Promise<AnyOutcome | undefined>;
  readonly preflight?: (stage: StageName, photos: readonly PhotoId[]) => Promise<void>;
  readonly undo?: (stage: StageName, photo: LoadedPhoto) => Promise<void>;
  readonly limitMs?: number;
}

const factsOf = (stage: StageName, photo: PhotoId): Facts[StageName] => {
  const known = factsAtGate(`Gulls_${photo}.JPG`);
  if (stage === "publish") return publishFacts(`Gulls_${photo}.JPG`);
  if (stage === "archive") return archiveFacts();
  if (stage === "review") throw new Error("a gate has no work");
  return known[stage];
};

export function fakeStages(script: Script = {}, calls: string[] = []): readonly Stage[] {
  const limitMs = script.limitMs ?? 60_000;
  const judge = async (stage: StageName, photo: PhotoId, signal: AbortSignal, dir: string): Promise<AnyOutcome> => {
    calls.push(`${stage} ${photo}`);
    return (await script.on?.(stage, photo, signal, dir)) ?? done(factsOf(stage, photo));
  };
  const undo = (stage: StageName) => async (photo: LoadedPhoto) => {
    calls.push(`undo ${stage} ${photo.id}`);
    await script.undo?.(stage, photo);
  };
  const photo = (name: StageName): PhotoStage => ({
    kind: "photo",
    name,
    needs: [],
    limitMs,
    run: async ({ id }, { signal, dir }) => judge(name, id, signal, dir),
    preflight: async (photos) =>
      script.preflight?.(
        name,
        photos.map(({ id }) => id),
      ),
    undo: undo(name),
  });
  const whole = (name: StageName): SetStage => ({
    kind: "set",
    name,
    needs: [],
    limitMs,
    run: async (photos, { signal, dir }) => {
      const outcomes = new Map<PhotoId, AnyOutcome>();
      for (const { id } of photos) outcomes.set(id, await judge(name, id, signal, dir));
      return outcomes;
    },
    undo: undo(name),
  });
  return [
    photo("validate"),
    photo("look"),
    whole("likeness"),
    photo("words"),
    whole("name"),
    gate("review", []),
    photo("publish"),
    photo("archive"),
  ];
}
