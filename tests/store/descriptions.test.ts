import { beforeEach, describe, expect, test } from "vitest";
import type { Database } from "../../src/store/database.ts";
import type { Store } from "../../src/store/store.ts";
import { commit, drop, factsAtGate, hand, memoryStore, op, reviewFacts, setAtGate } from "./home.ts";

let store: Store;
let database: Database;
beforeEach(() => {
  ({ store, database } = memoryStore());
});

const said = { subject: "Terns", folder: "birds" };
const stagesOf = (photo: number | undefined): string[] => Object.keys(store.sets.photo(photo ?? 0)?.facts ?? {});
const hashOf = (set: string): string | undefined => store.desk.photos(set)[0]?.hash;

describe("a set that is described anew", () => {
  test("has the new description, and has lost what was made of the old one, in one journal line and one transaction", () => {
    const { set, photos } = setAtGate(store);
    const [a = 0, b = 0] = photos;
    const before = store.sets.get(set)?.context;
    store.desk.apply(
      set,
      [op(a, "verdict", "approved", { seen: hashOf(set) ?? null }), op(b, "verdict", "held")],
      hand,
    );
    store.descriptions.describe(set, said, ["name", "words"], hand);
    expect(store.sets.get(set)?.context).toEqual(said);
    expect(store.sets.photo(a)?.context).toEqual(said);
    expect(stagesOf(a)).not.toEqual(expect.arrayContaining(["words"]));
    expect(stagesOf(b)).not.toEqual(expect.arrayContaining(["name"]));
    expect(stagesOf(b)).toContain("subject");
    expect(store.names.of(a)).toBeUndefined();
    expect(store.sets.counts(set)).toMatchObject({ approved: 0, held: 1, working: 2 });
    const lines = store.journal.of(set);
    expect(lines.filter(({ kind }) => kind === "set.described").map(({ data }) => JSON.parse(data))).toEqual([
      { by: "page", before, after: said },
    ]);
    expect(lines.filter(({ kind }) => kind === "approval.voided")).toHaveLength(1);
    expect(store.journal.brokenAt()).toBeUndefined();
  });

  test("and fails half-way has the old one, and all that was made of it", () => {
    const { set, photos } = setAtGate(store);
    const before = store.sets.get(set)?.context;
    database.exec("create temp trigger fail before delete on checkpoints begin select raise(abort, 'cut off'); end");
    expect(() => store.descriptions.describe(set, said, ["name"], hand)).toThrow("cut off");
    expect(store.sets.get(set)?.context).toEqual(before);
    expect(stagesOf(photos[0])).toContain("name");
    expect(store.journal.of(set).some(({ kind }) => kind === "set.described")).toBe(false);
  });

  test("keeps what a person wrote about single photos, all but file names", () => {
    const { set, photos } = setAtGate(store);
    const [a = 0] = photos;
    store.desk.apply(set, [op(a, "caption", "Mine."), op(a, "name", "Mine_001.JPG")], hand);
    store.descriptions.describe(set, said, ["name", "words"], hand);
    expect(store.desk.photos(set)[0]?.state.edits).toEqual({ caption: "Mine." });
  });
});

describe("nothing can be said any more, or now, about a set", () => {
  test("of which photos are released", () => {
    const { set, photos } = setAtGate(store);
    commit(store, set, "review", photos.slice(0, 1), () => reviewFacts("r1"));
    expect(() => store.descriptions.describe(set, said, [], hand)).toThrow(
      expect.objectContaining({ code: "set.released", message: `1 photos of ${set} are released` }),
    );
    expect(store.sets.get(set)?.context.subject).toBe("Gulls");
  });

  test("that is being rolled back, or that nobody knows", () => {
    const { set } = setAtGate(store);
    store.checkpoints.hold(set, { stage: "validate", code: "set.rolling-back", why: "x", retryAt: null, at: 1 });
    expect(() => store.descriptions.assertOpen(set)).toThrow(expect.objectContaining({ code: "set.busy" }));
    expect(() => store.descriptions.assertOpen("x")).toThrow(expect.objectContaining({ code: "set.unknown" }));
  });
});

test("the cameras of a set are those found so far, each once, and null for photos without one", () => {
  const set = store.sets.open(drop({ files: ["1.JPG", "2.JPG", "3.JPG", "4.JPG"] }), 1)?.id ?? "";
  expect(store.descriptions.cameras(set)).toEqual([]);
  const cameras = ["NIKON Z 8", null, "Canon EOS R5", "NIKON Z 8"];
  store.sets.photos(set).forEach(({ id }, i) => {
    commit(store, set, "exif", [id], () => ({ ...factsAtGate("x").exif, camera: cameras[i] ?? null }));
  });
  expect(store.descriptions.cameras(set)).toEqual(["Canon EOS R5", "NIKON Z 8", null]);
});

test("words were used before by the sets that were taken in earlier, not by the set itself", () => {
  const open = (name: string, location: string | undefined, folder: string, at: number) =>
    store.sets.open({ ...drop({ name }), context: { location, folder } }, at);
  open("b", "Texel", "nature", 5);
  const second = open("a", undefined, "birds", 6);
  const third = open("c", "Texell", "nature", 6);
  expect(second && store.descriptions.used(second)).toEqual({ locations: ["Texel"], categories: ["nature"] });
  expect(third && store.descriptions.used(third)).toEqual({ locations: ["Texel"], categories: ["nature", "birds"] });
  expect(store.descriptions.used().locations).toEqual(["Texel", "Texell"]);
});
