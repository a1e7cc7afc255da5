import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { FramingSchema } from "../../src/domain/crop-proposal.ts";
import { isTurned, pixelsOf, storedBox } from "../../src/domain/crops.ts";
import { framingOf } from "../../src/imaging/framing.ts";
import { sharp } from "../../src/imaging/sharp.ts";
import { pictureWithSubject } from "../fixtures/subject.ts";

const MAX_PIXELS = 50_000_000;
const SIZE = { width: 960, height: 640 };
const SUBJECT = { x: 0.78, y: 0.6, radius: 0.08 };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "photogate-framing-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const upright = pictureWithSubject(SIZE, SUBJECT);
const upPicture = () => sharp(upright.data, { raw: { ...SIZE, channels: 3 } });

// What has to be done to an upright picture so that a camera's tag of that number makes it upright again.
const LAID = [
  () => upPicture(),
  () => upPicture().flop(),
  () => upPicture().rotate(180),
  () => upPicture().flip(),
  async () => sharp(await upPicture().rotate(90).png().toBuffer()).flop(),
  () => upPicture().rotate(270),
  async () => sharp(await upPicture().rotate(270).png().toBuffer()).flop(),
  () => upPicture().rotate(90),
] as const;

async function laid(orientation: number): Promise<string> {
  const picture = await LAID[orientation - 1]?.();
  if (picture === undefined) throw new Error(`orientation ${orientation}`);
  const file = join(folder, `photo-${orientation}.tif`);
  writeFileSync(file, await picture.withMetadata({ orientation }).tiff({ compression: "lzw" }).toBuffer());
  return file;
}

const framing = (file: string) => framingOf(file, folder, MAX_PIXELS, null);

describe("a crop of a photo that lies on its side", () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])("with orientation %i names the right pixels", async (orientation) => {
    const file = await laid(orientation);
    const { data } = await sharp(file).autoOrient().raw().toBuffer({ resolveWithObject: true });
    expect(Buffer.compare(data, Buffer.from(upright.data)), "the fixture is upright again").toBe(0);

    const framed = await framing(file);
    expect(FramingSchema.parse(framed)).toEqual(framed);
    expect(framed).toMatchObject({ ...SIZE, orientation, isPreview: false });
    const straight = await framing(await laid(1));
    expect(framed.crops.map(({ aspect }) => aspect)).toEqual(straight.crops.map(({ aspect }) => aspect));
    for (const [i, crop] of framed.crops.entries()) {
      expect(Math.abs(crop.x - (straight.crops[i]?.x ?? 9))).toBeLessThan(0.02);
      expect(Math.abs(crop.y - (straight.crops[i]?.y ?? 9))).toBeLessThan(0.02);
    }

    const square = framed.crops.find(({ aspect }) => aspect === "1:1");
    if (square === undefined) throw new Error("no square");
    const stored = isTurned(orientation) ? { width: SIZE.height, height: SIZE.width } : SIZE;
    // A square leaves out nothing above or below: only a part of it tells top from bottom.
    const part = { ...square, y: 0.125, height: 0.5 };
    const [up, lying] = [pixelsOf(part, SIZE), pixelsOf(storedBox(part, orientation), stored)];
    const cut = (box: typeof up) => ({ left: box.x, top: box.y, width: box.width, height: box.height });
    const wanted = await upPicture().extract(cut(up)).raw().toBuffer();
    const bare = await sharp(file).extract(cut(lying)).raw().toBuffer({ resolveWithObject: true });
    const turned = await sharp(
      await sharp(bare.data, { raw: { width: bare.info.width, height: bare.info.height, channels: 3 } })
        .withMetadata({ orientation })
        .tiff({ compression: "lzw" })
        .toBuffer(),
    )
      .autoOrient()
      .raw()
      .toBuffer();
    expect(turned.length).toBe(wanted.length);
    expect(Buffer.compare(turned, wanted), `${orientation}`).toBe(0);
  });
});

test("the photo is not touched and nothing is put beside it", async () => {
  const file = await laid(6);
  const before = readFileSync(file);
  await framing(file);
  expect(Buffer.compare(readFileSync(file), before)).toBe(0);
});

test.each([
  ["grey", () => upPicture().greyscale().png()],
  ["16-bit", () => upPicture().toColourspace("rgb16").png()],
  ["CMYK", () => upPicture().toColourspace("cmyk").jpeg()],
  ["see-through", () => upPicture().ensureAlpha(0.4).webp({ lossless: true })],
])("a photo that is %s is cropped too", async (_, made) => {
  const file = join(folder, "photo");
  writeFileSync(file, await made().toBuffer());
  const { crops } = await framing(file);
  expect(crops.map(({ aspect }) => aspect)).toContain("1:1");
});
