import { createHash } from "node:crypto";
import type { Corrected } from "../domain/correction.ts";
import type { Final } from "../domain/facts.ts";
import type { LoadedPhoto } from "../domain/photo.ts";
import { type FoundFlaw, OUTCOMES } from "../domain/proof.ts";
import type { Judgement } from "../domain/proof-tally.ts";
import {
  approvalText,
  CORRECTION,
  type DeskState,
  DISTINCT,
  type Edits,
  finalOf,
  isVerdict,
  KEEPER,
  OtherPhotosSchema,
  RECHECK,
  RECHECKS,
  readEdits,
  standingVerdict,
  type Verdict,
  WISHED,
} from "../domain/review.ts";
import { type Sweep, sweepOf } from "../domain/screenful.ts";
import { blockersIn } from "../domain/standing-proof.ts";
import type { Words } from "../domain/wording-rule.ts";
import { authorsOf, standingFlaws } from "../domain/wording-standing.ts";
import type { Lexicon } from "../domain/wording-text.ts";
import type { Millis, PhotoId, SetId } from "../domain/words.ts";
import { correctedOn } from "./corrected.ts";
import type { Database } from "./database.ts";
import type { Likenesses } from "./likenesses.ts";
import type { Looks } from "./looks.ts";
import { memoryOn } from "./memory.ts";
import type { Names } from "./names.ts";
import type { Sets } from "./sets.ts";

/** A photo as the page shows it: facts, edits, verdict as it stands, and the hash of what would be published. */
export interface DeskPhoto {
  readonly photo: LoadedPhoto;
  readonly state: DeskState;
  readonly final: Final | undefined;
  readonly hash: string | undefined;
  readonly verdict: Verdict | null;
  /** what is wrong with its words as they stand */
  readonly flaws: readonly FoundFlaw[];
}

/** The value of a field as ops keep it: a verdict with its hash, or an edit; null for none. */
export type Value = unknown;

/** As much of a photo as a decision about it is held against. */
export interface Decidable {
  readonly set: SetId;
  readonly isReleased: boolean;
  /** file name it would be published under; undefined before the gate */
  readonly name: string | undefined;
  /** of what would be published; undefined before the gate */
  readonly hash: string | undefined;
  /** what stands between it and an approval */
  readonly blockers: readonly FoundFlaw[];
  /** may an approval of its whole screen take it along? */
  readonly sweep: Sweep;
}

/** Revision of a photo: of its newest op, 0 for none. */
export interface Revisions {
  of(photo: PhotoId): number;
  /** @param photos their ids as JSON; those without an op are left out */
  ofAll(photos: string): ReadonlyMap<PhotoId, number>;
}

/** Verdicts and edits as they stand now; how they came about is in `gestures.ts`. */
export interface Standing {
  read(photo: PhotoId, field: string): Value;
  /** as it would be with other facts and edits than it has; nothing is written */
  asIf(photo: LoadedPhoto, edits: Edits): DeskPhoto;
  /** what was said of a photo alone, and what came of it */
  corrected(photo: PhotoId): Corrected;
  /** @throws Fault name.taken */
  write(photo: PhotoId, field: string, value: Value, at: Millis): void;
  photo(photo: PhotoId): DeskPhoto | undefined;
  decidable(photo: PhotoId): Decidable | undefined;
  /** as it would be with these edits as well; nothing is written */
  wouldBe(photo: PhotoId, edits: Edits): DeskPhoto | undefined;
  /** @param only these, in any order; all of them in theirs, if nothing is said */
  photos(set: SetId, only?: ReadonlySet<PhotoId>): DeskPhoto[];
  /** where the words of each photo stand that has some and is not left out */
  judgements(set: SetId): Judgement[];
}

/** Photos whose `Decidable` is kept, some 250 bytes each: who approves thousands at once has just been shown them. */
const REMEMBERED = 40_000;

/** @see Revisions.ofAll */
export const AMONG = "photo_id in (select value from json_each(?))";

interface VerdictRow {
  readonly verdict: string;
  readonly hash: string | null;
  readonly at: Millis;
}

export function standingOn(
  database: Database,
  names: Names,
  sets: Sets,
  revisions: Revisions,
  likenesses: Pick<Likenesses, "distinctFrom" | "setDistinct" | "keptOver" | "setKept">,
  looks: Pick<Looks, "recheck" | "setRecheck">,
  lexicon: Lexicon,
): Standing {
  const verdictOf = database.prepare<[number], VerdictRow>("select verdict, hash, at from verdicts where photo_id = ?");
  const verdictsOf = database.prepare<[string], VerdictRow & { readonly photo_id: number }>(
    `select photo_id, verdict, hash, at from verdicts where ${AMONG}`,
  );
  const editsOf = database.prepare<[string], { photo_id: number; field: string; value: string }>(
    `select photo_id, field, value from edits where ${AMONG}`,
  );
  const editsOfPhoto = database.prepare<[number], { field: string; value: string }>(
    "select field, value from edits where photo_id = ?",
  );
  const editOf = database.prepare<[number, string], { value: string }>(
    "select value from edits where photo_id = ? and field = ?",
  );
  const putVerdict = database.prepare<[number, string, string | null, number]>(
    `insert into verdicts (photo_id, verdict, hash, at) values (?, ?, ?, ?)
     on conflict do update set verdict = excluded.verdict, hash = excluded.hash, at = excluded.at`,
  );
  const wishOf = database.prepare<[number], number>("select 1 from wishes where photo_id = ?").pluck();
  const wishesOf = database.prepare<[string], number>(`select photo_id from wishes where ${AMONG}`).pluck();
  const putWish = database.prepare<[number, number]>("insert into wishes (photo_id, at) values (?, ?)");
  const dropWish = database.prepare<[number]>("delete from wishes where photo_id = ?");
  const dropVerdict = database.prepare<[number]>("delete from verdicts where photo_id = ?");
  const putEdit = database.prepare<[number, string, string]>(
    "insert into edits (photo_id, field, value) values (?, ?, ?) on conflict do update set value = excluded.value",
  );
  const dropEdit = database.prepare<[number, string]>("delete from edits where photo_id = ? and field = ?");

  // Word for word as in the index: the facts themselves are not read.
  const outcomesOf = database.prepare<[string], { id: PhotoId; outcome: string | null }>(
    `select p.id, json_extract(facts, '$.proof.outcome') outcome
     from photos p join checkpoints indexed by word_outcomes on photo_id = p.id and stage = 'words'
     where p.set_id = ? and not exists (select 1 from culls c where c.photo_id = p.id)`,
  );
  const editedOf = database
    .prepare<[string], PhotoId>(
      `select distinct e.photo_id from edits e join photos p on p.id = e.photo_id
       where p.set_id = ? and e.field in ('caption', 'altText', 'keywords', 'subject', 'location', 'overruled')`,
    )
    .pluck();

  const corrected = correctedOn(database, names);
  const isWished = (photo: PhotoId): boolean => wishOf.get(photo) !== undefined;
  const readVerdict = (photo: PhotoId): Value => {
    const row = verdictOf.get(photo);
    if (row !== undefined) return { verdict: row.verdict, hash: row.hash };
    return isWished(photo) ? { verdict: WISHED, hash: null } : null;
  };
  const read = (photo: PhotoId, field: string): Value => {
    if (field === "verdict") return readVerdict(photo);
    if (field === DISTINCT) return likenesses.distinctFrom(photo);
    if (field === KEEPER) return likenesses.keptOver(photo);
    if (field === CORRECTION) return corrected.read(photo);
    if (field === RECHECK) return looks.recheck(photo);
    const row = editOf.get(photo, field);
    return row === undefined ? null : JSON.parse(row.value);
  };

  const write = (photo: PhotoId, field: string, value: Value, at: Millis): void => {
    if (field === "verdict") writeVerdict(photo, value, at);
    else if (field === DISTINCT) likenesses.setDistinct(photo, OtherPhotosSchema.parse(value ?? []));
    else if (field === KEEPER) likenesses.setKept(photo, OtherPhotosSchema.parse(value ?? []));
    else if (field === CORRECTION) corrected.write(photo, value, at);
    else if (field === RECHECK) looks.setRecheck(photo, RECHECKS.find((found) => found === value) ?? null, at);
    else writeEdit(photo, field, value);
  };
  const writeVerdict = (photo: PhotoId, value: Value, at: Millis): void => {
    const decision = partOf(value, "verdict");
    dropWish.run(photo);
    if (isVerdict(decision)) putVerdict.run(photo, decision, hashIn(value), at);
    else dropVerdict.run(photo);
    if (decision === WISHED) putWish.run(photo, at);
  };
  const writeEdit = (photo: PhotoId, field: string, value: Value): void => {
    if (field === "name") {
      const name = typeof value === "string" ? value : sets.photo(photo)?.facts.name?.name;
      if (name !== undefined) names.rename(photo, name);
    }
    if (value === null) dropEdit.run(photo, field);
    else putEdit.run(photo, field, JSON.stringify(value));
  };

  const editsTo = (photo: PhotoId): Readonly<Record<string, unknown>> =>
    Object.fromEntries(editsOfPhoto.all(photo).map(({ field, value }) => [field, JSON.parse(value)]));
  const wordsNow = (photo: PhotoId): Words | undefined => {
    const loaded = sets.photo(photo);
    return loaded && finalOf(loaded, readEdits(editsTo(photo)));
  };
  const deskPhoto = (photo: LoadedPhoto, state: DeskState): DeskPhoto => {
    const final = finalOf(photo, state.edits);
    const hash = final && photo.facts.ingest && hashOf(approvalText(photo.facts.ingest.sha256, final));
    const flaws = final === undefined ? [] : standingFlaws(photo, state.edits, final, lexicon, wordsNow);
    return { photo, state, final, hash, verdict: standingVerdict(state, hash), flaws };
  };
  const decidable = memoryOn<Decidable>(database, REMEMBERED);
  const remembered = (shown: DeskPhoto): DeskPhoto => {
    // Where its words are held against another's, more than its own rows can change them.
    const isOwn = shown.photo.facts.words?.proof?.flaws.every(({ like }) => like === undefined) ?? true;
    if (isOwn) decidable.keep(shown.photo.id, decidableOf(shown), 1);
    return shown;
  };
  const one = (photo: PhotoId): DeskPhoto | undefined => {
    const loaded = sets.photo(photo);
    const state = stateOf(photo, revisions.of(photo), verdictOf.get(photo), isWished(photo), editsTo(photo));
    return loaded && remembered(deskPhoto(loaded, state));
  };

  const photos = (set: SetId, only?: ReadonlySet<PhotoId>): DeskPhoto[] => {
    const wanted = sets.photos(set, only && [...only]);
    const ids = JSON.stringify(wanted.map(({ id }) => id));
    const wishes = new Set(wishesOf.all(ids));
    const verdicts = new Map(verdictsOf.all(ids).map((row) => [row.photo_id, row]));
    const revs = revisions.ofAll(ids);
    const edits = Map.groupBy(editsOf.all(ids), (row) => row.photo_id);
    return wanted.map((photo) => {
      const own = Object.fromEntries((edits.get(photo.id) ?? []).map(({ field, value }) => [field, JSON.parse(value)]));
      const rev = revs.get(photo.id) ?? 0;
      return remembered(deskPhoto(photo, stateOf(photo.id, rev, verdicts.get(photo.id), wishes.has(photo.id), own)));
    });
  };

  return {
    read,
    corrected: corrected.read,
    write,
    photo: one,
    decidable(photo) {
      const known = decidable.get(photo);
      if (known !== undefined) return known;
      const shown = one(photo);
      return shown && decidableOf(shown);
    },
    wouldBe(photo, edits) {
      const now = one(photo);
      return now && deskPhoto(now.photo, { ...now.state, edits: { ...now.state.edits, ...edits } });
    },
    asIf: (photo, edits) =>
      deskPhoto(photo, {
        ...stateOf(photo.id, revisions.of(photo.id), verdictOf.get(photo.id), isWished(photo.id), {}),
        edits,
      }),
    photos,
    judgements(set) {
      const outcomes = outcomesOf.all(set);
      // Only what a person has touched, or has to, can stand otherwise than the machine left it.
      const touched = new Set([
        ...editedOf.all(set),
        ...outcomes.flatMap((row) => (row.outcome === "blocked" ? row.id : [])),
      ]);
      const blocked = new Set(
        photos(set, touched).flatMap(({ photo, flaws, state }) =>
          blockersIn(flaws, state.edits.overruled ?? []).length > 0 ? photo.id : [],
        ),
      );
      return outcomes.map(({ id, outcome }) => ({
        outcome: OUTCOMES.find((known) => known === outcome) ?? null,
        blocked: blocked.has(id),
      }));
    },
  };
}

const decidableOf = ({ photo, final, hash, flaws, state }: DeskPhoto): Decidable => {
  const blockers = blockersIn(flaws, state.edits.overruled ?? []);
  const { words, review } = photo.facts;
  return {
    set: photo.setId,
    isReleased: review !== undefined,
    name: final?.name,
    hash,
    blockers,
    sweep: sweepOf({
      blocked: blockers.length > 0,
      outcome: words?.proof?.outcome ?? null,
      authors: words === undefined ? null : authorsOf(words, state.edits),
    }),
  };
};

const partOf = (value: Value, name: string): unknown =>
  typeof value === "object" && value !== null ? Object.entries(value).find(([key]) => key === name)?.[1] : undefined;

function hashIn(value: Value): string | null {
  const hash = partOf(value, "hash");
  return typeof hash === "string" ? hash : null;
}

const stateOf = (
  photo: PhotoId,
  rev: number,
  verdict: VerdictRow | undefined,
  wished: boolean,
  edits: Readonly<Record<string, unknown>>,
): DeskState => ({
  photo,
  rev,
  verdict: isVerdict(verdict?.verdict) ? verdict.verdict : null,
  wished,
  approvedHash: verdict?.hash ?? null,
  decidedAt: verdict?.at ?? null,
  edits: readEdits(edits),
});

const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex");
