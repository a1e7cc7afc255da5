import { Fault } from "../domain/fault.ts";
import {
  declaredBytes,
  extensionFor,
  HEAD_BYTES,
  isImage,
  kindOf,
  sniff,
  TAIL_BYTES,
  tailFlaw,
} from "../domain/formats.ts";
import type { Originals } from "../domain/ports.ts";
import { cull, done, photoStage } from "../domain/stage.ts";
import { SECOND } from "../domain/words.ts";

/** Is it a photo, of a kind we take, and all there? Looks at both ends of the file and changes nothing. */
export const validate = (originals: Originals) =>
  photoStage({
    name: "validate",
    needs: [],
    limitMs: 60 * SECOND,
    run: async ({ source }, { signal }) => {
      if (!source.nameIsText) return cull("photo.name-not-text", `${source.path}: the name is not UTF-8`);
      if (source.bytes === 0) return cull("photo.empty", `${source.path} has no bytes`);
      const { head, tail, bytes } = await originals.ends(source.path, HEAD_BYTES, TAIL_BYTES, signal);
      if (bytes !== source.bytes)
        throw new Fault(
          "photo.changed",
          `${source.path} had ${source.bytes} bytes when it settled and has ${bytes} now`,
        );

      const type = sniff(head);
      if (!isImage(type)) {
        const { what, opens, isPicture } = kindOf(type);
        return cull(isPicture ? "photo.unsupported" : "photo.not-a-photo", `${source.path} is ${what}; ${opens}`);
      }
      if (tailFlaw(type, tail) === "zeros") return cull("photo.incomplete", `${source.path} ends in zeros`);
      const declared = declaredBytes(type, head);
      if (declared !== undefined && bytes < declared)
        return cull("photo.truncated", `${source.path} has ${bytes} of the ${declared} bytes it declares`);
      return done({ type, extension: extensionFor(type, head), bytes });
    },
  });
