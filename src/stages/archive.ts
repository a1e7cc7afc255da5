import { basename, extname, join } from "node:path";
import { type CopiedCompanion, copiedCompanions } from "../domain/companions.ts";
import type { Facts } from "../domain/facts.ts";
import { Fault } from "../domain/fault.ts";
import { folderKey } from "../domain/naming.ts";
import type { PhotoWith } from "../domain/photo.ts";
import type { Originals, Removal } from "../domain/ports.ts";
import { done, photoStage } from "../domain/stage.ts";
import { HOUR } from "../domain/words.ts";
import { diskFault, durableRemove, fileExists, hashFile } from "../files.ts";
import { durableCopy } from "../originals.ts";

/**
 * Keeps verified copies of the original and of what travels with it under `<archive>/<year>/<folder>/`, if an archive is
 * set. The originals stay where they are, unless the set's context wants them moved: then each goes when its copy has been
 * read back and both hashes agree. One that cannot go stays, and says why; the photo is published all the same.
 *
 * @param archive absolute folder, or null
 */
export const archive = (originals: Originals, archive: string | null) =>
  photoStage({
    name: "archive",
    needs: ["ingest", "review", "publish"],
    limitMs: HOUR,
    run: async (photo, { signal }) => {
      const isMove = photo.context.originals === "move-to-archive";
      if (archive === null)
        return done({
          copy: null,
          companions: [],
          moved: [],
          kept: isMove ? [{ path: photo.source.path, why: "no archive folder is set" }] : [],
        });
      const files = filesOf(photo, archive);
      for (const file of files) await copyProven(file, originals, signal);
      const [main, ...others] = files;
      return done({
        copy: main.copy,
        companions: others.map(({ original, copy }) => ({ name: basename(original), copy })),
        ...(isMove ? await move(files, photo, originals, signal) : { moved: [], kept: [] }),
      });
    },
  });

/** One file on its way into the archive. */
interface Archived {
  readonly original: string;
  /** our own copy, made at ingest */
  readonly working: string;
  readonly copy: string;
  readonly sha256: string;
}

type Published = PhotoWith<"ingest" | "review" | "publish">;

function filesOf(photo: Published, archive: string): readonly [Archived, ...Archived[]] {
  const { ingest, review } = photo.facts;
  const { final } = review;
  const folder = join(archive, final.year, folderKey(final.folder));
  const stem = final.name.replace(/\.JPG$/, "");
  const main = archiveName(stem, photo.source.path, "");
  const taken = new Set([folded(main)]);
  const companion = ({ source, copy }: CopiedCompanion, i: number): Archived => {
    const plain = archiveName(stem, source.path, `-${i + 1}`);
    // Two names that differ on the card may be one on the archive's disk.
    const name = taken.has(folded(plain)) ? archiveName(`${stem}-${i + 1}`, source.path, "") : plain;
    taken.add(folded(name));
    return {
      original: source.path,
      working: join(photo.dir, copy.file),
      copy: join(folder, name),
      sha256: copy.sha256,
    };
  };
  return [
    {
      original: photo.source.path,
      working: join(photo.dir, ingest.file),
      copy: join(folder, main),
      sha256: ingest.sha256,
    },
    ...copiedCompanions(photo.companions, ingest).map(companion),
  ];
}

const folded = (name: string): string => name.normalize("NFC").toLowerCase();

/**
 * The published name goes in front, because two cameras may both have written IMG_0001. Both names, if they fit into one:
 * the published name alone is unique.
 */
function archiveName(stem: string, source: string, apart: string): string {
  const both = `${stem}__${basename(source)}`;
  return Buffer.byteLength(both) <= MAX_BYTES ? both : `${stem}${apart}${extname(source)}`;
}

/** Longest name of a file on all systems we know. */
const MAX_BYTES = 255;

/** @throws Fault archive.collision, copy.mismatch where our own copy is not what was taken in */
async function copyProven(file: Archived, originals: Originals, signal: AbortSignal): Promise<void> {
  const { original, working, copy, sha256 } = file;
  if (await isThere(copy, sha256, signal)) return;
  // A cleared set has no working copy any more; its originals may still be there.
  const made = (await fileExists(working))
    ? await durableCopy(working, copy, signal)
    : await originals.copy(original, copy, signal);
  if (made.sha256 === sha256) return;
  await durableRemove(copy);
  throw new Fault("copy.mismatch", `${original}: ${sha256} taken in, ${made.sha256} read now`);
}

/** @throws Fault archive.collision */
async function isThere(copy: string, sha256: string, signal: AbortSignal): Promise<boolean> {
  if (!(await fileExists(copy))) return false;
  const there = await hashFile(copy, signal).catch((cause: unknown) => {
    throw diskFault(copy, cause);
  });
  if (there.sha256 === sha256) return true;
  throw new Fault("archive.collision", `${copy} is there with other content (${there.bytes} bytes)`);
}

/** The photo is published: an inbox that is away by now is no reason to hold its set. */
function staysIfAway(failure: unknown): Removal {
  if (!(failure instanceof Fault) || !failure.code.startsWith("inbox.")) throw failure;
  return { kind: "stays", why: failure.message };
}

async function move(
  files: readonly Archived[],
  { facts }: Published,
  originals: Originals,
  signal: AbortSignal,
): Promise<Pick<Facts["archive"], "moved" | "kept">> {
  const moved: Facts["archive"]["moved"] = [];
  const kept: Facts["archive"]["kept"] = facts.ingest.uncopied.map(({ path, why }) => ({ path, why }));
  for (const { original, copy, sha256 } of files) {
    const removal = await originals.remove(original, copy, sha256, signal).catch(staysIfAway);
    if (removal.kind === "stays") kept.push({ path: original, why: removal.why });
    else moved.push({ path: original, copy, sha256, found: removal.kind === "gone" ? "gone" : "there" });
  }
  return { moved, kept };
}
