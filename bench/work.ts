import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readRuntime } from "../src/runtime.ts";
import { largeCorpus } from "./corpus.ts";
import { drop, endDaemon, makeHome, removeHome, startDaemon, timeToGate } from "./daemon.ts";
import { startLooking } from "./decoders.ts";
import { type Figure, median, type Options, percentile, type Suite } from "./figures.ts";
import { multiply } from "./many.ts";
import { cpuMsOf, decodersPssOf, pssOf, watchMemory } from "./memory.ts";
import { ensurePrograms } from "./programs.ts";
import { stamped } from "./stamped.ts";

const PHOTOS = 24;
/** Look and daemon take turns, and the turn to go first: whatever else the machine does hits both. */
const ROUNDS = 3;
/** A set at the gate, which somebody reviews meanwhile. */
const AT_GATE = { sets: 1, photosASet: 200 };
const REVIEWED = "set-001";
/** A daemon that has just started compiles while it answers. */
const WARM_UP_MS = 3_000;
const IDLE_MS = 5_000;
const BETWEEN_REQUESTS_MS = 20;
const SAMPLE_MS = 100;

/**
 * The daemon at work on photos of 24 megapixels: what it adds to the look alone, with nobody asking for anything; and what a
 * page feels of it, which asks all the time and takes a good part of a core for that.
 */
export const work: Suite = {
  name: "work",
  prepare: ({ note }) => ensurePrograms(note),
  async measure(options) {
    const photos = await largeCorpus(Math.min(options.photos, PHOTOS), options);
    const rounds: Round[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      rounds.push(await roundOf(photos, round));
      options.note(`round ${round + 1} of ${ROUNDS}: ${rounds.slice(-1).map(sayRound).join("")}`);
    }
    return [...figuresOf(rounds), ...pageFigures(await pageAtWork(photos, options))];
  },
};

interface Spent {
  readonly ms: number;
  /** user and system time of all processes */
  readonly cpuMs: number;
}

interface Looked extends Spent {
  /** MB PSS of the decoders, peak */
  readonly memory: number;
}

interface Worked extends Spent {
  /** MB PSS, peaks */
  readonly decoders: number;
  readonly tree: number;
}

interface Round {
  /** with one photo in flight, and with as many as cores */
  readonly one: Looked;
  readonly all: Looked;
  readonly daemon: Worked;
}

async function roundOf(photos: readonly string[], round: number): Promise<Round> {
  const home = makeHome();
  try {
    const looks = join(home, "looks");
    const daemonFirst = round % 2 === 0;
    const before = daemonFirst ? await atWork(home, photos) : undefined;
    const all = await lookAlone(photos, looks, availableParallelism());
    const one = await lookAlone(photos, looks, 1);
    return { one, all, daemon: before ?? (await atWork(home, photos)) };
  } finally {
    removeHome(home);
  }
}

const sayRound = ({ one, all, daemon }: Round): string =>
  `look alone ${one.ms.toFixed(0)} ms one by one, ${all.ms.toFixed(0)} ms on all cores, daemon ${daemon.ms} ms; ` +
  `CPU ${all.cpuMs.toFixed(0)} and ${daemon.cpuMs} ms`;

async function lookAlone(photos: readonly string[], into: string, children: number): Promise<Looked> {
  const looking = await startLooking(children, into);
  await looking.lookAtAll(photos.slice(0, children));
  const endWatch = watchMemory(process.pid, decodersPssOf, SAMPLE_MS);
  const before = cpuMsOf(process.pid);
  const ms = await looking.lookAtAll(photos);
  const cpuMs = cpuMsOf(process.pid) - before;
  const memory = endWatch();
  looking.end();
  return { ms, cpuMs, memory };
}

async function atWork(home: string, photos: readonly string[]): Promise<Worked> {
  const daemon = await startDaemon(home);
  try {
    const watches = [decodersPssOf, pssOf].map((of) => watchMemory(daemon.pid, of, SAMPLE_MS));
    const before = cpuMsOf(daemon.pid);
    drop(home, "work", photos);
    const ms = await timeToGate(home, "work", photos.length);
    const cpuMs = cpuMsOf(daemon.pid) - before;
    const [decoders = 0, tree = 0] = watches.map((end) => end());
    return { ms, cpuMs, decoders, tree };
  } finally {
    await endDaemon(daemon);
  }
}

interface PageTimes {
  readonly idle: readonly number[];
  readonly busy: readonly number[];
}

async function pageAtWork(photos: readonly string[], { note }: Options): Promise<PageTimes> {
  const home = makeHome();
  try {
    await multiply(home, photos.slice(0, 1), AT_GATE);
    const daemon = await startDaemon(home);
    try {
      await pageTimes(home, sleep(WARM_UP_MS));
      const idle = await pageTimes(home, sleep(IDLE_MS));
      drop(home, "work", stampedCopies(photos, join(home, "photos")));
      const busy = await pageTimes(home, timeToGate(home, "work", photos.length));
      note(`${idle.length} answers idle, ${busy.length} at work`);
      return { idle, busy };
    } finally {
      await endDaemon(daemon);
    }
  } finally {
    removeHome(home);
  }
}

/** Each of them another photo, by content: one of them is at the gate already. */
function stampedCopies(photos: readonly string[], into: string): string[] {
  mkdirSync(into, { recursive: true });
  return photos.map((photo) => {
    const file = join(into, basename(photo));
    writeFileSync(file, stamped(readFileSync(photo), "another"));
    return file;
  });
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

function figuresOf(rounds: readonly Round[]): Figure[] {
  const over = (of: (round: Round) => number): number => median(rounds.map(of));
  const most = (of: (round: Round) => number): number => Math.max(...rounds.map(of));
  const wallToLook = over(({ daemon, all }) => daemon.ms / all.ms);
  const cpuToLook = over(({ daemon, all }) => daemon.cpuMs / all.cpuMs);
  const inFlight = over(({ one, all }) => one.ms / all.ms);
  const decoders = most(({ one, all, daemon }) => Math.max(one.memory, all.memory, daemon.decoders));
  return [
    { ...figure("wall-to-look", wallToLook, "ratio of wall"), goal: 1.25 },
    figure("cpu-to-look", cpuToLook, "ratio of CPU, settling included"),
    { ...figure("in-flight-1-to-all", inFlight, "ratio of wall"), goal: 1.7, better: "higher" },
    { ...figure("decoders-memory", decoders, "MB PSS, peak"), goal: 250 },
    {
      ...figure(
        "memory",
        most(({ daemon }) => daemon.tree),
        "MB PSS, peak, all processes",
      ),
      goal: 400,
    },
  ];
}

function pageFigures({ idle, busy }: PageTimes): Figure[] {
  const [atRest, atWork] = [percentile(idle, 0.99), percentile(busy, 0.99)];
  return [
    figure("page-median-idle", median(idle), "ms"),
    figure("page-median", median(busy), "ms"),
    figure("page-p99-idle", atRest, "ms"),
    figure("page-p99", atWork, "ms"),
    { ...figure("page-p99-to-idle", atWork / atRest, "ratio"), goal: 1.5 },
  ];
}

const figure = (name: string, value: number, unit: string): Figure => ({
  name: `work.${name}`,
  value,
  unit,
  goal: null,
  better: "lower",
});
