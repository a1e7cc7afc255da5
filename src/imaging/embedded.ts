import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Facts } from "../domain/facts.ts";
import { Fault } from "../domain/fault.ts";
import { orientationBlock } from "../domain/first-sight.ts";
import { durableWrite, removeFolder } from "../files.ts";
import { sharp } from "./sharp.ts";

/** What ExifTool took out of a RAW. */
export interface RawPreviews {
  /** holds the previews and nothing else; removed when one is chosen */
  readonly folder: string;
  /** how the camera was held, 1 to 8; null if the RAW does not say */
  readonly orientation: number | null;
}

/** Long edge in pixels below which a preview is too small to judge a photo by, or to publish. */
const SMALL_EDGE = 1_000;

/**
 * Keeps the largest of the JPEG previews of a RAW as `embedded.jpg`, upright by what its own tags say, else by those of
 * the RAW.
 *
 * @throws Fault photo.no-preview, photo.too-many-pixels
 */
export async function chooseEmbedded(
  { folder, orientation }: RawPreviews,
  into: string,
  maxPixels: number,
): Promise<NonNullable<Facts["look"]["embedded"]>> {
  const candidates = await candidatesIn(folder);
  const [best] = candidates.toSorted((a, b) => b.width * b.height - a.width * a.height);
  if (best === undefined) throw new Fault("photo.no-preview", "no JPEG preview in this RAW file");
  const { width, height } = best;
  if (width * height > maxPixels)
    throw new Fault(
      "photo.too-many-pixels",
      `${width} x ${height} pixels in its preview, at most ${maxPixels} are decoded`,
    );
  const bytes = await readFile(best.file);
  const jpeg = best.isOriented || orientation === null ? bytes : withOrientation(bytes, orientation);
  await durableWrite(join(into, "embedded.jpg"), jpeg);
  await removeFolder(folder);
  return {
    file: "look/embedded.jpg",
    width,
    height,
    bytes: jpeg.length,
    sha256: createHash("sha256").update(jpeg).digest("hex"),
    isSmall: Math.max(width, height) < SMALL_EDGE,
  };
}

interface Candidate {
  readonly file: string;
  readonly width: number;
  readonly height: number;
  readonly isOriented: boolean;
}

async function candidatesIn(folder: string): Promise<Candidate[]> {
  const names = await readdir(folder).catch(() => []);
  const candidates = await Promise.all(names.map((name) => candidateIn(join(folder, name))));
  return candidates.filter((one) => one !== undefined);
}

/** @returns undefined for what is no JPEG: some makers store bitmaps, or sensor data pressed without loss */
async function candidateIn(file: string): Promise<Candidate | undefined> {
  try {
    const { format, width, height, orientation } = await sharp(file, { limitInputPixels: false }).metadata();
    return format === "jpeg" ? { file, width, height, isOriented: orientation !== undefined } : undefined;
  } catch {
    return undefined;
  }
}

/** Says in the JPEG how the camera was held, after the two bytes that start every JPEG. */
const withOrientation = (jpeg: Buffer, orientation: number): Buffer =>
  Buffer.concat([jpeg.subarray(0, 2), orientationBlock(orientation), jpeg.subarray(2)]);
