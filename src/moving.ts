/**
 * Carries out what a manifest says, and takes it back. The manifest is durable before the first file moves, and each move is
 * written down before it is made: a run that was killed is gone on with, or taken back, from the manifest alone.
 */
import { randomBytes } from "node:crypto";
import { readdir, readFile, realpath } from "node:fs/promises";
import { dirname, join } from "node:path";
import { codeOf, Fault, messageOf } from "./domain/fault.ts";
import {
  inOrder,
  MANIFEST_SCHEMA,
  MANIFEST_VERSION,
  type Manifest,
  type ManifestHeader,
  type Move,
  manifestText,
  readManifest,
  recordText,
  type Way,
} from "./domain/moves.ts";
import { durableAppend, durableWrite } from "./files.ts";
import { type Aside, pathBelow } from "./folders.ts";
import { moveOriginal, readSource } from "./originals.ts";

type Verb = ManifestHeader["verb"];

/** A photo with all its files, each with the path it is to have. */
export interface ShotMoves {
  readonly files: readonly { readonly from: string; readonly to: string }[];
}

export interface Planned {
  readonly moves: readonly Move[];
  readonly aside: readonly Aside[];
}

/** Reads every file that is to move. A photo of which one file cannot be read stays, with all its files. */
export async function planned(root: string, shots: readonly ShotMoves[], signal: AbortSignal): Promise<Planned> {
  const aside: Aside[] = [];
  const moves: Omit<Move, "n">[] = [];
  for (const [shot, { files }] of shots.entries()) {
    try {
      const read = [];
      for (const { from, to } of files.filter((one) => one.from !== one.to)) {
        const { bytes, sha256 } = await readSource(pathBelow(root, from), { head: 0, tail: 0 }, signal);
        read.push({ shot, from, to, bytes, sha256 });
      }
      moves.push(...read);
    } catch (failure) {
      aside.push(asideOf(files[0]?.from ?? "", failure));
    }
  }
  return { moves: inOrder(moves, detourOf).map((move, n) => ({ n, ...move })), aside };
}

const detourOf = ({ from }: Pick<Move, "from">): string =>
  `${from.slice(0, from.lastIndexOf("/") + 1)}photogate-${randomBytes(6).toString("hex")}.moving`;

function asideOf(path: string, failure: unknown): Aside {
  if (!(failure instanceof Fault)) throw failure;
  return { path, code: failure.code, why: failure.message };
}

/** Name of a manifest, in the order in which they were written. */
const nameOf = (verb: Verb, at: string): string =>
  `photogate-${verb}-${at.slice(0, 19).replaceAll(/\D/g, "")}-${randomBytes(3).toString("hex")}.jsonl`;
const isManifest = (verb: Verb, name: string): boolean =>
  new RegExp(`^photogate-${verb}-\\d+-\\w+\\.jsonl$`).test(name);

/**
 * Writes a manifest down.
 *
 * @param into folder for it
 * @returns its path
 */
export async function writtenDown(
  root: string,
  into: string,
  verb: Verb,
  moves: readonly Move[],
  now: number,
): Promise<string> {
  const at = new Date(now).toISOString();
  const header: ManifestHeader = {
    schema: MANIFEST_SCHEMA,
    version: MANIFEST_VERSION,
    verb,
    at,
    folder: root,
    moves: moves.length,
  };
  const path = join(into, nameOf(verb, at));
  await durableWrite(path, manifestText(header, moves)).catch((cause: unknown) => {
    throw new Fault("moves.unwritable", messageOf(cause), { cause });
  });
  return path;
}

/**
 * A manifest whose run was cut off must be ended first: its files are between two names.
 *
 * @throws Fault moves.unfinished
 */
export async function assertNoneCutOff(into: string, verb: Verb): Promise<void> {
  const names = await readdir(into).catch((cause: unknown) => {
    if (codeOf(cause) === "ENOENT") return [];
    throw new Fault("folder.unusable", `${into}: ${messageOf(cause)}`, { cause });
  });
  for (const name of names.filter((one) => isManifest(verb, one))) {
    const path = join(into, name);
    const { ended, done, moves } = await manifestAt(path, verb);
    if (!ended) throw new Fault("moves.unfinished", `${path}: ${done.size} of ${moves.length} files were moved`);
  }
}

/** @throws Fault moves.manifest */
async function manifestAt(path: string, verb: Verb): Promise<Manifest> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new Fault("moves.manifest", `${path}: ${messageOf(cause)}`, { cause });
  });
  const manifest = readManifest(text, path);
  if (manifest.header.verb !== verb) throw new Fault("moves.manifest", `${path} is of ${manifest.header.verb}`);
  return manifest;
}

export interface Carried {
  /** how many are now where they are wanted, with all that travels with them */
  readonly photos: number;
  readonly left: readonly Aside[];
}

/**
 * Goes a manifest's way to its end, or back to its beginning. What cannot be moved is left and named; the rest goes on.
 *
 * @throws Fault moves.manifest, moves.unwritable
 */
export async function carryOut(
  root: string,
  path: string,
  verb: Verb,
  way: Way,
  signal: AbortSignal,
): Promise<Carried> {
  const { moves, inDoubt, isTorn, ...manifest } = await manifestAt(path, verb);
  if (isTorn) await durableAppend(path, "\n");
  const done = new Set(manifest.done);
  const left: Aside[] = [];
  const go = async (move: Move, to: Way, again = false): Promise<boolean> => {
    const [from, target] = to === "do" ? [move.from, move.to] : [move.to, move.from];
    try {
      if (!again) await durableAppend(path, recordText(to === "do" ? { doing: move.n } : { undoing: move.n }));
      await assertWithin(root, from);
      await assertWithin(root, target);
      await moveOriginal(pathBelow(root, from), pathBelow(root, target), move.sha256, signal, again);
      if (to === "do") done.add(move.n);
      else done.delete(move.n);
      return true;
    } catch (failure) {
      left.push(asideOf(from, failure));
      await durableAppend(path, recordText({ left: move.n }));
      return false;
    }
  };
  const doubted = inDoubt === null ? undefined : moves[inDoubt.n];
  if (inDoubt !== null && doubted !== undefined) await go(doubted, inDoubt.way, true);
  await (way === "do" ? forward(moves, done, go) : backward(moves, done, go));
  await durableAppend(path, recordText({ ended: way }));
  return { photos: arrived(moves, done, way), left };
}

/** How many photos are where they are wanted, with all their files. */
function arrived(moves: readonly Move[], done: ReadonlySet<number>, way: Way): number {
  const all = new Set(moves.map(({ shot }) => shot));
  const not = new Set(moves.filter(({ n }) => done.has(n) !== (way === "do")).map(({ shot }) => shot));
  return all.size - not.size;
}

type Go = (move: Move, way: Way) => Promise<boolean>;

/** A photo and what travels with it go together: where one of them stays, the others come back. */
async function forward(moves: readonly Move[], done: ReadonlySet<number>, go: Go): Promise<void> {
  const staying = new Set<number>();
  for (const move of moves) {
    if (done.has(move.n) || staying.has(move.shot) || (await go(move, "do"))) continue;
    staying.add(move.shot);
    const along = moves.filter((one) => one.shot === move.shot && done.has(one.n));
    for (const one of along.toReversed()) await go(one, "undo");
  }
}

async function backward(moves: readonly Move[], done: ReadonlySet<number>, go: Go): Promise<void> {
  for (const move of moves.toReversed()) if (done.has(move.n)) await go(move, "undo");
}

/** A folder that became a link since would lead the files somewhere else. */
async function assertWithin(root: string, relative: string): Promise<void> {
  for (let folder = dirname(pathBelow(root, relative)); ; folder = dirname(folder)) {
    const real = await realpath(folder).catch((cause: unknown) => {
      if (codeOf(cause) === "ENOENT") return undefined;
      throw new Fault("moves.unwritable", `${folder}: ${messageOf(cause)}`, { cause });
    });
    if (real === undefined) continue;
    if (real !== folder) throw new Fault("moves.other-disk", `${folder} leads to ${real}`);
    return;
  }
}
