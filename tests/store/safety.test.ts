import { beforeEach, describe, expect, test } from "vitest";
import type { Facts } from "../../src/domain/facts.ts";
import type { CardFile } from "../../src/domain/safety.ts";
import type { PhotoId, SetId } from "../../src/domain/words.ts";
import type { Database } from "../../src/store/database.ts";
import type { Store } from "../../src/store/store.ts";
import { archiveFacts, commit, drop, factsAtGate, memoryStore, shot } from "./home.ts";

let store: Store;
let database: Database;
let set: SetId;
let photo: PhotoId;
const SIDECAR = { path: "/card/DCIM/1.xmp", bytes: 20, mtimeMs: 5, nameIsText: true };
beforeEach(() => {
  ({ store, database } = memoryStore());
  const shots = [{ ...shot("/card/DCIM/1.JPG"), companions: [SIDECAR] }];
  set = store.sets.open({ ...drop(), inbox: "/card", folder: "/card/DCIM", shots }, 1)?.id ?? "";
  photo = store.sets.photos(set)[0]?.id ?? 0;
});

const file = (path: string, bytes = 1_000): CardFile => ({ path, bytes, mtimeMs: 5, kind: "file" });
const FILES = [file("/card/DCIM/1.JPG"), file(SIDECAR.path, 20)];
const card = { root: "/card", files: FILES, device: "c", dataDevice: "d", archiveDevice: "a" };
const sidecarCopy = { file: "ingest/companion-1.xmp", name: "1.xmp", bytes: 20, sha256: "2".repeat(64) };
const ingested = (given: Partial<Facts["ingest"]> = {}): void =>
  commit(store, set, "ingest", [photo], () => ({
    ...factsAtGate("x").ingest,
    companions: [sidecarCopy],
    ...given,
  }));
const missing = (given: Partial<typeof card> = {}): string[] =>
  store.safety.answer({ ...card, ...given }).missing.map(({ path, why }) => `${path}: ${why}`);

describe("the card's light", () => {
  test("is green when the photo and what travels with it are copied, and not before", () => {
    expect(missing()).toEqual(["/card/DCIM/1.JPG: it is not copied yet", "/card/DCIM/1.xmp: it is not copied yet"]);
    ingested();
    expect(store.safety.answer(card)).toEqual({ safe: true, files: 2, copied: 2, missing: [] });
    expect(missing({ root: "/card/" })).toEqual([]);
  });

  test("is not green where our copies are on the card's own device", () => {
    ingested();
    expect(missing({ dataDevice: "c" })).toEqual([
      "/card/DCIM/1.JPG: its copy is on the same disk",
      "/card/DCIM/1.xmp: its copy is on the same disk",
    ]);
  });

  test("names a companion that could not be copied, with the reason; so do the problems", () => {
    const uncopied = [{ path: SIDECAR.path, code: "photo.read-error", why: "EIO at byte 0" }];
    ingested({ companions: [], uncopied });
    expect(missing()).toEqual(["/card/DCIM/1.xmp: EIO at byte 0"]);
    expect(store.safety.uncopied()).toEqual(uncopied);
  });

  test("names a photo that was left out, a file that is no photo, and one nobody saw", () => {
    store.checkpoints.commit(set, "validate", new Map([[photo, { kind: "cull", code: "x", why: "it is empty" }]]), 1);
    const movie = { path: "/card/a.mov", bytes: 1_000, mtimeMs: 5, code: "drop.other-file", why: "no photo by name" };
    const sidecar = { ...SIDECAR, code: "drop.companion", why: "travels with its photo" };
    store.intake.note("/card", [movie, sidecar], 1);
    expect(missing({ files: [...FILES, file("/card/a.mov"), file("/card/b.mov")] })).toEqual([
      "/card/DCIM/1.JPG: it is empty",
      "/card/DCIM/1.xmp: it is not copied yet",
      "/card/a.mov: no photo by name",
      "/card/b.mov: it was not taken in",
    ]);
  });

  test("knows a photo that was dropped at another place too", () => {
    ingested();
    database
      .prepare(
        "insert into aliases (path, inbox, bytes, mtime_ms, photo_id, at) values ('/usb/1.JPG', '/usb', 9, 9, ?, 1)",
      )
      .run(photo);
    const files = [{ ...file("/usb/1.JPG", 9), mtimeMs: 9 }];
    expect(store.safety.answer({ ...card, root: "/usb", files }).safe).toBe(true);
  });

  test("counts only on the archive once the set is cleared", () => {
    ingested();
    store.clearings.ask(set, { moveOriginals: false, by: "page", bytes: 9 }, 1);
    expect(missing()).toHaveLength(2);
    store.clearings.finish(set, 0, 1);
    expect(missing()).toHaveLength(2);
    const companions = [{ name: "1.xmp", copy: "/archive/1.xmp" }];
    commit(store, set, "archive", [photo], () => ({ ...archiveFacts(), copy: "/archive/1.JPG", companions }));
    expect(missing()).toEqual([]);
    expect(missing({ archiveDevice: "c" })).toHaveLength(2);
  });

  test("does not take a folder whose name goes on for the card", () => {
    ingested();
    expect(store.safety.answer({ ...card, root: "/car" }).safe).toBe(false);
  });
});

test("an original that stays though it was to go is named", () => {
  const kept = [{ path: "/card/DCIM/1.JPG", why: "the disk is read-only" }];
  commit(store, set, "archive", [photo], () => ({ ...archiveFacts(), kept }));
  expect(store.safety.kept()).toEqual(kept);
});

test("a companion without a copy is named no more when its set is cleared", () => {
  ingested({ companions: [], uncopied: [{ path: SIDECAR.path, code: "photo.gone", why: "gone" }] });
  store.clearings.ask(set, { moveOriginals: false, by: "page", bytes: 9 }, 1);
  store.clearings.finish(set, 0, 1);
  expect(store.safety.uncopied()).toEqual([]);
});
