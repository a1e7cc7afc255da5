import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { MINUTE } from "../src/domain/words.ts";
import { pool } from "../src/pipeline/pool.ts";
import { smallPhoto, smallScenes } from "./corpus.ts";
import { endDaemon, makeHome, removeHome, startDaemon, timeToGate } from "./daemon.ts";
import { type Figure, median, type Suite } from "./figures.ts";
import { pssOf, watchMemory } from "./memory.ts";

const PHOTOS = 10_000;
const TENTHS = 10;
/** A little more than what is measured, so that every step of a look is done. */
const EDGE = 1_100;
/** Sampled as often as that, a tenth has hundreds of samples. */
const SAMPLE_MS = 250;

type Scene = Awaited<ReturnType<typeof smallScenes>>[number];
const never = new AbortController().signal;

/** Ten thousand small photos to the gate, in ten sets: is memory at the end what it was at the beginning? */
export const soak: Suite = {
  name: "soak",
  isLong: true,
  async measure(options) {
    const home = makeHome();
    const daemon = await startDaemon(home);
    try {
      const scenes = await smallScenes(EDGE);
      const photos = Math.max(1, Math.floor(Math.min(options.photos, PHOTOS) / TENTHS));
      const peaks: number[] = [];
      const begun = performance.now();
      for (let tenth = 0; tenth < TENTHS; tenth += 1) {
        const endWatch = watchMemory(daemon.pid, pssOf, SAMPLE_MS);
        await dropSmall(home, `tenth-${tenth}`, scenes, tenth * photos, photos);
        await timeToGate(home, `tenth-${tenth}`, photos);
        peaks.push(endWatch());
        const minutes = (performance.now() - begun) / MINUTE;
        options.note(`${(tenth + 1) * photos} photos: ${peaks.at(-1)?.toFixed(0)} MB, ${minutes.toFixed(1)} min`);
      }
      return figuresOf(peaks);
    } finally {
      await endDaemon(daemon);
      removeHome(home);
    }
  },
};

/** Written aside and renamed: the folder is whole when it is seen. @param from the number of its first photo */
async function dropSmall(home: string, set: string, scenes: readonly Scene[], from: number, photos: number) {
  const made = join(home, "arriving", set);
  mkdirSync(made, { recursive: true });
  const numbers = Array.from({ length: photos }, (_, i) => from + i);
  await pool(numbers, availableParallelism(), never, async (number) => {
    writeFileSync(join(made, `DSC_${String(number + 1).padStart(5, "0")}.JPG`), await smallPhoto(scenes, number));
  });
  renameSync(made, join(home, "inbox", set));
}

function figuresOf(peaks: readonly number[]): Figure[] {
  const [first = Number.NaN, last = Number.NaN] = [peaks[0], peaks.at(-1)];
  return [
    { name: "soak.memory", value: Math.max(...peaks), unit: "MB PSS, peak, all processes", goal: 400, better: "lower" },
    { name: "soak.median-tenth", value: median(peaks), unit: "MB PSS, peak", goal: null, better: "lower" },
    { name: "soak.last-to-first-tenth", value: last / first, unit: "ratio of peaks", goal: 1.05, better: "lower" },
  ];
}
