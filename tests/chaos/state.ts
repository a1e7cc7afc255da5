/** What a home holds at a moment: the rows, read by the product's own store, and the files. */
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { codeOf } from "../../src/domain/fault.ts";
import { english } from "../../src/language/english.ts";
import { ROLLING_BACK } from "../../src/store/checkpoints.ts";
import { openDatabase, openForReading, openPlain } from "../../src/store/database.ts";
import type { JournalLine } from "../../src/store/journal.ts";
import { STORE_FILE, type Store, storeOn } from "../../src/store/store.ts";
import { filesBelow, sha256 } from "./scenario.ts";

export interface MirrorRow {
  readonly File_Name: string;
  readonly [column: string]: unknown;
}

export interface PhotoState {
  readonly id: number;
  readonly setId: string;
  /** below the home */
  readonly source: string;
  readonly dir: string;
  readonly facts: ReturnType<Store["sets"]["photos"]>[number]["facts"];
  readonly cull: string | null;
  readonly verdict: string | null;
  readonly edits: Readonly<Record<string, unknown>>;
  readonly name: string | null;
  /** its set is being taken back: files and names go before the rows do */
  readonly goes: boolean;
}

export interface HomeState {
  readonly home: string;
  readonly photos: readonly PhotoState[];
  /** the ledger as it is: folded key, photo */
  readonly names: readonly { readonly photo_id: number; readonly key: string; readonly name: string }[];
  readonly journal: readonly JournalLine[];
  readonly brokenAt: number | undefined;
  readonly opIds: ReadonlySet<string>;
  readonly aside: ReadonlyMap<string, string | null>;
  readonly mirror: readonly MirrorRow[];
  readonly pragmas: Readonly<Record<string, unknown>>;
  /** path below the folder -> sha256 */
  readonly site: ReadonlyMap<string, string>;
  readonly archive: ReadonlyMap<string, string>;
  readonly work: ReadonlyMap<string, string>;
}

export const MIRROR = "photos_info_revamp.db";

/**
 * Reads a home whose daemon is dead.
 *
 * @param scratch folder for copies of the databases: what a dead daemon left is looked at without healing it
 * @returns undefined before the first daemon made its database
 */
export function readHome(home: string, scratch: string): HomeState | undefined {
  const data = join(home, "data");
  if (!existsSync(join(data, STORE_FILE))) return undefined;
  rmSync(scratch, { recursive: true, force: true });
  mkdirSync(scratch, { recursive: true });
  for (const file of [STORE_FILE, MIRROR])
    for (const suffix of ["", "-wal", "-journal"])
      if (existsSync(join(data, file + suffix))) copyFileSync(join(data, file + suffix), join(scratch, file + suffix));
  // Killed before the schema was there: nothing to read yet, and the next start makes it.
  if (schemaOf(join(scratch, STORE_FILE)) === 0) return undefined;
  return stateOf(home, scratch);
}

/** Reads a home beside its running daemon. */
export const readLiveHome = (home: string): HomeState | undefined => stateOf(home, join(home, "data"));

function stateOf(home: string, data: string): HomeState | undefined {
  const database = openForReading(join(data, STORE_FILE));
  try {
    if (database.prepare("select 1 from installation").get() === undefined) return undefined;
    const store = storeOn(database, english());
    const pragma = (name: string): unknown => database.pragma(name, { simple: true });
    const allOf = <T>(sql: string): T[] => database.prepare<[], T>(sql).all();
    const names = allOf<{ photo_id: number; key: string; name: string }>("select photo_id, key, name from names");
    return {
      home,
      photos: photosOf(home, store),
      names,
      journal: allOf<JournalLine>("select * from journal order by seq"),
      brokenAt: store.journal.brokenAt(),
      opIds: new Set(allOf<{ id: string }>("select id from ops").map(({ id }) => id)),
      aside: new Map(store.intake.all().map(({ path, asideFor }) => [path, asideFor])),
      mirror: mirrorOf(join(data, MIRROR)),
      pragmas: {
        integrity: store.integrity(),
        foreignKeys: database.pragma("foreign_key_check"),
        application: pragma("application_id"),
        version: pragma("user_version"),
        journal: pragma("journal_mode"),
      },
      site: hashesBelow(join(home, "site")),
      archive: hashesBelow(join(home, "archive")),
      work: hashesBelow(join(home, "data", "work")),
    };
  } finally {
    database.close();
  }
}

function photosOf(home: string, store: Store): PhotoState[] {
  return store.sets.all().flatMap((set) => {
    const culls = store.sets.culls(set.id);
    const goes = store.checkpoints.holdOf(set.id)?.code === ROLLING_BACK;
    return store.desk.photos(set.id).map(({ photo, state }) => ({
      id: photo.id,
      setId: set.id,
      source: photo.source.path.slice(home.length + 1).replaceAll("\\", "/"),
      dir: photo.dir,
      facts: photo.facts,
      cull: culls.get(photo.id)?.code ?? null,
      verdict: state.verdict,
      edits: state.edits,
      name: store.names.of(photo.id) ?? null,
      goes,
    }));
  });
}

function mirrorOf(path: string): MirrorRow[] {
  if (!existsSync(path)) return [];
  const database = openPlain(path);
  try {
    const table = database.prepare("select 1 from sqlite_schema where name = 'photos_info_revamp'").get();
    if (table === undefined) return [];
    return database.prepare<[], MirrorRow>("select * from photos_info_revamp order by File_Name").all();
  } finally {
    database.close();
  }
}

function schemaOf(path: string): number {
  const database = openPlain(path);
  try {
    return Number(database.pragma("user_version", { simple: true }));
  } finally {
    database.close();
  }
}

/** What the product's own way of opening sets; it is a property of the connection, so it can only be asked of one. */
export function synchronousOf(home: string, scratch: string): unknown {
  mkdirSync(scratch, { recursive: true });
  copyFileSync(join(home, "data", STORE_FILE), join(scratch, "again.db"));
  const database = openDatabase(join(scratch, "again.db"), { workRoot: join(home, "data", "work"), now: 0 });
  try {
    return database.pragma("synchronous", { simple: true });
  } finally {
    database.close();
  }
}

/** A file that goes away meanwhile, as temporary ones do, is left out. */
function hashesBelow(folder: string): Map<string, string> {
  const read = filesBelow(folder).map((path): [string, Buffer | undefined] => [path, bytesOf(join(folder, path))]);
  return new Map(read.flatMap(([path, bytes]) => (bytes === undefined ? [] : [[path, sha256(bytes)]])));
}

function bytesOf(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (failure) {
    if (codeOf(failure) === "ENOENT") return undefined;
    throw failure;
  }
}

/** Everything that must be the same in the end, as text: no times, no row ids, no ids of sets, no homes. */
export function canonical(state: HomeState): string {
  const photos = state.photos
    .toSorted((a, b) => (a.source < b.source ? -1 : 1))
    .map(({ id: _, setId, dir: __, facts, ...photo }) => {
      const { publish, review, ...found } = facts;
      return {
        ...photo,
        facts: {
          ...found,
          ...(review && { review: { ...review, release: review.release.replace(`${setId}-`, "") } }),
          ...(publish && { publish: { ...publish, rowId: undefined } }),
        },
      };
    });
  const mirror = state.mirror.map((row) => ({ ...row, id: undefined }));
  return JSON.stringify(
    { photos, mirror, site: [...state.site], archive: [...state.archive], work: [...worksBySource(state)] },
    undefined,
    1,
  ).replaceAll(state.home, "~");
}

/** Working files under the name of the original: the numbers of the folders tell in which order the sets were opened. */
function worksBySource({ photos, work }: HomeState): string[][] {
  const sources = new Map(photos.map(({ id, source }) => [String(id), source]));
  return [...work]
    .map(([path, hash]) => {
      const [folder = "", ...rest] = path.split("/");
      return [sources.get(folder) ?? "nobody's", rest.join("/"), hash];
    })
    .sort((a, b) => (a.join("/") < b.join("/") ? -1 : 1));
}
