/** Groups that somebody else found, or that a person edited: our CSV and JSON, Czkawka's JSON, imagededup's. */
import { Fault, messageOf } from "./fault.ts";
import { type GroupTier, type Report, ReportSchema } from "./likeness-report.ts";
import { unionsOf } from "./nearby.ts";

export interface ImportedFile {
  /** as it stands there: absolute, or below the folder */
  readonly file: string;
  /** null where nobody has said */
  readonly keep: boolean | null;
  readonly proposed: boolean | null;
}

export interface ImportedGroup {
  readonly tier: GroupTier;
  readonly files: readonly ImportedFile[];
  /** does this file match that one? Whoever does not match the keeper does not go because of it */
  readonly areAlike: (a: string, b: string) => boolean;
}

export interface Imported {
  readonly source: Exclude<Report["source"], "folder">;
  readonly groups: readonly ImportedGroup[];
}

const always = (): boolean => true;

/** @throws Fault likeness.import */
export function groupsFrom(text: string, name: string): Imported {
  const refuse = (why: string): Fault => new Fault("likeness.import", `${name}: ${why}`);
  const plain = text.replace(/^\ufeff/, "");
  if (!/^\s*[[{]/.test(plain)) return { source: "photogate", groups: fromCsv(plain, refuse) };
  let value: unknown;
  try {
    value = JSON.parse(plain);
  } catch (cause) {
    throw refuse(messageOf(cause));
  }
  if (isRecord(value) && "schema" in value) return { source: "photogate", groups: fromReport(value, refuse) };
  if (isRecord(value) && Object.values(value).every(isListOfNames))
    return { source: "imagededup", groups: fromImagededup(value) };
  const groups = fromCzkawka(value);
  if (groups.length === 0) throw refuse("holds no groups that Photogate, Czkawka or imagededup would write");
  return { source: "czkawka", groups };
}

function fromReport(value: unknown, refuse: (why: string) => Fault): ImportedGroup[] {
  const read = ReportSchema.safeParse(value);
  if (!read.success) {
    const [issue] = read.error.issues;
    throw refuse(`${issue?.path.join(".") ?? "file"}: ${issue?.message ?? "cannot be read"}`);
  }
  return read.data.groups.map(({ tier, files }) => ({ tier, files, areAlike: always }));
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Names, or pairs of a name and a score. */
const isListOfNames = (value: unknown): value is (string | [string, unknown])[] =>
  Array.isArray(value) &&
  value.every((one) => typeof one === "string" || (Array.isArray(one) && typeof one[0] === "string"));

/** Of every file its likes: whoever hangs together is a group, but only those that match the keeper go because of it. */
function fromImagededup(likes: Record<string, unknown>): ImportedGroup[] {
  const places = new Map<string, number>();
  const placeOf = (file: string): number => {
    const place = places.get(file) ?? places.size;
    places.set(file, place);
    return place;
  };
  const pairs: [number, number][] = Object.entries(likes).flatMap(([file, others]) =>
    isListOfNames(others)
      ? others.map((other): [number, number] => [placeOf(file), placeOf(typeof other === "string" ? other : other[0])])
      : [],
  );
  const unions = unionsOf(places.size);
  for (const [a, b] of pairs) unions.join(a, b);
  const files = [...places.keys()];
  const known = new Set(pairs.flatMap(([a, b]) => [`${a} ${b}`, `${b} ${a}`]));
  const areAlike = (a: string, b: string): boolean => known.has(`${places.get(a)} ${places.get(b)}`);
  return unions.groups().map((group) => ({
    tier: "imported",
    files: group.map((place) => ({ file: files[place] ?? "", keep: null, proposed: null })),
    areAlike,
  }));
}

/** Groups lie at different depths: similar images, duplicates by size or hash, and each of them with reference folders. */
function fromCzkawka(value: unknown): ImportedGroup[] {
  if (Array.isArray(value)) {
    const [first, rest] = value;
    if (value.length === 2 && pathIn(first) !== undefined && Array.isArray(rest)) return groupOf([first, ...rest]);
    if (value.length > 0 && value.every((one) => pathIn(one) !== undefined)) return groupOf(value);
    return value.flatMap(fromCzkawka);
  }
  return isRecord(value) ? Object.values(value).flatMap(fromCzkawka) : [];
}

const pathIn = (value: unknown): string | undefined =>
  isRecord(value) && typeof value["path"] === "string" ? value["path"] : undefined;

function groupOf(entries: readonly unknown[]): ImportedGroup[] {
  const files = entries.flatMap((entry) => pathIn(entry) ?? []);
  if (files.length < 2) return [];
  return [{ tier: "imported", files: files.map((file) => ({ file, keep: null, proposed: null })), areAlike: always }];
}

function fromCsv(text: string, refuse: (why: string) => Fault): ImportedGroup[] {
  const [header = [], ...rows] = rowsOf(text);
  const columns = header.map((name) => name.trim().toLowerCase());
  const missing = ["group", "file", "keep"].filter((name) => !columns.includes(name));
  if (missing.length > 0) throw refuse(`has no column ${missing.join(", ")}`);
  const groups = new Map<string, { tier: GroupTier; files: ImportedFile[] }>();
  rows.forEach((row, i) => {
    const of = (name: string): string => row[columns.indexOf(name)]?.trim() ?? "";
    const keep = yesOrNo(of("keep"));
    if (of("file") === "" || keep === undefined) throw refuse(`line ${i + 2}: keep is "${of("keep")}", not yes or no`);
    const proposed = yesOrNo(of("proposed")) ?? null;
    const tier = ReportSchema.shape.groups.element.shape.tier.safeParse(of("tier")).data ?? "imported";
    const group = groups.get(of("group")) ?? { tier, files: [] };
    group.files.push({ file: row[columns.indexOf("file")] ?? "", keep, proposed });
    groups.set(of("group"), group);
  });
  return [...groups.values()].map((group) => ({ ...group, areAlike: always }));
}

function yesOrNo(text: string): boolean | undefined {
  if (/^(yes|y|true|1|x|ja|j|oui)$/i.test(text)) return true;
  return /^(no|n|false|0|nein|nee|non)$/i.test(text) ? false : undefined;
}

/** RFC 4180; the separator is whatever stands in the header, because a spreadsheet may have changed it. */
function rowsOf(text: string): string[][] {
  const header = text.split(/\r?\n/, 1)[0] ?? "";
  const separator = [",", ";", "\t"].toSorted((a, b) => header.split(b).length - header.split(a).length)[0] ?? ",";
  const rows: string[][] = [];
  let row: string[] = [];
  let field = "";
  let isQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at] ?? "";
    if (isQuoted) {
      if (letter !== '"') field += letter;
      else if (text[at + 1] === '"') {
        field += letter;
        at += 1;
      } else isQuoted = false;
    } else if (letter === '"') isQuoted = true;
    else if (letter === separator || letter === "\n") {
      row.push(field.replace(/\r$/, ""));
      field = "";
      if (letter === separator) continue;
      rows.push(row);
      row = [];
    } else field += letter;
  }
  if (field !== "" || row.length > 0) rows.push([...row, field.replace(/\r$/, "")]);
  return rows.filter((cells) => cells.some((one) => one.trim() !== ""));
}
