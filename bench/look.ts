import { createHash } from "node:crypto";
import { patchesOf } from "../src/imaging/contrast.ts";
import { proposeCrops } from "../src/imaging/crops.ts";
import { dhash64, greyOf, perceptualHashes, thumbOf } from "../src/imaging/fingerprints.ts";
import { measured } from "../src/imaging/kernel.ts";
import { look as lookAt } from "../src/imaging/look.ts";
import { featuresOf } from "../src/imaging/naturalness.ts";
import { sharp } from "../src/imaging/sharp.ts";
import { statisticsOf } from "../src/imaging/statistics.ts";
import { traitsOf } from "../src/imaging/traits.ts";
import { largeCorpus } from "./corpus.ts";
import { type Figure, median, type Suite } from "./figures.ts";
import { makeScratch, removeScratch } from "./scratch.ts";

const PHOTOS = 3;
const ROUNDS = 5;
const MAX_PIXELS = 400e6;

/** What a look at a photo is made of, each part in turn in one process; and the same sums without WebAssembly. */
export const look: Suite = {
  name: "look",
  async measure(options) {
    const files = await largeCorpus(PHOTOS, options);
    const into = makeScratch("look");
    try {
      const rounds: Spent[] = [];
      for (const file of files.slice(0, PHOTOS)) {
        const parts = await partsOf(file, into);
        // The first time code is compiled and memory taken.
        await spentBy(parts);
        for (let round = 0; round < ROUNDS; round += 1) rounds.push(await spentBy(parts));
      }
      return figuresOf(rounds);
    } finally {
      removeScratch(into);
    }
  },
};

interface Pixels {
  readonly data: Buffer;
  readonly width: number;
  readonly height: number;
}

type Parts = Readonly<Record<"all" | "decode" | "metrics" | "twin" | "crops" | "pixels", () => unknown>>;
type Spent = Readonly<Record<keyof Parts, number>>;

async function partsOf(file: string, into: string): Promise<Parts> {
  const within = async (edge: number): Promise<Pixels> => {
    const { data, info } = await sharp(file, { failOn: "warning" })
      .autoOrient()
      .resize({ width: edge, height: edge, fit: "inside", withoutEnlargement: true })
      .flatten({ background: "#fff" })
      .toColourspace("srgb")
      .raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true });
    return { data, width: info.width, height: info.height };
  };
  const [large, medium, small] = await Promise.all([within(2_000), within(1_024), within(400)]);
  return {
    all: () => lookAt(file, into, MAX_PIXELS),
    decode: () => within(2_000),
    metrics() {
      const sums = measured(medium.data, medium.width, medium.height);
      return told(sums, sums.patches);
    },
    twin() {
      const sums = statisticsOf(medium.data, medium.width, medium.height);
      return told(sums, patchesOf(sums.luma));
    },
    crops: () => proposeCrops(small, large),
    pixels: () => createHash("sha256").update(large.data).digest("hex"),
  };
}

/** All that is made of the sums, whoever summed up. */
const told = (sums: ReturnType<typeof statisticsOf>, patches: ReturnType<typeof patchesOf>): unknown => [
  traitsOf(sums),
  featuresOf(patches),
  perceptualHashes(sums.means),
  dhash64(sums.means),
  thumbOf(sums.means),
  greyOf(sums.means),
];

/** @returns CPU ms of each part */
async function spentBy(parts: Parts): Promise<Spent> {
  const spent: Record<keyof Parts, number> = { all: 0, decode: 0, metrics: 0, twin: 0, crops: 0, pixels: 0 };
  for (const part of Object.keys(spent) as (keyof Parts)[]) {
    const before = process.cpuUsage();
    await parts[part]();
    const { user, system } = process.cpuUsage(before);
    spent[part] = (user + system) / 1_000;
  }
  return spent;
}

function figuresOf(rounds: readonly Spent[]): Figure[] {
  const over = (of: (round: Spent) => number): number => median(rounds.map(of));
  const figure = (name: string, value: number, unit: string): Figure => ({
    name: `look.${name}`,
    value,
    unit,
    goal: null,
    better: "lower",
  });
  return [
    figure(
      "cpu",
      over(({ all }) => all),
      "ms/photo",
    ),
    ...(["decode", "metrics", "twin", "crops", "pixels"] as const).map((part) =>
      figure(
        `${part}.cpu`,
        over((round) => round[part]),
        "ms/photo",
      ),
    ),
    {
      ...figure(
        "metrics-share",
        over(({ all, metrics }) => (100 * metrics) / all),
        "% of the look's CPU",
      ),
      goal: 5,
    },
    {
      ...figure(
        "twin-to-metrics",
        over(({ twin, metrics }) => twin / metrics),
        "ratio of CPU",
      ),
      goal: 10,
      better: "higher",
    },
  ];
}
