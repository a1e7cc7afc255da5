/** What one change of words would do to each photo of a selection. */
import { MAX_CAPTION, MAX_KEYWORD, MAX_KEYWORDS, MAX_LOCATION, MAX_SUBJECT } from "../../domain/lengths.ts";
import { plainText } from "../../domain/words.ts";
import type { Row } from "../rows.ts";

export const BULK_CHANGES = ["add-keyword", "remove-keyword", "replace-caption", "subject", "location"] as const;
export type BulkKind = (typeof BULK_CHANGES)[number];
export const isBulkKind = (value: string): value is BulkKind => BULK_CHANGES.some((kind) => kind === value);

export interface Change {
  readonly row: Row;
  readonly field: "keywords" | "caption" | "subject" | "location";
  readonly to: string | readonly string[];
  /** as texts, to be compared */
  readonly before: string;
  readonly after: string;
}

export interface BulkPlan {
  readonly changes: readonly Change[];
  /** reason to photos that are passed over */
  readonly skipped: ReadonlyMap<string, readonly Row[]>;
}

/**
 * @param what the keyword, the text to be found, the subject or the location
 * @param by what a found text becomes
 */
export function planBulk(kind: BulkKind, what: string, by: string, rows: readonly Row[]): BulkPlan {
  const wanted = kind === "replace-caption" ? what : plainText(what);
  const planned = rows.map((row) => ({
    row,
    does: wanted === "" ? "nothing is said" : changeOf(row, kind, wanted, by),
  }));
  const skipped = Map.groupBy(
    planned.filter(({ does }) => typeof does === "string"),
    ({ does }) => String(does),
  );
  return {
    changes: planned.flatMap(({ does }) => (typeof does === "string" ? [] : [does])),
    skipped: new Map([...skipped].map(([why, some]) => [why, some.map(({ row }) => row)])),
  };
}

/** @returns why there is none */
function changeOf(row: Row, kind: BulkKind, wanted: string, by: string): Change | string {
  if (row.culled !== null) return "left out";
  if (row.released) return "released";
  if (row.hash === null) return "without words yet";
  switch (kind) {
    case "add-keyword":
      return added(row, wanted);
    case "remove-keyword":
      return removed(row, wanted);
    case "replace-caption":
      return replaced(row, wanted, by);
    case "subject":
      return set(row, "subject", wanted, MAX_SUBJECT);
    case "location":
      return set(row, "location", wanted, MAX_LOCATION);
  }
}

const isSame = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

function added(row: Row, word: string): Change | string {
  if (row.keywords.some((one) => isSame(one, word))) return "have it already";
  if (word.length > MAX_KEYWORD) return `longer than ${MAX_KEYWORD} letters`;
  if (row.keywords.length >= MAX_KEYWORDS) return `have ${MAX_KEYWORDS} already`;
  return keywords(row, [...row.keywords, word]);
}

function removed(row: Row, word: string): Change | string {
  const left = row.keywords.filter((one) => !isSame(one, word));
  return left.length === row.keywords.length ? "do not have it" : keywords(row, left);
}

const keywords = (row: Row, to: readonly string[]): Change => ({
  row,
  field: "keywords",
  to,
  before: row.keywords.join(", "),
  after: to.join(", "),
});

function replaced(row: Row, wanted: string, by: string): Change | string {
  const before = row.caption ?? "";
  if (!before.includes(wanted)) return "do not have it";
  const after = plainText(before.replaceAll(wanted, () => by));
  if (after === before) return "so already";
  return after.length > MAX_CAPTION
    ? `longer than ${MAX_CAPTION} letters`
    : { row, field: "caption", to: after, before, after };
}

function set(row: Row, field: "subject" | "location", to: string, most: number): Change | string {
  const before = row[field] ?? "";
  if (before === to) return "so already";
  return to.length > most ? `longer than ${most} letters` : { row, field, to, before, after: to };
}
