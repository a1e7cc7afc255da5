/** Which towns there are, how many live in them, and which one a position is near: offline, from a table we ship. */
import { readFileSync } from "node:fs";
import type { Position } from "../domain/facts.ts";
import type { Gazetteer, NearPlace } from "../domain/ports.ts";

/** The table, with what is asked of all towns taken out; the rest of a line is read when it is wanted. */
interface Towns {
  readonly table: Buffer;
  /** where the line of each town begins that has a place, from south to north */
  readonly lines: Uint32Array;
  /** degrees, in the same order */
  readonly latitudes: Float32Array;
  readonly longitudes: Float32Array;
  /** of larger towns, by name in small letters */
  readonly inhabitants: ReadonlyMap<string, number>;
}

/** Fewer thousands make a town nobody knows by its name alone. */
const LARGE = 15;
/** Farther than this from every town a photo was taken at no place we could name. */
const MOST_KM = 100;
/** Another country's town that is not much farther away leaves open on which side of the border a photo was taken. */
const BORDER = { times: 2, km: 5 };

/** The table is read when it is first asked for, and once. */
export const openGazetteer = (): Gazetteer & Inhabitants => {
  const towns = once(readTowns);
  return {
    nearest: (position) => nearestIn(towns(), position),
    inhabitants: (name) => towns().inhabitants.get(name.toLowerCase()) ?? 0,
  };
};

/** What is costly to read is read when it is first asked for. */
export function once<T>(read: () => T): () => T {
  let value: { readonly read: T } | undefined;
  return () => {
    value ??= { read: read() };
    return value.read;
  };
}

export interface Inhabitants {
  /** of the largest town of that name; 0 where there is none of 15,000 */
  inhabitants(name: string): number;
}

function readTowns(): Towns {
  const table = readFileSync(new URL("./cities.tsv", import.meta.url));
  const lines: number[] = [];
  const latitudes: number[] = [];
  const longitudes: number[] = [];
  const inhabitants = new Map<string, number>();
  for (let at = 0; at < table.length; at = endOfLine(table, at) + 1) {
    const { name, thousands, latitude, longitude } = lineAt(table, at);
    if (thousands >= LARGE)
      for (const key of keysOf(name.toLowerCase(), 1_000 * thousands))
        inhabitants.set(key, Math.max(1_000 * thousands, inhabitants.get(key) ?? 0));
    if (latitude === undefined || longitude === undefined) continue;
    lines.push(at);
    latitudes.push(latitude);
    longitudes.push(longitude);
  }
  return {
    table,
    lines: Uint32Array.from(lines),
    latitudes: Float32Array.from(latitudes),
    longitudes: Float32Array.from(longitudes),
    inhabitants,
  };
}

const NEW_LINE = 10;
const endOfLine = (table: Buffer, from: number): number => {
  const end = table.indexOf(NEW_LINE, from);
  return end === -1 ? table.length : end;
};

interface Line {
  readonly name: string;
  /** two letters */
  readonly country: string;
  readonly thousands: number;
  /** undefined for a part of a town */
  readonly latitude: number | undefined;
  readonly longitude: number | undefined;
}

function lineAt(table: Buffer, from: number): Line {
  const [name = "", country = "", thousands, latitude, longitude] = table
    .toString("utf8", from, endOfLine(table, from))
    .split("\t");
  const degrees = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text));
  return { name, country, thousands: Number(thousands), latitude: degrees(latitude), longitude: degrees(longitude) };
}

const METROPOLIS = 1_000_000;
/** Nobody says `New York City` of a metropolis; but an ocean is no Ocean City. */
const keysOf = (name: string, people: number): string[] =>
  people >= METROPOLIS && name.endsWith(" city") ? [name, name.replace(/ city$/, "")] : [name];

const KM_PER_DEGREE = 111.2;

/** Only the towns of a band of latitudes are measured: those farther north or south are too far away by that alone. */
function nearestIn(towns: Towns, { latitude, longitude }: Position): NearPlace | null {
  const band = MOST_KM / KM_PER_DEGREE;
  const found: { readonly town: number; readonly km: number }[] = [];
  for (let town = firstFrom(towns.latitudes, latitude - band); town < towns.latitudes.length; town += 1) {
    const [north = 0, east = 0] = [towns.latitudes[town], towns.longitudes[town]];
    if (north > latitude + band) break;
    const km = kilometres({ latitude, longitude }, { latitude: north, longitude: east });
    if (km <= MOST_KM) found.push({ town, km });
  }
  found.sort((one, other) => one.km - other.km);
  const [nearest] = found;
  if (nearest === undefined) return null;
  const lineOf = (town: number): Line => lineAt(towns.table, towns.lines[town] ?? 0);
  const { name, country } = lineOf(nearest.town);
  const asNear = found.filter(({ km }) => km <= BORDER.times * nearest.km + BORDER.km);
  const isSure = asNear.every(({ town }) => lineOf(town).country === country);
  return { city: name, country: isSure ? nameOf(country) : null, km: Math.round(nearest.km) };
}

const nameOf = (country: string): string =>
  new Intl.DisplayNames(["en"], { type: "region", fallback: "code" }).of(country) ?? country;

/** Where in a rising list the first is that is not smaller. */
function firstFrom(rising: Float32Array, least: number): number {
  let [low, high] = [0, rising.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rising[middle] ?? 0) < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** Along a great circle. */
function kilometres(one: Position, other: Position): number {
  const half = (a: number, b: number): number => Math.sin(radians(b - a) / 2) ** 2;
  const around =
    half(one.latitude, other.latitude) +
    Math.cos(radians(one.latitude)) * Math.cos(radians(other.latitude)) * half(one.longitude, other.longitude);
  return ((2 * 180) / Math.PI) * KM_PER_DEGREE * Math.asin(Math.min(1, Math.sqrt(around)));
}
