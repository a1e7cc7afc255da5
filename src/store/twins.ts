import type { PhotoId, SetId } from "../domain/words.ts";
import type { Database } from "./database.ts";

/** Photos that said the same as another one when their words were written. */
export interface Twins {
  /** Approved photos of a set that were blocked for saying what one of these says: an error again if it says so again. */
  approvedBeside(set: SetId, photos: ReadonlySet<PhotoId>): PhotoId[];
}

export function twinsOn(database: Database): Twins {
  // By the index of outcomes: only of the few that were blocked are the facts read.
  const blocked = database.prepare<[string], { id: PhotoId; like: PhotoId }>(
    `select p.id, f.value ->> '$.like' "like"
     from photos p join verdicts v on v.photo_id = p.id and v.verdict = 'approved'
     join checkpoints w indexed by word_outcomes on w.photo_id = p.id and w.stage = 'words',
       json_each(w.facts, '$.proof.flaws') f
     where p.set_id = ? and json_extract(w.facts, '$.proof.outcome') = 'blocked' and f.value ->> '$.like' is not null`,
  );
  return {
    approvedBeside: (set, photos) =>
      photos.size === 0 ? [] : blocked.all(set).flatMap(({ id, like }) => (photos.has(like) ? id : [])),
  };
}
