import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Config, readConfig } from "../src/config.ts";
import { secretsIn } from "../src/secrets.ts";
import { secretForget, secretList, secretSet, targetTest } from "../src/site-verbs.ts";
import { type DatabaseServer, SITE_TABLE, startMariaDb } from "./servers/mariadb.ts";
import { FTP_PASSWORD, FTP_USER, type FtpServer, startProftpd } from "./servers/proftpd.ts";

const PASSWORD = "correct horse 🐴";
let home: string;
let said: string[];
const say = (line: string): void => void said.push(line);
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "photogate-site-"));
  said = [];
});
afterEach(() => rmSync(home, { recursive: true }));

const config = (publish: object = {}): Config => {
  writeFileSync(join(home, "photogate.jsonc"), JSON.stringify({ publish }));
  return readConfig(home);
};

describe("a password", () => {
  test("is kept sealed, for this user alone, and given back", async () => {
    await secretSet(config(), "ftp", async () => PASSWORD, say);
    expect(secretsIn(join(home, "data")).get("ftp")).toBe(PASSWORD);
    for (const file of readdirSync(join(home, "data"))) {
      expect(readFileSync(join(home, "data", file), "utf8"), file).not.toContain("horse");
      expect(statSync(join(home, "data", file)).mode & 0o077, file).toBe(0);
    }
    await secretList(config(), say);
    expect(said.slice(1)).toEqual(["ftp  kept", "sftp  none", "mysql  none"]);
    expect(said.join()).not.toContain("horse");
    await secretForget(config(), "ftp", say);
    expect(secretsIn(join(home, "data")).get("ftp")).toBeUndefined();
  });

  test("whose key is another home's is said to be unreadable", async () => {
    await secretSet(config(), "ftp", async () => PASSWORD, say);
    writeFileSync(join(home, "data", "secrets.key"), Buffer.alloc(32, 7).toString("base64"));
    expect(() => secretsIn(join(home, "data")).get("ftp")).toThrow(
      expect.objectContaining({ code: "secret.unreadable" }),
    );
  });

  test.each([
    ["smtp", PASSWORD, "secret.unknown"],
    ["ftp", "", "secret.missing"],
  ])("for %s that is %j is refused", async (name, value, code) => {
    await expect(secretSet(config(), name, async () => value, say)).rejects.toMatchObject({ code });
  });
});

describe("target test", () => {
  let ftp: FtpServer;
  let database: DatabaseServer;
  beforeAll(async () => {
    [ftp, database] = await Promise.all([startProftpd(), startMariaDb()]);
    const owner = await database.open();
    await owner.query(`create database site; create user 'photog'@'127.0.0.1' identified by 'rows';
      grant select, insert, update, delete on site.* to 'photog'@'127.0.0.1'; use site; ${SITE_TABLE}`);
    owner.destroy();
  }, 120_000);
  afterAll(async () => {
    await ftp.stop();
    await database.stop();
  });
  const remote = () =>
    config({
      files: "ftp",
      ftp: { host: "127.0.0.1", port: ftp.port, user: FTP_USER, fingerprint: ftp.fingerprint, folder: "pic" },
      rows: "mysql",
      mysql: { host: "127.0.0.1", port: database.port, user: "photog", database: "site" },
    });

  test("puts a file and a row on a real site, finds them, and leaves nothing", async () => {
    await secretsIn(join(home, "data")).set("ftp", FTP_PASSWORD);
    await secretsIn(join(home, "data")).set("mysql", "rows");
    expect(await targetTest(remote(), {}, say)).toBe(0);
    expect(said.filter((line) => line.startsWith("ok"))).toHaveLength(8);
    expect(readdirSync(join(ftp.root, "pic"))).toEqual([]);
    const owner = await database.open("site");
    expect((await owner.query("select * from photos_info_revamp"))[0]).toEqual([]);
    owner.destroy();
  });

  test("says which password is missing and how to give it", async () => {
    expect(await targetTest(remote(), { json: true }, say)).toBe(2);
    const { checks } = JSON.parse(said.join("")) as { checks: { ok: boolean; fault?: string }[] };
    expect(checks.every(({ ok }) => !ok)).toBe(true);
    expect(checks[0]?.fault).toContain("photogate secret set");
  });

  test("speaks to no server in plain whose name was not typed twice", async () => {
    const plain = { files: "ftp", ftp: { host: "127.0.0.1", port: ftp.port, user: "x", security: "none" } };
    await targetTest(config(plain), {}, say);
    expect(said[0]).toContain("failed");
    expect(said[0]).toContain("plain");
  });

  test("works for a folder, too", async () => {
    expect(await targetTest(config({ folder: "my site" }), {}, say)).toBe(0);
    expect(readdirSync(join(home, "my site"))).toEqual([]);
  });
});
