import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { PhotoId, SetId } from "../../src/domain/words.ts";
import { english } from "../../src/language/english.ts";
import { driveSet } from "../../src/pipeline/drive.ts";
import { split } from "../../src/pipeline/split.ts";
import { openStore, type Store } from "../../src/store/store.ts";
import { commit, drop, hand, reviewFacts } from "../store/home.ts";
import { fakeStages, type Script } from "./fake-stages.ts";

let home: string;
let store: Store;
let set: SetId;
let photos: PhotoId[];
let calls: string[];
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), "photogate-split-"));
  store = openStore(home, 1, english());
  calls = [];
  set = store.sets.open(drop({ files: ["1.JPG", "2.JPG", "3.JPG"] }), 5)?.id ?? "";
  photos = store.sets.photos(set).map(({ id }) => id);
  await drive(set);
  calls = [];
});
afterEach(() => {
  store.close();
  rmSync(home, { recursive: true });
});

/** Each photo's words leave a file; names are in the real ledger, under the subject of the set. */
const script: Script = {
  on: async (stage, photo, _, dir) => {
    if (stage === "words") {
      mkdirSync(dir, { recursive: true });
      writeFileSync(join(dir, "work"), stage);
    }
    if (stage !== "name") return undefined;
    const stem = store.sets.photo(photo)?.context.subject ?? "";
    return { kind: "done", facts: { name: store.names.reserve(photo, stem), shortened: false } };
  },
  undo: async (stage, photo) => {
    if (stage === "name") store.names.release(photo.id);
  },
};
const tools = (how: Script = script) => ({
  // Of the real stages, too, only the one that reserves names has something to take back.
  stages: fakeStages(how, calls).map((stage) =>
    stage.kind === "set" && stage.name === "likeness" ? { ...stage, undo: undefined } : stage,
  ),
  store,
  clock: { now: () => 100, elapsed: () => 100 },
  announce: () => undefined,
  width: 2,
});
const drive = (which: SetId) => driveSet(which, tools(), new AbortController().signal);
const at = (n: number): PhotoId => photos[n - 1] ?? 0;
const splitOff = (going: readonly PhotoId[], how: Script = script) =>
  split(set, { photos: going, said: { subject: "Heron" } }, hand, tools(how));
const done = (): string[] => calls.filter((call) => !call.startsWith("undo")).toSorted();

describe("splitting a set", () => {
  test("gives its photos words and names of their own, and judges those that stay without them", async () => {
    const made = await splitOff([at(2)]);
    expect(existsSync(join(home, "work", String(at(2)), "words"))).toBe(false);
    expect(existsSync(join(home, "work", String(at(1)), "words", "work"))).toBe(true);
    calls = [];
    await drive(made);
    expect(done()).toEqual([`likeness ${at(2)}`, `name ${at(2)}`, `words ${at(2)}`]);
    calls = [];
    await drive(set);
    expect(done()).toEqual([`likeness ${at(1)}`, `likeness ${at(3)}`]);
    expect(photos.map((photo) => store.names.of(photo))).toEqual(["Gulls_001.JPG", "Heron_001.JPG", "Gulls_003.JPG"]);
  });

  test("cut off right after it was taken holds, and both sets go on by themselves", async () => {
    const cut: Script = {
      ...script,
      undo: async () => {
        throw new Error("killed");
      },
    };
    await expect(splitOff([at(2)], cut)).rejects.toThrow("killed");
    const [, made] = store.sets.all();
    expect(store.sets.underway().toSorted()).toEqual([set, made?.id ?? ""].toSorted());
    await drive(made?.id ?? "");
    await drive(set);
    expect(photos.map((photo) => store.names.of(photo))).toEqual(["Gulls_001.JPG", "Heron_001.JPG", "Gulls_003.JPG"]);
  });

  test("leaves released photos where they are", async () => {
    commit(store, set, "review", [at(1)], () => reviewFacts("r1"));
    const made = await splitOff([at(1), at(2)]);
    expect(store.sets.photos(made).map(({ id }) => id)).toEqual([at(2)]);
    expect(store.sets.photo(at(1))?.setId).toBe(set);
  });

  test.each([
    ["no photo", () => []],
    ["all of them", () => photos],
    ["one of another set", () => [at(1), 999]],
  ])("is refused for %s, and nothing is done", async (_, going) => {
    await expect(splitOff(going())).rejects.toMatchObject({ code: "set.unsplittable" });
    expect([store.sets.all().length, calls]).toEqual([1, []]);
  });

  test("is refused for released photos alone", async () => {
    commit(store, set, "review", [at(1)], () => reviewFacts("r1"));
    await expect(splitOff([at(1)])).rejects.toMatchObject({ code: "set.unsplittable" });
  });
});
