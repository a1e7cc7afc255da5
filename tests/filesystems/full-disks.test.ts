import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fill, makeStation, type Station } from "./station.ts";

const FOLDER = "2026-10 Gulls, Texel";
const ROOM = "size=3g";

let station: Station;
beforeEach(() => {
  station = makeStation();
});
afterEach(async () => station.dispose());

const dropPhotos = async (count: number): Promise<void> => {
  for (let i = 1; i <= count; i += 1) await station.drop(join(FOLDER, `IMG_${i}.JPG`), { seed: i });
};
const below = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);

test("F19, gauntlet 14: a disk that fills up while photos are copied holds the set, which goes on by itself", async () => {
  const work = join(station.data, "work");
  station.disks.memory(work, "size=256k");
  await dropPhotos(4);
  await station.home.start();

  const { hold, counts } = await station.set(FOLDER, "held");
  expect(hold).toMatchObject({ code: "disk.full", retryAt: expect.any(Number) });
  expect(hold?.why).toContain(work);
  expect(counts).toMatchObject({ photos: 4, culled: 0 });
  expect(below(work).filter((name) => name.endsWith(".part"))).toEqual([]);
  expect(below(join(station.home.inbox, FOLDER))).toHaveLength(4);

  station.disks.remount(work, ROOM);
  expect((await station.set(FOLDER, "ready")).counts).toMatchObject({ photos: 4, undecided: 4 });
});

test("F20, gauntlet 14: a full disk under the database loses nothing, and what waited is taken in when there is room", async () => {
  station.disks.memory(station.data, ROOM);
  await dropPhotos(2);
  await station.home.start();
  const { id } = await station.set(FOLDER, "ready");

  station.disks.remount(station.data, "size=24m");
  fill(join(station.data, "filler"));
  for (let i = 1; i <= 3; i += 1) await station.drop(join("2026-11 Terns", `IMG_${i}.JPG`), { seed: 10 + i });
  await station.home.until(
    async () => readFileSync(join(station.home.path, "logs", "latest.log"), "utf8"),
    (log) => /disk (is )?full|no space left/.test(log),
    "a line about the full disk",
  );
  expect((await station.look()).sets.map((card) => card.id)).toEqual([id]);

  rmSync(join(station.data, "filler"));
  station.disks.remount(station.data, ROOM);
  expect((await station.set("2026-11 Terns", "ready")).counts).toMatchObject({ photos: 3, undecided: 3 });
  await station.home.stop();
  const database = new Sqlite(join(station.data, "photogate.db"), { readonly: true });
  expect(database.pragma("integrity_check", { simple: true })).toBe("ok");
  database.close();
});

test("F21: a full disk under the logs stops nothing", async () => {
  const logs = join(station.home.path, "logs");
  station.disks.memory(logs, "size=64k");
  fill(join(logs, "filler"));
  await dropPhotos(2);
  await station.home.start();
  const { id } = await station.set(FOLDER, "ready");
  await station.publish(id);
  await station.set(FOLDER, "done");
});

test("F23: a site that became read-only holds what is released; another set goes on, and publishing goes on by itself", async () => {
  station.disks.memory(station.site, "size=20m");
  await dropPhotos(2);
  await station.home.start();
  const { id } = await station.set(FOLDER, "ready");
  station.disks.remount(station.site, "ro");
  await station.publish(id);
  const { hold } = await station.set(FOLDER, "held");
  expect(hold).toMatchObject({ stage: "publish", code: "site.unwritable" });
  expect(hold?.why).toContain(station.site);

  await station.drop(join("2026-11 Terns", "IMG_9.JPG"), { seed: 9 });
  await station.set("2026-11 Terns", "ready");
  station.disks.remount(station.site, "rw");
  await station.set(FOLDER, "done");
  expect(below(station.site)).toHaveLength(4);
});

test("F23: a site whose disk is read-only at the start keeps nobody from reviewing", async () => {
  await station.dispose();
  station = makeStation({ publish: { folder: "disk/site" } });
  const disk = join(station.home.path, "disk");
  station.disks.memory(disk, "size=20m,ro");
  await dropPhotos(1);
  await station.home.start();
  const { id } = await station.set(FOLDER, "ready");
  await station.publish(id);
  expect((await station.set(FOLDER, "held")).hold).toMatchObject({ code: "site.unwritable" });
  station.disks.remount(disk, "rw");
  await station.set(FOLDER, "done");
});

test("F24: a data folder that is read-only is refused at the start, with its path, the user and what to do", async () => {
  mkdirSync(station.data);
  station.disks.memory(station.data, "size=20m,ro");
  const { code, err } = await station.home.cli("start", "--no-open");
  expect(code).toBe(1);
  expect(err).toContain(station.data);
  expect(err).toContain(`cannot be written by ${userInfo().username}`);
  expect(err).toMatch(/\(disk\.failed\)\n.*writable/);
});
