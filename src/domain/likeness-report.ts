/** What `photogate likeness` says of a folder, for people with a spreadsheet and for other programs. See docs/reports.md. */

import { z } from "zod";
import { csvLine } from "./csv.ts";
import { TIERS } from "./facts.ts";

export const REPORT_SCHEMA = "photogate.likeness";
export const REPORT_VERSION = 1;

/** `imported`: another program says so, or a person. */
const GROUP_TIERS = [...TIERS, "imported"] as const;
export type GroupTier = (typeof GROUP_TIERS)[number];

/** Hashes a photo can be compared by. */
export const HASHES = ["phash", "dhash", "ahash"] as const;
export type HashName = (typeof HASHES)[number];

const MemberSchema = z.object({
  /** below the folder, with `/` */
  file: z.string(),
  /** what is to be done: true stays, false goes to the review folder with `--apply` */
  keep: z.boolean(),
  /** what was proposed; another value of `keep` is a person's */
  proposed: z.boolean().nullable(),
  width: z.int().nullable(),
  height: z.int().nullable(),
  bytes: z.int().nullable(),
  /** ISO, UTC */
  modified: z.string().nullable(),
  /** bits of the hash that differ from the keeper's; null for the keeper, and where nobody compared */
  distance: z.int().nullable(),
  cosine: z.number().nullable(),
  phash256: z.int().nullable(),
  ncc: z.number().nullable(),
  seconds: z.number().nullable(),
  /** cosine of what a learned model made of them; not in reports of before it was asked */
  semantic: z.number().nullable().default(null),
  reason: z.string(),
});
export type Member = z.infer<typeof MemberSchema>;

const GroupSchema = z.object({
  group: z.int().positive(),
  tier: z.enum(GROUP_TIERS),
  /** null where nothing may be culled */
  keeper: z.string().nullable(),
  files: z.array(MemberSchema),
});
export type ReportGroup = z.infer<typeof GroupSchema>;

export const ReportSchema = z.object({
  schema: z.literal(REPORT_SCHEMA),
  version: z.literal(REPORT_VERSION),
  /** ISO, UTC */
  at: z.string(),
  folder: z.string(),
  /** where the groups come from */
  source: z.enum(["folder", "photogate", "czkawka", "imagededup"]),
  hash: z.enum(HASHES),
  photos: z.int(),
  groups: z.array(GroupSchema),
  outliers: z.array(z.object({ file: z.string(), distance: z.int(), nearest: z.string().nullable() })),
  /** what was left alone, and why */
  aside: z.array(z.object({ path: z.string(), code: z.string(), why: z.string() })),
  /** groups in which a person decided otherwise than was proposed; null where nothing was proposed */
  touched: z.object({ groups: z.int(), of: z.int(), share: z.number() }).nullable(),
});
export type Report = z.infer<typeof ReportSchema>;

/** Which of the groups a person changed. */
export function touchedOf(groups: readonly ReportGroup[]): Report["touched"] {
  const known = groups.filter(({ files }) => files.every(({ proposed }) => proposed !== null));
  if (known.length === 0) return null;
  const touched = known.filter(({ files }) => files.some(({ keep, proposed }) => keep !== proposed)).length;
  return { groups: touched, of: known.length, share: Math.round((touched / known.length) * 1000) / 1000 };
}

const COLUMNS = [
  "group",
  "tier",
  "file",
  "keep",
  "proposed",
  "distance",
  "cosine",
  "phash256",
  "ncc",
  "seconds",
  "width",
  "height",
  "bytes",
  "modified",
  "reason",
  "semantic",
] as const;

/** One line a photo; `keep` is the column a person edits. */
export function csvOf(groups: readonly ReportGroup[]): string {
  const lines = groups.flatMap(({ group, tier, files }) =>
    files.map((file) => {
      const cells: Readonly<Record<string, unknown>> = { ...file, group, tier };
      return csvLine(COLUMNS.map((column) => textOf(cells[column])));
    }),
  );
  return [csvLine(COLUMNS), ...lines].join("");
}

const textOf = (value: unknown): string => (typeof value === "boolean" ? (value ? "yes" : "no") : String(value ?? ""));

/** As Czkawka saves similar images: a list of groups, the keeper first. */
export const czkawkaOf = ({ folder, groups }: Report): unknown =>
  groups.map(({ files }) =>
    files
      .toSorted((a, b) => Number(b.keep) - Number(a.keep))
      .map(({ file, bytes, width, height, modified, distance }) => ({
        path: `${folder}/${file}`,
        size: bytes ?? 0,
        width: width ?? 0,
        height: height ?? 0,
        modified_date: modified === null ? 0 : Math.floor(Date.parse(modified) / 1000),
        hash: [],
        similarity: distance ?? 0,
      })),
  );

/** As imagededup writes duplicates: of every file its likes. */
export function imagededupOf({ groups }: Report, files: readonly string[]): unknown {
  const likes = new Map<string, Set<string>>(files.map((file) => [file, new Set()]));
  for (const { files: members } of groups)
    for (const { file } of members)
      for (const other of members) if (other.file !== file) likes.get(file)?.add(other.file);
  return Object.fromEntries([...likes].map(([file, others]) => [file, [...others].sort()]));
}
