import { HOUR, MINUTE, type Millis, SECOND } from "./words.ts";

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
  /** quiet, and cannot be read by us */
  readonly unreadable: number;
  /** when the last file was added, changed or removed */
  readonly quietSince: Millis;
  /** when the last file was added */
  readonly newestAt: Millis;
  readonly numbers: CameraNumbers | null;
  /** null while a person or another program holds it back, or no photo of it can be read */
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

/** Numbers that are missing are named up to here; more of them are counted. */
const MOST_NAMED = 5;

/**
 * What an arrival waits for, as a sentence without its full stop: `17 files, 2 still growing, no new file for 40 s, camera
 * numbers 0412–0430 complete except 0419; closes in 20 s`.
 *
 * @param now wall clock
 */
export function arrivalSays(arrival: Arrival, now: Millis): string {
  const { files, growing, incomplete, open, unreadable, newestAt, numbers } = arrival;
  const parts = [
    counted(files, "file"),
    ...(growing > 0 ? [`${growing} still growing`] : []),
    ...(open > 0 ? [`${open} still open in another program`] : []),
    ...(incomplete > 0 ? [`${incomplete} not complete yet`] : []),
    ...(unreadable > 0 ? [`${unreadable} cannot be read`] : []),
    `no new file for ${span(now - newestAt)}`,
    ...(numbers === null ? [] : [numbersSay(numbers)]),
  ];
  return `${parts.join(", ")}; ${arrivalEnds(arrival, now)}`;
}

/** Does it need a person before it can go on? What is held back does not: a person has seen to it. */
export const isStuck = ({ isHeld, trouble, open, closesAt }: Arrival): boolean =>
  !isHeld && (trouble !== null || (open === 0 && closesAt === null));

/** How an arrival comes to its end, or what keeps it from that. */
export function arrivalEnds({ isHeld, trouble, open, closesAt }: Arrival, now: Millis): string {
  if (isHeld) return "held back by you";
  if (trouble !== null) return "cannot be taken in as it is";
  if (open > 0) return "closes once that program is done";
  if (closesAt === null) return "nothing in it can be read";
  return closesAt - now < SECOND ? "closes in a moment" : `closes in ${span(closesAt - now)}`;
}

function numbersSay({ first, last, missing }: CameraNumbers): string {
  const named = missing.slice(0, MOST_NAMED).join(", ");
  const more = missing.length > MOST_NAMED ? ` and ${missing.length - MOST_NAMED} more` : "";
  return `camera numbers ${first}–${last} complete${missing.length === 0 ? "" : ` except ${named}${more}`}`;
}

const counted = (n: number, one: string): string => `${n} ${n === 1 ? one : `${one}s`}`;

/** `40 s`, `12 min`, `3 h`; to the second as long as a person would wait for it. */
export function span(ms: Millis): string {
  const left = Math.max(0, ms);
  if (left < 2 * MINUTE) return `${Math.round(left / SECOND)} s`;
  if (left < 2 * HOUR) return `${Math.round(left / MINUTE)} min`;
  return `${Math.round(left / HOUR)} h`;
}
