import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { StageName } from "../src/domain/facts.ts";
import type { Drop, LoadedPhoto } from "../src/domain/photo.ts";
import type { AnyOutcome } from "../src/domain/stage.ts";
import { stagesBeforeGate } from "../src/stages/index.ts";
import { openStore, type Store } from "../src/store/store.ts";
import { corpus } from "./corpus.ts";
import { drop, endDaemon, makeHome, removeHome, startDaemon, timeToGate } from "./daemon.ts";
import { median, type Suite } from "./figures.ts";

const SETS = 50;
const PHOTOS_A_SET = 200;
const STARTS = 3;

/** Killed with 10,000 photos at the gate and in the inbox, and started again: when does the page answer? */
export const restart: Suite = {
  name: "restart",
  async measure({ note }) {
    const home = makeHome();
    try {
      await takeOne(home, await corpus(1, note));
      note(`writing ${SETS * PHOTOS_A_SET} photos into a store …`);
      multiply(home);
      const starts: number[] = [];
      for (let start = 0; start < STARTS; start += 1) {
        const daemon = await startDaemon(home);
        await endDaemon(daemon, "SIGKILL");
        starts.push(daemon.startMs / 1_000);
      }
      return [{ name: "restart.page", value: median(starts), unit: "s to the page", goal: 5, better: "lower" }];
    } finally {
      removeHome(home);
    }
  },
};

/** One real photo, so that the facts of the others are what this version stores. */
async function takeOne(home: string, photos: readonly string[]): Promise<void> {
  const daemon = await startDaemon(home);
  drop(home, "real", photos);
  await timeToGate(home, "real", photos.length);
  await endDaemon(daemon);
}

function multiply(home: string): void {
  const store = openStore(join(home, "data"), Date.now());
  const [model] = store.sets.photos("real");
  if (model === undefined) throw new Error("there is no photo to multiply");
  for (let n = 1; n <= SETS; n += 1) addSet(store, home, `set-${String(n).padStart(3, "0")}`, model);
  store.close();
}

function addSet(store: Store, home: string, name: string, { facts, context }: LoadedPhoto): void {
  const at = Date.now();
  const set = store.sets.open({ ...dropIn(join(home, "inbox"), name), context }, at);
  if (set === undefined) throw new Error(`${name} was not taken in`);
  const photos = store.sets.photos(set.id);
  for (const { dir } of photos) mkdirSync(dir, { recursive: true });
  const outcome = (stage: StageName, id: number): AnyOutcome => {
    if (stage === "name")
      return { kind: "done", facts: { name: store.names.reserve(id, `Gull_Texel_${name}`), shortened: false } };
    const known = facts[stage];
    if (known === undefined) throw new Error(`the photo has no facts of ${stage}`);
    return { kind: "done", facts: known };
  };
  for (const stage of stagesBeforeGate)
    store.checkpoints.commit(set.id, stage, new Map(photos.map(({ id }) => [id, outcome(stage, id)])), at);
}

/** The files are there, as they would be, because the inbox is listed at start. */
function dropIn(inbox: string, name: string): Omit<Drop, "context"> {
  const folder = join(inbox, name);
  mkdirSync(folder, { recursive: true });
  const shots = Array.from({ length: PHOTOS_A_SET }, (_, i) => {
    const path = join(folder, `DSC_${String(i + 1).padStart(4, "0")}.JPG`);
    writeFileSync(path, "");
    const { size, mtimeMs } = statSync(path);
    return { main: { path, bytes: size, mtimeMs, nameIsText: true }, companions: [] };
  });
  return { inbox, folder, name, shots };
}
