import type { StageName } from "../domain/facts.ts";
import { Fault } from "../domain/fault.ts";
import type { PhotoSet, SetContext } from "../domain/photo.ts";
import type { Taxonomy } from "../domain/profile.ts";
import { subjectTriple } from "../domain/subject-rules.ts";
import type { SetId } from "../domain/words.ts";
import { type Checkpoints, ROLLING_BACK } from "./checkpoints.ts";
import type { Database } from "./database.ts";
import type { Hand } from "./gestures.ts";
import type { Journal } from "./journal.ts";
import type { Sets } from "./sets.ts";

/** What is said about sets, after they were taken in. */
export interface Descriptions {
  /** @throws Fault set.unknown, set.released, set.busy where nothing may be said about it any more, or now */
  assertOpen(set: SetId): void;
  /**
   * Puts a description in place of the one before. In the same transaction, what was made of the old one is forgotten and its
   * approvals are voided: killed right after it, the set goes on with the new one.
   *
   * @param forget stages, newest first
   * @throws Fault as `assertOpen`
   */
  describe(set: SetId, context: SetContext, forget: readonly StageName[], hand: Hand): void;
  /** makes and models found in a set so far; null stands for photos without one */
  cameras(set: SetId): (string | null)[];
  /** towns that photos of the set were taken near, by their position, those of most photos first; at most three */
  towns(set: SetId): TownOfSet[];
  /** words of the sets that were taken in before this one; of all sets if undefined */
  used(before?: Pick<PhotoSet, "id" | "openedAt">): Taxonomy;
}

export interface TownOfSet {
  readonly city: string;
  /** null near a border */
  readonly country: string | null;
  readonly photos: number;
}

/** What is farther away says little about where a set was taken. */
const NEAR_KM = 25;

export function descriptionsOn(
  database: Database,
  journal: Journal,
  sets: Sets,
  checkpoints: Checkpoints,
): Descriptions {
  const put = database.prepare<[string, string]>("update sets set context = ? where id = ?");
  const cameras = database
    .prepare<[string], string | null>(
      `select distinct json_extract(c.facts, '$.camera') camera from checkpoints c join photos p on p.id = c.photo_id
       where p.set_id = ? and c.stage = 'exif' order by camera is null, camera`,
    )
    .pluck();
  const towns = database.prepare<[string, number], TownOfSet>(
    `select json_extract(c.facts, '$.place.city') city, json_extract(c.facts, '$.place.country') country, count(*) photos
     from checkpoints c join photos p on p.id = c.photo_id
     where p.set_id = ? and c.stage = 'exif' and json_extract(c.facts, '$.place.km') <= ?
     group by city, country order by photos desc, city limit 3`,
  );
  const used = database.prepare<[number, string], { location: string | null; category: string | null }>(
    `select distinct json_extract(context, '$.location') location, json_extract(context, '$.folder') category
     from sets where (opened_at, id) < (?, ?) order by opened_at, id`,
  );

  const assertOpen = (set: SetId): void => {
    if (sets.get(set) === undefined) throw new Fault("set.unknown", `no set ${set}`);
    const { released } = sets.counts(set);
    if (released > 0) throw new Fault("set.released", `${released} photos of ${set} are released`);
    if (checkpoints.holdOf(set)?.code === ROLLING_BACK) throw new Fault("set.busy", `${set} is being rolled back`);
  };

  /** What was seen is forgotten with the description it was compared with: the line keeps it. */
  const tellSubject = (set: SetId, { subject }: SetContext, { at, by }: Hand): void => {
    const seen = sets
      .photos(set)
      .flatMap(({ id, facts }) => (facts.subject === undefined ? [] : [[id, facts.subject] as const]));
    if (seen.some(([, facts]) => facts.seen !== null))
      journal.write(at, { kind: "set.subject", set, data: { by, ...subjectTriple(seen, subject ?? null) } });
  };

  return {
    assertOpen,
    describe: database.transaction((set: SetId, context: SetContext, forget: readonly StageName[], hand: Hand) => {
      assertOpen(set);
      const before = sets.get(set)?.context;
      put.run(JSON.stringify(context), set);
      journal.write(hand.at, { kind: "set.described", set, data: { by: hand.by, before, after: context } });
      if (before?.subject !== context.subject) tellSubject(set, context, hand);
      const photos = checkpoints.progress(set);
      for (const stage of forget) {
        const having = photos.filter(({ done }) => done.has(stage)).map(({ id }) => id);
        checkpoints.forget(set, stage, having, hand.at);
      }
    }).immediate,
    cameras: (set) => cameras.all(set),
    towns: (set) => towns.all(set, NEAR_KM),
    used(before) {
      const rows = used.all(before?.openedAt ?? Number.MAX_SAFE_INTEGER, before?.id ?? "");
      return {
        locations: rows.flatMap(({ location }) => (location === null ? [] : [location])),
        categories: rows.flatMap(({ category }) => (category === null ? [] : [category])),
      };
    },
  };
}
