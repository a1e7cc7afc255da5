import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Description } from "../../src/domain/context.ts";
import type { StageName } from "../../src/domain/facts.ts";
import type { SetContext } from "../../src/domain/photo.ts";
import type { PhotoId, SetId } from "../../src/domain/words.ts";
import { english } from "../../src/language/english.ts";
import { describe as describeSet } from "../../src/pipeline/describe.ts";
import { driveSet } from "../../src/pipeline/drive.ts";
import { openStore, type Store } from "../../src/store/store.ts";
import { commit, drop, hand, op, reviewFacts } from "../store/home.ts";
import { fakeStages, type Script } from "./fake-stages.ts";

let home: string;
let store: Store;
let set: SetId;
let photos: PhotoId[];
let calls: string[];
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), "photogate-describe-"));
  store = openStore(home, 1, english());
  calls = [];
  set = store.sets.open(drop(), 5)?.id ?? "";
  photos = store.sets.photos(set).map(({ id }) => id);
  await driveSet(set, tools(), new AbortController().signal);
  calls = [];
});
afterEach(() => {
  store.close();
  rmSync(home, { recursive: true });
});

const READS: { readonly [K in StageName]?: readonly (keyof SetContext)[] } = {
  likeness: ["date"],
  words: ["subject", "location"],
  name: ["location"],
};
/** Each photo's words leave a file; names are in the real ledger. */
const script: Script = {
  on: async (stage, photo, _, dir) => {
    if (stage === "words") {
      mkdirSync(dir, { recursive: true });
      writeFileSync(join(dir, "work"), stage);
    }
    if (stage !== "name") return undefined;
    return { kind: "done", facts: { name: store.names.reserve(photo, "Gulls"), shortened: false } };
  },
  undo: async (stage, photo) => {
    if (stage === "name") store.names.release(photo.id);
  },
};
const tools = (how: Script = script) => ({
  stages: fakeStages(how, calls).map((stage) => ({ ...stage, reads: READS[stage.name] })),
  store,
  clock: { now: () => 100, elapsed: () => 100 },
  announce: () => undefined,
  width: 2,
});
const say = (said: Description, how: Script = script) => describeSet(set, said, hand, tools(how));
const doneOf = (photo: PhotoId | undefined): string[] => [...(store.checkpoints.progressOf(photo ?? 0)?.done ?? [])];

describe("what a person says about a set", () => {
  test("takes it back to the first stage that reads it, and it is done again from there", async () => {
    await say({ location: "Vlieland" });
    expect(doneOf(photos[0]).sort()).toEqual(["likeness", "look", "validate"]);
    expect(photos.map((photo) => existsSync(join(home, "work", String(photo), "words")))).toEqual([false, false]);
    expect(photos.map((photo) => store.names.of(photo))).toEqual([undefined, undefined]);
    calls = [];
    await driveSet(set, tools(), new AbortController().signal);
    expect([...new Set(calls.map((call) => call.split(" ")[0]))]).toEqual(["words", "name"]);
    expect(photos.map((photo) => store.names.of(photo))).toEqual(["Gulls_001.JPG", "Gulls_002.JPG"]);
    expect(store.sets.get(set)?.context.location).toBe("Vlieland");
  });

  test("and reaches further back for what an earlier stage reads", async () => {
    await say({ date: "2024" });
    expect(doneOf(photos[1]).sort()).toEqual(["look", "validate"]);
  });

  test("changes nothing else where no stage reads it: approvals stand", async () => {
    store.desk.apply(set, [op(photos[0] ?? 0, "verdict", "held")], hand);
    store.checkpoints.hold(set, { stage: "words", code: "disk.full", why: "x", retryAt: null, at: 1 });
    await say({ copyright: "(c) A" });
    expect(store.sets.get(set)?.context.copyright).toBe("(c) A");
    expect([calls, doneOf(photos[0])]).toEqual([[], expect.arrayContaining(["name"])]);
    expect(store.checkpoints.holdOf(set)).toBeDefined();
  });

  test("that was so before changes nothing at all", async () => {
    const lines = store.journal.of(set).length;
    await say({ subject: "Gulls", location: "Texel" });
    expect(store.journal.of(set)).toHaveLength(lines);
  });

  test("lifts a hold: with another word it may go well", async () => {
    store.checkpoints.hold(set, { stage: "name", code: "name.taken", why: "x", retryAt: null, at: 1 });
    await say({ subject: "Terns" });
    expect(store.checkpoints.holdOf(set)).toBeUndefined();
  });

  test("of a set with released photos is refused, and nothing is undone", async () => {
    commit(store, set, "review", photos.slice(0, 1), () => reviewFacts("r1"));
    await expect(say({ subject: "Terns" })).rejects.toMatchObject({ code: "set.released" });
    expect(calls).toEqual([]);
    expect(store.sets.get(set)?.context.subject).toBe("Gulls");
  });

  test("cut off right after it was taken holds, and is what the set goes on with", async () => {
    const cut: Script = {
      ...script,
      undo: async () => {
        throw new Error("killed");
      },
    };
    await expect(say({ subject: "Terns" }, cut)).rejects.toThrow("killed");
    expect(store.sets.get(set)?.context.subject).toBe("Terns");
    calls = [];
    await driveSet(set, tools(), new AbortController().signal);
    expect([...new Set(calls.map((call) => call.split(" ")[0]))]).toEqual(["words", "name"]);
    expect(photos.map((photo) => store.names.of(photo))).toEqual(["Gulls_001.JPG", "Gulls_002.JPG"]);
  });

  test("of a set nobody knows is refused", async () => {
    await expect(describeSet("nobody", {}, hand, tools())).rejects.toMatchObject({ code: "set.unknown" });
  });
});
