import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { Misspelt, Speller } from "../domain/spelling-marks.ts";
import { MINUTE, type Millis, SECOND } from "../domain/words.ts";

export interface EndableSpeller extends Speller {
  close(): Promise<void>;
}

const WORKER = fileURLToPath(
  new URL(import.meta.url.endsWith(".ts") ? "./spelling-worker.ts" : "./spelling-worker.js", import.meta.url),
);
/** The dictionaries take some 80 MB: nobody who is not writing keeps them in memory. */
const IDLE_MS = 2 * MINUTE;
/** What the rules say must not wait for the dictionaries: whoever asks again has the answer then. */
const PATIENCE_MS = SECOND / 4;

const LONGEST_END_MS: Millis = 5 * SECOND;

/** A thread that is broken off while it loads can take the whole process along: it is asked to end, and made to only then. */
async function ended(worker: Worker): Promise<void> {
  worker.ref();
  const gone = once(worker, "exit");
  worker.postMessage("end");
  const late = new AbortController();
  const end = await Promise.race([gone, sleep(LONGEST_END_MS, undefined, { signal: late.signal })]);
  late.abort();
  if (end === undefined) await worker.terminate();
}

/** An English speller in a thread of its own, which is started by the first question and ended when none has come for long. */
export function startSpeller(idleMs: Millis = IDLE_MS, patienceMs: Millis = PATIENCE_MS): EndableSpeller {
  let worker: Worker | undefined;
  let idle: NodeJS.Timeout | undefined;
  let last = 0;
  const waiting = new Map<number, (unknown: readonly Misspelt[] | undefined) => void>();

  const end = async (): Promise<void> => {
    clearTimeout(idle);
    const ending = worker;
    worker = undefined;
    for (const answer of waiting.values()) answer([]);
    waiting.clear();
    if (ending !== undefined) await ended(ending);
  };
  const started = (): Worker => {
    const own = new Worker(WORKER);
    // It must not keep a daemon alive that wants to end.
    own.unref();
    own.on("message", ({ id, unknown }: { readonly id: number; readonly unknown: readonly Misspelt[] }) => {
      waiting.get(id)?.(unknown);
    });
    // Without its dictionaries nothing is marked.
    own.on("error", () => {
      if (worker === own) void end();
    });
    return own;
  };

  return {
    unknown(words) {
      worker ??= started();
      clearTimeout(idle);
      idle = setTimeout(() => void end(), idleMs);
      idle.unref();
      last += 1;
      const id = last;
      return new Promise((resolve) => {
        const patience = setTimeout(() => waiting.get(id)?.(undefined), patienceMs);
        waiting.set(id, (unknown) => {
          clearTimeout(patience);
          waiting.delete(id);
          resolve(unknown);
        });
        worker?.postMessage({ id, words });
      });
    },
    close: end,
  };
}
