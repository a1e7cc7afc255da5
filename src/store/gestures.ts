import type { Op } from "../domain/review.ts";
import type { Millis, PhotoId, SetId } from "../domain/words.ts";
import type { Database } from "./database.ts";
import type { Revisions, Value } from "./standing.ts";

/** Who decides: `page`, `cli`. Written into the history. */
export interface Hand {
  readonly by: string;
  readonly at: Millis;
}

export interface GestureLine {
  readonly gesture: string;
  readonly at: Millis;
  readonly by: string;
  readonly client: string;
  readonly undone: boolean;
  readonly ops: readonly {
    readonly photo: PhotoId;
    readonly field: string;
    readonly before: unknown;
    readonly after: unknown;
  }[];
}

/** One op as it was made; `before` and `after` as JSON text, to be compared as they are. */
export interface OpRow {
  readonly sequence: number;
  readonly photo_id: number;
  readonly field: string;
  readonly before: string;
  readonly after: string;
}

/** Every op that was ever taken, in gestures, with what can be undone and redone. */
export interface Gestures extends Revisions {
  /** @returns the revision an op led to, if it was taken before: by its id, or by its client's number */
  taken(op: Pick<Op, "id" | "client" | "seq">): number | undefined;
  revisionOfField(photo: PhotoId, field: string): number;
  /** @returns the photo's new revision */
  record(set: SetId, op: OpKey, before: Value, after: Value, hand: Hand): number;
  ops(gesture: string): OpRow[];
  /** an op that was undone or redone is a change of its photo as well */
  renew(op: OpRow): void;
  lastDone(set: SetId, client: string): string | undefined;
  lastUndone(set: SetId, client: string): string | undefined;
  markUndone(gesture: string): void;
  markRedone(gesture: string): void;
  history(set: SetId, most: number): GestureLine[];
}

export type OpKey = Pick<Op, "id" | "client" | "seq" | "gesture" | "photo" | "field">;

export function gesturesOn(database: Database): Gestures {
  const revsOf = database.prepare<[string], { photo_id: number; rev: number }>(
    // By the set a photo is in now: it may have been split off since.
    "select o.photo_id, max(o.rev) rev from ops o join photos p on p.id = o.photo_id where p.set_id = ? group by o.photo_id",
  );
  const revOf = database.prepare<[number], { rev: number | null }>("select max(rev) rev from ops where photo_id = ?");
  const fieldRev = database.prepare<[number, string], { rev: number | null }>(
    "select max(rev) rev from ops where photo_id = ? and field = ?",
  );
  const known = database.prepare<[string, string, number], { rev: number }>(
    "select rev from ops where id = ? or (client = ? and client_seq = ?)",
  );
  const putGesture = database.prepare<[string, string, string, string, number]>(
    "insert into gestures (id, set_id, client, by, at) values (?, ?, ?, ?, ?) on conflict do nothing",
  );
  const putOp = database.prepare(
    `insert into ops (id, client, client_seq, gesture, set_id, photo_id, field, before, after, rev)
     values (@id, @client, @seq, @gesture, @set, @photo, @field, @before, @after, @rev)`,
  );
  const opsOfGesture = database.prepare<[string], OpRow>(
    "select sequence, photo_id, field, before, after from ops where gesture = ? order by sequence",
  );
  const bumpRev = database.prepare<[number, number]>("update ops set rev = ? where sequence = ?");
  const lastDone = database.prepare<[string, string], { id: string }>(
    `select g.id from gestures g join ops o on o.gesture = g.id
     where g.set_id = ? and g.client = ? and g.id not in (select gesture from undone) order by o.sequence desc limit 1`,
  );
  const lastUndone = database.prepare<[string, string], { id: string }>(
    `select u.gesture id from undone u join gestures g on g.id = u.gesture
     where g.set_id = ? and g.client = ? and u.sequence > 0 order by u.sequence desc limit 1`,
  );
  const putUndone = database.prepare<[string]>(
    "insert into undone (gesture, sequence) values (?, (select coalesce(max(sequence), 0) + 1 from undone))",
  );
  const endRedo = database.prepare<[string, string]>(
    "update undone set sequence = 0 where gesture in (select id from gestures where set_id = ? and client = ?)",
  );
  const dropUndone = database.prepare<[string]>("delete from undone where gesture = ?");
  const gesturesOf = database.prepare<
    [string, number],
    { id: string; client: string; by: string; at: number; undone: number }
  >(
    `select g.id, g.client, g.by, g.at, u.gesture is not null undone from gestures g left join undone u on u.gesture = g.id
     where g.set_id = ? order by g.at desc, g.id desc limit ?`,
  );

  const nextRev = (photo: PhotoId): number => (revOf.get(photo)?.rev ?? 0) + 1;

  return {
    of: (photo) => revOf.get(photo)?.rev ?? 0,
    ofSet: (set) => new Map(revsOf.all(set).map((row) => [row.photo_id, row.rev])),
    taken: ({ id, client, seq }) => known.get(id, client, seq)?.rev,
    revisionOfField: (photo, field) => fieldRev.get(photo, field)?.rev ?? 0,
    record(set, op, before, after, hand) {
      // A new gesture ends the chance to redo what was undone before it.
      if (putGesture.run(op.gesture, set, op.client, hand.by, hand.at).changes > 0) endRedo.run(set, op.client);
      const rev = nextRev(op.photo);
      putOp.run({
        id: op.id,
        client: op.client,
        seq: op.seq,
        gesture: op.gesture,
        set,
        photo: op.photo,
        field: op.field,
        before: JSON.stringify(before),
        after: JSON.stringify(after),
        rev,
      });
      return rev;
    },
    ops: (gesture) => opsOfGesture.all(gesture),
    renew: ({ photo_id, sequence }) => {
      bumpRev.run(nextRev(photo_id), sequence);
    },
    lastDone: (set, client) => lastDone.get(set, client)?.id,
    lastUndone: (set, client) => lastUndone.get(set, client)?.id,
    markUndone: (gesture) => {
      putUndone.run(gesture);
    },
    markRedone: (gesture) => {
      dropUndone.run(gesture);
    },
    history: (set, most) =>
      gesturesOf.all(set, most).map(({ id, client, by, at, undone }) => ({
        gesture: id,
        at,
        by,
        client,
        undone: undone === 1,
        ops: opsOfGesture.all(id).map((op) => ({
          photo: op.photo_id,
          field: op.field,
          before: JSON.parse(op.before),
          after: JSON.parse(op.after),
        })),
      })),
  };
}
