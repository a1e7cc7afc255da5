import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { PhotoId } from "../../src/domain/words.ts";
import { english } from "../../src/language/english.ts";
import { type Database, openDatabase } from "../../src/store/database.ts";
import { memoryOn } from "../../src/store/memory.ts";
import { type Store, storeOn } from "../../src/store/store.ts";
import { commit, factsAtGate, hand, memoryDatabase, memoryStore, op, setAtGate } from "./home.ts";

function oneAtGate(): { store: Store; database: Database; set: string; photo: PhotoId } {
  const { store, database } = memoryStore();
  const { set, photos } = setAtGate(store, { files: ["IMG_1.JPG"] });
  return { store, database, set, photo: photos[0] ?? 0 };
}
const cameraOf = (store: Store, photo: PhotoId): unknown => store.sets.photo(photo)?.facts.exif?.camera;
const exifOf = (camera: string) => ({ ...factsAtGate("").exif, camera });

test("a photo is read once, by whichever way, for as long as nothing is written about it", () => {
  const { store, set, photo } = oneAtGate();
  const first = store.sets.photo(photo);
  expect(store.sets.photo(photo)).toBe(first);
  expect(store.sets.photos(set)[0]).toBe(first);
  expect(store.sets.photos(set, [photo])[0]).toBe(first);
});

test("what is shown to many cannot be changed by one of them", () => {
  const { store, photo } = oneAtGate();
  const keywords: string[] = store.sets.photo(photo)?.facts.words?.keywords ?? [];
  expect(() => keywords.push("mine")).toThrow(TypeError);
});

test.each([
  [
    "facts that were committed",
    ({ store, set, photo }) => commit(store, set, "exif", [photo], () => exifOf("Nikon Z9")),
  ],
  [
    "facts that were written by any statement",
    ({ database }) => database.exec("update checkpoints set facts = json_set(facts, '$.camera', 'Nikon Z9')"),
  ],
] satisfies [string, (home: ReturnType<typeof oneAtGate>) => unknown][])("%s are seen at once", (_, write) => {
  const home = oneAtGate();
  expect(cameraOf(home.store, home.photo)).toBe("Canon EOS R5");
  write(home);
  expect(cameraOf(home.store, home.photo)).toBe("Nikon Z9");
});

test("facts that are forgotten, a description that is changed and a set that is removed are seen at once", () => {
  const { store, database, set, photo } = oneAtGate();
  expect(store.sets.photo(photo)?.facts.name).toBeDefined();
  store.checkpoints.forget(set, "name", [photo], 20);
  expect(store.sets.photo(photo)?.facts.name).toBeUndefined();
  database.exec("update sets set context = json_set(context, '$.location', 'Vlieland')");
  expect(store.sets.photo(photo)?.context.location).toBe("Vlieland");
  store.sets.remove(set, 30);
  expect(store.sets.photo(photo)).toBeUndefined();
});

test("of a transaction that was rolled back nothing is remembered", () => {
  const { store, database, photo } = oneAtGate();
  const failing = database.transaction(() => {
    database.exec("update checkpoints set facts = json_set(facts, '$.camera', 'Nikon Z9') where stage = 'exif'");
    expect(cameraOf(store, photo)).toBe("Nikon Z9");
    throw new Error("no");
  });
  expect(failing).toThrow("no");
  expect(cameraOf(store, photo)).toBe("Canon EOS R5");
});

test("what another connection has committed is seen", () => {
  const folder = mkdtempSync(join(tmpdir(), "photogate-memory-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const open = () => openDatabase(join(folder, "photogate.db"), { workRoot: folder, now: 1 });
  const [database, other] = [open(), open()];
  onTestFinished(() => {
    database.close();
    other.close();
  });
  const store = storeOn(database, english());
  const photo = setAtGate(store, { files: ["IMG_1.JPG"] }).photos[0] ?? 0;
  expect(cameraOf(store, photo)).toBe("Canon EOS R5");
  other.exec("update checkpoints set facts = json_set(facts, '$.camera', 'Nikon Z9') where stage = 'exif'");
  expect(cameraOf(store, photo)).toBe("Nikon Z9");
});

test("two stores on one connection both hear of what either writes", () => {
  const { store, database, set, photo } = oneAtGate();
  const second = storeOn(database, english());
  expect([cameraOf(store, photo), cameraOf(second, photo)]).toEqual(["Canon EOS R5", "Canon EOS R5"]);
  commit(store, set, "exif", [photo], () => exifOf("Nikon Z9"));
  expect([cameraOf(store, photo), cameraOf(second, photo)]).toEqual(["Nikon Z9", "Nikon Z9"]);
});

test("an edit is seen by who remembers more than facts", () => {
  const { store, database, set, photo } = oneAtGate();
  const memory = memoryOn<string>(database, 10);
  memory.keep(photo, "as it was", 1);
  store.desk.apply(set, [op(photo, "caption", "Two gulls.")], hand);
  expect(memory.get(photo)).toBeUndefined();
});

test("all that is remembered weighs no more than was said; what was asked for lately stays", () => {
  const memory = memoryOn<string>(memoryDatabase(), 100);
  for (let photo = 1; photo <= 1_000; photo += 1) {
    memory.keep(photo, `photo ${photo}`, 10);
    expect(memory.get(1)).toBe("photo 1");
  }
  const left = Array.from({ length: 1_000 }, (_, i) => i + 1).filter((photo) => memory.get(photo) !== undefined);
  expect(left.length).toBeGreaterThan(1);
  expect(left.length * 10).toBeLessThanOrEqual(100);
});
