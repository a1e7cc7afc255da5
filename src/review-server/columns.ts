import { setImmediate as otherWork } from "node:timers/promises";
import { Fault } from "../domain/fault.ts";
import type { PhotoId, SetId } from "../domain/words.ts";
import type { Store } from "../store/store.ts";
import { type Row, rowMakerFor } from "./rows.ts";

/** Rows that are made in one go, some 20 ms of work: whoever asks for something else waits no longer. */
const SLICE = 100;
/** Columns that are written in one go: of 10,000 rows about as long. */
const COLUMNS = 8;

/** Rows as they all were at one revision of their set. */
export interface RowsAtOnce {
  readonly rev: number;
  /** in the order of the set */
  readonly rows: readonly Row[];
}

/**
 * Rows of a set, made while other requests are answered, and all of one revision in the end: what has changed since the first
 * of them is made again, until so little is left that it takes one go.
 *
 * @param only of these photos, and of those that change meanwhile; of all, if nothing is said
 * @throws Fault set.unknown where the set goes meanwhile
 */
export async function rowsAtOnce(
  store: Store,
  set: SetId,
  only?: ReadonlySet<PhotoId>,
  pause: () => Promise<unknown> = otherWork,
): Promise<RowsAtOnce> {
  const rows = new Map<PhotoId, Row>();
  let rev = store.desk.revision(set);
  let left = only === undefined ? store.sets.first(set, Number.MAX_SAFE_INTEGER) : [...only];
  while (left.length > 0) {
    const make = rowMakerFor(store, set);
    for (let from = 0; from < left.length; from += SLICE) {
      if (from > 0) await pause();
      for (const row of make(new Set(left.slice(from, from + SLICE)))) rows.set(row.id, row);
    }
    // Nothing else ran since the revision was read.
    if (left.length <= SLICE) break;
    await pause();
    if (store.sets.get(set) === undefined) throw new Fault("set.unknown", `no set ${set}`);
    if (store.splits.hasSplitSince(set, rev)) keepOnly(rows, store.sets.first(set, Number.MAX_SAFE_INTEGER));
    left = [...store.desk.touchedSince(set, rev)];
    rev = store.desk.revision(set);
  }
  return { rev, rows: [...rows.values()].sort((a, b) => a.position - b.position) };
}

/** Photos that were split off meanwhile are another set's. */
function keepOnly(rows: Map<PhotoId, Row>, photos: readonly PhotoId[]): void {
  const here = new Set(photos);
  for (const photo of rows.keys()) if (!here.has(photo)) rows.delete(photo);
}

/** Rows as columns of arrays: a third of the bytes, and what the page's grid works on. Empty for no rows. */
export function columnsOf(rows: readonly Row[]): Readonly<Record<string, readonly unknown[]>> {
  const names = Object.keys(rows[0] ?? {}) as (keyof Row)[];
  return Object.fromEntries(names.map((name) => [name, rows.map((row) => row[name])]));
}

/** The columns as JSON, written while other requests are answered. */
export async function columnsText(rows: readonly Row[]): Promise<string> {
  const parts: string[] = [];
  for (const [i, [name, values]] of Object.entries(columnsOf(rows)).entries()) {
    if (rows.length > SLICE && i % COLUMNS === 0) await otherWork();
    parts.push(`${JSON.stringify(name)}:${JSON.stringify(values)}`);
  }
  return `{${parts.join(",")}}`;
}
