/** `photogate doctor`: is all there that this home needs, and what is to be done about what is not? */

import { access, constants } from "node:fs/promises";
import { type Config, childEnvironment } from "./config.ts";
import { decoderFor } from "./decoding.ts";
import { FAULTS, messageOf, remedyOf } from "./domain/fault.ts";
import { LEARNED, type Learned } from "./domain/plugin.ts";
import type { Judgement } from "./domain/ports.ts";
import { directionsOf, strangersAlike } from "./domain/semantic.ts";
import { RULES, rulesOff } from "./domain/wording.ts";
import { freeBytes } from "./files.ts";
import { exifToolVersion } from "./imaging/exiftool.ts";
import { startScorers } from "./imaging/plugins.ts";
import { readModel } from "./own-archive.ts";
import { type Say, withStore } from "./reading-verbs.ts";

interface Check {
  readonly name: string;
  readonly outcome: "ok" | "warning" | "failed";
  readonly seen: string;
  /** what can be done about it; nothing where all is well */
  readonly remedy?: string;
}

/** @returns 0 fine, 1 warnings, 2 failed */
export async function doctor(config: Config, options: { readonly json?: boolean }, say: Say): Promise<number> {
  const checks = await checksOf(config);
  if (options.json === true) say(JSON.stringify({ checks }));
  else for (const check of checks) for (const line of linesOf(check)) say(line);
  if (checks.some(({ outcome }) => outcome === "failed")) return 2;
  return checks.some(({ outcome }) => outcome === "warning") ? 1 : 0;
}

const linesOf = ({ name, outcome, seen, remedy }: Check): string[] => [
  `${outcome.padEnd(8)} ${name}: ${seen}`,
  ...(remedy === undefined ? [] : [`${"".padEnd(8)} ${remedy}`]),
];

async function checksOf(config: Config): Promise<Check[]> {
  const judgements = await tryPlugins(config);
  return [
    { name: "Node.js", outcome: "ok", seen: process.version },
    await freeSpace(config),
    ...(await Promise.all(config.inboxes.map(({ root }) => inbox(root)))),
    await siteFolder(config.site),
    await database(config),
    await exifTool(),
    ...judgements.map(pluginCheck),
    fullQuality(judgements, config.plugins),
    wording(config),
    ...(await thresholds(config)),
    await ownArchive(config.data),
  ];
}

function wording({ house }: Config): Check {
  const off = rulesOff(house);
  if (house.language !== "en")
    return {
      name: "wording",
      outcome: "warning",
      seen: `wording.language is "${house.language}": ${off.length} rules know English only and are off (${off.join(", ")})`,
      remedy: "Read captions with more care, or write the site in English.",
    };
  return { name: "wording", outcome: "ok", seen: `${RULES.length - off.length} of ${RULES.length} rules hold` };
}

const LEAST_FREE_BYTES = 2e9;

async function freeSpace({ home }: Config): Promise<Check> {
  const bytes = await freeBytes(home).catch(() => undefined);
  if (bytes === undefined)
    return {
      name: "home",
      outcome: "warning",
      seen: `${home} does not exist yet`,
      remedy: "photogate start makes it.",
    };
  const seen = `${(bytes / 1e9).toFixed(1)} GB free at ${home}`;
  return bytes < LEAST_FREE_BYTES
    ? { name: "disk", outcome: "warning", seen, remedy: FAULTS["disk.full"].remedy }
    : { name: "disk", outcome: "ok", seen };
}

async function inbox(root: string): Promise<Check> {
  const why = await whyNot(root, constants.R_OK | constants.X_OK);
  if (why === undefined) return { name: "inbox", outcome: "ok", seen: root };
  const { remedy } = FAULTS[why.startsWith("EACCES") ? "inbox.unreadable" : "inbox.offline"];
  return { name: "inbox", outcome: "failed", seen: why, remedy };
}

async function siteFolder(site: string): Promise<Check> {
  const why = await whyNot(site, constants.W_OK);
  return why === undefined
    ? { name: "site folder", outcome: "ok", seen: site }
    : { name: "site folder", outcome: "failed", seen: why, remedy: FAULTS["site.unwritable"].remedy };
}

const whyNot = (path: string, mode: number): Promise<string | undefined> =>
  access(path, mode).then(() => undefined, messageOf);

async function database(config: Config): Promise<Check> {
  const name = "database";
  try {
    const found = await withStore(config, (store) => ({
      line: store.journal.brokenAt(),
      integrity: store.integrity(),
    }));
    if (found === undefined) return { name, outcome: "warning", seen: "none yet", remedy: "photogate start makes it." };
    if (found.integrity !== "ok") return { name, outcome: "failed", seen: found.integrity };
    if (found.line !== undefined)
      return { name: "journal", outcome: "failed", seen: `line ${found.line} was tampered with` };
    return { name, outcome: "ok", seen: "sound, journal unbroken" };
  } catch (why) {
    return { name, outcome: "failed", seen: messageOf(why) };
  }
}

async function exifTool(): Promise<Check> {
  const name = "ExifTool";
  try {
    return { name, outcome: "ok", seen: `version ${await exifToolVersion(childEnvironment())}` };
  } catch (why) {
    const seen = `RAW photos cannot be taken in, all others can: ${messageOf(why).split("\n")[0]}`;
    return { name, outcome: "warning", seen, remedy: FAULTS["photo.needs-perl"].remedy };
  }
}

/** Loads each learned scorer in a child of its own and has it judge a picture of ours. */
async function tryPlugins(config: Config): Promise<readonly Judgement[]> {
  const decoder = decoderFor(config, 1);
  try {
    return await startScorers(decoder, config.plugins).judge(null, new AbortController().signal);
  } finally {
    decoder.close();
  }
}

function pluginCheck({ id, metric, said }: Judgement): Check {
  const name = `scorer ${id}`;
  if (said.kind === "unavailable")
    return { name, outcome: "warning", seen: `${said.why} (${said.code})`, remedy: remedyOf(said.code) };
  return { name, outcome: "ok", seen: metric === null ? "loads and answers" : `loads and answers; gives ${metric}` };
}

/** What each metric is, for whoever looks for a model of it. */
const MODELS: Readonly<Record<Learned, string>> = {
  clip: "clip (aesthetic predictor on CLIP ViT-L/14, 0-10)",
  nima: "nima (NIMA, mean of ten votes)",
  brisque: "brisque (BRISQUE, 0-100, lower is better)",
};

function fullQuality(judgements: readonly Judgement[], folder: string): Check {
  const name = "full quality figure";
  const missing = LEARNED.filter(
    (metric) => !judgements.some((one) => one.metric === metric && one.said.kind === "score"),
  );
  if (missing.length === 0) return { name, outcome: "ok", seen: "all six metrics can be had" };
  return {
    name,
    outcome: "warning",
    seen: `${missing.join(", ")} missing: QR is computed over the metrics there are, and marked partial`,
    remedy: `Put an ONNX model of ${missing.map((metric) => MODELS[metric]).join("; ")} with a manifest.json into a folder of its own below ${folder} (docs/plugins.md), then photogate rewind SET --to quality.`,
  };
}

/** So many photos are two million pairs: some seconds. */
const MOST_COMPARED = 2_000;

/** How alike strangers are to each model that photos were compared by, beside what counts as alike. */
async function thresholds(config: Config): Promise<Check[]> {
  // A database that cannot be read has a line of its own.
  const photos =
    (await withStore(config, ({ likenesses }) => likenesses.embedded(MOST_COMPARED)).catch(() => [])) ?? [];
  const byId = new Map(photos.map((photo) => [photo.id, photo]));
  return directionsOf(photos).flatMap((directions) => {
    const placed = directions.flatMap((direction) => {
      const { set, takenAt } = byId.get(direction.photo) ?? {};
      return set === undefined || takenAt === undefined ? [] : [{ direction, set, day: takenAt.slice(0, 10) }];
    });
    const [latest] = directions;
    const used = latest?.alike ?? config.settings.likeness.semanticCosine;
    return latest === undefined ? [] : [thresholdCheck(latest.model, used, strangersAlike(placed))];
  });
}

function thresholdCheck(model: string, used: number, { pairs, cosine }: ReturnType<typeof strangersAlike>): Check {
  const name = `alike to ${model}`;
  const of = `${pairs} pairs of other sets and other days`;
  if (cosine === null)
    return { name, outcome: "ok", seen: `from ${used} on; ${of} are too few to say how alike strangers are to it` };
  const needed = (Math.ceil(cosine * 1_000 - 1e-6) / 1_000).toFixed(3);
  const seen = `from ${used} on; of ${of} one in 100,000 is as alike as ${needed}`;
  if (used >= cosine) return { name, outcome: "ok", seen };
  const remedy = `Strangers pass for alike. Put "alike": ${needed} into the output of its manifest.json (docs/plugins.md), then photogate rewind SET --to quality.`;
  return { name, outcome: "warning", seen, remedy };
}

async function ownArchive(data: string): Promise<Check> {
  const name = "model of your archive";
  const model = await readModel(data).catch(messageOf);
  if (typeof model === "string") return { name, outcome: "failed", seen: model };
  return {
    name,
    outcome: "ok",
    seen:
      model === undefined
        ? "none; photogate quality --fit makes one of approved photos"
        : `${model.images} photos, of ${model.createdAt.slice(0, 10)}`,
  };
}
