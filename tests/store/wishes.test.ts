import { beforeEach, describe, expect, test } from "vitest";
import type { PhotoId, SetId } from "../../src/domain/words.ts";
import type { DeskPhoto } from "../../src/store/standing.ts";
import type { Store } from "../../src/store/store.ts";
import { drop, hand, memoryStore, op, toGate } from "./home.ts";

let store: Store;
let set: SetId;
let a: PhotoId;
let b: PhotoId;
/** A set that was taken in and not worked on: two photos without a single fact. */
beforeEach(() => {
  ({ store } = memoryStore());
  set = store.sets.open(drop(), 2)?.id ?? "";
  [a = 0, b = 0] = store.sets.photos(set).map(({ id }) => id);
});

const decide = (photo: PhotoId, to: string | null, seen?: string): string => {
  const [result] = store.desk.apply(set, [op(photo, "verdict", to, seen === undefined ? {} : { seen })], hand);
  return result?.ok === true ? "ok" : (result?.code ?? "");
};
const shown = (photo: PhotoId): DeskPhoto => {
  const found = store.desk.photos(set).find((one) => one.photo.id === photo);
  if (found === undefined) throw new Error(`no photo ${photo}`);
  return found;
};
const standing = (photo: PhotoId) => [shown(photo).verdict, shown(photo).state.wished];
const planned = (): PhotoId[] => store.releases.plan(set).photos.map(({ photo }) => photo);

test("a wish is no approval before the words are there, none when they come, and one once it is confirmed", () => {
  expect(decide(a, "approved")).toBe("review.not-ready");
  expect(decide(a, "wished")).toBe("ok");
  expect(standing(a)).toEqual([null, true]);
  expect(store.sets.counts(set)).toMatchObject({ wished: 1, approved: 0, undecided: 0 });

  toGate(store, set, [a, b]);
  expect(standing(a)).toEqual([null, true]);
  expect(planned()).toEqual([]);
  expect(store.releases.plan(set).leftOut.undecided).toBe(2);
  expect(store.sets.counts(set)).toMatchObject({ wished: 1, approved: 0, undecided: 2 });
  const empty = store.releases.plan(set).hash;
  expect(() => store.releases.release(set, empty, hand)).toThrow();
  expect(shown(a).photo.facts.review).toBeUndefined();

  expect(decide(a, "approved", "0".repeat(64))).toBe("review.stale");
  expect(standing(a)).toEqual([null, true]);
  expect(decide(a, "approved", shown(a).hash)).toBe("ok");
  expect(standing(a)).toEqual(["approved", false]);
  expect(shown(a).state.approvedHash).toBe(shown(a).hash);
  expect(planned()).toEqual([a]);
  expect(store.sets.counts(set)).toMatchObject({ wished: 0, approved: 1, undecided: 1 });
});

describe("a wish", () => {
  test.each(["rejected", "held", null])("is gone when the photo is %s, and back when that is undone", (to) => {
    decide(a, "wished");
    decide(a, to);
    expect(standing(a)).toEqual([to, false]);
    store.desk.undo(set, "tab-1", hand);
    expect(standing(a)).toEqual([null, true]);
  });

  test("is undone and done again like any decision", () => {
    decide(a, "rejected");
    decide(a, "wished");
    expect(standing(a)).toEqual([null, true]);
    expect(store.desk.undo(set, "tab-1", hand)).toEqual([a]);
    expect(standing(a)).toEqual(["rejected", false]);
    expect(store.desk.redo(set, "tab-1", hand)).toEqual([a]);
    expect(standing(a)).toEqual([null, true]);
  });

  test("comes back when its confirmation is undone", () => {
    decide(a, "wished");
    toGate(store, set, [a, b]);
    decide(a, "approved", shown(a).hash);
    store.desk.undo(set, "tab-1", hand);
    expect(standing(a)).toEqual([null, true]);
    expect(planned()).toEqual([]);
  });

  test("outlives an edit and stages that are done again: it is bound to nothing", () => {
    decide(a, "wished");
    toGate(store, set, [a, b]);
    store.desk.apply(set, [op(a, "caption", "Two gulls.")], hand);
    store.checkpoints.forget(set, "words", [a], 20);
    expect(standing(a)).toEqual([null, true]);
  });

  test("is written down with who wished it", () => {
    decide(a, "wished");
    expect(store.desk.history(set, 10)[0]).toMatchObject({
      by: "page",
      ops: [{ photo: a, field: "verdict", before: null, after: { verdict: "wished", hash: null } }],
    });
  });

  test("goes with its set", () => {
    decide(a, "wished");
    store.sets.remove(set, 30);
    set = store.sets.open(drop(), 40)?.id ?? "";
    expect(store.sets.counts(set).wished).toBe(0);
  });
});

test("a photo that is rejected or held early stays so when its words come", () => {
  decide(a, "rejected");
  decide(b, "held");
  toGate(store, set, [a, b]);
  expect([standing(a), standing(b)]).toEqual([
    ["rejected", false],
    ["held", false],
  ]);
});
