/** Simulated time: whoever sets a timer meanwhile waits for it here. */
import { setImmediate as turn } from "node:timers/promises";
import type { Millis } from "../../../src/domain/words.ts";

export interface Timeline {
  now(): Millis;
  in(ms: Millis, call: () => void): void;
  sleep(ms: Millis): Promise<void>;
  /** Lets everything happen up to then, in order. */
  runTo(end: Millis): Promise<void>;
  /** gives the timers of this process back */
  stop(): void;
}

interface Due {
  readonly at: Millis;
  readonly order: number;
  readonly call: () => void;
  isOff: boolean;
}

/** Takes over `setTimeout` and `clearTimeout` of this process until it is stopped. */
export function startTimeline(): Timeline {
  const real = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout };
  const queue: Due[] = [];
  let now = 0;
  let order = 0;

  const set = (call: () => void, ms = 0): Due => {
    order += 1;
    const due = { at: now + Math.max(0, ms), order, call, isOff: false };
    const index = queue.findLastIndex((other) => other.at < due.at || (other.at === due.at && other.order < due.order));
    queue.splice(index + 1, 0, due);
    return due;
  };
  const clear = (due: Due | undefined): void => {
    if (due !== undefined) due.isOff = true;
  };
  Reflect.set(globalThis, "setTimeout", set);
  Reflect.set(globalThis, "clearTimeout", clear);

  return {
    now: () => now,
    in(ms, call) {
      set(call, ms);
    },
    sleep: (ms) => new Promise((resolve) => void set(resolve, ms)),
    async runTo(end) {
      // What was promised before the first timer comes first.
      await turn();
      for (let due = queue[0]; due !== undefined && due.at <= end; due = queue[0]) {
        queue.shift();
        if (due.isOff) continue;
        now = due.at;
        due.call();
        await turn();
      }
      now = end;
    },
    stop() {
      Object.assign(globalThis, real);
    },
  };
}
