import type { Connection, RowDataPacket } from "mysql2/promise";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { CatalogueRow } from "../../src/domain/ports.ts";
import { mirrored } from "../../src/publishers/mirrored.ts";
import { type MySqlTable, mysql } from "../../src/publishers/mysql.ts";
import { openMirror } from "../../src/store/mirror.ts";
import { type DatabaseServer, SITE_TABLE, startMariaDb } from "../servers/mariadb.ts";

let server: DatabaseServer;
let owner: Connection;
let table: MySqlTable;
const never = new AbortController().signal;
const PASSWORD = "p'w\"d";

beforeAll(async () => {
  server = await startMariaDb();
  owner = await server.open();
  await owner.query(`create database site; create user 'photog'@'127.0.0.1' identified by ${owner.escape(PASSWORD)};
    grant select, insert, update, delete on site.* to 'photog'@'127.0.0.1'; use site`);
}, 120_000);
afterAll(async () => {
  await table.close();
  owner.destroy();
  await server.stop();
});
beforeEach(async () => {
  await owner.query(`drop table if exists photos_info_revamp; ${SITE_TABLE}`);
  await table?.close();
  table = tableAs();
});

const tableAs = (given: Partial<Parameters<typeof mysql>[0]> = {}): MySqlTable =>
  mysql({
    host: "127.0.0.1",
    port: server.port,
    user: "photog",
    password: PASSWORD,
    database: "site",
    table: "photos_info_revamp",
    isSecure: false,
    timeoutMs: 5_000,
    ...given,
  });

const ROW: CatalogueRow = {
  Folder: "nature",
  File_Name: "Gulls_001.JPG",
  Path: "https://example.org/2026/nature/Gulls_001.JPG",
  Thumb_Path: "https://example.org/2026/thumbs/nature/Gulls_001.JPG",
  DateTime: "2026:10:14 08:12:33",
  Camera: "Canon EOS R5",
  Lens_model: null,
  Width: 1500,
  Height: 1000,
  Exposure: "1/250 sec",
  Aperture: "f/2.8",
  ISO: 400,
  Focal_length: 200,
  Keywords: "gulls, texel",
  Caption: "Gulls — “Larus” & friends, Texel 🦩.",
  alt_text: "Gulls over the sea.",
  Location: null,
  QR: 7.15,
  QC_Status: "Good",
  Original_File_Name: "IMG_1.JPG",
  nima_score: null,
  blur_score: 6.1,
  brightness_score: 8.59,
  contrast_score: 6.25,
  brisque_score: null,
  clip_aesthetic_score: null,
};
const rows = async (): Promise<RowDataPacket[]> => {
  const [found] = await owner.query<RowDataPacket[]>("select * from photos_info_revamp order by id");
  return found;
};

describe("a row", () => {
  test("is what was sent, to the letter, and keeps its id when it is sent again", async () => {
    const id = await table.upsert(ROW, never);
    expect(await rows()).toEqual([{ ...ROW, id }]);
    expect(await table.upsert({ ...ROW, Caption: "Other." }, never)).toBe(id);
    expect(await rows()).toEqual([{ ...ROW, id, Caption: "Other." }]);
  });

  test("is taken away, and a second time without harm", async () => {
    await table.upsert(ROW, never);
    await table.remove(ROW.File_Name, never);
    await table.remove(ROW.File_Name, never);
    expect(await rows()).toEqual([]);
  });

  test("holds what looks like SQL as text", async () => {
    const Caption = "'); drop table photos_info_revamp; -- \\";
    await table.upsert({ ...ROW, Caption }, never);
    expect((await rows())[0]?.["Caption"]).toBe(Caption);
  });

  test("that a trigger changes is taken back", async () => {
    await owner.query(
      "create trigger shout before insert on photos_info_revamp for each row set new.Caption = upper(new.Caption)",
    );
    await expect(table.upsert(ROW, never)).rejects.toMatchObject({ code: "rows.changed" });
    expect(await rows()).toEqual([]);
  });

  test("that does not fit is refused, never cut", async () => {
    await owner.query("set global sql_mode = ''; alter table photos_info_revamp modify Caption varchar(10)");
    await expect(table.upsert(ROW, never)).rejects.toMatchObject({ code: "rows.schema" });
    expect(await rows()).toEqual([]);
  });

  test("waits for one who holds it, and is then written", async () => {
    const id = await table.upsert(ROW, never);
    await owner.query("set global innodb_lock_wait_timeout = 1");
    const other = await server.open("site");
    await other.query("begin; select * from photos_info_revamp for update");
    const waiting = tableAs();
    const waits = async (): Promise<number> => {
      const [[count]] = await owner.query<RowDataPacket[]>("show global status like 'Innodb_row_lock_waits'");
      return Number(count?.["Value"]);
    };
    const before = await waits();
    const written = waiting.upsert({ ...ROW, Caption: "Other." }, never);
    // The first try has waited in vain, the second waits.
    await expect.poll(waits, { timeout: 30_000 }).toBeGreaterThanOrEqual(before + 2);
    await other.query("commit");
    expect(await written).toBe(id);
    await waiting.close();
    other.destroy();
  });
});

test("the local copy has the row under the site's id, in place of one it had none for", async () => {
  const copy = openMirror(":memory:");
  expect(copy.upsert(ROW)).toBeLessThan(0);
  await owner.query("alter table photos_info_revamp auto_increment = 42501");
  const both = mirrored(table, copy);
  expect(await both.upsert(ROW, never)).toBe(42_501);
  expect(copy.upsert(ROW)).toBe(42_501);
  await both.remove(ROW.File_Name, never);
  expect(await rows()).toEqual([]);
  expect(copy.upsert(ROW)).toBeLessThan(0);
  copy.close();
});

describe("a server", () => {
  test("that is killed in the middle is asked again when it is back, and nothing is there twice", async () => {
    const id = await table.upsert(ROW, never);
    await server.kill();
    await expect(table.upsert({ ...ROW, Caption: "Other." }, never)).rejects.toMatchObject({
      code: "rows.unreachable",
      blame: "tool",
    });
    await server.start();
    owner = await server.open("site");
    expect(await table.upsert({ ...ROW, Caption: "Other." }, never)).toBe(id);
    expect(await rows()).toHaveLength(1);
  });

  test.each([
    [{ password: "wrong" }, "rows.login"],
    [{ database: "elsewhere" }, "rows.login"],
    [{ table: "nowhere" }, "rows.schema"],
    [{ port: 1 }, "rows.unreachable"],
  ])("with %j says so", async (given, code) => {
    const one = tableAs(given);
    await expect(one.upsert(ROW, never)).rejects.toMatchObject({ code });
    await one.close();
  });

  test("that takes no changes says so", async () => {
    await owner.query("set global read_only = 1");
    try {
      await expect(table.upsert(ROW, never)).rejects.toMatchObject({ code: "rows.read-only" });
    } finally {
      await owner.query("set global read_only = 0");
    }
  });
});

describe("before the first row is sent", () => {
  const flaws = (): Promise<string[]> => table.preflight();

  test("the table we ship has no flaw", async () => {
    expect(await flaws()).toEqual([]);
  });

  test.each([
    ["alter table photos_info_revamp drop index photos_info_revamp_by_name", "File_Name has no unique index"],
    ["alter table photos_info_revamp drop column Caption", "The column Caption is missing"],
    ["alter table photos_info_revamp modify File_Name varchar(40) not null", "File_Name holds 40 characters"],
    ["alter table photos_info_revamp modify Caption text character set latin1", "Caption is latin1"],
    ["alter table photos_info_revamp add unique key by_original (Original_File_Name)", "by_original"],
    ["alter table photos_info_revamp modify id int unsigned not null", "id does not count by itself"],
    ["drop table photos_info_revamp", "There is no table"],
  ])("%s is found", async (change, said) => {
    await owner.query(change);
    expect(await flaws()).toEqual([expect.stringContaining(said)]);
  });
});
