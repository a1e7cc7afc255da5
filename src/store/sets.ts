import { basename, join } from "node:path";
import { addFacts, type Facts, IRREPLACEABLE, isStageName, type StageName } from "../domain/facts.ts";
import { Fault } from "../domain/fault.ts";
import { OwnWordSchema, underOwnWord } from "../domain/own-word.ts";
import type { Cull, Drop, LoadedPhoto, OwnWord, PhotoSet, SetContext, SourceFile } from "../domain/photo.ts";
import { addRemains } from "../domain/remains.ts";
import type { Millis, PhotoId, SetId } from "../domain/words.ts";
import type { Database } from "./database.ts";
import type { Journal } from "./journal.ts";
import { memoryOn } from "./memory.ts";
import { type Taken, takerOn } from "./taking.ts";

interface SetRow {
  readonly id: string;
  readonly name: string;
  readonly inbox: string;
  readonly folder: string;
  readonly context: string;
  readonly opened_at: number;
  readonly follows: string | null;
}

interface PhotoRow {
  readonly id: number;
  readonly set_id: string;
  readonly position: number;
  readonly source: string;
  readonly bytes: number;
  readonly mtime_ms: number;
  readonly name_is_text: number;
  readonly companions: string;
  readonly sha256: string | null;
  readonly revises: number | null;
  /** what is said of this photo alone */
  readonly said: string | null;
}

/** How far a set is, as the cards, the tray and the CLI show it. */
export interface SetCounts {
  readonly photos: number;
  readonly culled: number;
  /** at the gate, without a verdict */
  readonly undecided: number;
  /** of these, those a person wants to approve once their words are there, and of those before the gate */
  readonly wished: number;
  readonly approved: number;
  readonly rejected: number;
  readonly held: number;
  readonly released: number;
  readonly published: number;
  readonly archived: number;
  /** have a quality figure */
  readonly rated: number;
  /** have it without some metrics, and not from a person */
  readonly partial: number;
  /** stands before the gate */
  readonly working: number;
  /** photos that have the facts of each stage */
  readonly stages: { readonly [K in StageName]?: number };
}

export interface Sets {
  /**
   * Takes a settled drop in, into a new set or into one that is not reviewed yet; the same files again change nothing.
   *
   * @param isHere does a file lie at this path of the inbox now? A photo whose file is elsewhere has moved
   */
  take(drop: Drop, at: Millis, isHere?: (path: string) => boolean): Taken;
  /** the set its new photos are in; undefined if there are none */
  open(drop: Drop, at: Millis): PhotoSet | undefined;
  /** Takes another copy of a photo's bytes for its file, if one lies in an inbox. @returns whether there is one */
  repoint(photo: PhotoId, at: Millis): boolean;
  /** Adds a companion that came late. @returns false if the photo was copied without it */
  addCompanion(owner: Pick<SourceFile, "path" | "bytes" | "mtimeMs">, companion: SourceFile): boolean;
  get(id: SetId): PhotoSet | undefined;
  all(): PhotoSet[];
  /** sets with something for the machine to do: before the gate, released and not yet archived, held, to be cleared, or restored */
  underway(): SetId[];
  /**
   * With all facts that still read; culled photos included.
   *
   * @param only these of them, in any order; all of them, if nothing is said
   */
  photos(id: SetId, only?: readonly PhotoId[]): LoadedPhoto[];
  photo(id: PhotoId): LoadedPhoto | undefined;
  /** the first photos of a set, in its order; culled photos included */
  first(id: SetId, many: number): PhotoId[];
  /** photos of all sets that are called so: by their number, path, the camera's file name, or the name they are published under */
  called(text: string): PhotoId[];
  /** of all sets */
  photoIds(): ReadonlySet<PhotoId>;
  culls(id: SetId): Map<PhotoId, Cull>;
  counts(id: SetId): SetCounts;
  /** mean luma of its photos that were looked at, 0-255, without those left out */
  exposures(id: SetId): ReadonlyMap<PhotoId, number>;
  /** Forgets a set wholly; the journal and the ops keep its story. */
  remove(id: SetId, at: Millis): void;
}

/** Characters of stored facts that are kept as they were read: of about a thousand photos. */
const REMEMBERED = 4_000_000;

export function setsOn(database: Database, journal: Journal, workRoot: string): Sets {
  const byId = database.prepare<[string], SetRow>("select * from sets where id = ?");
  const everyOne = database.prepare<[], SetRow>("select * from sets order by opened_at, id");
  const photosOf = database.prepare<[string], PhotoRow>(
    `select p.*, o.said from photos p left join own_words o on o.photo_id = p.id where p.set_id = ? order by position`,
  );
  const photoById = database.prepare<[number], PhotoRow>(
    "select p.*, o.said from photos p left join own_words o on o.photo_id = p.id where p.id = ?",
  );
  const somePhotosOf = database.prepare<[string, string], PhotoRow>(
    `select p.*, o.said from photos p left join own_words o on o.photo_id = p.id
     where p.set_id = ? and p.id in (select value from json_each(?)) order by p.position`,
  );
  const factsOfPhoto = database.prepare<[number], { photo_id: number; stage: string; facts: string }>(
    "select photo_id, stage, facts from checkpoints where photo_id = ?",
  );
  const cullsOf = database.prepare<[string], { photo_id: number; stage: string; code: string; why: string }>(
    "select c.photo_id, c.stage, c.code, c.why from culls c join photos p on p.id = c.photo_id where p.set_id = ?",
  );
  const stageCounts = database.prepare<[string], { stage: string; n: number }>(
    "select c.stage, count(*) n from checkpoints c join photos p on p.id = c.photo_id where p.set_id = ? group by c.stage",
  );
  const verdictCounts = database.prepare<[string], Omit<SetCounts, "stages">>(
    `select count(*) photos,
       count(c.photo_id) culled,
       coalesce(sum(c.photo_id is null and n.facts is null), 0) working,
       coalesce(sum(c.photo_id is null and n.facts is not null and r.facts is null and v.verdict is null), 0) undecided,
       coalesce(sum(c.photo_id is null and r.facts is null and w.photo_id is not null), 0) wished,
       coalesce(sum(c.photo_id is null and r.facts is null and v.verdict is 'approved'), 0) approved,
       coalesce(sum(c.photo_id is null and r.facts is null and v.verdict is 'rejected'), 0) rejected,
       coalesce(sum(c.photo_id is null and r.facts is null and v.verdict is 'held'), 0) held,
       coalesce(sum(c.photo_id is null and q.photo_id is not null), 0) rated,
       coalesce(sum(c.photo_id is null and m.photo_id is not null and e.photo_id is null), 0) partial,
       count(r.facts) released, count(u.facts) published, count(a.facts) archived
     from photos p
     left join culls c on c.photo_id = p.id
     left join verdicts v on v.photo_id = p.id
     left join wishes w on w.photo_id = p.id
     left join checkpoints q on q.photo_id = p.id and q.stage = 'quality'
     left join checkpoints m on m.photo_id = p.id and m.stage = 'quality' and json_array_length(m.facts, '$.missing') > 0
     left join edits e on e.photo_id = p.id and e.field = 'qr'
     left join checkpoints n on n.photo_id = p.id and n.stage = 'name'
       and exists (select 1 from checkpoints t where t.photo_id = p.id and t.stage = 'words')
     left join checkpoints r on r.photo_id = p.id and r.stage = 'review'
     left join checkpoints u on u.photo_id = p.id and u.stage = 'publish'
     left join checkpoints a on a.photo_id = p.id and a.stage = 'archive'
     where p.set_id = ?`,
  );
  const firstOf = database
    .prepare<[string, number], number>("select id from photos where set_id = ? order by position limit ?")
    .pluck();
  // Word for word as in the index: the facts themselves, thousands of bytes a photo, are not read.
  const exposures = database.prepare<[string], { id: number; brightness: number }>(
    `select p.id, json_extract(facts, '$.brightness') brightness
     from photos p join checkpoints indexed by exposures on photo_id = p.id and stage = 'look'
     where p.set_id = ? and brightness is not null and not exists (select 1 from culls c where c.photo_id = p.id)`,
  );
  const called = database
    .prepare<{ text: string }, number>(
      `select p.id from photos p left join names n on n.photo_id = p.id
       where cast(p.id as text) = @text or p.source = @text or p.file = @text collate nocase or n.name = @text collate nocase
       order by p.id`,
    )
    .pluck();
  const ids = database.prepare<[], number>("select id from photos").pluck();
  const underway = database
    .prepare<[], string>(
      `select id from sets s where exists (
         select 1 from photos p
         where p.set_id = s.id
           and not exists (select 1 from culls c where c.photo_id = p.id)
           and not exists (select 1 from checkpoints a where a.photo_id = p.id and a.stage = 'archive')
           and (not exists (select 1 from checkpoints n where n.photo_id = p.id and n.stage = 'name')
             or not exists (select 1 from checkpoints t where t.photo_id = p.id and t.stage = 'words')
             or not exists (select 1 from checkpoints b where b.photo_id = p.id and b.stage = 'subject')
             or exists (select 1 from checkpoints r where r.photo_id = p.id and r.stage = 'review')))
         or exists (select 1 from holds h where h.set_id = s.id)
         or exists (select 1 from clearings d where d.set_id = s.id)
         or exists (select 1 from restored r join photos p on p.id = r.photo_id where p.set_id = s.id)
       order by opened_at, id`,
    )
    .pluck();
  const drop = database.prepare<[string]>("delete from sets where id = ?");
  const bySource = database.prepare<[string, number, number], { id: number; companions: string; ingested: number }>(
    `select p.id, p.companions, i.facts is not null ingested from photos p
     left join checkpoints i on i.photo_id = p.id and i.stage = 'ingest'
     where p.source = ? and p.bytes = ? and p.mtime_ms = ?`,
  );
  const anyAlias = database.prepare<[number], { path: string; bytes: number; mtimeMs: number }>(
    "select path, bytes, mtime_ms mtimeMs from aliases where photo_id = ? order by path limit 1",
  );
  const setSource = database.prepare(
    "update photos set source = @path, file = @file, bytes = @bytes, mtime_ms = @mtimeMs where id = @photo",
  );
  const dropAlias = database.prepare<[string]>("delete from aliases where path = ?");
  const setCompanions = database.prepare<[string, number]>("update photos set companions = ? where id = ?");
  const taker = takerOn(database, journal, (name) =>
    freeId(name, (taken) => byId.get(taken) !== undefined || journal.knows(taken)),
  );
  const take: Sets["take"] = (settled, at, isHere = () => true) => taker(settled, at, isHere);

  const contextOf = (set: SetRow): SetContext => JSON.parse(set.context);
  const setOf = (row: SetRow): PhotoSet => ({
    id: row.id,
    name: row.name,
    inbox: row.inbox,
    folder: row.folder,
    context: contextOf(row),
    openedAt: row.opened_at,
    follows: row.follows,
  });

  const remembered = memoryOn<LoadedPhoto>(database, REMEMBERED);
  const loaded = (row: PhotoRow, context: SetContext): LoadedPhoto => {
    const before = remembered.get(row.id);
    if (before !== undefined) return before;
    const stored = factsOfPhoto.all(row.id);
    const photo = frozen(load(row, context, stored));
    remembered.keep(
      row.id,
      photo,
      stored.reduce((sum, { facts }) => sum + facts.length, 0),
    );
    return photo;
  };
  const load = (row: PhotoRow, context: SetContext, facts: Iterable<{ stage: string; facts: string }>): LoadedPhoto => {
    const companions: SourceFile[] = JSON.parse(row.companions);
    return {
      id: row.id,
      setId: row.set_id,
      position: row.position,
      source: {
        path: row.source,
        bytes: row.bytes,
        mtimeMs: row.mtime_ms,
        nameIsText: row.name_is_text === 1,
        sha256: row.sha256 ?? undefined,
      },
      revises: row.revises,
      companions,
      ...saidOf(context, row.said),
      dir: join(workRoot, String(row.id)),
      ...decoded(row.id, facts),
    };
  };

  return {
    take,
    open(drop, at) {
      const { set } = take(drop, at);
      const row = set === undefined ? undefined : byId.get(set);
      return row && setOf(row);
    },
    repoint: database.transaction((photo: PhotoId, at: Millis) => {
      const copy = anyAlias.get(photo);
      const from = photoById.get(photo);
      if (copy === undefined || from === undefined) return false;
      setSource.run({ ...copy, file: basename(copy.path), photo });
      dropAlias.run(copy.path);
      journal.write(at, { kind: "photo.moved", set: from.set_id, photo, data: { from: from.source, to: copy.path } });
      return true;
    }).immediate,
    addCompanion: database.transaction((owner, companion: SourceFile) => {
      const row = bySource.get(owner.path, owner.bytes, owner.mtimeMs);
      if (row === undefined || row.ingested === 1) return false;
      const companions: SourceFile[] = JSON.parse(row.companions);
      const others = companions.filter(({ path }) => path !== companion.path);
      setCompanions.run(JSON.stringify([...others, companion]), row.id);
      return true;
    }).immediate,
    get(id) {
      const row = byId.get(id);
      return row === undefined ? undefined : setOf(row);
    },
    underway: () => underway.all(),
    all: () => everyOne.all().map(setOf),
    photos(id, only) {
      const set = byId.get(id);
      if (set === undefined) return [];
      const context = contextOf(set);
      const rows = only === undefined ? photosOf.all(id) : somePhotosOf.all(id, JSON.stringify(only));
      return rows.map((row) => loaded(row, context));
    },
    photo(id) {
      const before = remembered.get(id);
      if (before !== undefined) return before;
      const row = photoById.get(id);
      const set = row && byId.get(row.set_id);
      return set && loaded(row, contextOf(set));
    },
    first: (id, many) => firstOf.all(id, many),
    called: (text) => called.all({ text }),
    photoIds: () => new Set(ids.all()),
    culls: (id) =>
      new Map(
        cullsOf
          .all(id)
          .flatMap(({ photo_id, stage, code, why }) => (isStageName(stage) ? [[photo_id, { stage, code, why }]] : [])),
      ),
    exposures: (id) => new Map(exposures.all(id).map((row) => [row.id, row.brightness])),
    counts(id) {
      const counts = verdictCounts.get(id);
      if (counts === undefined) throw new Fault("set.unknown", `no set ${id}`);
      return { ...counts, stages: Object.fromEntries(stageCounts.all(id).map(({ stage, n }) => [stage, n])) };
    },
    remove: database.transaction((id: SetId, at: Millis) => {
      drop.run(id);
      journal.write(at, { kind: "set.removed", set: id });
    }).immediate,
  };
}

/** Many are shown the same one: nobody changes it. */
function frozen<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  for (const part of Object.values(value)) frozen(part);
  return Object.freeze(value);
}

/** What no longer reads of a person's word about one photo is as if it had not been said. */
function saidOf(context: SetContext, said: string | null): Pick<LoadedPhoto, "context" | "own"> {
  const word: OwnWord | undefined = said === null ? undefined : OwnWordSchema.safeParse(JSON.parse(said)).data;
  return word === undefined ? { context } : { context: underOwnWord(context, word), own: { word, of: context } };
}

/** Facts that no longer read are treated as missing, so the stage runs again; never those of a person or of the site. */
function decoded(
  photo: PhotoId,
  rows: Iterable<{ stage: string; facts: string }>,
): Pick<LoadedPhoto, "facts" | "remains"> {
  const facts: { [K in StageName]?: Facts[K] } = {};
  const remains = {};
  for (const row of rows) {
    if (!isStageName(row.stage)) continue;
    const stored: unknown = JSON.parse(row.facts);
    if (addFacts(facts, row.stage, stored)) continue;
    if (IRREPLACEABLE.has(row.stage))
      throw new Fault(
        "set.facts-unreadable",
        `photo ${photo}: the stored facts of ${row.stage} do not fit this version`,
      );
    addRemains(remains, row.stage, stored);
  }
  return { facts, remains };
}

/** `2026-10-gulls-texel`, then `-2`, `-3`: an id is never used twice, so old links and logs keep their meaning. */
export function freeId(name: string, isTaken: (id: SetId) => boolean): SetId {
  const plain = name
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-");
  const base = plain.replace(/^-+/, "").slice(0, 60).replace(/-+$/, "") || "set";
  for (let n = 1; ; n += 1) {
    const id = n === 1 ? base : `${base}-${n}`;
    if (!isTaken(id)) return id;
  }
}
