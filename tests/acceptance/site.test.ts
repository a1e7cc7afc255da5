import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Connection, RowDataPacket } from "mysql2/promise";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { writeJpeg } from "../fixtures/make.ts";
import { type DatabaseServer, SITE_TABLE, startMariaDb } from "../servers/mariadb.ts";
import { FTP_PASSWORD, FTP_USER, type FtpServer, startProftpd } from "../servers/proftpd.ts";
import { type Home, makeHome } from "./home.ts";

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

let ftp: FtpServer;
let database: DatabaseServer;
let owner: Connection;
let home: Home;
let sites = 0;
beforeAll(async () => {
  [ftp, database] = await Promise.all([startProftpd(), startMariaDb()]);
  owner = await database.open();
  await owner.query(`create database site; create user 'photog'@'127.0.0.1' identified by 'rows';
    grant select, insert, update, delete on site.* to 'photog'@'127.0.0.1'`);
});
afterAll(async () => {
  owner.destroy();
  await ftp.stop();
  await database.stop();
});
beforeEach(async () => {
  sites += 1;
  await owner.query(`use site; drop table if exists photos_info_revamp; ${SITE_TABLE}`);
  home = makeHome({
    publish: {
      urlBase: "https://example.org/pic",
      files: "ftp",
      ftp: { host: "127.0.0.1", port: ftp.port, user: FTP_USER, fingerprint: ftp.fingerprint, folder: `site${sites}` },
      rows: "mysql",
      mysql: { host: "127.0.0.1", port: database.port, user: "photog", database: "site" },
    },
  });
  for (const [name, password] of [
    ["ftp", FTP_PASSWORD],
    ["mysql", "rows"],
  ] as const)
    await home.type(password, "secret", "set", name);
});
afterEach(async () => home.dispose());

const PHOTOS = 4;
const approved = async (): Promise<string> => {
  for (let i = 1; i <= PHOTOS; i += 1)
    await writeJpeg(join(home.inbox, "2026-10 Gulls, Texel", `DSC_000${i}.JPG`), {
      seed: i,
      width: 1_200,
      height: 900,
    });
  await home.start();
  const { sets } = await home.until(
    () => home.json("list"),
    ({ sets: now }) => now[0]?.state === "ready",
    "a set that is ready",
    100_000,
  );
  const set = sets[0]?.id ?? "";
  await home.cli("approve", set);
  return set;
};
const published = (set: string): Promise<unknown> =>
  home.until(
    () => home.json("list", set),
    ({ photos }) => photos.every((photo) => photo.published !== null),
    "a published set",
    120_000,
  );
const rows = async (): Promise<RowDataPacket[]> => {
  const [found] = await owner.query<RowDataPacket[]>("select * from site.photos_info_revamp order by File_Name");
  return found;
};
const filesThere = (): string[] => {
  try {
    return readdirSync(join(ftp.root, `site${sites}`), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  } catch {
    return [];
  }
};

/** Notes every size a file was ever seen with under its final name. */
function observe(): { readonly sizes: Map<string, Set<number>>; end(): void } {
  const sizes = new Map<string, Set<number>>();
  const timer = setInterval(() => {
    for (const file of filesThere().filter((path) => !path.endsWith(".part"))) {
      const size = statSync(file, { throwIfNoEntry: false })?.size;
      if (size !== undefined) sizes.set(file, (sizes.get(file) ?? new Set()).add(size));
    }
  }, 20);
  return { sizes, end: () => clearInterval(timer) };
}

test("a set goes to a real site whole, though the daemon is killed again and again on the way", async () => {
  const set = await approved();
  const watch = observe();
  await home.cli("publish", set, "--yes");
  for (let kill = 1; kill <= 5; kill += 1) {
    const there = filesThere().length;
    await home
      .until(
        async () => filesThere().length,
        (now) => now > there || now >= 2 * PHOTOS,
        "another file",
        20_000,
      )
      .catch(() => undefined);
    await home.stop("SIGKILL");
    await home.start();
  }
  await published(set);
  watch.end();
  const { photos } = await home.json("list", set);
  expect(filesThere()).toHaveLength(2 * PHOTOS);
  expect([...watch.sizes.values()].filter((seen) => seen.size !== 1)).toEqual([]);
  expect((await rows()).map((row) => [row["File_Name"], row["Caption"], row["id"]])).toEqual(
    photos
      .map(({ name, caption, published: at }) => [name, caption, at?.rowId])
      .sort(([one], [other]) => (String(one) < String(other) ? -1 : 1)),
  );
});

test("while the database is down the files wait on the site, and are not sent again when it is back", async () => {
  const set = await approved();
  await database.kill();
  await home.cli("publish", set, "--yes");
  await home.until(
    () => home.json("problems"),
    ({ problems }) => JSON.stringify(problems).includes("rows.unreachable"),
    "rows.unreachable among the problems",
    60_000,
  );
  const sent = filesThere().map((file) => [file, statSync(file).mtimeMs, statSync(file).ino]);
  expect(sent.length).toBeGreaterThanOrEqual(2);
  await database.start();
  owner = await database.open();
  await home.cli("retry", set);
  await published(set);
  expect(await rows()).toHaveLength(PHOTOS);
  for (const [file, at, inode] of sent) {
    const now = statSync(String(file));
    expect([now.mtimeMs, now.ino]).toEqual([at, inode]);
  }
});
