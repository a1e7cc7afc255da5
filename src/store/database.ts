import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import Sqlite from "better-sqlite3";
import { codeOf, Fault, messageOf } from "../domain/fault.ts";
import type { Millis } from "../domain/words.ts";

export type Database = Sqlite.Database;

/** "PGAT": tells our files from anybody else's. */
const APPLICATION_ID = 0x50474154;

// Below this SQLite can corrupt a WAL database that two connections use (fixed in 3.51.3).
const LEAST_SQLITE = [3, 51, 3];

const MIGRATIONS = new URL("./migrations/", import.meta.url);

export interface OpenOptions {
  /** absolute folder of the photos' working files; recorded, so that views can give whole paths */
  readonly workRoot: string;
  readonly now: Millis;
  /** the store this home has had before; nothing else is opened in its place */
  readonly uuid?: string | undefined;
}

/**
 * Opens the store for writing: makes or migrates it, and proves that commits will survive a power cut.
 *
 * @throws Fault store.foreign, store.newer, store.damaged, store.not-durable, disk.*
 */
export function openDatabase(path: string, options: OpenOptions): Database {
  const bytes = sizeOf(path);
  if (options.uuid !== undefined && !bytes)
    throw new Fault(
      "store.foreign",
      `${path} is ${bytes === 0 ? "empty" : "missing"}, but this home has had a database`,
    );
  if (bytes) assertOurs(path, options.uuid);
  const database = openChecked(path);
  try {
    assertDurable(database, path);
    migrate(database);
    database
      .prepare(
        `insert into installation (id, uuid, work_root, created_at) values (1, ?, ?, ?)
         on conflict (id) do update set work_root = excluded.work_root`,
      )
      .run(randomUUID(), options.workRoot, options.now);
    return database;
  } catch (failure) {
    database.close();
    throw failure;
  }
}

/** Opens the store for reading, beside a running daemon or without one. */
export function openForReading(path: string): Database {
  if (!sizeOf(path)) throw new Fault("store.foreign", `${path} does not exist; nothing was ever taken in on this home`);
  const { database, version } = openToLook(path);
  if (version === newestMigration()) return database;
  database.close();
  throw new Fault(
    "store.newer",
    `${path} has schema ${version}, this Photogate reads ${newestMigration()}; start the daemon once`,
  );
}

/** Looks before anything is set: to open for writing is to write already. */
function assertOurs(path: string, uuid: string | undefined): void {
  const { database, version } = openToLook(path);
  try {
    // Killed between making the file and its schema: there is nothing in it yet, and the schema comes now.
    if (version === 0 && uuid === undefined) return;
    if (version === 0) throw new Fault("store.foreign", `${path} is empty, but this home has had a database`);
    if (database.pragma("quick_check", { simple: true }) !== "ok")
      throw new Fault("store.damaged", `${path} does not pass its quick check`);
    const found = database.prepare("select uuid from installation").pluck().get();
    if (uuid !== undefined && found !== uuid)
      throw new Fault("store.foreign", `${path} belongs to another home (${String(found)}, not ${uuid})`);
  } catch (cause) {
    throw storeFault(path, cause);
  } finally {
    database.close();
  }
}

/** @throws Fault store.foreign, store.newer, store.damaged, disk.failed */
function openToLook(path: string): { database: Database; version: number } {
  let database: Database | undefined;
  try {
    database = new Sqlite(path, { readonly: true, timeout: 5_000 });
    const owner = pragma(database, "application_id");
    const version = pragma(database, "user_version");
    const tables = Number(database.prepare("select count(*) from sqlite_schema").pluck().get());
    if (owner !== APPLICATION_ID && (owner !== 0 || tables > 0))
      throw new Fault("store.foreign", `${path} is a database of another program (application id ${owner})`);
    if (version > newestMigration())
      throw new Fault("store.newer", `${path} has schema ${version}, this Photogate knows ${newestMigration()}`);
    return { database, version };
  } catch (cause) {
    database?.close();
    throw storeFault(path, cause);
  }
}

/** Opens a small database of another shape (the mirror) with the same care for durability. */
export function openPlain(path: string): Database {
  const database = new Sqlite(path, { timeout: 5_000 });
  database.pragma("synchronous = full");
  return database;
}

/** @returns undefined if there is no such file */
export const openPlainForReading = (path: string): Database | undefined =>
  sizeOf(path) ? new Sqlite(path, { readonly: true, timeout: 5_000 }) : undefined;

/** Opens a file that is there to be locked: no waiting, nothing set. */
export const openBare = (path: string): Database => new Sqlite(path, { timeout: 0 });

function openChecked(path: string): Database {
  try {
    const database = new Sqlite(path, { timeout: 5_000 });
    // synchronous is a property of the connection, not of the file, and SQLite in WAL mode would otherwise skip the flush
    // that makes a commit survive a power cut.
    database.pragma("journal_mode = wal");
    database.pragma("synchronous = full");
    database.pragma("foreign_keys = on");
    keepPages(database, "few");
    if (process.platform === "darwin") {
      database.pragma("fullfsync = on");
      database.pragma("checkpoint_fullfsync = on");
    }
    return database;
  } catch (cause) {
    throw storeFault(path, cause);
  }
}

/** KiB of the file that are kept in memory: the system keeps it anyway, and who waits for the next card needs no second copy. */
const PAGES = { few: 1_000, many: 16_000 };

/** `many` while thousands of rows are written: indexes of hashes are touched all over. */
export function keepPages(database: Database, how: keyof typeof PAGES): void {
  database.pragma(`cache_size = -${PAGES[how]}`);
}

function storeFault(path: string, cause: unknown): unknown {
  if (cause instanceof Fault) return cause;
  const code = codeOf(cause) ?? "";
  if (code.startsWith("SQLITE_FULL")) return new Fault("disk.full", `${path}: no space left`, { cause });
  // The driver has a TypeError of its own for a folder that is not there.
  const isDisk = cause instanceof TypeError || /^SQLITE_(CANTOPEN|READONLY|IOERR|PERM)/.test(code);
  return new Fault(isDisk ? "disk.failed" : "store.damaged", `${path}: ${messageOf(cause)}`, { cause });
}

/** @returns undefined if there is no such file; a database in memory has no bytes */
const sizeOf = (path: string): number | undefined => statSync(path, { throwIfNoEntry: false })?.size;

function assertDurable(database: Database, path: string): void {
  const mode = database.pragma("journal_mode", { simple: true });
  const memory = mode === "memory";
  if (mode !== "wal" && !memory)
    throw new Fault("store.not-durable", `${path}: journal mode is ${String(mode)}, not wal`);
  const synchronous = pragma(database, "synchronous");
  if (synchronous !== 2) throw new Fault("store.not-durable", `${path}: synchronous is ${synchronous}, not 2`);
  const version = String(database.prepare("select sqlite_version()").pluck().get());
  if (isOlder(version, LEAST_SQLITE))
    throw new Fault("store.not-durable", `SQLite ${version} can corrupt a WAL database`);
}

function migrate(database: Database): void {
  for (const { number, sql } of migrationsFrom(pragma(database, "user_version"))) {
    database.transaction(() => {
      database.exec(sql);
      database.pragma(`application_id = ${APPLICATION_ID}`);
      database.pragma(`user_version = ${number}`);
    })();
  }
}

function migrationsFrom(version: number): { number: number; sql: string }[] {
  return migrationFiles()
    .map((file) => ({ number: Number.parseInt(file, 10), file }))
    .filter(({ number }) => number > version)
    .map(({ number, file }) => ({ number, sql: readFileSync(new URL(file, MIGRATIONS), "utf8") }));
}

const migrationFiles = (): string[] =>
  readdirSync(MIGRATIONS)
    .filter((file) => file.endsWith(".sql"))
    .sort();
const newestMigration = (): number => Number.parseInt(migrationFiles().at(-1) ?? "0", 10);
const pragma = (database: Database, name: string): number => Number(database.pragma(name, { simple: true }));

const isOlder = (version: string, least: readonly number[]): boolean => {
  const parts = version.split(".").map(Number);
  const at = least.findIndex((number, i) => parts[i] !== number);
  return at >= 0 && (parts[at] ?? 0) < (least[at] ?? 0);
};
