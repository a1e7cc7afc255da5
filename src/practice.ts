/** The practice set: twelve photos of an island, as a card would bring them. Generated, so that they are nobody's. */
import { join } from "node:path";
import type { Config } from "./config.ts";
import { MINUTE } from "./domain/words.ts";
import { durableWrite, fileExists } from "./files.ts";
import type { Frame } from "./imaging/scene.ts";
import { pool } from "./pipeline/pool.ts";

type Exposure = Pick<Frame["tags"], "exposure" | "aperture" | "iso" | "focalLength">;

interface Shot {
  readonly scene: Frame["scene"];
  /** `07:58:12.40` */
  readonly at: string;
  /** the frames of a burst have one */
  readonly seed: number;
  readonly with: Exposure;
  /** seconds since the first frame of its burst */
  readonly moment?: number;
  readonly fault?: "shaken" | "damaged";
}

const DAY = "2026:10:14";
const CAMERA = { make: "NIKON CORPORATION", model: "NIKON Z 8", lens: "NIKKOR Z 24-200mm f/4-6.3 VR" };
const FIRST_NUMBER = 101;
/** The part of a file that a dying card gave back wrongly. Its end is there: nothing more is waited for. */
const DAMAGED = { from: 0.6, to: 0.9 };

const landscape: Exposure = { exposure: "1/250", aperture: 8, iso: 100, focalLength: 35 };
const flight: Exposure = { exposure: "1/2000", aperture: 6.3, iso: 400, focalLength: 200 };

/** A day from sunrise to moonrise with what goes wrong on one: a burst to choose from, a shaken frame, a damaged file. */
const SHOTS: readonly Shot[] = [
  { at: "07:58:12.40", scene: "dunesAtDawn", seed: 2, with: landscape },
  { at: "08:31:47.10", scene: "dunesInMist", seed: 5, with: { ...landscape, exposure: "1/160", focalLength: 70 } },
  { at: "10:05:20.75", scene: "lighthouse", seed: 7, with: { ...landscape, exposure: "1/500", focalLength: 50 } },
  { at: "11:16:03.05", scene: "gullOverSea", seed: 5, with: flight },
  { at: "11:16:03.25", scene: "gullOverSea", seed: 5, with: flight, moment: 0.2 },
  { at: "11:16:03.45", scene: "gullOverSea", seed: 5, with: flight, moment: 0.4 },
  { at: "13:42:55.60", scene: "sheepOnTheDyke", seed: 9, with: { ...landscape, exposure: "1/640" } },
  { at: "13:43:09.15", scene: "sheepOnTheDyke", seed: 9, with: { ...landscape, exposure: "1/15" }, fault: "shaken" },
  {
    at: "15:20:31.90",
    scene: "daisy",
    seed: 5,
    with: { exposure: "1/800", aperture: 5.6, iso: 100, focalLength: 105 },
  },
  { at: "18:39:02.35", scene: "eveningSea", seed: 12, with: { ...landscape, exposure: "1/320", iso: 200 } },
  { at: "18:44:40.00", scene: "eveningSea", seed: 14, with: { ...landscape, iso: 200 }, fault: "damaged" },
  {
    at: "19:27:16.80",
    scene: "moonOverPosts",
    seed: 5,
    with: { exposure: "1/10", aperture: 4, iso: 800, focalLength: 85 },
  },
];

/**
 * Puts a set of generated photos into the first inbox.
 *
 * @returns its folder, a new one each time
 */
export async function dropPracticeSet(config: Config, signal = AbortSignal.timeout(MINUTE)): Promise<string> {
  // Loaded on demand: sharp would cost the daemon a third of its memory, and it decodes in its children.
  const { photograph } = await import("./imaging/scene.ts");
  const { folder, number } = await freeFolder(config.inboxes[0]?.root ?? config.home);
  // Two at a time: while one is painted here, the other is compressed on a thread of its own.
  await pool(SHOTS.entries(), 2, signal, async ([i, shot]) => {
    const jpeg = await photograph(frameOf(shot, number), signal);
    if (shot.fault === "damaged") jpeg.fill(0x55, part(jpeg, DAMAGED.from), part(jpeg, DAMAGED.to));
    await durableWrite(join(folder, `DSC_${String(FIRST_NUMBER + i).padStart(4, "0")}.JPG`), jpeg);
  });
  signal.throwIfAborted();
  return folder;
}

const part = (bytes: Uint8Array, share: number): number => Math.floor(bytes.length * share);

/** The name says subject and place, as a photographer's own folder would. */
async function freeFolder(inbox: string): Promise<{ folder: string; number: number }> {
  for (let n = 1; ; n += 1) {
    const folder = join(inbox, `2026-10 Practice${n === 1 ? "" : ` ${n}`}, Texel`);
    if (!(await fileExists(folder))) return { folder, number: n };
  }
}

/** @param number of the set: the same bytes again would be the same photos, so each set is shot a thousandth later */
function frameOf({ scene, at, with: exposure, seed, moment = 0, fault }: Shot, number: number): Frame {
  const [time = "", hundredths = ""] = at.split(".");
  const subSec = `${hundredths}${number % 10}`;
  return {
    scene,
    seed,
    moment,
    shaken: fault === "shaken",
    tags: { ...CAMERA, ...exposure, takenAt: `${DAY} ${time}`, subSec },
  };
}
