import { join } from "node:path";
import { about } from "../domain/fault.ts";
import type { Gazetteer, Images } from "../domain/ports.ts";
import { done, photoStage } from "../domain/stage.ts";
import { MINUTE } from "../domain/words.ts";

/** The camera's tags; what is missing is named as missing and never made up. Of a position only the town near it is kept. */
export const exif = (images: Images, gazetteer: Gazetteer) =>
  photoStage({
    name: "exif",
    needs: ["ingest"],
    limitMs: MINUTE,
    run: async (photo, { signal }) => {
      const file = join(photo.dir, photo.facts.ingest.file);
      const { position, ...tags } = await about(photo.source.path, images.exif(file, signal));
      const place = position === null ? null : gazetteer.nearest(position);
      return done({ ...tags, place, fileTime: fileTimeOf(photo.source.mtimeMs) });
    },
  });

/** @returns null for a time no calendar has: some file systems make them up */
function fileTimeOf(mtimeMs: number): string | null {
  const time = new Date(mtimeMs);
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
}
