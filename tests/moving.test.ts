import { spawnSync } from "node:child_process";
import {
  cpSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { assertNoneCutOff, carryOut, planned, type ShotMoves, writtenDown } from "../src/moving.ts";

const NOON = Date.UTC(2026, 9, 14, 12);
const { signal } = new AbortController();
let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "photogate moving ")));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const put = (folder: string, files: Readonly<Record<string, string>>): void => {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
};
/** Name and content of every file but manifests and what a cut-off write left. */
const contents = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter(({ name }) => !name.endsWith(".jsonl") && !name.endsWith(".part"))
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((path) => [path.slice(folder.length + 1), readFileSync(path, "utf8")]),
  );
const shot = (...files: [from: string, to: string][]): ShotMoves => ({
  files: files.map(([from, to]) => ({ from, to })),
});
const begun = async (shots: readonly ShotMoves[]): Promise<string> => {
  const { moves } = await planned(root, shots, signal);
  return writtenDown(root, root, "rename", moves, NOON);
};

describe("a manifest carried out and taken back", () => {
  test("files go with what travels with them, and come back byte for byte, with their times", async () => {
    put(root, { "a.jpg": "A", "a.xmp": "about A", "sub/b.jpg": "B" });
    const before = contents(root);
    const { mtimeMs, ino } = lstatSync(join(root, "a.jpg"));
    const path = await begun([
      shot(["a.jpg", "away/x.jpg"], ["a.xmp", "away/x.xmp"]),
      shot(["sub/b.jpg", "sub/y.jpg"]),
    ]);
    expect(await carryOut(root, path, "rename", "do", signal)).toEqual({ photos: 2, left: [] });
    expect(contents(root)).toEqual({ "away/x.jpg": "A", "away/x.xmp": "about A", "sub/y.jpg": "B" });
    expect(lstatSync(join(root, "away/x.jpg"))).toMatchObject({ mtimeMs, ino });
    expect(await carryOut(root, path, "rename", "undo", signal)).toEqual({ photos: 2, left: [] });
    expect(contents(root)).toEqual(before);
  });

  test("names that change places do so without one being lost", async () => {
    put(root, { "1.jpg": "one", "2.jpg": "two", "3.jpg": "three", "n.JPG": "case" });
    const before = contents(root);
    const path = await begun([
      shot(["1.jpg", "2.jpg"]),
      shot(["2.jpg", "1.jpg"]),
      shot(["3.jpg", "4.jpg"]),
      shot(["n.JPG", "N.jpg"]),
    ]);
    await carryOut(root, path, "rename", "do", signal);
    expect(contents(root)).toEqual({ "1.jpg": "two", "2.jpg": "one", "4.jpg": "three", "N.jpg": "case" });
    await carryOut(root, path, "rename", "undo", signal);
    expect(contents(root)).toEqual(before);
  });

  test("a name that was taken meanwhile is never overwritten, and what travels with the photo comes back to it", async () => {
    put(root, { "a.jpg": "A", "a.xmp": "about A", "b.jpg": "B" });
    const path = await begun([shot(["a.jpg", "x.jpg"], ["a.xmp", "x.xmp"]), shot(["b.jpg", "y.jpg"])]);
    put(root, { "x.xmp": "somebody else's" });
    const { photos, left } = await carryOut(root, path, "rename", "do", signal);
    expect({ photos, left: left.map(({ path: at, code }) => [at, code]) }).toEqual({
      photos: 1,
      left: [["a.xmp", "moves.name-taken"]],
    });
    expect(contents(root)).toEqual({
      "a.jpg": "A",
      "a.xmp": "about A",
      "x.xmp": "somebody else's",
      "y.jpg": "B",
    });
    unlinkSync(join(root, "x.xmp"));
    expect(await carryOut(root, path, "rename", "do", signal)).toEqual({ photos: 2, left: [] });
    expect(contents(root)).toEqual({ "x.jpg": "A", "x.xmp": "about A", "y.jpg": "B" });
  });

  test("a file with other bytes than the manifest says stays, there and back", async () => {
    put(root, { "a.jpg": "A", "b.jpg": "B" });
    const path = await begun([shot(["a.jpg", "x.jpg"]), shot(["b.jpg", "y.jpg"])]);
    put(root, { "a.jpg": "edited" });
    expect((await carryOut(root, path, "rename", "do", signal)).left).toMatchObject([{ code: "moves.changed" }]);
    put(root, { "y.jpg": "edited too" });
    expect((await carryOut(root, path, "rename", "undo", signal)).left).toMatchObject([{ code: "moves.changed" }]);
    expect(contents(root)).toEqual({ "a.jpg": "edited", "y.jpg": "edited too" });
  });

  test("what a person deleted after looking at it is named, and the others come back", async () => {
    put(root, { "a.jpg": "A", "b.jpg": "B" });
    const path = await begun([shot(["a.jpg", "x.jpg"]), shot(["b.jpg", "y.jpg"])]);
    await carryOut(root, path, "rename", "do", signal);
    unlinkSync(join(root, "x.jpg"));
    const { photos, left } = await carryOut(root, path, "rename", "undo", signal);
    expect({ photos, left: left.map(({ path: at, code }) => [at, code]) }).toEqual({
      photos: 1,
      left: [["x.jpg", "photo.gone"]],
    });
    expect(contents(root)).toEqual({ "b.jpg": "B" });
  });

  test("two names of one file both get their new name", async () => {
    put(root, { "a.jpg": "A" });
    linkSync(join(root, "a.jpg"), join(root, "b.jpg"));
    const path = await begun([shot(["a.jpg", "b.jpg"]), shot(["b.jpg", "c.jpg"])]);
    await carryOut(root, path, "rename", "do", signal);
    expect(contents(root)).toEqual({ "b.jpg": "A", "c.jpg": "A" });
  });

  test("a folder that became a link leads no file out of the folder", async () => {
    const outside = mkdtempSync(join(tmpdir(), "photogate-outside-"));
    put(root, { "a.jpg": "A" });
    const path = await begun([shot(["a.jpg", "away/a.jpg"])]);
    symlinkSync(outside, join(root, "away"));
    expect((await carryOut(root, path, "rename", "do", signal)).left).toMatchObject([{ code: "moves.other-disk" }]);
    expect(readdirSync(outside)).toEqual([]);
    expect(contents(root)).toEqual({ "a.jpg": "A" });
    rmSync(outside, { recursive: true });
  });

  test("a link in place of a file is not moved", async () => {
    put(root, { "a.jpg": "A", "other.jpg": "A" });
    const path = await begun([shot(["a.jpg", "x.jpg"])]);
    unlinkSync(join(root, "a.jpg"));
    symlinkSync("other.jpg", join(root, "a.jpg"));
    expect((await carryOut(root, path, "rename", "do", signal)).left).toMatchObject([{ code: "photo.not-a-photo" }]);
    expect(lstatSync(join(root, "a.jpg")).isSymbolicLink()).toBe(true);
  });

  test("of a photo one of whose files cannot be read, none moves", async () => {
    put(root, { "a.jpg": "A", "b.jpg": "B" });
    const { moves, aside } = await planned(
      root,
      [shot(["a.jpg", "x.jpg"], ["a.xmp", "x.xmp"]), shot(["b.jpg", "y.jpg"])],
      signal,
    );
    expect(moves.map(({ from }) => from)).toEqual(["b.jpg"]);
    expect(aside).toMatchObject([{ path: "a.jpg", code: "photo.gone" }]);
  });

  test("a manifest of another verb, and one that is none, are refused", async () => {
    put(root, { "a.jpg": "A", "none.jsonl": "{}\n" });
    const path = await begun([shot(["a.jpg", "x.jpg"])]);
    await expect(carryOut(root, path, "likeness", "do", signal)).rejects.toMatchObject({ code: "moves.manifest" });
    await expect(carryOut(root, join(root, "none.jsonl"), "rename", "do", signal)).rejects.toMatchObject({
      code: "moves.manifest",
    });
    expect(contents(root)).toEqual({ "a.jpg": "A" });
  });
});

describe("a run that is killed at any change it makes to the disk", () => {
  const SHOTS = [shot(["a.jpg", "b.jpg"], ["a.xmp", "b.xmp"]), shot(["b.jpg", "a.jpg"]), shot(["c.jpg", "away/c.jpg"])];
  const BEFORE = { "a.jpg": "A", "a.xmp": "about A", "b.jpg": "B", "c.jpg": "C" };
  const AFTER = { "a.jpg": "B", "away/c.jpg": "C", "b.jpg": "A", "b.xmp": "about A" };
  const run = (folder: string, kill: Record<string, string>, ...args: string[]) =>
    spawnSync(
      process.execPath,
      ["--import", "./tests/fixtures/kill-at.ts", "tests/chaos/moving-process.ts", folder, ...args],
      { input: JSON.stringify(SHOTS), env: { ...process.env, ...kill }, encoding: "utf8" },
    );
  const manifestIn = (folder: string): string | undefined =>
    readdirSync(folder).find((name) => /^photogate-rename-.*\.jsonl$/.test(name));
  const copyOf = (folder: string, name: string): string => {
    const copy = `${folder} ${name}`;
    cpSync(folder, copy, { recursive: true, preserveTimestamps: true });
    return copy;
  };
  const changes = (folder: string): number => {
    put(folder, BEFORE);
    return Number(/changes (\d+)/.exec(run(folder, {}).stderr)?.[1]);
  };

  test("goes on to its end, or back to its beginning, and loses nothing in between", () => {
    const whole = changes(join(root, "whole"));
    expect(contents(join(root, "whole"))).toEqual(AFTER);
    expect(whole).toBeGreaterThan(25);
    for (let at = 1; at <= whole; at += 1) {
      const folder = join(root, `killed ${at}`);
      put(folder, BEFORE);
      const { signal: died } = run(folder, {
        KILL_AT: String(at),
        KILL_WHEN: ["before", "amid", "after"][at % 3] ?? "",
      });
      expect(died, `at ${at}`).toBe("SIGKILL");
      expect([...new Set(Object.values(contents(folder)))].sort(), `at ${at}`).toEqual(Object.values(BEFORE).sort());
      const manifest = manifestIn(folder);
      if (manifest === undefined) {
        expect(contents(folder), `at ${at}`).toEqual(BEFORE);
        continue;
      }
      const back = copyLinked(folder, "back");
      expect(run(folder, {}, join(folder, manifest), "do").stdout, `at ${at}`).toBe("[]");
      expect(contents(folder), `on from ${at}`).toEqual(AFTER);
      expect(run(back, {}, join(back, manifest), "undo").stdout, `at ${at}`).toBe("[]");
      expect(contents(back), `back from ${at}`).toEqual(BEFORE);
    }
  }, 240_000);

  /** A copy in which two names of one file are two names of one file. */
  const copyLinked = (folder: string, name: string): string => {
    const copy = copyOf(folder, name);
    const seen = new Map<number, string>();
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile())) {
      const path = join(entry.parentPath, entry.name);
      const { ino } = lstatSync(path);
      const first = seen.get(ino);
      const target = join(copy, path.slice(folder.length));
      if (first === undefined) seen.set(ino, target);
      else {
        unlinkSync(target);
        linkSync(first, target);
      }
    }
    return copy;
  };

  test("is said to be cut off until it is ended", async () => {
    put(root, BEFORE);
    run(root, { KILL_AT: "12" });
    await expect(assertNoneCutOff(root, "rename")).rejects.toMatchObject({ code: "moves.unfinished" });
    await carryOut(root, join(root, manifestIn(root) ?? ""), "rename", "undo", signal);
    await expect(assertNoneCutOff(root, "rename")).resolves.toBeUndefined();
  });
});
