import { randomUUID } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import Sqlite from "better-sqlite3";
import { Fault, messageOf } from "../domain/fault.ts";
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
}

/**
 * Opens the store for writing: makes or migrates it, and proves that commits will survive a power cut.
 *
 * @throws Fault store.foreign, store.newer, store.damaged, store.not-durable
 */
export function openDatabase(path: string, options: OpenOptions): Database {
  const database = openChecked(path);
  try {
    assertDurable(database, path);
    migrate(database, path);
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
  if (!existsSync(path))
    throw new Fault("store.foreign", `${path} does not exist; nothing was ever taken in on this home`);
  const database = new Sqlite(path, { readonly: true, timeout: 5_000 });
  const version = pragma(database, "user_version");
  if (version === newestMigration()) return database;
  database.close();
  throw new Fault(
    "store.newer",
    `${path} has schema ${version}, this Photogate reads ${newestMigration()}; start the daemon once`,
  );
}

/** Opens a small database of another shape (the mirror) with the same care for durability. */
export function openPlain(path: string): Database {
  const database = new Sqlite(path, { timeout: 5_000 });
  database.pragma("synchronous = full");
  return database;
}

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
    if (process.platform === "darwin") {
      database.pragma("fullfsync = on");
      database.pragma("checkpoint_fullfsync = on");
    }
    return database;
  } catch (cause) {
    throw new Fault("store.damaged", `${path}: ${messageOf(cause)}`, { cause });
  }
}

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

function migrate(database: Database, path: string): void {
  const owner = pragma(database, "application_id");
  const version = pragma(database, "user_version");
  const tables = Number(database.prepare("select count(*) from sqlite_schema").pluck().get());
  if (owner !== APPLICATION_ID && (owner !== 0 || tables > 0))
    throw new Fault("store.foreign", `${path} is a database of another program (application id ${owner})`);
  if (version > newestMigration())
    throw new Fault("store.newer", `${path} has schema ${version}, this Photogate knows ${newestMigration()}`);
  if (owner === APPLICATION_ID && database.pragma("quick_check", { simple: true }) !== "ok")
    throw new Fault("store.damaged", `${path} does not pass its quick check`);

  for (const { number, sql } of migrationsFrom(version)) {
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
