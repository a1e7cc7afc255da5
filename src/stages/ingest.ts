import { join } from "node:path";
import { Fault } from "../domain/fault.ts";
import type { Originals } from "../domain/ports.ts";
import { done, photoStage } from "../domain/stage.ts";
import { MINUTE } from "../domain/words.ts";
import { removeFolder } from "../files.ts";

/** Copies the original into our folder and proves the copy. Never moves, never opens the original for writing. */
export const ingest = (originals: Originals) =>
  photoStage({
    name: "ingest",
    needs: ["validate"],
    limitMs: 10 * MINUTE,
    run: async ({ source, facts }, { dir, signal }) => {
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
        throw new Fault("photo.changed", `${source.path} read ${source.sha256} when it settled and ${sha256} now`);
      return done({ file: `ingest/${name}`, bytes, sha256, companions: [] });
    },
  });
