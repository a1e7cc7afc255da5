import type { SourceFile } from "../domain/photo.ts";
import type { Millis, PhotoId, SetId } from "../domain/words.ts";
import type { Database } from "./database.ts";
import type { Journal } from "./journal.ts";
import { RETURNS } from "./taking.ts";

/** A file of an inbox that is no photo of a set, and why. */
export interface Note {
  readonly path: string;
  readonly bytes: number;
  readonly mtimeMs: Millis;
  readonly code: string;
  readonly why: string;
}

export interface IntakeRow extends Note {
  readonly inbox: string;
  readonly asideFor: string | null;
  /** a person does not want to hear of it */
  readonly ignored: boolean;
  readonly at: Millis;
}

/** Another place where the bytes of a photo lie. */
export interface AliasRow {
  readonly path: string;
  readonly inbox: string;
  readonly photo: PhotoId;
  readonly set: SetId;
  readonly source: string;
  readonly verdict: string | null;
  readonly cull: string | null;
}

export interface MissingRow {
  readonly photo: PhotoId;
  readonly set: SetId;
  readonly path: string;
  readonly bytes: number;
  readonly mtimeMs: Millis;
}

export interface Intake {
  /** Is this very file (path, size, time) a photo of a set, another copy of one, or set aside after a rollback? */
  isTaken(file: Pick<SourceFile, "path" | "bytes" | "mtimeMs">): boolean;
  /** Replaces what was noted about an inbox by what its newest listing found. */
  note(inbox: string, notes: readonly Note[], at: Millis): void;
  /** Notes that an inbox itself is away; what was noted about its files stands. */
  noteAway(inbox: string, note: Note, at: Millis): void;
  /** A person does not want to hear of files again, as long as they stay as they are. @returns of how many something is noted */
  ignore(paths: readonly string[], at: Millis): number;
  /** Forgets what was noted of files that are gone from an inbox: copies of photos, files set aside. */
  sweep(inbox: string, isHere: (path: string) => boolean): void;
  /** Copies of photos that lie in the inboxes. */
  aliases(): AliasRow[];
  /**
   * Photos of an inbox, taken in from the volume that is there now and not published, whose file is not there any more,
   * unless a person said that it is gone.
   */
  missing(inbox: string, isHere: (path: string) => boolean): { readonly missing: MissingRow[]; readonly of: number };
  /** A person says that what is missing in an inbox was taken away on purpose. @returns how many files */
  letGo(inbox: string, isHere: (path: string) => boolean, at: Millis): number;
  /** Keeps the files of a rolled-back set from being taken in again by themselves. */
  setAside(set: SetId, at: Millis): void;
  /** Lets the files that were set aside for a set be taken in again. @returns how many */
  startAgain(set: string, at: Millis): number;
  all(): IntakeRow[];
}

export function intakeOn(database: Database, journal: Journal): Intake {
  const isIn = `(c.code is null or c.code not in (${RETURNS.map((code) => `'${code}'`).join(", ")}))`;
  const photo = database.prepare<[string, number, number], { id: number }>(
    `select p.id from photos p left join culls c on c.photo_id = p.id
     where p.source = ? and p.bytes = ? and p.mtime_ms = ? and ${isIn} limit 1`,
  );
  const alias = database.prepare<[string, number, number], { path: string }>(
    `select a.path from aliases a
     left join culls c on c.photo_id = a.photo_id left join verdicts v on v.photo_id = a.photo_id
     where a.path = ? and a.bytes = ? and a.mtime_ms = ? and (${isIn} or v.verdict = 'rejected')`,
  );
  const aside = database.prepare<[string, number, number], { path: string }>(
    "select path from intake where path = ? and bytes = ? and mtime_ms = ? and aside_for is not null",
  );
  const noted = database.prepare<[string], Note>(
    "select path, bytes, mtime_ms mtimeMs, code, why from intake where inbox = ? and aside_for is null",
  );
  const drop = database.prepare<[string]>("delete from intake where path = ? and aside_for is null");
  const put = database.prepare(
    `insert into intake (path, inbox, bytes, mtime_ms, code, why, aside_for, at)
     values (@path, @inbox, @bytes, @mtimeMs, @code, @why, @asideFor, @at)
     on conflict do update set bytes = excluded.bytes, mtime_ms = excluded.mtime_ms, code = excluded.code,
       why = excluded.why, aside_for = excluded.aside_for, at = excluded.at`,
  );
  const sources = database.prepare<[string], { path: string; inbox: string; bytes: number; mtimeMs: number }>(
    "select p.source path, s.inbox, p.bytes, p.mtime_ms mtimeMs from photos p join sets s on s.id = p.set_id where s.id = ?",
  );
  const forget = database.prepare<[string]>("delete from intake where aside_for = ?");
  const all = database.prepare<[], Omit<IntakeRow, "ignored"> & { ignored: number }>(
    `select n.path, n.inbox, n.bytes, n.mtime_ms mtimeMs, n.code, n.why, n.aside_for asideFor, n.at, g.path is not null ignored
     from intake n left join ignored g on g.path = n.path and g.bytes = n.bytes and g.mtime_ms = n.mtime_ms and g.code = n.code
     order by n.path`,
  );

  const putIgnored = database.prepare<[number, string]>(
    `insert into ignored (path, bytes, mtime_ms, code, at) select path, bytes, mtime_ms, code, ? from intake where path = ?
     on conflict do update set bytes = excluded.bytes, mtime_ms = excluded.mtime_ms, code = excluded.code, at = excluded.at`,
  );
  const aliasesIn = database.prepare<[string], { path: string }>("select path from aliases where inbox = ?");
  const dropAlias = database.prepare<[string]>("delete from aliases where path = ?");
  const asideIn = database.prepare<[string], { path: string }>(
    "select path from intake where inbox = ? and aside_for is not null",
  );
  const dropAside = database.prepare<[string]>("delete from intake where path = ?");
  const aliases = database.prepare<[], AliasRow>(
    `select a.path, a.inbox, a.photo_id photo, p.set_id "set", p.source, v.verdict, c.code cull
     from aliases a join photos p on p.id = a.photo_id
     left join verdicts v on v.photo_id = p.id left join culls c on c.photo_id = p.id order by a.path`,
  );
  const originals = database.prepare<[string], MissingRow>(
    `select p.id photo, p.set_id "set", p.source path, p.bytes, p.mtime_ms mtimeMs
     from photos p join sets s on s.id = p.set_id join checkpoints i on i.photo_id = p.id and i.stage = 'ingest'
     where s.inbox = ? and s.volume is (select marker from volumes where inbox = s.inbox)
       and not exists (select 1 from checkpoints u where u.photo_id = p.id and u.stage = 'publish')
       and not exists (select 1 from let_go l where l.photo_id = p.id)`,
  );
  const putGone = database.prepare<[number, number]>(
    "insert into let_go (photo_id, at) values (?, ?) on conflict do nothing",
  );
  const missing: Intake["missing"] = (inbox, isHere) => {
    const missing: MissingRow[] = [];
    let of = 0;
    for (const original of originals.iterate(inbox)) {
      of += 1;
      if (!isHere(original.path)) missing.push(original);
    }
    return { missing, of };
  };

  return {
    missing,
    noteAway(inbox, note, at) {
      put.run({ ...note, inbox, asideFor: null, at });
    },
    ignore: database.transaction((paths: readonly string[], at: Millis) =>
      paths.reduce((sum, path) => sum + putIgnored.run(at, path).changes, 0),
    ).immediate,
    aliases: () => aliases.all(),
    sweep: database.transaction((inbox: string, isHere: (path: string) => boolean) => {
      for (const { path } of aliasesIn.all(inbox)) if (!isHere(path)) dropAlias.run(path);
      for (const { path } of asideIn.all(inbox)) if (!isHere(path)) dropAside.run(path);
    }).immediate,
    letGo: database.transaction((inbox: string, isHere: (path: string) => boolean, at: Millis) => {
      const gone = missing(inbox, isHere).missing;
      for (const { photo, set } of gone) {
        putGone.run(photo, at);
        journal.write(at, { kind: "photo.let-go", set, photo });
      }
      return gone.length;
    }).immediate,
    isTaken({ path, bytes, mtimeMs }) {
      return [photo, alias, aside].some((rows) => rows.get(path, bytes, mtimeMs) !== undefined);
    },
    note: database.transaction((inbox: string, notes: readonly Note[], at: Millis) => {
      const before = new Map(noted.all(inbox).map((note) => [note.path, note]));
      const now = new Map(notes.map((note) => [note.path, note]));
      for (const path of before.keys()) if (!now.has(path)) drop.run(path);
      for (const note of notes) if (!same(before.get(note.path), note)) put.run({ ...note, inbox, asideFor: null, at });
    }).immediate,
    setAside: database.transaction((set: SetId, at: Millis) => {
      for (const file of sources.all(set))
        put.run({ ...file, code: "drop.set-aside", why: `its set ${set} was rolled back`, asideFor: set, at });
    }).immediate,
    startAgain: database.transaction((set: string, at: Millis) => {
      const { changes } = forget.run(set);
      if (changes > 0) journal.write(at, { kind: "set.started-again", set, data: { files: changes } });
      return changes;
    }).immediate,
    all: () => all.all().map((row) => ({ ...row, ignored: row.ignored === 1 })),
  };
}

const same = (a: Note | undefined, b: Note): boolean =>
  a !== undefined && a.bytes === b.bytes && a.mtimeMs === b.mtimeMs && a.code === b.code && a.why === b.why;
