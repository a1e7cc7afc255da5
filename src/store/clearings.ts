import { Fault } from "../domain/fault.ts";
import type { Millis, PhotoId, SetId } from "../domain/words.ts";
import type { Database } from "./database.ts";
import type { Journal } from "./journal.ts";

/** What a person wants cleared, and is not yet. */
export interface Clearing {
  /** the originals of published photos go to the archive first */
  readonly moveOriginals: boolean;
  readonly by: string;
  /** of the set's working files when it was asked for */
  readonly bytes: number;
}

/** What clearing a set would free, by what its facts say. */
export interface Clearable {
  /** photos that have a working copy */
  readonly copies: number;
  readonly bytes: number;
  /** of the small previews, which stay */
  readonly keptBytes: number;
}

export interface Clearings {
  /** The intent comes first: killed half-way, the next start finds it and goes on. Asked again, the last wish holds. */
  ask(set: SetId, clearing: Clearing, at: Millis): void;
  asked(set: SetId): Clearing | undefined;
  /** @param bytes that are left of the set's working files */
  finish(set: SetId, bytes: number, at: Millis): void;
  of(set: SetId): { readonly bytes: number; readonly at: Millis } | undefined;
  clearable(set: SetId): Clearable;
  /**
   * @param photos those that are to be worked on; the whole set if undefined
   * @throws Fault set.cleared where there are no working copies to go on with
   */
  assertWhole(set: SetId, photos?: readonly PhotoId[]): void;
  /** Lets a photo of a cleared set be worked on again; what needs its copy is done anew. */
  restore(set: SetId, photo: PhotoId, at: Millis): void;
  /** photos of a set whose working copies were cleared, or are being */
  lost(set: SetId): ReadonlySet<PhotoId>;
}

export function clearingsOn(database: Database, journal: Journal): Clearings {
  const put = database.prepare<[string, number, string, number, number]>(
    `insert into clearings (set_id, move_originals, by, bytes, at) values (?, ?, ?, ?, ?)
     on conflict do update set move_originals = excluded.move_originals, by = excluded.by, at = excluded.at`,
  );
  const get = database.prepare<[string], { move_originals: number; by: string; bytes: number }>(
    "select move_originals, by, bytes from clearings where set_id = ?",
  );
  const drop = database.prepare<[string]>("delete from clearings where set_id = ?");
  const putCleared = database.prepare<[string, number, number]>(
    `insert into cleared (set_id, bytes, at) values (?, ?, ?)
     on conflict do update set bytes = bytes + excluded.bytes, at = excluded.at`,
  );
  const getCleared = database.prepare<[string], { bytes: number; at: Millis }>(
    "select bytes, at from cleared where set_id = ?",
  );
  const clearable = database.prepare<[string], Clearable>(
    `select count(i.facts) copies,
       coalesce(sum(coalesce(json_extract(i.facts, '$.bytes'), 0)
         + (select coalesce(sum(json_extract(value, '$.bytes')), 0) from json_each(i.facts, '$.companions'))
         + coalesce(json_extract(l.facts, '$.previews.large.bytes'), 0)
         + coalesce(json_extract(l.facts, '$.previews.medium.bytes'), 0)
         + coalesce(json_extract(l.facts, '$.previews.model.bytes'), 0)
         + coalesce(json_extract(l.facts, '$.embedded.bytes'), 0)), 0) bytes,
       coalesce(sum(json_extract(l.facts, '$.previews.small.bytes')), 0) keptBytes
     from photos p
     left join checkpoints i on i.photo_id = p.id and i.stage = 'ingest'
     left join checkpoints l on l.photo_id = p.id and l.stage = 'look'
     where p.set_id = ?
       and (not exists (select 1 from cleared d where d.set_id = p.set_id)
         or exists (select 1 from restored r where r.photo_id = p.id))`,
  );
  const putRestored = database.prepare<[number, number]>(
    "insert into restored (photo_id, at) values (?, ?) on conflict do nothing",
  );
  const dropRestored = database.prepare<[string]>(
    "delete from restored where photo_id in (select id from photos where set_id = ?)",
  );
  const unrestored = database
    .prepare<[string], number>(
      `select p.id from photos p where p.set_id = ?
         and not exists (select 1 from restored r where r.photo_id = p.id)`,
    )
    .pluck();
  const isUnrestored = database
    .prepare<[number, string], number>(
      `select 1 from photos p where p.id = ? and p.set_id = ?
         and not exists (select 1 from restored r where r.photo_id = p.id)`,
    )
    .pluck();

  const asked = (set: SetId): Clearing | undefined => {
    const row = get.get(set);
    return row && { moveOriginals: row.move_originals === 1, by: row.by, bytes: row.bytes };
  };
  /** Few sets are: the photos of the others, which may be thousands, need not be looked through. */
  const isTouched = (set: SetId): boolean => get.get(set) !== undefined || getCleared.get(set) !== undefined;

  return {
    ask: database.transaction((set: SetId, { moveOriginals, by, bytes }: Clearing, at: Millis) => {
      put.run(set, moveOriginals ? 1 : 0, by, bytes, at);
      dropRestored.run(set);
      journal.write(at, { kind: "set.clearing", set, data: { by, moveOriginals, bytes } });
    }).immediate,
    asked,
    finish: database.transaction((set: SetId, left: number, at: Millis) => {
      const before = asked(set);
      if (before === undefined) return;
      const freed = Math.max(0, before.bytes - left);
      drop.run(set);
      putCleared.run(set, freed, at);
      journal.write(at, { kind: "set.cleared", set, data: { by: before.by, bytes: freed, left } });
    }).immediate,
    of: (set) => getCleared.get(set),
    clearable: (set) => clearable.get(set) ?? { copies: 0, bytes: 0, keptBytes: 0 },
    lost: (set) => new Set(isTouched(set) ? unrestored.all(set) : []),
    restore: database.transaction((set: SetId, photo: PhotoId, at: Millis) => {
      putRestored.run(photo, at);
      journal.write(at, { kind: "photo.restored", set, photo });
    }).immediate,
    assertWhole(set, photos) {
      if (!isTouched(set)) return;
      if (photos?.every((photo) => isUnrestored.get(photo, set) === undefined)) return;
      if (get.get(set) !== undefined) throw new Fault("set.cleared", `the working copies of ${set} are being cleared`);
      const cleared = getCleared.get(set);
      if (cleared !== undefined)
        throw new Fault(
          "set.cleared",
          `the working copies of ${set} were cleared on ${new Date(cleared.at).toISOString().slice(0, 10)}`,
        );
    },
  };
}
