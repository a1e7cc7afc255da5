/** The model of the photographer's own archive: fitted when asked, kept beside the database, read by the stage. */
import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Config } from "./config.ts";
import { codeOf } from "./domain/fault.ts";
import {
  FEWEST_IMAGES,
  FEWEST_PATCHES,
  type Fitted,
  fitArchive,
  likenessTo,
  MOST_IMAGES,
  NiqeModel,
  patchRows,
} from "./domain/niqe.ts";
import { SCORER } from "./domain/technical.ts";
import type { Millis } from "./domain/words.ts";
import { durableWrite } from "./files.ts";
import { type Say, withStore } from "./reading-verbs.ts";
import type { OwnArchive } from "./stages/quality.ts";
import type { Store } from "./store/store.ts";

const MODEL_FILE = "niqe.json";

/** How a photo lies to the archive, by the model that lies there now. */
export function ownArchiveIn(data: string): OwnArchive {
  const file = join(data, MODEL_FILE);
  let known: { readonly mtimeMs: Millis; readonly model: NiqeModel | undefined } | undefined;
  return async (patches) => {
    const mtimeMs = await timeOf(file);
    if (mtimeMs === undefined) return null;
    if (known?.mtimeMs !== mtimeMs) known = { mtimeMs, model: await readModel(data) };
    return known.model === undefined ? null : likenessTo(known.model, patches);
  };
}

async function timeOf(file: string): Promise<Millis | undefined> {
  const seen = await stat(file).catch(ifAbsent);
  return seen?.mtimeMs;
}

/** @returns undefined if there is none, or none that can be read by the present rules */
export async function readModel(data: string): Promise<NiqeModel | undefined> {
  const text = await readFile(join(data, MODEL_FILE), "utf8").catch(ifAbsent);
  if (text === undefined) return undefined;
  const read = NiqeModel.safeParse(jsonOf(text));
  return read.success && read.data.scorer === SCORER ? read.data : undefined;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Fits the model anew from what was approved and is technically sound. Whoever was judged before keeps that judgement.
 *
 * @returns what was fitted, or how little there is; then the model of before stays
 */
export async function fitOwnArchive(data: string, store: Store, now: Millis): Promise<Fitted> {
  const chosen: { readonly sha256: string; readonly rows: Float32Array }[] = [];
  for (const { sha256, patches } of store.approved.sound()) {
    if (chosen.length === MOST_IMAGES) break;
    const bytes = await readFile(patches).catch(ifAbsent);
    // A cleared set has its patches no more.
    if (bytes !== undefined) chosen.push({ sha256, rows: patchRows(bytes) });
  }
  const fitted = fitArchive(chosen.map(({ rows }) => rows));
  if (fitted.kind === "too-few") return fitted;
  const sources = createHash("sha256");
  for (const { sha256 } of chosen) sources.update(sha256);
  const model: NiqeModel = {
    ...fitted.fit,
    scorer: SCORER,
    createdAt: new Date(now).toISOString(),
    sources: sources.digest("hex"),
  };
  await durableWrite(join(data, MODEL_FILE), JSON.stringify(model));
  return fitted;
}

function ifAbsent(cause: unknown): undefined {
  if (codeOf(cause) !== "ENOENT") throw cause;
}

/**
 * `photogate quality`: the model of the archive as it is; with `--fit` it is fitted anew first.
 *
 * @returns 0, or 1 where it should have been fitted and there is too little for it
 */
export async function quality(
  config: Config,
  options: { readonly fit?: boolean; readonly json?: boolean },
  say: Say,
): Promise<number> {
  const { data } = config;
  const fitted =
    options.fit === true ? await withStore(config, (store) => fitOwnArchive(data, store, Date.now())) : null;
  const sound = (await withStore(config, (store) => store.approved.sound().length)) ?? 0;
  const model = await readModel(data);
  const isShort = options.fit === true && fitted?.kind !== "fitted";
  if (options.json === true) say(JSON.stringify({ sound, model: model === undefined ? null : summary(model) }));
  else for (const line of [...(isShort ? [shortOf(fitted ?? undefined)] : []), modelLine(model, sound)]) say(line);
  return isShort ? 1 : 0;
}

const summary = ({ images, patches, createdAt, scorer, sources }: NiqeModel) => ({
  images,
  patches,
  createdAt,
  scorer,
  sources,
});

const shortOf = (fitted: Fitted | undefined): string => {
  const { images, patches } = fitted?.kind === "too-few" ? fitted : { images: 0, patches: 0 };
  return `Too little to fit a model: ${images} photos with ${patches} sharp patches are approved and technically sound; it takes ${FEWEST_IMAGES} and ${FEWEST_PATCHES}.`;
};

const modelLine = (model: NiqeModel | undefined, sound: number): string =>
  model === undefined
    ? `No model of your archive. ${sound} approved photos are technically sound; photogate quality --fit takes ${FEWEST_IMAGES} or more.`
    : `Model of your archive, of ${model.createdAt.slice(0, 10)}: ${model.images} photos, ${model.patches} patches. What is judged from now on is compared with it; photogate rewind SET --to quality judges a set again.`;
