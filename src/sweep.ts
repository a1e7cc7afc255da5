/** What is put right at every start: leftovers that nothing refers to. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Config } from "./config.ts";
import { removeFolder, sweepParts } from "./files.ts";
import { answersOf } from "./models.ts";
import { proofsIn } from "./proofs.ts";
import type { Store } from "./store/store.ts";

/** @param unclean whether the run before was killed */
export async function sweep(config: Config, store: Store, unclean: boolean): Promise<void> {
  await sweepLeftovers(config, unclean);
  await sweepOrphans(store);
}

/** What a killed daemon was writing; nothing refers to it. The driver sweeps the working folders, each when it is its turn. */
async function sweepLeftovers(config: Config, unclean: boolean): Promise<void> {
  const { data, site, archive } = config;
  await sweepParts(data, false);
  for (const folder of [proofsIn(config), answersOf(config)]) await sweepParts(folder);
  // Large trees, perhaps on another machine: only where there is reason to, and a disk that is read-only now can wait.
  for (const folder of unclean ? [site, archive] : [])
    if (folder !== null) await sweepParts(folder).catch(() => undefined);
}

/** Working folders whose photo is gone: a rollback was killed between the row and the folder. */
async function sweepOrphans({ installation, sets }: Store): Promise<void> {
  const photos = sets.photoIds();
  for (const name of await readdir(installation.workRoot))
    if (/^\d+$/.test(name) && !photos.has(Number(name))) await removeFolder(join(installation.workRoot, name));
}
