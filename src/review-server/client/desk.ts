import type { Op } from "../../domain/review.ts";
import type { Row } from "../rows.ts";
import { clientOfTab, nextSequence } from "./kept.ts";
import { type Entry, type Outbox, outboxFor, type SaveState } from "./outbox.ts";
import { get, post, Refused } from "./server.ts";
import { type RowsAnswer, type Table, tableOf, wordsOf } from "./table.ts";

export interface DeskHost {
  /** rows to draw anew */
  changed(indices: readonly number[]): void;
  refused(row: Row, entry: Entry, why: string, code?: string): void;
  saved(state: SaveState): void;
  /** the set is not there any more */
  gone(): void;
  /** photos of the set are another one now, and what is on the screen is of before */
  split(): void;
  /** photos were given a value, or lost it */
  putting(rows: readonly Row[], field: Op["field"], to: unknown): void;
  /** an approval by screen is about to go out: what was seen goes first. @throws Unreachable, Refused */
  screened(): Promise<void>;
}

/** One person's work on one set: decisions and edits, at once on the screen and soon on the server. */
export interface Desk {
  readonly table: Table;
  /** Everything inside is one gesture, and undone together. */
  gesture(work: () => void): void;
  put(row: Row, field: Op["field"], to: unknown): void;
  /** Are the flaws of this photo those of the words on the screen? What is on its way, the server judges. */
  isJudged(photo: number): boolean;
  /** the same for many photos: one gesture */
  putAll(rows: readonly Row[], field: Op["field"], to: unknown): void;
  /** another value for each: one gesture */
  putEach(changes: readonly (readonly [row: Row, to: unknown])[], field: Op["field"]): void;
  /** approves photos because they were seen on one screen: one gesture, which the server checks */
  approveScreen(rows: readonly Row[]): void;
  /** @returns the photos it touched; undefined if the server could not be asked. @throws Refused */
  turn(way: "undo" | "redo"): Promise<readonly number[] | undefined>;
  refresh(): Promise<void>;
  flush(): Promise<boolean>;
  leave(): void;
}

export async function deskFor(set: string, host: DeskHost): Promise<Desk> {
  const address = `/api/sets/${encodeURIComponent(set)}`;
  const client = clientOfTab();
  const table = tableOf(await get<RowsAnswer>(`${address}/rows`));
  let gesture: string | undefined;
  /** the server has their words, and we not yet what it makes of them */
  const unjudged = new Set<number>();

  const redraw = (indices: readonly number[]): void => host.changed([...new Set([...indices, ...overlaid()])]);
  const overlaid = (): number[] => table.overlay(outbox.entries);

  const fetchRows = async (): Promise<void> => {
    try {
      const answer = await get<RowsAnswer>(`${address}/rows?since=${table.rev}`);
      for (const photo of answer.columns.id ?? []) unjudged.delete(photo);
      redraw(table.merge(answer));
    } catch (failure) {
      if (!(failure instanceof Refused)) throw failure;
      if (failure.code === "set.split") host.split();
      else if (failure.status === 404) host.gone();
      else throw failure;
    }
  };
  const refresh = oneAtATime(fetchRows);

  const outbox: Outbox = outboxFor(set, client, {
    refresh,
    hashOf(photo, shown) {
      const index = table.indexOf(photo);
      const row = index === undefined ? undefined : table.confirmed(index);
      return row !== undefined && wordsOf(row) === shown ? row.hash : null;
    },
    taken(entries) {
      for (const [entry, rev] of entries) {
        table.confirm(entry, rev);
        if (entry.op.field !== "verdict") unjudged.add(entry.op.photo);
      }
      redraw([]);
    },
    refused(entry, why, code) {
      const index = table.indexOf(entry.op.photo);
      if (index === undefined) return;
      redraw([index]);
      host.refused(table.row(index), entry, why, code);
    },
    changed: host.saved,
    screened: host.screened,
  });
  table.overlay(outbox.entries);

  /** photos of which words are on their way */
  const moving = (): ReadonlySet<number> =>
    new Set(outbox.entries.flatMap(({ op }) => (op.field === "verdict" ? [] : op.photo)));

  /** An approval is of what was on the screen: by its hash, or by its words while they are on their way. */
  const entryOf = (row: Row, op: Op, isMoving: boolean): Entry => {
    if (op.field !== "verdict" || op.to !== "approved") return { op };
    const isConfirmed = !isMoving && isAsConfirmed(row, table.indexOf(row.id));
    return isConfirmed ? { op: { ...op, seen: row.hash } } : { op, shown: wordsOf(row) };
  };
  /** What nothing is on its way for is bound by its hash, which the server compares. */
  const isAsConfirmed = (row: Row, index: number | undefined): boolean =>
    index !== undefined &&
    ((row.hash !== null && !table.isPending(index)) || wordsOf(table.confirmed(index)) === wordsOf(row));

  const putEach = (
    changes: readonly (readonly [row: Row, to: unknown])[],
    field: Op["field"],
    more: Pick<Op, "screen"> = {},
  ): void => {
    const one = gesture ?? crypto.randomUUID();
    const words = moving();
    const entries = changes.map(([row, to]) => {
      const id = crypto.randomUUID();
      const op = { id, client, seq: nextSequence(), gesture: one, photo: row.id, field, to, baseRev: row.rev, ...more };
      return entryOf(row, op, words.has(row.id));
    });
    outbox.add(entries);
    for (const [to, some] of Map.groupBy(changes, ([, to]) => to))
      host.putting(
        some.map(([row]) => row),
        field,
        to,
      );
    redraw([]);
  };

  const putAll: Desk["putAll"] = (rows, field, to) =>
    putEach(
      rows.map((row) => [row, to]),
      field,
    );

  return {
    table,
    gesture(work) {
      // What is a part of a gesture is no gesture of its own.
      if (gesture !== undefined) return work();
      gesture = crypto.randomUUID();
      try {
        work();
      } finally {
        gesture = undefined;
      }
    },
    put: (row, field, to) => putAll([row], field, to),
    isJudged: (photo) => !unjudged.has(photo) && !moving().has(photo),
    putAll,
    putEach: (changes, field) => putEach(changes, field),
    approveScreen: (rows) =>
      putEach(
        rows.map((row) => [row, "approved"]),
        "verdict",
        { screen: true },
      ),
    async turn(way) {
      if (!(await outbox.flush())) return undefined;
      const { photos } = await post<{ photos: number[] }>(`${address}/${way}`, { client });
      await refresh();
      return photos;
    },
    refresh,
    flush: outbox.flush,
    leave: outbox.leave,
  };
}

/** Joins those who ask while it runs into one more run after it: what they know of may have happened since it began. */
function oneAtATime(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  const start = (): Promise<void> => {
    running = work().finally(() => {
      running = undefined;
    });
    return running;
  };
  return () => {
    if (running === undefined) return start();
    next ??= running
      .catch(() => undefined)
      .then(() => {
        next = undefined;
        return start();
      });
    return next;
  };
}
