import { beforeAll, describe, expect, test } from "vitest";
import { embeddedIn, orientationBlock, preferred, SIGHT_HEAD_BYTES, showable } from "../../src/domain/first-sight.ts";
import { sharp } from "../../src/imaging/sharp.ts";
import { bareJpeg, dng } from "../fixtures/dng.ts";
import { canonBoxes, fujifilm, rawWithPictures, withPictures } from "../fixtures/embedded.ts";

let photo: Buffer;
let thumbnail: Buffer;
let preview: Buffer;
beforeAll(async () => {
  [photo, thumbnail, preview] = await Promise.all([bareJpeg(640, 480), bareJpeg(160, 120), bareJpeg(320, 240)]);
});

/** What is found in a file, as bytes. */
function picturesIn(file: Buffer): { pictures: Buffer[]; orientation: number | null } {
  const { pictures, orientation } = embeddedIn(file.subarray(0, SIGHT_HEAD_BYTES));
  return { pictures: pictures.map(({ at, bytes }) => file.subarray(at, at + bytes)), orientation };
}

describe("the pictures a camera put beside its photo are found", () => {
  test.each(["II", "MM"] as const)("in the EXIF block of a JPEG, %s", (order) => {
    const file = withPictures(photo, { thumbnail, orientation: 6, order });
    expect(picturesIn(file)).toEqual({ pictures: [thumbnail], orientation: 6 });
  });

  test("behind the end of a JPEG, by its list", () => {
    const file = withPictures(photo, { thumbnail, preview, orientation: 8 });
    expect(picturesIn(file)).toEqual({ pictures: [thumbnail, preview], orientation: 8 });
  });

  test("in the directories of a RAW built like TIFF", () => {
    expect(picturesIn(rawWithPictures(preview, thumbnail, 3))).toEqual({
      pictures: [preview, thumbnail],
      orientation: 3,
    });
  });

  test("in the sub-directories of a DNG, where its sensor's pixels are none", async () => {
    const file = await dng({ preview, thumbnail, orientation: 5 });
    expect(picturesIn(file)).toEqual({ pictures: [preview, thumbnail], orientation: 5 });
  });

  test("in Fujifilm's RAW: its JPEG, and the thumbnail in that", () => {
    const jpeg = withPictures(photo, { thumbnail, orientation: 6 });
    expect(picturesIn(fujifilm(jpeg))).toEqual({ pictures: [thumbnail, jpeg], orientation: 6 });
  });

  test("in the boxes of a CR3", () => {
    expect(picturesIn(canonBoxes(thumbnail, preview, 6))).toEqual({ pictures: [thumbnail, preview], orientation: 6 });
  });

  test("nowhere, in a file without any", async () => {
    const png = await sharp(photo).png().toBuffer();
    for (const file of [photo, png, Buffer.from("not a picture at all"), Buffer.alloc(0)])
      expect(embeddedIn(file)).toEqual({ pictures: [], orientation: null });
  });
});

test("no head, however it is cut or damaged, is too much for it", () => {
  const files = [
    withPictures(photo, { thumbnail, preview }),
    rawWithPictures(preview, thumbnail, 1),
    canonBoxes(thumbnail, preview, 1),
    fujifilm(withPictures(photo, { thumbnail })),
  ];
  for (const file of files)
    for (let at = 0; at < 400; at += 1) {
      const damaged = Buffer.from(file);
      damaged.fill(at % 2 === 0 ? 0xff : 0, at, at + 4);
      for (const head of [file.subarray(0, at), damaged])
        for (const picture of embeddedIn(head).pictures) expect(picture.bytes).toBeGreaterThan(0);
    }
});

test("a directory that leads back to itself ends the walk", () => {
  const file = rawWithPictures(preview, thumbnail, 1);
  const next = 8 + 2 + 4 * 12;
  file.writeUInt32LE(8, next);
  expect(picturesIn(file).pictures).toEqual([preview]);
});

describe("the right one is tried first", () => {
  const pictures = [8_000, 200_000, 900_000, 20_000_000].map((bytes, at) => ({ at, bytes }));
  test.each([
    ["sight", [200_000, 8_000, 900_000]],
    ["sight-large", [900_000, 200_000, 8_000]],
  ] as const)("for %s", (sight, order) => {
    expect(preferred(pictures, sight).map(({ bytes }) => bytes)).toEqual(order);
  });
});

describe("what is shown of a picture", () => {
  const bytesOf = (jpeg: Uint8Array | undefined): Buffer => Buffer.from(jpeg ?? []);

  test.each([1, 3, 6, 8])("stands upright by the photo's own word (%i)", async (orientation) => {
    const shown = bytesOf(showable(thumbnail, orientation));
    const { autoOrient, orientation: said } = await sharp(shown).metadata();
    expect(said).toBe(orientation);
    expect(autoOrient.width).toBe(orientation < 5 ? 160 : 120);
    expect(await sharp(shown).raw().toBuffer()).toEqual(await sharp(thumbnail).raw().toBuffer());
  });

  test("stands by its own word, where it has one", async () => {
    const own = Buffer.concat([thumbnail.subarray(0, 2), orientationBlock(8), thumbnail.subarray(2)]);
    expect((await sharp(bytesOf(showable(own, 6))).metadata()).orientation).toBe(8);
  });

  test("has none of its tags, its comments, and what stands behind its end", async () => {
    const secret = Buffer.from("52.3676 N, serial 4711");
    const comment = Buffer.concat([Buffer.from([0xff, 0xfe, 0, secret.length + 2]), secret]);
    const tagged = await sharp(thumbnail)
      .withExif({ IFD0: { Artist: "52.3676 N, serial 4711" } })
      .jpeg()
      .toBuffer();
    const file = Buffer.concat([tagged.subarray(0, 2), comment, tagged.subarray(2), secret]);
    expect(file.includes(secret)).toBe(true);
    const shown = bytesOf(showable(file, null));
    expect(shown.includes(secret)).toBe(false);
    expect(shown.subarray(-2)).toEqual(Buffer.from([0xff, 0xd9]));
  });

  test.each(["progressive", "grey", "subsampled"])("is a %s JPEG as well", async (kind) => {
    const source = kind === "grey" ? sharp(thumbnail).greyscale() : sharp(thumbnail);
    const file = await source
      .jpeg({ progressive: kind === "progressive", chromaSubsampling: kind === "subsampled" ? "4:2:0" : "4:4:4" })
      .toBuffer();
    const shown = bytesOf(showable(file, null));
    expect(await sharp(shown).raw().toBuffer()).toEqual(await sharp(file).raw().toBuffer());
  });

  test("is nothing, if it is cut off anywhere", () => {
    for (let length = 0; length < thumbnail.length; length += 7)
      expect(showable(thumbnail.subarray(0, length), null)).toBeUndefined();
  });

  const frameAt = (jpeg: Buffer): number => jpeg.indexOf(Buffer.from([0xff, 0xc0]));
  test.each<readonly [string, (jpeg: Buffer, frame: number) => unknown]>([
    ["more pixels than anybody can decode", (jpeg, frame) => jpeg.writeUInt32BE(0xffff_ffff, frame + 5)],
    ["no pixels", (jpeg, frame) => jpeg.writeUInt16BE(0, frame + 5)],
    ["a lossless frame", (jpeg, frame) => jpeg.writeUInt8(0xc3, frame + 1)],
    ["twelve bits", (jpeg, frame) => jpeg.writeUInt8(12, frame + 4)],
    ["another format behind its first two bytes", (jpeg) => jpeg.write("<svg xmlns", 2)],
  ])("is nothing, if it has %s", (_, damage) => {
    const jpeg = Buffer.from(thumbnail);
    damage(jpeg, frameAt(jpeg));
    expect(showable(jpeg, 1)).toBeUndefined();
  });

  test("is nothing, if one frame is drawn over and over again", () => {
    const scan = thumbnail.subarray(thumbnail.indexOf(Buffer.from([0xff, 0xda])), -2);
    const again = (times: number): Buffer =>
      Buffer.concat([thumbnail.subarray(0, -2), ...Array.from({ length: times }, () => scan), thumbnail.subarray(-2)]);
    expect(showable(again(9), 1)).toBeDefined();
    expect(showable(again(100), 1)).toBeUndefined();
  });
});
