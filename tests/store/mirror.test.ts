import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { CatalogueRow } from "../../src/domain/ports.ts";
import { openPlain } from "../../src/store/database.ts";
import { openMirror, wordsInMirror } from "../../src/store/mirror.ts";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "photogate-mirror-"));
  path = join(folder, "photos_info_revamp.db");
});
afterEach(() => rmSync(folder, { recursive: true }));

const row = (given: Partial<CatalogueRow> = {}): CatalogueRow => ({
  Folder: "nature",
  File_Name: "Gulls_001.JPG",
  Path: "/2026/nature/Gulls_001.JPG",
  Thumb_Path: "/2026/thumbs/nature/Gulls_001.JPG",
  DateTime: "2026:10:14 08:12:33",
  Camera: "Canon EOS R5",
  Lens_model: null,
  Width: 1_500,
  Height: 1_000,
  Exposure: "1/250 sec",
  Aperture: "f/2.8",
  ISO: 400,
  Focal_length: 200,
  Keywords: "gulls, texel",
  Caption: "Gulls, Texel.",
  alt_text: "Gulls.",
  Location: "Texel",
  QR: null,
  QC_Status: "Good",
  Original_File_Name: "IMG_1.JPG",
  nima_score: null,
  blur_score: 6,
  brightness_score: 8.6,
  contrast_score: 6.2,
  brisque_score: null,
  clip_aesthetic_score: null,
  ...given,
});

const seen = <T>(sql: string): T[] => {
  const database = openPlain(path);
  try {
    return database.prepare<[], T>(sql).all();
  } finally {
    database.close();
  }
};

test("the mirror has the columns of photos_info_revamp, with their types and defaults", () => {
  openMirror(path).close();
  const columns = seen<{ name: string; type: string; pk: number; notnull: number; dflt_value: string | null }>(
    "select * from pragma_table_info('photos_info_revamp')",
  );
  const typed = (type: string): string[] =>
    columns.filter((column) => column.type.toLowerCase() === type).map(({ name }) => name);
  expect(columns.map(({ name }) => name)).toEqual(["id", ...Object.keys(row())]);
  expect(typed("integer")).toEqual(["id", "Width", "Height", "ISO", "Focal_length"]);
  expect(typed("real")).toEqual([
    "QR",
    "nima_score",
    "blur_score",
    "brightness_score",
    "contrast_score",
    "brisque_score",
    "clip_aesthetic_score",
  ]);
  expect(columns.filter(({ notnull }) => notnull === 1).map(({ name }) => name)).toEqual(["id", "Original_File_Name"]);
  expect(columns.filter(({ dflt_value }) => dflt_value === "0").map(({ name }) => name)).toEqual(["Width", "Height"]);
  expect(columns.filter(({ pk }) => pk === 1).map(({ name }) => name)).toEqual(["id"]);
});

describe("a row", () => {
  test("is found by File_Name: published again it is changed and keeps its id", () => {
    const mirror = openMirror(path);
    const id = mirror.upsert(row());
    expect(mirror.upsert(row({ Caption: "Other.", QR: 7.2 }))).toBe(id);
    mirror.close();
    expect(seen("select * from photos_info_revamp")).toEqual([{ id, ...row({ Caption: "Other.", QR: 7.2 }) }]);
  });

  test("has a negative id until the site gives one, another for every name", () => {
    const mirror = openMirror(path);
    const ids = ["a.JPG", "b.JPG", "c.JPG"].map((File_Name) => mirror.upsert(row({ File_Name })));
    expect(ids).toEqual([-1, -2, -3]);
    mirror.remove("b.JPG");
    expect(mirror.upsert(row({ File_Name: "d.JPG" }))).toBe(-4);
    mirror.close();
  });

  test("keeps the id the site gave it", () => {
    const mirror = openMirror(path);
    mirror.upsert(row());
    mirror.close();
    const database = openPlain(path);
    database.exec("update photos_info_revamp set id = 42001");
    database.close();
    const again = openMirror(path);
    expect(again.upsert(row({ Caption: "x" }))).toBe(42_001);
    expect(again.upsert(row({ File_Name: "new.JPG" }))).toBe(-1);
    again.close();
  });

  test("that is removed is gone; removing it again changes nothing", () => {
    const mirror = openMirror(path);
    mirror.upsert(row());
    mirror.remove("Gulls_001.JPG");
    mirror.remove("Gulls_001.JPG");
    mirror.close();
    expect(seen("select * from photos_info_revamp")).toEqual([]);
  });
});

describe("the words of the rows", () => {
  const words = { locations: ["Gouda", "Texel"], categories: ["birds", "nature"] };

  test("are each there once, and follow every change", () => {
    const mirror = openMirror(path);
    expect(mirror.words()).toEqual({ locations: [], categories: [] });
    mirror.upsert(row());
    mirror.upsert(row({ File_Name: "b.JPG" }));
    mirror.upsert(row({ File_Name: "c.JPG", Location: "Gouda", Folder: "birds" }));
    mirror.upsert(row({ File_Name: "d.JPG", Location: null }));
    expect(mirror.words()).toEqual(words);
    mirror.remove("c.JPG");
    expect(mirror.words()).toEqual({ locations: ["Texel"], categories: ["nature"] });
    mirror.close();
  });

  test("can be read beside the daemon, and without a mirror", () => {
    expect(wordsInMirror(path)).toEqual({ locations: [], categories: [] });
    const mirror = openMirror(path);
    mirror.upsert(row());
    mirror.upsert(row({ File_Name: "c.JPG", Location: "Gouda", Folder: "birds" }));
    expect(wordsInMirror(path)).toEqual(words);
    mirror.close();
  });
});
