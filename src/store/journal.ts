import { createHash } from "node:crypto";
import type { Millis, PhotoId, SetId } from "../domain/words.ts";
import type { Database } from "./database.ts";

export interface Entry {
  readonly kind: string;
  readonly set?: SetId | undefined;
  readonly photo?: PhotoId | undefined;
  readonly data?: unknown;
}

export interface JournalLine {
  readonly seq: number;
  readonly at: Millis;
  readonly kind: string;
  readonly set_id: string | null;
  readonly photo_id: number | null;
  readonly data: string;
  readonly prev: string;
  readonly hash: string;
}

export interface Journal {
  /** Adds a line; to be called inside the transaction of the change it tells of. */
  write(at: Millis, entry: Entry): void;
  of(set: SetId): JournalLine[];
  /**
   * What happened to a set, or to one photo of it, the newest first.
   *
   * @param before only lines before this number; from the newest, if nothing is said
   */
  page(set: SetId, about: { readonly photo?: PhotoId; readonly before?: number; readonly most: number }): JournalLine[];
  /** the newest line of a set that fits; undefined if none does */
  newest(set: SetId, fits: (line: JournalLine) => boolean): JournalLine | undefined;
  /** Was there ever a set of this id? */
  knows(set: SetId): boolean;
  /** @returns the number of the first line that was tampered with; undefined if the chain holds */
  brokenAt(): number | undefined;
}

const GENESIS = "0".repeat(64);

/** Every line carries the hash of the one before: a line cannot be changed, dropped or slipped in unseen. */
export function journalOn(database: Database): Journal {
  const last = database.prepare<[], { seq: number; hash: string }>(
    "select seq, hash from journal order by seq desc limit 1",
  );
  const insert = database.prepare<JournalLine>(
    `insert into journal (seq, at, kind, set_id, photo_id, data, prev, hash)
     values (@seq, @at, @kind, @set_id, @photo_id, @data, @prev, @hash)`,
  );
  const ofSet = database.prepare<[string], JournalLine>("select * from journal where set_id = ? order by seq");
  const paged = database.prepare<
    { set: string; photo: number | null; before: number | null; most: number },
    JournalLine
  >(
    `select * from journal where set_id = @set and (@photo is null or photo_id = @photo) and (@before is null or seq < @before)
     order by seq desc limit @most`,
  );
  const newestFirst = database.prepare<[string], JournalLine>(
    "select * from journal where set_id = ? order by seq desc",
  );
  const anyOf = database.prepare<[string], { seq: number }>("select seq from journal where set_id = ? limit 1");
  const all = database.prepare<[], JournalLine>("select * from journal order by seq");

  return {
    write(at, entry) {
      const before = last.get();
      const line = {
        seq: (before?.seq ?? 0) + 1,
        at,
        kind: entry.kind,
        set_id: entry.set ?? null,
        photo_id: entry.photo ?? null,
        data: JSON.stringify(entry.data ?? null),
        prev: before?.hash ?? GENESIS,
      };
      insert.run({ ...line, hash: hashOf(line) });
    },
    of: (set) => ofSet.all(set),
    page: (set, { photo, before, most }) => paged.all({ set, photo: photo ?? null, before: before ?? null, most }),
    newest(set, fits) {
      for (const line of newestFirst.iterate(set)) if (fits(line)) return line;
      return undefined;
    },
    knows: (set) => anyOf.get(set) !== undefined,
    brokenAt() {
      let prev = GENESIS;
      let seq = 0;
      for (const line of all.iterate()) {
        seq += 1;
        if (line.seq !== seq || line.prev !== prev || line.hash !== hashOf(line)) return line.seq;
        prev = line.hash;
      }
      return undefined;
    },
  };
}

const hashOf = (line: Omit<JournalLine, "hash">): string =>
  createHash("sha256")
    .update(JSON.stringify([line.seq, line.at, line.kind, line.set_id, line.photo_id, line.data, line.prev]))
    .digest("hex");
