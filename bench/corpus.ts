/**
 * JPEGs with the size and the mixture of a camera's, made once and kept in `.cache/bench`; or a folder of the user's own. They
 * are as cameras write them: tags with a maker note, and no colour profile. Two of them are no more alike than two photographs.
 */
import { existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { MINUTE } from "../src/domain/words.ts";
import { randomFrom } from "../src/imaging/brushes.ts";
import { exifOf, type Pixels, paint } from "../src/imaging/scene.ts";
import { SCENES } from "../src/imaging/scenery.ts";
import { sharp } from "../src/imaging/sharp.ts";
import { pool } from "../src/pipeline/pool.ts";
import type { Options } from "./figures.ts";
import { outputOf } from "./programs.ts";

export const CACHE = fileURLToPath(new URL("../.cache/bench/", import.meta.url));

interface Format {
  /** below `.cache/bench`; another number for other photos */
  readonly folder: string;
  readonly width: number;
  readonly height: number;
  /** orientation tags of photos that lie on their side, by the last digit of their number; the others have none */
  readonly turned: readonly number[];
  /** @param chance 0 to 1 @param seed the number of the photo */
  readonly subsampling: (chance: number, seed: number) => Subsampling;
}

type Subsampling = "4:2:0" | "4:2:2" | "4:4:4";

const MEGAPIXELS_12: Format = {
  folder: "corpus-2",
  width: 4000,
  height: 3000,
  turned: [],
  subsampling: (chance) => (chance < 0.7 ? "4:2:0" : "4:4:4"),
};

/** Cameras of today: 4:2:2 as often as 4:2:0, and some are held upright, either way round. */
const MEGAPIXELS_24: Format = {
  folder: "corpus-24-2",
  width: 6000,
  height: 4000,
  turned: [6, 8],
  subsampling: (_, seed) => (seed % 2 === 0 ? "4:2:2" : "4:2:0"),
};

/** Real cameras write about 2 bits a pixel (half of them between 0.9 and 4); what a photo is aimed at, and what is near enough. */
const BITS_PER_PIXEL = { least: 2.1, most: 2.5, tolerance: 0.1 };

const NAMES = Object.keys(SCENES).filter((name): name is keyof typeof SCENES => Object.hasOwn(SCENES, name));
const never = new AbortController().signal;

type Wanted = Pick<Options, "note" | "corpus">;

/** @returns paths of photos of 12 megapixels, always the same ones */
export const corpus = (count: number, wanted: Wanted): Promise<string[]> => photosOf(MEGAPIXELS_12, count, wanted);

/** @returns paths of photos of 24 megapixels, always the same ones */
export const largeCorpus = (count: number, wanted: Wanted): Promise<string[]> => photosOf(MEGAPIXELS_24, count, wanted);

async function photosOf(format: Format, count: number, { note, corpus: own }: Wanted): Promise<string[]> {
  if (own !== undefined) return atLeast(FEWEST, jpegsIn(own, Number.POSITIVE_INFINITY), own).slice(0, count);
  const folder = join(CACHE, format.folder);
  mkdirSync(folder, { recursive: true });
  const files = Array.from({ length: count }, (_, i) => join(folder, `DSC_${String(i + 1).padStart(4, "0")}.JPG`));
  const missing = files.map((file, i) => ({ file, seed: i + 1 })).filter(({ file }) => !existsSync(file));
  const megapixels = (format.width * format.height) / 1e6;
  if (missing.length > 0) note(`making ${missing.length} photos of ${megapixels} megapixels, once …`);
  await pool(missing, 2, never, async ({ file, seed }) => {
    writeFileSync(`${file}.part`, await photo(format, seed));
    renameSync(`${file}.part`, file);
  });
  return files;
}

/** Some suites share them out among four rounds. */
const FEWEST = 4;

function atLeast(fewest: number, files: string[], folder: string): string[] {
  if (files.length >= fewest) return files;
  throw new Error(`${folder} holds ${files.length} JPEGs of different names, a bench needs at least ${fewest}`);
}

/** In the order of their paths; of those of one name in different folders the first. @throws if there is none */
export function jpegsIn(folder: string, most: number): string[] {
  const all = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => [".jpg", ".jpeg"].includes(extname(name).toLowerCase()))
    .sort();
  const byName = new Map(all.toReversed().map((name) => [basename(name), name]));
  const files = all.filter((name) => byName.get(basename(name)) === name).map((name) => join(folder, name));
  if (files.length === 0) throw new Error(`${folder} holds no JPEG`);
  return files.slice(0, most);
}

async function photo(format: Format, seed: number): Promise<Buffer> {
  const { width, height } = format;
  const random = randomFrom(seed);
  const scene = NAMES[seed % NAMES.length] ?? "daisy";
  const painted = await paint({ scene, seed, moment: 0 }, 800, never);
  const isPortrait = painted.height > painted.width;
  const lying = sharp(lit(painted, randomFrom(-seed), LIGHT), {
    raw: { width: painted.width, height: painted.height, channels: 3 },
  });
  const flat = await lying
    .rotate(isPortrait ? 270 : 0)
    .resize(width, height, { fit: "cover" })
    .raw()
    .toBuffer();
  const subsampling = format.subsampling(random(), seed);
  const aim = BITS_PER_PIXEL.least + random() * (BITS_PER_PIXEL.most - BITS_PER_PIXEL.least);
  const orientation = isPortrait ? 6 : format.turned[seed % 10];
  const exif = exifOf(tags(random));
  return aimed(aim, width * height, (strength) =>
    encoded(textured(flat, width, height, strength, seed), { width, height, subsampling, exif, orientation }),
  );
}

/** A coarse grid of light, the most it adds or takes away, and what is left of the contrast of what it falls on. */
interface Light {
  readonly columns: number;
  readonly rows: number;
  readonly most: number;
  readonly left: number;
}

const LIGHT: Light = { columns: 6, rows: 5, most: 120, left: 0.5 };
/** Finer, for thousands of photos of a dozen scenes: hardly two of them are worth a look at their pixels. */
const OWN_LIGHT: Light = { columns: 10, rows: 8, most: 140, left: 0.4 };
const MIDDLE_GREY = 128;

/**
 * Light and shade in the large: two painted scenes of one kind are alike as two photographs seldom are (4 pairs in 100 of real
 * ones are worth a look at their pixels, of scenes as they are painted 37, of these 9).
 */
function lit({ data, width, height }: Pixels, random: () => number, of: Light): Uint8Array {
  const { columns, rows, most, left } = of;
  const light = Float32Array.from({ length: columns * rows }, () => (2 * random() - 1) * most);
  const added = new Uint8ClampedArray(data.length);
  for (let y = 0, at = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1, at += 3) {
      const here = between(light, columns, (x / width) * (columns - 1), (y / height) * (rows - 1));
      for (let channel = at; channel < at + 3; channel += 1)
        added[channel] = MIDDLE_GREY + ((data[channel] ?? 0) - MIDDLE_GREY) * left + here;
    }
  return new Uint8Array(added.buffer);
}

/** @param x and @param y in cells of the grid, less than its last */
function between(grid: Float32Array, columns: number, x: number, y: number): number {
  const at = Math.floor(y) * columns + Math.floor(x);
  const [right, down] = [x % 1, y % 1];
  const upper = (grid[at] ?? 0) * (1 - right) + (grid[at + 1] ?? 0) * right;
  const lower = (grid[at + columns] ?? 0) * (1 - right) + (grid[at + columns + 1] ?? 0) * right;
  return upper * (1 - down) + lower * down;
}

/** Scenes that thousands of small photos are made of. */
export const smallScenes = (edge: number): Promise<Pixels[]> =>
  Promise.all(NAMES.map((scene, i) => paint({ scene, seed: i + 1, moment: 0 }, edge, never)));

/** One of the scenes in a light of its own, taken a minute after the photo before it. @param number from 0 */
export function smallPhoto(scenes: readonly Pixels[], number: number): Promise<Buffer> {
  const scene = scenes[number % scenes.length];
  if (scene === undefined) throw new Error("there is no scene");
  const random = randomFrom(number + 1);
  const { width, height } = scene;
  const takenAt = new Date(Date.UTC(2026, 0, 1) + number * MINUTE).toISOString().slice(0, 19);
  const exif = exifOf({ ...tags(random), takenAt: takenAt.replaceAll("-", ":").replace("T", " ") });
  return sharp(lit(scene, random, OWN_LIGHT), { raw: { width, height, channels: 3 } })
    .withExif(exif)
    .jpeg({ quality: 85, optimiseCoding: false })
    .toBuffer();
}

interface Encoding {
  readonly width: number;
  readonly height: number;
  readonly subsampling: Subsampling;
  readonly exif: ReturnType<typeof exifOf>;
  readonly orientation: number | undefined;
}

/**
 * Pixels by sharp, or by ImageMagick where they are 4:2:2, which half of the cameras write and sharp does not; with the tags of
 * a small picture of ours, because sharp writes none without a profile.
 */
async function encoded(pixels: Uint8Array, encoding: Encoding): Promise<Buffer> {
  const { width, height, subsampling, exif, orientation } = encoding;
  const picture = sharp(pixels, { raw: { width, height, channels: 3 } });
  const small = await picture
    .clone()
    .extract({ left: 0, top: 0, width: 16, height: 16 })
    .withExif(exif)
    .withMetadata(orientation === undefined ? {} : { orientation })
    .jpeg()
    .toBuffer();
  const bare =
    subsampling === "4:2:2"
      ? await outputOf(
          "convert",
          [...RAW(width, height), "-quality", "92", "-sampling-factor", "4:2:2", "jpeg:-"],
          pixels,
        )
      : await picture.jpeg({ quality: 92, chromaSubsampling: subsampling, optimiseCoding: false }).toBuffer();
  return Buffer.concat([bare.subarray(0, 2), withMakerNote(tagsOf(small)), bare.subarray(2)]);
}

const RAW = (width: number, height: number) => ["-size", `${width}x${height}`, "-depth", "8", "rgb:-"];

/** The APP1 segment of a JPEG. */
function tagsOf(jpeg: Buffer): Buffer {
  for (let at = 2; jpeg[at] === 0xff && jpeg[at + 1] !== 0xda; at += 2 + jpeg.readUInt16BE(at + 2))
    if (jpeg[at + 1] === 0xe1) return jpeg.subarray(at, at + 2 + jpeg.readUInt16BE(at + 2));
  throw new Error("the JPEG has no tags");
}

const MAKER_NOTE = { tag: 0x92_7c, type: 7, bytes: 8_192 };
const EXIF_IFD = 0x87_69;
/** Of the segment, before the TIFF begins: marker, length, `Exif\0\0`. */
const BEFORE_TIFF = 10;

/** Tags as they were, with the eight kilobytes only a camera's maker can read: the folder of tags is written anew behind them. */
function withMakerNote(app1: Buffer): Buffer {
  const tiff = app1.subarray(BEFORE_TIFF);
  const isLittle = tiff.toString("latin1", 0, 2) === "II";
  const u16 = (at: number): number => (isLittle ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const u32 = (at: number): number => (isLittle ? tiff.readUInt32LE(at) : tiff.readUInt32BE(at));
  const bytesOf = (value: number, size: 2 | 4): Buffer => {
    const bytes = Buffer.alloc(size);
    if (isLittle) bytes.writeUIntLE(value, 0, size);
    else bytes.writeUIntBE(value, 0, size);
    return bytes;
  };
  const entriesAt = (folder: number): number[] => Array.from({ length: u16(folder) }, (_, i) => folder + 2 + i * 12);
  const pointer = entriesAt(u32(4)).find((at) => u16(at) === EXIF_IFD);
  if (pointer === undefined) throw new Error("the JPEG has no folder of camera tags");
  const old = entriesAt(u32(pointer + 8)).map((at) => tiff.subarray(at, at + 12));
  const folderBytes = 2 + (old.length + 1) * 12 + 4;
  const { tag, type, bytes } = MAKER_NOTE;
  const note = [bytesOf(tag, 2), bytesOf(type, 2), bytesOf(bytes, 4), bytesOf(tiff.length + folderBytes, 4)];
  const place = old.filter((entry) => (isLittle ? entry.readUInt16LE(0) : entry.readUInt16BE(0)) < tag).length;
  const whole = Buffer.concat([
    tiff,
    bytesOf(old.length + 1, 2),
    ...old.slice(0, place),
    ...note,
    ...old.slice(place),
    Buffer.alloc(4),
    Buffer.alloc(bytes, "maker note "),
  ]);
  bytesOf(tiff.length, 4).copy(whole, pointer + 8);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(BEFORE_TIFF - 2 + whole.length);
  return Buffer.concat([app1.subarray(0, 2), length, app1.subarray(4, BEFORE_TIFF), whole]);
}

/** Bits grow with texture, a little less than in proportion: two or three tries find the size. */
async function aimed(aim: number, pixels: number, encode: (strength: number) => Promise<Buffer>): Promise<Buffer> {
  let strength = 5;
  for (let tries = 1; ; tries += 1) {
    const jpeg = await encode(strength);
    const bits = (jpeg.length * 8) / pixels;
    if (Math.abs(bits - aim) < BITS_PER_PIXEL.tolerance || tries === 4) return jpeg;
    strength *= (aim / bits) ** 1.3;
  }
}

/** Fine texture and sensor noise, in patches: a photo is busy in one place and plain in another. */
function textured(flat: Uint8Array, width: number, height: number, strength: number, seed: number): Uint8Array {
  const random = randomFrom(seed);
  const grain = Float32Array.from({ length: 65_537 }, () => random() + random() + random() - 1.5);
  const patches = Float32Array.from({ length: 16 * 12 }, () => strength * (0.4 + 3 * random() ** 2));
  const data = new Uint8ClampedArray(flat);
  let before = 0;
  for (let y = 0, at = 0, i = 0; y < height; y += 1) {
    const row = Math.floor((y * 12) / height) * 16;
    for (let x = 0; x < width; x += 1, at += 3, i = i === 65_536 ? 0 : i + 1) {
      // Half of the neighbour's grain: a lens and a sensor's filter leave no pixel alone.
      before = 0.5 * before + (grain[i] ?? 0) * (patches[row + Math.floor((x * 16) / width)] ?? 0);
      for (let channel = at; channel < at + 3; channel += 1) data[channel] = (data[channel] ?? 0) + before;
    }
  }
  return new Uint8Array(data.buffer);
}

const tags = (random: () => number) => ({
  make: "NIKON CORPORATION",
  model: "NIKON Z 8",
  lens: "NIKKOR Z 24-200mm f/4-6.3 VR",
  takenAt: `2026:10:14 ${String(8 + Math.floor(random() * 10)).padStart(2, "0")}:${String(Math.floor(random() * 60)).padStart(2, "0")}:30`,
  subSec: "50",
  exposure: "1/500",
  aperture: 8,
  iso: 200,
  focalLength: 50,
});
