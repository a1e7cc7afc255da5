import { corpus } from "./corpus.ts";
import { endDaemon, makeHome, removeHome, startDaemon } from "./daemon.ts";
import { median, type Suite } from "./figures.ts";
import { multiply } from "./many.ts";

const SETS = 50;
const PHOTOS_A_SET = 200;
const STARTS = 3;

/** Killed with 10,000 photos at the gate and in the inbox, and started again: when does the page answer? */
export const restart: Suite = {
  name: "restart",
  async measure(options) {
    const home = makeHome();
    try {
      options.note(`writing ${SETS * PHOTOS_A_SET} photos into a store …`);
      await multiply(home, await corpus(1, options), { sets: SETS, photosASet: PHOTOS_A_SET });
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
