import { basename, join } from "node:path";
import type { Prints } from "../domain/facts.ts";
import { durableWrite, durableWriteAll } from "../files.ts";
import { chooseEmbedded, type RawPreviews } from "./embedded.ts";
import { dhash64, greyOf, perceptualHashes, thumbOf } from "./fingerprints.ts";
import { jpegQuality } from "./jpeg-quality.ts";
import { measured } from "./kernel.ts";
import { EDGES, opened, type Pixels, pixelHash, preview, rawWithin, reduced } from "./look.ts";
import { traitsOf } from "./traits.ts";

const GREY = "grey.bin";

/**
 * What likeness compares, by the same decode and the same reductions as `look`, without its previews: so photos of any
 * folder can be compared with those of the catalogue.
 *
 * @param into folder for the small grey picture, and for the JPEG that stands for a RAW
 * @param wantsModel the preview that learned scorers see is made, too
 * @param previews of a RAW: the largest is decoded in its place
 */
export async function printsOf(
  file: string,
  into: string,
  wantsModel: boolean,
  maxPixels: number,
  previews: RawPreviews | null,
): Promise<Omit<Prints, "type">> {
  const embedded = previews === null ? null : await chooseEmbedded(previews, into, maxPixels);
  const decoded = embedded === null ? file : join(into, basename(embedded.file));
  const source = await opened(decoded, maxPixels);
  const { autoOrient } = await source.metadata();
  const large = await rawWithin(source, EDGES.large);
  const medium = await reduced(large, EDGES.medium);
  const { grey, ...seen } = printed(medium);
  await durableWrite(join(into, GREY), grey);
  return {
    width: autoOrient.width,
    height: autoOrient.height,
    ...seen,
    grey: GREY,
    model: wantsModel ? await modelPreview(medium, into) : null,
    pixels: pixelHash(large),
    measures: { ...seen.measures, jpegQuality: await jpegQuality(decoded) },
  };
}

async function modelPreview(medium: Pixels, into: string): Promise<string> {
  const files = new Map<string, Uint8Array>();
  const { file } = await preview(await reduced(medium, EDGES.model), files, "model");
  await durableWriteAll(into, files);
  return basename(file);
}

/** In one go: the sums lie in memory that the next photo takes. */
function printed({ data, width, height }: Pixels) {
  const sums = measured(data, width, height);
  const { detail, noise, clipped } = traitsOf(sums);
  return {
    ...perceptualHashes(sums.means),
    dhash: dhash64(sums.means),
    thumb: thumbOf(sums.means),
    grey: greyOf(sums.means),
    measures: { detail, noise, clipped },
  };
}
