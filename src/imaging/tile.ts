import type { Part } from "../domain/zoom.ts";
import { encoded, opened } from "./look.ts";

/** Looked at closely: as good as the site's pictures, and never kept. */
const QUALITY = 90;

/**
 * A part of a photo as a JPEG, upright and in sRGB, every pixel as it is.
 *
 * @param part in pixels of the upright photo
 * @returns base64
 */
export async function tile(file: string, part: Part, maxPixels: number): Promise<string> {
  const { x: left, y: top, width, height } = part;
  const { data, info } = await (await opened(file, maxPixels))
    .autoOrient()
    .extract({ left, top, width, height })
    .flatten({ background: "#fff" })
    .toColourspace("srgb")
    .raw({ depth: "uchar" })
    .toBuffer({ resolveWithObject: true });
  const jpeg = await encoded({ data, width: info.width, height: info.height }, QUALITY);
  return jpeg.toString("base64");
}
