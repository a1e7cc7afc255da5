import { join } from "node:path";
import type { Images } from "../domain/ports.ts";
import { done, photoStage } from "../domain/stage.ts";
import { MINUTE } from "../domain/words.ts";

/** The camera's tags; what is missing is named as missing and never made up. */
export const exif = (images: Images) =>
  photoStage({
    name: "exif",
    needs: ["ingest"],
    limitMs: MINUTE,
    run: async (photo, { signal }) => done(await images.exif(join(photo.dir, photo.facts.ingest.file), signal)),
  });
