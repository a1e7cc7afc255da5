import { expect, test } from "vitest";
import type { Tier } from "../../src/domain/facts.ts";
import { columnsOf } from "../../src/review-server/columns.ts";
import { rowsOf } from "../../src/review-server/rows.ts";
import { commit, drop, hand, memoryStore, op, setAtGate } from "../store/home.ts";

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

/** Three photos of one group, the second of which is proposed. */
function threeAlike() {
  const { store } = memoryStore();
  const shots = drop({ files: ["1.JPG", "2.JPG", "3.JPG"] }).shots.map(({ main, companions }, i) => ({
    main: { ...main, sha256: String(i).repeat(64) },
    companions,
  }));
  const set = store.sets.open({ ...drop(), shots }, 1)?.id ?? "";
  const [a = 0, b = 0, c = 0] = store.sets.photos(set).map(({ id }) => id);
  const group = (tier: Tier, keeper: number | null) => {
    const said = { tier, group: a, members: [a, b, c], keeper, evidence: {} };
    commit(store, set, "likeness", [a, b, c], (photo) => ({
      groups: [{ ...said, isKeeper: photo === keeper, reason: "larger" }],
      elsewhere: [],
    }));
  };
  group("same-frame", b);
  return { store, set, a, b, c, group };
}

test("photos that are alike are shown with each, less what a person called no duplicates", () => {
  const { store, set, a, b, c } = threeAlike();
  const members = () => rowsOf(store, set).map(({ alike }) => alike.groups.map((group) => group.members));
  expect(members()).toEqual([[[a, b, c]], [[a, b, c]], [[a, b, c]]]);
  store.desk.apply(set, [op(a, "distinct", [b])], hand);
  expect(members()).toEqual([[], [[b, c]], [[b, c]]]);
  expect(rowsOf(store, set)[0]?.alike.distinct).toEqual([b]);
  store.desk.undo(set, "tab-1", hand);
  store.desk.apply(set, [op(a, "distinct", [c])], hand);
  expect(members()).toEqual([[[a, b]], [[a, b, c]], [[b, c]]]);
});

test("the keeper a person chose is shown with each, beside the one that was proposed; the latest choice holds", () => {
  const { store, set, a, b, c } = threeAlike();
  const said = () =>
    rowsOf(store, set).map(({ alike }) => alike.groups.map((one) => [one.keeper, one.isKeeper, one.reason]));
  store.desk.apply(set, [op(c, "keeper", [a, b])], hand);
  expect(said()).toEqual([[[c, false, "chosen by you"]], [[c, false, "chosen by you"]], [[c, true, "chosen by you"]]]);
  expect(rowsOf(store, set)[2]?.alike).toMatchObject({ keptOver: [a, b], groups: [{ proposed: b, isChosen: true }] });
  store.desk.apply(set, [op(a, "keeper", [c])], hand);
  expect(said()[1]).toEqual([[a, false, "chosen by you"]]);
  store.desk.undo(set, "tab-1", hand);
  expect(said()[1]).toEqual([[c, false, "chosen by you"]]);
  // Who has left the group cannot be its keeper.
  store.desk.apply(set, [op(c, "distinct", [a, b])], hand);
  expect(said()).toEqual([[[b, false, "larger"]], [[b, true, "larger"]], []]);
});

test("of a bracket nothing can be chosen", () => {
  const { store, set, a, b, c, group } = threeAlike();
  group("bracket", null);
  store.desk.apply(set, [op(c, "keeper", [a, b])], hand);
  expect(rowsOf(store, set)[2]?.alike.groups).toMatchObject([{ keeper: null, isChosen: false, reason: "larger" }]);
});
