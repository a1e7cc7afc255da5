import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { Fault } from "../domain/fault.ts";
import { type Millis, SECOND } from "../domain/words.ts";
import type { Entry } from "./listing.ts";
import type { Ask, FromScanner, ListingPiece, RootSeen, TaskName, Tasks, ToScanner, Trouble } from "./messages.ts";

export interface ReaderOptions {
  /** absolute folder everything is read below */
  readonly root: string;
  /** all the child gets to see of our environment */
  readonly environment: Readonly<Record<string, string>>;
  /** a task that does not move for this long has hung with its disk or share; 15 s if not said */
  readonly stallMs?: Millis;
  /** the process is ended when nothing was asked of it for this long; never if not said */
  readonly idleMs?: Millis;
}

export interface Listing {
  /** undefined if the root cannot be listed */
  readonly root: RootSeen | undefined;
  /** why it cannot */
  readonly trouble: Trouble | null;
  readonly entries: ReadonlyMap<string, Entry>;
  readonly changed: boolean;
  /** something that was there may be there no longer */
  readonly hasLost: boolean;
}

/** Reads one root in a process of its own, so that what hangs or dies with it costs nobody else. */
export interface Reader {
  readonly root: string;
  list(): Promise<Listing>;
  /**
   * @throws Fault inbox.not-answering when the task does not move; the process is then given up and another one is started
   *   once the system lets go of it
   */
  ask<K extends TaskName>(ask: Extract<Ask, { kind: K }>, signal?: AbortSignal): Promise<Tasks[K]["answer"]>;
  /** hears hints and deafness; one listener */
  onPush(listener: (push: Push) => void): void;
  close(): void;
}

export type Push =
  | { readonly kind: "hint" }
  | { readonly kind: "deaf"; readonly why: string }
  | { readonly kind: "gone" };

const STALL_MS = 15 * SECOND;
const SCANNER = fileURLToPath(
  new URL(import.meta.url.endsWith(".ts") ? "./scanner.ts" : "./scanner.js", import.meta.url),
);

// Thousands of short-lived entries a listing: a small young generation keeps the process at half the size.
const FLAGS = ["--max-semi-space-size=1", "--max-old-space-size=256", "--optimize-for-size", "--expose-gc"];
const ALLOCATOR = { MALLOC_ARENA_MAX: "2" };

interface Pending {
  readonly kind: TaskName;
  heardAt: Millis;
  readonly settle: (end: FromScanner | Error) => void;
}

export function startReader(options: ReaderOptions): Reader {
  const { root } = options;
  const stallMs = options.stallMs ?? STALL_MS;
  const pending = new Map<number, Pending>();
  let listener: (push: Push) => void = () => undefined;
  let child: ChildProcess | undefined;
  let isGivenUp = false;
  let watchdog: NodeJS.Timeout | undefined;
  let idle: NodeJS.Timeout | undefined;
  let lastId = 0;
  let closed = false;
  let entries = new Map<string, Entry>();
  let isFresh = true;
  /** what a listing has told of so far */
  let listed = entries;
  let news = { seen: 0, gone: 0 };

  const failAll = (why: Error): void => {
    for (const one of pending.values()) one.settle(why);
  };
  const notAnswering = (what: string): Fault =>
    new Fault("inbox.not-answering", `${root} does not answer: ${what} has not moved for ${stallMs / SECOND} s`);

  const watchOver = (): void => {
    const now = performance.now();
    const stuck = [...pending.values()].find(({ heardAt }) => now - heardAt > stallMs);
    if (stuck === undefined) return;
    // Killed, but perhaps not dead before the share answers: no second process is sent after it.
    isGivenUp = true;
    child?.kill("SIGKILL");
    failAll(notAnswering(stuck.kind));
  };

  const hear = (message: FromScanner): void => {
    if (message.kind === "hint" || message.kind === "deaf") listener(message);
    else if (message.kind === "piece") apply(message.piece);
    else if (message.kind === "alive") touch(message.id);
    else pending.get(message.id)?.settle(message);
  };
  const apply = ({ seen, gone }: ListingPiece): void => {
    for (const path of gone) listed.delete(path);
    for (const entry of seen) listed.set(entry.path, entry);
    news.seen += seen.length;
    news.gone += gone.length;
  };
  // One process serves them all: as long as one task moves, none of them is stuck behind a dead disk.
  const touch = (id: number): void => {
    if (!pending.has(id)) return;
    const now = performance.now();
    for (const one of pending.values()) one.heardAt = now;
  };

  const start = (): ChildProcess => {
    const started = fork(SCANNER, [root], {
      env: { ...options.environment, ...ALLOCATOR },
      execArgv: FLAGS,
      serialization: "advanced",
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    isFresh = true;
    started.on("message", hear);
    const ended = (why: string): void => {
      if (child !== started) return;
      child = undefined;
      isGivenUp = false;
      failAll(new Fault("inbox.not-answering", `the process that reads ${root} ended (${why})`));
      if (!closed) listener({ kind: "gone" });
    };
    started.on("error", (failure) => ended(failure.message));
    started.on("exit", (code, signal) => ended(signal ?? `code ${code}`));
    return started;
  };

  const ask = <K extends TaskName>(
    task: Extract<Ask, { kind: K }>,
    signal?: AbortSignal,
  ): Promise<Tasks[K]["answer"]> =>
    new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      if (closed) throw new Error(`the reader of ${root} is closed`);
      if (isGivenUp) throw notAnswering("what was asked before");
      child ??= start();
      const to = child;
      lastId += 1;
      const id = lastId;
      const tell = (message: ToScanner): void => {
        if (to.connected) to.send(message);
      };
      const cancel = (): void => {
        tell({ kind: "cancel", id });
        finish();
        reject(signal?.reason);
      };
      const finish = (): void => {
        pending.delete(id);
        signal?.removeEventListener("abort", cancel);
        if (pending.size > 0) return;
        clearInterval(watchdog);
        watchdog = undefined;
        if (options.idleMs !== undefined) idle = setTimeout(() => to.kill("SIGKILL"), options.idleMs);
      };
      clearTimeout(idle);
      pending.set(id, {
        kind: task.kind,
        heardAt: performance.now(),
        settle(end) {
          finish();
          if (end instanceof Error) reject(end);
          else if (end.kind === "failed") reject(failureOf(end));
          // Our own process, from our own build: its answers are what `Tasks` says.
          else if (end.kind === "done") resolve(end.answer as Tasks[K]["answer"]);
        },
      });
      signal?.addEventListener("abort", cancel, { once: true });
      watchdog ??= setInterval(watchOver, Math.min(SECOND, stallMs / 2));
      tell({ kind: "do", id, ask: task });
    });

  return {
    root,
    ask,
    async list() {
      const fresh = isFresh;
      listed = fresh ? new Map() : entries;
      news = { seen: 0, gone: 0 };
      const { root: seenRoot, trouble } = await ask({ kind: "list", fresh });
      if (seenRoot === null) return { root: undefined, trouble, entries, changed: false, hasLost: false };
      isFresh = false;
      entries = listed;
      const hasLost = fresh || news.gone > 0;
      return { root: seenRoot, trouble: null, entries, changed: hasLost || news.seen > 0, hasLost };
    },
    onPush(to) {
      listener = to;
    },
    close() {
      closed = true;
      clearInterval(watchdog);
      clearTimeout(idle);
      child?.kill("SIGKILL");
      failAll(new Error(`the reader of ${root} is closed`));
    },
  };
}

const failureOf = ({ code, message }: Extract<FromScanner, { kind: "failed" }>): Error =>
  code === null ? new Error(message) : new Fault(code, message);
