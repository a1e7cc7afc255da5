import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Event } from "../../src/domain/events.ts";
import { Fault } from "../../src/domain/fault.ts";
import type { PhotoId, SetId } from "../../src/domain/words.ts";
import { looksOf } from "../../src/files.ts";
import { english } from "../../src/language/english.ts";
import { type Drivers, startDrivers } from "../../src/pipeline/drivers.ts";
import { ROLLING_BACK } from "../../src/store/checkpoints.ts";
import { openStore, type Store } from "../../src/store/store.ts";
import { commit, drop, reviewFacts } from "../store/home.ts";
import { fakeStages, type Script } from "./fake-stages.ts";

let home: string;
let store: Store;
let set: SetId;
let photo: PhotoId;
let drivers: Drivers;
let events: Event[];
let calls: string[];
let heard: ((event: Event) => void)[];
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "photogate-drivers-"));
  store = openStore(home, 1, english());
  set = store.sets.open(drop({ files: ["1.JPG"] }), 1)?.id ?? "";
  photo = store.sets.photos(set)[0]?.id ?? 0;
  events = [];
  calls = [];
  heard = [];
});
afterEach(async () => {
  await drivers.stop();
  store.close();
  rmSync(home, { recursive: true });
});

function start(script: Script = {}, given: { rollBackOnFault?: boolean; store?: Store } = {}): void {
  drivers = startDrivers({
    stages: fakeStages(script, calls).map((stage) =>
      stage.name === "words" ? { ...stage, reads: ["subject"] } : stage,
    ),
    store: given.store ?? store,
    clock: { now: () => 1_000, elapsed: () => 1_000 },
    announce: (event) => {
      events.push(event);
      for (const hear of heard) hear(event);
    },
    width: 2,
    gone: async () => [],
    rollBackOnFault: given.rollBackOnFault ?? false,
    looks: looksOf,
    hasArchive: false,
    onPaper: () => [],
  });
}
/** Resolves at the next event of a kind. */
const event = (kind: Event["kind"]): Promise<Event> =>
  new Promise((resolve) => {
    const hear = (one: Event): void => {
      if (one.kind !== kind) return;
      heard = heard.filter((other) => other !== hear);
      resolve(one);
    };
    heard.push(hear);
  });
const count = (kind: Event["kind"]): number => events.filter((one) => one.kind === kind).length;

const failing = (code: "site.collision" | "disk.full"): Script => ({
  on: async (stage) => {
    if (stage === "words") throw new Fault(code, "why");
    return undefined;
  },
});

describe("a driver", () => {
  test("that is woken twice runs once at a time, and not again for nothing", async () => {
    start();
    const ready = event("set.awaits-review");
    drivers.wake(set);
    drivers.wake(set);
    expect(drivers.isIdle()).toBe(false);
    await ready;
    await drivers.stop();
    expect(calls.filter((call) => call === `look ${photo}`)).toHaveLength(1);
    expect(count("set.awaits-review")).toBe(1);
    expect(drivers.isIdle()).toBe(true);
  });

  test("does nothing any more once it was stopped", async () => {
    start();
    await drivers.stop();
    drivers.wake(set);
    await drivers.stop();
    expect(calls).toEqual([]);
  });

  test("goes on when a person says try again", async () => {
    let broken = true;
    start({
      on: async (stage) => {
        if (broken && stage === "words") throw new Fault("site.collision", "why");
        return undefined;
      },
    });
    const held = event("set.held");
    drivers.wake(set);
    await held;
    broken = false;
    const ready = event("set.awaits-review");
    drivers.retry(set);
    await ready;
    expect(store.checkpoints.holdOf(set)).toBeUndefined();
  });

  test("brings a photo back that was left out", async () => {
    let torn = true;
    start({
      on: async (stage) =>
        torn && stage === "look" ? { kind: "cull", code: "photo.undecodable", why: "x" } : undefined,
    });
    const finished = event("set.finished");
    drivers.wake(set);
    await finished;
    torn = false;
    const ready = event("set.awaits-review");
    drivers.takeBack(set, photo);
    await ready;
    expect(count("photo.taken-back")).toBe(1);
  });

  test("takes a person's word and goes on with it", async () => {
    start();
    const ready = event("set.awaits-review");
    drivers.wake(set);
    await ready;
    calls.length = 0;
    const again = event("set.awaits-review");
    await drivers.describe(set, { subject: "Terns" }, { by: "page", at: 7 });
    await again;
    expect(calls.filter((call) => !call.startsWith("undo"))).toEqual([`words ${photo}`, `name ${photo}`]);
    expect(store.sets.get(set)?.context.subject).toBe("Terns");
  });

  test("is not interrupted for a word that comes too late", async () => {
    const begun = Promise.withResolvers<AbortSignal>();
    const end = Promise.withResolvers<undefined>();
    start({
      on: (stage, _, signal) => {
        if (stage !== "publish") return Promise.resolve(undefined);
        begun.resolve(signal);
        return end.promise;
      },
    });
    const ready = event("set.awaits-review");
    drivers.wake(set);
    await ready;
    commit(store, set, "review", [photo], () => reviewFacts("r1"));
    drivers.wake(set);
    const signal = await begun.promise;
    const late = drivers.describe(set, { subject: "Terns" }, { by: "page", at: 7 });
    await expect(late).rejects.toMatchObject({ code: "set.released" });
    expect(signal.aborted).toBe(false);
    const finished = event("set.finished");
    end.resolve(undefined);
    await finished;
  });

  test("that fails itself holds the set and says so", async () => {
    start();
    const broken: Store = {
      ...store,
      sets: {
        ...store.sets,
        photo: () => {
          throw new Error("nobody foresaw");
        },
      },
    };
    await drivers.stop();
    start({}, { store: broken });
    const held = event("set.held");
    drivers.wake(set);
    expect(await held).toMatchObject({ code: "set.stage-crash", why: "nobody foresaw" });
    expect(store.checkpoints.holdOf(set)).toMatchObject({ code: "set.stage-crash" });
  });

  test.each([
    ["SQLITE_FULL", "disk.full"],
    ["SQLITE_CONSTRAINT_FOREIGNKEY", "set.stage-crash"],
  ])("whose store says %s calls it %s", async (code, called) => {
    const failure = Object.assign(new Error("the store says no"), { code });
    const broken: Store = {
      ...store,
      checkpoints: {
        ...store.checkpoints,
        commit: () => {
          throw failure;
        },
      },
    };
    start({}, { store: broken });
    const held = event("set.held");
    drivers.wake(set);
    expect(await held).toMatchObject({ code: called });
  });
});

describe("a set that is held for a reason time does not cure", () => {
  test("is rolled back by itself where the settings say so", async () => {
    start(failing("site.collision"), { rollBackOnFault: true });
    const back = event("set.rolled-back");
    drivers.wake(set);
    await back;
    expect(store.sets.get(set)).toBeUndefined();
  });

  test("stays held where they do not", async () => {
    start(failing("site.collision"));
    const held = event("set.held");
    drivers.wake(set);
    await held;
    await drivers.stop();
    expect(store.checkpoints.holdOf(set)?.code).toBe("site.collision");
  });

  test("but not one whose tool may come back", async () => {
    start(failing("disk.full"), { rollBackOnFault: true });
    const held = event("set.held");
    drivers.wake(set);
    await held;
    await drivers.stop();
    expect(store.sets.get(set)).toBeDefined();
  });
});

describe("a roll-back that was cut short", () => {
  beforeEach(() => {
    store.checkpoints.hold(set, { stage: "validate", code: ROLLING_BACK, why: "asked", retryAt: null, at: 1 });
  });

  test("is finished when the set is woken", async () => {
    start();
    const back = event("set.rolled-back");
    drivers.wake(set);
    await back;
    expect(store.sets.get(set)).toBeUndefined();
    expect(calls.filter((call) => !call.startsWith("undo"))).toEqual([]);
  });

  test("is not brought back to life by a rewind", async () => {
    start();
    await expect(drivers.rewind(set, "words")).rejects.toMatchObject({ code: "set.busy" });
    expect(store.checkpoints.holdOf(set)?.code).toBe(ROLLING_BACK);
  });

  test("is finished, not forgotten, when a person says try again", async () => {
    start();
    const back = event("set.rolled-back");
    drivers.retry(set);
    await back;
    expect(store.sets.get(set)).toBeUndefined();
  });
});

describe("a wish that cannot be granted", () => {
  test.each([
    ["rewind", () => drivers.rewind(set, "words")],
    ["roll-back", () => drivers.rollBack(set)],
  ])("a %s of what is published does not stop the rest from being published", async (_, wish) => {
    set = store.sets.open(drop({ name: "Two", files: ["1.JPG", "2.JPG"] }), 1)?.id ?? "";
    const [first = 0, second = 0] = store.sets.photos(set).map(({ id }) => id);
    const begun = Promise.withResolvers<void>();
    let hangs = true;
    start({
      on: async (stage, id, signal) => {
        if (stage !== "publish" || id !== second || !hangs) return undefined;
        begun.resolve();
        return new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
      },
    });
    const ready = event("set.awaits-review");
    drivers.wake(set);
    await ready;
    commit(store, set, "review", [first, second], () => reviewFacts("r1"));
    drivers.wake(set);
    await begun.promise;
    hangs = false;
    const finished = event("set.finished");
    await expect(wish()).rejects.toMatchObject({ code: "set.published" });
    await finished;
    expect(store.sets.counts(set).published).toBe(2);
  });
});
