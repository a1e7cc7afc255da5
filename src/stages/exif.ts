import { join } from "node:path";
import { about } from "../domain/fault.ts";
import type { Images } from "../domain/ports.ts";
import { done, photoStage } from "../domain/stage.ts";
import { MINUTE } from "../domain/words.ts";

/** The camera's tags; what is missing is named as missing and never made up. */
export const exif = (images: Images) =>
  photoStage({
    name: "exif",
    needs: ["ingest"],
    limitMs: MINUTE,
    run: async (photo, { signal }) => {
      const tags = await about(photo.source.path, images.exif(join(photo.dir, photo.facts.ingest.file), signal));
      return done({ ...tags, fileTime: fileTimeOf(photo.source.mtimeMs) });
    },
  });

/** @returns null for a time no calendar has: some file systems make them up */
function fileTimeOf(mtimeMs: number): string | null {
  const time = new Date(mtimeMs);
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
}
