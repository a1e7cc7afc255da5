/** Lines of the journal as a person or a spreadsheet reads them. */
import { csvLine } from "./csv.ts";
import type { Millis, PhotoId } from "./words.ts";

export interface AuditLine {
  readonly seq: number;
  readonly at: Millis;
  readonly kind: string;
  readonly photo: PhotoId | null;
  /** as it was dropped; null where the line is of the whole set */
  readonly file: string | null;
  /** the person, or the stage; null where nobody is named */
  readonly by: string | null;
  readonly field: string | null;
  readonly before: string | null;
  readonly after: string | null;
  /** what else the line holds, as JSON; empty where there is nothing */
  readonly more: string;
}

interface Line {
  readonly seq: number;
  readonly at: Millis;
  readonly kind: string;
  readonly photo_id: number | null;
  readonly data: string;
}

/** @param fileOf the file a photo came in */
export function auditLine(
  { seq, at, kind, photo_id, data }: Line,
  fileOf: (photo: PhotoId) => string | null,
): AuditLine {
  const said: unknown = JSON.parse(data);
  const own = typeof said === "object" && said !== null && !Array.isArray(said) ? { ...said } : {};
  const { by, stage, field, before, after, to, ...rest }: Readonly<Record<string, unknown>> = own;
  return {
    seq,
    at,
    kind,
    photo: photo_id,
    file: photo_id === null ? null : fileOf(photo_id),
    by: typeof by === "string" ? by : typeof stage === "string" ? stage : null,
    field: typeof field === "string" ? field : null,
    before: written(before),
    after: written(after ?? to),
    more: Object.keys(rest).length === 0 ? "" : JSON.stringify(rest),
  };
}

function written(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === "string") return value;
  // Of an approval the word says enough; its hash is in the journal.
  if (typeof value === "object" && "verdict" in value) return written(value.verdict);
  return JSON.stringify(value);
}

/** Lines in a row that say the same of one photo after another. */
export interface AuditRun {
  readonly line: AuditLine;
  readonly photos: number;
}

/** What the machine did to many photos is one line to read. @param lines in one order or the other */
export function runsOf(lines: readonly AuditLine[]): AuditRun[] {
  const runs: { line: AuditLine; photos: number }[] = [];
  for (const line of lines) {
    const last = runs.at(-1);
    if (last !== undefined && isSame(last.line, line)) last.photos += 1;
    else runs.push({ line, photos: 1 });
  }
  return runs;
}

const isSame = (one: AuditLine, other: AuditLine): boolean =>
  one.photo !== null &&
  other.photo !== null &&
  one.field === null &&
  one.kind === other.kind &&
  one.by === other.by &&
  one.more === "" &&
  other.more === "";

const COLUMNS = ["seq", "at", "kind", "photo", "file", "by", "field", "before", "after", "more"] as const;

export const auditHead = csvLine(COLUMNS);

/** Times as ISO 8601 in UTC. */
export const auditCsv = (line: AuditLine): string => {
  const cells = { ...line, at: new Date(line.at).toISOString() };
  return csvLine(COLUMNS.map((column) => plainly(cells[column])));
};

export const auditJson = (line: AuditLine): string =>
  `${JSON.stringify({ ...line, at: new Date(line.at).toISOString() })}\n`;

/** A spreadsheet takes a text that begins with one of these for a formula, and a caption may be anybody's. */
const FORMULA = /^[=+\-@\t\r]/;

function plainly(value: string | number | null): string {
  if (value === null || typeof value === "number") return String(value ?? "");
  return FORMULA.test(value) ? `'${value}` : value;
}
