import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readRuntime } from "../src/runtime.ts";
import { largeCorpus } from "./corpus.ts";
import { drop, endDaemon, makeHome, removeHome, startDaemon, timeToGate } from "./daemon.ts";
import { startLooking } from "./decoders.ts";
import { type Figure, percentile, type Suite } from "./figures.ts";
import { multiply } from "./many.ts";
import { decodersPssOf, pssOf, watchMemory } from "./memory.ts";
import { ensurePrograms } from "./programs.ts";
import { stamped } from "./stamped.ts";

const PHOTOS = 24;
/** A set at the gate, which somebody reviews meanwhile. */
const AT_GATE = { sets: 1, photosASet: 200 };
const REVIEWED = "set-001";
const IDLE_MS = 5_000;
const BETWEEN_REQUESTS_MS = 20;
const SAMPLE_MS = 100;

/** The daemon at work on photos of 24 megapixels: what it adds to the look alone, and what the page feels of it. */
export const work: Suite = {
  name: "work",
  prepare: ({ note }) => ensurePrograms(note),
  async measure(options) {
    const models = await largeCorpus(Math.min(options.photos, PHOTOS / 4), options);
    const home = makeHome();
    try {
      await multiply(home, models.slice(0, 1), AT_GATE);
      const photos = stampedCopies(models, join(home, "photos"), Math.min(options.photos, PHOTOS));
      const alone = await lookAlone(photos, join(home, "looks"));
      options.note(`look alone: ${alone.one.toFixed(0)} ms one by one, ${alone.all.toFixed(0)} ms on all cores`);
      return figuresOf(alone, await atWork(home, photos));
    } finally {
      removeHome(home);
    }
  },
};

/** Each of them another photo, by content. */
function stampedCopies(models: readonly string[], into: string, count: number): string[] {
  mkdirSync(into, { recursive: true });
  return Array.from({ length: count }, (_, i) => {
    const model = models[i % models.length] ?? "";
    const file = join(into, `${String(i).padStart(4, "0")}-${basename(model)}`);
    writeFileSync(file, stamped(readFileSync(model), `picture ${i}`));
    return file;
  });
}

interface Alone {
  /** ms with one photo in flight, and with as many as cores */
  readonly one: number;
  readonly all: number;
  /** MB PSS of the decoders, peak */
  readonly memory: number;
}

async function lookAlone(photos: readonly string[], into: string): Promise<Alone> {
  const wall = async (children: number): Promise<{ ms: number; memory: number }> => {
    const looking = await startLooking(children, into);
    await looking.lookAtAll(photos.slice(0, children));
    const endWatch = watchMemory(process.pid, decodersPssOf, SAMPLE_MS);
    const ms = await looking.lookAtAll(photos);
    const memory = endWatch();
    looking.end();
    return { ms, memory };
  };
  const one = await wall(1);
  const all = await wall(availableParallelism());
  return { one: one.ms, all: all.ms, memory: all.memory };
}

interface AtWork {
  /** ms to the gate */
  readonly ms: number;
  readonly idlePage: number;
  readonly busyPage: number;
  readonly decoders: number;
  readonly tree: number;
}

async function atWork(home: string, photos: readonly string[]): Promise<AtWork> {
  const daemon = await startDaemon(home);
  try {
    const idle = await pageTimes(home, sleep(IDLE_MS));
    const watches = [decodersPssOf, pssOf].map((of) => watchMemory(daemon.pid, of, SAMPLE_MS));
    drop(home, "work", photos);
    const run = timeToGate(home, "work", photos.length);
    const busy = await pageTimes(home, run);
    const [decoders = 0, tree = 0] = watches.map((end) => end());
    return { ms: await run, idlePage: percentile(idle, 0.99), busyPage: percentile(busy, 0.99), decoders, tree };
  } finally {
    await endDaemon(daemon);
  }
}

/** Asks for the rows of the set under review again and again. @returns ms each answer took */
async function pageTimes(home: string, until: Promise<unknown>): Promise<number[]> {
  const { port = 0, token = "" } = readRuntime(join(home, "data")) ?? {};
  const times: number[] = [];
  let isOver = false;
  const end = until.finally(() => {
    isOver = true;
  });
  while (!isOver) {
    const from = performance.now();
    const response = await fetch(`http://127.0.0.1:${port}/api/sets/${REVIEWED}/rows`, {
      headers: { authorization: `Bearer ${token}` },
    });
    await response.arrayBuffer();
    if (response.status !== 200) throw new Error(`the rows were answered with ${response.status}`);
    times.push(performance.now() - from);
    await sleep(BETWEEN_REQUESTS_MS);
  }
  await end;
  return times;
}

const figuresOf = (alone: Alone, { ms, idlePage, busyPage, decoders, tree }: AtWork): Figure[] => [
  { ...figure("wall-to-look", ms / alone.all, "ratio of wall"), goal: 1.25 },
  { ...figure("in-flight-1-to-all", alone.one / alone.all, "ratio of wall"), goal: 1.7, better: "higher" },
  figure("page-p99-idle", idlePage, "ms"),
  figure("page-p99", busyPage, "ms"),
  { ...figure("page-p99-to-idle", busyPage / idlePage, "ratio"), goal: 1.5 },
  { ...figure("decoders-memory", Math.max(alone.memory, decoders), "MB PSS, peak"), goal: 250 },
  { ...figure("memory", tree, "MB PSS, peak, all processes"), goal: 400 },
];

const figure = (name: string, value: number, unit: string): Figure => ({
  name: `work.${name}`,
  value,
  unit,
  goal: null,
  better: "lower",
});
