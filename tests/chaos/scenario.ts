/** What is dropped: two sets in two inboxes, with two files in each that are no photos. Small, so that a run takes seconds. */
import { createHash } from "node:crypto";
import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { codeOf } from "../../src/domain/fault.ts";
import { jpeg } from "../fixtures/make.ts";

export interface Original {
  /** below the home */
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly mtimeMs: number;
}

/** A home before its first daemon, to be copied for each run. */
export interface Scenario {
  readonly template: string;
  readonly originals: readonly Original[];
}

/** Names of the two sets: nothing in the names of one depends on the other, so they may open in either order. */
export const SETS = [
  { inbox: "gulls-inbox", category: "nature", name: "2026-10 Gulls, Texel", prefix: "DSC_0" },
  { inbox: "herons-inbox", category: "gallery", name: "2026-11 Herons, Ijssel", prefix: "IMG_7" },
] as const;

export const GOOD_PHOTOS = 8;

const SETTINGS = {
  inboxes: SETS.map(({ inbox, category }) => ({ path: inbox, category })),
  settle: { quietSeconds: 1, patienceSeconds: 1, rescanSeconds: 5 },
  look: { children: 2 },
  publish: { folder: "site" },
  archive: { folder: "archive" },
  review: { port: 0, openBrowser: false },
};

export async function makeScenario(template: string): Promise<Scenario> {
  for (const [s, set] of SETS.entries()) {
    const folder = join(template, set.inbox, set.name);
    mkdirSync(folder, { recursive: true });
    for (let i = 1; i <= GOOD_PHOTOS; i += 1) {
      // Two large ones a set keep a decoder busy for long enough to be caught at it.
      const [width, height] = i % 4 === 0 ? [2000, 1500] : [320, 240];
      // Taken in another order than the camera's file names say.
      const takenAt = `2026:1${s}:14 08:${String(59 - ((i * 7) % 40)).padStart(2, "0")}:00`;
      writeFileSync(join(folder, `${set.prefix}${i}.JPG`), await jpeg({ seed: s * 100 + i, width, height, takenAt }));
    }
    const whole = await jpeg({ seed: s * 100 + 50, width: 320, height: 240 });
    writeFileSync(join(folder, `${set.prefix}90_truncated.JPG`), whole.subarray(0, Math.floor(whole.length / 2)));
    writeFileSync(join(folder, `${set.prefix}91_empty.JPG`), "");
  }
  writeFileSync(join(template, "photogate.jsonc"), JSON.stringify(SETTINGS));
  const originals = filesBelow(template).filter((path) => path.endsWith(".JPG"));
  // A round time: what is compared later must survive the copying of the template.
  for (const path of originals) utimesSync(join(template, path), 1_790_000_000, 1_790_000_000);
  return { template, originals: originals.map((path) => originalAt(template, path)) };
}

export function originalAt(home: string, path: string): Original {
  const bytes = readFileSync(join(home, path));
  const { mtimeMs } = statSync(join(home, path));
  return { path, bytes: bytes.length, sha256: sha256(bytes), mtimeMs };
}

export function makeHome({ template }: Scenario, home: string): void {
  cpSync(template, home, { recursive: true, preserveTimestamps: true });
}

/** A copy of the build, so that whoever builds meanwhile disturbs nobody. */
export function copyBuild(into: string): void {
  const root = fileURLToPath(new URL("../../", import.meta.url));
  for (const part of ["dist", "config", "package.json"])
    cpSync(join(root, part), join(into, part), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(into, "node_modules"), "junction");
}

/** Paths of all files, sorted, with `/`, temporary ones included; none if the folder is not there. */
export function filesBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
      .sort();
  } catch (failure) {
    // A folder that goes away while it is listed is as good as one that was never there.
    if (codeOf(failure) === "ENOENT") return [];
    throw failure;
  }
}

export const sha256 = (data: Uint8Array | string): string => createHash("sha256").update(data).digest("hex");
