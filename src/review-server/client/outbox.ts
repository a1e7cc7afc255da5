import type { Op, OpResult } from "../../domain/review.ts";
import { keep, takeKept } from "./kept.ts";
import { post, postAndLeave, Refused, Unreachable } from "./server.ts";

/** An op on its way. An approval of words that are on their way too is bound to them once the server has them. */
export interface Entry {
  readonly op: Op;
  /** the words on the screen when it was approved; only where there is no hash of them yet */
  readonly shown?: string;
}

export type SaveState =
  | { readonly kind: "saved" }
  | { readonly kind: "saving"; readonly count: number }
  | { readonly kind: "kept"; readonly count: number; readonly why: string };

export interface OutboxHost {
  /** brings the rows up to date. @throws Unreachable, Refused */
  refresh(): Promise<void>;
  /** @returns the hash of these words, if they are what the server has now */
  hashOf(photo: number, shown: string): string | null;
  /** All of one answer at once: drawn one by one, those that come later would look undone. */
  taken(entries: readonly (readonly [entry: Entry, rev: number])[]): void;
  /** @param code of the fault; undefined where there is none */
  refused(entry: Entry, why: string, code?: string): void;
  /** approvals by screen are about to go out. @throws Unreachable, Refused */
  screened(): Promise<void>;
  changed(state: SaveState): void;
}

export interface Outbox {
  readonly entries: readonly Entry[];
  add(entries: readonly Entry[]): void;
  /** Sends everything now. @returns whether everything got through */
  flush(): Promise<boolean>;
  /** the page is going away */
  leave(): void;
}

const EVERY_MS = 250;
/** As many are sent at once rather than waited for. */
const BATCH = 20;
/** As many go in one request, and as many bytes: less than the server takes. */
const MOST = 500;
const MOST_BYTES = 200_000;
/** So many are kept after they were drawn and not before: a crash of the browser loses a quarter of a second at most. */
const MANY = 100;
const RETRY_MS = [1_000, 2_000, 5_000, 10_000];

/** Keeps ops until the server has answered them, and sends them in order, in small batches, again and again. */
export function outboxFor(set: string, client: string, host: OutboxHost): Outbox {
  const address = `/api/sets/${encodeURIComponent(set)}/ops`;
  let queue: readonly Entry[] = takeKept<Entry>(set);
  let running: Promise<void> | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  let limit = MOST;
  let keeping: ReturnType<typeof setTimeout> | undefined;

  const keepNow = (): void => {
    clearTimeout(keeping);
    keeping = undefined;
    keep(set, client, queue);
  };
  const put = (entries: readonly Entry[]): void => {
    queue = entries;
    if (queue.length < MANY) keepNow();
    else keeping ??= setTimeout(keepNow, EVERY_MS);
  };
  const saving = (): void =>
    host.changed(queue.length === 0 ? { kind: "saved" } : { kind: "saving", count: queue.length });
  const schedule = (inMs: number): void => {
    clearTimeout(timer);
    timer = setTimeout(pump, inMs);
  };

  /** What may go out together: up to an approval that is not bound yet, or a second edit of one field. */
  const sendable = (most: number): readonly Entry[] => {
    const fields = new Set<string>();
    let bytes = 0;
    const end = queue.findIndex(({ op, shown }, i) => {
      const field = `${op.photo} ${op.field}`;
      const isSecond = op.field !== "verdict" && fields.has(field);
      fields.add(field);
      bytes += i < most ? bytesOf(op) : 0;
      return i >= most || shown !== undefined || isSecond || (bytes > MOST_BYTES && i > 0);
    });
    return end === -1 ? queue : queue.slice(0, end);
  };

  const bindFirst = async (): Promise<void> => {
    await host.refresh();
    const [first, ...rest] = queue;
    if (first?.shown === undefined) return;
    const seen = host.hashOf(first.op.photo, first.shown);
    if (seen !== null) {
      put([{ op: { ...first.op, seen } }, ...rest]);
      return;
    }
    put(rest);
    host.refused(first, "It is not what was on screen any more. Look at it again, then decide.");
  };

  /** @param batch the first of the queue: others only come behind them */
  const settle = (batch: readonly Entry[], results: readonly OpResult[]): void => {
    const answers = new Map(results.map((result) => [result.id, result]));
    const revs = revisionsIn(batch, answers);
    // Our own edits are no reason to refuse our next one.
    put(queue.slice(batch.length).map((entry) => rebased(entry, revs.get(entry.op.photo))));
    const refused: [Entry, string, string?][] = [];
    const taken: [Entry, number][] = [];
    for (const entry of batch) {
      const answer = answers.get(entry.op.id);
      if (answer?.ok === true) taken.push([entry, answer.rev]);
      else if (answer === undefined) refused.push([entry, "The server said nothing about it."]);
      else refused.push([entry, `${answer.message}. ${answer.remedy}`, answer.code]);
    }
    host.taken(taken);
    for (const [entry, why, code] of refused) host.refused(entry, why, code);
  };

  const sendOnce = async (): Promise<void> => {
    const batch = sendable(limit);
    if (batch.length === 0) return bindFirst();
    try {
      if (batch.some(({ op }) => op.screen)) await host.screened();
      const { results } = await post<{ results: OpResult[] }>(address, { ops: batch.map(({ op }) => op) });
      limit = Math.min(MOST, limit * 2);
      settle(batch, results);
    } catch (failure) {
      if (!(failure instanceof Refused) || failure.status === 401 || failure.status === 403) throw failure;
      // One bad op must not hold up the others: they go in halves, until it is found.
      if (batch.length > 1 && failure.status !== 404) limit = Math.floor(batch.length / 2);
      else {
        put(queue.slice(batch.length));
        for (const entry of batch) host.refused(entry, failure.message);
      }
    }
  };

  const run = async (): Promise<void> => {
    clearTimeout(timer);
    try {
      while (queue.length > 0) {
        saving();
        await sendOnce();
      }
      failures = 0;
      saving();
      await host.refresh();
    } catch (failure) {
      const again = RETRY_MS[Math.min(failures, RETRY_MS.length - 1)] ?? 10_000;
      failures += 1;
      if (queue.length > 0) host.changed({ kind: "kept", count: queue.length, why: reason(failure) });
      schedule(again);
    }
  };
  const pump = (): Promise<void> => {
    running ??= run().finally(() => {
      running = undefined;
      // Something was added while the last rows were on their way.
      if (queue.length > 0 && failures === 0) schedule(0);
    });
    return running;
  };

  if (queue.length > 0) {
    keep(set, client, queue);
    schedule(0);
  }
  return {
    get entries() {
      return queue;
    },
    add(entries) {
      put([...queue, ...entries]);
      saving();
      if (failures === 0) schedule(queue.length >= BATCH ? 0 : EVERY_MS);
      else host.changed({ kind: "kept", count: queue.length, why: "photogate is not answering" });
    },
    async flush() {
      await running;
      await pump();
      return queue.length === 0;
    },
    leave() {
      keepNow();
      // A browser takes 64 KB along when it leaves, and nothing of what is more.
      const batch = sendable(BATCH);
      if (batch.length > 0) postAndLeave(address, { ops: batch.map(({ op }) => op) });
    },
  };
}

const encoder = new TextEncoder();
const bytesOf = (op: Op): number => encoder.encode(JSON.stringify(op)).length;

/** The newest revision of each photo that ops of a batch led to. */
function revisionsIn(batch: readonly Entry[], answers: ReadonlyMap<string, OpResult>): ReadonlyMap<number, number> {
  const revs = new Map<number, number>();
  for (const { op } of batch) {
    const answer = answers.get(op.id);
    if (answer?.ok === true) revs.set(op.photo, Math.max(revs.get(op.photo) ?? 0, answer.rev));
  }
  return revs;
}

const rebased = (entry: Entry, rev: number | undefined): Entry =>
  rev === undefined ? entry : { ...entry, op: { ...entry.op, baseRev: Math.max(entry.op.baseRev, rev) } };

const reason = (failure: unknown): string =>
  failure instanceof Unreachable || failure instanceof Refused ? failure.message : "something failed on this page";
