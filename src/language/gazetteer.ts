/** Which towns there are, how many live in them, and which one a position is near: offline, from a table we ship. */
import { readFileSync } from "node:fs";
import type { Position } from "../domain/facts.ts";
import type { Gazetteer, NearPlace } from "../domain/ports.ts";

/** Towns of the table, from south to north. */
interface Towns {
  readonly names: readonly string[];
  /** two letters each */
  readonly countries: readonly string[];
  readonly thousands: Uint16Array;
  /** degrees; as long as there are towns that have a place */
  readonly latitudes: Float32Array;
  readonly longitudes: Float32Array;
}

/** Farther than this from every town a photo was taken at no place we could name. */
const MOST_KM = 100;
/** Another country's town that is not much farther away leaves open on which side of the border a photo was taken. */
const BORDER = { times: 2, km: 5 };

/** The table is read when it is first asked for, and once. */
export const openGazetteer = (): Gazetteer & Inhabitants => {
  const towns = once(readTowns);
  const largest = once(() => largestByName(towns()));
  return {
    nearest: (position) => nearestIn(towns(), position),
    inhabitants: (name) => largest().get(name.toLowerCase()) ?? 0,
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
  /** of the largest town of that name; 0 where none is known */
  inhabitants(name: string): number;
}

function readTowns(): Towns {
  const text = readFileSync(new URL("./cities.tsv", import.meta.url), "utf8");
  const rows = text
    .trimEnd()
    .split("\n")
    .map((line) => line.split("\t"));
  const placed = rows.filter(({ length }) => length === COLUMNS);
  return {
    names: rows.map(([name = ""]) => name),
    countries: rows.map(([, country = ""]) => country),
    thousands: Uint16Array.from(rows, ([, , thousands]) => Number(thousands)),
    latitudes: Float32Array.from(placed, ([, , , latitude]) => Number(latitude)),
    longitudes: Float32Array.from(placed, ([, , , , longitude]) => Number(longitude)),
  };
}
const COLUMNS = 5;

function largestByName({ names, thousands }: Towns): ReadonlyMap<string, number> {
  const largest = new Map<string, number>();
  for (const [i, name] of names.entries()) {
    const people = 1_000 * (thousands[i] ?? 0);
    for (const key of keysOf(name.toLowerCase(), people)) largest.set(key, Math.max(people, largest.get(key) ?? 0));
  }
  return largest;
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
  const country = towns.countries[nearest.town] ?? "";
  const asNear = found.filter(({ km }) => km <= BORDER.times * nearest.km + BORDER.km);
  return {
    city: towns.names[nearest.town] ?? "",
    country: asNear.every(({ town }) => towns.countries[town] === country) ? nameOf(country) : null,
    km: Math.round(nearest.km),
  };
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
