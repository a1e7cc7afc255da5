import type { Millis, PhotoId, SetId } from "../domain/words.ts";
import type { Checkpoints } from "./checkpoints.ts";
import type { Database } from "./database.ts";
import type { Journal } from "./journal.ts";

/** Words that were forgotten because nobody believes the model that gave them. */
export interface Rewritten {
  readonly set: SetId;
  readonly photo: PhotoId;
  readonly why: string;
  /** its approval was of those words, and is gone with them */
  readonly wasApproved: boolean;
}

/** Answers of models that are not to be believed, the photos that have words of them, and the sets that were seen by them. */
export interface Distrusts {
  /** The intent comes first: killed right after it, the next start finds the keys and goes on. */
  mark(keys: readonly string[], why: string, at: Millis): void;
  /** keys whose words are not forgotten yet; what was under way when they were marked may still bring such words */
  marked(): string[];
  /**
   * Forgets the words of unreleased photos that have a marked key, voids their approvals, and takes the marks off: one
   * transaction with its journal lines. A person's edits stay. To be called when the answers are gone from the notebook.
   */
  forget(at: Millis): Rewritten[];
  /**
   * Forgets what sets seem to show where a marked key had a vote in it, and the words of unreleased photos that leaned on what it
   * read or counted there; as `forget`. Approvals of other photos stand.
   */
  forgetSeen(at: Millis): { readonly sets: readonly SetId[]; readonly rewritten: readonly Rewritten[] };
  /** Takes all marks off: nothing is under way that could bring such words. */
  clear(): void;
  /** photos of a set, not released, whose words were written anew for it */
  rewritten(set: SetId): { readonly photos: number; readonly approvals: number };
}

interface FoundRow {
  readonly id: PhotoId;
  readonly set_id: SetId;
  readonly key: string;
  readonly why: string;
  readonly approved: number;
}

export function distrustsOn(database: Database, journal: Journal, checkpoints: Checkpoints): Distrusts {
  const put = database.prepare<[string, string, number]>(
    "insert into distrusted (key, why, at) values (?, ?, ?) on conflict do nothing",
  );
  const keys = database.prepare<[], string>("select key from distrusted order by at, key").pluck();
  // Of what is out, nothing is changed any more; of what was cleared, nothing can be done again.
  const found = database.prepare<[], FoundRow>(
    `select p.id, p.set_id, d.key, d.why, v.verdict is 'approved' approved
     from distrusted d
     join checkpoints c on c.stage = 'words' and json_extract(c.facts, '$.evidence.key') = d.key
     join photos p on p.id = c.photo_id
     left join verdicts v on v.photo_id = p.id
     where not exists (select 1 from checkpoints r where r.photo_id = p.id and r.stage = 'review')
       and (not exists (select 1 from cleared x where x.set_id = p.set_id)
         or exists (select 1 from restored y where y.photo_id = p.id))
     order by p.id`,
  );
  const seen = database.prepare<[], Omit<FoundRow, "id" | "approved">>(
    `select p.set_id, d.key, d.why from distrusted d
     join checkpoints c on c.stage = 'subject' and json_extract(c.facts, '$.seen.by.key') = d.key
     join photos p on p.id = c.photo_id
     where not exists (select 1 from cleared x where x.set_id = p.set_id)
     order by p.id`,
  );
  // Text in the picture is a name that may be used, and a number of people one that must be.
  const leaning = database.prepare<[string], Pick<FoundRow, "id" | "approved">>(
    `select p.id, v.verdict is 'approved' approved
     from photos p join checkpoints c on c.photo_id = p.id and c.stage = 'subject'
     join checkpoints w on w.photo_id = p.id and w.stage = 'words'
     left join verdicts v on v.photo_id = p.id
     where p.set_id = ? and (c.facts ->> '$.seen' is not null or json_array_length(c.facts, '$.readable') > 0)
       and not exists (select 1 from checkpoints r where r.photo_id = p.id and r.stage = 'review')
     order by p.id`,
  );
  const drop = database.prepare<[string]>("delete from distrusted where key = ?");
  const dropAll = database.prepare("delete from distrusted");
  const putRewritten = database.prepare<[number, string, number, number]>(
    `insert into rewritten (photo_id, why, was_approved, at) values (?, ?, ?, ?)
     on conflict do update set why = excluded.why, was_approved = max(was_approved, excluded.was_approved), at = excluded.at`,
  );
  const ofSet = database.prepare<[string], { photos: number; approvals: number }>(
    `select count(*) photos, coalesce(sum(w.was_approved), 0) approvals
     from rewritten w join photos p on p.id = w.photo_id
     where p.set_id = ? and not exists (select 1 from checkpoints r where r.photo_id = p.id and r.stage = 'review')`,
  );

  const forgetWords = (
    set: SetId,
    photo: PhotoId,
    approved: number,
    given: { key: string; why: string },
    at: Millis,
  ) => {
    const wasApproved = approved === 1;
    journal.write(at, { kind: "words.distrusted", set, photo, data: { ...given, wasApproved } });
    checkpoints.forget(set, "words", [photo], at);
    putRewritten.run(photo, given.why, approved, at);
    return { set, photo, why: given.why, wasApproved };
  };

  return {
    mark: database.transaction((marked: readonly string[], why: string, at: Millis) => {
      for (const key of marked) put.run(key, why, at);
    }).immediate,
    marked: () => keys.all(),
    forget: database.transaction((at: Millis) =>
      found.all().map(({ id: photo, set_id: set, key, why, approved }) => {
        drop.run(key);
        return forgetWords(set, photo, approved, { key, why }, at);
      }),
    ).immediate,
    forgetSeen: database.transaction((at: Millis) => {
      const votes = seen.all();
      const rewritten = [...Map.groupBy(votes, ({ set_id }) => set_id)].flatMap(([set, [first]]) => {
        const { key = "", why = "" } = first ?? {};
        const words = leaning.all(set).map(({ id, approved }) => forgetWords(set, id, approved, { key, why }, at));
        journal.write(at, { kind: "subject.distrusted", set, data: { key, why } });
        checkpoints.findOutAnew(set, ["subject"], { by: "distrust", at });
        return words;
      });
      for (const { key } of votes) drop.run(key);
      return { sets: [...new Set(votes.map(({ set_id }) => set_id))], rewritten };
    }).immediate,
    clear: () => {
      dropAll.run();
    },
    rewritten: (set) => ofSet.get(set) ?? { photos: 0, approvals: 0 },
  };
}
