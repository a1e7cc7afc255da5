import { isStageName, type StageName } from "../domain/facts.ts";
import type { Decided } from "../domain/pace.ts";
import type { Millis, PhotoId, SetId } from "../domain/words.ts";
import type { Database } from "./database.ts";

/** What went wrong at a stage, how often, and when last. */
export interface Trouble {
  readonly stage: StageName;
  readonly code: string;
  /** the whole set waited, or one photo was left out */
  readonly kind: "held" | "left out";
  readonly times: number;
  readonly sets: number;
  readonly last: Millis;
}

/** What came of the words of one model. */
export interface Proved {
  readonly model: string;
  readonly passed: number;
  readonly repaired: number;
  readonly repairedInPart: number;
  readonly blocked: number;
}

/** A set on its way through, as a run of the pipeline. */
export interface Passage {
  readonly set: SetId;
  readonly name: string;
  readonly photos: number;
  readonly leftOut: number;
  readonly published: number;
  readonly opened: Millis;
  /** when the last stage of the last photo was done; null before any was */
  readonly last: Millis | null;
  /** how often it was held */
  readonly holds: number;
}

export interface StageTimes {
  readonly stage: StageName;
  readonly photos: number;
  /** of the first photo and of the last one */
  readonly from: Millis;
  readonly to: Millis;
}

/** What happened over all sets, counted. Nothing is stored for it: it is read from what is kept anyway. */
export interface Figures {
  /** decisions that stand, by month as `2026-11` */
  decisions(): { readonly month: string; readonly verdict: string; readonly photos: number }[];
  /** decisions as they were made, without those that were undone */
  decided(): Decided[];
  proved(): Proved[];
  /** fields a person changed, most first, and how many photos have words at all */
  edited(): {
    readonly photos: number;
    readonly fields: readonly { readonly field: string; readonly photos: number }[];
  };
  /** the stages that fail most first */
  troubles(): Trouble[];
  /** the newest first */
  passages(): Passage[];
  /** in the order they began */
  stages(set: SetId): StageTimes[];
  /** of each photo of a set, the file it came in */
  files(set: SetId): ReadonlyMap<PhotoId, string>;
  /** names of the files that were published from here */
  published(): ReadonlySet<string>;
}

export function figuresOn(database: Database): Figures {
  const decisions = database.prepare<[], { month: string; verdict: string; photos: number }>(
    `select strftime('%Y-%m', at / 1000, 'unixepoch') month, verdict, count(*) photos from verdicts
     group by 1, 2 order by 1, 2`,
  );
  const decided = database.prepare<[], Decided>(
    `select g.client, g.at, count(*) photos from gestures g join ops o on o.gesture = g.id
     where o.field = 'verdict' and o.after <> 'null' and g.id not in (select gesture from undone)
     group by g.id`,
  );
  const proved = database.prepare<[], Proved>(
    `select coalesce(json_extract(facts, '$.evidence.model'), json_extract(facts, '$.captioner')) model,
       sum(json_extract(facts, '$.proof.outcome') = 'passed') passed,
       sum(json_extract(facts, '$.proof.outcome') = 'repaired') repaired,
       sum(json_extract(facts, '$.proof.outcome') = 'partially-repaired') repairedInPart,
       sum(json_extract(facts, '$.proof.outcome') = 'blocked') blocked
     from checkpoints where stage = 'words' and json_extract(facts, '$.proof.outcome') is not null
     group by 1 order by count(*) desc, 1`,
  );
  const worded = database.prepare<[], number>("select count(*) from checkpoints where stage = 'words'").pluck();
  const fields = database.prepare<[], { field: string; photos: number }>(
    "select field, count(*) photos from edits group by field order by 2 desc, 1",
  );
  const troubles = database.prepare<[], Omit<Trouble, "stage"> & { readonly stage: string }>(
    `select json_extract(data, '$.stage') stage, json_extract(data, '$.code') code,
       case kind when 'set.held' then 'held' else 'left out' end kind,
       count(*) times, count(distinct set_id) sets, max(at) last
     from journal where kind in ('set.held', 'photo.culled') and json_extract(data, '$.code') <> 'set.rolling-back'
     group by 1, 2, 3 order by times desc, last desc`,
  );
  const passages = database.prepare<[], Passage>(
    `select s.id "set", s.name, s.opened_at opened,
       (select count(*) from photos p where p.set_id = s.id) photos,
       (select count(*) from photos p join culls c on c.photo_id = p.id where p.set_id = s.id) leftOut,
       (select count(*) from photos p join checkpoints c on c.photo_id = p.id and c.stage = 'publish'
        where p.set_id = s.id) published,
       (select max(c.at) from photos p join checkpoints c on c.photo_id = p.id where p.set_id = s.id) last,
       (select count(*) from journal j where j.set_id = s.id and j.kind = 'set.held') holds
     from sets s order by s.opened_at desc, s.id`,
  );
  const stages = database.prepare<[string], { stage: string; photos: number; from: number; to: number }>(
    `select c.stage, count(*) photos, min(c.at) "from", max(c.at) "to" from photos p
     join checkpoints c on c.photo_id = p.id where p.set_id = ? group by c.stage order by 3, 4`,
  );
  const published = database
    .prepare<[], string>(
      `select json_extract(r.facts, '$.final.name') from checkpoints r
       join checkpoints p on p.photo_id = r.photo_id and p.stage = 'publish' where r.stage = 'review'`,
    )
    .pluck();

  const files = database.prepare<[string], { id: PhotoId; file: string }>(
    "select id, file from photos where set_id = ?",
  );

  return {
    decisions: () => decisions.all(),
    decided: () => decided.all(),
    proved: () => proved.all(),
    edited: () => ({ photos: worded.get() ?? 0, fields: fields.all() }),
    troubles: () => troubles.all().flatMap(({ stage, ...rest }) => (isStageName(stage) ? [{ stage, ...rest }] : [])),
    passages: () => passages.all(),
    stages: (set) => stages.all(set).flatMap(({ stage, ...rest }) => (isStageName(stage) ? [{ stage, ...rest }] : [])),
    files: (set) => new Map(files.all(set).map(({ id, file }) => [id, file])),
    published: () => new Set(published.all()),
  };
}
