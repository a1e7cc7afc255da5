/** How much of a picture a damage took: what a person would see at a glance. */
import { sharp } from "../../src/imaging/sharp.ts";

const WIDTH = 128;
const HEIGHT = 96;
const CELL = 8;
/** Mean difference of a cell, of 255, beyond grain and compression. */
const VISIBLE = 16;

/** @returns the share of the picture that is not as it was, 0 to 1 */
export async function lossOf(preview: Buffer, whole: Buffer): Promise<number> {
  const [is, was] = await Promise.all([pixelsOf(preview), pixelsOf(whole)]);
  const cells = Array.from({ length: (WIDTH / CELL) * (HEIGHT / CELL) }, (_, i) => differenceIn(i, is, was));
  return cells.filter((difference) => difference > VISIBLE).length / cells.length;
}

const pixelsOf = (jpeg: Buffer): Promise<Buffer> =>
  sharp(jpeg).resize(WIDTH, HEIGHT, { fit: "fill" }).flatten().toColourspace("srgb").raw().toBuffer();

function differenceIn(cell: number, is: Buffer, was: Buffer): number {
  const across = WIDTH / CELL;
  const [left, top] = [(cell % across) * CELL, Math.floor(cell / across) * CELL];
  let sum = 0;
  for (let y = top; y < top + CELL; y += 1)
    for (let at = (y * WIDTH + left) * 3; at < (y * WIDTH + left + CELL) * 3; at += 1)
      sum += Math.abs((is[at] ?? 0) - (was[at] ?? 0));
  return sum / (CELL * CELL * 3);
}
