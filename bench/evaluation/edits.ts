/** What people do to photos, and how often the two must still be known for the same. */
import { sharp } from "../../src/imaging/sharp.ts";

export interface Edit {
  readonly name: string;
  /** least share of photos that must be found again, 0-1 */
  readonly recall: number;
  readonly apply: (jpeg: Buffer) => Promise<Buffer>;
}

type Picture = ReturnType<typeof sharp>;

const edit = (name: string, recall: number, change: (picture: Picture) => Picture, quality = 90): Edit => ({
  name,
  recall,
  apply: (jpeg) => change(sharp(jpeg)).jpeg({ quality }).toBuffer(),
});

/** @param part of width and height that is kept, and where in what is left over, 0-1 */
const cropped = (
  name: string,
  window: (width: number, height: number) => readonly [number, number],
  at: number,
): Edit => ({
  name,
  recall: 0.95,
  async apply(jpeg) {
    const { width, height } = await sharp(jpeg).metadata();
    const [w, h] = window(width, height).map(Math.floor);
    if (w === undefined || h === undefined) throw new Error("a window has two sides");
    const [left, top] = [Math.floor((width - w) * at), Math.floor((height - h) * at)];
    return sharp(jpeg).extract({ left, top, width: w, height: h }).jpeg({ quality: 90 }).toBuffer();
  },
});

/** The largest window of that shape, whichever way the photo is held. */
const shaped =
  (aspect: number) =>
  (width: number, height: number): readonly [number, number] => [
    Math.min(width, height * aspect),
    Math.min(height, width / aspect),
  ];

export const EDITS: readonly Edit[] = [
  {
    name: "resize-to-a-quarter",
    recall: 0.99,
    async apply(jpeg) {
      const { width } = await sharp(jpeg).metadata();
      return sharp(jpeg)
        .resize({ width: Math.round(width / 4) })
        .jpeg({ quality: 90 })
        .toBuffer();
    },
  },
  edit("recompress-30", 0.99, (picture) => picture, 30),
  edit("brighter", 0.99, (picture) => picture.linear(1.3, 0)),
  edit("darker", 0.99, (picture) => picture.linear(0.7, 0)),
  edit("more-contrast", 0.99, (picture) => picture.linear(1.3, -38)),
  edit("grey", 0.99, (picture) => picture.greyscale()),
  edit("mirrored", 1, (picture) => picture.flop()),
  edit("upside-down", 1, (picture) => picture.flip()),
  edit("turned-90", 1, (picture) => picture.rotate(90)),
  edit("turned-180", 1, (picture) => picture.rotate(180)),
  edit("turned-270", 1, (picture) => picture.rotate(270)),
  cropped("crop-10-percent", (width, height) => [width * 0.9, height * 0.9], 0.3),
  cropped("crop-4-5", shaped(4 / 5), 0.5),
  cropped("crop-16-9", shaped(16 / 9), 0.5),
];
