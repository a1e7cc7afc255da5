import { fingerprintOf } from "./fingerprint.ts";
import type { Frame } from "./likeness.ts";
import type { PhotoWith } from "./photo.ts";
import type { Shutter } from "./series.ts";
import type { Millis } from "./words.ts";

/** What likeness is found out from. */
export type Comparable = PhotoWith<"validate" | "ingest" | "exif" | "iptc" | "look">;

/** A photo as the rules of likeness see it. */
export function frameOf({ id, source, facts }: Comparable): Frame {
  const { validate, ingest, exif, iptc, look } = facts;
  const { measures } = look;
  return {
    id,
    path: source.path,
    type: validate.type,
    width: look.width,
    height: look.height,
    bytes: ingest.bytes,
    changedAt: source.mtimeMs,
    rating: iptc.rating?.value ?? null,
    jpegQuality: measures.jpegQuality,
    detail: measures.detail,
    noise: measures.noise,
    clipped: measures.clipped,
    sha256: ingest.sha256,
    pixels: look.pixels,
    print: fingerprintOf(look),
    shutter: shutterOf(exif),
  };
}

/** The camera's clock as it is: only pauses between photos of one camera count, and those are right where the clock is not. */
export function shutterOf(exif: Omit<Comparable["facts"]["exif"], "fileTime" | "place">): Shutter {
  const { shutter, camera, burst, aperture, iso, focalLength, takenAt, subSec } = exif;
  return {
    atMs: takenAt === null ? null : millisAt(takenAt, subSec),
    isExact: subSec !== null,
    camera: shutter.serial ?? camera,
    burst,
    exposureBias: shutter.exposureBias,
    exposureSeconds: shutter.exposureSeconds,
    aperture,
    iso,
    focalLength,
    focusDistance: shutter.focusDistance,
    isBracketed: shutter.isBracketed,
  };
}

const TIME = /^(\d{4}):(\d\d):(\d\d) (\d\d):(\d\d):(\d\d)/;

/** As if it were UTC: only differences between photos of one camera are looked at. */
function millisAt(takenAt: string, subSec: string | null): Millis | null {
  const parts = TIME.exec(takenAt)?.slice(1).map(Number);
  if (parts === undefined) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts;
  const fraction = Number(`0.${subSec ?? "0"}`);
  return Date.UTC(year, month - 1, day, hour, minute, second) + (Number.isNaN(fraction) ? 0 : fraction * 1000);
}
