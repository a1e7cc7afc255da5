import type { Sitting } from "../domain/sitting.ts";
import type { Millis, SetId } from "../domain/words.ts";
import type { Database } from "./database.ts";

export interface SittingLine extends Sitting {
  readonly set: SetId;
  readonly beganAt: Millis;
  readonly lastAt: Millis;
}

/** How reviews went: figures alone, on this machine alone. */
export interface Sittings {
  /** Puts the newest figures of a sitting in place of those before. */
  note(set: SetId, sitting: Sitting, at: Millis): void;
  /** the latest last */
  all(): SittingLine[];
}

export function sittingsOn(database: Database): Sittings {
  const put = database.prepare<Sitting & { set: string; at: number }>(
    `insert into sittings (id, set_id, began_at, last_at, decided, accepted, keys, clicks, undos, active_ms, median_ms, p90_ms)
     values (@id, @set, @at, @at, @decided, @accepted, @keys, @clicks, @undos, @activeMs, @medianMs, @p90Ms)
     on conflict do update set last_at = excluded.last_at, decided = excluded.decided, accepted = excluded.accepted,
       keys = excluded.keys, clicks = excluded.clicks, undos = excluded.undos, active_ms = excluded.active_ms,
       median_ms = excluded.median_ms, p90_ms = excluded.p90_ms`,
  );
  const all = database.prepare<[], SittingLine>(
    `select id, set_id "set", began_at beganAt, last_at lastAt, decided, accepted, keys, clicks, undos, active_ms activeMs,
       median_ms medianMs, p90_ms p90Ms
     from sittings order by began_at, id`,
  );
  return {
    note: (set, sitting, at) => {
      put.run({ ...sitting, set, at });
    },
    all: () => all.all(),
  };
}
