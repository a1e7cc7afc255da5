/** What goes wrong with photos, done to any of them: three amounts, each worse than the one before. */
import type { Technical } from "../../src/domain/facts.ts";
import { randomFrom } from "../../src/imaging/brushes.ts";
import { sharp } from "../../src/imaging/sharp.ts";

type Defect = NonNullable<Technical["defect"]>;

export interface Spoil {
  /** what the last amount is to be called; a shake also blurs, and may be called that */
  readonly names: readonly Defect[];
  /** least share of photos of which the last amount is called by its name, 0-1 */
  readonly named: number;
  readonly amounts: readonly [number, number, number];
  readonly apply: (jpeg: Buffer, amount: number) => Promise<Buffer>;
}

type Picture = ReturnType<typeof sharp>;

const done =
  (change: (picture: Picture, amount: number) => Picture): Spoil["apply"] =>
  (jpeg, amount) =>
    change(sharp(jpeg), amount).jpeg({ quality: 95, chromaSubsampling: "4:4:4" }).toBuffer();

async function noisy(jpeg: Buffer, sigma: number): Promise<Buffer> {
  const { data, info } = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true });
  const random = randomFrom(data.length);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const grainy = Uint8ClampedArray.from(data, (value) => value + sigma * normal());
  const { width, height, channels } = info;
  return sharp(grainy, { raw: { width, height, channels } })
    .jpeg({ quality: 95, chromaSubsampling: "4:4:4" })
    .toBuffer();
}

/** A shake to the side. */
const smeared = (picture: Picture, length: number): Picture =>
  picture.convolve({
    width: length,
    height: 3,
    kernel: Array.from({ length: length * 3 }, (_, i) => (Math.floor(i / length) === 1 ? 1 : 0)),
  });

export const SPOILS: Readonly<Record<Defect, Spoil>> = {
  sharp: {
    names: ["sharp"],
    named: 0.95,
    amounts: [0.8, 1.5, 3],
    apply: done((picture, sigma) => picture.blur(sigma)),
  },
  noise: { names: ["noise"], named: 0.95, amounts: [5, 10, 20], apply: noisy },
  motion: { names: ["motion", "sharp"], named: 0.95, amounts: [3, 7, 13], apply: done(smeared) },
  block: {
    names: ["block"],
    named: 0.95,
    amounts: [60, 30, 10],
    apply: (jpeg, quality) => sharp(jpeg).jpeg({ quality }).toBuffer(),
  },
  high: {
    names: ["high"],
    named: 0.9,
    amounts: [1.4, 1.9, 2.8],
    apply: done((picture, gain) => picture.linear(gain, 20)),
  },
  low: {
    names: ["low"],
    named: 0.85,
    amounts: [0.5, 0.35, 0.2],
    apply: done((picture, gain) => picture.linear(gain, 0)),
  },
  contrast: {
    names: ["contrast"],
    named: 0.9,
    amounts: [0.6, 0.4, 0.2],
    apply: done((picture, gain) => picture.linear(gain, 128 * (1 - gain))),
  },
};
