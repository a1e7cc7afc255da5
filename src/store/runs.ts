import { isStageName, type StageName } from "../domain/facts.ts";
import type { Millis, SetId } from "../domain/words.ts";
import type { Database } from "./database.ts";

/** A set that was under way when the daemon died, and the stage it goes on from. */
export interface Resumed {
  readonly set: SetId;
  readonly from: StageName;
}

export interface Run {
  readonly id: string;
  readonly startedAt: Millis;
  /** null while it runs, and for ever if it was killed */
  readonly endedAt: Millis | null;
  /** the sets this run took up where the one before was killed */
  readonly resumed: readonly Resumed[];
}

export interface Runs {
  /** @returns whether the run before this one was killed, and whether it was of another version */
  begin(id: string, at: Millis, version: string): { readonly unclean: boolean; readonly updated: boolean };
  resumed(id: string, resumed: readonly Resumed[]): void;
  end(id: string, at: Millis): void;
  latest(): Run | undefined;
  knows(id: string): boolean;
}

export function runsOn(database: Database): Runs {
  const put = database.prepare<[string, string, number]>(
    "insert into runs (id, version, started_at, resumed) values (?, ?, ?, '[]')",
  );
  const setResumed = database.prepare<[string, string]>("update runs set resumed = ? where id = ?");
  const finish = database.prepare<[number, string]>("update runs set ended_at = ? where id = ?");
  const newest = database.prepare<
    [],
    { id: string; version: string; started_at: number; ended_at: number | null; resumed: string }
  >("select * from runs order by started_at desc, rowid desc limit 1");

  const byId = database.prepare<[string], { id: string }>("select id from runs where id = ?");

  return {
    begin: database.transaction((id: string, at: Millis, version: string) => {
      const before = newest.get();
      put.run(id, version, at);
      return {
        unclean: before !== undefined && before.ended_at === null,
        updated: before !== undefined && before.version !== version,
      };
    }).immediate,
    resumed: (id, resumed) => {
      setResumed.run(JSON.stringify(resumed), id);
    },
    end: (id, at) => {
      finish.run(at, id);
    },
    knows: (id) => byId.get(id) !== undefined,
    latest() {
      const row = newest.get();
      return row && { id: row.id, startedAt: row.started_at, endedAt: row.ended_at, resumed: readResumed(row.resumed) };
    },
  };
}

function readResumed(json: string): Resumed[] {
  const rows: { set: string; from: string }[] = JSON.parse(json);
  return rows.flatMap(({ set, from }) => (isStageName(from) ? [{ set, from }] : []));
}
