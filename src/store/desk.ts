import { createHash } from "node:crypto";
import type { Final } from "../domain/facts.ts";
import { Fault } from "../domain/fault.ts";
import type { LoadedPhoto } from "../domain/photo.ts";
import {
  approvalText,
  type DeskState,
  EDIT_FIELDS,
  type EditField,
  finalOf,
  isEditField,
  isVerdict,
  type Op,
  type OpResult,
  readEdits,
  standingVerdict,
  type Verdict,
} from "../domain/review.ts";
import type { Millis, PhotoId, SetId } from "../domain/words.ts";
import type { Database } from "./database.ts";
import type { Journal } from "./journal.ts";
import type { Names } from "./names.ts";
import type { Sets } from "./sets.ts";

/** Who decides: `page`, `cli`. Written into the history. */
export interface Hand {
  readonly by: string;
  readonly at: Millis;
}

/** A photo as the page shows it: facts, edits, verdict as it stands, and the hash of what would be published. */
export interface DeskPhoto {
  readonly photo: LoadedPhoto;
  readonly state: DeskState;
  readonly final: Final | undefined;
  readonly hash: string | undefined;
  readonly verdict: Verdict | null;
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

export interface Desk {
  photos(set: SetId): DeskPhoto[];
  /** One transaction a batch; an op that was already taken is answered again, not done again. */
  apply(set: SetId, ops: readonly Op[], hand: Hand): OpResult[];
  /** Takes back the last gesture of this client in this set. @returns the photos it touched */
  undo(set: SetId, client: string, hand: Hand): PhotoId[];
  redo(set: SetId, client: string, hand: Hand): PhotoId[];
  history(set: SetId, most: number): GestureLine[];
  /** grows with everything that changes about the set */
  revision(set: SetId): number;
  /** photos of which anything changed after a revision */
  touchedSince(set: SetId, revision: number): ReadonlySet<PhotoId>;
}

/** The value of a field as ops keep it: a verdict with its hash, or an edit; null for none. */
type Value = unknown;

export function deskOn(database: Database, journal: Journal, names: Names, sets: Sets): Desk {
  const verdictOf = database.prepare<[number], { verdict: string; hash: string | null; at: number }>(
    "select verdict, hash, at from verdicts where photo_id = ?",
  );
  const verdictsOf = database.prepare<[string], { photo_id: number; verdict: string; hash: string | null; at: number }>(
    "select v.photo_id, v.verdict, v.hash, v.at from verdicts v join photos p on p.id = v.photo_id where p.set_id = ?",
  );
  const editsOf = database.prepare<[string], { photo_id: number; field: string; value: string }>(
    "select e.photo_id, e.field, e.value from edits e join photos p on p.id = e.photo_id where p.set_id = ?",
  );
  const editsOfPhoto = database.prepare<[number], { field: string; value: string }>(
    "select field, value from edits where photo_id = ?",
  );
  const editOf = database.prepare<[number, string], { value: string }>(
    "select value from edits where photo_id = ? and field = ?",
  );
  const revsOf = database.prepare<[string], { photo_id: number; rev: number }>(
    "select photo_id, max(rev) rev from ops where set_id = ? group by photo_id",
  );
  const revOf = database.prepare<[number], { rev: number | null }>("select max(rev) rev from ops where photo_id = ?");
  const fieldRev = database.prepare<[number, string], { rev: number | null }>(
    "select max(rev) rev from ops where photo_id = ? and field = ?",
  );
  const setRev = database.prepare<[string], { rev: number | null }>(
    "select max(seq) rev from journal where set_id = ?",
  );
  const touched = database
    .prepare<[string, number], number>(
      "select distinct photo_id from journal where set_id = ? and seq > ? and photo_id is not null",
    )
    .pluck();
  const known = database.prepare<[string, string, number], { rev: number }>(
    "select rev from ops where id = ? or (client = ? and client_seq = ?)",
  );
  const putVerdict = database.prepare<[number, string, string | null, number]>(
    `insert into verdicts (photo_id, verdict, hash, at) values (?, ?, ?, ?)
     on conflict do update set verdict = excluded.verdict, hash = excluded.hash, at = excluded.at`,
  );
  const dropVerdict = database.prepare<[number]>("delete from verdicts where photo_id = ?");
  const putEdit = database.prepare<[number, string, string]>(
    "insert into edits (photo_id, field, value) values (?, ?, ?) on conflict do update set value = excluded.value",
  );
  const dropEdit = database.prepare<[number, string]>("delete from edits where photo_id = ? and field = ?");
  const putGesture = database.prepare<[string, string, string, string, number]>(
    "insert into gestures (id, set_id, client, by, at) values (?, ?, ?, ?, ?) on conflict do nothing",
  );
  const putOp = database.prepare(
    `insert into ops (id, client, client_seq, gesture, set_id, photo_id, field, before, after, rev)
     values (@id, @client, @seq, @gesture, @set, @photo, @field, @before, @after, @rev)`,
  );
  const opsOfGesture = database.prepare<
    [string],
    { sequence: number; photo_id: number; field: string; before: string; after: string }
  >("select sequence, photo_id, field, before, after from ops where gesture = ? order by sequence");
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

  const readVerdict = (photo: PhotoId): Value => {
    const row = verdictOf.get(photo);
    return row === undefined ? null : { verdict: row.verdict, hash: row.hash };
  };
  const readField = (photo: PhotoId, field: string): Value => {
    if (field === "verdict") return readVerdict(photo);
    const row = editOf.get(photo, field);
    return row === undefined ? null : JSON.parse(row.value);
  };

  const writeField = (photo: PhotoId, field: string, value: Value, at: Millis): void => {
    if (field === "verdict") writeVerdict(photo, value, at);
    else writeEdit(photo, field, value);
  };
  const writeVerdict = (photo: PhotoId, value: Value, at: Millis): void => {
    if (value === null || typeof value !== "object" || !("verdict" in value) || !isVerdict(value.verdict)) {
      dropVerdict.run(photo);
      return;
    }
    const hash = "hash" in value && typeof value.hash === "string" ? value.hash : null;
    putVerdict.run(photo, value.verdict, hash, at);
  };
  const writeEdit = (photo: PhotoId, field: string, value: Value): void => {
    if (field === "name") {
      const name = typeof value === "string" ? value : sets.photo(photo)?.facts.name?.name;
      if (name !== undefined) names.rename(photo, name);
    }
    if (value === null) dropEdit.run(photo, field);
    else putEdit.run(photo, field, JSON.stringify(value));
  };

  const nextRev = (photo: PhotoId): number => (revOf.get(photo)?.rev ?? 0) + 1;
  const record = (
    set: SetId,
    op: Pick<Op, "id" | "client" | "seq" | "gesture" | "photo" | "field">,
    before: Value,
    after: Value,
    hand: Hand,
  ): number => {
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
    journal.write(hand.at, {
      kind: op.field === "verdict" ? "review.verdict" : "review.edit",
      set,
      photo: op.photo,
      data: { by: hand.by, field: op.field, before, after, op: op.id },
    });
    return rev;
  };

  /** An approval is of what was seen: any edit afterwards voids it, as a part of the same gesture. */
  const voidApproval = (set: SetId, op: Op, hand: Hand): void => {
    const before = verdictOf.get(op.photo);
    if (before?.verdict !== "approved") return;
    dropVerdict.run(op.photo);
    // A client of its own leaves the window's counter alone and keeps (client, seq) unique.
    record(
      set,
      { ...op, id: `${op.id}.void`, client: `${op.client}.void`, field: "verdict" },
      { verdict: "approved", hash: before.hash },
      null,
      hand,
    );
  };

  const stateOf = (
    photo: PhotoId,
    rev: number,
    verdict: { verdict: string; hash: string | null; at: number } | undefined,
    edits: Readonly<Record<string, unknown>>,
  ): DeskState => ({
    photo,
    rev,
    verdict: isVerdict(verdict?.verdict) ? verdict.verdict : null,
    approvedHash: verdict?.hash ?? null,
    decidedAt: verdict?.at ?? null,
    edits: readEdits(edits),
  });

  const deskPhoto = (photo: LoadedPhoto, state: DeskState): DeskPhoto => {
    const final = finalOf(photo, state.edits);
    const hash = final && photo.facts.ingest && hashOf(approvalText(photo.facts.ingest.sha256, final));
    return { photo, state, final, hash, verdict: standingVerdict(state, hash) };
  };

  const loadOne = (photo: PhotoId): DeskPhoto | undefined => {
    const loaded = sets.photo(photo);
    const edits = Object.fromEntries(editsOfPhoto.all(photo).map(({ field, value }) => [field, JSON.parse(value)]));
    return loaded && deskPhoto(loaded, stateOf(photo, revOf.get(photo)?.rev ?? 0, verdictOf.get(photo), edits));
  };

  const one = (set: SetId, op: Op, hand: Hand): OpResult => {
    const before = known.get(op.id, op.client, op.seq);
    if (before !== undefined) return { id: op.id, ok: true, rev: before.rev };
    const shown = loadOne(op.photo);
    try {
      if (shown === undefined || shown.photo.setId !== set)
        throw new Fault("review.unknown-photo", `no photo ${op.photo} in set ${set}`);
      if (shown.photo.facts.review !== undefined)
        throw new Fault("review.published", `${shown.final?.name ?? op.photo} is released`);
      const after =
        op.field === "verdict" ? wantedVerdict(op, shown) : wantedEdit(op, fieldRev.get(op.photo, op.field)?.rev ?? 0);
      const was = readField(op.photo, op.field);
      writeField(op.photo, op.field, after, hand.at);
      if (putGesture.run(op.gesture, set, op.client, hand.by, hand.at).changes > 0) endRedo.run(set, op.client);
      const rev = record(set, op, was, after, hand);
      if (op.field !== "verdict") voidApproval(set, op, hand);
      return { id: op.id, ok: true, rev: Math.max(rev, revOf.get(op.photo)?.rev ?? rev) };
    } catch (failure) {
      if (!(failure instanceof Fault)) throw failure;
      const current = shown === undefined ? null : readField(op.photo, op.field);
      return { id: op.id, ok: false, code: failure.code, message: failure.message, remedy: failure.remedy, current };
    }
  };

  /** Writes a gesture's `before` (or, redone, its `after`) back, where nobody has changed the field since. */
  const replay = (set: SetId, gesture: string, side: "before" | "after", hand: Hand): PhotoId[] => {
    const ops = opsOfGesture.all(gesture);
    const ordered = side === "before" ? ops.reverse() : ops;
    const touched = new Set<PhotoId>();
    for (const op of ordered) {
      if (sets.photo(op.photo_id)?.facts.review !== undefined)
        throw new Fault("review.published", "a photo of this gesture is released; it cannot be undone any more");
      const left = side === "before" ? op.after : op.before;
      if (JSON.stringify(readField(op.photo_id, op.field)) !== left) continue;
      writeField(op.photo_id, op.field, JSON.parse(op[side]), hand.at);
      bumpRev.run(nextRev(op.photo_id), op.sequence);
      touched.add(op.photo_id);
      journal.write(hand.at, {
        kind: side === "before" ? "review.undone" : "review.redone",
        set,
        photo: op.photo_id,
        data: { by: hand.by, gesture, field: op.field, to: JSON.parse(op[side]) },
      });
    }
    for (const photo of touched) dropStaleApproval(photo);
    return [...touched];
  };

  const dropStaleApproval = (photo: PhotoId): void => {
    const now = loadOne(photo);
    if (now?.state.verdict === "approved" && now.verdict === null) dropVerdict.run(photo);
  };

  return {
    photos(set) {
      const verdicts = new Map(verdictsOf.all(set).map((row) => [row.photo_id, row]));
      const revs = new Map(revsOf.all(set).map((row) => [row.photo_id, row.rev]));
      const edits = Map.groupBy(editsOf.iterate(set), (row) => row.photo_id);
      return sets.photos(set).map((photo) => {
        const own = Object.fromEntries(
          (edits.get(photo.id) ?? []).map(({ field, value }) => [field, JSON.parse(value)]),
        );
        return deskPhoto(photo, stateOf(photo.id, revs.get(photo.id) ?? 0, verdicts.get(photo.id), own));
      });
    },
    apply: database.transaction((set: SetId, ops: readonly Op[], hand: Hand) => ops.map((op) => one(set, op, hand)))
      .immediate,
    undo: database.transaction((set: SetId, client: string, hand: Hand) => {
      const gesture = lastDone.get(set, client);
      if (gesture === undefined) return [];
      const photos = replay(set, gesture.id, "before", hand);
      putUndone.run(gesture.id);
      return photos;
    }).immediate,
    redo: database.transaction((set: SetId, client: string, hand: Hand) => {
      const gesture = lastUndone.get(set, client);
      if (gesture === undefined) return [];
      dropUndone.run(gesture.id);
      return replay(set, gesture.id, "after", hand);
    }).immediate,
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
    revision: (set) => setRev.get(set)?.rev ?? 0,
    touchedSince: (set, revision) => new Set(touched.all(set, revision)),
  };
}

/** @throws Fault review.not-ready, review.stale, review.invalid-value */
function wantedVerdict(op: Op, shown: DeskPhoto): Value {
  if (op.to === null) return null;
  if (!isVerdict(op.to)) throw new Fault("review.invalid-value", `${JSON.stringify(op.to)} is no verdict`);
  if (op.to !== "approved") return { verdict: op.to, hash: null };
  if (shown.hash === undefined) throw new Fault("review.not-ready", `photo ${op.photo} is not at the gate yet`);
  if (op.seen != null && op.seen !== shown.hash)
    throw new Fault("review.stale", `photo ${op.photo} is not what was on screen any more`);
  return { verdict: "approved", hash: shown.hash };
}

/** @throws Fault review.stale, review.invalid-value */
function wantedEdit(op: Op, fieldRev: number): Value {
  if (!isEditField(op.field)) throw new Fault("review.invalid-value", `there is no field ${op.field}`);
  if (fieldRev > op.baseRev) throw new Fault("review.stale", `${op.field} was changed in another window meanwhile`);
  return op.to === null ? null : parsed(op.field, op.to);
}

function parsed(field: EditField, value: unknown): Value {
  const read = EDIT_FIELDS[field].safeParse(value);
  if (read.success) return read.data;
  throw new Fault("review.invalid-value", `${field}: ${read.error.issues.map((issue) => issue.message).join("; ")}`);
}

const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex");
