import { join } from "node:path";
import { done, photoStage } from "../domain/stage.ts";
import { MINUTE } from "../domain/words.ts";
import { durableCopy } from "../files.ts";

/** Copies the original into our folder and proves the copy. Never moves, never opens the original for writing. */
export const ingest = () =>
  photoStage({
    name: "ingest",
    needs: ["validate"],
    limitMs: 10 * MINUTE,
    run: async ({ source, facts }, { dir, signal }) => {
      const { type } = facts.validate;
      const name = `original.${type === "jpeg" ? "jpg" : type}`;
      const { bytes, sha256 } = await durableCopy(source.path, join(dir, name), signal);
      return done({ file: `ingest/${name}`, bytes, sha256 });
    },
  });
