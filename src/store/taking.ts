import { basename } from "node:path";
import type { Drop, Shot, SourceFile } from "../domain/photo.ts";
import { MINUTE, type Millis, type PhotoId, type SetId } from "../domain/words.ts";
import type { Database } from "./database.ts";
import type { Journal } from "./journal.ts";

/** Loose files join loose files that came this short a time before; a folder's late files always join theirs. */
const LOOSE_TOGETHER_MS = 30 * MINUTE;

/** Left out because its file was not there, or another: when its bytes are seen again, wherever, it is taken again. */
export const RETURNS = ["photo.gone", "photo.changed", "photo.replaced"] as const;

interface Known {
  readonly id: PhotoId;
  readonly set_id: SetId;
  readonly source: string;
  readonly bytes: number;
  readonly mtime_ms: Millis;
  readonly sha256: string | null;
  readonly inbox: string;
  readonly cull: string | null;
  readonly verdict: string | null;
  /** a person decided about it, or it is released */
  readonly decided: number;
}

/** Rejected or left out: when it comes again, a person is asked whether they want it reviewed again. */
const isTurnedAway = ({ verdict, cull }: Known): boolean =>
  verdict === "rejected" || (cull !== null && !RETURNS.some((code) => code === cull));

/** Another place where the bytes of a photo lie. */
type Copy = Pick<SourceFile, "path" | "bytes" | "mtimeMs">;

/** What became of a drop. */
export interface Taken {
  /** the set that its new photos are in; undefined if there are none */
  readonly set: SetId | undefined;
  readonly isNewSet: boolean;
  /** sets with something to do because of it */
  readonly touched: readonly SetId[];
}

/**
 * Makes photos out of a drop, by content: the same bytes are the same photo, wherever they lie and whatever they are
 * called; other bytes under a known name are another photo, or a new version of the file at that very path.
 */
export function takerOn(database: Database, journal: Journal, newId: (name: string) => SetId) {
  const known = `select p.id, p.set_id, p.source, p.bytes, p.mtime_ms, p.sha256, s.inbox, c.code cull, v.verdict,
      v.photo_id is not null or r.photo_id is not null decided
    from photos p join sets s on s.id = p.set_id
    left join culls c on c.photo_id = p.id
    left join verdicts v on v.photo_id = p.id
    left join checkpoints r on r.photo_id = p.id and r.stage = 'review'`;
  const bySource = database.prepare<[string, number, number], Known>(
    `${known} where p.source = ? and p.bytes = ? and p.mtime_ms = ?`,
  );
  const byContent = database.prepare<[string], Known>(`${known} where p.sha256 = ?`);
  // The next card has the same names in it: a path is the same one only on the same volume.
  const onThisVolume = "s.volume is (select marker from volumes where inbox = s.inbox)";
  const byPath = database.prepare<[string], Known>(
    `${known} where p.source = ? and ${onThisVolume} order by p.id desc`,
  );
  const copiesOf = database.prepare<[number], Copy>(
    "select path, bytes, mtime_ms mtimeMs from aliases where photo_id = ? order by path",
  );
  const joinable = database.prepare<[string, string], { id: SetId; opened_at: number; reviewed: number }>(
    `select s.id, s.opened_at,
       exists (select 1 from ops o where o.set_id = s.id) or exists (select 1 from releases r where r.set_id = s.id)
         or exists (select 1 from holds h where h.set_id = s.id and h.code = 'set.rolling-back') reviewed
     from sets s where s.inbox = ? and s.folder = ? and ${onThisVolume}
       and s.id not in (select set_id from split_off) order by s.opened_at desc, s.rowid desc limit 1`,
  );
  const insertSet = database.prepare(
    `insert into sets (id, name, inbox, folder, context, opened_at, follows, volume)
     values (@id, @name, @inbox, @folder, @context, @at, @follows, (select marker from volumes where inbox = @inbox))`,
  );
  const insertPhoto = database.prepare(
    `insert into photos (set_id, position, source, file, bytes, mtime_ms, name_is_text, companions, sha256, revises)
     values (@set, (select coalesce(max(position), 0) + 1 from photos where set_id = @set), @source, @file, @bytes, @mtimeMs,
       @nameIsText, @companions, @sha256, @revises)`,
  );
  const insertAlias = database.prepare(
    `insert into aliases (path, inbox, bytes, mtime_ms, photo_id, at) values (@path, @inbox, @bytes, @mtimeMs, @photo, @at)
     on conflict do update set bytes = excluded.bytes, mtime_ms = excluded.mtime_ms, photo_id = excluded.photo_id, at = excluded.at`,
  );
  const dropAlias = database.prepare<[string]>("delete from aliases where path = ?");
  const moveTo = database.prepare(
    "update photos set source = @path, file = @file, bytes = @bytes, mtime_ms = @mtimeMs where id = @photo",
  );
  const reidentify = database.prepare<[string | null, number]>("update photos set sha256 = ? where id = ?");
  const unCull = database.prepare<[number]>("delete from culls where photo_id = ?");
  const cull = database.prepare<[number, string, number]>(
    "insert into culls (photo_id, stage, code, why, at) values (?, 'validate', 'photo.replaced', ?, ?) on conflict do nothing",
  );
  const sourcesOf = database.prepare<[string], { source: string }>("select source from photos where set_id = ?");
  const refolder = database.prepare<[string, string]>("update sets set folder = ? where id = ?");

  return database.transaction((drop: Drop, at: Millis, isHere: (path: string) => boolean): Taken => {
    const touched = new Set<SetId>();
    const moved = new Set<SetId>();
    let added = 0;
    let target: { readonly set: SetId; readonly isNew: boolean } | undefined;

    const setForNew = (): SetId => {
      target ??= openOrJoin();
      touched.add(target.set);
      return target.set;
    };
    const openOrJoin = () => {
      const last = joinable.get(drop.inbox, drop.folder);
      const isLoose = drop.folder === drop.inbox;
      const isTogether = last !== undefined && !(isLoose && at - last.opened_at > LOOSE_TOGETHER_MS);
      if (last !== undefined && isTogether && last.reviewed === 0) return { set: last.id, isNew: false };
      const id = newId(drop.name);
      const follows = isTogether ? last.id : null;
      const { name, inbox, folder } = drop;
      insertSet.run({ id, name, inbox, folder, context: JSON.stringify(drop.context), at, follows });
      return { set: id, isNew: true };
    };

    const add = ({ main, companions }: Shot, revises: Known | undefined): void => {
      insertPhoto.run({
        set: setForNew(),
        source: main.path,
        file: basename(main.path),
        bytes: main.bytes,
        mtimeMs: main.mtimeMs,
        nameIsText: main.nameIsText ? 1 : 0,
        companions: JSON.stringify(companions),
        sha256: main.sha256 ?? null,
        revises: revises?.id ?? null,
      });
      dropAlias.run(main.path);
      added += 1;
    };

    const takeShot = (shot: Shot): void => {
      const { main } = shot;
      const [before] = byPath.all(main.path);
      displaceOthers(main);
      const same = bySource.get(main.path, main.bytes, main.mtimeMs);
      if (same !== undefined) {
        returned(same, main);
        return;
      }
      const twin = main.sha256 === undefined ? undefined : byContent.get(main.sha256);
      if (twin === undefined) add(shot, before);
      else seenAgain(twin, main);
    };

    /** Photos whose file this was until other bytes came: they are where a copy of them lies, or were replaced. */
    const displaceOthers = (main: SourceFile): void => {
      const others = byPath.all(main.path).filter(({ sha256 }) => main.sha256 === undefined || sha256 !== main.sha256);
      for (const photo of others.filter((one) => !isAt(one, main))) {
        const copy = copiesOf.all(photo.id).find(({ path }) => path !== main.path && isHere(path));
        if (copy !== undefined && !isTurnedAway(photo)) move(photo, copy);
        else if (photo.decided === 0 && photo.cull === null) replaced(photo, main);
      }
    };
    const isAt = ({ bytes, mtime_ms }: Known, main: SourceFile): boolean =>
      bytes === main.bytes && mtime_ms === main.mtimeMs;

    const replaced = ({ id, set_id }: Known, { path }: SourceFile): void => {
      cull.run(id, `${path} was replaced by another version of the file`, at);
      const data = { stage: "validate", code: "photo.replaced" };
      journal.write(at, { kind: "photo.culled", set: set_id, photo: id, data });
      touched.add(set_id);
    };

    /** The very file of a photo that was left out because it was not there. */
    const returned = (photo: Known, main: SourceFile): void => {
      if (!RETURNS.some((code) => code === photo.cull)) return;
      if (main.sha256 !== undefined && byContent.get(main.sha256) === undefined) reidentify.run(main.sha256, photo.id);
      unCull.run(photo.id);
      journal.write(at, { kind: "photo.taken-back", set: photo.set_id, photo: photo.id, data: { by: "return" } });
      touched.add(photo.set_id);
    };

    /** The bytes of a known photo at another path, or with another time. */
    const seenAgain = (photo: Known, main: SourceFile): void => {
      if (!isTurnedAway(photo) && (photo.source === main.path || hasLostItsFile(photo))) {
        move(photo, main);
        returned(photo, main);
        return;
      }
      const { path, bytes, mtimeMs } = main;
      insertAlias.run({ path, inbox: drop.inbox, bytes, mtimeMs, photo: photo.id, at });
      journal.write(at, { kind: "photo.alias", set: photo.set_id, photo: photo.id, data: { path } });
    };
    const hasLostItsFile = ({ cull: code, inbox, source }: Known): boolean =>
      RETURNS.some((one) => one === code) || (inbox === drop.inbox && !isHere(source));

    const move = ({ id, set_id, source }: Known, { path, bytes, mtimeMs }: SourceFile | Copy): void => {
      moveTo.run({ path, file: basename(path), bytes, mtimeMs, photo: id });
      dropAlias.run(path);
      if (source !== path)
        journal.write(at, { kind: "photo.moved", set: set_id, photo: id, data: { from: source, to: path } });
      moved.add(set_id);
    };
    /** A set whose photos all lie in another folder now is the set of that folder. */
    const followFolder = (set: SetId): void => {
      if (sourcesOf.all(set).every(({ source }) => source.startsWith(`${drop.folder}/`)))
        refolder.run(drop.folder, set);
    };

    for (const shot of drop.shots) takeShot(shot);
    for (const set of moved) followFolder(set);
    if (target !== undefined)
      journal.write(at, {
        kind: target.isNew ? "set.opened" : "set.joined",
        set: target.set,
        data: { folder: drop.folder, photos: added },
      });
    return { set: target?.set, isNewSet: target?.isNew ?? false, touched: [...touched] };
  }).immediate;
}
