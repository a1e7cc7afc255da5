import { createHash } from "node:crypto";
import { basename, join } from "node:path";
import { pixelsOf } from "../domain/crops.ts";
import type { Facts, Preview, Rendered, RenderedFile } from "../domain/facts.ts";
import { HEAD_BYTES, sniff } from "../domain/formats.ts";
import type { Rendering, SiteSizes } from "../domain/ports.ts";
import { durableWrite, durableWriteAll } from "../files.ts";
import { readEnds } from "../originals.ts";
import { proposeCrops } from "./crops.ts";
import { chooseEmbedded, type RawPreviews } from "./embedded.ts";
import { dhash64, greyOf, perceptualHashes, thumbOf } from "./fingerprints.ts";
import { isSrgb } from "./icc.ts";
import { jpegQuality } from "./jpeg-quality.ts";
import { measured } from "./kernel.ts";
import { type Luma, lumaOf } from "./measures.ts";
import { featuresOf } from "./naturalness.ts";
import { srgbProfile } from "./profiles.ts";
import { sharp } from "./sharp.ts";
import { type BlockGrid, blockinessOf, traitsOf } from "./traits.ts";

/** Long edges in pixels. 2000, not 2048: a 6000-px camera file then decodes at half size, a fifth cheaper. */
export const EDGES = { large: 2000, medium: 1024, model: 896, small: 400 } as const;

const QUALITY = { large: 82, medium: 85, model: 85, small: 80 } as const;

export interface Pixels {
  readonly data: Buffer;
  readonly width: number;
  readonly height: number;
}

/**
 * Everything known about the pixels of a photo, from one decode: previews, fingerprints, measures.
 *
 * @param file the working copy; decoding it is also the proof that it can be decoded
 * @param into folder for the previews
 * @param previews of a RAW: the largest is decoded in its place
 */
export async function look(
  file: string,
  into: string,
  maxPixels: number,
  previews: RawPreviews | null = null,
): Promise<Facts["look"]> {
  const embedded = previews === null ? null : await chooseEmbedded(previews, into, maxPixels);
  const decoded = embedded === null ? file : join(into, basename(embedded.file));
  const source = await opened(decoded, maxPixels);
  const { autoOrient, orientation = 1 } = await source.metadata();
  const large = await rawWithin(source, EDGES.large);
  const medium = await reduced(large, EDGES.medium);
  const small = await reduced(medium, EDGES.small);
  const grid = large.width === autoOrient.width ? blockGrid(large, orientation) : null;
  const { grey, patches, measures, ...seen } = seenIn(medium, large, grid);
  const files = new Map<string, Uint8Array>([
    ["grey.bin", grey],
    ["patches.bin", new Uint8Array(patches.buffer)],
  ]);
  const facts = {
    width: autoOrient.width,
    height: autoOrient.height,
    previews: {
      large: await preview(large, files, "large"),
      medium: await preview(medium, files, "medium"),
      model: await preview(await reduced(medium, EDGES.model), files, "model"),
      small: await preview(small, files, "small"),
    },
    embedded,
    ...seen,
    grey: "look/grey.bin",
    pixels: pixelHash(large),
    patches: "look/patches.bin",
    measures: { ...measures, jpegQuality: await jpegQuality(decoded) },
    crops: await proposeCrops(small, autoOrient),
  };
  await durableWriteAll(into, files);
  return facts;
}

/** In one go: the sums lie in memory that the next photo takes. @param grid null where the photo was reduced */
function seenIn(medium: Pixels, large: Pixels, grid: BlockGrid | null) {
  const sums = measured(medium.data, medium.width, medium.height);
  const { luma, means, brightness, contrast, sharpness } = sums;
  const nativeLuma = (): Luma => (large === medium ? luma : lumaOf(large.data, large.width, large.height));
  return {
    ...perceptualHashes(means),
    dhash: dhash64(means),
    thumb: thumbOf(means),
    grey: greyOf(means),
    patches: featuresOf(sums.patches),
    sharpness,
    brightness,
    contrast,
    measures: { ...traitsOf(sums), blockiness: grid === null ? null : blockinessOf(nativeLuma(), grid) },
  };
}

/** Where the photo was turned, the last block of a row or column is its first, and may be cut short. */
const blockGrid = ({ width, height }: Pixels, orientation: number): BlockGrid => ({
  x: [2, 3, 6, 7].includes(orientation) ? width % 8 : 0,
  y: [3, 4, 7, 8].includes(orientation) ? height % 8 : 0,
});

/** The size goes in too: a flat picture of 2 x 3 is not one of 3 x 2. */
export const pixelHash = ({ data, width, height }: Pixels): string =>
  createHash("sha256").update(`${width} x ${height}\n`).update(data).digest("hex");

/** Ready to be decoded, by what the file is and not by its name. GIF and TIFF give their first picture. */
export async function opened(file: string, maxPixels: number): Promise<ReturnType<typeof sharp>> {
  const { head } = await readEnds(file, HEAD_BYTES, 0);
  const input = sniff(head) === "heic" ? await heif(file, maxPixels) : file;
  const options = { failOn: "warning", limitInputPixels: maxPixels } as const;
  const image = sharp(input, options);
  const { icc } = await image.metadata();
  return icc !== undefined && isSrgb(icc) ? sharp(input, { ...options, ignoreIcc: true }) : image;
}

/** Read with the first HEIC: to start it takes as long as half a child does, and most children never see one. */
const heif = async (file: string, maxPixels: number): Promise<Buffer> =>
  (await import("./heif.ts")).heifAsTiff(file, maxPixels);

/** Upright, opaque, 8-bit sRGB, whatever came in. */
export async function rawWithin(source: ReturnType<typeof sharp>, edge: number): Promise<Pixels> {
  const { data, info } = await source
    .autoOrient()
    .resize({ width: edge, height: edge, fit: "inside", withoutEnlargement: true })
    .flatten({ background: "#fff" })
    .toColourspace("srgb")
    .raw({ depth: "uchar" })
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

const fromRaw = ({ data, width, height }: Pixels): ReturnType<typeof sharp> =>
  sharp(data, { raw: { width, height, channels: 3 } });

export async function reduced(from: Pixels, edge: number): Promise<Pixels> {
  if (Math.max(from.width, from.height) <= edge) return from;
  const { data, info } = await fromRaw(from)
    .resize({ width: edge, height: edge, fit: "inside" })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

// Optimised Huffman tables would cost more than all the rest of the encoding, for 2 % of the bytes.
export async function encoded(pixels: Pixels, quality: number): Promise<Buffer> {
  const plain = await fromRaw(pixels).jpeg({ quality, optimiseCoding: false }).toBuffer();
  return withProfile(plain, await srgbProfile());
}

export async function preview(
  pixels: Pixels,
  files: Map<string, Uint8Array>,
  size: keyof typeof EDGES,
): Promise<Preview> {
  const jpeg = await encoded(pixels, QUALITY[size]);
  files.set(`${size}.jpg`, jpeg);
  return {
    file: `look/${size}.jpg`,
    width: pixels.width,
    height: pixels.height,
    bytes: jpeg.length,
    sha256: sha256(jpeg),
  };
}

/**
 * Names the colour space of a JPEG that is sRGB already. Asked to do it, sharp would convert every pixel to what it is
 * (27 ms against 10 at 2000 px); a browser that manages only tagged images needs the tag all the same.
 */
function withProfile(jpeg: Buffer, profile: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from("ICC_PROFILE\0\x01\x01", "latin1"), profile]);
  const segment = Buffer.from([0xff, 0xe2, 0, 0]);
  segment.writeUInt16BE(body.length + 2, 2);
  // After the two bytes that start every JPEG.
  return Buffer.concat([jpeg.subarray(0, 2), segment, body, jpeg.subarray(2)]);
}

/** The two files the site gets. Only pixels and an sRGB profile go in: no GPS, no serial numbers, no embedded thumbnail; stars, if any were given. */
export async function render(file: string, into: string, want: Rendering, maxPixels: number): Promise<Rendered> {
  const edge = Math.max(want.full.width, want.full.height);
  const base = await rawWithin(await framed(await opened(file, maxPixels), want.crop), edge);
  return {
    full: await siteFile(base, join(into, "full.jpg"), want.full, want.xmp),
    thumb: await siteFile(base, join(into, "thumb.jpg"), want.thumb, want.xmp),
  };
}

/** Cut out before it is reduced: a crop keeps the detail of the original. The only place where fractions become pixels. */
async function framed(source: ReturnType<typeof sharp>, crop: Rendering["crop"]): Promise<ReturnType<typeof sharp>> {
  if (crop === null) return source;
  const { autoOrient } = await source.metadata();
  const { x: left, y: top, width, height } = pixelsOf(crop, autoOrient);
  return source.autoOrient().extract({ left, top, width, height });
}

async function siteFile(
  base: Pixels,
  path: string,
  size: SiteSizes["full"],
  xmp: string | undefined,
): Promise<RenderedFile> {
  const plain = fromRaw(base)
    .resize({ width: size.width, height: size.height, fit: "inside", withoutEnlargement: true })
    .withIccProfile("srgb")
    .jpeg({ quality: size.quality, chromaSubsampling: "4:4:4", progressive: true });
  const { data, info } = await (xmp === undefined ? plain : plain.withXmp(xmp)).toBuffer({ resolveWithObject: true });
  await durableWrite(path, data);
  return { path, width: info.width, height: info.height, bytes: data.length, sha256: sha256(data) };
}

const sha256 = (data: Uint8Array): string => createHash("sha256").update(data).digest("hex");
