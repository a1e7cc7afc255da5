import { join } from "node:path";
import type { CameraFacts } from "../domain/ports.ts";
import { makeFolder, removeFolder } from "../files.ts";
import type { RawPreviews } from "./embedded.ts";
import { factsFrom } from "./exif.ts";
import type { TagReader } from "./exiftool.ts";
import { NS, type Xmp, type XmpValue } from "./xmp.ts";

/** RAW photos: what ExifTool takes out of them, laid out for those who read tags and pixels of everything else. */

/** All previews a RAW holds, in a folder of their own. */
export async function rawPreviews(
  reader: TagReader,
  file: string,
  into: string,
  signal: AbortSignal,
): Promise<RawPreviews> {
  const folder = join(into, "previews");
  await emptyFolder(folder);
  const tags = await reader.read(file, ["EXIF:Orientation"], signal);
  await reader.extract(file, ["preview:all"], folder, signal);
  const orientation = tags["EXIF:Orientation"];
  const isKnown = typeof orientation === "number" && orientation >= 1 && orientation <= 8;
  return { folder, orientation: isKnown ? orientation : null };
}

/** What somebody wrote into a RAW, as blocks in a folder of their own. */
export async function rawBlocks(reader: TagReader, file: string, into: string, signal: AbortSignal): Promise<string> {
  const folder = join(into, "blocks");
  await emptyFolder(folder);
  await reader.extract(file, ["XMP", "IPTC"], folder, signal);
  return folder;
}

// A killed run may have left half a preview there.
async function emptyFolder(folder: string): Promise<void> {
  await removeFolder(folder);
  await makeFolder(folder);
}

const EXIF_TAGS = [
  ..."DateTimeOriginal OffsetTimeOriginal SubSecTimeOriginal CreateDate OffsetTimeDigitized ModifyDate".split(" "),
  ..."SubSecTimeDigitized OffsetTime SubSecTime Make Model LensModel ExposureTime FNumber ISO FocalLength".split(" "),
  ..."SerialNumber ExposureCompensation SubjectDistance ExposureMode".split(" "),
  ..."GPSLatitude GPSLatitudeRef GPSLongitude GPSLongitudeRef".split(" "),
];
const XMP_TAGS = [
  ["DateTimeOriginal", NS.exif],
  ["DateCreated", NS.photoshop],
  ["CreateDate", NS.xmp],
  ["BurstID", NS.googleCamera],
] as const;

export async function rawExif(reader: TagReader, file: string, signal: AbortSignal): Promise<CameraFacts> {
  const tags = await reader.read(
    file,
    [
      ...EXIF_TAGS.map((name) => `EXIF:${name}`),
      ...XMP_TAGS.map(([name]) => `XMP:${name}`),
      "QuickTime:CreateDate",
      "MakerNotes:BurstUUID",
    ],
    signal,
  );
  const exif = Object.fromEntries(EXIF_TAGS.map((name) => [name, asText(name, tags[`EXIF:${name}`])]));
  const xmp: Xmp = new Map(XMP_TAGS.map(([name, namespace]) => [`${namespace} ${name}`, asXmp(tags[`XMP:${name}`])]));
  return factsFrom(exif, { xmp, quicktime: tags["QuickTime:CreateDate"], burst: tags["MakerNotes:BurstUUID"] });
}

/** JSON makes numbers of what looks like one: 12 hundredths of a second, a lens called 50. */
const asText = (name: string, value: unknown): unknown =>
  typeof value === "number" && /^(SubSec|Make|Model|Lens|Serial)/.test(name) ? String(value) : value;

/** ExifTool writes XMP dates as EXIF ones; the reader of XMP wants them as they stand in it. */
function asXmp(value: unknown): XmpValue {
  const text = String(value ?? "").replace(/^(\d{4}):(\d\d):(\d\d) /, "$1-$2-$3T");
  return { text, items: [], fields: new Map(), language: null };
}
