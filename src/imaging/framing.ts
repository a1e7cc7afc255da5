import { basename, join } from "node:path";
import type { Framing } from "../domain/crop-proposal.ts";
import { proposeCrops } from "./crops.ts";
import { chooseEmbedded, type RawPreviews } from "./embedded.ts";
import { EDGES, opened, rawWithin } from "./look.ts";

/**
 * How a photo of any folder could be cropped, from a decode that is no larger than that needs.
 *
 * @param into folder for the JPEG that stands for a RAW; nothing is written for other photos
 * @param previews of a RAW: the largest is decoded in its place
 */
export async function framingOf(
  file: string,
  into: string,
  maxPixels: number,
  previews: RawPreviews | null,
): Promise<Framing> {
  const embedded = previews === null ? null : await chooseEmbedded(previews, into, maxPixels);
  const source = await opened(embedded === null ? file : join(into, basename(embedded.file)), maxPixels);
  const { autoOrient, orientation = 1 } = await source.metadata();
  const size = { width: autoOrient.width, height: autoOrient.height };
  const crops = await proposeCrops(await rawWithin(source, EDGES.small), size);
  return { ...size, orientation, isPreview: embedded !== null, crops };
}
