/**
 * The process that reads one inbox. It may hang with its share, or die with its card: the daemon goes on. One for each root;
 * it ends when its parent does.
 */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { type FSWatcher, watch } from "chokidar";
import { codeOf, Fault, messageOf } from "../domain/fault.ts";
import { HEAD_BYTES, hasProvenEnd, structureFlaw, TAIL_BYTES } from "../domain/formats.ts";
import { SECOND } from "../domain/words.ts";
import { durableWrite, looksOf } from "../files.ts";
import { durableCopy, readEnds, readSource, removeOriginal } from "../originals.ts";
import { isPruned, MARKER_FILE } from "./drop.ts";
import { type Entry, listingsOf, type News } from "./listing.ts";
import type {
  Ask,
  Examined,
  FromScanner,
  Listed,
  ListingPiece,
  RootSeen,
  TaskName,
  Tasks,
  ToScanner,
  Trouble,
} from "./messages.ts";
import { isNetworkFolder, markerIn, writersOf } from "./probe.ts";
import { whyAway, whyDeaf } from "./why.ts";

const root = process.argv[2] ?? "";
const underway = new Map<number, AbortController>();

process.on("disconnect", () => process.exit(0));
process.on("message", (message: ToScanner) => {
  if (message.kind === "cancel") underway.get(message.id)?.abort();
  else void serve(message.id, message.ask);
});

function say(message: FromScanner): void {
  if (process.connected) process.send?.(message);
}

async function serve(id: number, ask: Ask): Promise<void> {
  const abort = new AbortController();
  underway.set(id, abort);
  try {
    say({ kind: "done", id, answer: await perform(ask, { signal: abort.signal, alive: aliveOn(id) }) });
  } catch (failure) {
    say({ kind: "failed", id, code: failure instanceof Fault ? failure.code : null, message: messageOf(failure) });
  } finally {
    underway.delete(id);
  }
}

interface Course {
  readonly signal: AbortSignal;
  /** to be called whenever something moved */
  readonly alive: () => void;
}

/** Says at most once a second that the task moves on. */
function aliveOn(id: number): () => void {
  let said = performance.now();
  return () => {
    if (performance.now() - said < SECOND) return;
    said = performance.now();
    say({ kind: "alive", id });
  };
}

async function perform(ask: Ask, course: Course): Promise<Tasks[TaskName]["answer"]> {
  switch (ask.kind) {
    case "watch":
      return startWatching();
    case "list":
      return listing(ask.fresh, course);
    case "root":
      return rootNow();
    case "peek":
      return hasChanged();
    case "examine":
      return examineAll(ask.paths, course);
    case "writers":
      return writersOf(ask.paths);
    case "text":
      return readFileSync(ask.path, "utf8");
    case "mark":
      return mark(ask.marker);
    case "ends":
      return readEnds(ask.path, ask.head, ask.tail);
    case "copy":
      return durableCopy(ask.source, ask.target, course.signal, undefined, course.alive);
    case "looks":
      return (await looksOf(ask.path)) ?? null;
    case "remove":
      return removeOriginal(ask.original, ask.copy, ask.sha256, course.signal, course.alive);
  }
}

let news = listingsOf(root, isPruned);
let folders: readonly Pick<Entry, "path" | "mtimeMs">[] = [];

async function listing(fresh: boolean, { alive }: Course): Promise<Listed> {
  if (fresh) news = listingsOf(root, isPruned);
  let now: RootSeen;
  let found: News;
  try {
    found = news(alive);
    // Asked afterwards: a card that is pulled out meanwhile has not lost its files.
    now = seenRoot();
    folders = [{ path: root, mtimeMs: statSync(root).mtimeMs }, ...found.folders];
  } catch (failure) {
    return { root: null, trouble: rootTrouble(failure) };
  }
  found.keep();
  const { seen, gone } = found;
  if (gone.length > 0) await tell({ seen: [], gone });
  for (let from = 0; from < seen.length; from += PIECE) await tell({ seen: seen.slice(from, from + PIECE), gone: [] });
  // Nothing is asked for a minute now, and a process that does nothing collects nothing.
  globalThis.gc?.();
  return { root: now, trouble: null };
}

/** So many entries are told of at a time. */
const PIECE = 1_000;

const tell = (piece: ListingPiece): Promise<void> =>
  new Promise((resolve) => {
    if (process.connected) process.send?.({ kind: "piece", piece } satisfies FromScanner, () => resolve());
  });

/** A root that is there but shut is no card that was pulled out: waiting for it is no use. */
function rootTrouble(failure: unknown): Trouble {
  const isDenied = codeOf(failure) === "EACCES" || codeOf(failure) === "EPERM";
  return { code: isDenied ? "inbox.unreadable" : "inbox.offline", why: whyAway(root, failure) };
}

function seenRoot(): RootSeen {
  const { dev, ino } = statSync(root);
  return { device: String(dev), folder: String(ino), marker: markerIn(root), isNetwork: isNetworkFolder(root) };
}

function rootNow(): Tasks["root"]["answer"] {
  try {
    return { root: seenRoot(), isEmpty: readdirSync(root).length === 0 };
  } catch {
    return null;
  }
}

/** Cheaper than a listing: a new name in a folder changes the folder. */
async function hasChanged(): Promise<boolean> {
  for (const { path, mtimeMs } of folders) {
    const now = await stat(path).catch(() => undefined);
    if (now?.mtimeMs !== mtimeMs) return true;
  }
  return folders.length === 0;
}

async function examineAll(paths: readonly string[], course: Course): Promise<Examined[]> {
  const found: Examined[] = [];
  for (const path of paths) {
    course.signal.throwIfAborted();
    found.push(await examine(path, course));
    course.alive();
  }
  return found;
}

const ENDS = { head: HEAD_BYTES, tail: TAIL_BYTES };

async function examine(path: string, { signal, alive }: Course): Promise<Examined> {
  try {
    const { bytes, mtimeMs, head, tail, sha256 } = await readSource(path, ENDS, signal, alive);
    const flaw = bytes === 0 ? "zeros" : (structureFlaw(head, tail, bytes) ?? null);
    const proven = flaw === null && hasProvenEnd(head, tail, bytes);
    return { path, bytes, mtimeMs, flaw, hasProvenEnd: proven, sha256: bytes === 0 ? null : sha256, fault: null };
  } catch (failure) {
    signal.throwIfAborted();
    return {
      path,
      bytes: 0,
      mtimeMs: 0,
      flaw: null,
      hasProvenEnd: false,
      sha256: null,
      fault: fileTrouble(path, failure),
    };
  }
}

/** Whatever a file answers with, the ones beside it are examined too. */
const fileTrouble = (path: string, failure: unknown): Trouble =>
  failure instanceof Fault
    ? { code: failure.code, why: failure.message }
    : { code: "photo.read-error", why: `${path}: ${messageOf(failure)}` };

async function mark(marker: string): Promise<boolean> {
  try {
    await durableWrite(join(root, MARKER_FILE), `${marker}\n`);
    return true;
  } catch {
    // A card with its lock on, a share we may only read: then it is known by its device alone.
    return false;
  }
}

let watcher: FSWatcher | undefined;

/**
 * Events only say "look". Chokidar is told to leave the files alone and to follow the folders: their raw events are all
 * that is needed, and ten thousand files cost nothing.
 */
async function startWatching(): Promise<null> {
  await watcher?.close();
  watcher = watch(root, {
    ignoreInitial: true,
    followSymlinks: false,
    awaitWriteFinish: false,
    persistent: true,
    ignored: (_, stats) => stats?.isFile() === true,
  });
  watcher.on("raw", () => say({ kind: "hint" }));
  watcher.on("all", () => say({ kind: "hint" }));
  watcher.on("error", (why) => say({ kind: "deaf", why: whyDeaf(why) }));
  return null;
}
