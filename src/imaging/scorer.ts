import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { InferenceSession } from "onnxruntime-node";
import type { Opinion } from "../domain/facts.ts";
import { Fault, messageOf } from "../domain/fault.ts";
import { opinionOf, type Plugin, type PluginManifest, tensorOf } from "../domain/plugin.ts";
import { hashFile } from "../files.ts";
import { sharp } from "./sharp.ts";

/**
 * The one door to onnxruntime-node, an optional peer: it is loaded when the first model is. Runs in a decoder child, so
 * that a model that crashes, hangs or wants all memory costs one answer.
 */

interface Model {
  /** @throws Fault plugin.failed */
  judge(rgb: Uint8Array): Promise<Opinion>;
}

/** Loaded models, as long as the child lives. */
const models = new Map<string, Promise<Model>>();

/**
 * What a model says about a picture.
 *
 * @param picture null to load the model and try it on a picture of our own
 * @throws Fault plugin.invalid, plugin.no-runtime, plugin.failed
 */
export async function score(picture: string | null, plugin: Plugin): Promise<Opinion> {
  const model = await modelOf(plugin);
  const { input } = plugin.manifest;
  return model.judge(picture === null ? trial(input) : await pixelsOf(picture, input));
}

function modelOf(plugin: Plugin): Promise<Model> {
  const key = JSON.stringify(plugin);
  const known = models.get(key) ?? load(plugin);
  models.set(key, known);
  known.catch(() => models.delete(key));
  return known;
}

async function load(plugin: Plugin): Promise<Model> {
  const { manifest, folder } = plugin;
  const file = join(folder, manifest.file);
  await checkFile(file, manifest);
  const { InferenceSession, Tensor } = await runtime();
  const options: InferenceSession.SessionOptions = {
    executionProviders: ["cpu"],
    intraOpNumThreads: manifest.threads,
    interOpNumThreads: 1,
    // Errors come as exceptions; a child has nowhere to write to.
    logSeverityLevel: 4,
  };
  const { input, output } = manifest;
  const session = await InferenceSession.create(file, options).catch((cause: unknown) => {
    throw failed(plugin, `${manifest.file} cannot be loaded`, cause);
  });
  const judge = async (rgb: Uint8Array): Promise<Opinion> => {
    const { data, dims } = tensorOf(rgb, input);
    const answer = await session
      .run({ [input.name]: new Tensor("float32", data, dims) }, [output.name])
      .catch((cause: unknown) => {
        throw failed(plugin, "it cannot be run", cause);
      });
    const reading = opinionOf(Array.from(answer[output.name]?.data ?? [], Number), manifest);
    if (reading.kind === "nonsense") throw failed(plugin, "it cannot be understood", reading.why);
    return reading;
  };
  await judge(trial(input));
  return { judge };
}

async function checkFile(file: string, { id, sha256 }: PluginManifest): Promise<void> {
  const there = await stat(file).catch((cause: unknown) => {
    throw new Fault("plugin.invalid", `${id}: ${messageOf(cause)}`, { cause });
  });
  if (!there.isFile()) throw new Fault("plugin.invalid", `${id}: ${file} is no file`);
  const found = await hashFile(file, AbortSignal.any([]));
  if (found.sha256 !== sha256)
    throw new Fault("plugin.invalid", `${id}: the sha256 of ${file} is ${found.sha256}, the manifest says ${sha256}`);
}

async function runtime(): Promise<typeof import("onnxruntime-node")> {
  try {
    return await import("onnxruntime-node");
  } catch (cause) {
    throw new Fault("plugin.no-runtime", "onnxruntime-node cannot be loaded", { cause });
  }
}

/** Upright and sRGB already: only previews of ours come here. */
async function pixelsOf(picture: string, { size: [width, height], fit }: PluginManifest["input"]): Promise<Uint8Array> {
  return sharp(picture).resize(width, height, { fit }).removeAlpha().toColourspace("srgb").raw().toBuffer();
}

/** Has every grey level in it: a model that answers this with nonsense answers anything with it. */
function trial({ size: [width, height] }: PluginManifest["input"]): Uint8Array {
  return Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 7) % 256);
}

const failed = ({ manifest: { id } }: Plugin, what: string, cause: unknown): Fault =>
  new Fault("plugin.failed", `${id}: ${what}: ${messageOf(cause)}`, { cause });
