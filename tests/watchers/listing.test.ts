import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isPruned } from "../../src/watchers/drop.ts";
import { type Entry, listingsOf } from "../../src/watchers/listing.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "photogate-listing-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const list = (): readonly Entry[] => listingsOf(root, isPruned)().seen;
const told = (): string[] =>
  list()
    .map(({ relative, kind }) => `${relative} ${kind}`)
    .sort();

describe("a listing", () => {
  test("tells every file, folder, link and pipe below the inbox, and follows no link", () => {
    mkdirSync(join(root, "a", "b"), { recursive: true });
    writeFileSync(join(root, "a", "b", "1.jpg"), "12345");
    symlinkSync("..", join(root, "a", "up"));
    symlinkSync("/etc", join(root, "etc"));
    symlinkSync("/nowhere", join(root, "broken.jpg"));
    execFileSync("mkfifo", [join(root, "pipe.jpg")]);
    expect(told()).toEqual([
      "a folder",
      "a/b folder",
      "a/b/1.jpg file",
      "a/up link",
      "broken.jpg link",
      "etc link",
      "pipe.jpg other",
    ]);
    const file = list().find(({ name }) => name === "1.jpg");
    expect(file).toMatchObject({ path: join(root, "a", "b", "1.jpg"), bytes: 5, nameIsText: true });
  });

  test("names a folder that is nobody's photos, and does not look into it", () => {
    mkdirSync(join(root, "@eaDir"));
    writeFileSync(join(root, "@eaDir", "1.jpg"), "x");
    expect(told()).toEqual(["@eaDir folder"]);
  });

  test("sees names that are not UTF-8, and tells two of them apart", () => {
    for (const byte of [0xff, 0xfe])
      writeFileSync(Buffer.concat([Buffer.from(`${root}/é-`), Buffer.from([byte]), Buffer.from(".jpg")]), "x");
    const entries = list();
    expect(entries.map(({ nameIsText }) => nameIsText)).toEqual([false, false]);
    expect(new Set(entries.map(({ path }) => path)).size).toBe(2);
    expect(entries.map(({ name }) => name).sort()).toEqual(["\\xc3\\xa9-\\xfe.jpg", "\\xc3\\xa9-\\xff.jpg"]);
  });

  test("keeps composed and decomposed accents as two files, as the disk does", () => {
    for (const name of ["é.jpg", "e\u0301.jpg"]) writeFileSync(join(root, name), "x");
    expect(told().length).toBe(2);
  });

  test("tells what is not as it was, what is gone, and nothing else", () => {
    mkdirSync(join(root, "a"));
    for (const name of ["1.jpg", "2.jpg", "3.jpg"]) writeFileSync(join(root, "a", name), "x");
    const listed = listingsOf(root, isPruned);
    const first = listed();
    expect(first.folders.map(({ relative }) => relative)).toEqual(["a"]);
    expect(listed().seen.length).toBe(4);
    first.keep();
    expect(listed()).toMatchObject({ seen: [], gone: [] });
    writeFileSync(join(root, "a", "2.jpg"), "longer");
    rmSync(join(root, "a", "3.jpg"));
    const { seen, gone } = listed();
    expect(seen.map(({ relative, bytes }) => [relative, bytes])).toEqual([
      ["a/2.jpg", 6],
      ["a", expect.any(Number)],
    ]);
    expect(gone).toEqual([join(root, "a", "3.jpg")]);
  });

  test("of a folder whose name is not UTF-8 tells what lies in it", () => {
    const folder = Buffer.concat([Buffer.from(`${root}/é-`), Buffer.from([0xff])]);
    mkdirSync(folder);
    writeFileSync(Buffer.concat([folder, Buffer.from("/1.jpg")]), "x");
    const file = list().find(({ name }) => name === "1.jpg");
    expect(file).toMatchObject({ relative: "\\xc3\\xa9-\\xff/1.jpg", nameIsText: false, bytes: 1 });
  });

  test("of a folder that is not there is no listing, not an empty one", () => {
    expect(told()).toEqual([]);
    rmSync(root, { recursive: true });
    expect(told).toThrow("ENOENT");
  });
});
