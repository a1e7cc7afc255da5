import { beforeEach, describe, expect, test } from "vitest";
import type { Facts } from "../../src/domain/facts.ts";
import type { PhotoId, SetId } from "../../src/domain/words.ts";
import type { Store } from "../../src/store/store.ts";
import { commit, drop, factsAtGate, hand, memoryStore, op, setAtGate } from "./home.ts";

let store: Store;
let set: SetId;
let photos: PhotoId[];
let a: PhotoId;
let b: PhotoId;
let c: PhotoId;

/** Photos whose content is known, as settling leaves it. */
const known = (name: string, files: readonly string[]) => {
  const { shots, ...rest } = drop({ name, files });
  const told = shots.map(({ main, companions }, i) => ({
    main: { ...main, sha256: `${name.length % 10}${i}`.padEnd(64, "0") },
    companions,
  }));
  return { ...rest, shots: told };
};

beforeEach(() => {
  store = memoryStore().store;
  const opened = store.sets.open(known("gulls", ["1.jpg", "2.jpg", "3.jpg"]), 1);
  set = opened?.id ?? "";
  photos = store.sets.photos(set).map(({ id }) => id);
  [a = 0, b = 0, c = 0] = photos;
});

const say = (photo: PhotoId, others: readonly PhotoId[], given = {}) =>
  store.desk.apply(set, [op(photo, "distinct", others, given)], hand)[0];

describe("no duplicates", () => {
  test("holds for both of a pair, whichever it was said of", () => {
    expect(say(b, [a, c])).toMatchObject({ ok: true });
    expect(store.likenesses.distinctFrom(a)).toEqual([b]);
    expect(store.likenesses.distinctFrom(b)).toEqual([a, c]);
    expect([store.likenesses.areDistinct(a, b), store.likenesses.areDistinct(a, c)]).toEqual([true, false]);
    expect(store.likenesses.distinctIn(set)).toEqual(
      new Map([
        [a, new Set([b])],
        [b, new Set([a, c])],
        [c, new Set([b])],
      ]),
    );
  });

  test("is remembered by content when the photos are forgotten and come again", () => {
    say(a, [b]);
    store.sets.remove(set, 5);
    const again = store.sets.open(known("gulls", ["1.jpg", "2.jpg", "3.jpg"]), 6);
    const [one = 0, two = 0, three = 0] = store.sets.photos(again?.id ?? "").map(({ id }) => id);
    expect(one).not.toBe(a);
    expect([store.likenesses.areDistinct(one, two), store.likenesses.areDistinct(one, three)]).toEqual([true, false]);
  });

  test("of a whole group is one gesture, undone and redone together", () => {
    const ops = photos.map((photo) =>
      op(
        photo,
        "distinct",
        photos.filter((other) => other !== photo),
        { gesture: "all" },
      ),
    );
    store.desk.apply(set, ops, hand);
    expect(store.likenesses.distinctFrom(c)).toEqual([a, b]);
    expect(store.desk.undo(set, "tab-1", hand)).toHaveLength(3);
    expect(photos.map((photo) => store.likenesses.distinctFrom(photo))).toEqual([[], [], []]);
    store.desk.redo(set, "tab-1", hand);
    expect(photos.map((photo) => store.likenesses.distinctFrom(photo))).toEqual([
      [b, c],
      [a, c],
      [a, b],
    ]);
  });

  test("refuses what is no photo, and leaves everything as it was", () => {
    expect(say(a, [999])).toMatchObject({ ok: false, code: "review.unknown-photo" });
    for (const nonsense of ["b", [0], [1.5], { photo: b }])
      expect(store.desk.apply(set, [op(a, "distinct", nonsense)], hand)[0]).toMatchObject({
        ok: false,
        code: "review.invalid-value",
      });
    expect(store.likenesses.distinctFrom(a)).toEqual([]);
  });

  test("takes no approval back: nothing that is published has changed", () => {
    const gate = setAtGate(store, { name: "terns" });
    const [photo = 0, other = 0] = gate.photos;
    const seen = store.desk.photos(gate.set)[0]?.hash;
    store.desk.apply(gate.set, [op(photo, "verdict", "approved", { seen })], hand);
    store.desk.apply(gate.set, [op(photo, "distinct", [other])], hand);
    expect(store.desk.photos(gate.set)[0]?.verdict).toBe("approved");
  });
});

describe("what is alike across sets", () => {
  const facts = (photo: PhotoId): Facts["likeness"] => ({
    groups: [],
    elsewhere: [{ photo, tier: "same-frame", evidence: { phash: 3, cosine: 0.97 } }],
  });

  test("is seen from both, and the earlier set hears of it", () => {
    const later = store.sets.open(known("later gulls", ["9.jpg"]), 2)?.id ?? "";
    const [newer = 0] = store.sets.photos(later).map(({ id }) => id);
    const before = store.desk.revision(set);
    commit(store, later, "likeness", [newer], () => facts(b));
    expect(store.likenesses.elsewhere(later).get(newer)).toEqual([
      { photo: b, set, setName: "gulls", file: "2.jpg", tier: "same-frame", evidence: { phash: 3, cosine: 0.97 } },
    ]);
    expect([...store.likenesses.elsewhere(set)]).toEqual([
      [
        b,
        [
          {
            photo: newer,
            set: later,
            setName: "later gulls",
            file: "9.jpg",
            tier: "same-frame",
            evidence: { phash: 3, cosine: 0.97 },
          },
        ],
      ],
    ]);
    expect([...store.desk.touchedSince(set, before)]).toEqual([b]);
  });

  test("is said to the other set when a person calls it no duplicate, and when they take that back", () => {
    const later = store.sets.open(known("later gulls", ["9.jpg"]), 2)?.id ?? "";
    const [newer = 0] = store.sets.photos(later).map(({ id }) => id);
    commit(store, later, "likeness", [newer], () => facts(b));
    const touched = () => [...store.desk.touchedSince(set, before)];
    let before = store.desk.revision(set);
    store.desk.apply(later, [op(newer, "distinct", [b])], hand);
    expect(touched()).toEqual([b]);
    before = store.desk.revision(set);
    store.desk.undo(later, "tab-1", hand);
    expect(touched()).toEqual([b]);
  });

  test("is gone with the set that found it", () => {
    const later = store.sets.open(known("later gulls", ["9.jpg"]), 2)?.id ?? "";
    commit(store, later, "likeness", [store.sets.photos(later)[0]?.id ?? 0], () => facts(b));
    store.sets.remove(later, 5);
    expect(store.likenesses.elsewhere(set)).toEqual(new Map());
  });
});

describe("what the catalogue of fingerprints is filled from", () => {
  const { look, exif } = factsAtGate("x");
  test("is every photo that was looked at, some at a time", () => {
    commit(store, set, "look", [a, c], () => look);
    expect(store.likenesses.hashes(0, 1)).toEqual([{ id: a, phash: look.phash }]);
    expect(store.likenesses.hashes(a, 5)).toEqual([{ id: c, phash: look.phash }]);
  });

  test("is found by the time the camera wrote", () => {
    commit(store, set, "look", [a, c], () => look);
    commit(store, set, "exif", [a, b], () => exif);
    commit(store, set, "exif", [c], () => ({ ...exif, takenAt: "2026:10:14 08:12:34" }));
    expect(store.likenesses.takenAt("2026:10:14 08:12:33")).toEqual([
      { id: a, phashes: look.phashes, phash256: look.phash256, thumb: look.thumb, aspect: look.width / look.height },
    ]);
  });
});

describe("another keeper", () => {
  const keep = (photo: PhotoId, others: readonly PhotoId[], given = {}) =>
    store.desk.apply(set, [op(photo, "keeper", others, given)], hand)[0];

  test("is chosen over others, the latest choice last, and is known in its own set", () => {
    expect(store.likenesses.choicesIn(set)).toEqual([]);
    expect(keep(b, [c, a])).toMatchObject({ ok: true });
    keep(a, [b]);
    expect(store.likenesses.keptOver(b)).toEqual([a, c]);
    expect(store.likenesses.choicesIn(set)).toEqual([
      { keeper: b, over: a },
      { keeper: b, over: c },
      { keeper: a, over: b },
    ]);
    expect(store.likenesses.choicesIn("terns")).toEqual([]);
  });

  test("is remembered by content when the photos are forgotten and come again", () => {
    keep(c, [a, b]);
    store.sets.remove(set, 5);
    const again = store.sets.open(known("gulls", ["1.jpg", "2.jpg", "3.jpg"]), 6);
    const [one = 0, two = 0, three = 0] = store.sets.photos(again?.id ?? "").map(({ id }) => id);
    expect(store.likenesses.choicesIn(again?.id ?? "").toSorted((x, y) => x.over - y.over)).toEqual([
      { keeper: three, over: one },
      { keeper: three, over: two },
    ]);
  });

  test("is undone and redone, and the pages of the others hear of it each time", () => {
    const heard = (change: () => void): PhotoId[] => {
      const before = store.desk.revision(set);
      change();
      return [...store.desk.touchedSince(set, before)].toSorted((x, y) => x - y);
    };
    expect(heard(() => keep(b, [a, c]))).toEqual([a, b, c]);
    expect(heard(() => store.desk.undo(set, "tab-1", hand))).toEqual([a, b, c]);
    expect(store.likenesses.choicesIn(set)).toEqual([]);
    expect(heard(() => store.desk.redo(set, "tab-1", hand))).toEqual([a, b, c]);
    expect(store.likenesses.keptOver(b)).toEqual([a, c]);
    keep(b, []);
    expect(store.likenesses.choicesIn(set)).toEqual([]);
  });

  test("decides nothing: verdicts and approvals stay as they are", () => {
    const gate = setAtGate(store, { name: "Terns" });
    const [one = 0, two = 0] = gate.photos;
    store.desk.apply(gate.set, [op(one, "verdict", "approved")], hand);
    store.desk.apply(gate.set, [op(one, "keeper", [two])], hand);
    expect(store.desk.photos(gate.set).map(({ verdict }) => verdict)).toEqual(["approved", null]);
  });

  test("cannot be what is no photo", () => {
    expect(keep(a, [999])).toMatchObject({ ok: false, code: "review.unknown-photo" });
    expect(keep(a, ["b"] as unknown as number[])).toMatchObject({ ok: false, code: "review.invalid-value" });
    expect(store.likenesses.keptOver(a)).toEqual([]);
  });
});
