import type { Look } from "../domain/review.ts";
import type { Millis, PhotoId, SetId } from "../domain/words.ts";
import type { Database } from "./database.ts";

/** How a photo was looked at as it stands; null for not at all. */
export type Looked = "seen" | "opened" | null;
/** Was its approval given to a whole screen, and has it been looked at a second time? */
export type Screened = "once" | "again" | null;

/** What people have looked at. Not in the journal: it is no decision, and there is far too much of it. */
export interface Looks {
  /** Photos of other sets, and such as are gone, are passed over. */
  note(set: SetId, looks: readonly Look[], at: Millis): void;
  isSeen(photo: PhotoId, hash: string): boolean;
  /** of the photos of a set (or only these), how each hash of theirs was looked at */
  of(set: SetId, only?: ReadonlySet<PhotoId>): (photo: PhotoId, hash: string | undefined) => Looked;
  /** @param hash what was approved with its whole screen; null for an approval of this photo alone */
  setScreened(photo: PhotoId, hash: string | null): void;
  /** of the photos of a set (or only these), given the hash of the approval that stands */
  screened(set: SetId, only?: ReadonlySet<PhotoId>): (photo: PhotoId, approved: string | null) => Screened;
  /** what the second look found; null where there was none */
  recheck(photo: PhotoId): "kept" | "missed" | null;
  setRecheck(photo: PhotoId, found: "kept" | "missed" | null, at: Millis): void;
  /** of the latest second looks, in all sets */
  found(most: number): { readonly looked: number; readonly misses: number };
}

interface SeenRow {
  readonly photo: PhotoId;
  readonly hash: string;
  readonly opened: number;
}

export function looksOn(database: Database): Looks {
  const put = database.prepare<{
    photo: number;
    set: string;
    hash: string;
    at: number;
    opened: number | null;
    dwell: number;
  }>(
    `insert into seen (photo_id, hash, seen_at, opened_at, dwell_ms)
     select id, @hash, @at, @opened, @dwell from photos where id = @photo and set_id = @set
     on conflict do update set opened_at = coalesce(opened_at, excluded.opened_at), dwell_ms = dwell_ms + excluded.dwell_ms`,
  );
  const one = database.prepare<[number, string], { photo: number }>(
    "select photo_id photo from seen where photo_id = ? and hash = ?",
  );
  const ofPhoto = database.prepare<[number], SeenRow>(
    "select photo_id photo, hash, opened_at is not null opened from seen where photo_id = ?",
  );
  const ofSet = database.prepare<[string], SeenRow>(
    `select s.photo_id photo, s.hash, s.opened_at is not null opened
     from photos p join seen s on s.photo_id = p.id where p.set_id = ?`,
  );
  const putScreened = database.prepare<[number, string]>("replace into screened (photo_id, hash) values (?, ?)");
  const dropScreened = database.prepare<[number]>("delete from screened where photo_id = ?");
  const screenedOf = database.prepare<[string], { photo: PhotoId; hash: string }>(
    "select s.photo_id photo, s.hash from photos p join screened s on s.photo_id = p.id where p.set_id = ?",
  );
  const screenedOne = database.prepare<[number], { photo: PhotoId; hash: string }>(
    "select photo_id photo, hash from screened where photo_id = ?",
  );
  const recheckOf = database.prepare<[number], { kept: number }>("select kept from rechecks where photo_id = ?");
  const rechecksOf = database
    .prepare<[string], PhotoId>(
      "select r.photo_id from photos p join rechecks r on r.photo_id = p.id where p.set_id = ?",
    )
    .pluck();
  const putRecheck = database.prepare<[number, number, number]>(
    "replace into rechecks (photo_id, kept, at) values (?, ?, ?)",
  );
  const dropRecheck = database.prepare<[number]>("delete from rechecks where photo_id = ?");
  const latest = database.prepare<[number], { looked: number; misses: number }>(
    `select count(*) looked, coalesce(sum(1 - kept), 0) misses
     from (select kept from rechecks order by at desc, photo_id desc limit ?)`,
  );

  return {
    note: database.transaction((set: SetId, looks: readonly Look[], at: Millis) => {
      for (const { photo, hash, opened, dwellMs } of looks)
        put.run({ photo, set, hash, at, opened: opened ? at : null, dwell: dwellMs });
    }).immediate,
    isSeen: (photo, hash) => one.get(photo, hash) !== undefined,
    of(set, only) {
      const rows = only === undefined ? ofSet.all(set) : [...only].flatMap((photo) => ofPhoto.all(photo));
      const known = new Map(rows.map(({ photo, hash, opened }) => [`${photo} ${hash}`, opened === 1]));
      return (photo, hash) => {
        const opened = known.get(`${photo} ${hash}`);
        return opened === undefined ? null : opened ? "opened" : "seen";
      };
    },
    setScreened(photo, hash) {
      if (hash === null) dropScreened.run(photo);
      else putScreened.run(photo, hash);
    },
    screened(set, only) {
      const rows = only === undefined ? screenedOf.all(set) : [...only].flatMap((photo) => screenedOne.all(photo));
      const hashes = new Map(rows.map(({ photo, hash }) => [photo, hash]));
      const again = new Set(
        only === undefined ? rechecksOf.all(set) : [...only].filter((photo) => recheckOf.get(photo) !== undefined),
      );
      return (photo, approved) => {
        if (again.has(photo)) return "again";
        return approved !== null && hashes.get(photo) === approved ? "once" : null;
      };
    },
    recheck(photo) {
      const row = recheckOf.get(photo);
      return row === undefined ? null : row.kept === 1 ? "kept" : "missed";
    },
    setRecheck(photo, found, at) {
      if (found === null) dropRecheck.run(photo);
      else putRecheck.run(photo, found === "kept" ? 1 : 0, at);
    },
    found: (most) => latest.get(most) ?? { looked: 0, misses: 0 },
  };
}
