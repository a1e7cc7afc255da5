import {
  chmodSync,
  chownSync,
  closeSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { sharp } from "../../src/imaging/sharp.ts";
import { AS_ORDINARY_USER } from "../acceptance/home.ts";
import { jpeg } from "../fixtures/make.ts";
import { makeStation, type Station } from "./station.ts";

const FOLDER = "2026-10 Gulls, Texel";
const NOBODY = 65_534;

let station: Station;
afterEach(async () => station.dispose());

test("gauntlet 8: an inbox that was moved and named anew in the settings goes on being one", async () => {
  station = makeStation();
  const { home } = station;
  await station.drop(join(FOLDER, "IMG_1.JPG"), { seed: 1 });
  await home.start();
  const { id } = await station.set(FOLDER, "ready");
  await home.stop();
  const moved = join(home.path, "moved inbox");
  renameSync(home.inbox, moved);
  const settings = { settle: QUICK, review: { port: 0 }, inboxes: [{ path: "moved inbox" }] };
  writeFileSync(join(home.path, "photogate.jsonc"), JSON.stringify(settings));

  await station.drop(join(moved, "2026-11 Terns", "IMG_2.JPG"), { seed: 2 });
  await home.start();
  await station.set("2026-11 Terns", "ready");
  expect((await station.look()).inboxes).toMatchObject([{ path: moved, online: true }]);
  await station.publish(id);
  expect((await station.set(FOLDER, "done")).counts).toMatchObject({ published: 1 });
  expect((await station.look()).sets).toHaveLength(2);
});
const QUICK = { quietSeconds: 1, patienceSeconds: 1, rescanSeconds: 5 };

test("gauntlet 9: a folder of this disk and a share under one parent are both seen", async () => {
  station = makeStation();
  const { home, disks } = station;
  const elsewhere = join(home.path, "server");
  mkdirSync(elsewhere);
  await disks.share(elsewhere, join(home.inbox, "Share"));
  await home.start();
  await station.drop(join("Local", "IMG_1.JPG"), { seed: 1 });
  // What is put there on the server sends no event to us.
  await station.drop(join(elsewhere, "IMG_2.JPG"), { seed: 2 });
  expect((await station.set("Local", "ready")).counts).toMatchObject({ photos: 1, culled: 0 });
  expect((await station.set("Share", "ready")).counts).toMatchObject({ photos: 1, culled: 0 });
});

test("gauntlet 10: an inbox the daemon's user may not read is said to be just that", async () => {
  station = makeStation();
  const { home } = station;
  await station.drop(join(FOLDER, "IMG_1.JPG"));
  chownSync(home.inbox, NOBODY, NOBODY);
  chmodSync(home.inbox, 0o700);
  await home.start(AS_ORDINARY_USER);
  const problem = await station.problem(home.inbox);
  expect(problem).toMatchObject({ code: "inbox.unreadable", severity: "problem" });

  chmodSync(home.inbox, 0o755);
  await station.set(FOLDER, "ready");
});

test("gauntlet 11: a photo is what its bytes are, whatever its name says", async () => {
  station = makeStation();
  const { home } = station;
  const folder = join(home.inbox, FOLDER);
  mkdirSync(folder);
  const photo = await jpeg({ seed: 3 });
  writeFileSync(join(folder, "jpeg.HEIC"), await jpeg({ seed: 1 }));
  writeFileSync(
    join(folder, "png.jpg"),
    await sharp(await jpeg({ seed: 2 }))
      .png()
      .toBuffer(),
  );
  writeFileSync(join(folder, "half.jpg"), photo.subarray(0, photo.length >> 1));
  writeFileSync(join(folder, "nothing.jpg"), "");
  await home.start();
  const { id } = await station.set(FOLDER, "ready");
  const said = (await station.rows(id)).map(({ file, culled }) => [file, culled?.code ?? "taken"]);
  expect(Object.fromEntries(said)).toEqual({
    "jpeg.HEIC": "taken",
    "png.jpg": "taken",
    "half.jpg": "photo.truncated",
    "nothing.jpg": "photo.empty",
  });
});

test("F58: a file whose bytes are in the cloud is not taken until they are here, and then by itself", async () => {
  station = makeStation();
  const { home } = station;
  const photo = await jpeg({ width: 1600, height: 1200 });
  const path = join(home.inbox, FOLDER, "IMG_1.JPG");
  await station.drop(join(FOLDER, "IMG_2.JPG"), { seed: 2 });
  writeFileSync(path, "");
  truncateSync(path, photo.length);
  utimesSync(path, TAKEN_AT, TAKEN_AT);
  await home.start();
  expect((await station.set(FOLDER, "ready")).counts).toMatchObject({ photos: 1, undecided: 1 });
  const said = await station.problem("IMG_1.JPG", "photo.placeholder");
  expect(said.why).toContain(`${photo.length} bytes`);

  // What a cloud program fetches keeps its length and its time.
  const file = openSync(path, "r+");
  writeSync(file, photo);
  closeSync(file);
  utimesSync(path, TAKEN_AT, TAKEN_AT);
  await home.until(
    () => station.look(),
    ({ sets }) => sets.reduce((sum, { counts }) => sum + counts.undecided, 0) === 2,
    "both photos at the gate",
  );
});
const TAKEN_AT = 1_700_000_000;

test("F59: what another program is writing beside ours is left alone after a crash; only ours is swept", async () => {
  station = makeStation();
  const { home, site } = station;
  await home.start();
  mkdirSync(join(site, "2026"), { recursive: true });
  const theirs = ["upload.part", ".hidden.part", ".x.123.part", "half.jpg.filepart"];
  for (const name of theirs) writeFileSync(join(site, "2026", name), "half");
  writeFileSync(join(site, "2026", ".a.JPG.0123456789ab.part"), "ours, by its name");
  await home.stop("SIGKILL");
  await home.start();
  expect(readdirSync(join(site, "2026")).sort()).toEqual([...theirs].sort());
});

describe("F60: a copy of the data folder made while the daemon runs", () => {
  test("F60: with the write-ahead log is taken up where it was", async () => {
    station = makeStation();
    const { home, data } = station;
    await station.drop(join(FOLDER, "IMG_1.JPG"));
    await home.start();
    const { id } = await station.set(FOLDER, "ready");
    const copy = join(home.path, "copy");
    cpSync(data, copy, { recursive: true });
    await home.stop("SIGKILL");
    renameSync(data, join(home.path, "lost"));
    renameSync(copy, data);
    await home.start();
    expect((await station.set(FOLDER, "ready")).id).toBe(id);
  });

  test("F60: without the write-ahead log, of a database that has never come to rest, is refused", async () => {
    station = makeStation();
    const { home, data } = station;
    await station.drop(join(FOLDER, "IMG_1.JPG"));
    await home.start();
    await station.set(FOLDER, "ready");
    const copy = join(home.path, "copy");
    mkdirSync(copy);
    for (const file of ["photogate.db", "installation"])
      if (existsSync(join(data, file))) copyFileSync(join(data, file), join(copy, file));
    await home.stop("SIGKILL");
    renameSync(data, join(home.path, "lost"));
    renameSync(copy, data);
    const { code, err } = await home.cli("start", "--no-open");
    expect(err).toContain("store.foreign");
    expect(code).toBe(1);
  });
});
