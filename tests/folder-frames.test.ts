import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ExifDir } from "sharp";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Group, groupsOf } from "../src/domain/likeness.ts";
import { framesOf, lookedAt } from "../src/folder-frames.ts";
import { folderSeen } from "../src/folders.ts";
import { type Decoder, startDecoder } from "../src/imaging/decoder.ts";
import { sharp } from "../src/imaging/sharp.ts";
import { leaves } from "./fixtures/dead-leaves.ts";
import { COMPARING } from "./fixtures/frames.ts";

const { signal } = new AbortController();
let root: string;
let decoder: Decoder;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "photogate-series-"));
  mkdirSync(join(root, "photos"));
  decoder = startDecoder({ children: 2, maxPixels: 1e7, limitMs: 60_000, environment: { PATH: "/usr/bin:/bin" } });
});
afterEach(() => {
  decoder.close();
  rmSync(root, { recursive: true });
});

interface Shot {
  readonly picture: Buffer;
  readonly exif: ExifDir;
  /** seconds after the shot before */
  readonly after?: number;
}

/** As a camera writes them: one after another, with file numbers that go on. */
async function taken(shots: readonly Shot[]): Promise<void> {
  let second = 0;
  for (const [i, { picture, exif, after = 1 }] of shots.entries()) {
    second += after;
    const at = new Date(Date.UTC(2026, 9, 14, 8, 0, second)).toISOString().slice(0, 19);
    await sharp(picture)
      .withExif({
        IFD0: { Make: "Canon", Model: "Canon EOS R5" },
        IFD2: { DateTimeOriginal: at.replaceAll("-", ":").replace("T", " "), ...exif },
      })
      .jpeg({ quality: 92 })
      .toFile(join(root, "photos", `DSC_${100 + i}.JPG`));
  }
}

/** All groups, crops looked for too. */
async function found(): Promise<Group[]> {
  const { shots } = await folderSeen(join(root, "photos"));
  const wishes = { hash: "phash", embedders: null } as const;
  const { frames, aside } = await framesOf(decoder, root, 2, join(root, "photos"), shots, wishes, signal, () => {});
  expect(aside).toEqual([]);
  return groupsOf(frames, { ...COMPARING, looked: await lookedAt(decoder, 2, frames, true, signal) });
}

const short = (groups: readonly Group[]) => groups.map(({ tier, members, keeper }) => [tier, members.length, keeper]);
const scene = (seed: number): Promise<Buffer> => leaves(seed).png().toBuffer();
const SETTINGS = { FNumber: "8/1", ISOSpeedRatings: "100", FocalLength: "35/1" };

describe("of pictures that belong together nothing is ever culled, in any tier", () => {
  test.each([
    ["three, by the bias", [0, -2, 2], "bias"],
    ["five in the order of many cameras, whose ends look nothing alike", [0, -2, 2, -4, 4], "bias"],
    ["seven from dark to light, by the time the shutter was open", [-3, -2, -1, 0, 1, 2, 3], "time"],
    ["five at night, up to half a minute each", [-2, -1, 0, 1, 2], "night"],
  ] as const)("a bracket: %s", async (_, evs, by) => {
    const picture = await scene(3);
    const seconds = (ev: number): number => (by === "night" ? 8 : 1 / 64) * 2 ** ev;
    const shots = await Promise.all(
      evs.map(
        async (ev, i): Promise<Shot> => ({
          // Light of two thirds of the sensor's range; what is too bright is white.
          picture: await sharp(picture)
            .gamma(2.2)
            .linear(0.6 * 2 ** (ev / 2.2), 0)
            .png()
            .toBuffer(),
          exif: {
            ...SETTINGS,
            ExposureTime: `${Math.round(seconds(ev) * 1024)}/1024`,
            ...(by === "bias" ? { ExposureBiasValue: `${ev * 3}/3` } : {}),
          },
          after: 1 + Math.ceil(i === 0 ? 0 : seconds(evs[i - 1] ?? 0)),
        }),
      ),
    );
    await taken(shots);
    const groups = await found();
    expect(groups.filter(({ keeper }) => keeper !== null)).toEqual([]);
    expect(groups.map(({ tier }) => tier)).toContain("bracket");
  });

  test("a focus stack whose sharp part goes through the picture", async () => {
    const picture = await scene(4);
    const soft = await sharp(picture).blur(3).toBuffer();
    const { width = 0, height = 0 } = await sharp(picture).metadata();
    const steps = 8;
    const band = Math.floor(height / steps);
    const shots = await Promise.all(
      Array.from({ length: steps }, async (_, i): Promise<Shot> => {
        const sharpPart = await sharp(picture)
          .extract({ left: 0, top: i * band, width, height: band })
          .toBuffer();
        return {
          picture: await sharp(soft)
            .composite([{ input: sharpPart, left: 0, top: i * band }])
            .png()
            .toBuffer(),
          exif: { ...SETTINGS, ExposureTime: "1/60", SubjectDistance: `${300 + 12 * i}/1000` },
        };
      }),
    );
    await taken(shots);
    expect(short(await found())).toEqual([["stack", steps, null]]);
  });

  test.each([0.3, 0.5, 0.7])("a panorama whose parts share %s of their picture", async (shared) => {
    const parts = 4;
    const width = 768;
    const step = Math.round(width * (1 - shared));
    const wide = sharp({ create: { width: 4 * width, height: 512, channels: 3, background: "#888" } }).composite(
      await Promise.all([5, 6, 7, 8].map(async (seed, i) => ({ input: await scene(seed), left: i * width, top: 0 }))),
    );
    const whole = await wide.png().toBuffer();
    const shots = await Promise.all(
      Array.from(
        { length: parts },
        async (_, i): Promise<Shot> => ({
          picture: await sharp(whole)
            .extract({ left: i * step, top: 0, width, height: 512 })
            .png()
            .toBuffer(),
          exif: { ...SETTINGS, ExposureTime: "1/250" },
          after: 2,
        }),
      ),
    );
    await taken(shots);
    expect(short(await found())).toEqual([["panorama", parts, null]]);
  });
});

test("a burst is told from them: it has a keeper", async () => {
  const whole = await leaves(9).resize(900, 600).png().toBuffer();
  await taken(
    await Promise.all(
      [0, 6, 12, 18].map(
        async (left): Promise<Shot> => ({
          picture: await sharp(whole).extract({ left, top: 0, width: 860, height: 600 }).png().toBuffer(),
          exif: { ...SETTINGS, ExposureTime: "1/250", ExposureBiasValue: "0/3" },
        }),
      ),
    ),
  );
  expect((await found()).map(({ tier, members, keeper }) => [tier, members.length, keeper !== null])).toEqual([
    ["burst", 4, true],
  ]);
});
