import { join } from "node:path";
import { about } from "../domain/fault.ts";
import type { Images } from "../domain/ports.ts";
import { done, photoStage } from "../domain/stage.ts";
import { MINUTE } from "../domain/words.ts";

/** The one decode: previews, fingerprints, measures, and the proof that the file decodes at all. */
export const look = (images: Images) =>
  photoStage({
    name: "look",
    needs: ["ingest"],
    // The decoder has a limit of its own, and a clear fault for it; this one is for a decoder that does not answer at all.
    limitMs: 30 * MINUTE,
    run: async (photo, { dir, signal }) =>
      done(await about(photo.source.path, images.look(join(photo.dir, photo.facts.ingest.file), dir, signal))),
  });
