import { join } from "node:path";
import { SOUND } from "../domain/niqe.ts";
import { SCORER } from "../domain/technical.ts";
import type { Database } from "./database.ts";

/** A photo that may stand for the archive: approved, and technically sound. */
export interface SoundPhoto {
  readonly sha256: string;
  /** absolute: features of its sharp patches; gone if its set was cleared */
  readonly patches: string;
}

/** What the photographer approved, in all sets: what every new photo is compared with. */
export interface Approved {
  /** technical scores by the present rules, ascending; kept until an approval is given or taken back */
  scores(): Float64Array;
  /** in the order of their hashes: any first part of them is a fair sample, and always the same */
  sound(): SoundPhoto[];
}

// What was released keeps its verdict. Other rules than the present ones gave other scores.
const APPROVED = `from verdicts v join checkpoints q on q.photo_id = v.photo_id and q.stage = 'quality'
  join checkpoints i on i.photo_id = v.photo_id and i.stage = 'ingest'
  join checkpoints l on l.photo_id = v.photo_id and l.stage = 'look'
  where v.verdict = 'approved' and json_extract(q.facts, '$.technical.scorer') = ?`;

export function approvedOn(database: Database, workRoot: string): Approved {
  const scores = database
    .prepare<[string], number>(`select json_extract(q.facts, '$.technical.score') score ${APPROVED} order by score`)
    .pluck();
  const decided = database
    .prepare<[], string>("select count(*) || ' ' || coalesce(sum(at), 0) from verdicts where verdict = 'approved'")
    .pluck();
  const sound = database.prepare<[string, number, number, number], { id: number; sha256: string; patches: string }>(
    `select v.photo_id id, json_extract(i.facts, '$.sha256') sha256, json_extract(l.facts, '$.patches') patches
     ${APPROVED} and patches is not null
       and json_extract(q.facts, '$.technical.scores.sharp') >= ?
       and json_extract(q.facts, '$.technical.scores.noise') >= ?
       and coalesce(json_extract(q.facts, '$.technical.scores.block'), 100) >= ?
     order by sha256`,
  );
  let known: { readonly key: string | undefined; readonly scores: Float64Array } | undefined;

  return {
    scores() {
      const key = decided.get();
      if (known?.key !== key) known = { key, scores: Float64Array.from(scores.all(SCORER)) };
      return known?.scores ?? new Float64Array();
    },
    sound: () =>
      sound
        .all(SCORER, SOUND.sharp, SOUND.noise, SOUND.block)
        .map(({ id, sha256, patches }) => ({ sha256, patches: join(workRoot, String(id), patches) })),
  };
}
