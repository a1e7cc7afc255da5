import { beforeEach, describe, expect, test } from "vitest";
import type { Drop } from "../../src/domain/photo.ts";
import { done } from "../../src/domain/stage.ts";
import type { PhotoId, SetId } from "../../src/domain/words.ts";
import { english } from "../../src/language/english.ts";
import { openDatabase } from "../../src/store/database.ts";
import { type Store, storeOn } from "../../src/store/store.ts";
import { factsAtGate, hand, op } from "./home.ts";

let store: Store;
let lying: Set<string>;
beforeEach(() => {
  store = storeOn(openDatabase(":memory:", { workRoot: "/work", now: 1 }), english());
  lying = new Set();
});

type File = readonly [name: string, content: string | undefined, given?: { bytes?: number; mtimeMs?: number }];

/** A drop of files below `/in`, each with what its content hashes to. */
function dropOf(folder: string, files: readonly File[]): Drop {
  const at = folder === "" ? "/in" : `/in/${folder}`;
  return {
    inbox: "/in",
    folder: at,
    name: folder === "" ? "loose" : folder,
    context: { folder: "nature" },
    shots: files.map(([name, content, given]) => ({
      main: {
        path: `${at}/${name}`,
        bytes: 9,
        mtimeMs: 5,
        nameIsText: true,
        sha256: content?.padEnd(64, "0"),
        ...given,
      },
      companions: [],
    })),
  };
}
/** Drops files, and has them lie there from now on. */
function dropped(folder: string, files: readonly File[], at = 10) {
  const drop = dropOf(folder, files);
  for (const { main } of drop.shots) lying.add(main.path);
  return store.sets.take(drop, at, (path) => lying.has(path));
}
const sources = (set: SetId | undefined): string[] => store.sets.photos(set ?? "").map(({ source }) => source.path);
const first = (set: SetId | undefined): PhotoId => store.sets.photos(set ?? "")[0]?.id ?? 0;
const kinds = (set: SetId): string[] => store.journal.of(set).map(({ kind }) => kind);

describe("the same bytes", () => {
  test("twice in one drop, or again under another name and folder, are one photo with other places", () => {
    const { set } = dropped("Gulls", [
      ["1.JPG", "a"],
      ["copy.JPG", "a"],
    ]);
    expect(dropped("Terns", [["9.JPG", "a"]])).toEqual({ set: undefined, isNewSet: false, touched: [] });
    expect(sources(set)).toEqual(["/in/Gulls/1.JPG"]);
    expect(store.intake.aliases().map(({ path, photo }) => [path, photo])).toEqual([
      ["/in/Gulls/copy.JPG", first(set)],
      ["/in/Terns/9.JPG", first(set)],
    ]);
    expect(store.intake.isTaken({ path: "/in/Terns/9.JPG", bytes: 9, mtimeMs: 5 })).toBe(true);
  });

  test("with another time only are the photo they were", () => {
    const { set } = dropped("Gulls", [["1.JPG", "a"]]);
    expect(dropped("Gulls", [["1.JPG", "a", { mtimeMs: 77 }]]).set).toBeUndefined();
    expect(store.sets.photos(set ?? "")[0]?.source.mtimeMs).toBe(77);
    expect(store.intake.aliases()).toEqual([]);
  });

  test("at a place that is not empty any more do not come back as a copy", () => {
    dropped("Gulls", [
      ["1.JPG", "a"],
      ["2.JPG", "a"],
    ]);
    lying.delete("/in/Gulls/2.JPG");
    store.intake.sweep("/in", (path) => lying.has(path));
    expect(store.intake.aliases()).toEqual([]);
  });
});

describe("other bytes", () => {
  test("under the same name from another card are another photo", () => {
    const { set } = dropped("A", [["IMG_1.JPG", "a"]]);
    const other = dropped("B", [["IMG_1.JPG", "b"]]);
    expect([sources(set), sources(other.set)]).toEqual([["/in/A/IMG_1.JPG"], ["/in/B/IMG_1.JPG"]]);
  });

  test("at the same path are a new version; the one before is left out as long as nobody decided about it", () => {
    const { set = "" } = dropped("Gulls", [["1.JPG", "a"]]);
    const before = first(set);
    const { isNewSet } = dropped("Gulls", [["1.JPG", "b", { bytes: 10 }]]);
    const [, after] = store.sets.photos(set);
    expect([isNewSet, after?.revises]).toEqual([false, before]);
    expect(store.sets.culls(set).get(before)?.code).toBe("photo.replaced");
  });

  test("at the same path on another card are another photo in another set, and the card that is away misses nothing", () => {
    store.inboxes.sawVolume("/in", { marker: "card one", device: "1" }, 1);
    const one = dropped("100CANON", [["1.JPG", "a"]]).set ?? "";
    store.checkpoints.commit(one, "ingest", new Map([[first(one), done(factsAtGate("x").ingest)]]), 11);
    store.inboxes.sawVolume("/in", { marker: "card two", device: "2" }, 12);
    const two = dropped("100CANON", [["1.JPG", "b", { bytes: 8 }]]);
    expect(two).toMatchObject({ isNewSet: true });
    expect(store.sets.culls(one).size).toBe(0);
    expect(store.intake.missing("/in", () => false)).toEqual({ missing: [], of: 0 });
    expect([store.inboxes.hasVolumeOf(one), store.inboxes.hasVolumeOf(two.set ?? "")]).toEqual([false, true]);

    store.inboxes.sawVolume("/in", { marker: "card one", device: "1" }, 13);
    expect(store.intake.missing("/in", () => false).missing).toMatchObject([{ set: one }]);
  });

  test("at the path of a photo that was decided about leave the decision alone, in a set that follows", () => {
    const { set = "" } = dropped("Gulls", [["1.JPG", "a"]]);
    store.desk.apply(set, [op(first(set), "verdict", "rejected")], hand);
    const again = dropped("Gulls", [["1.JPG", "b", { bytes: 10 }]]);
    expect(store.sets.culls(set).size).toBe(0);
    expect(store.sets.get(again.set ?? "")?.follows).toBe(set);
    expect(store.sets.photos(again.set ?? "")[0]?.revises).toBe(first(set));
  });
});

describe("late files", () => {
  test("join their set until its review began, then form one that follows it", () => {
    const { set = "" } = dropped("Gulls", [["1.JPG", "a"]]);
    expect(dropped("Gulls", [["2.JPG", "b"]])).toEqual({ set, isNewSet: false, touched: [set] });
    expect(kinds(set)).toEqual(["set.opened", "set.joined"]);
    store.desk.apply(set, [op(first(set), "verdict", "held")], hand);
    const after = dropped("Gulls", [["3.JPG", "c"]]);
    expect([after.isNewSet, store.sets.get(after.set ?? "")?.follows]).toEqual([true, set]);
    expect(dropped("Gulls", [["4.JPG", "d"]]).set).toBe(after.set);
  });

  test("that lie loose join only what came shortly before", () => {
    const { set } = dropped("", [["1.JPG", "a"]], 0);
    expect(dropped("", [["2.JPG", "b"]], 29 * 60_000).set).toBe(set);
    const later = dropped("", [["3.JPG", "c"]], 31 * 60_000);
    expect([later.isNewSet, store.sets.get(later.set ?? "")?.follows]).toEqual([true, null]);
  });
});

describe("a photo whose file is at another place", () => {
  test("and no longer at its own has moved, with its set", () => {
    const { set = "" } = dropped("Gulls", [
      ["1.JPG", "a"],
      ["2.JPG", "b"],
    ]);
    lying.clear();
    const moved = dropped("Texel", [
      ["1.JPG", "a"],
      ["2.JPG", "b"],
    ]);
    expect(moved.set).toBeUndefined();
    expect(sources(set)).toEqual(["/in/Texel/1.JPG", "/in/Texel/2.JPG"]);
    expect(store.sets.get(set)?.folder).toBe("/in/Texel");
    expect(dropped("Texel", [["3.JPG", "c"]]).set).toBe(set);
  });

  test("and was rejected has not moved, but come again: a person is asked", () => {
    const { set = "" } = dropped("Gulls", [["1.JPG", "a"]]);
    store.desk.apply(set, [op(first(set), "verdict", "rejected")], hand);
    lying.clear();
    dropped("Terns", [["9.JPG", "a"]]);
    dropped("Gulls", [["1.JPG", "a", { mtimeMs: 77 }]]);
    expect(sources(set)).toEqual(["/in/Gulls/1.JPG"]);
    expect(store.intake.aliases().map(({ path, verdict }) => [path, verdict])).toEqual([
      ["/in/Gulls/1.JPG", "rejected"],
      ["/in/Terns/9.JPG", "rejected"],
    ]);
  });

  test("is taken up again if it was left out because it was gone", () => {
    const { set = "" } = dropped("Gulls", [["1.JPG", "a"]]);
    const cull = { kind: "cull", code: "photo.gone", why: "gone" } as const;
    store.checkpoints.commit(set, "validate", new Map([[first(set), cull]]), 11);
    expect(store.intake.isTaken({ path: "/in/Gulls/1.JPG", bytes: 9, mtimeMs: 5 })).toBe(false);
    expect(dropped("Gulls", [["1.JPG", "a"]]).touched).toEqual([set]);
    expect(store.sets.culls(set).size).toBe(0);
  });

  test("can be done again from another copy", () => {
    const { set = "" } = dropped("Gulls", [["1.JPG", "a"]]);
    dropped("Terns", [["9.JPG", "a"]]);
    expect(store.sets.repoint(first(set), 20)).toBe(true);
    expect([sources(set), store.intake.aliases()]).toEqual([["/in/Terns/9.JPG"], []]);
    expect(store.sets.repoint(first(set), 20)).toBe(false);
  });
});

describe("a photo whose file is another now", () => {
  const code = (photo: PhotoId): string | undefined =>
    store.sets.culls(store.sets.photo(photo)?.setId ?? "").get(photo)?.code;

  test("is where a copy of it lies", () => {
    const { set = "" } = dropped("Gulls", [["1.JPG", "a"]]);
    dropped("Copies", [["1.JPG", "a"]]);
    dropped("Gulls", [["1.JPG", "b", { bytes: 10 }]]);
    expect(sources(set)).toEqual(["/in/Copies/1.JPG", "/in/Gulls/1.JPG"]);
    expect([code(first(set)), store.intake.aliases()]).toEqual([undefined, []]);
  });

  test("is taken back when its bytes are, and what stood in for them is left out", () => {
    const { set = "" } = dropped("Gulls", [["1.JPG", "a"]]);
    dropped("Gulls", [["1.JPG", "b", { bytes: 10 }]]);
    const [, second] = store.sets.photos(set);
    for (const time of [{ mtimeMs: 77 }, {}]) {
      expect(store.intake.isTaken({ path: "/in/Gulls/1.JPG", bytes: 9, mtimeMs: time.mtimeMs ?? 5 })).toBe(false);
      dropped("Gulls", [["1.JPG", "a", time]]);
      expect([code(first(set)), code(second?.id ?? 0)]).toEqual([undefined, "photo.replaced"]);
      dropped("Gulls", [["1.JPG", "b", { bytes: 10, mtimeMs: 78 }]]);
      expect([code(first(set)), code(second?.id ?? 0)]).toEqual(["photo.replaced", undefined]);
    }
  });

  test("is taken back when its bytes come under another name", () => {
    const { set = "" } = dropped("Gulls", [["1.JPG", "a"]]);
    dropped("Gulls", [["1.JPG", "b", { bytes: 10 }]]);
    dropped("Terns", [["9.JPG", "a"]]);
    expect([sources(set)[0], code(first(set))]).toEqual(["/in/Terns/9.JPG", undefined]);
  });

  test("and whose names were exchanged go by their names from then on", () => {
    const { set = "" } = dropped("Gulls", [
      ["1.JPG", "a"],
      ["2.JPG", "b", { bytes: 10 }],
    ]);
    dropped("Gulls", [
      ["1.JPG", "b", { bytes: 10 }],
      ["2.JPG", "a"],
    ]);
    expect(sources(set)).toEqual(["/in/Gulls/2.JPG", "/in/Gulls/1.JPG"]);
    expect([store.sets.culls(set).size, store.intake.aliases()]).toEqual([0, []]);
  });
});

test("a copy of a photo that was left out because its file was gone is not taken in yet", () => {
  const { set = "" } = dropped("Gulls", [["1.JPG", "a"]]);
  dropped("Terns", [["9.JPG", "a"]]);
  const copy = { path: "/in/Terns/9.JPG", bytes: 9, mtimeMs: 5 };
  expect(store.intake.isTaken(copy)).toBe(true);
  const cull = { kind: "cull", code: "photo.gone", why: "gone" } as const;
  store.checkpoints.commit(set, "validate", new Map([[first(set), cull]]), 11);
  expect(store.intake.isTaken(copy)).toBe(false);
  expect(dropped("Terns", [["9.JPG", "a"]]).touched).toEqual([set]);
  expect([sources(set), store.sets.culls(set).size]).toEqual([["/in/Terns/9.JPG"], 0]);
});

test("files whose content nobody could read are told by path, size and time alone", () => {
  const { set } = dropped("Gulls", [
    ["1.JPG", undefined],
    ["2.JPG", undefined],
  ]);
  expect(sources(set)).toHaveLength(2);
  expect(dropped("Gulls", [["1.JPG", undefined]]).set).toBeUndefined();
});

test("who follows a set hears of the photos that joined it late", () => {
  const { set = "" } = dropped("Gulls", [["1.JPG", "a"]]);
  const before = store.desk.revision(set);
  dropped("Gulls", [["2.JPG", "b"]]);
  const photos = store.sets.photos(set).map(({ id }) => id);
  expect(photos).toHaveLength(2);
  expect([...store.desk.touchedSince(set, before)].sort()).toEqual(photos);
  expect(store.desk.touchedSince(set, store.desk.revision(set)).size).toBe(0);
  expect(store.sets.first(set, 1)).toEqual(photos.slice(0, 1));
});
