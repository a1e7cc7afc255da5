import { addFacts, type Facts } from "../domain/facts.ts";
import type { Millis, PhotoId, SetId } from "../domain/words.ts";
import type { Database } from "./database.ts";

/** Words a photo had before those it has now. */
export interface Generation {
  /** when they were made */
  readonly at: Millis;
  /** null where this version cannot read them any more; they are kept all the same */
  readonly words: Facts["words"] | null;
  /** they were forgotten because their model was found to be blind */
  readonly isDistrusted: boolean;
}

/** The words that were redone. The triggers of the schema write them, nobody else. */
export interface Generations {
  /** the oldest first */
  of(photo: PhotoId): Generation[];
  /** how often the words of each photo of a set were redone; photos whose words never were are left out */
  counts(set: SetId): ReadonlyMap<PhotoId, number>;
}

export function generationsOn(database: Database): Generations {
  const ofPhoto = database.prepare<[number], { at: number; facts: string; distrusted: number }>(
    `select g.at, g.facts,
       json_extract(g.facts, '$.evidence') is not null
         and exists (select 1 from rewritten r where r.photo_id = g.photo_id and r.at >= g.at) distrusted
     from generations g where g.photo_id = ? order by g.sequence`,
  );
  const counted = database.prepare<[string], { photo_id: number; n: number }>(
    `select g.photo_id, count(*) n from generations g join photos p on p.id = g.photo_id
     where p.set_id = ? group by g.photo_id`,
  );
  return {
    of: (photo) =>
      ofPhoto.all(photo).map(({ at, facts, distrusted }) => {
        const read: { words?: Facts["words"] } = {};
        const words = addFacts(read, "words", JSON.parse(facts)) ? (read.words ?? null) : null;
        return { at, words, isDistrusted: distrusted === 1 };
      }),
    counts: (set) => new Map(counted.all(set).map(({ photo_id, n }) => [photo_id, n])),
  };
}
