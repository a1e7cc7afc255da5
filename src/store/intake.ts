import type { SourceFile } from "../domain/photo.ts";
import type { Millis, SetId } from "../domain/words.ts";
import type { Database } from "./database.ts";
import type { Journal } from "./journal.ts";

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
  readonly at: Millis;
}

export interface Intake {
  /** Is this very file (path, size, time) a photo of a set, or set aside after a rollback? */
  isTaken(file: Pick<SourceFile, "path" | "bytes" | "mtimeMs">): boolean;
  /** Replaces what was noted about an inbox by what its newest listing found. */
  note(inbox: string, notes: readonly Note[], at: Millis): void;
  /** Keeps the files of a rolled-back set from being taken in again by themselves. */
  setAside(set: SetId, at: Millis): void;
  /** Lets the files that were set aside for a set be taken in again. @returns how many */
  startAgain(set: string, at: Millis): number;
  all(): IntakeRow[];
}

export function intakeOn(database: Database, journal: Journal): Intake {
  const photo = database.prepare<[string, number, number], { id: number }>(
    "select id from photos where source = ? and bytes = ? and mtime_ms = ?",
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
  const all = database.prepare<[], IntakeRow>(
    "select path, inbox, bytes, mtime_ms mtimeMs, code, why, aside_for asideFor, at from intake order by path",
  );

  return {
    isTaken: ({ path, bytes, mtimeMs }) =>
      photo.get(path, bytes, mtimeMs) !== undefined || aside.get(path, bytes, mtimeMs) !== undefined,
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
    all: () => all.all(),
  };
}

const same = (a: Note | undefined, b: Note): boolean =>
  a !== undefined && a.bytes === b.bytes && a.mtimeMs === b.mtimeMs && a.code === b.code && a.why === b.why;
