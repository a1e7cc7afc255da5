import { addFacts, type Facts, IRREPLACEABLE, isStageName, type StageName } from "../domain/facts.ts";
import type { AnyOutcome } from "../domain/stage.ts";
import { subjectTriple } from "../domain/subject-rules.ts";
import type { Millis, PhotoId, SetId } from "../domain/words.ts";
import type { Database } from "./database.ts";
import type { Hand } from "./gestures.ts";
import type { Journal } from "./journal.ts";

/** The code under which a set is held while its rollback runs: a rollback that was cut short is found and finished. */
export const ROLLING_BACK = "set.rolling-back";

export interface Hold {
  readonly stage: StageName;
  readonly code: string;
  readonly why: string;
  readonly retryAt: Millis | null;
  readonly at: Millis;
}

/** What the planner needs to know of a photo. */
export interface ProgressRow {
  readonly id: PhotoId;
  readonly done: ReadonlySet<StageName>;
  readonly culled: boolean;
  readonly rejected: boolean;
}

export interface Checkpoints {
  progress(set: SetId): ProgressRow[];
  progressOf(photo: PhotoId): ProgressRow | undefined;
  /**
   * Stores what a stage found out, for one photo or for all of a set, in one transaction with its journal line.
   * The files the facts name must be durable by then.
   */
  commit(set: SetId, stage: StageName, outcomes: ReadonlyMap<PhotoId, AnyOutcome>, at: Millis): void;
  /** Deletes the facts of a stage, and with a name's its place in the ledger; what the stage made is undone afterwards. */
  forget(set: SetId, stage: StageName, photos: readonly PhotoId[], at: Millis): void;
  /**
   * Deletes what was found out by looking at photos among others, of those of a set that are not released. Approvals stand:
   * they are bound to what is published, and nothing of this is. Until it is found out anew, nothing can be released.
   */
  findOutAnew(set: SetId, stages: readonly StageName[], hand: Hand): void;
  /**
   * After an update: facts that no longer decode are deleted, so that their stage runs again. Those of photos that go through
   * no stage any more stay: what remains of them is shown.
   *
   * @param only of this photo; of all, if nothing is said
   * @returns how many
   */
  forgetUnreadable(at: Millis, only?: PhotoId): number;
  takeBack(set: SetId, photo: PhotoId, at: Millis): void;
  /** @returns how often the stage has failed by now; photo 0 stands for the whole set */
  countTry(set: SetId, stage: StageName, photo: PhotoId): number;
  hold(set: SetId, hold: Hold): void;
  holdOf(set: SetId): Hold | undefined;
  /**
   * Lifts a hold.
   *
   * @param by a person's wish starts with fresh tries; a timer goes on counting, so a tool that stays away is asked less often
   */
  resume(set: SetId, at: Millis, by: "person" | "timer"): void;
}

interface DoneRow {
  readonly id: number;
  readonly stage: string | null;
  readonly culled: number;
  readonly rejected: number;
}

const DONE = `select p.id, c.stage, x.photo_id is not null culled, coalesce(v.verdict = 'rejected', 0) rejected
  from photos p
  left join checkpoints c on c.photo_id = p.id
  left join culls x on x.photo_id = p.id
  left join verdicts v on v.photo_id = p.id`;

function gathered(rows: Iterable<DoneRow>): ProgressRow[] {
  const photos = new Map<PhotoId, { id: PhotoId; done: Set<StageName>; culled: boolean; rejected: boolean }>();
  for (const row of rows) {
    const seen = photos.get(row.id);
    const photo = seen ?? {
      id: row.id,
      done: new Set<StageName>(),
      culled: row.culled === 1,
      rejected: row.rejected === 1,
    };
    if (row.stage !== null && isStageName(row.stage)) photo.done.add(row.stage);
    if (seen === undefined) photos.set(row.id, photo);
  }
  return [...photos.values()];
}

export function checkpointsOn(database: Database, journal: Journal): Checkpoints {
  const doneOf = database.prepare<[string], DoneRow>(`${DONE} where p.set_id = ? order by p.position`);
  const doneBy = database.prepare<[number], DoneRow>(`${DONE} where p.id = ?`);
  const unpublished = database.prepare<
    { only: number | null },
    { id: number; set_id: string; stage: string; facts: string }
  >(
    `select p.id, p.set_id, c.stage, c.facts from checkpoints c join photos p on p.id = c.photo_id
     where p.id = coalesce(@only, p.id)
       and not exists (select 1 from checkpoints u where u.photo_id = p.id and u.stage = 'publish')
       and (not exists (select 1 from cleared d where d.set_id = p.set_id)
         or exists (select 1 from restored r where r.photo_id = p.id))`,
  );
  const put = database.prepare<[number, string, string, number]>(
    "insert into checkpoints (photo_id, stage, facts, at) values (?, ?, ?, ?) on conflict do update set facts = excluded.facts, at = excluded.at",
  );
  const cull = database.prepare<[number, string, string, string, number]>(
    "insert into culls (photo_id, stage, code, why, at) values (?, ?, ?, ?, ?) on conflict do nothing",
  );
  const unCull = database.prepare<[number, string]>(
    "delete from culls where photo_id = ? and photo_id in (select id from photos where set_id = ?)",
  );
  const remove = database.prepare<[number, string]>("delete from checkpoints where photo_id = ? and stage = ?");
  const voidApproval = database.prepare<[number]>("delete from verdicts where photo_id = ? and verdict = 'approved'");
  const dropName = database.prepare<[number]>("delete from edits where photo_id = ? and field = 'name'");
  const releaseName = database.prepare<[number]>("delete from names where photo_id = ?");
  const triesGone = database.prepare<[string, number, string]>(
    "delete from attempts where set_id = ? and photo_id = ? and stage = ?",
  );
  const allTriesGone = database.prepare<[string]>("delete from attempts where set_id = ?");
  const addTry = database.prepare<[string, number, string], { tries: number }>(
    `insert into attempts (set_id, photo_id, stage, tries) values (?, ?, ?, 1)
     on conflict do update set tries = tries + 1 returning tries`,
  );
  const putHold = database.prepare<[string, string, string, string, number | null, number]>(
    `insert into holds (set_id, stage, code, why, retry_at, at) values (?, ?, ?, ?, ?, ?)
     on conflict do update set stage = excluded.stage, code = excluded.code, why = excluded.why, retry_at = excluded.retry_at, at = excluded.at`,
  );
  const getHold = database.prepare<
    [string],
    { stage: string; code: string; why: string; retry_at: number | null; at: number }
  >("select stage, code, why, retry_at, at from holds where set_id = ?");
  const movedBefore = database
    .prepare<[number], string>(
      `select json_extract(m.value, '$.path') from checkpoints c, json_each(c.facts, '$.moved') m
       where c.photo_id = ? and c.stage = 'archive'`,
    )
    .pluck();
  const setOf = database.prepare<[number], SetId>("select set_id from photos where id = ?").pluck();
  const dropHold = database.prepare<[string]>("delete from holds where set_id = ?");

  /** An original that left its inbox has a line of its own, once. */
  const tellMoves = (set: SetId, photo: PhotoId, facts: Facts[StageName], at: Millis): void => {
    if (!("moved" in facts) || facts.moved.length === 0) return;
    const told = new Set(movedBefore.all(photo));
    for (const { path, copy, sha256, found } of facts.moved)
      if (!told.has(path))
        journal.write(at, { kind: "original.moved", set, photo, data: { path, archive: copy, sha256, found } });
  };

  /** The other photo's set hears of it, so that its page shows it: facts are never written anew. */
  const tellKin = (photo: PhotoId, facts: Facts[StageName], at: Millis): void => {
    if (!("elsewhere" in facts)) return;
    for (const { photo: other, tier } of facts.elsewhere) {
      const set = setOf.get(other);
      if (set !== undefined) journal.write(at, { kind: "photo.alike", set, photo: other, data: { to: photo, tier } });
    }
  };

  /** What was seen in a set, beside what is said of it: once for all of its photos. */
  const tellSubject = (set: SetId, outcomes: ReadonlyMap<PhotoId, AnyOutcome>, at: Millis): void => {
    const seen = [...outcomes].flatMap(([photo, outcome]) =>
      outcome.kind === "done" && "suggestion" in outcome.facts ? [[photo, outcome.facts] as const] : [],
    );
    if (seen.some(([, facts]) => facts.seen !== null))
      journal.write(at, { kind: "set.subject", set, data: subjectTriple(seen, seen[0]?.[1].subject ?? null) });
  };

  return {
    progress: (set) => gathered(doneOf.iterate(set)),
    progressOf: (photo) => gathered(doneBy.iterate(photo))[0],
    commit: database.transaction(
      (set: SetId, stage: StageName, outcomes: ReadonlyMap<PhotoId, AnyOutcome>, at: Millis) => {
        for (const [photo, outcome] of outcomes) {
          if (outcome.kind === "done") tellMoves(set, photo, outcome.facts, at);
          if (outcome.kind === "done") tellKin(photo, outcome.facts, at);
          if (outcome.kind === "done") put.run(photo, stage, JSON.stringify(outcome.facts), at);
          else cull.run(photo, stage, outcome.code, outcome.why, at);
          triesGone.run(set, photo, stage);
          journal.write(at, {
            kind: outcome.kind === "done" ? "stage.done" : "photo.culled",
            set,
            photo,
            data: outcome.kind === "done" ? { stage } : { stage, code: outcome.code, why: outcome.why },
          });
        }
        tellSubject(set, outcomes, at);
        triesGone.run(set, 0, stage);
      },
    ).immediate,
    forget: database.transaction((set: SetId, stage: StageName, photos: readonly PhotoId[], at: Millis) => {
      for (const photo of photos) {
        remove.run(photo, stage);
        journal.write(at, { kind: "stage.forgotten", set, photo, data: { stage } });
        // The ledger lets go of it in the same commit, and may give it to another.
        if (stage === "name") releaseName.run(photo);
        if (stage === "name" && dropName.run(photo).changes > 0)
          journal.write(at, { kind: "review.edit", set, photo, data: { by: "rewind", field: "name", after: null } });
        if (voidApproval.run(photo).changes > 0)
          journal.write(at, { kind: "approval.voided", set, photo, data: { by: "rewind" } });
      }
    }).immediate,
    findOutAnew: database.transaction((set: SetId, stages: readonly StageName[], { at, by }: Hand) => {
      const open = gathered(doneOf.iterate(set)).filter(({ done }) => !done.has("review"));
      for (const stage of stages)
        for (const { id: photo } of open)
          if (remove.run(photo, stage).changes > 0)
            journal.write(at, { kind: "stage.forgotten", set, photo, data: { stage, by } });
    }).immediate,
    forgetUnreadable: database.transaction((at: Millis, only?: PhotoId) => {
      const unreadable = unpublished
        .all({ only: only ?? null })
        .filter(
          ({ stage, facts }) =>
            isStageName(stage) && !IRREPLACEABLE.has(stage) && !addFacts({}, stage, JSON.parse(facts)),
        );
      for (const { id, set_id, stage } of unreadable) {
        remove.run(id, stage);
        journal.write(at, { kind: "stage.forgotten", set: set_id, photo: id, data: { stage, by: "update" } });
      }
      return unreadable.length;
    }).immediate,
    takeBack: database.transaction((set: SetId, photo: PhotoId, at: Millis) => {
      if (unCull.run(photo, set).changes === 0) return;
      journal.write(at, { kind: "photo.taken-back", set, photo });
    }).immediate,
    countTry: (set, stage, photo) => addTry.get(set, photo, stage)?.tries ?? 1,
    hold: database.transaction((set: SetId, hold: Hold) => {
      putHold.run(set, hold.stage, hold.code, hold.why, hold.retryAt, hold.at);
      journal.write(hold.at, { kind: "set.held", set, data: { stage: hold.stage, code: hold.code, why: hold.why } });
    }).immediate,
    holdOf(set) {
      const row = getHold.get(set);
      if (row === undefined || !isStageName(row.stage)) return undefined;
      return { stage: row.stage, code: row.code, why: row.why, retryAt: row.retry_at, at: row.at };
    },
    resume: database.transaction((set: SetId, at: Millis, by: "person" | "timer") => {
      if (dropHold.run(set).changes === 0) return;
      if (by === "person") allTriesGone.run(set);
      journal.write(at, { kind: "set.resumed", set, data: { by } });
    }).immediate,
  };
}
