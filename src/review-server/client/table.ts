// Types only: the schemas of the domain would bring a whole parser into the page.
import { attentionWord } from "../../domain/attention.ts";
import type { Verdict } from "../../domain/review.ts";
import { sweepOf } from "../../domain/screenful.ts";
import { blockersIn } from "../../domain/standing-proof.ts";
import { plainText } from "../../domain/words.ts";
import type { Row } from "../rows.ts";
import { VERDICT_LABELS } from "./names.ts";
import type { Entry } from "./outbox.ts";
import { troubleOf } from "./quality.ts";

/** Rows as columns: one array a field. */
type Columns = { [K in keyof Row]: Row[K][] };

export interface RowsAnswer {
  readonly rev: number;
  readonly partial: boolean;
  readonly count: number;
  readonly columns: Partial<Columns>;
}

export type Standing = Pick<
  Row,
  | "id"
  | "screened"
  | "culled"
  | "released"
  | "verdict"
  | "wished"
  | "blocked"
  | "outcome"
  | "authors"
  | "attention"
  | "crop"
>;

/** What the set is like: what the server said last, under what is still on its way to it. */
export interface Table {
  readonly size: number;
  readonly rev: number;
  row(index: number): Row;
  /** what counts and filters need of a row, without making the whole of it */
  standing(index: number): Standing;
  /** of the server alone */
  confirmed(index: number): Row;
  indexOf(photo: number): number | undefined;
  /** is something on its way for it? */
  isPending(index: number): boolean;
  /** @returns indices of the rows that changed */
  merge(answer: RowsAnswer): number[];
  /** Shows what is on its way. @returns indices of the rows that look otherwise than before */
  overlay(entries: readonly Entry[]): number[];
  /** The server has it: it is true from now on, until the rows say more. */
  confirm(entry: Entry, rev: number): void;
}

/** A figure for each band a person may choose, from the middle of it. */
export const BAND_POINTS = [
  ["Very Low", 3],
  ["Low", 5],
  ["Average", 6],
  ["Good", 7],
  ["Top", 8.75],
] as const;

export function tableOf(first: RowsAnswer): Table {
  // Only what the server drew comes back from it, so its columns are believed as they are.
  const columns = first.columns as Columns;
  const ids = columns.id ?? [];
  const names = Object.keys(columns) as (keyof Row)[];
  const indices = new Map(ids.map((id, i) => [id, i]));
  let { rev } = first;
  let pending = new Map<number, Partial<Row>>();

  const beforeIt = (index: number): Before => ({
    flaws: columns.flaws[index] ?? [],
    edited: pending.get(index)?.edited ?? columns.edited[index] ?? [],
  });
  const confirmed = (index: number): Row =>
    Object.fromEntries(names.map((name) => [name, columns[name][index]])) as unknown as Row;
  const write = (index: number, values: Partial<Row>): void => {
    for (const [name, value] of Object.entries(values)) (columns[name as keyof Row] as unknown[])[index] = value;
  };

  return {
    get size() {
      return ids.length;
    },
    get rev() {
      return rev;
    },
    confirmed,
    row: (index) => ({ ...confirmed(index), ...pending.get(index) }),
    standing(index) {
      const own = pending.get(index);
      return {
        id: ids[index] ?? 0,
        screened: columns.screened[index] ?? null,
        culled: columns.culled[index] ?? null,
        released: columns.released[index] ?? false,
        verdict: (own !== undefined && "verdict" in own ? own.verdict : columns.verdict[index]) ?? null,
        wished: own?.wished ?? columns.wished[index] ?? false,
        blocked: own?.blocked ?? columns.blocked[index] ?? false,
        outcome: columns.outcome[index] ?? null,
        authors: columns.authors[index] ?? null,
        attention: columns.attention[index] ?? null,
        crop: (own !== undefined && "crop" in own ? own.crop : columns.crop[index]) ?? null,
      };
    },
    indexOf: (photo) => indices.get(photo),
    isPending: (index) => pending.has(index),
    merge(answer) {
      rev = answer.rev;
      const changed = (answer.columns.id ?? []).map((id, i): [number, number] => {
        // Files that came late have joined the set.
        const index = indices.get(id) ?? ids.length;
        if (index === ids.length) ids.push(id);
        indices.set(id, index);
        return [index, i];
      });
      for (const [index, i] of changed) {
        // Read before the server took our op, and here after its answer: the op would be undone on the screen until the next.
        if ((answer.columns.rev?.[i] ?? 0) < (columns.rev[index] ?? 0)) continue;
        write(index, Object.fromEntries(names.map((name) => [name, answer.columns[name]?.[i]])));
      }
      return changed.map(([index]) => index);
    },
    overlay(entries) {
      const before = pending;
      pending = new Map();
      for (const entry of entries) {
        const index = indices.get(entry.op.photo);
        if (index !== undefined) pending.set(index, { ...pending.get(index), ...valuesOf(entry, beforeIt(index)) });
      }
      const either = new Set([...before.keys(), ...pending.keys()]);
      return [...either].filter((index) => !isSame(before.get(index), pending.get(index)));
    },
    confirm(entry, newRev) {
      const index = indices.get(entry.op.photo);
      if (index !== undefined) write(index, { ...valuesOf(entry, beforeIt(index)), rev: newRev });
    },
  };
}

type Before = Pick<Row, "flaws" | "edited">;

/**
 * What an op makes of a row. What the machine said before an edit is known to the server alone: clearing shows on its answer;
 * and so is what the rules say of edited words.
 */
function valuesOf({ op: { field, to } }: Entry, { flaws, edited }: Before): Partial<Row> {
  if (field === "verdict") return { verdict: isVerdict(to) ? to : null, wished: to === "wished" };
  // What is left of its groups is the server's to say; nothing that is published has changed.
  if (field === "distinct" || field === "keeper" || field === "recheck") return {};
  if (field === "reason") return { reason: typeof to === "string" ? to : null };
  if (field === "overruled") {
    // Made by this page, so that it is believed as it is.
    const overruled = (to ?? []) as Row["overruled"];
    return { overruled, blocked: blockersIn(flaws, overruled).length > 0, verdict: null };
  }
  // The machine never crops by itself: without a person's crop there is none.
  if (field === "crop") return { crop: to as Row["crop"], verdict: null };
  // An edit voids an approval.
  if (to === null) return { verdict: null };
  const touched = [...new Set([...edited, field])];
  if (field === "qr") {
    const band = BAND_POINTS.find(([, points]) => points === to)?.[0];
    return { qr: Number(to), verdict: null, edited: touched, partial: false, ...(band === undefined ? {} : { band }) };
  }
  return { [field]: to, verdict: null, edited: touched };
}

/** What an approval is of, as the server would store it: the words, the figure and the crop. */
export const wordsOf = (row: Row): string =>
  JSON.stringify([
    row.name,
    plainText(row.caption ?? ""),
    plainText(row.altText ?? ""),
    row.keywords.map(plainText),
    plainText(row.subject ?? ""),
    plainText(row.location ?? ""),
    row.qr,
    row.crop && [row.crop.x, row.crop.y, row.crop.width, row.crop.height],
  ]);

/** Thousands may be on their way, of which each answer settles some. */
function isSame(one: Partial<Row> | undefined, other: Partial<Row> | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  const names = Object.keys(one) as (keyof Row)[];
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}

const isVerdict = (value: unknown): value is Verdict =>
  typeof value === "string" && Object.hasOwn(VERDICT_LABELS, value);

/** Somebody has to say which of them goes. */
export const ONE_OF_SEVERAL = "one of several";

/** Why a photo wants a closer look, besides being blocked, what weighs most first; empty if nothing does. */
export function attentionOf(row: Row): string[] {
  if (row.hash === null && !row.released) return [];
  const trouble = troubleOf(row);
  const isOneOfSeveral = row.verdict === null && row.alike.groups.some(({ keeper }) => keeper !== null);
  const word = row.blocked ? null : attentionWord(row.attention);
  return [
    ...(word === null ? [] : [word]),
    ...(row.revises === null ? [] : [`new version of ${row.revises}`]),
    ...(trouble === undefined ? [] : [trouble]),
    ...(isOneOfSeveral ? [ONE_OF_SEVERAL] : []),
    ...(plainText(row.caption ?? "") === "" ? ["no caption"] : []),
    ...(row.missing.length === 0 ? [] : [`no ${row.missing.join(" or ")}`]),
    ...(row.band === "Low" || row.band === "Very Low" ? [`${row.band.toLowerCase()} quality`] : []),
  ];
}

/** How soon the next key of attention goes to it, the smaller the sooner; undefined where nothing speaks for a closer look. */
export function attentionWeight(row: Row): number | undefined {
  if (row.blocked) return 0;
  if (sweepOf(row) === "repaired") return 1;
  if (row.band === "Low" || row.band === "Very Low") return 2;
  return attentionOf(row).length > 0 ? 3 : undefined;
}

export const isOpen = (row: Standing): boolean => row.culled === null && !row.released;
export const isUndecided = (row: Standing): boolean => isOpen(row) && row.verdict === null && !row.wished;
export const isWished = (row: Standing): boolean => isOpen(row) && row.wished;
