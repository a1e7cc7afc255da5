/** New names for the photos of a folder, by a pattern. Pure: what is there already is told, and never named again. */
import { extensionOf } from "./formats.ts";
import { spot } from "./moves.ts";
import { isDeviceName, UNDATED } from "./naming.ts";

export const RENAME_PATTERN = "{date}_{seq}";
const PARTS = ["date", "time", "seq", "camera", "stem"] as const;
/** No file system takes a longer name, in bytes of UTF-8. */
const MOST_BYTES = 255;
const FORBIDDEN = /[<>:"/\\|?*\p{Cc}]/gu;

/** One press of the shutter that is to be renamed, with all its files. */
export interface Renamable {
  /** path of the main file below the folder, with `/` */
  readonly relative: string;
  /** paths of what travels with it */
  readonly companions: readonly string[];
  /** `2026:10:14 08:12:33`; null if the photo has none */
  readonly takenAt: string | null;
  readonly subSec: string | null;
  readonly camera: string | null;
}

/** @returns what is wrong with a pattern, as a sentence; undefined if it can be used */
export function renamePatternFlaw(pattern: string): string | undefined {
  const unknown = [...pattern.matchAll(/\{([^{}]*)\}/g)]
    .map(([, part = ""]) => part)
    .filter((part) => !PARTS.some((known) => known === part));
  if (unknown.length > 0) return `knows no part {${unknown.join("}, {")}}; parts are {${PARTS.join("}, {")}}`;
  const bare = pattern.replaceAll(/\{[^{}]*\}/g, "");
  if (/[{}]/.test(bare)) return "a brace stands alone";
  if (bare.search(FORBIDDEN) >= 0) return 'may not hold any of < > : " / \\ | ? *';
  return bare === pattern ? `has no part; parts are {${PARTS.join("}, {")}}` : undefined;
}

export interface Renamed {
  readonly photo: Renamable;
  /** every file of the photo, its main file first; those that keep their name too */
  readonly files: readonly { readonly from: string; readonly to: string }[];
}

/**
 * Names photos in the order of capture, each folder by itself. The counter runs among names that are otherwise equal, and
 * passes over what is taken; without `{seq}` the second of a name gets `_2`.
 *
 * @param staying paths of everything in the folder that keeps its name
 * @returns in the order of capture
 */
export function renamed(pattern: string, photos: readonly Renamable[], staying: Iterable<string>): Renamed[] {
  const taken = new Set([...staying].flatMap((path) => [spot(path), spot(stemOf(path))]));
  const counters = new Map<string, number>();
  return photos.toSorted(byCapture).map((photo) => {
    const scope = spot(folderOf(photo.relative) + filled(pattern, photo, 0));
    for (let n = (counters.get(scope) ?? 0) + 1; ; n += 1) {
      const files = withStem(photo, filled(pattern, photo, n));
      const wanted = files.flatMap(({ to }) => [spot(to), spot(stemOf(to))]);
      if (wanted.some((one) => taken.has(one))) continue;
      for (const one of wanted) taken.add(one);
      counters.set(scope, n);
      return { photo, files };
    }
  });
}

/**
 * Paths in a folder for what goes aside, as deep as it lay; a photo whose name is taken there gets a number, and what travels
 * with it the same.
 *
 * @param shots the files of each photo, its main file first
 * @param there every path there is
 */
export function movedAside(
  folder: string,
  shots: readonly (readonly string[])[],
  there: Iterable<string>,
): { readonly files: readonly { readonly from: string; readonly to: string }[] }[] {
  const taken = new Set([...there].flatMap((path) => [spot(path), spot(stemOf(path))]));
  return shots.map((files) => {
    const stem = stemOf(files[0] ?? "");
    for (let n = 1; ; n += 1) {
      const moved = files.map((from) => ({
        from,
        to: `${folder}/${stem}${n === 1 ? "" : `_${n}`}${from.slice(stem.length)}`,
      }));
      const wanted = moved.flatMap(({ to }) => [spot(to), spot(stemOf(to))]);
      if (wanted.some((one) => taken.has(one))) continue;
      for (const one of wanted) taken.add(one);
      return { files: moved };
    }
  });
}

/** @returns the longest name that would be too long for a disk; undefined if there is none */
export const tooLong = ({ files }: Renamed): string | undefined =>
  files.map(({ to }) => to.slice(folderOf(to).length)).find((name) => bytesOf(name) > MOST_BYTES);

const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

function filled(pattern: string, photo: Renamable, n: number): string {
  const { takenAt, camera, relative } = photo;
  const [date = UNDATED, time = ""] = takenAt?.split(" ") ?? [];
  const parts: Readonly<Record<string, string>> = {
    date: date.replaceAll(":", "-"),
    time: time.slice(0, 8).replaceAll(":", "-"),
    camera: (camera ?? "").replaceAll(/\s+/g, "_"),
    stem: stemOf(relative).slice(folderOf(relative).length),
    seq: String(n).padStart(3, "0"),
  };
  const text = pattern.replaceAll(/\{(\w+)\}/g, (_, part: string) => (parts[part] ?? "").replaceAll(FORBIDDEN, "_"));
  const clean = text.replaceAll(/_{2,}/g, "_").replaceAll(/^[\s._-]+|[\s._-]+$/g, "") || "Photo";
  const safe = isDeviceName(clean) ? `${clean}_photo` : clean;
  return n > 1 && !pattern.includes("{seq}") ? `${safe}_${n}` : safe;
}

function withStem(photo: Renamable, stem: string): Renamed["files"] {
  const { relative, companions } = photo;
  const old = stemOf(relative);
  return [relative, ...companions].map((from) => ({ from, to: `${folderOf(from)}${stem}${from.slice(old.length)}` }));
}

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf("/") + 1);

/** Path without the last extension; a name that begins with a dot has none. */
function stemOf(path: string): string {
  const extension = extensionOf(path.slice(folderOf(path).length));
  return extension === "" ? path : path.slice(0, -extension.length - 1);
}

const LAST = "\uffff";

function byCapture(a: Renamable, b: Renamable): number {
  const moment = ({ takenAt, subSec, relative }: Renamable): string[] => [takenAt ?? LAST, subSec ?? "", relative];
  const [left, right] = [moment(a), moment(b)];
  const at = left.findIndex((part, i) => part !== right[i]);
  return at < 0 ? 0 : (left[at] ?? "") < (right[at] ?? "") ? -1 : 1;
}
