/** Crops beside photos that are not ours: sidecars and XMP. Nothing of anybody else is ever replaced. */
import { createHash } from "node:crypto";
import { lstat, readFile } from "node:fs/promises";
import { basename } from "node:path";
import { isSealed, readSidecar, SIDECAR_SUFFIX, type Sidecar } from "./domain/crop-sidecar.ts";
import { codeOf, Fault } from "./domain/fault.ts";
import { isRawName } from "./domain/formats.ts";
import { durableCreate, durableWrite, NameTaken, PUBLIC } from "./files.ts";
import { type FolderSeen, pathBelow } from "./folders.ts";

export const sha256Of = (text: string): string => createHash("sha256").update(text).digest("hex");

export const sidecarPath = (photo: string): string => `${photo}${SIDECAR_SUFFIX}`;

/** Larger is no sidecar. */
const MAX_BYTES = 1_000_000;

/** @returns undefined where there is nothing; null where there is something that is no text of reasonable length */
export async function textAt(path: string): Promise<string | null | undefined> {
  try {
    const seen = await lstat(path);
    return seen.isFile() && seen.size <= MAX_BYTES ? await readFile(path, "utf8") : null;
  } catch (failure) {
    if (codeOf(failure) === "ENOENT") return undefined;
    throw failure;
  }
}

/**
 * The sidecar a photo has already.
 *
 * @returns undefined where there is none
 * @throws Fault crop.sidecar-taken where it is somebody else's, or was changed by hand
 */
export async function standingSidecar(
  photo: string,
): Promise<{ readonly sidecar: Sidecar; readonly sha256: string } | undefined> {
  const path = sidecarPath(photo);
  const text = await textAt(path);
  if (text === undefined) return undefined;
  const sidecar = text === null ? undefined : readSidecar(text);
  if (sidecar === undefined || text === null)
    throw new Fault("crop.sidecar-taken", `${basename(path)} is not one of Photogate's`);
  if (!isSealed(text, sidecar, sha256Of))
    throw new Fault("crop.sidecar-taken", `${basename(path)} was changed since Photogate wrote it`);
  return { sidecar, sha256: sha256Of(text) };
}

/**
 * Puts a text beside a photo, whole or not at all.
 *
 * @returns false where it stands there already
 * @throws NameTaken where something else does
 */
async function putBeside(path: string, text: string, replaces: string | null, signal: AbortSignal): Promise<boolean> {
  const there = await textAt(path);
  if (there === text) return false;
  if (typeof there === "string" && sha256Of(there) === replaces) {
    await durableWrite(path, text, PUBLIC);
    return true;
  }
  if (there !== undefined) throw new NameTaken(path, { bytes: there?.length ?? 0, sha256: sha256Of(there ?? "") });
  await durableCreate(path, signal, PUBLIC, (write) => write(Buffer.from(text)));
  return true;
}

/** What a folder holds, by the names under which crops look for it. */
export interface CropFolder {
  readonly root: string;
  /** photos by their path without extension, in lower case */
  readonly photosByStem: ReadonlyMap<string, readonly string[]>;
  /** every path by itself in lower case */
  readonly paths: ReadonlyMap<string, string>;
}

export const cropFolderOf = ({ root, shots, paths }: FolderSeen): CropFolder => ({
  root,
  photosByStem: Map.groupBy(
    shots.map(({ main }) => main.relative),
    (path) => stemOf(path).toLowerCase(),
  ),
  paths: new Map(paths.map((path) => [path.toLowerCase(), path])),
});

const stemOf = (path: string): string => path.replace(/\.[^./]*$/, "");

/**
 * Writes the XMP of a photo, if nobody else's would be lost.
 *
 * @param relative path of the photo below the folder
 * @param replaces hash of the one we wrote before; null if there is none
 * @returns its name, and whether it was written
 * @throws Fault crop.xmp-taken, disk.*
 */
export async function putXmp(
  { root, photosByStem, paths }: CropFolder,
  relative: string,
  text: string,
  replaces: string | null,
  signal: AbortSignal,
): Promise<{ readonly name: string; readonly isNew: boolean }> {
  const stem = stemOf(relative);
  const others = (photosByStem.get(stem.toLowerCase()) ?? []).filter((path) => path !== relative);
  // Developers go by the stem alone, and read it for a RAW first.
  if (others.length > 0 && (!isRawName(relative) || others.some(isRawName)))
    throw new Fault("crop.xmp-taken", `${relative} and ${others.join(", ")} would share one XMP file`);
  const path = pathBelow(root, paths.get(`${stem}.xmp`.toLowerCase()) ?? `${stem}.xmp`);
  try {
    return { name: basename(path), isNew: await putBeside(path, text, replaces, signal) };
  } catch (cause) {
    throw cause instanceof NameTaken
      ? new Fault("crop.xmp-taken", `${basename(path)} is there already`, { cause })
      : cause;
  }
}

/**
 * Writes the sidecar of a photo.
 *
 * @param replaces hash of the one of ours that stands there; null if there is none
 * @returns whether it was written
 * @throws Fault crop.sidecar-taken, disk.*
 */
export async function putSidecar(
  photo: string,
  text: string,
  replaces: string | null,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    return await putBeside(sidecarPath(photo), text, replaces, signal);
  } catch (cause) {
    throw cause instanceof NameTaken ? new Fault("crop.sidecar-taken", cause.message, { cause }) : cause;
  }
}
