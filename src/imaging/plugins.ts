import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { codeOf, Fault, type FaultCode, messageOf } from "../domain/fault.ts";
import { MANIFEST, type Plugin, PluginManifest } from "../domain/plugin.ts";
import type { Judgement, Scorers } from "../domain/ports.ts";
import type { Decoder } from "./decoder.ts";

/** A folder that should hold a plug-in. */
export type Found =
  | { readonly kind: "plugin"; readonly plugin: Plugin }
  | { readonly kind: "flawed"; readonly id: string; readonly why: string };

/** A model that fails this often in a row is not asked again: each time may cost its whole limit. */
const MOST_FAILURES = 3;

/**
 * @param folder each folder in it is a plug-in; it need not be there
 * @returns in the order of their names
 */
export async function pluginsIn(folder: string): Promise<Found[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    if (codeOf(cause) === "ENOENT") return [];
    throw cause;
  });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  return Promise.all(names.toSorted().map((name) => pluginAt(folder, name)));
}

async function pluginAt(parent: string, name: string): Promise<Found> {
  const folder = join(parent, name);
  try {
    const read = PluginManifest.safeParse(JSON.parse(await readFile(join(folder, MANIFEST), "utf8")));
    if (read.success) return { kind: "plugin", plugin: { folder, manifest: read.data } };
    const flaws = read.error.issues.map(({ path, message }) => `${path.join(".") || MANIFEST}: ${message}`);
    return { kind: "flawed", id: name, why: `${join(folder, MANIFEST)}: ${flaws.join("; ")}` };
  } catch (failure) {
    return { kind: "flawed", id: name, why: `${join(folder, MANIFEST)}: ${messageOf(failure)}` };
  }
}

/**
 * The user's learned scorers. One that fails is said to be unavailable, with the reason, and nothing stands in for it.
 *
 * @param folder absolute; looked at for every photo, so that a new plug-in needs no new start
 * @param isWanted which of them are asked; all if nothing is said
 */
export function startScorers(
  decoder: Pick<Decoder, "score">,
  folder: string,
  isWanted: (found: Found) => boolean = () => true,
): Scorers {
  const failures = new Map<string, { readonly times: number; readonly code: FaultCode; readonly why: string }>();

  const ask = async (plugin: Plugin, picture: string | null, signal: AbortSignal): Promise<Judgement> => {
    const { id, metric = null } = plugin.manifest;
    const key = JSON.stringify(plugin);
    const before = failures.get(key);
    if (before !== undefined && before.times >= MOST_FAILURES)
      return { id, metric, said: { kind: "unavailable", code: before.code, why: before.why } };
    try {
      const said = await decoder.score(picture, plugin, signal);
      failures.delete(key);
      return { id, metric, said };
    } catch (failure) {
      if (signal.aborted || !(failure instanceof Fault)) throw failure;
      const { code, message: why } = failure;
      failures.set(key, { times: (before?.times ?? 0) + 1, code, why });
      return { id, metric, said: { kind: "unavailable", code, why } };
    }
  };

  return {
    async judge(picture, signal) {
      const judgements: Judgement[] = [];
      for (const found of (await pluginsIn(folder)).filter(isWanted))
        judgements.push(found.kind === "plugin" ? await ask(found.plugin, picture, signal) : flawed(found));
      return judgements;
    },
  };
}

export const isEmbedder = (found: Found): found is Extract<Found, { kind: "plugin" }> =>
  found.kind === "plugin" && found.plugin.manifest.output.decode === "embedding";

/**
 * The user's learned models by which photos can be compared, each of them loaded and tried.
 *
 * @throws Fault likeness.no-embedding where there is none; plugin.*, photo.decoder-crash, photo.decode-timeout where one fails
 */
export async function startEmbedders(
  decoder: Pick<Decoder, "score">,
  folder: string,
  signal: AbortSignal,
): Promise<Scorers> {
  const all = await pluginsIn(folder);
  const embedders = all.filter(isEmbedder);
  if (embedders.length === 0) {
    const flaws = all.flatMap((one) => (one.kind === "flawed" ? [one.why] : []));
    throw new Fault("likeness.no-embedding", [`${folder} holds no model that gives embeddings`, ...flaws].join("; "));
  }
  for (const { plugin } of embedders) await decoder.score(null, plugin, signal);
  return startScorers(decoder, folder, isEmbedder);
}

const flawed = ({ id, why }: Extract<Found, { kind: "flawed" }>): Judgement => ({
  id,
  metric: null,
  said: { kind: "unavailable", code: "plugin.invalid", why },
});
