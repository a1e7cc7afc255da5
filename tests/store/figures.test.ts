import { expect, test } from "vitest";
import { cull } from "../../src/domain/stage.ts";
import { hand, memoryStore, op, setAtGate } from "./home.ts";

const NOON = Date.UTC(2026, 10, 3, 12);

test("decisions that stand are counted by month, those that were undone are no decisions", () => {
  const { store } = memoryStore();
  const { set, photos } = setAtGate(store, { files: ["1.JPG", "2.JPG", "3.JPG"] });
  const [a = 0, b = 0, c = 0] = photos;
  store.desk.apply(set, [op(a, "verdict", "rejected"), op(b, "verdict", "held")], { ...hand, at: NOON });
  const last = op(c, "verdict", "rejected");
  store.desk.apply(set, [last], { ...hand, at: NOON });
  store.desk.undo(set, last.client, hand);
  expect(store.figures.decisions()).toEqual([
    { month: "2026-11", verdict: "held", photos: 1 },
    { month: "2026-11", verdict: "rejected", photos: 1 },
  ]);
  expect(store.figures.decided().reduce((sum, { photos: n }) => sum + n, 0)).toBe(2);
});

test("what a person changed is counted by field, beside how many have words", () => {
  const { store } = memoryStore();
  const { set, photos } = setAtGate(store, { files: ["1.JPG", "2.JPG"] });
  const [a = 0, b = 0] = photos;
  store.desk.apply(set, [op(a, "caption", "A gull."), op(b, "caption", "Two."), op(b, "qr", 5)], hand);
  expect(store.figures.edited()).toEqual({
    photos: 2,
    fields: [
      { field: "caption", photos: 2 },
      { field: "qr", photos: 1 },
    ],
  });
});

test("the stage that fails most comes first", () => {
  const { store } = memoryStore();
  const { set, photos } = setAtGate(store, { files: ["1.JPG", "2.JPG"] });
  const out = new Map(photos.map((photo) => [photo, cull("photo.truncated", "it ends early")]));
  store.checkpoints.commit(set, "look", out, 50);
  store.checkpoints.hold(set, { stage: "words", code: "model.missing", why: "no model", retryAt: null, at: 60 });
  expect(store.figures.troubles()).toEqual([
    { stage: "look", code: "photo.truncated", kind: "left out", times: 2, sets: 1, last: 50 },
    { stage: "words", code: "model.missing", kind: "held", times: 1, sets: 1, last: 60 },
  ]);
  expect(store.figures.passages()).toMatchObject([{ set, photos: 2, leftOut: 2, published: 0, holds: 1 }]);
});

test("a run knows when each stage began and ended, and its lines come newest first, of one photo if asked", () => {
  const { store } = memoryStore();
  const { set, photos } = setAtGate(store, { files: ["1.JPG", "2.JPG"] });
  const [a = 0] = photos;
  expect(store.figures.stages(set).find(({ stage }) => stage === "look")).toMatchObject({ photos: 2 });
  expect(store.figures.files(set).get(a)).toBe("1.JPG");
  const all = store.journal.page(set, { most: 1_000 });
  expect(all.map(({ seq }) => seq)).toEqual(all.map(({ seq }) => seq).toSorted((one, other) => other - one));
  const [newest] = all;
  expect(store.journal.page(set, { before: newest?.seq ?? 0, most: 1 })).toEqual(all.slice(1, 2));
  expect(new Set(store.journal.page(set, { photo: a, most: 1_000 }).map(({ photo_id }) => photo_id))).toEqual(
    new Set([a]),
  );
});
