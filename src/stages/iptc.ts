import { join } from "node:path";
import { about } from "../domain/fault.ts";
import { extensionOf } from "../domain/formats.ts";
import type { Images } from "../domain/ports.ts";
import { done, photoStage } from "../domain/stage.ts";
import { MINUTE } from "../domain/words.ts";
import { removeFolder } from "../files.ts";

/** Extensions of text files that stand beside a photo and describe it; `.json` is read by nobody here. */
const TEXTS = ["caption", "txt"];

/** What somebody already wrote: IPTC and XMP in the file, and the sidecars that travel with it. */
export const iptc = (images: Images) =>
  photoStage({
    name: "iptc",
    needs: ["ingest"],
    limitMs: 10 * MINUTE,
    run: async (photo, { dir, signal }) => {
      const { file, companions } = photo.facts.ingest;
      const beside = (...extensions: string[]): string | null => {
        const found = companions.find(({ name }) => extensions.includes(extensionOf(name)));
        return found === undefined ? null : join(photo.dir, found.file);
      };
      const sidecars = { xmp: beside("xmp"), text: beside(...TEXTS) };
      const written = await about(photo.source.path, images.iptc(join(photo.dir, file), sidecars, dir, signal));
      await removeFolder(dir);
      return done(written);
    },
  });
