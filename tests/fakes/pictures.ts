/** Pictures for models, and an eye that sees as much of them as a fake needs. */
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import type { ModelPicture } from "../../src/domain/ports.ts";

/** A grey picture, another for each number, as `look` would make it for a model. */
export async function aPicture(folder: string, number: number): Promise<ModelPicture> {
  const shade = 40 + (number % 180);
  const jpeg = await sharp({
    create: { width: 896, height: 600, channels: 3, background: { r: shade, g: shade, b: shade } },
  })
    .composite([
      {
        input: { create: { width: 20 + (number % 50), height: 30, channels: 3, background: "#888" } },
        left: number % 700,
        top: number % 500,
      },
    ])
    .jpeg({ quality: 88 })
    .toBuffer();
  const file = join(folder, `${number}.jpg`);
  writeFileSync(file, jpeg);
  return { file, sha256: createHash("sha256").update(jpeg).digest("hex") };
}

export interface Sight {
  /** colours of what stands left and right in the middle; none for anything but a test card */
  readonly colours: readonly string[];
  readonly longEdge: number;
}

/** @throws where it is no JPEG, or one with tags */
export async function lookAt(jpeg: Buffer): Promise<Sight> {
  if (jpeg.readUInt16BE(0) !== 0xff_d8) throw new Error("the picture is no JPEG");
  const { format, exif, width, height } = await sharp(jpeg).metadata();
  if (format !== "jpeg") throw new Error(`the picture is ${format}`);
  if (exif !== undefined) throw new Error("the picture has tags");
  const { data, info } = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true });
  const at = (x: number, y: number) => {
    const i = (Math.round(y * info.height) * info.width + Math.round(x * info.width)) * info.channels;
    return [data[i] ?? 0, data[i + 1] ?? 0, data[i + 2] ?? 0] as const;
  };
  const isOnWhite = [at(0.02, 0.02), at(0.5, 0.5), at(0.98, 0.98)].flat().every((level) => level > 240);
  const colours = isOnWhite ? [at(0.25, 0.5), at(0.75, 0.5)].flatMap((dot) => colourOf(dot) ?? []) : [];
  return { colours, longEdge: Math.max(width, height) };
}

function colourOf([r, g, b]: readonly [number, number, number]): string | undefined {
  if (Math.max(r, g, b) - Math.min(r, g, b) < 60) return undefined;
  if (r > 180 && g > 150) return "yellow";
  if (r > g && r > b) return "red";
  return g > b ? "green" : "blue";
}
