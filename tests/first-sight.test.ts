import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Fault } from "../src/domain/fault.ts";
import type { LoadedPhoto } from "../src/domain/photo.ts";
import { firstSightOf } from "../src/first-sight.ts";
import { sharp } from "../src/imaging/sharp.ts";
import { readEnds } from "../src/originals.ts";
import { bareJpeg } from "./fixtures/dng.ts";
import { busyJpeg, withPictures } from "./fixtures/embedded.ts";
import { aPhoto, factsAtGate } from "./store/home.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "photogate-sight-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Writes a file as the original of a photo, which is not copied yet. */
function dropped(file: Buffer): LoadedPhoto {
  const path = join(folder, "IMG_1.JPG");
  writeFileSync(path, file);
  const source = { path, bytes: file.length, mtimeMs: 5, nameIsText: true };
  return aPhoto({ source, dir: join(folder, "work", "1") });
}

function copied(photo: LoadedPhoto, file: Buffer): LoadedPhoto {
  const { ingest } = factsAtGate("");
  mkdirSync(join(photo.dir, "ingest"), { recursive: true });
  writeFileSync(join(photo.dir, ingest.file), file);
  return { ...photo, facts: { ingest } };
}

const sightOf = firstSightOf({ ends: readEnds });
const widthOf = async (jpeg: Uint8Array | undefined): Promise<number | undefined> =>
  jpeg && (await sharp(jpeg).metadata()).width;

const thumbnail = await bareJpeg(160, 120);
const preview = await busyJpeg(1_600, 1_200);
const photo = await bareJpeg(640, 480);

describe("the first sight of a photo", () => {
  test("is the small picture in its file for the grid, the large one for the window", async () => {
    const taken = dropped(withPictures(photo, { thumbnail, preview }));
    expect(await widthOf(await sightOf(taken, "sight"))).toBe(160);
    expect(await widthOf(await sightOf(taken, "sight-large"))).toBe(1_600);
  });

  test("comes from our copy once there is one, and asks nothing of the inbox", async () => {
    const file = withPictures(photo, { thumbnail });
    const sight = firstSightOf({
      ends: () => {
        throw new Error("the inbox was asked");
      },
    });
    expect(await widthOf(await sight(copied(dropped(file), file), "sight"))).toBe(160);
  });

  test("is none, if the file has no picture in it", async () => {
    expect(await sightOf(dropped(photo), "sight")).toBeUndefined();
  });

  test("is none, if another file lies there by now", async () => {
    const taken = dropped(withPictures(photo, { thumbnail }));
    writeFileSync(taken.source.path, withPictures(photo, { thumbnail: await bareJpeg(200, 150) }));
    expect(await sightOf(taken, "sight")).toBeUndefined();
  });

  test("is none, if a list leads behind the end of the file", async () => {
    const file = withPictures(photo, { preview });
    expect(await sightOf(dropped(file.subarray(0, file.length - 1_000)), "sight-large")).toBeUndefined();
  });

  test("is none while an inbox does not answer, and no error", async () => {
    const sight = firstSightOf({ ends: () => Promise.reject(new Fault("inbox.not-answering", "/in does not answer")) });
    expect(await sight(dropped(photo), "sight")).toBeUndefined();
  });

  test("is never read through a link", async () => {
    const taken = dropped(withPictures(photo, { thumbnail }));
    const link = join(folder, "link.JPG");
    symlinkSync(taken.source.path, link);
    expect(await sightOf({ ...taken, source: { ...taken.source, path: link } }, "sight")).toBeUndefined();
  });
});
