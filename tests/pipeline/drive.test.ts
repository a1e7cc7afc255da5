import { beforeEach, describe, expect, test } from "vitest";
import type { Event } from "../../src/domain/events.ts";
import { Fault } from "../../src/domain/fault.ts";
import type { LoadedPhoto } from "../../src/domain/photo.ts";
import { cull, type StageContext } from "../../src/domain/stage.ts";
import type { PhotoId, SetId } from "../../src/domain/words.ts";
import { type DriveEnd, driveSet, wouldResumeAt } from "../../src/pipeline/drive.ts";
import type { Database } from "../../src/store/database.ts";
import type { Store } from "../../src/store/store.ts";
import { commit, drop, factsAtGate, hand, memoryStore, op, reviewFacts } from "../store/home.ts";
import { fakeStages, type Script } from "./fake-stages.ts";

let store: Store;
let database: Database;
let set: SetId;
let a: PhotoId;
let b: PhotoId;
let c: PhotoId;
let now: number;
let events: Event[];
let calls: string[];
beforeEach(() => {
  ({ store, database } = memoryStore());
  set = store.sets.open(drop({ files: ["1.JPG", "2.JPG", "3.JPG"] }), 1)?.id ?? "";
  [a = 0, b = 0, c = 0] = store.sets.photos(set).map(({ id }) => id);
  now = 1_000;
  events = [];
  calls = [];
});

const tools = (script: Script) => ({
  stages: fakeStages(script, calls),
  store,
  clock: { now: () => now, elapsed: () => now },
  announce: (event: Event) => events.push(event),
  width: 2,
});
const drive = (script: Script = {}, signal = new AbortController().signal): Promise<DriveEnd> =>
  driveSet(set, tools(script), signal);
const kinds = (): string[] => events.map(({ kind }) => kind);
const stagesOf = (photo: PhotoId): string[] => [...(store.checkpoints.progressOf(photo)?.done ?? [])].sort();
const triesOf = (photo: PhotoId): unknown =>
  database.prepare("select stage, tries from attempts where photo_id = ?").all(photo);
const RELATED = { groups: [], elsewhere: [{ photo: 99, tier: "exact" as const, evidence: {} }] };
const AT_GATE = ["likeness", "look", "name", "validate", "words"];
const approve = (...photos: PhotoId[]): void => {
  // The fake pipeline is shorter than the real one: a release is its facts.
  commit(store, set, "review", photos, () => reviewFacts("r1"));
};

describe("a set is driven", () => {
  test("to the gate, every outcome in the store with its journal line", async () => {
    expect(await drive()).toEqual({ kind: "parked" });
    for (const photo of [a, b, c]) expect(stagesOf(photo)).toEqual(AT_GATE);
    const lines = store.journal.of(set).filter(({ kind }) => kind === "stage.done");
    expect(lines).toHaveLength(15);
    expect(store.journal.brokenAt()).toBeUndefined();
    expect(events.at(-1)).toEqual({ kind: "set.awaits-review", set, undecided: 3 });
  });

  test("no further by itself, and calls nobody when woken for nothing", async () => {
    await drive();
    events = [];
    calls = [];
    expect(await drive()).toEqual({ kind: "parked" });
    expect([events, calls]).toEqual([[], []]);
  });

  test("on where its facts end, and does nothing twice", async () => {
    const abort = new AbortController();
    const script: Script = { on: async (stage, photo) => void (stage === "words" && photo === b && abort.abort()) };
    expect(await drive(script, abort.signal)).toEqual({ kind: "stopped" });
    const before = [...calls];
    expect(await drive()).toEqual({ kind: "parked" });
    const after = calls.slice(before.length);
    expect(after.filter((call) => call.startsWith("look") || call.startsWith("validate"))).toEqual([]);
    expect(new Set(calls.filter((call) => call.startsWith("words"))).size).toBe(3);
    for (const photo of [a, b, c]) expect(stagesOf(photo)).toEqual(AT_GATE);
  });

  test("past the gate with what was released, while the rest waits; then with the rest", async () => {
    await drive();
    approve(a);
    expect(await drive()).toEqual({ kind: "parked" });
    expect(stagesOf(a)).toEqual(["archive", ...AT_GATE.slice(0, 3), "publish", "review", ...AT_GATE.slice(3)]);
    expect(calls.filter((call) => call.startsWith("publish"))).toEqual([`publish ${a}`]);
    approve(b);
    store.desk.apply(set, [op(c, "verdict", "rejected")], hand);
    expect(await drive()).toEqual({ kind: "finished" });
    expect(calls.filter((call) => call.startsWith("publish"))).toEqual([`publish ${a}`, `publish ${b}`]);
  });

  test("into the folder of each photo and stage", async () => {
    const dirs: string[] = [];
    await drive({ on: async (_, __, ___, dir) => void dirs.push(dir) });
    expect(dirs).toContain(`/home/kept/${a}/validate`);
    expect(dirs).toContain(`/home/kept/set-${set}/likeness`);
  });
});

describe("a photo that a stage leaves out", () => {
  test("goes no further, is announced with its reason, and stops nobody", async () => {
    const script: Script = {
      on: async (stage, photo) => (stage === "look" && photo === b ? cull("photo.undecodable", "torn") : undefined),
    };
    expect(await drive(script)).toEqual({ kind: "parked" });
    expect(events).toContainEqual({ kind: "photo.culled", set, photo: b, code: "photo.undecodable", why: "torn" });
    expect(stagesOf(b)).toEqual(["validate"]);
    expect(stagesOf(c)).toEqual(AT_GATE);
    expect(calls).not.toContain(`likeness ${b}`);
  });

  test("and is taken back catches up, and the set stages judge it among the others", async () => {
    let torn = true;
    const script: Script = {
      on: async (stage, photo) => (torn && stage === "look" && photo === b ? cull("x", "y") : undefined),
    };
    await drive(script);
    torn = false;
    calls = [];
    store.checkpoints.takeBack(set, b, now);
    await drive(script);
    expect(stagesOf(b)).toEqual(AT_GATE);
    expect(calls).toEqual([
      `look ${b}`,
      ...[a, b, c].map((photo) => `likeness ${photo}`),
      `words ${b}`,
      ...[a, b, c].map((photo) => `name ${photo}`),
    ]);
  });

  test("and comes back after others were released changes nothing of theirs", async () => {
    await drive({ on: async (stage, photo) => (stage === "look" && photo === c ? cull("x", "y") : undefined) });
    approve(a);
    await drive();
    const before = store.sets.photo(a)?.facts;
    store.checkpoints.takeBack(set, c, now);
    await drive({
      on: async (stage) => (stage === "likeness" ? { kind: "done", facts: RELATED } : undefined),
    });
    expect(store.sets.photo(a)?.facts).toEqual(before);
    expect(store.sets.photo(b)?.facts.likeness).toEqual(RELATED);
    expect(stagesOf(c)).toEqual(AT_GATE);
  });

  test("and was released before an update is not compared anew where its facts no longer read", async () => {
    const before = {
      on: async (stage: string, photo: PhotoId) => (stage === "look" && photo === c ? cull("x", "y") : undefined),
    };
    await drive(before);
    approve(a);
    await drive(before);
    database.prepare("update checkpoints set facts = '{}' where photo_id = ? and stage = 'look'").run(a);
    store.checkpoints.takeBack(set, c, now);
    const compared: PhotoId[][] = [];
    const stages = fakeStages().map((stage) =>
      stage.name === "likeness" && stage.kind === "set"
        ? {
            ...stage,
            needs: ["look" as const],
            run: (photos: readonly LoadedPhoto[], context: StageContext) => {
              compared.push(photos.map(({ id }) => id));
              return stage.run(photos, context);
            },
          }
        : stage,
    );
    await driveSet(set, { ...tools({}), stages }, new AbortController().signal);
    expect(compared).toEqual([[b, c]]);
    expect(stagesOf(c)).toEqual(AT_GATE);
  });

  test("by a fault of its own is left out in the same way", async () => {
    const script: Script = {
      on: async (stage, photo) => {
        if (stage === "validate" && photo === a) throw new Fault("photo.gone", "not there");
        return undefined;
      },
    };
    expect(await drive(script)).toEqual({ kind: "parked" });
    expect(store.sets.culls(set).get(a)).toEqual({ stage: "validate", code: "photo.gone", why: "not there" });
    expect(kinds()).not.toContain("stage.crashed");
  });
});

describe("a released photo whose set stage was forgotten after an update", () => {
  test("gets its facts again, and the set is not driven in a circle", async () => {
    await drive();
    approve(a);
    store.checkpoints.forget(set, "likeness", [a], now);
    expect(await drive()).toEqual({ kind: "parked" });
    expect(stagesOf(a)).toContain("likeness");
    expect(stagesOf(a)).toContain("publish");
  });
});

describe("a tool that fails", () => {
  const failing: Script = {
    on: async (stage) => {
      if (stage === "words") throw new Fault("disk.full", "no room");
      return undefined;
    },
  };

  test("holds the set with the time of the next try, longer each time it is asked again", async () => {
    const waits: (number | null)[] = [];
    for (let round = 0; round < 3; round += 1) {
      // One photo at a time, so that each round is one try.
      const end = await driveSet(set, { ...tools(failing), width: 1 }, new AbortController().signal);
      waits.push(end.kind === "held" && end.retryAt !== null ? end.retryAt - now : null);
      store.checkpoints.resume(set, now, "timer");
    }
    expect(waits).toEqual([5_000, 15_000, 60_000]);
  });

  test("is announced once a hold, with code and reason", async () => {
    await driveSet(set, { ...tools(failing), width: 1 }, new AbortController().signal);
    expect(events.filter(({ kind }) => kind === "set.held")).toEqual([
      { kind: "set.held", set, stage: "words", code: "disk.full", why: "no room", retryAt: now + 5_000 },
    ]);
    expect(store.checkpoints.holdOf(set)).toMatchObject({ code: "disk.full", retryAt: now + 5_000 });
  });

  test("lets a held set be: nothing runs until the hold is lifted", async () => {
    await drive(failing);
    calls = [];
    expect(await drive()).toMatchObject({ kind: "held" });
    expect(calls).toEqual([]);
    store.checkpoints.resume(set, now, "person");
    expect(await drive()).toEqual({ kind: "parked" });
  });

  test("is asked for room before its first photo comes to a stage, and waits there until there is some", async () => {
    let room = false;
    const asked: [string, number][] = [];
    const script: Script = {
      preflight: async (stage, photos) => {
        if (stage !== "look") return;
        asked.push([stage, photos.length]);
        if (!room) throw new Fault("disk.full", "needs 1.2 GB more at /home/kept");
      },
    };
    commit(store, set, "look", [a], () => factsAtGate("x").look);
    expect(await drive(script)).toEqual({ kind: "held", retryAt: now + 5_000 });
    expect(store.checkpoints.holdOf(set)).toMatchObject({ stage: "look", why: "needs 1.2 GB more at /home/kept" });
    expect(calls).toEqual([]);
    room = true;
    store.checkpoints.resume(set, now, "timer");
    expect(await drive(script)).toEqual({ kind: "parked" });
    expect(asked).toEqual([
      ["look", 2],
      ["look", 2],
    ]);
  });

  test("is held, not left out photo by photo, where asking for room fails in a way nobody foresaw", async () => {
    const script: Script = {
      preflight: async () => {
        throw new Error("no such call");
      },
    };
    expect(await drive(script)).toEqual({ kind: "held", retryAt: null });
    expect(store.checkpoints.holdOf(set)?.code).toBe("set.stage-crash");
    expect(store.sets.culls(set).size).toBe(0);
  });

  test("takes no new photo of the set once it is held", async () => {
    await driveSet(set, { ...tools(failing), width: 1 }, new AbortController().signal);
    expect(calls.filter((call) => call.startsWith("words"))).toEqual([`words ${a}`]);
  });
});

describe("a crash nobody foresaw", () => {
  test("is tried three times, then the photo is left out and the others go on", async () => {
    const script: Script = {
      on: async (stage, photo) => {
        if (stage === "look" && photo === a) throw new TypeError("x is undefined");
        return undefined;
      },
    };
    expect(await drive(script)).toEqual({ kind: "parked" });
    expect(calls.filter((call) => call === `look ${a}`)).toHaveLength(3);
    expect(kinds().filter((kind) => kind === "stage.crashed")).toHaveLength(3);
    expect(store.sets.culls(set).get(a)).toMatchObject({ code: "photo.stage-crash" });
    expect(triesOf(a)).toEqual([]);
    expect(stagesOf(b)).toEqual(AT_GATE);
  });

  test("of a stage that is over its limit is one too", async () => {
    const script: Script = {
      limitMs: 5,
      on: async (stage, photo, signal) => {
        if (stage !== "look" || photo !== a) return undefined;
        store.checkpoints.countTry(set, "look", a);
        store.checkpoints.countTry(set, "look", a);
        return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
      },
    };
    await drive(script);
    expect(store.sets.culls(set).get(a)?.why).toContain("look was not done after 5 ms");
  });
});

describe("a stop", () => {
  test("counts no try and leaves no half outcome", async () => {
    const abort = new AbortController();
    const script: Script = {
      on: async (stage, _, signal) => {
        if (stage !== "likeness") return undefined;
        abort.abort();
        signal.throwIfAborted();
        return undefined;
      },
    };
    expect(await drive(script, abort.signal)).toEqual({ kind: "stopped" });
    expect(database.prepare("select count(*) from attempts").pluck().get()).toBe(0);
    for (const photo of [a, b, c]) expect(stagesOf(photo)).toEqual(["look", "validate"]);
    expect(store.checkpoints.holdOf(set)).toBeUndefined();
  });

  test("while a stage waits for its next try does not try again", async () => {
    const abort = new AbortController();
    const script: Script = {
      on: async (stage, photo) => {
        if (stage !== "validate" || photo !== a) return undefined;
        setImmediate(() => abort.abort());
        throw new Fault("photo.changed", "still written");
      },
    };
    await drive(script, abort.signal);
    expect(calls.filter((call) => call === `validate ${a}`)).toHaveLength(1);
  });
});

describe("a set stage", () => {
  test("that fails on the way commits nothing, not even for the photos it had judged", async () => {
    const script: Script = {
      on: async (stage, photo) => {
        if (stage === "name" && photo === c) throw new Fault("name.taken", "taken");
        return undefined;
      },
    };
    expect(await drive(script)).toEqual({ kind: "held", retryAt: null });
    for (const photo of [a, b, c]) expect(stagesOf(photo)).not.toContain("name");
    expect(store.checkpoints.holdOf(set)).toMatchObject({ stage: "name", code: "name.taken" });
  });

  test("that forgets a photo is wrong, and nothing of it is kept", async () => {
    const stages = fakeStages({}, calls).map((stage) =>
      stage.kind === "set" ? { ...stage, run: async () => new Map() } : stage,
    );
    await expect(driveSet(set, { ...tools({}), stages }, new AbortController().signal)).rejects.toThrow(
      "likeness said nothing about photo",
    );
    expect(stagesOf(a)).not.toContain("likeness");
  });
});

describe("after a start", () => {
  test("a set is said to go on from its earliest stage", async () => {
    expect(wouldResumeAt(set, tools({}))).toBe("validate");
    const abort = new AbortController();
    await drive({ on: async (stage, photo) => void (stage === "look" && photo === a && abort.abort()) }, abort.signal);
    expect(["validate", "look"]).toContain(wouldResumeAt(set, tools({})));
    await drive();
    expect(wouldResumeAt(set, tools({}))).toBeUndefined();
    store.checkpoints.forget(set, "name", [a], now);
    expect(wouldResumeAt(set, tools({}))).toBe("name");
  });
});
