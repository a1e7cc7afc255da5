import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  durableRemove,
  durableWrite,
  durableWriteAll,
  filesBelow,
  freeBytes,
  hashFile,
  isPart,
  makeFolder,
  partName,
  removeAllBut,
  removeFolder,
  sweepParts,
  turnOver,
} from "../src/files.ts";
import { durableCopy } from "../src/originals.ts";
import { faultOf, mounted, unmountAll } from "./disks.ts";

const never = new AbortController().signal;
let folder: string;
let source: string;
let target: string;
const bytes = Buffer.from("a photo, more or less ".repeat(200_000));
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "photogate-files-"));
  source = join(folder, "IMG_1.JPG");
  target = join(folder, "out", "original.jpg");
  writeFileSync(source, bytes);
});
afterEach(() => {
  unmountAll();
  rmSync(folder, { recursive: true });
});

const sha256 = (data: Uint8Array): string => createHash("sha256").update(data).digest("hex");
const filesIn = (path: string): string[] =>
  existsSync(path) ? readdirSync(path, { recursive: true }).map(String) : [];
describe("a disk", () => {
  test("that is full is named, and no half file stays", async () => {
    const disk = mounted(folder, "size=1m");
    expect(await faultOf(durableCopy(source, join(disk, "new", "a.jpg"), never))).toBe("disk.full");
    expect(await faultOf(durableWrite(join(disk, "b.jpg"), bytes))).toBe("disk.full");
    expect(filesIn(disk)).toEqual(["new"]);
    expect(await freeBytes(disk)).toBeGreaterThan(900_000);
  });

  test("that is full keeps what was written before under a name", async () => {
    const disk = mounted(folder, "size=1m");
    await durableWrite(join(disk, "b.json"), "old");
    expect(await faultOf(durableWrite(join(disk, "b.json"), bytes))).toBe("disk.full");
    expect(readFileSync(join(disk, "b.json"), "utf8")).toBe("old");
  });

  test("that is full for one of several files has none of their names, and no half file", async () => {
    const disk = mounted(folder, "size=1m");
    const files = new Map([
      ["a", Buffer.from("small")],
      ["b", bytes],
    ]);
    expect(await faultOf(durableWriteAll(disk, files))).toBe("disk.full");
    expect(filesIn(disk)).toEqual([]);
  });

  test("that takes no writes is named", async () => {
    const disk = mounted(folder, "size=1m,ro");
    expect(await faultOf(durableCopy(source, join(disk, "a.jpg"), never))).toBe("disk.failed");
    expect(await faultOf(durableCopy(source, join(disk, "new", "a.jpg"), never))).toBe("disk.failed");
    expect(await faultOf(durableWrite(join(disk, "a.jpg"), "x"))).toBe("disk.failed");
  });

  test("other than the source's is no matter", async () => {
    const disk = mounted(folder, "size=20m");
    await durableCopy(source, join(disk, "a.jpg"), never);
    expect(readFileSync(join(disk, "a.jpg")).equals(bytes)).toBe(true);
  });

  test("a file where a folder should be is named too", async () => {
    expect(await faultOf(durableCopy(source, join(source, "a.jpg"), never))).toBe("disk.failed");
  });
});

describe("a write", () => {
  test("replaces what has the name, whole", async () => {
    await durableWrite(target, "one");
    await durableWrite(target, Buffer.from("two"));
    expect(readFileSync(target, "utf8")).toBe("two");
    expect(statSync(target).mode & 0o777).toBe(0o600);
    expect(filesIn(join(folder, "out"))).toEqual(["original.jpg"]);
  });
});

describe("what an interrupted run left", () => {
  test("is swept where nothing refers to it; everything else stays, another program's too", async () => {
    const ours = partName(join(folder, "out", "deep", "a.jpg"));
    mkdirSync(join(folder, "out", "deep"), { recursive: true });
    writeFileSync(ours, "half");
    for (const name of ["a.jpg", "b.jpg.part", ".c.part", ".d"]) writeFileSync(join(folder, "out", name), "theirs");
    expect(await sweepParts(join(folder, "out"))).toBe(1);
    expect(filesIn(join(folder, "out")).sort()).toEqual([".c.part", ".d", "a.jpg", "b.jpg.part", "deep"]);
    expect(await sweepParts(join(folder, "nowhere"))).toBe(0);
  });

  test("has another name at each attempt", () => {
    expect(partName(target)).not.toBe(partName(target));
    expect(isPart(partName(target).split("/").at(-1) ?? "")).toBe(true);
    expect(isPart("a.part")).toBe(false);
  });
});

test("a folder is made with its parents, removed with what is in it, and both twice without harm", async () => {
  const deep = join(folder, "a", "b", "c");
  await makeFolder(deep);
  await makeFolder(deep);
  writeFileSync(join(deep, "x"), "x");
  await removeFolder(join(folder, "a"));
  await removeFolder(join(folder, "a"));
  expect(existsSync(join(folder, "a"))).toBe(false);
});

test("a folder is emptied but for some files, twice without harm, and goes wholly if none is to stay", async () => {
  const of = (): string[] => filesIn(join(folder, "w")).sort();
  for (const path of ["a/1", "a/2", "b/3"]) await durableWrite(join(folder, "w", path), "12345");
  expect((await filesBelow(join(folder, "w"))).sort((a, b) => (a.path < b.path ? -1 : 1))).toEqual([
    { path: "a/1", bytes: 5 },
    { path: "a/2", bytes: 5 },
    { path: "b/3", bytes: 5 },
  ]);
  for (const _ of [1, 2]) {
    await removeAllBut(join(folder, "w"), new Set(["a/2"]));
    expect(of()).toEqual(["a", "a/2", "b"]);
  }
  await removeAllBut(join(folder, "w"), new Set());
  await removeAllBut(join(folder, "w"), new Set());
  expect(existsSync(join(folder, "w"))).toBe(false);
  expect(await filesBelow(join(folder, "w"))).toEqual([]);
});

test("a file is removed once, and removing it again is no failure, nor where its folder is gone", async () => {
  await durableRemove(source);
  await durableRemove(source);
  await durableRemove(join(folder, "none", "x.jpg"));
  expect(existsSync(source)).toBe(false);
});

test("a hash is over the whole file and stops when asked to", async () => {
  expect(await hashFile(source, never)).toEqual({ bytes: bytes.length, sha256: sha256(bytes) });
  await expect(hashFile(source, AbortSignal.abort(new Error("stopped")))).rejects.toThrow("stopped");
});

describe("a log that is turned over", () => {
  const log = (): string => join(folder, "latest.log");
  const kept = (): string[] =>
    readdirSync(folder)
      .filter((name) => name.endsWith(".log"))
      .map((name) => `${name}=${readFileSync(join(folder, name), "utf8")}`);
  test("keeps as many earlier ones as wanted, the newest first", () => {
    for (const run of ["1", "2", "3", "4"]) {
      turnOver(log(), 2);
      writeFileSync(log(), run);
    }
    expect(kept()).toEqual(["latest.1.log=3", "latest.2.log=2", "latest.log=4"]);
  });
  test("keeps none if none is wanted, and does nothing where there is none", () => {
    turnOver(log(), 0);
    writeFileSync(log(), "1");
    turnOver(log(), 0);
    expect(kept()).toEqual([]);
  });
});
