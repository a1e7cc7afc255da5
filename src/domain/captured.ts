/** When a photo was taken, once the camera's clock is put right. The camera's own tags are never altered. */
import type { Facts } from "./facts.ts";
import type { ClockFix } from "./photo.ts";

const MINUTE_S = 60;
const HOUR_S = 60 * MINUTE_S;
const DAY_S = 24 * HOUR_S;
/** Half a century is a wrong date, not a wrong clock. */
export const MOST_AHEAD_S = Math.round(50 * 365.25 * DAY_S);

export interface Captured {
  /** local time as the camera writes it, `2026:10:14 08:12:33`; null if the photo has none */
  readonly at: string | null;
  /** `2026-10-14` */
  readonly day: string | null;
  /** where the time comes from, in words; null where it is simply the camera's clock */
  readonly source: string | null;
}

const OTHER_SOURCES: ReadonlyMap<string | null, string> = new Map([
  ["xmp", "from XMP, not from the camera"],
  ["quicktime", "from the container"],
]);

type Tags = Pick<Facts["exif"], "takenAt" | "camera"> & Partial<Pick<Facts["exif"], "timeSource">>;

/** @param clock corrections of the set; one for the camera by name wins over one for every other */
export function capturedAt({ takenAt, camera, timeSource = null }: Tags, clock: readonly ClockFix[] = []): Captured {
  if (takenAt === null) return { at: null, day: null, source: null };
  const fix = fixFor(camera, clock);
  const at = fix === undefined ? takenAt : earlierBy(takenAt, fix.aheadSeconds);
  const said = [
    OTHER_SOURCES.get(timeSource),
    fix === undefined ? undefined : `put right: the camera's clock was ${spokenAhead(fix.aheadSeconds)}`,
  ].filter((part) => part !== undefined);
  return { at, day: at.slice(0, 10).replaceAll(":", "-"), source: said.length === 0 ? null : said.join("; ") };
}

const fixFor = (camera: string | null, clock: readonly ClockFix[]): ClockFix | undefined =>
  clock.find((fix) => fix.camera !== null && camera !== null && isSameCamera(fix.camera, camera)) ??
  clock.find((fix) => fix.camera === null);

export const isSameCamera = (a: string, b: string): boolean => plain(a) === plain(b);
const plain = (camera: string): string => camera.replaceAll(/\s+/g, " ").trim().toLowerCase();

const TIME = /^(\d{4}):(\d\d):(\d\d) (\d\d):(\d\d):(\d\d)/;

/** A time that does not read stays as it is. */
function earlierBy(takenAt: string, seconds: number): string {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = (TIME.exec(takenAt) ?? [])
    .slice(1)
    .map(Number);
  // Below 100 the calendar of the language means another century.
  if (year < 100) return takenAt;
  // As if it were UTC: a camera's clock knows no summer time, and a difference of clocks none either.
  const moment = new Date(Date.UTC(year, month - 1, day, hour, minute, second - seconds)).toISOString();
  return `${moment.slice(0, 10).replaceAll("-", ":")} ${moment.slice(11, 19)}`;
}

const UNITS: Readonly<Record<string, number>> = { d: DAY_S, h: HOUR_S, m: MINUTE_S, s: 1 };
const PART = /(\d{1,10})\s*(d(?:ays?)?|h(?:ours?)?|m(?:in(?:s|utes?)?)?|s(?:ec(?:s|onds?)?)?)(?![a-z])/gi;

/**
 * `1 h 2 min` in seconds; days, hours, minutes and seconds, in any of their usual spellings.
 *
 * @returns undefined for anything else, and for more than 50 years
 */
export function secondsIn(text: string): number | undefined {
  const parts = [...text.matchAll(PART)];
  if (parts.length === 0 || text.replaceAll(PART, "").trim() !== "") return undefined;
  const seconds = parts.reduce(
    (sum, [, n, unit = ""]) => sum + Number(n) * (UNITS[unit.charAt(0).toLowerCase()] ?? 0),
    0,
  );
  return seconds > MOST_AHEAD_S ? undefined : seconds;
}

/** `+1 h 2 min`: the camera was ahead; `-45 s`: it was behind. @returns undefined if it is neither */
export function aheadSecondsIn(text: string): number | undefined {
  const [, sign, rest = ""] = /^\s*([+-])(.*)$/.exec(text.replaceAll(/[−–]/g, "-")) ?? [];
  const seconds = secondsIn(rest);
  if (sign === undefined || seconds === undefined) return undefined;
  return sign === "-" && seconds !== 0 ? -seconds : seconds;
}

/** `1 h 2 min`, without a sign. */
export function spokenSeconds(seconds: number): string {
  const all = Math.abs(seconds);
  const parts = [
    [Math.floor(all / DAY_S), "d"],
    [Math.floor((all % DAY_S) / HOUR_S), "h"],
    [Math.floor((all % HOUR_S) / MINUTE_S), "min"],
    [all % MINUTE_S, "s"],
  ] as const;
  const said = parts.filter(([n]) => n > 0).map(([n, unit]) => `${n} ${unit}`);
  return said.length === 0 ? "0 s" : said.join(" ");
}

/** `1 h 2 min ahead`. */
export const spokenAhead = (seconds: number): string => `${spokenSeconds(seconds)} ${seconds < 0 ? "behind" : "ahead"}`;
