import { expect, test } from "vitest";
import type { Facts, Tier } from "../../src/domain/facts.ts";
import type { PhotoId } from "../../src/domain/words.ts";
import { differencesOf } from "../../src/review-server/client/differences.ts";
import {
  byName,
  groupsIn,
  keptAtFirst,
  keptInBulk,
  parting,
  settlement,
  standingOf,
} from "../../src/review-server/client/groups.ts";
import { rowsOf } from "../../src/review-server/rows.ts";
import { bulkOf, lookupIn, opsOf } from "../../src/review-server/settling.ts";
import type { Store } from "../../src/store/store.ts";
import { commit, drop, hand, memoryStore, op, setAtGate, toGate } from "../store/home.ts";
import { visit } from "./house.ts";

interface Alike {
  readonly tier: Tier;
  readonly members: readonly PhotoId[];
  readonly keeper: PhotoId | null;
}

/** Photos at the gate, each with a content of its own. */
function gate(store: Store, files: readonly string[], name = "Gulls"): { set: string; photos: PhotoId[] } {
  const given = drop({ name, files });
  const shots = given.shots.map(({ main, companions }) => ({
    main: { ...main, sha256: Buffer.from(`${name} ${main.path}`).toString("hex").padEnd(64, "0").slice(-64) },
    companions,
  }));
  const set = store.sets.open({ ...given, shots }, 2)?.id ?? "";
  const photos = store.sets.photos(set).map(({ id }) => id);
  toGate(store, set, photos);
  return { set, photos };
}

function liken(
  store: Store,
  set: string,
  groups: readonly Alike[],
  elsewhere: ReadonlyMap<PhotoId, Facts["likeness"]["elsewhere"]> = new Map(),
): void {
  const photos = store.sets.photos(set).map(({ id }) => id);
  commit(store, set, "likeness", photos, (photo) => ({
    groups: groups
      .filter(({ members }) => members.includes(photo))
      .map(({ tier, members, keeper }) => ({
        tier,
        group: Math.min(...members),
        members: [...members],
        keeper,
        isKeeper: photo === keeper,
        reason: "sharper by 8 %",
        evidence: {},
      })),
    elsewhere: elsewhere.get(photo) ?? [],
  }));
}

function look(store: Store, set: string) {
  const rows = rowsOf(store, set);
  const rowOf = lookupIn(rows);
  const groups = groupsIn(rows);
  return { rows, rowOf, groups, standings: () => groups.map((group) => standingOf(group, rowOf)) };
}

/** Settles a group as the page would. */
function settle(store: Store, set: string, at: number, kept: readonly PhotoId[]): void {
  const { rows, rowOf, groups } = look(store, set);
  const [group] = groups.slice(at);
  if (group === undefined) throw new Error(`no group ${at}`);
  store.desk.apply(set, opsOf(settlement(group, kept, rowOf), rows, "tab-1"), hand);
}

const SIX = ["1.JPG", "2.JPG", "3.JPG", "4.JPG", "5.JPG", "6.JPG"];

test("a group is one, however many of its photos see it; strongest first, in the order of their first photos", () => {
  const { store } = memoryStore();
  const { set, photos } = gate(store, SIX);
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = photos;
  liken(store, set, [
    { tier: "burst", members: [d, e, f], keeper: e },
    { tier: "derived", members: [a, b, c], keeper: a },
    { tier: "same-frame", members: [a, b], keeper: a },
  ]);
  const { groups, standings } = look(store, set);
  expect(groups.map(({ key, members, keeper }) => [key, members, keeper])).toEqual([
    [`same-frame-${a}`, [a, b], a],
    [`derived-${a}`, [a, b, c], a],
    [`burst-${d}`, [d, e, f], e],
  ]);
  expect(standings()).toEqual(["open", "open", "open"]);
});

test("settled: the keeper stays undecided, the others are rejected; what was decided before stays; one undo takes all back", () => {
  const { store } = memoryStore();
  const { set, photos } = gate(store, SIX);
  const [a = 0, b = 0, c = 0] = photos;
  const group: Alike = { tier: "burst", members: photos, keeper: c };
  liken(store, set, [group]);
  store.desk.apply(set, [op(a, "verdict", "held", { client: "other" })], hand);
  const before = look(store, set);
  const [first] = before.groups;
  if (first === undefined) throw new Error("no group");
  expect(keptAtFirst(first, before.rowOf)).toEqual([a, c]);
  settle(store, set, 0, [a, c]);
  const after = look(store, set);
  expect(after.rows.map(({ verdict }) => verdict)).toEqual([
    "held",
    "rejected",
    null,
    "rejected",
    "rejected",
    "rejected",
  ]);
  expect(after.standings()).toEqual(["settled"]);
  expect(after.groups[0]?.keeper).toBe(c);
  // What is kept rather than the others is known by content: compared anew, it is settled still.
  liken(store, set, [{ ...group, keeper: b }]);
  expect(look(store, set).standings()).toEqual(["settled"]);
  expect(look(store, set).groups[0]?.keeper).toBe(c);
  expect(store.desk.undo(set, "tab-1", hand)).toHaveLength(6);
  expect(look(store, set).standings()).toEqual(["open"]);
  expect(look(store, set).rows.map(({ verdict }) => verdict)).toEqual(["held", null, null, null, null, null]);
});

test("two may stay; a photo that was rejected and is kept now is undecided again", () => {
  const { store } = memoryStore();
  const { set, photos } = gate(store, SIX);
  const [a = 0, b = 0] = photos;
  liken(store, set, [{ tier: "burst", members: photos, keeper: a }]);
  store.desk.apply(set, [op(b, "verdict", "rejected", { client: "other" })], hand);
  settle(store, set, 0, [a, b]);
  const { rows, groups, standings } = look(store, set);
  expect(rows.map(({ verdict }) => verdict)).toEqual([null, null, "rejected", "rejected", "rejected", "rejected"]);
  expect(standings()).toEqual(["settled"]);
  expect(groups[0]?.keeper).toBe(b);
});

test("one photo decided is not the group settled; all decided is", () => {
  const { store } = memoryStore();
  const { set, photos } = gate(store, ["1.JPG", "2.JPG", "3.JPG"]);
  const [a = 0, b = 0, c = 0] = photos;
  liken(store, set, [{ tier: "burst", members: photos, keeper: c }]);
  // Chosen in the loupe; nothing is said of the others.
  store.desk.apply(set, [op(a, "keeper", [b, c])], hand);
  expect(look(store, set).standings()).toEqual(["open"]);
  store.desk.apply(set, [op(b, "verdict", "rejected"), op(c, "verdict", "held")], hand);
  expect(look(store, set).standings()).toEqual(["settled"]);
});

test.each(["bracket", "stack", "panorama", "semantic"] as const)("of a %s nothing goes", (tier) => {
  const { store } = memoryStore();
  const { set, photos } = gate(store, ["1.JPG", "2.JPG", "3.JPG"]);
  liken(store, set, [{ tier, members: photos, keeper: null }]);
  const { groups, standings, rowOf } = look(store, set);
  expect(standings()).toEqual(["whole"]);
  expect(bulkOf(groups, "exact", rowOf).changes).toEqual([]);
});

test("no duplicates: the group is shown as parted until it is compared anew, and one undo brings it back", () => {
  const { store } = memoryStore();
  const { set, photos } = gate(store, ["1.JPG", "2.JPG", "3.JPG"]);
  liken(store, set, [{ tier: "burst", members: photos, keeper: photos[0] ?? 0 }]);
  const { rows, groups, rowOf } = look(store, set);
  const [group] = groups;
  if (group === undefined) throw new Error("no group");
  store.desk.apply(set, opsOf(parting(group, rowOf), rows, "tab-1"), hand);
  expect(look(store, set).standings()).toEqual(["parted"]);
  expect(look(store, set).groups[0]?.members).toEqual(photos);
  expect(photos.every((a) => photos.every((b) => a === b || store.likenesses.areDistinct(a, b)))).toBe(true);
  store.desk.undo(set, "tab-1", hand);
  expect(look(store, set).standings()).toEqual(["open"]);
});

test("a photo of another set stands beside ours and is not touched; either of ours may stay or go", () => {
  const { store } = memoryStore();
  const other = gate(store, ["X.JPG"], "Terns");
  const [x = 0] = other.photos;
  const { set, photos } = gate(store, ["1.JPG", "2.JPG"]);
  const [a = 0, b = 0] = photos;
  const kin = (photo: PhotoId): Facts["likeness"]["elsewhere"] => [{ photo, tier: "same-frame", evidence: {} }];
  liken(
    store,
    set,
    [],
    new Map([
      [a, kin(x)],
      [b, kin(x)],
    ]),
  );
  const { groups, standings } = look(store, set);
  expect(groups.map(({ key, members, elsewhere }) => [key, members, elsewhere.map(({ photo }) => photo)])).toEqual([
    [`elsewhere-${a}`, [a], [x]],
    [`elsewhere-${b}`, [b], [x]],
  ]);
  expect(standings()).toEqual(["open", "open"]);
  settle(store, set, 0, [a]);
  settle(store, set, 1, []);
  expect(look(store, set).standings()).toEqual(["settled", "settled"]);
  expect(look(store, set).rows.map(({ verdict }) => verdict)).toEqual([null, "rejected"]);
  expect(look(store, other.set).rows.map(({ verdict }) => verdict)).toEqual([null]);
  // A choice against a photo of another set is known to both.
  expect(look(store, set).rows[0]?.alike.keptOver).toEqual([x]);
});

test("of exact copies the one with the best name stays, or what a person has chosen or decided", () => {
  const { store } = memoryStore();
  const { set, photos } = gate(store, ["Copy of IMG_1.JPG", "IMG_1.JPG", "IMG_1 (1).JPG"]);
  const [copy = 0, original = 0, second = 0] = photos;
  liken(store, set, [{ tier: "exact", members: photos, keeper: copy }]);
  const stays = () => {
    const { groups, rowOf } = look(store, set);
    return groups.flatMap((group) => keptInBulk(group, rowOf));
  };
  expect(stays()).toEqual([original]);
  store.desk.apply(set, [op(second, "keeper", [copy, original])], hand);
  expect(stays()).toEqual([second]);
  store.desk.undo(set, "tab-1", hand);
  store.desk.apply(set, [op(copy, "verdict", "held")], hand);
  expect(stays()).toEqual([copy]);
});

test.each([
  ["IMG_0412.JPG", "IMG_0412 (1).JPG"],
  ["IMG_0412.JPG", "Copy of IMG_0412.JPG"],
  ["IMG_0412.JPG", "IMG_0412-edited.JPG"],
  ["IMG_0412.JPG", "IMG_0412_small.JPG"],
  ["DSC00012.ARW.jpg", "a copy.jpg"],
  ["copenhagen-harbour.jpg", "harbour copy.jpg"],
])("%s is a better name than %s", (better, worse) => {
  expect([worse, better].toSorted(byName)).toEqual([better, worse]);
});

test("only figures that differ are said, and of a time only the hour where the day is the same", () => {
  const { store } = memoryStore();
  const { set } = setAtGate(store, { files: ["1.JPG", "2.JPG"] });
  const [one, other] = rowsOf(store, set);
  if (one === undefined || other === undefined) throw new Error("no rows");
  expect(differencesOf([one, other])).toEqual([[], []]);
  const later = { ...other, takenAt: "2026:10:14 08:12:34", iso: null };
  expect(differencesOf([one, later])).toEqual([
    [
      ["Taken", "08:12:33"],
      ["ISO", "400"],
    ],
    [
      ["Taken", "08:12:34"],
      ["ISO", "not known"],
    ],
  ]);
});

const encoded = (fields: Readonly<Record<string, string>>): string => new URLSearchParams(fields).toString();

test("without script the list shows every group; all exact copies are settled at once, and undone at once", async () => {
  const { store, signIn, get, form } = await visit();
  const { set, photos } = gate(store, ["Copy of 1.JPG", "1.JPG", "Copy of 2.JPG", "2.JPG", "3.JPG", "4.JPG"]);
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = photos;
  liken(store, set, [
    { tier: "exact", members: [a, b], keeper: a },
    { tier: "exact", members: [c, d], keeper: c },
    { tier: "stack", members: [e, f], keeper: null },
  ]);
  const { cookie, csrf } = await signIn();
  const page = async (query = ""): Promise<string> => (await get(`/s/${set}/groups${query}`, { cookie })).text();
  const list = await page();
  expect(list).toContain("3 groups, 2 to settle");
  expect(list).toContain("Nothing is proposed to go");
  expect(await page("?kind=exact")).toContain("Stays: 1.JPG");
  const plan = /name="plan" value="(\w+)"/.exec(list)?.[1] ?? "";
  const fields = { csrf, kind: "exact", plan, back: `/s/${set}/groups` };
  const send = async (body: Readonly<Record<string, string>>) =>
    (await form(`/forms/sets/${set}/settle`, encoded(body), { cookie })).headers.get("location");
  const verdicts = () => rowsOf(store, set).map(({ verdict }) => verdict);

  // What is not as it was shown is not done.
  expect(await send({ ...fields, plan: "0" })).toBe(`/s/${set}/groups?fault=review.groups-changed`);
  expect((await form(`/forms/sets/${set}/settle`, encoded({ ...fields, csrf: "no" }), { cookie })).status).toBe(403);
  expect(verdicts()).toEqual([null, null, null, null, null, null]);

  expect(await send(fields)).toBe(`/s/${set}/groups`);
  expect(verdicts()).toEqual(["rejected", null, "rejected", null, null, null]);
  expect(await page()).toContain("3 groups, none waits for you");
  await form(`/forms/sets/${set}/undo`, encoded({ csrf }), { cookie });
  expect(verdicts()).toEqual([null, null, null, null, null, null]);

  await send({ csrf, kind: "parted", group: `exact-${a}`, back: `/s/${set}/groups` });
  expect(await page()).toContain("not duplicates, you have said");
});

test("the address of a photo leads to its group; a selection is of two to nine photos of this set", async () => {
  const { store, signIn, get } = await visit();
  const { set, photos } = gate(store, SIX);
  const [a = 0, b = 0, c = 0] = photos;
  const other = gate(store, ["X.JPG"], "Terns");
  liken(store, set, [{ tier: "burst", members: [b, c], keeper: c }]);
  const { cookie } = await signIn();
  const visited = (query: string) => get(`/s/${set}/groups${query}`, { cookie });
  expect((await visited(`?photo=${c}`)).headers.get("location")).toBe(`/s/${set}/groups/1`);
  expect((await visited(`?photo=${a}`)).headers.get("location")).toBe(`/s/${set}/groups`);
  expect(await (await visited(`?photos=${a},${b}`)).text()).toContain(`data-photos="${a},${b}"`);
  expect((await visited(`?photos=${a}`)).status).toBe(404);
  expect((await visited(`?photos=${a},${other.photos[0]}`)).status).toBe(404);
  expect((await get("/s/nowhere/groups", { cookie })).status).toBe(404);
  const rows = await get(`/api/rows?photos=${other.photos[0]},${a},99999`, { cookie });
  expect((await rows.json()).columns.file).toEqual(["X.JPG", "1.JPG"]);
});
