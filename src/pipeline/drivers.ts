import type { Description } from "../domain/context.ts";
import type { StageName } from "../domain/facts.ts";
import { codeOf, Fault, messageOf } from "../domain/fault.ts";
import type { LoadedPhoto } from "../domain/photo.ts";
import type { Originals } from "../domain/ports.ts";
import { type Millis, type PhotoId, SECOND, type SetId } from "../domain/words.ts";
import { ROLLING_BACK } from "../store/checkpoints.ts";
import type { Hand } from "../store/gestures.ts";
import type { Store } from "../store/store.ts";
import { type ClearPlan, clearSet, planClear, restorePhoto } from "./clear.ts";
import { type Corrections, type CorrectTools, correctionsWith } from "./correct.ts";
import { describe } from "./describe.ts";
import { type DriveEnd, type DriveTools, driveSet, WHOLE_SET } from "./drive.ts";
import { decide } from "./retry.ts";
import { rewind, rollBack } from "./rewind.ts";
import { type SplitWish, split } from "./split.ts";

export interface DriversTools extends DriveTools {
  readonly store: Pick<
    Store,
    "sets" | "checkpoints" | "intake" | "clearings" | "descriptions" | "splits" | "names" | "desk"
  >;
  /** the stages, but that names are given out on paper only and some photos have no words yet */
  readonly onPaper: CorrectTools["onPaper"];
  /** originals of a set that are not where they were */
  readonly gone: (set: SetId) => Promise<readonly string[]>;
  /** roll a set back by itself when it is held for a reason that time does not cure */
  readonly rollBackOnFault: boolean;
  /** looks at files in inboxes */
  readonly looks: Originals["looks"];
  /** is there an archive that originals could go to? */
  readonly hasArchive: boolean;
}

/** A person's wish to have the working copies of a set removed. */
export interface ClearWish {
  readonly moveOriginals: boolean;
  readonly by: string;
}

/** One driver a set, at most: woken when there may be something to do, asleep at the gate. */
export interface Drivers {
  wake(set: SetId): void;
  /** lifts the hold of a set and wakes it */
  retry(set: SetId): void;
  rewind(set: SetId, to: StageName, photos?: readonly PhotoId[]): Promise<void>;
  rollBack(set: SetId): Promise<void>;
  /** takes a person's word about a set, and the set back to where that is read */
  describe(set: SetId, said: Description, hand: Hand): Promise<void>;
  /** makes some photos of a set one of its own. @returns the new set */
  split(set: SetId, wish: SplitWish, hand: Hand): Promise<SetId>;
  /** shows what a correction comes to; nothing is written */
  proposeCorrection: Corrections["propose"];
  /** @returns the photos it touched */
  takeCorrection(...taken: Parameters<Corrections["take"]>): Promise<readonly PhotoId[]>;
  /** brings what is released and cannot be published back to the gate, where it can be changed */
  reopen(set: SetId): Promise<void>;
  /** what clearing a set would do */
  planClear(set: SetId): Promise<ClearPlan>;
  /** Takes the wish in; the driver does the rest. @returns what it comes to */
  clear(set: SetId, wish: ClearWish): Promise<ClearPlan>;
  /** lets a photo of a cleared set be worked on again */
  restore(photo: LoadedPhoto): void;
  takeBack(set: SetId, photo: PhotoId): void;
  /** is nothing under way? */
  isIdle(): boolean;
  /** takes no new work, waits for what has begun */
  stop(): Promise<void>;
}

const STORE_RETRY_MS = 15 * SECOND;

interface Running {
  readonly abort: AbortController;
  readonly done: Promise<void>;
  again: boolean;
}

export function startDrivers(tools: DriversTools): Drivers {
  const { store, clock, announce } = tools;
  const running = new Map<SetId, Running>();
  const timers = new Map<SetId, NodeJS.Timeout>();
  const busy = new Set<SetId>();
  let stopped = false;

  const corrections = correctionsWith(tools);
  const wake = (set: SetId): void => {
    const now = running.get(set);
    if (now !== undefined) now.again = true;
    if (stopped || now !== undefined || busy.has(set)) return;
    clearTimeout(timers.get(set));
    const abort = new AbortController();
    running.set(set, { abort, done: run(set, abort.signal), again: false });
  };

  const run = async (set: SetId, signal: AbortSignal): Promise<void> => {
    // Leaves the caller's stack first, so that `running` is set before the first event.
    await Promise.resolve();
    const end = await drive(set, signal);
    const again = running.get(set)?.again ?? false;
    running.delete(set);
    if (signal.aborted || stopped) return;
    if (again) wake(set);
    else await afterwards(set, end).catch((thrown: unknown) => holdFor(set, thrown));
  };

  const drive = async (set: SetId, signal: AbortSignal): Promise<DriveEnd> => {
    try {
      const end = await driveSet(set, tools, signal);
      const isToClear = end.kind === "finished" && store.clearings.asked(set) !== undefined;
      return isToClear ? await clear(set, signal) : end;
    } catch (thrown) {
      return holdFor(set, thrown);
    }
  };

  const clear = async (set: SetId, signal: AbortSignal): Promise<DriveEnd> => {
    try {
      await clearSet(set, tools, signal);
      return { kind: "cleared" };
    } catch (thrown) {
      if (signal.aborted) return { kind: "stopped" };
      if (!(thrown instanceof Fault)) throw thrown;
      const verdict = decide(thrown, store.checkpoints.countTry(set, "archive", WHOLE_SET), "set");
      const at = clock.now();
      const retryAt = verdict.kind === "hold" && verdict.retryInMs !== null ? at + verdict.retryInMs : null;
      const hold = { stage: "archive" as const, code: thrown.code, why: thrown.message, retryAt };
      store.checkpoints.hold(set, { ...hold, at });
      announce({ kind: "set.held", set, ...hold });
      return { kind: "held", retryAt };
    }
  };

  /** The driver itself failed. The set waits; the others go on. */
  const holdFor = (set: SetId, thrown: unknown): DriveEnd => {
    // A store that cannot be written cannot keep a hold either: nothing is lost, and the next try is soon.
    if (/^SQLITE_(FULL|IOERR|BUSY|LOCKED|READONLY|CANTOPEN)/.test(codeOf(thrown) ?? "")) {
      const retryAt = clock.now() + STORE_RETRY_MS;
      announce({ kind: "set.held", set, stage: "validate", code: "disk.full", why: messageOf(thrown), retryAt });
      return { kind: "held", retryAt };
    }
    const code = thrown instanceof Fault ? thrown.code : "set.stage-crash";
    const hold = { stage: "validate" as const, code, why: messageOf(thrown), retryAt: null, at: clock.now() };
    announce({ kind: "stage.crashed", set, photo: null, stage: hold.stage, error: thrown });
    store.checkpoints.hold(set, hold);
    announce({ kind: "set.held", set, ...hold });
    return { kind: "held", retryAt: null };
  };

  const afterwards = async (set: SetId, end: DriveEnd): Promise<void> => {
    switch (end.kind) {
      case "finished":
        announce({ kind: "set.finished", set });
        return;
      case "held":
        if (end.retryAt !== null) retryAt(set, end.retryAt);
        else if (wantsRollBack(set)) await rollBackNow(set);
        return;
      case "parked":
      case "stopped":
      case "cleared":
        return;
    }
  };

  const wantsRollBack = (set: SetId): boolean =>
    store.checkpoints.holdOf(set)?.code === ROLLING_BACK ||
    (tools.rollBackOnFault && store.sets.counts(set).released === 0);
  const rollBackNow = async (set: SetId): Promise<void> => {
    await alone(set, async () => rollBack(set, tools));
    announce({ kind: "set.rolled-back", set });
  };

  const retryAt = (set: SetId, at: Millis): void => {
    timers.set(
      set,
      setTimeout(() => resume(set, "timer"), Math.max(0, at - clock.now())),
    );
  };

  const resume = (set: SetId, by: "person" | "timer"): void => {
    // A roll-back that was cut short is no hold to lift: half of the set is gone, the rest must follow.
    if (store.checkpoints.holdOf(set)?.code !== ROLLING_BACK) store.checkpoints.resume(set, clock.now(), by);
    wake(set);
  };

  /** Runs something on a set while no driver does. */
  const alone = async <T>(set: SetId, work: () => Promise<T>): Promise<T> => {
    if (busy.has(set)) throw new Fault("set.busy", `${set} is being rewound already`);
    busy.add(set);
    try {
      const now = running.get(set);
      now?.abort.abort();
      await now?.done;
      return await work();
    } finally {
      busy.delete(set);
    }
  };

  return {
    wake,
    retry: (set) => resume(set, "person"),
    async reopen(set) {
      const stuck = store.sets
        .photos(set)
        .filter(({ facts }) => facts.review !== undefined && facts.publish === undefined);
      const ids = stuck.map(({ id }) => id);
      await alone(set, async () => rewind(set, "review", tools, ids)).finally(() => wake(set));
    },
    async rewind(set, to, photos) {
      // Half of it is gone: it goes all the way.
      if (store.checkpoints.holdOf(set)?.code === ROLLING_BACK)
        throw new Fault("set.busy", `${set} is being rolled back`);
      await alone(set, async () => rewind(set, to, tools, photos)).finally(() => wake(set));
    },
    async describe(set, said, hand) {
      // Known before anything is interrupted for it.
      store.descriptions.assertOpen(set);
      await alone(set, async () => describe(set, said, hand, tools)).finally(() => wake(set));
    },
    async split(set, wish, hand) {
      // Known before anything is interrupted for it.
      store.splits.assertOpen(set);
      const made = await alone(set, async () => split(set, wish, hand, tools)).finally(() => wake(set));
      announce({ kind: "set.split", set: made, from: set, photos: store.sets.counts(made).photos });
      wake(made);
      return made;
    },
    proposeCorrection: corrections.propose,
    takeCorrection: async (set, ...taken) =>
      alone(set, async () => corrections.take(set, ...taken)).finally(() => wake(set)),
    async rollBack(set) {
      clearTimeout(timers.get(set));
      await rollBackNow(set).catch((failure: unknown) => {
        // What was interrupted for it goes on.
        wake(set);
        throw failure;
      });
    },
    planClear: (set) => planClear(set, tools),
    async clear(set, wish) {
      if (wish.moveOriginals && !tools.hasArchive)
        throw new Fault("archive.unset", `the originals of ${set} have nowhere to go`);
      const plan = await planClear(set, tools);
      store.clearings.ask(set, { ...wish, bytes: plan.allBytes }, clock.now());
      store.checkpoints.resume(set, clock.now(), "person");
      wake(set);
      return plan;
    },
    restore: (photo) => restorePhoto(photo, tools),
    takeBack(set, photo) {
      store.clearings.assertWhole(set, [photo]);
      store.checkpoints.takeBack(set, photo, clock.now());
      announce({ kind: "photo.taken-back", set, photo });
      wake(set);
    },
    isIdle: () => running.size === 0 && busy.size === 0,
    async stop() {
      stopped = true;
      for (const timer of timers.values()) clearTimeout(timer);
      for (const { abort } of running.values()) abort.abort();
      await Promise.all([...running.values()].map(({ done }) => done));
    },
  };
}
