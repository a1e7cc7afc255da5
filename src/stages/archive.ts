import { basename, extname, join } from "node:path";
import { folderKey } from "../domain/naming.ts";
import { done, photoStage } from "../domain/stage.ts";
import { HOUR } from "../domain/words.ts";
import { durableCopy } from "../originals.ts";

/**
 * Keeps a verified copy of the original under `<archive>/<year>/<folder>/`, if an archive is set. The original stays where
 * it is. The published name goes in front, because two cameras may both have written IMG_0001.
 *
 * @param archive absolute folder, or null
 */
export const archive = (archive: string | null) =>
  photoStage({
    name: "archive",
    needs: ["ingest", "review", "publish"],
    limitMs: HOUR,
    run: async (photo, { signal }) => {
      if (archive === null) return done({ copy: null });
      const { final } = photo.facts.review;
      const copy = join(archive, final.year, folderKey(final.folder), archiveName(final.name, photo.source.path));
      await durableCopy(join(photo.dir, photo.facts.ingest.file), copy, signal);
      return done({ copy });
    },
  });

/** Both names, if they fit into one: the published name alone is unique. */
function archiveName(published: string, source: string): string {
  const stem = published.replace(/\.JPG$/, "");
  const both = `${stem}__${basename(source)}`;
  return Buffer.byteLength(both) <= MAX_BYTES ? both : `${stem}${extname(source)}`;
}

/** Longest name of a file on all systems we know. */
const MAX_BYTES = 255;
