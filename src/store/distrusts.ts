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

/** Answers of models that are not to be believed, and the photos that have words of them. */
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

  return {
    mark: database.transaction((marked: readonly string[], why: string, at: Millis) => {
      for (const key of marked) put.run(key, why, at);
    }).immediate,
    marked: () => keys.all(),
    forget: database.transaction((at: Millis) =>
      found.all().map(({ id: photo, set_id: set, key, why, approved }) => {
        const wasApproved = approved === 1;
        journal.write(at, { kind: "words.distrusted", set, photo, data: { key, why, wasApproved } });
        checkpoints.forget(set, "words", [photo], at);
        putRewritten.run(photo, why, approved, at);
        drop.run(key);
        return { set, photo, why, wasApproved };
      }),
    ).immediate,
    clear: () => {
      dropAll.run();
    },
    rewritten: (set) => ofSet.get(set) ?? { photos: 0, approvals: 0 },
  };
}
