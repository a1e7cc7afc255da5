import { expect, test } from "vitest";
import { columnsOf, rowsOf } from "../../src/review-server/rows.ts";
import { drop, hand, memoryStore, op, setAtGate } from "../store/home.ts";

test("a photo whose file was replaced says which one it is a new version of", () => {
  const { store } = memoryStore();
  const first = drop({ files: ["IMG_1.JPG"] });
  const set = store.sets.take(first, 10, () => true).set ?? "";
  const [shot] = first.shots;
  if (shot === undefined) throw new Error("no shot");
  const newer = { main: { ...shot.main, bytes: 2_000, mtimeMs: 9 }, companions: [] };
  store.sets.take({ ...first, shots: [newer] }, 20, () => true);
  expect(columnsOf(rowsOf(store, set))["revises"]).toEqual([null, "IMG_1.JPG"]);
});

test.each([1, 3, 55])("%i rows of a set are what they are among all of them", (many) => {
  const { store } = memoryStore();
  const { set, photos } = setAtGate(store, { files: Array.from({ length: 60 }, (_, i) => `IMG_${i}.JPG`) });
  const [first = 0, second = 0, third = 0] = photos;
  store.desk.apply(
    set,
    [op(first, "verdict", "approved"), op(second, "caption", "Two gulls."), op(third, "verdict", "wished")],
    hand,
  );
  const wanted = new Set(photos.slice(0, many));
  const all = rowsOf(store, set);
  expect(rowsOf(store, set, wanted)).toEqual(all.slice(0, many));
  expect(all[2]).toMatchObject({ verdict: null, wished: true });
});

test("a row says in words which crops are proposed, and nothing before they are", () => {
  const { store } = memoryStore();
  const { set } = setAtGate(store, { files: ["IMG_1.JPG"] });
  expect(columnsOf(rowsOf(store, set))["crops"]).toEqual(["16:9 sure, 1:1 to review"]);
  store.sets.take(drop({ files: ["IMG_2.JPG"] }), 10, () => true);
  expect(columnsOf(rowsOf(store, set))["crops"]).toEqual(["16:9 sure, 1:1 to review", ""]);
});
