import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Box } from "../../src/domain/crops.ts";
import { LookFacts } from "../../src/domain/facts.ts";
import { look, render } from "../../src/imaging/look.ts";
import { sharp } from "../../src/imaging/sharp.ts";
import { adobeRgbProfile } from "../fixtures/adobe-rgb.ts";
import { leaves } from "../fixtures/dead-leaves.ts";
import { jpeg } from "../fixtures/make.ts";
import { pictureWithSubject } from "../fixtures/subject.ts";

const MAX_PIXELS = 50_000_000;
const SIZES = {
  full: { width: 1_500, height: 1_000, quality: 100 },
  thumb: { width: 548, height: 365, quality: 95 },
  crop: null,
};
type Colour = readonly [number, number, number];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "photogate-look-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const written = (bytes: Uint8Array): string => {
  const file = join(folder, "photo");
  writeFileSync(file, bytes);
  return file;
};
const lookAt = async (bytes: Uint8Array) => look(written(bytes), join(folder, "look"), MAX_PIXELS);
/** The colour at a place of a made file, by fractions of its width and height. */
async function colourAt(file: string, x: number, y: number): Promise<number[]> {
  const { data, info } = await sharp(file).raw().toBuffer({ resolveWithObject: true });
  const at = (Math.floor(y * info.height) * info.width + Math.floor(x * info.width)) * info.channels;
  return [...data.subarray(at, at + 3)];
}
const near = (colour: readonly number[], wanted: Colour, within = 12): void => {
  for (const [i, value] of wanted.entries())
    expect(Math.abs((colour[i] ?? -999) - value), `${colour} against ${wanted}`).toBeLessThanOrEqual(within);
};
const plain = (colour: Colour, width = 120, height = 80) =>
  sharp({ create: { width, height, channels: 3, background: { r: colour[0], g: colour[1], b: colour[2] } } });
const large = (): string => join(folder, "look", "large.jpg");

describe("a look at a photo", () => {
  test("gives its size, four previews, fingerprints and measures", async () => {
    const facts = await lookAt(await jpeg({ width: 2_400, height: 1_600 }));
    expect(LookFacts.parse(facts)).toEqual(facts);
    expect([facts.width, facts.height]).toEqual([2_400, 1_600]);
    const { large: big, medium, model, small } = facts.previews;
    expect([big, medium, model, small].map(({ width, height }) => [width, height])).toEqual([
      [2_000, 1_333],
      [1_024, 682],
      [896, 597],
      [400, 266],
    ]);
    for (const preview of [big, medium, model, small]) {
      const bytes = readFileSync(join(folder, preview.file));
      expect(bytes.length).toBe(preview.bytes);
      expect(createHash("sha256").update(bytes).digest("hex")).toBe(preview.sha256);
      expect(await sharp(bytes).metadata()).toMatchObject({ format: "jpeg", width: preview.width, channels: 3 });
    }
  });

  test("enlarges nothing", async () => {
    const { previews } = await lookAt(await jpeg({ width: 120, height: 90 }));
    expect(Object.values(previews).map(({ width, height }) => [width, height])).toEqual([
      [120, 90],
      [120, 90],
      [120, 90],
      [120, 90],
    ]);
  });

  test("of one pixel is possible", async () => {
    const facts = await lookAt(await plain([9, 9, 9], 1, 1).png().toBuffer());
    expect(LookFacts.parse(facts)).toEqual(facts);
    expect(facts).toMatchObject({ width: 1, height: 1, sharpness: 0, measures: { reblur: 0, noise: null } });
  });

  test("twice gives the same", async () => {
    const bytes = await jpeg({ seed: 5 });
    expect(await lookAt(bytes)).toEqual(await lookAt(bytes));
  });

  test("proposes crops that keep the subject, upright", async () => {
    const lying = pictureWithSubject({ width: 640, height: 960 }, { x: 0.5, y: 0.2, radius: 0.1 });
    const file = await sharp(Buffer.from(lying.data), { raw: { width: 640, height: 960, channels: 3 } })
      .withMetadata({ orientation: 6 })
      .jpeg({ quality: 95 })
      .toBuffer();
    const { width, height, crops } = await lookAt(file);
    expect([width, height]).toEqual([960, 640]);
    const square = crops.find(({ aspect }) => aspect === "1:1");
    // The top of what is stored is the right of what is seen.
    expect(square).toMatchObject({ x: expect.closeTo(1 / 3, 1), width: expect.closeTo(2 / 3, 3) });
  });

  test("leaves what its like is found by: grey pixels, and features of its sharp patches", async () => {
    const facts = await lookAt(await leaves(1).jpeg().toBuffer());
    expect(readFileSync(join(folder, facts.grey))).toHaveLength(96 * 96);
    const patches = readFileSync(join(folder, facts.patches));
    const features = new Float32Array(new Uint8Array(patches).buffer);
    expect(features.length % 36).toBe(0);
    expect(features.length).toBeGreaterThan(0);
    expect(features.every(Number.isFinite)).toBe(true);
  });

  test("knows the same pixels in another file", async () => {
    const photo = () => leaves(1).png();
    const own = await lookAt(await photo().toBuffer());
    const tagged = await lookAt(
      await photo()
        .withExif({ IFD0: { Artist: "Somebody else" } })
        .toBuffer(),
    );
    const other = await lookAt(await leaves(1).linear(1, 1).png().toBuffer());
    expect(tagged.pixels).toBe(own.pixels);
    expect(other.pixels).not.toBe(own.pixels);
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8])("finds the blocks of a JPEG with orientation %i", async (orientation) => {
    const cut = leaves(1).extract({ left: 0, top: 0, width: 509, height: 389 });
    const spoiled = await lookAt(await cut.withMetadata({ orientation }).jpeg({ quality: 20 }).toBuffer());
    expect(spoiled.measures.blockiness).toBeGreaterThan(4);
    expect(spoiled.measures.jpegQuality).toBeCloseTo(20, 0);
  });

  test("says nothing about blocks it has reduced away, nor about tables where there are none", async () => {
    const large = await lookAt(await jpeg({ width: 2_400, height: 1_600 }));
    expect(large.measures.blockiness).toBeNull();
    expect((await lookAt(await leaves(1).png().toBuffer())).measures.jpegQuality).toBeNull();
  });

  test("measures light", async () => {
    expect(await lookAt(await plain([128, 128, 128]).png().toBuffer())).toMatchObject({ brightness: 128, contrast: 0 });
    expect((await lookAt(await plain([255, 255, 255]).png().toBuffer())).brightness).toBe(255);
  });
});

const RED: Colour = [220, 30, 30];
const GREEN: Colour = [30, 200, 30];
const BLUE: Colour = [30, 30, 220];
const WHITE: Colour = [240, 240, 240];

describe("a photo stands upright", () => {
  const WIDTH = 96;
  const HEIGHT = 64;
  const upright = (x: number, y: number): Colour =>
    y < HEIGHT / 2 ? (x < WIDTH / 2 ? RED : GREEN) : x < WIDTH / 2 ? BLUE : WHITE;
  // Where row 0 and column 0 of the stored picture belong in the upright one, as EXIF 2.3 table 6 has it.
  const SIDES = [
    ["top", "left"],
    ["top", "right"],
    ["bottom", "right"],
    ["bottom", "left"],
    ["left", "top"],
    ["right", "top"],
    ["right", "bottom"],
    ["left", "bottom"],
  ] as const;

  test.each(SIDES.map(([row, column], i) => [i + 1, row, column] as const))(
    "with orientation %i: row 0 is its %s, column 0 its %s",
    async (orientation, row, column) => {
      const isTurned = orientation >= 5;
      const [columns, rows] = isTurned ? [HEIGHT, WIDTH] : [WIDTH, HEIGHT];
      const pixels = Buffer.alloc(columns * rows * 3);
      for (let r = 0; r < rows; r += 1)
        for (let c = 0; c < columns; c += 1) {
          const [across, down] = isTurned ? [r, c] : [c, r];
          const fromRight = row === "right" || column === "right";
          const fromBottom = row === "bottom" || column === "bottom";
          const colour = upright(fromRight ? WIDTH - 1 - across : across, fromBottom ? HEIGHT - 1 - down : down);
          pixels.set(colour, (r * columns + c) * 3);
        }
      const bytes = await sharp(pixels, { raw: { width: columns, height: rows, channels: 3 } })
        .withMetadata({ orientation })
        .jpeg({ quality: 95 })
        .toBuffer();

      const facts = await lookAt(bytes);
      expect([facts.width, facts.height]).toEqual([WIDTH, HEIGHT]);
      const rendered = await render(written(bytes), join(folder, "publish"), SIZES, MAX_PIXELS);
      for (const file of [large(), rendered.full.path]) {
        near(await colourAt(file, 0.2, 0.2), RED);
        near(await colourAt(file, 0.8, 0.2), GREEN);
        near(await colourAt(file, 0.2, 0.8), BLUE);
        near(await colourAt(file, 0.8, 0.8), WHITE);
        expect((await sharp(file).metadata()).orientation ?? 1).toBe(1);
      }
    },
  );
});

describe("a photo keeps its colours", () => {
  test.each<[string, () => Promise<Buffer>, Colour, number]>([
    ["from a PNG of 16 bits", () => plain(RED).toColourspace("rgb16").png().toBuffer(), RED, 6],
    ["from the wider gamut of P3", () => plain(RED).withIccProfile("p3").jpeg({ quality: 95 }).toBuffer(), RED, 8],
    ["from CMYK", () => plain([128, 128, 128]).toColourspace("cmyk").jpeg().toBuffer(), [128, 128, 128], 25],
    ["from grey", () => plain([77, 77, 77]).toColourspace("b-w").png().toBuffer(), [77, 77, 77], 4],
    ["from grey of 16 bits", () => plain([77, 77, 77]).toColourspace("grey16").png().toBuffer(), [77, 77, 77], 6],
    ["from a palette of one bit", () => plain([0, 0, 0]).png({ palette: true, colours: 2 }).toBuffer(), [0, 0, 0], 4],
    ["from WebP", () => plain(GREEN).webp({ quality: 95 }).toBuffer(), GREEN, 12],
    ["from AVIF", () => plain(GREEN).avif({ quality: 90, effort: 0 }).toBuffer(), GREEN, 12],
    ["from TIFF", () => plain(BLUE).tiff().toBuffer(), BLUE, 12],
    ["from GIF", () => plain(BLUE).gif().toBuffer(), BLUE, 12],
  ])("%s", async (_, made, colour, within) => {
    const bytes = await made();
    await lookAt(bytes);
    near(await colourAt(large(), 0.5, 0.5), colour, within);
    const { full } = await render(written(bytes), join(folder, "publish"), SIZES, MAX_PIXELS);
    near(await colourAt(full.path, 0.5, 0.5), colour, within);
  });

  test("from the wider gamut of Adobe RGB", async () => {
    const profile = join(folder, "wide.icc");
    writeFileSync(profile, adobeRgbProfile());
    const bytes = await plain(GREEN).withIccProfile(profile).jpeg({ quality: 95 }).toBuffer();
    const stored = await sharp(bytes, { ignoreIcc: true }).raw().toBuffer();
    // Its numbers are others: taken for sRGB, the green would be dull.
    expect(Math.abs((stored[0] ?? 0) - GREEN[0])).toBeGreaterThan(40);
    await lookAt(bytes);
    near(await colourAt(large(), 0.5, 0.5), GREEN, 8);
  });

  test("on white, where it is transparent", async () => {
    const clear = sharp({ create: { width: 20, height: 20, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } } });
    await lookAt(await clear.png().toBuffer());
    near(await colourAt(large(), 0.5, 0.5), [255, 255, 255], 2);
  });

  test("of its first frame, where it moves", async () => {
    const frames = Buffer.concat([
      await plain(RED, 16, 16).raw().toBuffer(),
      await plain(BLUE, 16, 16).raw().toBuffer(),
    ]);
    const gif = await sharp(frames, { raw: { width: 16, height: 32, channels: 3, pageHeight: 16 } })
      .gif()
      .toBuffer();
    expect(await lookAt(gif)).toMatchObject({ width: 16, height: 16 });
    near(await colourAt(large(), 0.5, 0.5), RED, 15);
  });
});

describe("what the site gets", () => {
  test("fits its boxes, whatever the shape, and is not enlarged", async () => {
    const sizesOf = async (width: number, height: number) => {
      const { full, thumb } = await render(
        written(await plain(RED, width, height).jpeg().toBuffer()),
        join(folder, "publish"),
        SIZES,
        MAX_PIXELS,
      );
      return [full, thumb].map((file) => [file.width, file.height]);
    };
    expect(await sizesOf(3_000, 2_000)).toEqual([
      [1_500, 1_000],
      [548, 365],
    ]);
    expect(await sizesOf(1_000, 3_000)).toEqual([
      [333, 1_000],
      [122, 365],
    ]);
    expect(await sizesOf(300, 200)).toEqual([
      [300, 200],
      [300, 200],
    ]);
  });

  describe("of a photo that is cropped", () => {
    /** Four fields of colour: red, green, blue, white, by rows. */
    const fields = (width: number, height: number) => {
      const half = { width: width / 2, height: height / 2 };
      const field = (background: string, left: number, top: number) => ({
        input: { create: { ...half, channels: 3 as const, background } },
        left,
        top,
      });
      const [w, h] = [half.width, half.height];
      return plain([255, 255, 255], width, height).composite([
        field("#ff0000", 0, 0),
        field("#00ff00", w, 0),
        field("#0000ff", 0, h),
      ]);
    };
    const cropped = async (bytes: Uint8Array, crop: Box) =>
      render(written(bytes), join(folder, "publish"), { ...SIZES, crop }, MAX_PIXELS);

    test("is that part and nothing else, full and thumbnail, cut before it is reduced", async () => {
      const bytes = await fields(4_000, 2_000).jpeg().toBuffer();
      const { full, thumb } = await cropped(bytes, { x: 0.5, y: 0, width: 0.3, height: 0.5 });
      expect([full.width, full.height, thumb.width, thumb.height]).toEqual([1_200, 1_000, 438, 365]);
      for (const { path } of [full, thumb])
        for (const [x, y] of [
          [0.02, 0.02],
          [0.98, 0.02],
          [0.5, 0.98],
        ] as const)
          near(await colourAt(path, x, y), [0, 255, 0]);
    });

    test("is of the upright picture, however the camera was held", async () => {
      // Lies on its left side: upright, blue is the upper left field.
      const bytes = await fields(400, 200).withMetadata({ orientation: 6 }).jpeg().toBuffer();
      const { full } = await cropped(bytes, { x: 0, y: 0, width: 0.5, height: 0.5 });
      expect([full.width, full.height]).toEqual([100, 200]);
      near(await colourAt(full.path, 0.5, 0.5), [0, 0, 255]);
    });

    test("never reaches outside, whatever rounding would have it", async () => {
      const bytes = await fields(334, 222).jpeg().toBuffer();
      const { full } = await cropped(bytes, { x: 0.333334, y: 0.999, width: 0.666666, height: 0.001 });
      expect([full.width, full.height]).toEqual([223, 1]);
    });
  });

  test("is a progressive JPEG with an sRGB profile, and nothing of the camera's tags", async () => {
    const camera = await sharp(await jpeg({ width: 300, height: 200 }))
      .keepExif()
      .withExifMerge({ IFD0: { Artist: "SECRET-NAME", Software: "<?php SECRET ?>" }, IFD3: { GPSLatitudeRef: "N" } })
      .jpeg()
      .toBuffer();
    const { full, thumb } = await render(
      written(Buffer.concat([camera, Buffer.from("<?php SECRET-TRAILER")])),
      join(folder, "publish"),
      SIZES,
      MAX_PIXELS,
    );
    for (const { path, bytes, sha256 } of [full, thumb]) {
      const file = readFileSync(path);
      expect([file.length, createHash("sha256").update(file).digest("hex")]).toEqual([bytes, sha256]);
      const metadata = await sharp(file).metadata();
      expect(metadata).toMatchObject({
        format: "jpeg",
        isProgressive: true,
        chromaSubsampling: "4:4:4",
        space: "srgb",
      });
      expect(metadata.exif).toBeUndefined();
      expect(metadata.icc?.includes(Buffer.from("sRGB", "utf16le").swap16())).toBe(true);
      expect(file.includes("SECRET")).toBe(false);
      expect(file.includes("Canon")).toBe(false);
    }
  });
});
