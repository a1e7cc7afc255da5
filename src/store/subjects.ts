import type { Facts } from "../domain/facts.ts";
import type { PhotoId, SetId } from "../domain/words.ts";
import type { Database } from "./database.ts";

/** What the machine takes a set to show. */
export interface SetSeen extends Pick<Facts["subject"], "suggestion" | "silence" | "conflict"> {
  /** of a mixed set, each subject with the photos that seem to belong to it and are not released */
  readonly parts: readonly { readonly subject: string; readonly photos: readonly PhotoId[] }[];
}

export interface Subjects {
  /** undefined before anybody looked */
  of(set: SetId): SetSeen | undefined;
}

/** Facts of one set are one thing said about all of its photos: the first tells it, but for which part each belongs to. */
export function subjectsOn(database: Database): Subjects {
  const first = database.prepare<
    [string],
    { suggestion: string | null; silence: string | null; conflict: number | null; mixed: number }
  >(
    `select c.facts ->> '$.suggestion' suggestion, c.facts ->> '$.silence' silence, c.facts ->> '$.conflict' conflict,
       coalesce(json_array_length(c.facts, '$.mixed'), 0) mixed
     from checkpoints c join photos p on p.id = c.photo_id
     where p.set_id = ? and c.stage = 'subject' order by p.position limit 1`,
  );
  const partsOf = database.prepare<[string], PartRow>(
    `select p.id, c.facts ->> '$.part' part,
       exists (select 1 from checkpoints r where r.photo_id = p.id and r.stage = 'review') released
     from checkpoints c join photos p on p.id = c.photo_id
     where p.set_id = ? and c.stage = 'subject' and part is not null
       and not exists (select 1 from culls x where x.photo_id = p.id)
     order by p.position`,
  );
  return {
    of(set) {
      const row = first.get(set);
      if (row === undefined) return undefined;
      const { suggestion, silence, conflict, mixed } = row;
      const shown = mixed === 0 ? [] : [...Map.groupBy(partsOf.all(set), ({ part }) => part)];
      return {
        suggestion: suggestion === null ? null : JSON.parse(suggestion),
        silence,
        conflict: conflict === 1,
        // Of what was released or split off before, one thing may be all that is left.
        parts: shown.length < 2 ? [] : shown.flatMap(partOf),
      };
    },
  };
}

interface PartRow {
  readonly id: PhotoId;
  readonly part: string;
  readonly released: number;
}

function partOf([subject, rows]: [string, PartRow[]]): SetSeen["parts"] {
  const photos = rows.filter(({ released }) => released === 0).map(({ id }) => id);
  return photos.length === 0 ? [] : [{ subject, photos }];
}
