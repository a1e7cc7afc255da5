import { readdirSync } from "node:fs";
import { join } from "node:path";
import { sharp } from "../../src/imaging/sharp.ts";
import type { Output } from "./outputs.ts";

const longEdge = async (file: string): Promise<number> => {
  const { width, height } = await sharp(file).metadata();
  return Math.max(width, height);
};

/** A peer that makes less, or smaller pictures, would look fast. @throws if one of them is not there */
export async function assertPictures(
  files: readonly string[],
  into: string,
  outputs: readonly Output[],
): Promise<void> {
  const entries = readdirSync(into, { recursive: true, withFileTypes: true });
  const pictures = entries.filter((entry) => entry.isFile() && /\.jpe?g$/i.test(entry.name));
  const made = await Promise.all(pictures.map(({ parentPath, name }) => longEdge(join(parentPath, name))));
  for (const file of files) {
    const full = await longEdge(file);
    for (const { edge } of outputs) {
      const at = made.indexOf(Math.min(edge, full));
      if (at < 0) throw new Error(`no picture of ${Math.min(edge, full)} pixels was made of ${file}`);
      made.splice(at, 1);
    }
  }
}
