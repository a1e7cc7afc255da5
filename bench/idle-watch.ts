import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { corpus } from "./corpus.ts";
import { endDaemon, makeHome, removeHome, startDaemon } from "./daemon.ts";
import type { Figure, Suite } from "./figures.ts";
import { multiply } from "./many.ts";
import { cpuMsOf, rssOf, scannerOf, watchMemory } from "./memory.ts";

const MANY = { sets: 30, photosASet: 1_000 };
/** After a start the inbox is listed and the store read; then there is nothing to do. */
const CALM_MS = 30_000;
/** One of the listings that are made once a minute is among it. */
const WATCHED_MS = 60_000;

/** A daemon with 30,000 photos at the gate, whose files lie in the inbox. */
export const idleWatch: Suite = {
  name: "idle-watch",
  async measure(options) {
    const home = makeHome();
    try {
      options.note(`writing ${MANY.sets * MANY.photosASet} photos into a store …`);
      await multiply(home, await corpus(1, options), MANY);
      const daemon = await startDaemon(home);
      try {
        await sleep(CALM_MS);
        const before = cpuMsOf(daemon.pid);
        const endWatch = watchMemory(daemon.pid);
        await sleep(WATCHED_MS);
        const cpuMs = cpuMsOf(daemon.pid) - before;
        const scanner = scannerOf(daemon.pid, join(home, "inbox")) ?? 0;
        return [
          { name: "idle-watch.memory", value: endWatch(), unit: "MB PSS, peak", goal: 150, better: "lower" },
          figure("daemon-memory", rssOf(daemon.pid)),
          figure("scanner-memory", rssOf(scanner)),
          { name: "idle-watch.cpu", value: (100 * cpuMs) / WATCHED_MS, unit: "% of a core", goal: 1, better: "lower" },
        ];
      } finally {
        await endDaemon(daemon);
      }
    } finally {
      removeHome(home);
    }
  },
};

const figure = (name: string, value: number): Figure => ({
  name: `idle-watch.${name}`,
  value,
  unit: "MB RSS at the end",
  goal: null,
  better: "lower",
});
