/**
 * Jobs on photos in Node.js: our look, and what it is compared with.
 *
 *     node bench/peers/node.ts look|pictures|pictures-2048|crops|apart|decode|decode-unverified|floor INTO
 *
 * Reads JSON lists of files from stdin, one a line; answers each with a line when all of them are done.
 */
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import { proposeCrops } from "../../src/imaging/crops.ts";
import { opened, type Pixels, rawWithin, reduced } from "../../src/imaging/look.ts";
import { sharp } from "../../src/imaging/sharp.ts";
import { pool } from "../../src/pipeline/pool.ts";
import { startLooking } from "../decoders.ts";
import { HASH_EDGE, LARGEST, METRICS_EDGE, OUTPUTS, type Output, PICTURES, PICTURES_2048 } from "./outputs.ts";

type Job = (file: string) => Promise<unknown>;

const [kind = "", into = "."] = process.argv.slice(2);
const MAX_PIXELS = 400e6;
const never = new AbortController().signal;
const target = (file: string, name: string): string => join(into, `${name}-${basename(file)}`);

/** As the daemon does it: in child processes of the built program. The file is hashed where it is copied, before. */
async function ourLook(): Promise<{ job: Job; end: () => void }> {
  const { look, end } = await startLooking(availableParallelism(), into);
  return { job: (file) => hashed(file).then(() => look(file)), end };
}

/** The pictures of our look and nothing else, by its own steps: each is made of the one before. */
const pictures =
  (outputs: readonly Output[], optimiseCoding: boolean): Job =>
  async (file) => {
    const source = await opened(file, MAX_PIXELS);
    let made: Pixels | undefined;
    for (const { edge, quality } of outputs) {
      made = made === undefined ? await rawWithin(source, edge) : await reduced(made, edge);
      const { data, width, height } = made;
      const picture = sharp(data, { raw: { width, height, channels: 3 } }).jpeg({ quality, optimiseCoding });
      await writeFile(target(file, String(edge)), await picture.toBuffer());
    }
  };

/** Each thing by itself, from the file, as the manual of sharp shows it; a pass of statistics to see that it decodes. */
const apart: Job = async (file) => {
  await sharp(file, { failOn: "warning" }).stats();
  for (const { edge, quality } of OUTPUTS)
    await sharp(file)
      .autoOrient()
      .resize({ width: edge, height: edge, fit: "inside", withoutEnlargement: true })
      .jpeg({ quality, optimiseCoding: false })
      .toFile(target(file, String(edge)));
  await sharp(file).autoOrient().resize(HASH_EDGE, HASH_EDGE, { fit: "fill" }).greyscale().raw().toBuffer();
  await sharp(file)
    .autoOrient()
    .resize({ width: METRICS_EDGE, height: METRICS_EDGE, fit: "inside", withoutEnlargement: true })
    .greyscale()
    .raw()
    .toBuffer();
  await hashed(file);
};

/** Nothing but the pixels, as small as the largest picture allows: no less can be done. */
const decode =
  (failOn: "none" | "warning"): Job =>
  async (file) =>
    decoded(file, failOn);

const decoded = (file: string, failOn: "none" | "warning") =>
  sharp(file, { failOn })
    .autoOrient()
    .resize({ width: LARGEST, height: LARGEST, fit: "inside", withoutEnlargement: true })
    .raw()
    .toBuffer({ resolveWithObject: true });

/** The parts sharp cannot do without for these pictures, one after the other, and nothing between them. */
const floor: Job = async (file) => {
  let { data, info } = await decoded(file, "warning");
  for (const { edge, quality } of OUTPUTS) {
    const { width, height, channels } = info;
    if (edge < Math.max(width, height))
      ({ data, info } = await sharp(data, { raw: { width, height, channels } })
        .resize({ width: edge, height: edge, fit: "inside" })
        .raw()
        .toBuffer({ resolveWithObject: true }));
    const raw = { width: info.width, height: info.height, channels: info.channels };
    const jpeg = await sharp(data, { raw }).jpeg({ quality, optimiseCoding: false }).toBuffer();
    await writeFile(target(file, String(edge)), jpeg);
  }
  await hashed(file);
};

const hashed = async (file: string): Promise<string> =>
  createHash("sha256")
    .update(await readFile(file))
    .digest("hex");

const SMALL = 400;
const smalls = new Map<string, { data: Buffer; width: number; height: number }>();

/** The crop proposals of our look, from pixels that were made when the photo was first asked for. */
const crops: Job = async (file) => {
  const made = smalls.get(file) ?? (await small(file));
  smalls.set(file, made);
  await proposeCrops(made, made);
};

async function small(file: string) {
  const { data, info } = await sharp(file)
    .autoOrient()
    .resize({ width: SMALL, height: SMALL, fit: "inside", withoutEnlargement: true })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

const alone = (job: Job) => async () => ({ job, end: () => undefined });

const KINDS: Readonly<Record<string, () => Promise<{ job: Job; end: () => void }>>> = {
  look: ourLook,
  pictures: alone(pictures(PICTURES, false)),
  "pictures-2048": alone(pictures(PICTURES_2048, true)),
  apart: alone(apart),
  decode: alone(decode("warning")),
  "decode-unverified": alone(decode("none")),
  floor: alone(floor),
  crops: alone(crops),
};

const start = KINDS[kind];
if (start === undefined) throw new Error(`there is no job called ${kind}`);
const { job, end } = await start();
process.stdout.write("ready\n");
for await (const line of createInterface({ input: process.stdin })) {
  const files: string[] = JSON.parse(line);
  await pool(files, availableParallelism(), never, async (file) => {
    await job(file);
  });
  process.stdout.write("done\n");
}
end();
