/** The roof's way to the pixels of a photo as they are, for a person who looks closely. */
import { join } from "node:path";
import { Fault } from "./domain/fault.ts";
import type { LoadedPhoto } from "./domain/photo.ts";
import { SECOND } from "./domain/words.ts";
import type { Part } from "./domain/zoom.ts";
import type { Decoder } from "./imaging/decoder.ts";

/** Nobody looks at one spot for longer without a sharper picture; the preview is there all the while. */
const PATIENCE_MS = 20 * SECOND;

export type Tiles = (photo: LoadedPhoto, part: Part) => Promise<Uint8Array | undefined>;

/** Of a RAW the JPEG that stands for it. Where the copy is gone, or cannot be read now, there is no more than the preview. */
export const tilesOf =
  ({ tile }: Pick<Decoder, "tile">): Tiles =>
  async ({ facts: { look, ingest }, dir }, part) => {
    const file = look?.embedded?.file ?? ingest?.file;
    if (file === undefined) return undefined;
    const signal = AbortSignal.timeout(PATIENCE_MS);
    try {
      return await tile(join(dir, file), part, signal);
    } catch (failure) {
      if (failure instanceof Fault || signal.aborted) return undefined;
      throw failure;
    }
  };
