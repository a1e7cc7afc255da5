import { readFile } from "node:fs/promises";
import exifr from "exifr";
import { cameraOf } from "../domain/naming.ts";
import type { CameraFacts } from "../domain/ports.ts";
import { sharp } from "./sharp.ts";
import { captureTime } from "./time.ts";
import { NS, property, readXmp, type Xmp } from "./xmp.ts";

// One constant object: exifr caches options by identity and would keep a copy for every photo.
const OPTIONS = {
  tiff: true,
  exif: true,
  gps: true,
  interop: false,
  ifd1: false,
  makerNote: true,
  userComment: false,
  xmp: false,
  icc: false,
  iptc: false,
  jfif: false,
  ihdr: false,
  reviveValues: false,
  translateValues: false,
  translateKeys: true,
  mergeOutput: true,
} as const;

/** Larger TIFF files are not read whole for their tags. */
const MAX_TIFF_BYTES = 64_000_000;

/**
 * The camera's tags. Nothing in them can refuse a photo: what does not read is missing.
 *
 * @param file never handed to exifr by path, which leaks the handle of files it does not know
 */
export async function readExif(file: string, maxPixels: number): Promise<CameraFacts> {
  try {
    const { block, xmp } = await blocksOf(file, maxPixels);
    const tags = block === undefined ? {} : await parsed(block);
    return factsFrom(tags, { xmp: xmp === undefined ? new Map() : readXmp(xmp) });
  } catch {
    return factsFrom({});
  }
}

async function parsed(block: Buffer): Promise<Tags> {
  const tags: unknown = await exifr.parse(block, OPTIONS).catch(() => undefined);
  return isRecord(tags) ? tags : {};
}

async function blocksOf(
  file: string,
  maxPixels: number,
): Promise<{ block?: Buffer | undefined; xmp?: Buffer | undefined }> {
  const { exif, xmp, format, size } = await sharp(file, { limitInputPixels: maxPixels }).metadata();
  if (exif !== undefined)
    return { block: exif.subarray(exif.subarray(0, 4).toString("latin1") === "Exif" ? 6 : 0), xmp };
  return { block: format === "tiff" && (size ?? 0) < MAX_TIFF_BYTES ? await readFile(file) : undefined, xmp };
}

type Tags = Readonly<Record<string, unknown>>;

/** Besides EXIF: XMP of the file, and what QuickTime containers (CR3) and makers' notes say, by ExifTool's word. */
interface OtherTags {
  readonly xmp?: Xmp;
  readonly quicktime?: unknown;
  readonly burst?: unknown;
}

/** @param tags of EXIF, by the names exifr has for them */
export function factsFrom(tags: Tags, { xmp = new Map(), quicktime, burst }: OtherTags = {}): CameraFacts {
  const time = captureTime(tags, xmp, quicktime);
  const camera = cameraOf(textOf(tags["Make"]), textOf(tags["Model"]));
  return {
    ...time,
    burst: textOf(burst) ?? appleBurst(tags["makerNote"]) ?? textOf(property(xmp, NS.googleCamera, "BurstID")?.text),
    camera,
    lens: textOf(tags["LensModel"]) ?? textOf(tags["LensModelName"]),
    exposure: exposureText(numberOf(tags["ExposureTime"])),
    aperture: apertureText(numberOf(tags["FNumber"])),
    iso: wholeOf(tags["ISO"] ?? tags["ISOSpeedRatings"] ?? tags["PhotographicSensitivity"]),
    focalLength: wholeOf(tags["FocalLength"]),
    shutter: shutterOf(tags),
    position: positionOf(tags, xmp),
    missing: [...(time.takenAt === null ? ["date"] : []), ...(camera === null ? ["camera"] : [])],
  };
}

/** Where the camera was, by EXIF, else by XMP. Cameras that have not found out yet write 0, 0. */
function positionOf(tags: Tags, xmp: Xmp): CameraFacts["position"] {
  const latitude = degreesOf(tags["GPSLatitude"], tags["GPSLatitudeRef"], property(xmp, NS.exif, "GPSLatitude")?.text);
  const longitude = degreesOf(
    tags["GPSLongitude"],
    tags["GPSLongitudeRef"],
    property(xmp, NS.exif, "GPSLongitude")?.text,
  );
  if (latitude === null || longitude === null || Math.abs(latitude) > 90 || Math.abs(longitude) > 180) return null;
  return latitude === 0 && longitude === 0 ? null : { latitude, longitude };
}

/**
 * @param tag degrees, minutes, seconds of EXIF, or degrees of ExifTool's
 * @param side `N`, `S`, `E`, `W`
 * @param written in XMP: `52,22.44N`, `52,22,26N`
 */
function degreesOf(tag: unknown, side: unknown, written: string | undefined): number | null {
  const parts = (Array.isArray(tag) ? tag : [tag]).map(numberOf);
  const own = typeof side === "string" && parts.every((part) => part !== null) ? { parts, side } : undefined;
  const [, degrees = "", minutes = "", seconds = "0", letter = ""] = XMP_DEGREES.exec(written ?? "") ?? [];
  const { parts: numbers, side: towards } = own ?? { parts: [degrees, minutes, seconds].map(Number), side: letter };
  if (!/^[NSEW]/.test(towards)) return null;
  const [whole = 0, sixtieths = 0, thirds = 0] = numbers.map((number) => number ?? 0);
  return (/^[SW]/.test(towards) ? -1 : 1) * (whole + sixtieths / 60 + thirds / 3_600);
}
const XMP_DEGREES = /^(\d{1,3}),(\d{1,2}(?:\.\d+)?)(?:,(\d{1,2}(?:\.\d+)?))?([NSEW])$/;

const AUTO_BRACKET = 2;
const positive = (tag: unknown): number | null => {
  const value = numberOf(tag);
  return value !== null && value > 0 ? value : null;
};

function shutterOf(tags: Tags): CameraFacts["shutter"] {
  return {
    serial: textOf(tags["SerialNumber"]) ?? textOf(tags["CameraSerialNumber"]),
    exposureSeconds: positive(tags["ExposureTime"]),
    exposureBias: numberOf(tags["ExposureCompensation"]),
    focusDistance: positive(tags["SubjectDistance"]),
    isBracketed: tags["ExposureMode"] === AUTO_BRACKET,
  };
}

const APPLE = "Apple iOS\0";
const APPLE_DIRECTORY_AT = 14;
const BURST_TAG = 0x0b;

/** Apple's notes are a small big-endian directory; the photos of one burst share the text of one tag. */
function appleBurst(note: unknown): string | null {
  if (!(note instanceof Uint8Array)) return null;
  const bytes = Buffer.from(note);
  if (!bytes.subarray(0, APPLE.length).equals(Buffer.from(APPLE, "latin1")) || bytes.length < 16) return null;
  const count = bytes.readUInt16BE(APPLE_DIRECTORY_AT);
  for (let i = 0, at = APPLE_DIRECTORY_AT + 2; i < count && at + 12 <= bytes.length; i += 1, at += 12) {
    if (bytes.readUInt16BE(at) !== BURST_TAG) continue;
    const from = bytes.readUInt32BE(at + 8);
    return textOf(bytes.toString("latin1", from, Math.min(from + bytes.readUInt32BE(at + 4), bytes.length)));
  }
  return null;
}

/** `1/250 sec`, `20 sec`, `0.8 sec`: the words of the site's catalogue. */
export function exposureText(seconds: number | null): string | null {
  if (seconds === null || seconds <= 0) return null;
  const whole = Math.round(seconds);
  if (seconds >= 1) return `${Math.abs(seconds - whole) <= 0.01 ? whole : Number(seconds.toFixed(3))} sec`;
  const denominator = Math.round(1 / seconds);
  const isFraction = denominator > 1 && Math.abs(1 / denominator - seconds) <= seconds * 0.01;
  return isFraction ? `1/${denominator} sec` : `${Number(seconds.toFixed(3))} sec`;
}

const apertureText = (stop: number | null): string | null =>
  stop === null || stop <= 0 ? null : `f/${stop.toFixed(1)}`;

const MAX_TEXT = 200;

function textOf(tag: unknown): string | null {
  const plain = typeof tag === "string" ? tag.replaceAll(/\p{C}/gu, "").trim().slice(0, MAX_TEXT) : "";
  return plain === "" ? null : plain;
}

const numberOf = (tag: unknown): number | null => (typeof tag === "number" && Number.isFinite(tag) ? tag : null);

function wholeOf(tag: unknown): number | null {
  const first = numberOf(Array.isArray(tag) ? tag[0] : tag);
  return first === null || first < 0 || first > 10_000_000 ? null : Math.trunc(first);
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
