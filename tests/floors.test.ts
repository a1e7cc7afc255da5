import { existsSync, readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { checkFloors, sourcesIn } from "../scripts/floors.ts";

const real = sourcesIn();
const withPlanted = (path: string, text: string) =>
  checkFloors(real.map((source) => (source.path === path ? { ...source, text: `${text}\n${source.text}` } : source)))
    .violations;

describe("the floors", () => {
  test("hold for exactly the files of src/", () => {
    const there = readdirSync("src", { recursive: true, withFileTypes: true }).filter(
      (entry) => entry.isFile() && /\.(tsx?|json)$/.test(entry.name),
    );
    const { files, imports, violations } = checkFloors(real);
    expect(violations).toEqual([]);
    expect(files).toBe(there.length);
    expect(imports).toBeGreaterThan(files);
  });

  test.each([
    ["a value", 'import { openStore } from "../store/store.ts";'],
    ["a type", 'import type { Store } from "../store/store.ts";'],
    ["a type among values", 'import { type Store } from "../store/store.ts";'],
    ["a re-export", 'export { openStore } from "../store/store.ts";'],
    ["a dynamic import", 'const store = await import("../store/store.ts");'],
  ])("break when a stage imports %s of the store", (_, text) => {
    expect(withPlanted("stages/look.ts", text)).toContain("stages/look.ts must not import store/store.ts");
  });

  test.each([
    ["domain/quality.ts", 'import "node:fs";', "domain/quality.ts must not import node:fs"],
    ["domain/quality.ts", 'import type sharp from "sharp";', "domain/quality.ts must not import sharp"],
    ["stages/look.ts", 'import { exif } from "./exif.ts";', "stages/look.ts must not import stages/exif.ts"],
    [
      "review-server/app.ts",
      'import { folder } from "../publishers/folder.ts";',
      "review-server/app.ts must not import publishers/folder.ts",
    ],
    ["watchers/settle.ts", 'import { watch } from "chokidar";', "watchers/settle.ts is not the door of chokidar"],
    ["imaging/look.ts", 'import sharp from "sharp";', "imaging/look.ts is not the door of sharp"],
    ["store/names.ts", 'import { startDaemon } from "../daemon.ts";', "store/names.ts must not import daemon.ts"],
  ])("%s may not hold: %s", (path, text, violation) => {
    expect(withPlanted(path, text)).toContain(violation);
  });

  test("break on a setting that is read outside the roof, and on a clock in the domain", () => {
    expect(withPlanted("pipeline/plan.ts", "const x = process.env.HOME;").join()).toMatch(
      /pipeline\/plan\.ts uses .*process/,
    );
    expect(withPlanted("domain/naming.ts", "const x = Date.now();").join()).toMatch(/domain\/naming\.ts uses .*Date/);
  });

  test.each([
    [
      "store/names.ts",
      'import { unlink } from "node:fs/promises";',
      "store/names.ts must not change files itself: unlink",
    ],
    [
      "stages/look.ts",
      'import { renameSync as r } from "fs";',
      "stages/look.ts must not change files itself: renameSync",
    ],
    ["sweep.ts", 'import { writeFile } from "node:fs/promises";', "sweep.ts must not change files itself: writeFile"],
    ["sweep.ts", 'import { copyFile } from "node:fs/promises";', "sweep.ts must not change files itself: copyFile"],
    ["sweep.ts", 'import * as fs from "node:fs";', "sweep.ts must not change files itself: * as NamespaceObject"],
    ["sweep.ts", 'import fs from "node:fs";', "sweep.ts must not change files itself: * as Default"],
    ["sweep.ts", 'const fs = await import("node:fs");', "sweep.ts must not change files itself: import()"],
    ["sweep.ts", 'await open(path, "wx");', "sweep.ts must not open files for writing"],
    ["sweep.ts", 'import { removeOriginal } from "./originals.ts";', "sweep.ts may not use removeOriginal"],
    ["sweep.ts", 'import { moveOriginal } from "./originals.ts";', "sweep.ts may not use moveOriginal"],
    ["sweep.ts", "await originals.remove(path);", "sweep.ts uses \\boriginals\\.remove\\b"],
  ])("break on a write outside files.ts and originals.ts: %s, %s", (path, text, violation) => {
    expect(withPlanted(path, text)).toContain(violation);
  });

  test("break on a circle", () => {
    expect(withPlanted("domain/words.ts", 'import { Fault } from "./fault.ts"; import "./naming.ts";')).toEqual([]);
    const circle = checkFloors([
      { path: "domain/a.ts", text: 'import "./b.ts";' },
      { path: "domain/b.ts", text: 'import "./a.ts";' },
    ]);
    expect(circle.violations.join()).toContain("domain/a.ts -> domain/b.ts -> domain/a.ts");
  });
});

test("the top level is the one that was agreed", () => {
  for (const path of [
    "package.json",
    "tsconfig.json",
    "src/daemon.ts",
    "src/watchers",
    "src/stages",
    "src/review-server",
    "service",
    "config",
    "tests",
    "README.md",
  ])
    expect(existsSync(path), path).toBe(true);
});
