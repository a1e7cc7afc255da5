/** 12-megapixel JPEGs with the size and the mixture of a camera's; made once, kept in `.cache/bench`. */
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { randomFrom } from "../src/imaging/brushes.ts";
import { exifOf, paint } from "../src/imaging/scene.ts";
import { SCENES } from "../src/imaging/scenery.ts";
import { sharp } from "../src/imaging/sharp.ts";
import { pool } from "../src/pipeline/pool.ts";
import type { Options } from "./figures.ts";

export const CACHE = fileURLToPath(new URL("../.cache/bench/", import.meta.url));

const WIDTH = 4000;
const HEIGHT = 3000;

/** Real cameras write about 2 bits a pixel (half of them between 0.9 and 4); what a photo is aimed at, and what is near enough. */
const BITS_PER_PIXEL = { least: 2.1, most: 2.5, tolerance: 0.1 };

const NAMES = Object.keys(SCENES).filter((name): name is keyof typeof SCENES => Object.hasOwn(SCENES, name));
const never = new AbortController().signal;

/** @returns paths of at least `count` photos, always the same ones */
export async function corpus(count: number, note: Options["note"]): Promise<string[]> {
  const folder = join(CACHE, "corpus-1");
  mkdirSync(folder, { recursive: true });
  const files = Array.from({ length: count }, (_, i) => join(folder, `DSC_${String(i + 1).padStart(4, "0")}.JPG`));
  const missing = files.map((file, i) => ({ file, seed: i + 1 })).filter(({ file }) => !existsSync(file));
  if (missing.length > 0) note(`making ${missing.length} photos of 12 megapixels, once; about a second each …`);
  await pool(missing, 2, never, async ({ file, seed }) => {
    writeFileSync(`${file}.part`, await photo(seed));
    renameSync(`${file}.part`, file);
  });
  return files;
}

async function photo(seed: number): Promise<Buffer> {
  const random = randomFrom(seed);
  const scene = NAMES[seed % NAMES.length] ?? "daisy";
  const { data, width, height } = await paint({ scene, seed, moment: 0 }, 800, never);
  const isPortrait = height > width;
  const lying = sharp(data, { raw: { width, height, channels: 3 } }).rotate(isPortrait ? 270 : 0);
  const flat = await lying.resize(WIDTH, HEIGHT, { fit: "cover" }).raw().toBuffer();
  const subsampling = random() < 0.7 ? "4:2:0" : "4:4:4";
  const aim = BITS_PER_PIXEL.least + random() * (BITS_PER_PIXEL.most - BITS_PER_PIXEL.least);

  const encode = async (strength: number): Promise<Buffer> =>
    sharp(textured(flat, strength, seed), { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
      .withExif(exifOf(tags(random)))
      .withMetadata(isPortrait ? { orientation: 6 } : {})
      .jpeg({ quality: 92, chromaSubsampling: subsampling, optimiseCoding: false })
      .toBuffer();
  return aimed(aim, encode);
}

/** Bits grow with texture, a little less than in proportion: two or three tries find the size. */
async function aimed(aim: number, encode: (strength: number) => Promise<Buffer>): Promise<Buffer> {
  let strength = 5;
  for (let tries = 1; ; tries += 1) {
    const jpeg = await encode(strength);
    const bits = (jpeg.length * 8) / (WIDTH * HEIGHT);
    if (Math.abs(bits - aim) < BITS_PER_PIXEL.tolerance || tries === 4) return jpeg;
    strength *= (aim / bits) ** 1.3;
  }
}

/** Fine texture and sensor noise, in patches: a photo is busy in one place and plain in another. */
function textured(flat: Uint8Array, strength: number, seed: number): Uint8Array {
  const random = randomFrom(seed);
  const grain = Float32Array.from({ length: 65_537 }, () => random() + random() + random() - 1.5);
  const patches = Float32Array.from({ length: 16 * 12 }, () => strength * (0.4 + 3 * random() ** 2));
  const data = new Uint8ClampedArray(flat);
  let before = 0;
  for (let y = 0, at = 0, i = 0; y < HEIGHT; y += 1) {
    const row = Math.floor((y * 12) / HEIGHT) * 16;
    for (let x = 0; x < WIDTH; x += 1, at += 3, i = i === 65_536 ? 0 : i + 1) {
      // Half of the neighbour's grain: a lens and a sensor's filter leave no pixel alone.
      before = 0.5 * before + (grain[i] ?? 0) * (patches[row + Math.floor((x * 16) / WIDTH)] ?? 0);
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
