import { expect, test } from "vitest";
import type { PhotoId } from "../../src/domain/words.ts";
import { columnsOf, columnsText, rowsAtOnce } from "../../src/review-server/columns.ts";
import { rowsOf } from "../../src/review-server/rows.ts";
import { drop, hand, memoryStore, op, setAtGate } from "../store/home.ts";
import { visit } from "./house.ts";

const MANY = 350;
const files = Array.from({ length: MANY }, (_, i) => `IMG_${i}.JPG`);

test("rows that are made in slices are what they are in one go", async () => {
  const { store } = memoryStore();
  const { set, photos } = setAtGate(store, { files });
  let pauses = 0;
  const pause = async (): Promise<void> => {
    pauses += 1;
  };
  expect(await rowsAtOnce(store, set, undefined, pause)).toEqual({
    rev: store.desk.revision(set),
    rows: rowsOf(store, set),
  });
  expect(pauses).toBeGreaterThanOrEqual(3);
  const some = new Set(photos.slice(7, 9));
  expect((await rowsAtOnce(store, set, some)).rows).toEqual(rowsOf(store, set, some));
  expect((await rowsAtOnce(store, set, new Set())).rows).toEqual([]);
});

test("what changes while they are made is in the answer, and the answer is of one revision", async () => {
  const { store } = memoryStore();
  const { set, photos } = setAtGate(store, { files });
  const waiting: PhotoId[] = [...photos];
  let pauses = 0;
  const { rev, rows } = await rowsAtOnce(store, set, undefined, async () => {
    pauses += 1;
    // The first pauses see many decisions, photos that were made already and others; later ones fewer and fewer.
    const decided = waiting.splice(0, Math.floor(150 / pauses));
    store.desk.apply(
      set,
      decided.map((photo) => op(photo, "verdict", "rejected")),
      hand,
    );
  });
  expect(rev).toBe(store.desk.revision(set));
  expect(rows).toEqual(rowsOf(store, set));
  expect(waiting.length).toBeLessThan(MANY);
});

test("photos that are split off the set while rows are made are not in the answer", async () => {
  const { store } = memoryStore();
  const { set, photos } = setAtGate(store, { files });
  let hasSplit = false;
  const { rows } = await rowsAtOnce(store, set, undefined, async () => {
    if (!hasSplit) store.splits.split(set, photos.slice(0, 1), { folder: "nature" }, { going: [], staying: [] }, hand);
    hasSplit = true;
  });
  expect(rows.map(({ id }) => id)).toEqual(photos.slice(1));
});

test("photos that join the set while rows are made are in the answer", async () => {
  const { store } = memoryStore();
  const { set } = setAtGate(store, { files });
  let hasJoined = false;
  const { rows } = await rowsAtOnce(store, set, undefined, async () => {
    if (!hasJoined) store.sets.take(drop({ files: ["LATE.JPG"] }), 10, () => true);
    hasJoined = true;
  });
  expect(rows.at(-1)?.file).toBe("LATE.JPG");
  expect(rows).toEqual(rowsOf(store, set));
});

test("a set that is removed while its rows are made is not answered with half of them", async () => {
  const { store } = memoryStore();
  const { set } = setAtGate(store, { files });
  const gone = rowsAtOnce(store, set, undefined, async () => {
    if (store.sets.get(set) !== undefined) store.sets.remove(set, 10);
  });
  await expect(gone).rejects.toMatchObject({ code: "set.unknown" });
});

test("the rows of a large set leave room for other work, again and again", async () => {
  const { store, get, cli } = await visit();
  const { set } = setAtGate(store, { files });
  let turns = 0;
  const otherWork = setInterval(() => (turns += 1), 0);
  const response = await get(`/api/sets/${set}/rows`, { authorization: `Bearer ${cli}` });
  const { columns } = (await response.json()) as { columns: unknown };
  clearInterval(otherWork);
  expect(columns).toEqual(JSON.parse(JSON.stringify(columnsOf(rowsOf(store, set)))));
  expect(turns).toBeGreaterThanOrEqual(3);
});

test("columns are written as JSON writes them", async () => {
  const { store } = memoryStore();
  const { set } = setAtGate(store, { files: files.slice(0, 120) });
  const rows = rowsOf(store, set);
  expect(await columnsText(rows)).toBe(JSON.stringify(columnsOf(rows)));
  expect(await columnsText([])).toBe("{}");
});
