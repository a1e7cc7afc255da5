import { readFile } from "node:fs/promises";
import exifr from "exifr";
import type { Facts } from "../domain/facts.ts";
import { cameraOf } from "../domain/naming.ts";
import { sharp } from "./sharp.ts";

// One constant object: exifr caches options by identity and would keep a copy for every photo.
const OPTIONS = {
  tiff: true,
  exif: true,
  gps: false,
  interop: false,
  ifd1: false,
  makerNote: false,
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
export async function readExif(file: string, maxPixels: number): Promise<Facts["exif"]> {
  try {
    const block = await exifBlock(file, maxPixels);
    const tags: unknown = block === undefined ? undefined : await exifr.parse(block, OPTIONS);
    return factsFrom(isRecord(tags) ? tags : {});
  } catch {
    return factsFrom({});
  }
}

async function exifBlock(file: string, maxPixels: number): Promise<Buffer | undefined> {
  const { exif, format, size } = await sharp(file, { limitInputPixels: maxPixels }).metadata();
  if (exif !== undefined) return exif.subarray(exif.subarray(0, 4).toString("latin1") === "Exif" ? 6 : 0);
  return format === "tiff" && (size ?? 0) < MAX_TIFF_BYTES ? readFile(file) : undefined;
}

export function factsFrom(tags: Readonly<Record<string, unknown>>): Facts["exif"] {
  const takenAt = dateOf(tags["DateTimeOriginal"]) ?? dateOf(tags["DateTime"] ?? tags["ModifyDate"]);
  const camera = cameraOf(textOf(tags["Make"]), textOf(tags["Model"]));
  return {
    takenAt,
    offset: /^[+-]\d\d:\d\d$/.exec(textOf(tags["OffsetTimeOriginal"]) ?? "")?.[0] ?? null,
    subSec: /^\d{1,9}$/.exec(textOf(tags["SubSecTimeOriginal"]) ?? "")?.[0] ?? null,
    camera,
    lens: textOf(tags["LensModel"]) ?? textOf(tags["LensModelName"]),
    exposure: exposureText(numberOf(tags["ExposureTime"])),
    aperture: apertureText(numberOf(tags["FNumber"])),
    iso: wholeOf(tags["ISO"] ?? tags["ISOSpeedRatings"] ?? tags["PhotographicSensitivity"]),
    focalLength: wholeOf(tags["FocalLength"]),
    missing: [...(takenAt === null ? ["date"] : []), ...(camera === null ? ["camera"] : [])],
  };
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

// Photography began in 1826; a clock that was never set says 0000, and a broken one anything.
function dateOf(tag: unknown): string | null {
  const date = /^(\d{4}):(\d\d):(\d\d) \d\d:\d\d:\d\d/.exec(textOf(tag) ?? "");
  if (date === null) return null;
  const [whole, year, month, day] = date;
  const isWithin = (part: string | undefined, least: number, most: number): boolean =>
    Number(part) >= least && Number(part) <= most;
  return isWithin(year, 1826, 2199) && isWithin(month, 1, 12) && isWithin(day, 1, 31) ? whole : null;
}

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
