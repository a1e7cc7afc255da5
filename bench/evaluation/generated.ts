/** Pictures of nobody, and never two of the same. */
import { type Luma, lumaOf } from "../../src/imaging/measures.ts";
import { paint } from "../../src/imaging/scene.ts";
import { SCENES } from "../../src/imaging/scenery.ts";
import { sharp } from "../../src/imaging/sharp.ts";
import { deadLeaves, LEAVES, leaves } from "../../tests/fixtures/dead-leaves.ts";
import type { Picture } from "./likeness.ts";
import { type Seen, seenIn } from "./seen.ts";

const PAINTED_EDGE = 480;

/** One of each scene of the practice set. */
export async function scenes(seed: number): Promise<Picture[]> {
  const pictures: Picture[] = [];
  for (const name of Object.keys(SCENES)) {
    if (!isScene(name)) continue;
    const frame = { scene: name, seed, moment: 0 };
    const { data, width, height } = await paint(frame, PAINTED_EDGE, new AbortController().signal);
    const jpeg = await sharp(data, { raw: { width, height, channels: 3 } })
      .jpeg({ quality: 95 })
      .toBuffer();
    pictures.push({ name, jpeg });
  }
  return pictures;
}

const isScene = (name: string): name is keyof typeof SCENES => Object.hasOwn(SCENES, name);

export async function leafPictures(count: number): Promise<Picture[]> {
  const pictures: Picture[] = [];
  for (let seed = 1; seed <= count; seed += 1)
    pictures.push({ name: `leaves ${seed}`, jpeg: await leaves(seed).jpeg({ quality: 95 }).toBuffer() });
  return pictures;
}

const COLUMNS = 3;
const ROWS = 2;

/** Six pictures of each seed, because the parts have nothing in common. */
export function manyLeaves(seeds: number): Seen[] {
  return Array.from({ length: seeds }, (_, i) => i + 1).flatMap((seed) => {
    const { data } = lumaOf(deadLeaves(seed), LEAVES.width, LEAVES.height);
    return Array.from({ length: COLUMNS * ROWS }, (__, part) =>
      seenIn(`part ${part} of leaves ${seed}`, partOf(data, part % COLUMNS, Math.floor(part / COLUMNS))),
    );
  });
}

function partOf(leaf: Uint8Array, column: number, row: number): Luma {
  const [width, height] = [LEAVES.width / COLUMNS, LEAVES.height / ROWS];
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1) {
    const from = (row * height + y) * LEAVES.width + column * width;
    data.set(leaf.subarray(from, from + width), y * width);
  }
  return { data, width, height };
}
