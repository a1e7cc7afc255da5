import type { Corrected } from "../domain/correction.ts";
import type { WordEvidence } from "../domain/evidence.ts";
import { Fault } from "../domain/fault.ts";
import type { LoadedPhoto } from "../domain/photo.ts";
import type { FoundFlaw } from "../domain/proof.ts";
import type { Judgement } from "../domain/proof-tally.ts";
import {
  CORRECTION,
  DISTINCT,
  EDIT_FIELDS,
  type EditField,
  type Edits,
  isDecision,
  isEditField,
  KEEPER,
  type Op,
  type OpResult,
  OtherPhotosSchema,
  RECHECK,
  RECHECKS,
} from "../domain/review.ts";
import { blockersIn } from "../domain/standing-proof.ts";
import { nameOf } from "../domain/wording-rule.ts";
import { standingEvidence } from "../domain/wording-standing.ts";
import type { Lexicon } from "../domain/wording-text.ts";
import type { Millis, PhotoId, SetId } from "../domain/words.ts";
import type { Clearings } from "./clearings.ts";
import type { Database } from "./database.ts";
import { type GestureLine, gesturesOn, type Hand, type OpKey } from "./gestures.ts";
import type { Journal } from "./journal.ts";
import type { Likenesses } from "./likenesses.ts";
import type { Looks } from "./looks.ts";
import type { Names } from "./names.ts";
import type { Sets } from "./sets.ts";
import { type Decidable, type DeskPhoto, standingOn, type Value } from "./standing.ts";
import { twinsOn } from "./twins.ts";

export interface Desk {
  /** @param only these, in any order; all of them in theirs, if nothing is said */
  photos(set: SetId, only?: ReadonlySet<PhotoId>): DeskPhoto[];
  /**
   * Of each word, keyword and name of a photo as it stands, who vouches for it.
   *
   * @returns null before it has words
   * @throws Fault review.unknown-photo
   */
  evidence(set: SetId, photo: PhotoId): WordEvidence | null;
  /** where the words of each photo stand that has some and is not left out */
  judgements(set: SetId): Judgement[];
  /**
   * A photo as it would be with these edits: judged by the rules, with who vouches for each word, and not written.
   *
   * @throws Fault review.unknown-photo
   */
  wouldBe(set: SetId, photo: PhotoId, edits: Edits): DeskPhoto & { readonly evidence: WordEvidence | null };
  /** One transaction a batch; an op that was already taken is answered again, not done again. */
  apply(set: SetId, ops: readonly Op[], hand: Hand): OpResult[];
  /** a photo as it would be with other facts and edits than it has; nothing is written */
  asIf(photo: LoadedPhoto, edits: Edits): DeskPhoto;
  /** what a correction would take the place of */
  correctedNow(photo: PhotoId): Corrected;
  /**
   * Puts in place what was said of some photos and what their stages made of it: one gesture, or nothing at all.
   *
   * @throws Fault correction.stale where a photo is not any more what it was made for; review.published, name.taken, set.cleared
   */
  correct(set: SetId, changes: readonly CorrectedChange[], by: Corrector, hand: Hand): void;
  /** Takes back the last gesture of this client in this set. @returns the photos it touched */
  undo(set: SetId, client: string, hand: Hand): PhotoId[];
  redo(set: SetId, client: string, hand: Hand): PhotoId[];
  history(set: SetId, most: number): GestureLine[];
  /** grows with everything that changes about the set */
  revision(set: SetId): number;
  /** photos of which anything changed after a revision; all of them, if some have joined the set since */
  touchedSince(set: SetId, revision: number): ReadonlySet<PhotoId>;
}

/** One photo of a correction. */
export interface CorrectedChange {
  readonly photo: PhotoId;
  readonly before: Corrected;
  readonly after: Corrected;
  /** fields a person had typed that the correction says now */
  readonly clears: readonly EditField[];
}

/** The window a correction comes from, and the number it has there. */
export interface Corrector {
  readonly client: string;
  readonly seq: number;
  readonly gesture: string;
}

export function deskOn(
  database: Database,
  journal: Journal,
  names: Names,
  sets: Sets,
  clearings: Pick<Clearings, "assertWhole">,
  likenesses: Likenesses,
  looks: Looks,
  lexicon: Lexicon,
): Desk {
  const gestures = gesturesOn(database);
  const standing = standingOn(database, names, sets, gestures, likenesses, looks, lexicon);
  const twins = twinsOn(database);
  const setRev = database.prepare<[string], { rev: number | null }>(
    "select max(seq) rev from journal where set_id = ?",
  );
  const touched = database
    .prepare<{ set: string; seq: number }, number>(
      `select photo_id from journal where set_id = @set and seq > @seq
         and photo_id in (select id from photos where set_id = @set)
       union
       select id from photos where set_id = @set
         and exists (select 1 from journal where set_id = @set and seq > @seq and kind = 'set.joined')`,
    )
    .pluck();

  const one = (set: SetId, op: Op, hand: Hand): OpResult => {
    const before = gestures.taken(op);
    if (before !== undefined) return { id: op.id, ok: true, rev: before };
    const shown = standing.decidable(op.photo);
    try {
      if (shown?.set !== set) throw new Fault("review.unknown-photo", `no photo ${op.photo} in set ${set}`);
      if (shown.isReleased) throw new Fault("review.published", `${shown.name ?? op.photo} is released`);
      clearings.assertWhole(set, [op.photo]);
      return { id: op.id, ok: true, rev: take(set, op, shown, hand) };
    } catch (failure) {
      if (!(failure instanceof Fault)) throw failure;
      // What was typed while another window wrote something else is kept as well: nobody's text is lost.
      if (failure.code === "review.stale" && isEditField(op.field))
        journal.write(hand.at, {
          kind: "review.refused",
          set,
          photo: op.photo,
          data: { by: hand.by, field: op.field, to: op.to, op: op.id, code: failure.code },
        });
      const current = shown === undefined ? null : standing.read(op.photo, op.field);
      return { id: op.id, ok: false, code: failure.code, message: failure.message, remedy: failure.remedy, current };
    }
  };

  const take = (set: SetId, op: Op, shown: Decidable, hand: Hand): number => {
    const after = wanted(op, shown);
    const was = standing.read(op.photo, op.field);
    standing.write(op.photo, op.field, after, hand.at);
    if (op.field === "verdict" && op.to === "approved") looks.setScreened(op.photo, (op.screen && shown.hash) ?? null);
    const rev = record(set, op, was, after, hand);
    tellOthers(op.photo, op.field, [was, after], hand);
    if (op.field === "verdict") return dropReason(set, op, rev, hand);
    // Only what is published was approved.
    return isEditField(op.field) ? voidApproval(set, op, rev, hand) : rev;
  };

  const wanted = (op: Op, shown: Decidable): Value => {
    if (op.field === "verdict") {
      if (op.screen) assertMaySweep(op.photo, shown, looks);
      return wantedVerdict(op, shown);
    }
    if (op.field === RECHECK) return wantedRecheck(op);
    if (op.field === DISTINCT || op.field === KEEPER)
      return wantedOthers(op, (photo) => sets.photo(photo) !== undefined);
    return wantedEdit(op, gestures.revisionOfField(op.photo, op.field));
  };

  /** What is said of a photo and others shows on theirs as well, and on the page of their set. */
  const tellOthers = (photo: PhotoId, field: string, values: readonly Value[], hand: Hand): void => {
    if (field !== DISTINCT && field !== KEEPER) return;
    for (const other of new Set(values.flatMap((value) => OtherPhotosSchema.parse(value ?? [])))) {
      const theirs = sets.photo(other)?.setId;
      if (theirs !== undefined)
        journal.write(hand.at, { kind: "photo.alike", set: theirs, photo: other, data: { to: photo, by: hand.by } });
    }
  };

  const record = (set: SetId, op: OpKey, before: Value, after: Value, hand: Hand): number => {
    const rev = gestures.record(set, op, before, after, hand);
    journal.write(hand.at, {
      kind: op.field === "verdict" ? "review.verdict" : "review.edit",
      set,
      photo: op.photo,
      data: { by: hand.by, field: op.field, before, after, op: op.id },
    });
    return rev;
  };

  /** Why a photo was rejected is said of that rejection: another decision takes it along. @returns the revision */
  const dropReason = (set: SetId, op: OpKey, rev: number, hand: Hand): number => {
    const was = standing.read(op.photo, "reason");
    const isSaidNow = (): boolean =>
      gestures.ops(op.gesture).some(({ photo_id, field }) => photo_id === op.photo && field === "reason");
    if (was === null || isSaidNow()) return rev;
    standing.write(op.photo, "reason", null, hand.at);
    const own = { ...op, id: `${op.id}.reason`, client: `${op.client}.reason`, field: "reason" };
    return record(set, own, was, null, hand);
  };

  /** An approval is of what was seen: any edit afterwards voids it, as a part of the same gesture. @returns the revision */
  const voidApproval = (set: SetId, op: OpKey, rev: number, hand: Hand): number => {
    const before = standing.photo(op.photo)?.state;
    if (before?.verdict !== "approved") return rev;
    standing.write(op.photo, "verdict", null, hand.at);
    // A client of its own leaves the window's counter alone and keeps (client, seq) unique.
    const own = { ...op, id: `${op.id}.void`, client: `${op.client}.void`, field: "verdict" };
    return record(set, own, { verdict: "approved", hash: before.approvedHash }, null, hand);
  };

  /** Writes a gesture's `before` (or, redone, its `after`) back, where nobody has changed the field since. */
  const replay = (set: SetId, gesture: string, side: "before" | "after", hand: Hand): PhotoId[] => {
    const ops = gestures.ops(gesture);
    clearings.assertWhole(
      set,
      ops.map((op) => op.photo_id),
    );
    const ordered = side === "before" ? ops.reverse() : ops;
    const touched = new Set<PhotoId>();
    for (const op of ordered) {
      const photo = sets.photo(op.photo_id);
      // It was split off since, and what was decided about it there stays.
      if (photo !== undefined && photo.setId !== set) continue;
      if (photo?.facts.review !== undefined)
        throw new Fault("review.published", "a photo of this gesture is released; it cannot be undone any more");
      const left = side === "before" ? op.after : op.before;
      if (JSON.stringify(standing.read(op.photo_id, op.field)) !== left) continue;
      standing.write(op.photo_id, op.field, JSON.parse(op[side]), hand.at);
      tellOthers(op.photo_id, op.field, [JSON.parse(op.before), JSON.parse(op.after)], hand);
      gestures.renew(op);
      touched.add(op.photo_id);
      journal.write(hand.at, {
        kind: side === "before" ? "review.undone" : "review.redone",
        set,
        photo: op.photo_id,
        data: { by: hand.by, gesture, field: op.field, to: JSON.parse(op[side]) },
      });
    }
    for (const photo of touched) dropStaleApproval(photo, hand.at);
    voidTwins(set, touched, hand);
    return [...touched];
  };

  /** Of two photos with the same words one was approved when the other had got others. If it has them back, that is over. */
  const voidTwins = (set: SetId, touched: ReadonlySet<PhotoId>, hand: Hand): void => {
    for (const photo of twins.approvedBeside(set, touched))
      if (dropStaleApproval(photo, hand.at))
        journal.write(hand.at, { kind: "approval.voided", set, photo, data: { by: hand.by } });
  };

  const correctOne = (
    set: SetId,
    change: CorrectedChange,
    key: () => Omit<OpKey, "photo" | "field">,
    hand: Hand,
  ): void => {
    const { photo, before, after, clears } = change;
    if (sets.photo(photo)?.setId !== set) throw new Fault("review.unknown-photo", `no photo ${photo} in set ${set}`);
    if (sets.photo(photo)?.facts.review !== undefined)
      throw new Fault("review.published", `photo ${photo} is released`);
    if (JSON.stringify(standing.read(photo, CORRECTION)) !== JSON.stringify(before))
      throw new Fault("correction.stale", `photo ${photo} was changed since the new words were made`);
    const put = (field: string, value: Value): void => {
      const op = { ...key(), photo, field };
      const was = standing.read(photo, field);
      standing.write(photo, field, value, hand.at);
      const rev = record(set, op, was, standing.read(photo, field), hand);
      voidApproval(set, op, rev, hand);
    };
    for (const field of clears) put(field, null);
    // A name the person had chosen is gone now, and with it its place in the ledger.
    put(CORRECTION, after);
  };

  const dropStaleApproval = (photo: PhotoId, at: Millis): boolean => {
    const now = standing.photo(photo);
    const isStale = now?.state.verdict === "approved" && (now.verdict === null || blockersOf(now).length > 0);
    if (isStale) standing.write(photo, "verdict", null, at);
    return isStale;
  };

  return {
    photos: standing.photos,
    judgements: standing.judgements,
    wouldBe(set, photo, edits) {
      const found = standing.wouldBe(photo, edits);
      if (found?.photo.setId !== set) throw new Fault("review.unknown-photo", `no photo ${photo} in set ${set}`);
      return { ...found, evidence: standingEvidence(found.photo, found.state.edits, found.final, lexicon) };
    },
    evidence(set, photo) {
      const found = standing.photo(photo);
      if (found?.photo.setId !== set) throw new Fault("review.unknown-photo", `no photo ${photo} in set ${set}`);
      return standingEvidence(found.photo, found.state.edits, found.final, lexicon);
    },
    apply: database.transaction((set: SetId, ops: readonly Op[], hand: Hand) => {
      const results = ops.map((op) => one(set, op, hand));
      const edited = ops.filter(({ field }, i) => isEditField(field) && results[i]?.ok === true);
      voidTwins(set, new Set(edited.map(({ photo }) => photo)), hand);
      return results;
    }).immediate,
    correctedNow: standing.corrected,
    asIf: standing.asIf,
    correct: database.transaction(
      (set: SetId, changes: readonly CorrectedChange[], { client, seq, gesture }: Corrector, hand: Hand) => {
        clearings.assertWhole(
          set,
          changes.map(({ photo }) => photo),
        );
        let made = 0;
        const key = (): Omit<OpKey, "photo" | "field"> => {
          made += 1;
          // The window counts its own ops: the first is its, the others must not take numbers it will give.
          const isFirst = made === 1;
          const id = `${gesture}.${made}`;
          return { id, gesture, client: isFirst ? client : `${client}.${gesture}`, seq: isFirst ? seq : made };
        };
        for (const change of changes) correctOne(set, change, key, hand);
        voidTwins(set, new Set(changes.map(({ photo }) => photo)), hand);
      },
    ).immediate,
    undo: database.transaction((set: SetId, client: string, hand: Hand) => {
      const gesture = gestures.lastDone(set, client);
      if (gesture === undefined) return [];
      const photos = replay(set, gesture, "before", hand);
      gestures.markUndone(gesture);
      return photos;
    }).immediate,
    redo: database.transaction((set: SetId, client: string, hand: Hand) => {
      const gesture = gestures.lastUndone(set, client);
      if (gesture === undefined) return [];
      gestures.markRedone(gesture);
      return replay(set, gesture, "after", hand);
    }).immediate,
    history: gestures.history,
    revision: (set) => setRev.get(set)?.rev ?? 0,
    touchedSince: (set, revision) => new Set(touched.all({ set, seq: revision })),
  };
}

/** @throws Fault review.not-ready, review.stale, review.invalid-value, review.blocked */
function wantedVerdict(op: Op, shown: Decidable): Value {
  if (op.to === null) return null;
  if (!isDecision(op.to)) throw new Fault("review.invalid-value", `${JSON.stringify(op.to)} is no verdict`);
  if (op.to !== "approved") return { verdict: op.to, hash: null };
  if (shown.hash === undefined) throw new Fault("review.not-ready", `photo ${op.photo} is not at the gate yet`);
  if (op.seen != null && op.seen !== shown.hash)
    throw new Fault("review.stale", `photo ${op.photo} is not what was on screen any more`);
  if (shown.blockers.length > 0) throw new Fault("review.blocked", shown.blockers.map(lineOf).join("; "));
  return { verdict: "approved", hash: shown.hash };
}

/** @throws Fault review.unseen, review.unproved; what is blocked or not there yet has faults of its own */
function assertMaySweep(photo: PhotoId, { name, hash, sweep }: Decidable, looks: Pick<Looks, "isSeen">): void {
  const which = name ?? `photo ${photo}`;
  if (hash !== undefined && !looks.isSeen(photo, hash)) throw new Fault("review.unseen", `${which} was not seen`);
  if (sweep !== "passed" && sweep !== "blocked") throw new Fault("review.unproved", `the words of ${which}: ${sweep}`);
}

/** @throws Fault review.invalid-value */
function wantedRecheck({ to }: Op): Value {
  const found = RECHECKS.find((one) => one === to) ?? null;
  if (found === null && to !== null)
    throw new Fault("review.invalid-value", `${JSON.stringify(to)} is nothing a second look finds`);
  return found;
}

const blockersOf = ({ flaws, state }: DeskPhoto): FoundFlaw[] => blockersIn(flaws, state.edits.overruled ?? []);

const lineOf = ({ rule, field, why }: FoundFlaw): string => `${rule} in the ${nameOf(field)}: ${why}`;

/** @throws Fault review.invalid-value, review.unknown-photo */
function wantedOthers(op: Op, isKnown: (photo: PhotoId) => boolean): PhotoId[] {
  const read = OtherPhotosSchema.safeParse(op.to ?? []);
  if (!read.success) throw new Fault("review.invalid-value", `${JSON.stringify(op.to)} is no list of photos`);
  const unknown = read.data.find((photo) => !isKnown(photo));
  if (unknown !== undefined) throw new Fault("review.unknown-photo", `there is no photo ${unknown}`);
  return [...new Set(read.data)].filter((photo) => photo !== op.photo).toSorted((a, b) => a - b);
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
