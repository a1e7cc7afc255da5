import { SURE } from "../src/domain/crops.ts";
import { proposeCrops, type SmallPicture } from "../src/imaging/crops.ts";
import { sharp } from "../src/imaging/sharp.ts";
import { corpus } from "./corpus.ts";
import { type Figure, median, type Suite } from "./figures.ts";

const PHOTOS = 24;
/** The first teaches the compiler. */
const ROUNDS = 4;
const EDGE = 400;

interface Photo {
  readonly small: SmallPicture;
  readonly full: { readonly width: number; readonly height: number };
}

/** What proposing crops adds to a look: from pixels that are there already, so without any decoding. */
export const crops: Suite = {
  name: "crops",
  async measure(options) {
    const files = await corpus(Math.min(options.photos, PHOTOS), options);
    const photos = await Promise.all(files.map(pixelsOf));
    const rounds: { cpuMs: number; sure: number }[] = [];
    for (let round = 0; round < ROUNDS; round += 1) rounds.push(await proposedFor(photos));
    const counted = rounds.slice(1);
    const cpuMs = median(counted.map((one) => one.cpuMs / photos.length));
    options.note(`  ${cpuMs.toFixed(1)} ms CPU a photo, ${median(counted.map(({ sure }) => sure))} sure crops in all`);
    return [figure("cpu", cpuMs, "ms/photo", 40)];
  },
};

async function pixelsOf(file: string): Promise<Photo> {
  const { autoOrient: full } = await sharp(file).metadata();
  const { data, info } = await sharp(file)
    .autoOrient()
    .resize({ width: EDGE, height: EDGE, fit: "inside" })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { small: { data, width: info.width, height: info.height }, full };
}

async function proposedFor(photos: readonly Photo[]): Promise<{ cpuMs: number; sure: number }> {
  const before = process.cpuUsage();
  let sure = 0;
  for (const { small, full } of photos)
    sure += (await proposeCrops(small, full)).filter(({ confidence }) => confidence >= SURE).length;
  const { user, system } = process.cpuUsage(before);
  return { cpuMs: (user + system) / 1_000, sure };
}

const figure = (name: string, value: number, unit: string, goal: number): Figure => ({
  name: `crops.${name}`,
  value,
  unit,
  goal,
  better: "lower",
});
