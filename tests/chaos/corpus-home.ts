/** A drop into the real daemon: what became of every file, and how the daemon bore it. */
import { mkdirSync, readFileSync, renameSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { commandOf, processesOf, pssOf, residentPeakOf } from "../../bench/memory.ts";
import type { Facts } from "../../src/domain/facts.ts";
import { codeOf } from "../../src/domain/fault.ts";
import { english } from "../../src/language/english.ts";
import { openForReading } from "../../src/store/database.ts";
import { STORE_FILE, storeOn } from "../../src/store/store.ts";
import type { CorpusFile } from "../fixtures/corpus/corpus.ts";
import { Away, CardsSchema, clientOf } from "./client.ts";
import { type DaemonProcess, startPlain } from "./daemon-process.ts";

/** What became of one file. */
export interface Fate {
  readonly file: string;
  readonly facts: Partial<Facts>;
  readonly cull: { readonly code: string; readonly why: string } | null;
  /** the preview on disk, byte for byte; undefined if there is none */
  readonly preview: Buffer | undefined;
}

export interface Bearing {
  /** the largest a single process became, in MB */
  readonly largestProcessMb: number;
  /** daemon and children together, shared pages counted once, in MB */
  readonly togetherMb: number;
  /** decoder processes that were ever seen */
  readonly decoders: number;
  /** lines of the log that speak of errors, and of the crash log */
  readonly errors: readonly string[];
  readonly ended: number | NodeJS.Signals;
  readonly seconds: number;
}

export interface Dropped {
  readonly fates: ReadonlyMap<string, Fate>;
  readonly bearing: Bearing;
}

export const DECODERS = 2;
const DECODER = join("imaging", "child.js");

const SETTINGS = {
  settle: { quietSeconds: 1, patienceSeconds: 1, rescanSeconds: 5 },
  look: { children: DECODERS },
  review: { port: 0, openBrowser: false },
};

const SET = "2026-10 Gulls, Texel";
/** The same for all: what is compared must not depend on when it was dropped. */
const WRITTEN_SECONDS = 1_790_000_000;
const POLL_MS = 250;
const WATCH_MS = 100;
/** Without a photo more at the gate or left out for this long, nothing moves any more. */
const STANDSTILL_MS = 120_000;

export async function dropInto(home: string, build: string, files: readonly CorpusFile[]): Promise<Dropped> {
  const arriving = join(home, "arriving", SET);
  mkdirSync(arriving, { recursive: true });
  for (const { name, bytes } of files) {
    writeFileSync(join(arriving, name), bytes);
    utimesSync(join(arriving, name), WRITTEN_SECONDS, WRITTEN_SECONDS);
  }
  mkdirSync(join(home, "inbox"));
  renameSync(arriving, join(home, "inbox", SET));
  writeFileSync(join(home, "photogate.jsonc"), JSON.stringify(SETTINGS));

  const began = performance.now();
  const daemon = startPlain(build, home);
  const watched = watch(daemon.pid);
  try {
    await atGate(home, daemon, files.length);
  } finally {
    watched.stop();
    daemon.askToStop();
  }
  const ended = await daemon.ended;
  return {
    fates: fatesOf(home),
    bearing: { ...watched, errors: errorsOf(home), ended, seconds: (performance.now() - began) / 1000 },
  };
}

/** @throws if the daemon ends, or nothing moves any more */
async function atGate(home: string, daemon: DaemonProcess, photos: number): Promise<void> {
  const client = clientOf(home, () => undefined);
  let moved = { at: performance.now(), working: photos };
  for (;;) {
    const [card] = (await client.get(CardsSchema, "/api/sets").catch(unlessAway))?.sets ?? [];
    if (card?.hold) throw new Error(`the set is held: ${card.hold.code} ${card.hold.why}`);
    if (card?.state === "ready" && card.counts.photos === photos && card.counts.working === 0) return;
    if (daemon.hasEnded()) throw new Error(`the daemon ended with ${await daemon.ended}: ${daemon.words()}`);
    const working = card?.counts.working ?? photos;
    if (working !== moved.working) moved = { at: performance.now(), working };
    if (performance.now() - moved.at > STANDSTILL_MS)
      throw new Error(`nothing moves; last seen: ${JSON.stringify(card)} ${daemon.words()}`);
    await sleep(POLL_MS);
  }
}

function unlessAway(failure: unknown): undefined {
  if (!(failure instanceof Away)) throw failure;
}

interface Watched extends Pick<Bearing, "largestProcessMb" | "togetherMb" | "decoders"> {
  stop(): void;
}

function watch(root: number): Watched {
  const decoders = new Set<number>();
  let [largestProcessMb, togetherMb] = [0, 0];
  const timer = setInterval(() => {
    for (const pid of processesOf(root)) {
      if (commandOf(pid).includes(DECODER)) decoders.add(pid);
      largestProcessMb = Math.max(largestProcessMb, residentPeakOf(pid));
    }
    togetherMb = Math.max(togetherMb, pssOf(root));
  }, WATCH_MS);
  return {
    stop: () => clearInterval(timer),
    get largestProcessMb() {
      return largestProcessMb;
    },
    get togetherMb() {
      return togetherMb;
    },
    get decoders() {
      return decoders.size;
    },
  };
}

function fatesOf(home: string): Map<string, Fate> {
  const database = openForReading(join(home, "data", STORE_FILE));
  try {
    const { sets } = storeOn(database, english());
    const photos = sets.all().flatMap(({ id }) => {
      const culls = sets.culls(id);
      return sets.photos(id).map(({ id: photo, dir, facts, source }): Fate => {
        const file = basename(source.path);
        const preview = facts.look && bytesOf(join(dir, facts.look.previews.large.file));
        return { file, facts, cull: culls.get(photo) ?? null, preview };
      });
    });
    return new Map(photos.map((fate) => [fate.file, fate]));
  } finally {
    database.close();
  }
}

function bytesOf(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (failure) {
    if (codeOf(failure) === "ENOENT") return undefined;
    throw failure;
  }
}

const ERROR_LEVEL = 50;

function errorsOf(home: string): string[] {
  const lines = linesOf(join(home, "logs", "latest.log")).filter((line) => levelOf(line) >= ERROR_LEVEL);
  return [...lines, ...linesOf(join(home, "logs", "crashes.log"))];
}

const linesOf = (path: string): string[] =>
  statSync(path, { throwIfNoEntry: false }) === undefined ? [] : readFileSync(path, "utf8").split("\n").filter(Boolean);

function levelOf(line: string): number {
  const read: unknown = JSON.parse(line);
  return typeof read === "object" && read !== null && "level" in read ? Number(read.level) : ERROR_LEVEL;
}
