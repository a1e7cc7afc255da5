import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { readConfig } from "../src/config.ts";
import { contextOfFolder } from "../src/domain/context.ts";
import { HEAD_BYTES, hasProvenEnd, TAIL_BYTES } from "../src/domain/formats.ts";
import { readExif } from "../src/imaging/exif.ts";
import { look } from "../src/imaging/look.ts";
import { sharp } from "../src/imaging/sharp.ts";
import { dropPracticeSet } from "../src/practice.ts";

const MAX_PIXELS = 1e9;
const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

describe("the practice set", () => {
  const home = mkdtempSync(join(tmpdir(), "practice-"));
  const config = readConfig(home);
  let folder: string;
  let files: string[];

  beforeAll(async () => {
    folder = await dropPracticeSet(config);
    files = readdirSync(folder).sort();
  });

  test("is a folder of the first inbox with twelve photos in the camera's numbering, and nothing else", () => {
    expect(folder).toBe(join(home, "inbox", "2026-10 Practice, Texel"));
    expect(files).toEqual(Array.from({ length: 12 }, (_, i) => `DSC_0${101 + i}.JPG`));
  });

  test("tells subject, place and month by its name", () => {
    expect(contextOfFolder(basename(folder))).toEqual({ date: "2026-10", subject: "Practice", location: "Texel" });
  });

  test("was taken on one day, one after the other, with three frames within a second", async () => {
    const tags = await Promise.all(files.map((file) => readExif(join(folder, file), MAX_PIXELS)));
    const times = tags.map(({ takenAt, subSec }) => `${takenAt}.${subSec}`);
    expect(times).toEqual(times.toSorted());
    expect(times.filter((time) => time.startsWith("2026:10:14 "))).toHaveLength(12);
    expect(times.filter((time) => time.startsWith("2026:10:14 11:16:03"))).toHaveLength(3);
  });

  test("has photos in portrait", async () => {
    const turned = await Promise.all(
      files.map(async (file) => (await sharp(join(folder, file)).metadata()).orientation === 6),
    );
    expect(turned.filter((is) => is)).toHaveLength(2);
  });

  test("has one file that is damaged, and whole enough not to be waited for; the others decode", async () => {
    const into = mkdtempSync(join(tmpdir(), "practice-look-"));
    const failed: string[] = [];
    for (const file of files)
      await look(join(folder, file), into, MAX_PIXELS).catch((failure: unknown) => {
        failed.push(file);
        expect(String(failure)).toMatch(/corrupt jpeg data/i);
      });
    expect(failed).toEqual(["DSC_0111.JPG"]);
    const damaged = readFileSync(join(folder, "DSC_0111.JPG"));
    const ends = [damaged.subarray(0, HEAD_BYTES), damaged.subarray(-TAIL_BYTES)] as const;
    expect(hasProvenEnd(...ends, damaged.length)).toBe(true);
  });

  test("asked for again, comes as a new set: no photo of it is here already", async () => {
    const second = await dropPracticeSet(config);
    expect(basename(second)).toBe("2026-10 Practice 2, Texel");
    const hashes = [folder, second].flatMap((of) => files.map((file) => sha256(readFileSync(join(of, file)))));
    expect(new Set(hashes).size).toBe(24);
  });
});
