import { spawnSync } from "node:child_process";
import { closeSync, cpSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Fault } from "../../src/domain/fault.ts";
import { openBare, openDatabase, openForReading, openPlain } from "../../src/store/database.ts";
import { memoryDatabase } from "./home.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "photogate-store-"));
  file = join(folder, "photogate.db");
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = () => openDatabase(file, { workRoot: join(folder, "work"), now: 1 });
const codeThrownBy = (work: () => unknown): string => {
  try {
    work();
  } catch (thrown) {
    return thrown instanceof Fault ? thrown.code : `no fault: ${String(thrown)}`;
  }
  return "nothing";
};

describe("a commit survives a power cut", () => {
  test("because a reopened file flushes at every commit too", () => {
    open().close();
    const again = open();
    expect(again.pragma("synchronous", { simple: true })).toBe(2);
    expect(again.pragma("journal_mode", { simple: true })).toBe("wal");
    expect(again.pragma("foreign_keys", { simple: true })).toBe(1);
    again.close();
  });

  test("which SQLite does not do by itself", () => {
    open().close();
    const bare = openBare(file);
    expect(bare.pragma("synchronous", { simple: true })).toBe(1);
    bare.close();
  });

  test("in the mirror too", () => {
    const plain = openPlain(file);
    expect(plain.pragma("synchronous", { simple: true })).toBe(2);
    plain.close();
  });

  // The connection that makes a file still has SQLite's old default: only a reopened file shows a lost pragma.
  test.each([
    ["synchronous = full", { fresh: "opened", reopened: "store.not-durable" }],
    ["journal_mode = wal", { fresh: "store.not-durable", reopened: "opened" }],
  ])("and a database.ts without %j is caught", (pragma, caught) => {
    expect(mutantAnswer(`database.pragma("${pragma}");`)).toEqual(caught);
  });
});

/** Opens a fresh and an existing store with a copy of database.ts that lacks some of its text. */
function mutantAnswer(without: string): { fresh: string; reopened: string } {
  open().close();
  const source = new URL("../../src/store/", import.meta.url);
  const text = readFileSync(new URL("database.ts", source), "utf8");
  expect(text).toContain(without);
  const absolute = text
    .replaceAll(without, "")
    .replaceAll(/from "(\.[^"]+)"/g, (_, path: string) => `from "${new URL(path, source).href}"`)
    .replace('"better-sqlite3"', `"${pathToFileURL(createRequire(source).resolve("better-sqlite3")).href}"`);
  writeFileSync(join(folder, "mutant.ts"), absolute);
  cpSync(new URL("migrations", source), join(folder, "migrations"), { recursive: true });
  const script = `import { openDatabase } from "./mutant.ts";
    const answer = (path) => { try { openDatabase(path, { workRoot: "/w", now: 1 }).close(); return "opened"; } catch (thrown) { return thrown.code ?? String(thrown); } };
    console.log(JSON.stringify({ fresh: answer("fresh.db"), reopened: answer("photogate.db") }));`;
  const ran = spawnSync(process.execPath, ["--input-type=module", "-e", script], { cwd: folder, encoding: "utf8" });
  expect(ran.stderr.replaceAll(/.*(ExperimentalWarning|trace-warnings).*\n/g, "")).toBe("");
  return JSON.parse(ran.stdout);
}

describe("a store", () => {
  test("carries our mark, and keeps its identity when opened again", () => {
    const first = open();
    const uuid = first.prepare("select uuid from installation").pluck().get();
    expect(first.pragma("application_id", { simple: true })).toBe(0x50474154);
    first.close();
    const again = openDatabase(file, { workRoot: "/moved/work", now: 2 });
    expect(again.prepare("select uuid, work_root, created_at from installation").all()).toEqual([
      { uuid, work_root: "/moved/work", created_at: 1 },
    ]);
    again.close();
  });

  test("has strict tables only", () => {
    const database = memoryDatabase();
    const tables = database.pragma("table_list") as { name: string; type: string; strict: number }[];
    const ours = tables.filter(({ name, type }) => type === "table" && !name.startsWith("sqlite_"));
    expect(ours.length).toBeGreaterThan(15);
    expect(ours.filter(({ strict }) => strict !== 1)).toEqual([]);
  });

  test("has no status column: a state is a row that exists", () => {
    const columns = memoryDatabase()
      .prepare(
        "select t.name || '.' || c.name from pragma_table_list t, pragma_table_info(t.name) c where t.type = 'table'",
      )
      .pluck()
      .all()
      .map(String);
    expect(columns.filter((column) => /status|state/i.test(column))).toEqual([]);
  });

  test("is opened by a reader beside it, who cannot write", () => {
    const writer = open();
    const reader = openForReading(file);
    expect(reader.prepare("select count(*) from installation").pluck().get()).toBe(1);
    expect(() => reader.exec("delete from installation")).toThrow(/readonly/);
    reader.close();
    writer.close();
  });

  test("that was never made is said to the reader", () => {
    expect(codeThrownBy(() => openForReading(file))).toBe("store.foreign");
    expect(existsSync(file)).toBe(false);
  });
});

describe("a file that is not our store is refused and left as it was, byte for byte", () => {
  const untouched = (code: string): void => {
    const before = readFileSync(file);
    expect(codeThrownBy(open)).toBe(code);
    expect(readFileSync(file).equals(before)).toBe(true);
    expect(codeThrownBy(() => openForReading(file))).toBe(code);
    expect(readFileSync(file).equals(before)).toBe(true);
  };
  const made = (sql: string): void => {
    const other = openBare(file);
    other.exec(sql);
    other.close();
  };

  test("a database of another program", () => {
    made("pragma application_id = 7; pragma user_version = 1; create table theirs (x)");
    untouched("store.foreign");
  });
  test("a database without any mark, but with tables", () => {
    made("create table theirs (x)");
    untouched("store.foreign");
  });
  test("a database of a newer Photogate", () => {
    open().close();
    made("pragma user_version = 9999");
    untouched("store.newer");
  });
  test("a text", () => {
    writeFileSync(file, "Dear diary, this is no database at all. ".repeat(50));
    untouched("store.damaged");
  });
  test("a store with a damaged page", () => {
    open().close();
    const bytes = readFileSync(file);
    // The middle of every page after the first: headers stay readable.
    for (let at = 4_096 + 8; at < bytes.length; at += 4_096) bytes.fill(0xee, at, at + 64);
    writeFileSync(file, bytes);
    const before = readFileSync(file);
    expect(codeThrownBy(open)).toBe("store.damaged");
    expect(readFileSync(file).equals(before)).toBe(true);
  });
});

test("a store whose writer was killed is opened with everything it had committed", () => {
  const store = new URL("../../src/store/database.ts", import.meta.url).href;
  const script = `import { openDatabase } from "${store}";
    const database = openDatabase(${JSON.stringify(file)}, { workRoot: "/w", now: 1 });
    database.exec("insert into runs (id, version, started_at, resumed) values ('r', '1', 1, '[]')");
    process.kill(process.pid, "SIGKILL");`;
  expect(spawnSync(process.execPath, ["--input-type=module", "-e", script]).signal).toBe("SIGKILL");
  expect(existsSync(`${file}-wal`)).toBe(true);
  const reader = openForReading(file);
  expect(reader.prepare("select id from runs").pluck().all()).toEqual(["r"]);
  reader.close();
  const again = open();
  expect(again.prepare("select id from runs").pluck().all()).toEqual(["r"]);
  again.close();
});

test("a data folder that cannot be written is named as such, not as a damaged database", () => {
  const fault = ((): unknown => {
    try {
      openDatabase(join(folder, "missing", "photogate.db"), { workRoot: "/w", now: 1 });
    } catch (thrown) {
      return thrown;
    }
    return undefined;
  })();
  expect(fault).toMatchObject({ code: "disk.failed" });
});

describe("migrations", () => {
  test("bring an empty database to the newest version, once", () => {
    const database = open();
    const newest = database.pragma("user_version", { simple: true });
    expect(newest).toBeGreaterThanOrEqual(1);
    database.close();
    const again = open();
    expect(again.pragma("user_version", { simple: true })).toBe(newest);
    expect(again.pragma("integrity_check", { simple: true })).toBe("ok");
    again.close();
  });

  test("begin in a file that exists but was never written", () => {
    closeSync(openSync(file, "w"));
    const database = open();
    expect(database.prepare("select count(*) from installation").pluck().get()).toBe(1);
    database.close();
  });
});
