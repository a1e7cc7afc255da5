import { type Evidence, LikenessFacts, type PluginSaid, QualityFacts, type Tier } from "../domain/facts.ts";
import type { Prints } from "../domain/fingerprint.ts";
import type { KeeperChoice } from "../domain/keeper.ts";
import type { PhotoId, SetId } from "../domain/words.ts";
import type { Database } from "./database.ts";

/** What photos of different sets have to do with one another, and which pairs a person called no duplicates. */
export interface Likenesses {
  /** of the photos that were looked at, by rising id after one */
  hashes(after: PhotoId, most: number): readonly { readonly id: PhotoId; readonly phash: string }[];
  /** photos whose camera wrote this very time, with their fingerprints and their shape, width / height */
  takenAt(time: string): readonly (Prints & { readonly id: PhotoId; readonly aspect: number })[];
  /** for every photo of a set: those of other sets that are like it, whichever was taken in first */
  elsewhere(set: SetId): ReadonlyMap<PhotoId, readonly Kin[]>;
  /** what learned models made of photos that have a date, the latest first */
  embedded(most: number): readonly Embedded[];
  areDistinct(a: PhotoId, b: PhotoId): boolean;
  /** the photos a person called no duplicates of this one, rising */
  distinctFrom(photo: PhotoId): PhotoId[];
  /** the same for all photos of a set that have any */
  distinctIn(set: SetId): ReadonlyMap<PhotoId, ReadonlySet<PhotoId>>;
  /** puts these in place of what was said about the photo before; a pair holds for both */
  setDistinct(photo: PhotoId, others: readonly PhotoId[]): void;
  /** the photos a person keeps this one rather than, rising */
  keptOver(photo: PhotoId): PhotoId[];
  /** every such choice of a photo of a set, the latest last; what it is kept rather than may be in another set */
  choicesIn(set: SetId): readonly KeeperChoice[];
  /** puts these in place of what this photo was kept rather than before, as the latest choice */
  setKept(photo: PhotoId, others: readonly PhotoId[]): void;
}

export interface Embedded {
  readonly id: PhotoId;
  readonly set: SetId;
  /** `2026:10:14 08:12:33`, by the camera */
  readonly takenAt: string;
  readonly plugins: readonly PluginSaid[];
}

/** A photo of another set. */
export interface Kin {
  readonly photo: PhotoId;
  readonly set: SetId;
  readonly setName: string;
  /** the camera's file name */
  readonly file: string;
  readonly tier: Tier;
  readonly evidence: Evidence;
}

/** Photos of before their content was kept have it in the facts of their copy. */
const SHA = `coalesce(p.sha256, (select json_extract(i.facts, '$.sha256') from checkpoints i
  where i.photo_id = p.id and i.stage = 'ingest'))`;

export function likenessesOn(database: Database): Likenesses {
  const hashes = database.prepare<[number, number], { id: PhotoId; phash: string }>(
    `select photo_id id, json_extract(facts, '$.phash') phash from checkpoints
     where stage = 'look' and photo_id > ? order by photo_id limit ?`,
  );
  const takenAt = database.prepare<
    [string],
    { id: PhotoId; phashes: string; phash256: string; thumb: string; aspect: number }
  >(
    `select l.photo_id id, json_extract(l.facts, '$.phashes') phashes, json_extract(l.facts, '$.phash256') phash256,
       json_extract(l.facts, '$.thumb') thumb, 1.0 * json_extract(l.facts, '$.width') / json_extract(l.facts, '$.height') aspect
     from checkpoints x join checkpoints l on l.photo_id = x.photo_id and l.stage = 'look'
     where x.stage = 'exif' and json_extract(x.facts, '$.takenAt') = ? and json_extract(l.facts, '$.thumb') is not null`,
  );
  const embedded = database.prepare<[number], { id: PhotoId; set: SetId; takenAt: string; plugins: string }>(
    `select p.id, p.set_id "set", json_extract(x.facts, '$.takenAt') takenAt, json_extract(q.facts, '$.plugins') plugins
     from checkpoints q join photos p on p.id = q.photo_id join checkpoints x on x.photo_id = p.id and x.stage = 'exif'
     where q.stage = 'quality' and takenAt is not null
       and exists (select 1 from json_each(q.facts, '$.plugins') e where e.value ->> '$.said.kind' = 'embedding')
     order by p.id desc limit ?`,
  );
  const kinOf = (mine: string, theirs: string): string =>
    `select ${mine} mine, o.id photo, o.set_id "set", s.name setName, o.file, e.value ->> 'tier' tier,
       e.value -> 'evidence' evidence
     from checkpoints c, json_each(c.facts, '$.elsewhere') e, photos o, sets s
     where c.stage = 'likeness' and json_array_length(c.facts, '$.elsewhere') > 0 and o.id = ${theirs} and s.id = o.set_id`;
  const ownView = database.prepare<[string], KinRow>(
    `${kinOf("c.photo_id", "e.value ->> 'photo'")} and c.photo_id in (select id from photos where set_id = ?) order by o.id`,
  );
  const seenByOthers = database.prepare<[string], KinRow>(
    `${kinOf("e.value ->> 'photo'", "c.photo_id")}
     and e.value ->> 'photo' in (select id from photos where set_id = ?) order by o.id`,
  );
  const contentOf = database.prepare<[number], string | null>(`select ${SHA} from photos p where p.id = ?`).pluck();
  const pair = database.prepare<[string, string], number>("select 1 from unlike where a = ? and b = ?").pluck();
  const partners = database
    .prepare<[string, string], string>("select b from unlike where a = ? union select a from unlike where b = ?")
    .pluck();
  const byContent = database.prepare<[string], PhotoId>("select id from photos where sha256 = ?").pluck();
  const inSet = database.prepare<[string], { id: PhotoId; sha256: string | null }>(
    `select p.id, ${SHA} sha256 from photos p where p.set_id = ?`,
  );
  const any = database.prepare<[], number>("select 1 from unlike limit 1").pluck();
  const put = database.prepare<[string, string]>("insert into unlike (a, b) values (?, ?) on conflict do nothing");
  const drop = database.prepare<[string, string]>("delete from unlike where a = ? and b = ?");

  const over = database.prepare<[string], string>("select over from kept where keeper = ?").pluck();
  const anyKept = database.prepare<[], number>("select 1 from kept limit 1").pluck();
  const choices = database.prepare<{ set: string }, KeeperChoice>(
    `with ours as (select p.id, ${SHA} sha256 from photos p where p.set_id = @set)
     select k.id keeper, o.id over, x.sequence from kept x join ours k on k.sha256 = x.keeper join ours o on o.sha256 = x.over
     union
     select k.id, o.id, x.sequence from kept x join ours k on k.sha256 = x.keeper join photos o on o.sha256 = x.over
     order by sequence`,
  );
  const keep = database.prepare<[string, string]>(
    "insert into kept (keeper, over, sequence) values (?, ?, (select coalesce(max(sequence), 0) + 1 from kept))",
  );
  const unkeep = database.prepare<[string]>("delete from kept where keeper = ?");

  const inOrder = (one: string, other: string): [string, string] => (one < other ? [one, other] : [other, one]);
  const photosWith = (contents: readonly string[]): PhotoId[] =>
    contents.flatMap((content) => byContent.all(content)).toSorted((a, b) => a - b);
  const idsOf = (content: string | null | undefined): PhotoId[] =>
    content == null ? [] : photosWith(partners.all(content, content));

  return {
    hashes: (after, most) => hashes.all(after, most),
    takenAt: (time) => takenAt.all(time).map((row) => ({ ...row, phashes: JSON.parse(row.phashes) })),
    embedded: (most) =>
      embedded.all(most).map((row) => ({
        ...row,
        plugins: QualityFacts.shape.plugins.safeParse(JSON.parse(row.plugins)).data ?? [],
      })),
    elsewhere(set) {
      const found = new Map<PhotoId, Map<PhotoId, Kin>>();
      for (const { mine, evidence, tier, ...kin } of [...ownView.all(set), ...seenByOthers.all(set)]) {
        const read = LikenessFacts.shape.elsewhere.safeParse([
          { photo: kin.photo, tier, evidence: JSON.parse(evidence) },
        ]);
        const [one] = read.data ?? [];
        if (one !== undefined) found.set(mine, (found.get(mine) ?? new Map()).set(kin.photo, { ...kin, ...one }));
      }
      return new Map([...found].map(([photo, kin]) => [photo, [...kin.values()]]));
    },
    areDistinct(a, b) {
      if (any.get() === undefined) return false;
      const [one, other] = [contentOf.get(a), contentOf.get(b)];
      return one != null && other != null && pair.get(...inOrder(one, other)) !== undefined;
    },
    distinctFrom: (photo) => idsOf(contentOf.get(photo)),
    distinctIn(set) {
      if (any.get() === undefined) return new Map();
      const all = inSet.all(set).map(({ id, sha256 }) => [id, new Set(idsOf(sha256))] as const);
      return new Map(all.filter(([, others]) => others.size > 0));
    },
    setDistinct(photo, others) {
      const own = contentOf.get(photo);
      if (own == null) return;
      for (const partner of partners.all(own, own)) drop.run(...inOrder(own, partner));
      for (const other of others) {
        const content = contentOf.get(other);
        if (content != null && content !== own) put.run(...inOrder(own, content));
      }
    },
    keptOver(photo) {
      const own = contentOf.get(photo);
      return own == null ? [] : photosWith(over.all(own));
    },
    choicesIn: (set) =>
      anyKept.get() === undefined ? [] : choices.all({ set }).map(({ keeper, over }) => ({ keeper, over })),
    setKept(photo, others) {
      const own = contentOf.get(photo);
      if (own == null) return;
      unkeep.run(own);
      const contents = new Set(others.map((other) => contentOf.get(other)));
      for (const content of contents) if (content != null && content !== own) keep.run(own, content);
    },
  };
}

interface KinRow {
  readonly mine: PhotoId;
  readonly photo: PhotoId;
  readonly set: SetId;
  readonly setName: string;
  readonly file: string;
  readonly tier: string;
  readonly evidence: string;
}
