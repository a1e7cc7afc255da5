import {
  appendFileSync,
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Row } from "../../src/review-server/rows.ts";
import { jpeg } from "../fixtures/make.ts";
import { makeStation, type Station } from "./station.ts";

/** Longer than any stall here: a file without its end is waited for, not judged. */
const PATIENT = { settle: { quietSeconds: 1, patienceSeconds: 30, rescanSeconds: 5 } };

let station: Station;
beforeEach(() => {
  station = makeStation(PATIENT);
});
afterEach(async () => station.dispose());

const at = (folder: string, name: string): string => {
  mkdirSync(join(station.home.inbox, folder), { recursive: true });
  return join(station.home.inbox, folder, name);
};

let controls = 0;
/** How a quiet time passes without a clock: a whole photo dropped now has gone through it when it is at the gate. */
async function aQuietTimePasses(): Promise<void> {
  controls += 1;
  const folder = `Control ${controls}`;
  await station.drop(join(folder, "IMG_1.JPG"), { seed: 10_000 + controls });
  await station.set(folder, "ready");
}

const photosOf = async (folder: string): Promise<readonly Row[]> => {
  const { id } = await station.set(folder, "ready");
  return station.rows(id);
};
const isWhole = { culled: null, width: 640, height: 480 };

describe("half a file", () => {
  test("F35, gauntlet 1, 2, 3, 4: is not taken, however it arrives; the whole one is", async () => {
    const [burst, reserved, sparse, renamed, early] = await Promise.all([1, 2, 3, 4, 5].map((seed) => jpeg({ seed })));
    if (!burst || !reserved || !sparse || !renamed || !early) throw new Error("five photos are wanted");
    const third = (photo: Buffer): number => Math.floor(photo.length / 3);
    const before = at("Early", "IMG_5.JPG");
    writeFileSync(before, early.subarray(0, third(early)));
    await station.home.start();

    const grows = at("Burst", "IMG_1.JPG");
    writeFileSync(grows, burst.subarray(0, third(burst)));
    const full = at("Reserved", "IMG_2.JPG");
    writeFileSync(full, Buffer.alloc(reserved.length));
    const holes = openSync(at("Sparse", "IMG_3.JPG"), "w");
    ftruncateSync(holes, sparse.length);
    writeSync(holes, sparse, 0, third(sparse), 0);
    const half = at("Renamed", "IMG_4.JPG.filepart");
    writeFileSync(half, renamed.subarray(0, third(renamed)));

    await aQuietTimePasses();
    appendFileSync(grows, burst.subarray(third(burst), 2 * third(burst)));
    truncateSync(full, 0);
    writeFileSync(
      full,
      Buffer.concat([reserved.subarray(0, third(reserved)), Buffer.alloc(reserved.length - third(reserved))]),
    );
    writeSync(holes, sparse, third(sparse), third(sparse), third(sparse));
    appendFileSync(before, early.subarray(third(early), 2 * third(early)));
    appendFileSync(half, renamed.subarray(third(renamed)));
    await aQuietTimePasses();
    expect((await station.look()).sets.filter(({ folder }) => !/Control/.test(folder))).toEqual([]);
    await station.problem("IMG_4.JPG.filepart", "drop.temporary");

    appendFileSync(grows, burst.subarray(2 * third(burst)));
    writeFileSync(full, reserved);
    writeSync(holes, sparse, 2 * third(sparse), sparse.length - 2 * third(sparse), 2 * third(sparse));
    closeSync(holes);
    appendFileSync(before, early.subarray(2 * third(early)));
    renameSync(half, at("Renamed", "IMG_4.JPG"));
    for (const folder of ["Early", "Burst", "Reserved", "Sparse", "Renamed"])
      expect(await photosOf(folder), folder).toMatchObject([isWhole]);
  });
});

test("gauntlet 5: a file that is announced six times is one photo", async () => {
  await station.home.start();
  const path = at("Gulls", "IMG_1.JPG");
  const photo = await jpeg();
  for (let i = 1; i <= 6; i += 1) {
    writeFileSync(path, photo);
    utimesSync(path, 1_700_000_000 + i, 1_700_000_000 + i);
  }
  expect(await photosOf("Gulls")).toMatchObject([isWhole]);
  await aQuietTimePasses();
  expect((await station.look()).sets.filter(({ folder }) => folder.endsWith("Gulls"))).toHaveLength(1);
});

test("F33: a RAW, its JPEG and its notes are one photo, in whatever order they arrive", async () => {
  await station.dispose();
  station = makeStation({ settle: { quietSeconds: 3, patienceSeconds: 30, rescanSeconds: 5 } });
  await station.home.start();
  const orders = [
    ["JPG", "CR2", "xmp"],
    ["JPG", "xmp", "CR2"],
    ["CR2", "JPG", "xmp"],
    ["CR2", "xmp", "JPG"],
    ["xmp", "JPG", "CR2"],
    ["xmp", "CR2", "JPG"],
  ];
  const arrive = async (folder: string, order: readonly string[], seed: number): Promise<void> => {
    for (const extension of order) {
      const content = extension === "JPG" ? await jpeg({ seed }) : Buffer.from(`II*\0${extension} of ${folder}`);
      writeFileSync(at(folder, `IMG_1.${extension}`), content);
      // The next one comes when this one was seen, so that the daemon meets every half-complete state.
      await station.problem(`${folder}/IMG_1.${extension}`);
    }
  };
  await Promise.all(orders.map((order, i) => arrive(`Order ${i + 1}`, order, i + 1)));
  for (const [i] of orders.entries()) {
    const photos = await photosOf(`Order ${i + 1}`);
    expect(photos, `order ${i + 1}`).toMatchObject([{ file: "IMG_1.JPG", culled: null }]);
  }
});

test("F36: a file that is deleted while it arrives is forgotten; one deleted after it was taken in is still published", async () => {
  await station.home.start();
  const deleted = at("Gulls", "IMG_1.JPG");
  writeFileSync(deleted, (await jpeg({ seed: 1 })).subarray(0, 9_000));
  await station.drop("Gulls/IMG_2.JPG", { seed: 2 });
  await station.problem("IMG_1.JPG", "drop.waiting");
  rmSync(deleted);
  const { id } = await station.set("Gulls", "ready");
  expect((await station.rows(id)).map(({ file }) => file)).toEqual(["IMG_2.JPG"]);

  rmSync(at("Gulls", "IMG_2.JPG"));
  await station.problem("IMG_2.JPG", "photo.source-gone");
  await station.publish(id);
  expect((await station.set("Gulls", "done")).counts).toMatchObject({ photos: 1, published: 1 });
});

test("F32, gauntlet 12: two cameras with the same numbers and the same second are as many photos as were taken", async () => {
  const takenAt = "2026:10:14 08:12:33";
  for (const [card, model] of [
    ["Card A", "EOS R5"],
    ["Card B", "EOS R6"],
  ] as const)
    for (const name of ["IMG_0001.JPG", "IMG_0002.JPG"])
      await station.drop(join("Gulls", card, name), { takenAt, model, seed: name.charCodeAt(7) + model.charCodeAt(5) });
  await station.home.start();
  const photos = await photosOf("Gulls");
  expect(photos.map(({ file, culled }) => [file, culled])).toHaveLength(4);
  expect(photos.filter(({ culled }) => culled === null)).toHaveLength(4);
  expect(new Set(photos.map(({ name }) => name)).size).toBe(4);
});

test("F31: the same photo dropped twice, under another name and in another folder, is one photo", async () => {
  await station.home.start();
  await station.drop("Gulls/IMG_1.JPG", { seed: 1 });
  await station.set("Gulls", "ready");
  await station.drop("Gulls/copy of IMG_1.JPG", { seed: 1 });
  await station.drop("2026-11 Elsewhere/IMG_7.JPG", { seed: 1 });
  await aQuietTimePasses();
  expect((await station.look()).sets.filter(({ folder }) => !/Control/.test(folder))).toMatchObject([
    { counts: { photos: 1 } },
  ]);
});

test("F37: a folder that is renamed has the same photos", async () => {
  await station.home.start();
  await station.drop("Gulls/IMG_1.JPG", { seed: 1 });
  const { id } = await station.set("Gulls", "ready");
  renameSync(join(station.home.inbox, "Gulls"), join(station.home.inbox, "Herring gulls"));
  await aQuietTimePasses();
  expect((await station.look()).sets.filter(({ folder }) => !/Control/.test(folder)).map((card) => card.id)).toEqual([
    id,
  ]);
  expect(await station.home.json("problems")).toEqual({ problems: [] });
  await station.publish(id);
  await station.home.until(
    () => station.look(),
    ({ sets }) => sets.find((card) => card.id === id)?.state === "done",
    "the renamed set published",
  );
});

test("F38: a folder that is moved out of the inbox leaves its photos where they are in the review", async () => {
  await station.home.start();
  await station.drop("Gulls/IMG_1.JPG", { seed: 1 });
  const { id } = await station.set("Gulls", "ready");
  renameSync(join(station.home.inbox, "Gulls"), join(station.home.path, "away"));
  await station.problem("IMG_1.JPG", "photo.source-gone");
  await station.publish(id);
  expect((await station.set("Gulls", "done")).counts).toMatchObject({ photos: 1, published: 1 });
});
