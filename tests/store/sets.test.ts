import { beforeEach, describe, expect, test } from "vitest";
import { cull } from "../../src/domain/stage.ts";
import type { Database } from "../../src/store/database.ts";
import type { Store } from "../../src/store/store.ts";
import { archiveFacts, commit, drop, hand, memoryStore, op, publishFacts, setAtGate, shot } from "./home.ts";

let store: Store;
let database: Database;
beforeEach(() => {
  ({ store, database } = memoryStore());
});

describe("a settled drop", () => {
  test("becomes a set with its photos in order, its context and its companions", () => {
    const companion = { path: "/in/Gulls/IMG_1.CR3", bytes: 7, mtimeMs: 8, nameIsText: true };
    const [one = shot("x")] = [shot("/in/Gulls/IMG_1.JPG")];
    const given = {
      ...drop({ name: "Gulls" }),
      shots: [{ ...one, companions: [companion] }, shot("/in/Gulls/IMG_2.JPG")],
    };
    const set = store.sets.open(given, 9);
    expect(set).toEqual({
      id: "gulls",
      name: "Gulls",
      inbox: "/in",
      folder: "/in/Gulls",
      context: given.context,
      openedAt: 9,
      follows: null,
    });
    const [first, second] = store.sets.photos("gulls");
    expect(first).toMatchObject({ position: 1, source: one.main, companions: [companion], facts: {} });
    expect(first?.dir).toBe(`/home/kept/${first?.id}`);
    expect(second?.position).toBe(2);
    expect(store.sets.photo(second?.id ?? 0)).toEqual(second);
  });

  test("that was taken in before is no second set", () => {
    expect(store.sets.open(drop(), 1)).toBeDefined();
    expect(store.sets.open(drop(), 2)).toBeUndefined();
    expect(store.sets.all()).toHaveLength(1);
  });

  test.each([
    ["2026-10 Gulls, Texel", "2026-10-gulls-texel"],
    ["Zürich – Limmat", "zurich-limmat"],
    ["東京", "set"],
    ["../../etc", "etc"],
    [`${"a".repeat(59)} b`, "a".repeat(59)],
    [" ", "set"],
  ])("%j is called %s in addresses", (name, id) => {
    expect(store.sets.open(drop({ name }), 1)?.id).toBe(id);
  });

  test("of a name that was used before gets an id of its own, even if the first is gone", () => {
    expect(store.sets.open(drop({ name: "Gulls", files: ["1.JPG"] }), 1)?.id).toBe("gulls");
    store.sets.remove("gulls", 2);
    expect(store.sets.open(drop({ name: "Gulls", files: ["1.JPG"] }), 3)?.id).toBe("gulls-2");
    expect(store.sets.open(drop({ name: "gulls", files: ["2.JPG"] }), 4)?.id).toBe("gulls-3");
  });
});

describe("a set", () => {
  test("that is removed leaves nothing but the journal and the ops", () => {
    const { set, photos } = setAtGate(store);
    store.desk.apply(set, [op(photos[0] ?? 0, "caption", "x"), op(photos[1] ?? 0, "verdict", "held")], hand);
    store.checkpoints.hold(set, { stage: "words", code: "disk.full", why: "x", retryAt: null, at: 1 });
    store.checkpoints.countTry(set, "words", 0);
    store.sets.remove(set, 9);
    const left = ["sets", "photos", "checkpoints", "culls", "names", "verdicts", "edits", "holds", "attempts"].filter(
      (table) => database.prepare(`select count(*) from ${table}`).pluck().get() !== 0,
    );
    expect(left).toEqual([]);
    expect(database.prepare("select count(*) from ops").pluck().get()).toBe(2);
    expect(store.journal.of(set).at(-1)?.kind).toBe("set.removed");
  });

  test("that nobody knows has no photos", () => {
    expect([store.sets.get("x"), store.sets.photos("x"), store.sets.photo(7)]).toEqual([undefined, [], undefined]);
  });
});

describe("a set is under way", () => {
  test("until its photos are at the gate, and again from the release until they are archived", () => {
    const early = store.sets.open(drop({ name: "Early" }), 1)?.id ?? "";
    expect(store.sets.underway()).toEqual([early]);
    const { set, photos } = setAtGate(store);
    const [a = 0] = photos;
    expect(store.sets.underway()).toEqual([early]);
    store.desk.apply(set, [op(a, "verdict", "approved")], hand);
    store.releases.release(set, store.releases.plan(set).hash, hand);
    expect(store.sets.underway()).toEqual([early, set]);
    commit(store, set, "publish", [a], () => publishFacts("x.JPG"));
    expect(store.sets.underway()).toEqual([early, set]);
    commit(store, set, "archive", [a], archiveFacts);
    expect(store.sets.underway()).toEqual([early]);
  });

  test("not for a photo that is left out", () => {
    const set = store.sets.open(drop({ files: ["1.JPG"] }), 1)?.id ?? "";
    const [photo] = store.sets.photos(set);
    store.checkpoints.commit(set, "validate", new Map([[photo?.id ?? 0, cull("photo.empty", "x")]]), 2);
    expect(store.sets.underway()).toEqual([]);
  });

  test("while it is held, even with all its photos at the gate: a rollback may have been cut short", () => {
    const { set } = setAtGate(store);
    store.checkpoints.hold(set, { stage: "validate", code: "set.rolling-back", why: "asked", retryAt: null, at: 1 });
    expect(store.sets.underway()).toEqual([set]);
  });
});

test("facts that no longer read count as missing; those of a person are a fault", () => {
  const { set, photos } = setAtGate(store);
  const [a = 0] = photos;
  const spoil = (stage: string): void => {
    database.prepare("update checkpoints set facts = '{}' where photo_id = ? and stage = ?").run(a, stage);
  };
  spoil("words");
  expect(store.sets.photo(a)?.facts.words).toBeUndefined();
  expect(store.sets.photo(a)?.facts.name).toBeDefined();
  commit(store, set, "publish", [a], () => publishFacts("x.JPG"));
  spoil("publish");
  expect(() => store.sets.photo(a)).toThrow("the stored facts of publish do not fit this version");
});
