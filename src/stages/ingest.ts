import { basename, dirname, extname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Facts } from "../domain/facts.ts";
import { Fault, looksAt } from "../domain/fault.ts";
import type { LoadedPhoto, SourceFile } from "../domain/photo.ts";
import type { Originals } from "../domain/ports.ts";
import { missingRoom } from "../domain/room.ts";
import { done, photoStage } from "../domain/stage.ts";
import { MINUTE, type Millis, SECOND, sizeText } from "../domain/words.ts";
import { freeBytes, removeFolder } from "../files.ts";

interface IngestTools {
  /** bytes free where a folder is */
  readonly free: (folder: string) => Promise<number>;
  /** between two looks at a companion that changed, or that the card did not give */
  readonly pauseMs: Millis;
}

/** Copies the original and its companions into our folder and proves the copies. Never opens an original for writing. */
export const ingest = (originals: Originals, { free, pauseMs }: IngestTools = { free: freeBytes, pauseMs: SECOND }) =>
  photoStage({
    name: "ingest",
    needs: ["validate"],
    limitMs: 10 * MINUTE,
    preflight: async (photos) => assertRoom(photos, free),
    run: async ({ source, companions, facts }, { dir, signal }) => {
      // A killed run may have copied what the file was then; no row says so.
      await removeFolder(dir);
      const name = `original.${facts.validate.extension}`;
      const { bytes, sha256 } = await originals.copy(source.path, join(dir, name), signal);
      if (bytes !== facts.validate.bytes)
        throw new Fault(
          "photo.changed",
          `${source.path} had ${facts.validate.bytes} bytes when it was validated and has ${bytes} now`,
        );
      // Settled with one hash and copied with another: somebody writes without the times or the length showing it.
      if (source.sha256 !== undefined && sha256 !== source.sha256)
        throw new Fault("photo.changed", `${source.path} settled with sha256 ${source.sha256} and has ${sha256} now`);
      const patiently = copyingPatiently(originals, pauseMs, signal);
      const along = await copyAll(companions, dir, patiently);
      return done({ file: `ingest/${name}`, bytes, sha256, ...along });
    },
  });

async function assertRoom(photos: readonly LoadedPhoto[], free: IngestTools["free"]): Promise<void> {
  const [first] = photos;
  if (first === undefined) return;
  const folder = dirname(first.dir);
  const sizes = photos.flatMap(({ source, companions }) => [source, ...companions]).map(({ bytes }) => bytes);
  // A disk that does not say how full it is says so when it is full.
  const room = await free(folder).catch(() => Number.POSITIVE_INFINITY);
  const missing = missingRoom(
    sizes.reduce((sum, bytes) => sum + bytes, 0),
    room,
  );
  if (missing > 0) throw new Fault("disk.full", `needs ${sizeText(missing)} more at ${folder}`);
}

type Along = Pick<Facts["ingest"], "companions" | "uncopied">;

/** A photo is not lost because its sound file is: what cannot be copied is named, and the photo goes on. */
async function copyAll(
  files: readonly SourceFile[],
  dir: string,
  copy: ReturnType<typeof copyingPatiently>,
): Promise<Along> {
  const along: { companions: Along["companions"]; uncopied: Along["uncopied"] } = { companions: [], uncopied: [] };
  for (const [i, file] of files.entries()) {
    const name = `companion-${i + 1}${safeExtension(file.path)}`;
    try {
      const copied = await copy(file, join(dir, name));
      along.companions.push({ file: `ingest/${name}`, name: basename(file.path), ...copied });
    } catch (fault) {
      if (!(fault instanceof Fault) || fault.blame !== "photo") throw fault;
      along.uncopied.push({ path: file.path, code: fault.code, why: fault.message });
    }
  }
  return along;
}

/** Looks again as often as the driver would for the photo itself. */
const copyingPatiently =
  (originals: Originals, pauseMs: Millis, signal: AbortSignal) =>
  async ({ path, nameIsText }: SourceFile, target: string) => {
    if (!nameIsText) throw new Fault("photo.name-not-text", `${path}: the name is not UTF-8`);
    for (let look = 1; ; look += 1) {
      try {
        return await originals.copy(path, target, signal);
      } catch (fault) {
        if (!(fault instanceof Fault) || fault.blame !== "photo" || look >= looksAt(fault.code)) throw fault;
        await sleep(pauseMs, undefined, { signal });
      }
    }
  };

/** Other programs know a file by its extension; everything else about its name stays in the facts. */
const safeExtension = (path: string): string => /^\.[a-z0-9]{1,8}$/.exec(extname(path).toLowerCase())?.[0] ?? "";
