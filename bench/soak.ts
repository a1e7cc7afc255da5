import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sharp } from "../src/imaging/sharp.ts";
import { corpus } from "./corpus.ts";
import { endDaemon, makeHome, removeHome, startDaemon, timeToGate } from "./daemon.ts";
import { type Figure, median, type Options, type Suite } from "./figures.ts";
import { pssOf, watchMemory } from "./memory.ts";
import { stamped } from "./stamped.ts";

const PHOTOS = 10_000;
const TENTHS = 10;
const MODELS = 12;
const EDGE = 1200;
/** Sampled as often as that, a tenth has hundreds of samples. */
const SAMPLE_MS = 250;

/** Ten thousand small photos to the gate, in ten sets: is memory at the end what it was at the beginning? */
export const soak: Suite = {
  name: "soak",
  isLong: true,
  async measure(options) {
    const home = makeHome();
    const daemon = await startDaemon(home);
    try {
      const models = await smallModels(options);
      const photos = Math.floor(Math.min(options.files, PHOTOS) / TENTHS);
      const peaks: number[] = [];
      for (let tenth = 0; tenth < TENTHS; tenth += 1) {
        const endWatch = watchMemory(daemon.pid, pssOf, SAMPLE_MS);
        dropCopies(home, `tenth-${tenth}`, models, photos);
        await timeToGate(home, `tenth-${tenth}`, photos);
        peaks.push(endWatch());
        options.note(`${(tenth + 1) * photos} photos: ${peaks.at(-1)?.toFixed(0)} MB`);
      }
      return figuresOf(peaks);
    } finally {
      await endDaemon(daemon);
      removeHome(home);
    }
  },
};

async function smallModels(options: Options): Promise<Buffer[]> {
  const files = await corpus(MODELS, options);
  const small = (file: string): Promise<Buffer> =>
    sharp(file).keepMetadata().resize(EDGE, EDGE, { fit: "inside" }).jpeg({ quality: 85 }).toBuffer();
  return Promise.all(files.map(small));
}

/** Written aside and renamed: the folder is whole when it is seen. */
function dropCopies(home: string, set: string, models: readonly Buffer[], photos: number): void {
  const made = join(home, "arriving", set);
  mkdirSync(made, { recursive: true });
  for (let i = 0; i < photos; i += 1) {
    const model = models[i % models.length] ?? Buffer.alloc(0);
    writeFileSync(join(made, `DSC_${String(i + 1).padStart(4, "0")}.JPG`), stamped(model, `${set} ${i}`));
  }
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
