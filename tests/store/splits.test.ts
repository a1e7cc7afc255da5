import { beforeEach, describe, expect, test } from "vitest";
import type { StageName } from "../../src/domain/facts.ts";
import type { PhotoId, SetId } from "../../src/domain/words.ts";
import type { Database } from "../../src/store/database.ts";
import type { Store } from "../../src/store/store.ts";
import { commit, drop, factsAtGate, hand, memoryStore, op, reviewFacts, setAtGate } from "./home.ts";

const FORGET = {
  going: ["name", "words", "subject", "likeness"],
  staying: ["subject", "likeness"],
} as const;
const HERONS = { subject: "Heron", folder: "nature" };

let store: Store;
let database: Database;
let set: SetId;
let photos: PhotoId[];
beforeEach(() => {
  ({ store, database } = memoryStore());
  ({ set, photos } = setAtGate(store, { files: ["1.JPG", "2.JPG", "3.JPG", "4.JPG"] }));
});

const at = (n: number): PhotoId => photos[n - 1] ?? 0;
const split = (...going: number[]): SetId => store.splits.split(set, going.map(at), HERONS, FORGET, hand);
const ids = (of: SetId): PhotoId[] => store.sets.photos(of).map(({ id }) => id);
const doneOf = (n: number) => store.checkpoints.progressOf(at(n))?.done ?? new Set<StageName>();
const approve = (...wanted: number[]): void => {
  const rows = store.desk.photos(set);
  const ops = wanted.map((n) =>
    op(at(n), "verdict", "approved", { seen: rows.find((row) => row.photo.id === at(n))?.hash ?? null }),
  );
  expect(store.desk.apply(set, ops, hand).map(({ ok }) => ok)).toEqual(wanted.map(() => true));
};

describe("a part of a set", () => {
  test("becomes a set that follows it, with a subject of its own, in the order of the photos", () => {
    const made = split(4, 2);
    expect([ids(set), ids(made)]).toEqual([
      [at(1), at(3)],
      [at(2), at(4)],
    ]);
    expect(store.sets.get(made)).toMatchObject({
      name: "2026-10 Gulls, Texel: Heron",
      folder: "/in/2026-10 Gulls, Texel",
      context: HERONS,
      follows: set,
    });
    expect(store.sets.photos(made).map(({ position }) => position)).toEqual([1, 2]);
    expect([store.splits.isSplitOff(made), store.splits.isSplitOff(set)]).toEqual([true, false]);
  });

  test("is to be described anew, and its names are free; what stays keeps words and names", () => {
    split(1);
    expect(store.names.of(at(1))).toBeUndefined();
    expect(store.names.of(at(2))).toBe("Gulls_Texel_2026_002.JPG");
    for (const stage of FORGET.going) expect(doneOf(1).has(stage), stage).toBe(false);
    expect(doneOf(1).has("look")).toBe(true);
    for (const stage of ["words", "name"] as const) expect(doneOf(2).has(stage), stage).toBe(true);
    for (const stage of FORGET.staying) expect(doneOf(2).has(stage), stage).toBe(false);
  });

  test("loses its approvals; rejections, edits of words and the approvals of the others stay", () => {
    store.desk.apply(set, [op(at(1), "caption", "A heron I know."), op(at(2), "verdict", "rejected")], hand);
    approve(1, 3);
    const made = split(1, 2);
    expect(store.desk.photos(made).map(({ state }) => [state.verdict, state.edits.caption])).toEqual([
      [null, "A heron I know."],
      ["rejected", undefined],
    ]);
    // Nothing can go out before it is known again what the others are like; then the approval holds.
    expect(store.releases.plan(set).photos).toEqual([]);
    for (const stage of FORGET.staying) commit(store, set, stage, [at(3), at(4)], () => factsAtGate("")[stage]);
    expect(store.releases.plan(set).photos.map(({ photo }) => photo)).toEqual([at(3)]);
  });

  test("leaves released photos of the set as they are", () => {
    commit(store, set, "review", [at(1)], () => reviewFacts("r1"));
    split(2);
    expect([...doneOf(1)]).toEqual(expect.arrayContaining(["likeness", "subject", "words", "name", "review"]));
  });

  test("is not reached by what is undone in the set it was of", () => {
    store.desk.apply(set, [op(at(1), "verdict", "held"), op(at(2), "verdict", "held")].map(inOneGesture), hand);
    const made = split(1);
    expect(store.desk.undo(set, "tab-1", hand)).toEqual([at(2)]);
    expect(store.desk.photos(made)[0]?.verdict).toBe("held");
    expect(store.desk.photos(set).map(({ verdict }) => verdict)).toEqual([null, null, null]);
  });

  test("keeps its revision, so that an edit of before does not pass for a new one", () => {
    store.desk.apply(set, [op(at(1), "caption", "One."), op(at(1), "caption", "Two.")], hand);
    const before = store.desk.photos(set)[0]?.state.rev;
    const made = split(1);
    expect(store.desk.photos(made)[0]?.state.rev).toBe(before);
  });

  test("cannot be split off a set that is being rolled back", () => {
    store.checkpoints.hold(set, { stage: "validate", code: "set.rolling-back", why: "x", retryAt: null, at: 1 });
    expect(() => split(1)).toThrow(expect.objectContaining({ code: "set.busy" }));
    expect(() => store.splits.assertOpen("nobody")).toThrow(expect.objectContaining({ code: "set.unknown" }));
  });

  test("that cannot be split off whole is not split off at all", () => {
    const lines = store.journal.of(set).length;
    database.exec("create trigger full before insert on split_off begin select raise(abort, 'full'); end");
    expect(() => split(1)).toThrow("full");
    expect([store.sets.all().length, ids(set).length, store.journal.of(set).length]).toEqual([1, 4, lines]);
    expect(doneOf(2).has("subject")).toBe(true);
  });
});

const inOneGesture = <T extends object>(one: T): T => ({ ...one, gesture: "both" });

test("files that come late join the set of their folder, not what was split off it", () => {
  split(1);
  const late = store.sets.take(drop({ files: ["5.JPG"] }), 100);
  expect([late.set, late.isNewSet]).toEqual([set, false]);
});

test("a page that was loaded before is told, and sees none of the photos that left", () => {
  const before = store.desk.revision(set);
  store.desk.apply(set, [op(at(1), "verdict", "held")], hand);
  split(1);
  expect(store.splits.hasSplitSince(set, before)).toBe(true);
  expect(store.splits.hasSplitSince(set, store.desk.revision(set))).toBe(false);
  expect([...store.desk.touchedSince(set, before)].sort()).toEqual([at(2), at(3), at(4)]);
});
