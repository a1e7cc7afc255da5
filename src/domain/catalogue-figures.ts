/** What the whole catalogue is made of: which cameras in which years, how good, by whose hand. */

/** What is asked of a row of the catalogue. */
export interface CatalogueLine {
  readonly name: string;
  readonly camera: string | null;
  /** as the site writes it, year first; null where the photo had none */
  readonly taken: string | null;
  readonly band: string | null;
}

/** How many images something has, and which part of all that is, 0-1. */
export interface Part {
  readonly word: string;
  readonly images: number;
  readonly share: number;
}

export interface YearOfCameras {
  readonly year: string;
  readonly images: number;
  /** as many as there are cameras by name, in their order, the rest last; 0 where a camera has none in that year */
  readonly byCamera: readonly number[];
}

export interface CatalogueFigures {
  readonly images: number;
  /** published by Photogate; the others were put there by hand, or by what it replaces */
  readonly ours: number;
  /** from best to worst, those that are not known last; bands nobody has are left out */
  readonly bands: readonly Part[];
  /** the cameras that are told apart, most used first, `others` last where there are more */
  readonly cameras: readonly Part[];
  readonly years: readonly YearOfCameras[];
  /** first and last day of it, as `2019-05-03` */
  readonly first: string | null;
  readonly last: string | null;
}

const BANDS = ["Top", "Good", "Average", "Low", "Very Low"];
/** Cameras that are told apart; more than that no eye can. */
const MOST_CAMERAS = 5;
const OTHERS = "others";
export const UNKNOWN_CAMERA = "camera not known";
export const UNKNOWN_YEAR = "undated";
const UNKNOWN_BAND = "no band";

/** @param isOurs was the image of this file name published by Photogate? */
export function catalogueFigures(lines: readonly CatalogueLine[], isOurs: (name: string) => boolean): CatalogueFigures {
  const cameraOf = ({ camera }: CatalogueLine): string => camera?.trim() || UNKNOWN_CAMERA;
  const counted = byCount(lines, cameraOf);
  const told = counted.slice(0, counted.length > MOST_CAMERAS + 1 ? MOST_CAMERAS : counted.length);
  const places = new Map(told.map(([camera], i) => [camera, i]));
  const left = lines.length - told.reduce((sum, [, images]) => sum + images, 0);
  const names = [...told, ...(left > 0 ? [[OTHERS, left] as const] : [])];
  const days = lines.flatMap(({ taken }) => (dayOf(taken) === null ? [] : [dayOf(taken) ?? ""])).sort();
  return {
    images: lines.length,
    ours: lines.filter(({ name }) => isOurs(name)).length,
    bands: bandsOf(lines),
    cameras: names.map(([word, images]) => ({ word, images, share: shareOf(images, lines.length) })),
    years: yearsOf(lines, (line) => places.get(cameraOf(line)) ?? told.length, names.length),
    first: days[0] ?? null,
    last: days.at(-1) ?? null,
  };
}

const shareOf = (images: number, all: number): number => (all === 0 ? 0 : images / all);

/** Most first; equals by name, so that the same catalogue is drawn the same twice. */
function byCount(lines: readonly CatalogueLine[], wordOf: (line: CatalogueLine) => string): [string, number][] {
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(wordOf(line), (counts.get(wordOf(line)) ?? 0) + 1);
  return [...counts].sort(([a, most], [b, other]) => other - most || a.localeCompare(b));
}

function bandsOf(lines: readonly CatalogueLine[]): Part[] {
  const rank = (word: string): number => [...BANDS, word].indexOf(word);
  return byCount(lines, ({ band }) => band?.trim() || UNKNOWN_BAND)
    .sort(([a], [b]) => rank(a) - rank(b))
    .map(([word, images]) => ({ word, images, share: shareOf(images, lines.length) }));
}

function yearsOf(
  lines: readonly CatalogueLine[],
  placeOf: (line: CatalogueLine) => number,
  places: number,
): YearOfCameras[] {
  const years = Map.groupBy(lines, ({ taken }) => dayOf(taken)?.slice(0, 4) ?? UNKNOWN_YEAR);
  return [...years]
    .map(([year, photos]) => {
      const byCamera = Array.from({ length: places }, () => 0);
      for (const photo of photos) byCamera[placeOf(photo)] = (byCamera[placeOf(photo)] ?? 0) + 1;
      return { year, images: photos.length, byCamera };
    })
    .sort((a, b) => a.year.localeCompare(b.year));
}

/** Rows by other hands hold whatever somebody typed: what is no date is none. */
function dayOf(taken: string | null): string | null {
  const parts = /^\s*(\d{4})[-:/.](\d{2})[-:/.](\d{2})/.exec(taken ?? "");
  return parts === null || parts[1] === "0000" ? null : parts.slice(1).join("-");
}
