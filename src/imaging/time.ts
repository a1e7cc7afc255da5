import type { CameraFacts } from "../domain/ports.ts";
import { NS, property, type Xmp } from "./xmp.ts";

type CaptureTime = Pick<CameraFacts, "takenAt" | "timeSource" | "offset" | "subSec">;

/** Seconds at which camera clocks begin that nobody has set: Unix, DOS, Macintosh, and what cameras' menus start with. */
const NEVER_SET: ReadonlySet<string> = new Set([
  "1904:01:01 00:00:00",
  "1970:01:01 00:00:00",
  "1980:01:01 00:00:00",
  "2000:01:01 00:00:00",
]);

/**
 * When the shutter was pressed: the camera's own word in EXIF, else XMP, else the container; last the time at which the
 * file was changed by whoever wrote its EXIF. A date alone is no time, and a clock that was never set tells none.
 *
 * @param tags of EXIF
 * @param quicktime creation time of a QuickTime container, in UTC by the standard and local by most cameras: taken as local
 */
export function captureTime(tags: Readonly<Record<string, unknown>>, xmp: Xmp, quicktime: unknown): CaptureTime {
  const own = exifTime(tags["DateTimeOriginal"], tags["OffsetTimeOriginal"], tags["SubSecTimeOriginal"]);
  const digitized = exifTime(tags["CreateDate"], tags["OffsetTimeDigitized"], tags["SubSecTimeDigitized"]);
  const container = exifTime(quicktime, undefined, undefined);
  return (
    own ??
    digitized ??
    xmpTime(xmp) ??
    (container === null ? null : { ...container, timeSource: "quicktime" }) ??
    exifTime(tags["DateTime"] ?? tags["ModifyDate"], tags["OffsetTime"], tags["SubSecTime"]) ?? {
      takenAt: null,
      timeSource: null,
      offset: null,
      subSec: null,
    }
  );
}

function exifTime(date: unknown, offset: unknown, subSec: unknown): CaptureTime | null {
  const takenAt = dateOf(date);
  if (takenAt === null) return null;
  return {
    takenAt,
    timeSource: "exif",
    offset: /^[+-]\d\d:\d\d$/.exec(trimmed(offset))?.[0] ?? null,
    subSec: /^\d{1,9}$/.exec(trimmed(subSec))?.[0] ?? null,
  };
}

const XMP_TIMES = [
  [NS.exif, "DateTimeOriginal"],
  [NS.photoshop, "DateCreated"],
  [NS.xmp, "CreateDate"],
] as const;

/** `2026-10-14T08:12:33.42+02:00`; seconds, their parts and the zone may be missing, and `Z` is a zone. */
const ISO = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9})\d*)?)?(Z|[+-]\d\d:\d\d)?$/;

function xmpTime(xmp: Xmp): CaptureTime | null {
  for (const [namespace, name] of XMP_TIMES) {
    const [whole, year, month, day, hour, minute, second = "00", subSec = null, zone = null] =
      ISO.exec(trimmed(property(xmp, namespace, name)?.text)) ?? [];
    const takenAt = whole === undefined ? null : dateOf(`${year}:${month}:${day} ${hour}:${minute}:${second}`);
    if (takenAt !== null) return { takenAt, timeSource: "xmp", offset: zone === "Z" ? "+00:00" : zone, subSec };
  }
  return null;
}

// Photography began in 1826; a clock that was never set says 0000, and a broken one anything.
function dateOf(tag: unknown): string | null {
  const date = /^(\d{4}):(\d\d):(\d\d) (\d\d):(\d\d):(\d\d)/.exec(trimmed(tag));
  if (date === null) return null;
  const [whole, year, month, day, hour, minute, second] = date;
  const isWithin = (part: string | undefined, least: number, most: number): boolean =>
    Number(part) >= least && Number(part) <= most;
  const isDate = isWithin(year, 1826, 2199) && isWithin(month, 1, 12) && isWithin(day, 1, 31);
  const isTime = isWithin(hour, 0, 23) && isWithin(minute, 0, 59) && isWithin(second, 0, 60);
  return isDate && isTime && !NEVER_SET.has(whole) ? whole : null;
}

const trimmed = (tag: unknown): string =>
  typeof tag === "string" ? tag.replaceAll(/\p{C}/gu, "").trim().slice(0, 64) : "";
