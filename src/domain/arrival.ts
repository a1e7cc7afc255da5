import type { Millis } from "./words.ts";

/** What lies in a folder of an inbox and is not a set yet: what it waits for, in figures a person can check. */
export interface Arrival {
  readonly inbox: string;
  /** first-level folder below the inbox; empty for loose files */
  readonly folder: string;
  readonly name: string;
  /** photos and their companions */
  readonly files: number;
  /** changed within the quiet time */
  readonly growing: number;
  /** quiet, but without the end their format has */
  readonly incomplete: number;
  /** held open for writing by another program */
  readonly open: number;
  /** when the last file was added, changed or removed */
  readonly quietSince: Millis;
  readonly numbers: CameraNumbers | null;
  /** null while a person or another program holds it back */
  readonly closesAt: Millis | null;
  readonly isHeld: boolean;
  /** why it cannot be taken as it is */
  readonly trouble: { readonly code: string; readonly why: string } | null;
}

/** The run of numbers a camera gave its files. */
export interface CameraNumbers {
  /** with the zeros the camera writes: `0412` */
  readonly first: string;
  readonly last: string;
  /** those in between that are not there */
  readonly missing: readonly string[];
}

/** Gaps beyond this say nothing about a card: the photographer deleted, or two cards lie in one folder. */
const MOST_MISSING = 50;

/**
 * @param names of files, `IMG_0412.JPG`
 * @returns the longest run of one camera's numbers; null where there is none to speak of
 */
export function cameraNumbers(names: readonly string[]): CameraNumbers | null {
  const numbered = names.flatMap((name) => {
    const [, prefix, digits] = /^(.*?)(\d{3,6})\.[^.]+$/.exec(name) ?? [];
    return prefix === undefined || digits === undefined ? [] : [{ prefix: prefix.toLowerCase(), digits }];
  });
  const runs = [...Map.groupBy(numbered, ({ prefix, digits }) => `${prefix} ${digits.length}`).values()];
  const longest = runs.toSorted((a, b) => b.length - a.length)[0] ?? [];
  const width = longest[0]?.digits.length ?? 0;
  const there = new Set(longest.map(({ digits }) => Number(digits)));
  if (there.size < 3) return null;
  const [first, last] = runOf(there, 10 ** width);
  if (last - first + 1 - there.size > Math.min(MOST_MISSING, there.size)) return null;
  const written = (number: number): string => String(number % 10 ** width).padStart(width, "0");
  const missing: string[] = [];
  for (let number = first; number <= last; number += 1)
    if (!there.has(number % 10 ** width)) missing.push(written(number));
  return { first: written(first), last: written(last), missing };
}

/** First and last number; a camera that counted past its end goes on after it: 9998, 9999, 1, 2. */
function runOf(there: ReadonlySet<number>, end: number): [first: number, last: number] {
  const sorted = [...there].sort((a, b) => a - b);
  const gaps = sorted.map((number, i) => (sorted[i + 1] ?? (sorted[0] ?? 0) + end) - number);
  const widest = gaps.indexOf(Math.max(...gaps));
  const first = sorted[(widest + 1) % sorted.length] ?? 0;
  const last = sorted[widest] ?? 0;
  return [first, last < first ? last + end : last];
}
