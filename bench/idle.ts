import { setTimeout as sleep } from "node:timers/promises";
import { corpus } from "./corpus.ts";
import { drop, endDaemon, makeHome, removeHome, startDaemon, timeToGate } from "./daemon.ts";
import type { Suite } from "./figures.ts";
import { cpuMsOf, hasDecoders, watchMemory } from "./memory.ts";

const PHOTOS = 24;
const WATCHED_MS = 20_000;

/** A daemon that has worked, and has nothing to do: its decoders have gone, a set waits at the gate. */
export const idle: Suite = {
  name: "idle",
  async measure(options) {
    const files = await corpus(Math.min(options.photos, PHOTOS), options);
    const home = makeHome();
    const daemon = await startDaemon(home);
    try {
      drop(home, "idle", files);
      await timeToGate(home, "idle", files.length);
      while (hasDecoders(daemon.pid)) await sleep(500);
      const before = cpuMsOf(daemon.pid);
      const endWatch = watchMemory(daemon.pid);
      await sleep(WATCHED_MS);
      const cpuMs = cpuMsOf(daemon.pid) - before;
      return [
        { name: "idle.memory", value: endWatch(), unit: "MB PSS, peak", goal: 120, better: "lower" },
        { name: "idle.cpu", value: (100 * cpuMs) / WATCHED_MS, unit: "% of a core", goal: 1, better: "lower" },
      ];
    } finally {
      await endDaemon(daemon);
      removeHome(home);
    }
  },
};
