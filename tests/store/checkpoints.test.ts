import { beforeEach, describe, expect, test } from "vitest";
import { cull, done } from "../../src/domain/stage.ts";
import type { PhotoId, SetId } from "../../src/domain/words.ts";
import type { Database } from "../../src/store/database.ts";
import type { Store } from "../../src/store/store.ts";
import { archiveFacts, commit, drop, factsAtGate, hand, memoryStore, op, setAtGate } from "./home.ts";

let store: Store;
let database: Database;
let set: SetId;
let a: PhotoId;
let b: PhotoId;
beforeEach(() => {
  ({ store, database } = memoryStore());
  set = store.sets.open(drop(), 1)?.id ?? "";
  [a = 0, b = 0] = store.sets.photos(set).map(({ id }) => id);
});

const doneOf = (photo: PhotoId): string[] => [...(store.checkpoints.progressOf(photo)?.done ?? [])];
const kinds = (): string[] => store.journal.of(set).map(({ kind }) => kind);

test("an original that went to the archive has a line of its own, once", () => {
  const { store } = memoryStore();
  const { set, photos } = setAtGate(store);
  const moved = (name: string) => ({
    path: `/in/${name}`,
    copy: `/kept/${name}`,
    sha256: "a".repeat(64),
    found: "there" as const,
  });
  const archived = (...names: string[]) =>
    commit(store, set, "archive", photos.slice(0, 1), () => ({ ...archiveFacts(), moved: names.map(moved) }));
  archived();
  archived("1.JPG");
  archived("1.JPG", "1.xmp");
  const lines = store.journal.of(set).filter(({ kind }) => kind === "original.moved");
  expect(lines.map(({ data }) => JSON.parse(data))).toEqual(
    ["1.JPG", "1.xmp"].map((name) => ({
      path: `/in/${name}`,
      archive: `/kept/${name}`,
      sha256: "a".repeat(64),
      found: "there",
    })),
  );
});

describe("what a stage found out", () => {
  test("is stored under photo and stage, with its journal line", () => {
    store.checkpoints.commit(set, "likeness", new Map([[a, done({ groups: [], elsewhere: [] })]]), 10);
    expect(doneOf(a)).toEqual(["likeness"]);
    expect(doneOf(b)).toEqual([]);
    expect(store.sets.photo(a)?.facts).toEqual({ likeness: { groups: [], elsewhere: [] } });
    expect(store.journal.of(set).at(-1)).toMatchObject({ at: 10, kind: "stage.done", photo_id: a });
  });

  test("replaces what was stored before", () => {
    commit(store, set, "name", [a], () => ({ name: "x.JPG", shortened: false }));
    commit(store, set, "name", [a], () => ({ name: "y.JPG", shortened: true }));
    expect(store.sets.photo(a)?.facts.name).toEqual({ name: "y.JPG", shortened: true });
  });

  test("of a whole set is there for all photos or for none", () => {
    const outcomes = new Map([
      [a, done({ groups: [], elsewhere: [] })],
      [999, done({ groups: [], elsewhere: [] })],
    ]);
    expect(() => store.checkpoints.commit(set, "likeness", outcomes, 10)).toThrow();
    expect(doneOf(a)).toEqual([]);
    expect(kinds()).toEqual(["set.opened"]);
  });

  test("can be forgotten; an approval of it goes too, other verdicts stay", () => {
    const gate = setAtGate(store, { name: "Terns" });
    const [c = 0, d = 0] = gate.photos;
    store.desk.apply(gate.set, [op(c, "verdict", "approved"), op(d, "verdict", "rejected")], hand);
    store.checkpoints.forget(gate.set, "words", [c, d], 60);
    expect(doneOf(c)).not.toContain("words");
    const [first, second] = store.desk.photos(gate.set);
    expect([first?.state.verdict, second?.state.verdict]).toEqual([null, "rejected"]);
    expect(
      store.journal
        .of(gate.set)
        .map(({ kind }) => kind)
        .slice(-3),
    ).toEqual(["stage.forgotten", "approval.voided", "stage.forgotten"]);
  });

  test("of the name stage takes a person's own name with it, and lets go of it in the ledger", () => {
    const gate = setAtGate(store, { name: "Terns" });
    const [c = 0] = gate.photos;
    store.desk.apply(gate.set, [op(c, "name", "My_Tern.JPG"), op(c, "caption", "A tern.")], hand);
    store.checkpoints.forget(gate.set, "name", [c], 60);
    expect(store.names.of(c)).toBeUndefined();
    const name = store.names.reserve(c, "Terns");
    commit(store, gate.set, "name", [c], () => ({ name, shortened: false }));
    expect(store.desk.photos(gate.set)[0]?.final).toMatchObject({ name: "Terns_001.JPG", caption: "A tern." });
  });
});

describe("a photo that is left out", () => {
  beforeEach(() => store.checkpoints.commit(set, "look", new Map([[a, cull("photo.undecodable", "torn")]]), 10));

  test("is marked with stage, code and reason, and keeps its facts", () => {
    expect(store.checkpoints.progressOf(a)).toMatchObject({ culled: true });
    expect(store.sets.culls(set).get(a)).toEqual({ stage: "look", code: "photo.undecodable", why: "torn" });
    expect(kinds().at(-1)).toBe("photo.culled");
  });

  test("keeps its first reason", () => {
    store.checkpoints.commit(set, "quality", new Map([[a, cull("other", "later")]]), 11);
    expect(store.sets.culls(set).get(a)?.code).toBe("photo.undecodable");
  });

  test("can be taken back, once", () => {
    store.checkpoints.takeBack(set, a, 20);
    expect(store.checkpoints.progressOf(a)?.culled).toBe(false);
    expect(kinds().at(-1)).toBe("photo.taken-back");
    const lines = kinds().length;
    store.checkpoints.takeBack(set, a, 21);
    expect(kinds()).toHaveLength(lines);
  });

  test("cannot be taken back through another set", () => {
    const other = store.sets.open(drop({ name: "Terns" }), 1)?.id ?? "";
    store.checkpoints.takeBack(other, a, 20);
    expect(store.checkpoints.progressOf(a)?.culled).toBe(true);
  });
});

describe("tries", () => {
  test("are counted for each photo and stage apart", () => {
    const { countTry } = store.checkpoints;
    expect([
      countTry(set, "look", a),
      countTry(set, "look", a),
      countTry(set, "look", b),
      countTry(set, "exif", a),
    ]).toEqual([1, 2, 1, 1]);
    expect(countTry(set, "likeness", 0)).toBe(1);
  });

  test("start over once the stage went well, for photo and set", () => {
    store.checkpoints.countTry(set, "likeness", a);
    store.checkpoints.countTry(set, "likeness", 0);
    commit(store, set, "likeness", [a], () => ({ groups: [], elsewhere: [] }));
    expect(store.checkpoints.countTry(set, "likeness", a)).toBe(1);
    expect(store.checkpoints.countTry(set, "likeness", 0)).toBe(1);
  });
});

describe("a held set", () => {
  const hold = { stage: "words", code: "disk.full", why: "no room", retryAt: 99, at: 50 } as const;
  beforeEach(() => store.checkpoints.hold(set, hold));

  test("says at which stage, why, since when and until when", () => {
    expect(store.checkpoints.holdOf(set)).toEqual(hold);
    expect(store.checkpoints.holdOf("other")).toBeUndefined();
    expect(kinds().at(-1)).toBe("set.held");
  });

  test("is held for its latest reason only", () => {
    store.checkpoints.hold(set, { ...hold, code: "disk.failed", retryAt: null });
    expect(store.checkpoints.holdOf(set)).toMatchObject({ code: "disk.failed", retryAt: null });
  });

  test("goes on with fresh tries when a person says so, and with the old count when a timer does", () => {
    store.checkpoints.countTry(set, "words", a);
    store.checkpoints.resume(set, 60, "timer");
    expect(store.checkpoints.holdOf(set)).toBeUndefined();
    expect(store.checkpoints.countTry(set, "words", a)).toBe(2);
    store.checkpoints.hold(set, hold);
    store.checkpoints.resume(set, 70, "person");
    expect(store.checkpoints.countTry(set, "words", a)).toBe(1);
    const lines = kinds().length;
    store.checkpoints.resume(set, 80, "person");
    expect(kinds()).toHaveLength(lines);
  });
});

describe("after an update", () => {
  const spoil = (photo: PhotoId, stage: string): void => {
    database.prepare("update checkpoints set facts = '{\"old\":1}' where photo_id = ? and stage = ?").run(photo, stage);
  };

  test("facts that no longer read are forgotten, so that their stage runs again; others stay", () => {
    const gate = setAtGate(store, { name: "Terns" });
    const [c = 0, d = 0] = gate.photos;
    spoil(c, "words");
    expect(store.checkpoints.forgetUnreadable(70)).toBe(1);
    expect(doneOf(c)).not.toContain("words");
    expect(doneOf(d)).toContain("words");
    expect(store.checkpoints.forgetUnreadable(71)).toBe(0);
    expect(store.journal.of(gate.set).at(-1)).toMatchObject({ kind: "stage.forgotten", photo_id: c });
  });

  test("what is published stays published, and a person's decision is never guessed anew", () => {
    const gate = setAtGate(store, { name: "Terns" });
    const [c = 0] = gate.photos;
    store.desk.apply(gate.set, [op(c, "verdict", "approved")], hand);
    store.releases.release(gate.set, store.releases.plan(gate.set).hash, hand);
    spoil(c, "review");
    expect(store.checkpoints.forgetUnreadable(70)).toBe(0);
    expect(() => store.sets.photo(c)).toThrow("do not fit this version");
  });
});

test("progress of a set tells done, left out and rejected, in the order of the camera's names", () => {
  const gate = setAtGate(store, { name: "Terns", files: ["1.JPG", "2.JPG", "3.JPG"] });
  const [c = 0, d = 0] = gate.photos;
  store.desk.apply(gate.set, [op(c, "verdict", "rejected")], hand);
  store.checkpoints.commit(gate.set, "look", new Map([[d, cull("x", "y")]]), 1);
  const progress = store.checkpoints.progress(gate.set);
  expect(progress.map(({ rejected, culled }) => [rejected, culled])).toEqual([
    [true, false],
    [false, true],
    [false, false],
  ]);
  expect(progress.map(({ done: stages }) => stages.size)).toEqual([10, 10, 10]);
  expect(Object.keys(factsAtGate("x"))).toHaveLength(10);
});
