import { readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isPart } from "../../src/files.ts";
import { filesBelow, sha256 } from "./scenario.ts";
import type { Tally } from "./tally.ts";

const EVERY_MS = 20;

/** Somebody who looks at the site all the time, as its visitors would. */
export interface Observer {
  stop(): Promise<void>;
}

/**
 * @param wanted what a published path must hold, by sha256; undefined in the first run, in which a name may only never change
 */
export function observe(site: string, wanted: ReadonlyMap<string, string> | undefined, tally: Tally): Observer {
  const seen = new Map<string, { stamp: string; hash: string }>();
  let stopped = false;

  const look = (path: string): void => {
    const file = join(site, path);
    const found = statSync(file, { throwIfNoEntry: false });
    tally.check("I07", found !== undefined, () => `${path} was taken away`);
    if (found === undefined) return;
    const { ino, size, mtimeMs, ctimeMs } = found;
    const stamp = `${ino} ${size} ${mtimeMs} ${ctimeMs}`;
    const before = seen.get(path);
    if (before?.stamp === stamp) return;
    const hash = sha256(readFileSync(file));
    seen.set(path, { stamp, hash });
    const right = wanted === undefined ? (before?.hash ?? hash) : wanted.get(path);
    tally.check("I07", hash === right, () => `${path} was seen with ${size} bytes that are not those of the photo`);
  };
  const life = (async () => {
    while (!stopped) {
      for (const path of filesBelow(site)) if (!isPart(basename(path))) look(path);
      await sleep(EVERY_MS);
    }
  })();

  return {
    async stop() {
      stopped = true;
      await life;
    },
  };
}
