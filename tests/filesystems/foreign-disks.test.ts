import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { makeStation, type Station } from "./station.ts";

const FOLDER = "2026-10 Gulls, Texel";

let station: Station;
afterEach(async () => station.dispose());

const below = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();

test("F26: inbox, data folder, site and archive on four disks: everything is copied, and the originals stay", async () => {
  station = makeStation({ archive: { folder: "archive" } });
  const { home, disks, data, site } = station;
  const archive = join(home.path, "archive");
  for (const at of [home.inbox, data, site, archive]) disks.memory(at, "size=3g");
  const bytes = await station.drop(join(FOLDER, "IMG_1.JPG"));
  await home.start();
  const { id } = await station.set(FOLDER, "ready");
  await station.publish(id);
  await station.set(FOLDER, "done");
  expect(below(site)).toHaveLength(2);
  const [copy = ""] = below(archive);
  expect(readFileSync(join(archive, copy)).equals(bytes)).toBe(true);
  expect(readFileSync(join(home.inbox, FOLDER, "IMG_1.JPG")).equals(bytes)).toBe(true);
});

test("F53, F54: a site with the names of Windows gets all photos, and no file of somebody else is overwritten there", async () => {
  station = makeStation();
  const { home, disks, site } = station;
  disks.windows(site);
  await station.drop(join("CON", "NUL.jpg"), { seed: 1 });
  await station.drop(join("CON", "a:b.jpg"), { seed: 2 });
  await station.drop(join("CON", "dot. .jpg"), { seed: 3 });
  writeFileSync(join(home.inbox, "CON", "photogate.yaml"), "subject: COM1\nlocation: 'Texel: ends. '\nfolder: AUX\n");
  await home.start();
  const { id } = await station.set("CON", "ready");

  const places = (await station.rows(id)).map(({ year, name }) => join(site, String(year), "aux_photos", String(name)));
  const [first = ""] = places;
  const elsewhere = folderOnSite(first);
  mkdirSync(elsewhere, { recursive: true });
  const other = first.toLowerCase().split("/").at(-1) ?? "";
  writeFileSync(join(elsewhere, other), "somebody else's");
  await station.publish(id);
  const { hold } = await station.set("CON", "held");
  expect(hold).toMatchObject({ code: "site.collision" });
  expect(readFileSync(join(elsewhere, other), "utf8")).toBe("somebody else's");

  renameSync(join(elsewhere, other), join(site, "theirs.jpg"));
  await home.cli("retry", id);
  await station.set("CON", "done");
  expect(below(site)).toHaveLength(7);
  expect(readFileSync(join(site, "theirs.jpg"), "utf8")).toBe("somebody else's");
});

const folderOnSite = (file: string): string => file.split("/").slice(0, -1).join("/");

test("F55: a card with FAT is an inbox like any other, and a site on FAT gets whole files", async () => {
  station = makeStation();
  const { home, disks, site } = station;
  disks.card(home.inbox);
  disks.card(site);
  const bytes = await station.drop(join("Gulls", "IMG_1.JPG"), { seed: 1 });
  await station.drop(join("Gulls", "IMG_2.JPG"), { seed: 2 });
  await home.start();
  const { id } = await station.set("Gulls", "ready");
  await station.publish(id);
  await station.set("Gulls", "done");

  const rows = await station.rows(id);
  expect(below(site)).toHaveLength(4);
  for (const { published } of rows) expect(readFileSync(published?.path ?? "").subarray(0, 2)).toEqual(START_OF_JPEG);
  expect(readFileSync(join(home.inbox, "Gulls", "IMG_1.JPG")).equals(bytes)).toBe(true);
});

const START_OF_JPEG = Buffer.from([0xff, 0xd8]);
