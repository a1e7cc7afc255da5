/** Config to the captioners that ask models. What they are made of is loaded with the first question. */
import { join } from "node:path";
import type { ModelCaptioner } from "./captioners/by-model.ts";
import type { PullProgress } from "./captioners/ollama.ts";
import type { ModelServer } from "./captioners/server.ts";
import type { Wire } from "./captioners/wire.ts";
import type { Config } from "./config.ts";
import type { Announce } from "./domain/events.ts";
import { Fault } from "./domain/fault.ts";
import type { TestCard } from "./domain/model-answer.ts";
import type { Captioner } from "./domain/ports.ts";
import { SECOND } from "./domain/words.ts";

/** Below the data folder; may be thrown away at any time. */
const ANSWERS = "answers";

export interface Models {
  readonly ollama: Captioner;
  readonly openai: Captioner;
  close(): Promise<void>;
}

type Name = "ollama" | "openai";

export function openModels(config: Config, announce: Announce): Models {
  const opened = new Map<Name, Promise<{ readonly captioner: ModelCaptioner; readonly wire: Wire }>>();
  const opening = async (name: Name): Promise<ModelCaptioner> => {
    const one = opened.get(name) ?? open(name, config, announce);
    opened.set(name, one);
    return (await one).captioner;
  };
  const lazy = (name: Name): Captioner => ({
    name,
    caption: async (request, signal) => (await opening(name)).caption(request, signal),
    identify: async (picture, signal) => (await opening(name)).identify(picture, signal),
    rewrite: async (request, rewrite, signal) => (await opening(name)).rewrite(request, rewrite, signal),
  });
  return {
    ollama: lazy("ollama"),
    openai: lazy("openai"),
    async close() {
      for (const one of opened.values()) {
        const { captioner, wire } = await one;
        await captioner.close();
        await wire.close();
      }
    },
  };
}

async function open(name: Name, config: Config, announce: Announce) {
  const { captioner: settings } = config.settings;
  const [{ captionerByModel }, { notebookIn }, wire, serverAt] = await Promise.all([
    import("./captioners/by-model.ts"),
    import("./captioners/notebook.ts"),
    openTheWire(config),
    name === "ollama" ? ollamaAt(config) : openAiAt(config),
  ]);
  const { hosts, model } = settings[name];
  const captioner = captionerByModel(name, model === "" ? [] : hosts.map((host) => serverAt(host, wire)), settings, {
    notebook: notebookIn(join(config.data, ANSWERS)),
    draw,
    testEvery: settings.testEvery,
    distrusted: (host, of, why, keys) =>
      announce({ kind: "captioner.distrusted", captioner: name, host, model: of, why, keys }),
    elapsed: () => performance.now(),
  });
  return { captioner, wire };
}

type ServerAt = (host: string, wire: Wire) => ModelServer;

async function ollamaAt({ settings }: Config): Promise<ServerAt> {
  const { ollamaServer } = await import("./captioners/ollama.ts");
  const { ollama, contextTokens, allowAway } = settings.captioner;
  const limits = limitsIn(settings);
  return (host, wire) => ollamaServer(host, { model: ollama.model, contextTokens, allowAway, ...limits }, wire);
}

async function openAiAt({ settings }: Config): Promise<ServerAt> {
  const { openAiServer } = await import("./captioners/openai.ts");
  return (host, wire) => openAiServer(host, { model: settings.captioner.openai.model, ...limitsIn(settings) }, wire);
}

const limitsIn = ({ captioner }: Config["settings"]) => ({
  loadMs: captioner.loadSeconds * SECOND,
  silenceMs: captioner.silenceSeconds * SECOND,
  totalMs: captioner.totalSeconds * SECOND,
});

async function openTheWire({ settings }: Config): Promise<Wire> {
  const { openWire } = await import("./captioners/wire.ts");
  const { connectSeconds, allowAway } = settings.captioner;
  return openWire({ connectMs: connectSeconds * SECOND, allowAway });
}

// Loaded on demand: sharp would cost the daemon a third of its memory.
const draw = async (card: TestCard): Promise<Uint8Array> =>
  (await import("./imaging/test-card.ts")).testCardPicture(card);

/**
 * Has every Ollama server of the settings download a model, one after the other.
 *
 * @throws Fault captioner.*
 */
export async function pullModels(
  config: Config,
  model: string,
  progress: (host: string, progress: PullProgress) => void,
  signal: AbortSignal,
): Promise<void> {
  const { hosts } = config.settings.captioner.ollama;
  if (hosts.length === 0) throw new Fault("captioner.unset", "captioner.ollama.hosts is empty");
  const wire = await openTheWire(config);
  const { pullModel } = await import("./captioners/ollama.ts");
  try {
    for (const host of hosts) await pullModel(host, model, wire, (one) => progress(host, one), signal);
  } finally {
    await wire.close();
  }
}
