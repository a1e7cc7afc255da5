import { expect, test } from "vitest";
import { columnsOf, rowsOf } from "../../src/review-server/rows.ts";
import { drop, memoryStore } from "../store/home.ts";

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
