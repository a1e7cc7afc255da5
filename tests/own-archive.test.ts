import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readConfig } from "../src/config.ts";
import { FEATURES } from "../src/domain/niqe.ts";
import { SCORER } from "../src/domain/technical.ts";
import { english } from "../src/language/english.ts";
import { fitOwnArchive, ownArchiveIn, quality, readModel } from "../src/own-archive.ts";
import { openStore, type Store } from "../src/store/store.ts";
import { hand, op, setAtGate } from "./store/home.ts";

let home: string;
let data: string;
let store: Store;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "photogate-archive-"));
  data = join(home, "data");
  mkdirSync(data);
  store = openStore(data, 1, english());
});
afterEach(() => {
  store.close();
  rmSync(home, { recursive: true });
});

/** Patches around a place, no two alike. */
const patches = (seed: number, shift = 0): Float32Array =>
  Float32Array.from({ length: 8 * FEATURES }, (_, i) => shift + Math.sin(i * 12.9898 + seed * 78.233) ** 2);

/** Approves photos that have their patches in their folders. */
function approve(count: number): void {
  const { set, photos } = setAtGate(store, { files: Array.from({ length: count }, (_, i) => `${i}.JPG`) });
  for (const photo of photos) {
    const look = join(data, "work", String(photo), "look");
    mkdirSync(look, { recursive: true });
    writeFileSync(join(look, "patches.bin"), patches(photo));
    store.desk.apply(set, [op(photo, "verdict", "approved")], hand);
  }
}
const refit = () => fitOwnArchive(data, store, Date.UTC(2026, 9, 14));

describe("the model of one's own archive", () => {
  test("is made of approved photos, and a stranger is told from them from then on", async () => {
    const ownArchive = ownArchiveIn(data);
    expect(await ownArchive(patches(1))).toBeNull();
    approve(24);
    expect(await refit()).toMatchObject({ kind: "fitted", fit: { images: 24, patches: 192 } });
    expect(await readModel(data)).toMatchObject({ images: 24, createdAt: "2026-10-14T00:00:00.000Z" });
    expect(await ownArchive(patches(999))).toMatchObject({ unlike: false });
    expect(await ownArchive(patches(999, 2))).toEqual({ percentile: 100, unlike: true });
  });

  test("stays as it was where there is too little for a new one", async () => {
    approve(24);
    await refit();
    const before = readFileSync(join(data, "niqe.json"), "utf8");
    for (let photo = 1; photo <= 5; photo += 1) rmSync(join(data, "work", String(photo)), { recursive: true });
    expect(await refit()).toEqual({ kind: "too-few", images: 19, patches: 152 });
    expect(readFileSync(join(data, "niqe.json"), "utf8")).toBe(before);
  });

  test("is made of the same photos to the same figures", async () => {
    approve(20);
    await refit();
    const before = await readModel(data);
    await refit();
    expect(await readModel(data)).toEqual(before);
  });

  test.each([
    ["of other rules", (text: string) => text.replace(SCORER, "technical-0")],
    ["that is damaged", (text: string) => text.slice(0, 99)],
  ])("%s is none", async (_, spoil) => {
    const ownArchive = ownArchiveIn(data);
    approve(20);
    await refit();
    expect(await ownArchive(patches(1))).not.toBeNull();
    const file = join(data, "niqe.json");
    writeFileSync(file, spoil(readFileSync(file, "utf8")));
    utimesSync(file, 1, 1);
    expect(await ownArchive(patches(1))).toBeNull();
  });
});

describe("photogate quality", () => {
  const said = async (options: { fit?: boolean; json?: boolean }) => {
    const lines: string[] = [];
    const code = await quality(readConfig(home), options, (line) => lines.push(line));
    return [code, ...lines];
  };

  test("says what there is, and how much is missing for a model", async () => {
    approve(3);
    expect(await said({})).toEqual([0, expect.stringMatching(/^No model of your archive. 3 approved photos are/)]);
    expect(await said({ fit: true })).toEqual([
      1,
      "Too little to fit a model: 3 photos with 24 sharp patches are approved and technically sound; it takes 20 and 120.",
      expect.stringMatching(/^No model/),
    ]);
  });

  test("fits it", async () => {
    approve(21);
    expect(await said({ fit: true })).toEqual([
      0,
      expect.stringMatching(/^Model of your archive, of .*: 21 photos, 168/),
    ]);
    const [code, line] = await said({ json: true });
    expect([code, JSON.parse(String(line))]).toEqual([
      0,
      { sound: 21, model: expect.objectContaining({ images: 21, patches: 168, scorer: SCORER }) },
    ]);
  });
});
