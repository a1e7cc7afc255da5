/** A home with more photos than anybody wants to wait for. */
import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { StageName } from "../src/domain/facts.ts";
import type { Drop, LoadedPhoto } from "../src/domain/photo.ts";
import type { AnyOutcome } from "../src/domain/stage.ts";
import { english } from "../src/language/english.ts";
import { stagesBeforeGate } from "../src/stages/index.ts";
import { openStore, type Store } from "../src/store/store.ts";
import { drop, endDaemon, startDaemon, timeToGate } from "./daemon.ts";

/** One real photo, so that the facts of the others are what this version stores. */
async function takeOne(home: string, photos: readonly string[]): Promise<void> {
  const daemon = await startDaemon(home);
  drop(home, "real", photos);
  await timeToGate(home, "real", photos.length);
  await endDaemon(daemon);
}

interface Many {
  readonly sets: number;
  readonly photosASet: number;
}

/**
 * Writes photos at the gate into the store of a home, and files of their names into its inbox.
 *
 * @param real of one photo, whose facts they all get
 */
export async function multiply(home: string, real: readonly string[], { sets, photosASet }: Many): Promise<void> {
  await takeOne(home, real);
  const store = openStore(join(home, "data"), Date.now(), english());
  const [model] = store.sets.photos("real");
  if (model === undefined) throw new Error("there is no photo to multiply");
  for (let n = 1; n <= sets; n += 1) {
    const drop = dropIn(join(home, "inbox"), `set-${String(n).padStart(3, "0")}`, photosASet);
    addSet(store, { ...drop, context: model.context }, model);
  }
  store.close();
}

function addSet(store: Store, drop: Drop, { facts }: LoadedPhoto): void {
  const at = Date.now();
  const set = store.sets.open(drop, at);
  if (set === undefined) throw new Error(`${drop.name} was not taken in`);
  const photos = store.sets.photos(set.id);
  for (const { dir } of photos) mkdirSync(dir, { recursive: true });
  const outcome = (stage: StageName, id: number): AnyOutcome => {
    if (stage === "name")
      return { kind: "done", facts: { name: store.names.reserve(id, `Gull_Texel_${set.id}`), shortened: false } };
    const known = facts[stage];
    if (known === undefined) throw new Error(`the photo has no facts of ${stage}`);
    return { kind: "done", facts: known };
  };
  for (const stage of stagesBeforeGate)
    store.checkpoints.commit(set.id, stage, new Map(photos.map(({ id }) => [id, outcome(stage, id)])), at);
}

/** The files are there, as they would be, because the inbox is listed at start. */
function dropIn(inbox: string, name: string, photos: number): Omit<Drop, "context"> {
  const folder = join(inbox, name);
  mkdirSync(folder, { recursive: true });
  const shots = Array.from({ length: photos }, (_, i) => {
    const path = join(folder, `DSC_${String(i + 1).padStart(4, "0")}.JPG`);
    writeFileSync(path, "");
    const { size, mtimeMs } = statSync(path);
    return { main: { path, bytes: size, mtimeMs, nameIsText: true }, companions: [] };
  });
  return { inbox, folder, name, shots };
}
