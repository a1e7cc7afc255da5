/** `photogate rename`: gives the photos of any folder names by a pattern, with all that travels with them. */

import { isAgreed } from "./asking.ts";
import type { Config } from "./config.ts";
import { decoderFor } from "./decoding.ts";
import { Fault, remedyOf } from "./domain/fault.ts";
import {
  RENAME_PATTERN,
  type Renamable,
  type Renamed,
  renamed,
  renamePatternFlaw,
  tooLong,
} from "./domain/renaming.ts";
import { type Aside, type FolderShot, folderSeen, pathBelow } from "./folders.ts";
import type { Decoder } from "./imaging/decoder.ts";
import { assertNoneCutOff, type Carried, carryOut, planned, writtenDown } from "./moving.ts";
import { pool } from "./pipeline/pool.ts";
import type { Say } from "./reading-verbs.ts";

export interface RenameOptions {
  readonly pattern?: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  /** path of a manifest */
  readonly undo?: string;
  readonly resume?: string;
}

/** @returns 0 where every photo has its name, 1 where something was left */
export async function rename(config: Config, folder: string, options: RenameOptions, say: Say): Promise<number> {
  const { pattern = RENAME_PATTERN, undo, resume } = options;
  const flaw = renamePatternFlaw(pattern);
  if (flaw !== undefined) throw new Fault("rename.pattern", `"${pattern}" ${flaw}`);
  const { signal } = new AbortController();
  const { root, shots, aside, paths } = await folderSeen(folder);
  const manifest = undo ?? resume;
  if (manifest !== undefined) {
    const carried = await carryOut(root, manifest, "rename", undo === undefined ? "do" : "undo", signal);
    return ended(carried, undo === undefined ? "have their new name" : "have their old name", say);
  }
  await assertNoneCutOff(root, "rename");
  const { photos, unread } = await dated(config, root, shots, signal);
  const moving = new Set(photos.flatMap(({ relative, companions }) => [relative, ...companions]));
  const named = renamed(
    pattern,
    photos,
    paths.filter((path) => !moving.has(path)),
  );
  const left = [...aside, ...unread, ...named.flatMap(asideOfName)];
  for (const one of left) say(asideLine(one));
  const wanted = named.filter((one) => tooLong(one) === undefined);
  const changes = wanted.filter(({ files }) => files.some(({ from, to }) => from !== to));
  for (const { from, to } of changes.flatMap(({ files }) => files)) say(`${from} -> ${to}`);
  say(`${changes.length} of ${shots.length} photos get another name.`);
  if (changes.length === 0 || options.dryRun === true) return left.length === 0 ? 0 : 1;
  if (options.yes !== true && !(await isAgreed(`Rename ${changes.length} photos? [y/N] `))) {
    say("Nothing was renamed (--yes does not ask).");
    return 1;
  }
  const plan = await planned(root, changes, signal);
  for (const one of plan.aside) say(asideLine(one));
  const path = await writtenDown(root, root, "rename", plan.moves, Date.now());
  say(`Manifest: ${path} (--undo takes it back)`);
  const carried = await carryOut(root, path, "rename", "do", signal);
  return Math.max(ended(carried, "have their new name", say), left.length + plan.aside.length > 0 ? 1 : 0);
}

export function ended({ photos, left }: Carried, what: string, say: Say): number {
  for (const one of left) say(asideLine(one));
  say(`${photos} photos ${what}${left.length === 0 ? "" : `; ${left.length} files could not be moved`}.`);
  return left.length === 0 ? 0 : 1;
}

export const asideLine = ({ path, code, why }: Aside): string =>
  `${path}: left alone: ${why} (${code}). ${remedyOf(code)}`;

const asideOfName = (one: Renamed): Aside[] => {
  const name = tooLong(one);
  return name === undefined
    ? []
    : [{ path: one.photo.relative, code: "rename.too-long", why: `it would be called ${name}` }];
};

interface Dated {
  readonly photos: readonly Renamable[];
  readonly unread: readonly Aside[];
}

/** Reads the cameras' tags. A photo that cannot be opened at all keeps its name. */
async function dated(config: Config, root: string, shots: readonly FolderShot[], signal: AbortSignal): Promise<Dated> {
  const decoder = decoderFor(config);
  const photos: Renamable[] = [];
  const unread: Aside[] = [];
  try {
    await pool(shots, config.decoders, signal, async (shot) => {
      try {
        photos.push(await tagged(decoder, root, shot, signal));
      } catch (failure) {
        if (!(failure instanceof Fault)) throw failure;
        unread.push({ path: shot.main.relative, code: failure.code, why: failure.message });
      }
    });
  } finally {
    decoder.close();
  }
  return { photos, unread };
}

async function tagged(
  decoder: Decoder,
  root: string,
  { main, companions }: FolderShot,
  signal: AbortSignal,
): Promise<Renamable> {
  const { takenAt, subSec, camera } = await decoder.exif(pathBelow(root, main.relative), signal);
  return { relative: main.relative, companions: companions.map(({ relative }) => relative), takenAt, subSec, camera };
}
