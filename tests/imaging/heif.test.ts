import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { heifAsTiff } from "../../src/imaging/heif.ts";
import { look, render } from "../../src/imaging/look.ts";
import { sharp } from "../../src/imaging/sharp.ts";
import { colours, heic, mirror, rotation } from "../fixtures/heic.ts";

const WIDTH = 320;
const HEIGHT = 240;
type Colour = readonly [number, number, number];
const RED: Colour = [200, 30, 30];
const GREEN: Colour = [30, 200, 30];
const BLUE: Colour = [30, 30, 200];
const GREY: Colour = [240, 240, 240];
/** What RED of Display P3 is in sRGB, which cannot show it whole. */
const P3_RED: Colour = [217, 0, 9];

/** Red and green above blue and grey. */
const quarters = Buffer.from(
  Array.from({ length: HEIGHT * WIDTH }, (_, i) => {
    const isLeft = i % WIDTH < WIDTH / 2;
    return i < (HEIGHT * WIDTH) / 2 ? (isLeft ? RED : GREEN) : isLeft ? BLUE : GREY;
  }).flat(),
);
const picture = () => sharp(quarters, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } });
const plain = heic(await picture().png().toBuffer());

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "photogate-heif-"));
});
afterEach(() => rmSync(folder, { recursive: true }));
const written = (bytes: Uint8Array, name = "photo"): string => {
  const file = join(folder, name);
  writeFileSync(file, bytes);
  return file;
};

/** The middle of each quarter of a JPEG: above left, above right, below left, below right. */
async function cornersOf(file: string): Promise<Colour[]> {
  const { data, info } = await sharp(file).raw().toBuffer({ resolveWithObject: true });
  const at = (x: number, y: number): Colour => {
    const from = (Math.floor(y * info.height) * info.width + Math.floor(x * info.width)) * info.channels;
    return [data[from] ?? 0, data[from + 1] ?? 0, data[from + 2] ?? 0];
  };
  return [at(0.25, 0.25), at(0.75, 0.25), at(0.25, 0.75), at(0.75, 0.75)];
}
const seen = async (bytes: Uint8Array, name?: string) => {
  const { width, height } = await look(written(bytes, name), folder, 1e6);
  return { width, height, corners: await cornersOf(join(folder, "large.jpg")) };
};
const near = (colours: readonly Colour[], wanted: readonly Colour[]): void => {
  for (const [i, colour] of colours.entries())
    for (const [channel, value] of colour.entries())
      expect(Math.abs(value - (wanted[i]?.[channel] ?? -99)), `${i}: ${colour} for ${wanted[i]}`).toBeLessThan(12);
};

describe("a HEIC", () => {
  test("shows what is in it, and becomes the site's files", async () => {
    const { width, height, corners } = await seen(plain);
    expect([width, height]).toEqual([WIDTH, HEIGHT]);
    near(corners, [RED, GREEN, BLUE, GREY]);
    const size = { width: 160, height: 160, quality: 90 };
    const { full } = await render(written(plain), join(folder, "site"), { full: size, thumb: size, crop: null }, 1e6);
    expect([full.width, full.height]).toEqual([160, 120]);
    near(await cornersOf(full.path), [RED, GREEN, BLUE, GREY]);
  });

  test("is told by its content: it may be called .jpg", async () => {
    near((await seen(plain, "IMG_1.jpg")).corners, [RED, GREEN, BLUE, GREY]);
    const jpeg = await picture().jpeg({ quality: 95 }).toBuffer();
    near((await seen(jpeg, "IMG_2.HEIC")).corners, [RED, GREEN, BLUE, GREY]);
  });

  test.each([
    ["a quarter to the left", [rotation(1)], [HEIGHT, WIDTH], [GREEN, GREY, RED, BLUE]],
    ["upside down", [rotation(2)], [WIDTH, HEIGHT], [GREY, BLUE, GREEN, RED]],
    ["a quarter to the right", [rotation(3)], [HEIGHT, WIDTH], [BLUE, RED, GREY, GREEN]],
    ["as in a mirror", [mirror(1)], [WIDTH, HEIGHT], [GREEN, RED, GREY, BLUE]],
  ])("is turned %s if its container says so", async (_, properties, size, corners) => {
    const turned = await seen(heic(await picture().png().toBuffer(), properties));
    expect([turned.width, turned.height]).toEqual(size);
    near(turned.corners, corners);
  });

  test("is turned once, where container and EXIF both say how the camera was held", async () => {
    const held = heic(await picture().withMetadata({ orientation: 6 }).jpeg({ quality: 95 }).toBuffer(), [rotation(3)]);
    expect((await sharp(held).metadata()).exif).toBeDefined();
    near((await seen(held)).corners, [BLUE, RED, GREY, GREEN]);
  });

  test("with a Display P3 profile is shown in sRGB", async () => {
    const wide = await picture().withIccProfile("p3").png().toBuffer();
    expect((await sharp(heic(wide)).metadata()).icc).toBeDefined();
    near((await seen(heic(wide))).corners, [RED, GREEN, BLUE, GREY]);
  });

  test("that names Display P3 by number is shown in sRGB too", async () => {
    const { corners } = await seen(heic(await picture().png().toBuffer(), [colours(12)]));
    near(corners.slice(0, 1), [P3_RED]);
    const named = await seen(heic(await picture().png().toBuffer(), [colours(1)]));
    near(named.corners, [RED, GREEN, BLUE, GREY]);
  });

  test("with an alpha channel lies on white", async () => {
    const clear = await sharp({ create: { width: 64, height: 64, channels: 4, background: "#ff000000" } })
      .png()
      .toBuffer();
    near((await seen(heic(clear))).corners.slice(0, 1), [[255, 255, 255]]);
  });

  test("with more pixels than allowed is refused before it is decoded", async () => {
    await expect(heifAsTiff(written(plain), WIDTH * HEIGHT - 1)).rejects.toMatchObject({
      code: "photo.too-many-pixels",
    });
    await expect(heifAsTiff(written(plain), WIDTH * HEIGHT)).resolves.toBeInstanceOf(Buffer);
  });

  test("that is damaged is refused, and the next one is fine", async () => {
    for (const damaged of [
      plain.subarray(0, 200),
      plain.subarray(0, plain.length - 200),
      Buffer.concat([plain.subarray(0, 24), Buffer.alloc(plain.length)]),
    ]) {
      await expect(heifAsTiff(written(damaged), 1e6)).rejects.toThrow(/HEIC: /);
      await expect(heifAsTiff(written(plain, "next"), 1e6)).resolves.toBeInstanceOf(Buffer);
    }
  });
});
