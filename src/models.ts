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
import type { Captioner, CaptionRequest, Distrust } from "./domain/ports.ts";
import { SECOND } from "./domain/words.ts";

/** Where answers are noted; may be thrown away at any time. */
export const answersOf = (config: Config): string => join(config.data, "answers");

export interface Models {
  readonly ollama: Captioner;
  readonly openai: Captioner;
  /** Looks whether models that answered last in the run before still see. What they fail is announced and distrusted. */
  prove(): Promise<void>;
  close(): Promise<void>;
}

const NAMES = ["ollama", "openai"] as const;
type Name = (typeof NAMES)[number];

export function openModels(config: Config, announce: Announce, distrust: Distrust): Models {
  const opened = new Map<string, Promise<{ readonly captioner: ModelCaptioner; readonly wire: Wire }>>();
  const opening = async (name: Name, model: string): Promise<ModelCaptioner> => {
    const one = opened.get(`${name} ${model}`) ?? open(name, model, config, announce, distrust);
    opened.set(`${name} ${model}`, one);
    return (await one).captioner;
  };
  const modelFor = (name: Name, { model }: Pick<CaptionRequest, "model">): string =>
    model ?? config.settings.captioner[name].model;
  const lazy = (name: Name): Captioner => ({
    name,
    caption: async (request, signal) => (await opening(name, modelFor(name, request))).caption(request, signal),
    identify: async (request, signal) => (await opening(name, modelFor(name, request))).identify(request, signal),
    rewrite: async (request, rewrite, signal) =>
      (await opening(name, modelFor(name, request))).rewrite(request, rewrite, signal),
  });
  return {
    ollama: lazy("ollama"),
    openai: lazy("openai"),
    async prove() {
      const { notebookIn } = await import("./captioners/notebook.ts");
      for (const { host, model } of await notebookIn(answersOf(config)).allUnproved())
        for (const name of NAMES)
          if (config.settings.captioner[name].hosts.includes(host)) await (await opening(name, model)).prove();
    },
    async close() {
      for (const one of opened.values()) {
        const { captioner, wire } = await one;
        await captioner.close();
        await wire.close();
      }
    },
  };
}

async function open(name: Name, model: string, config: Config, announce: Announce, distrust: Distrust) {
  const { captioner: settings } = config.settings;
  const [{ captionerByModel }, { notebookIn }, wire, serverAt] = await Promise.all([
    import("./captioners/by-model.ts"),
    import("./captioners/notebook.ts"),
    openTheWire(config),
    name === "ollama" ? ollamaAt(config, model) : openAiAt(config, model),
  ]);
  const { hosts } = settings[name];
  const captioner = captionerByModel(name, model === "" ? [] : hosts.map((host) => serverAt(host, wire)), settings, {
    notebook: notebookIn(answersOf(config)),
    draw,
    testEvery: settings.testEvery,
    async distrusted(host, of, why, keys) {
      announce({ kind: "captioner.distrusted", captioner: name, host, model: of, why, keys });
      await distrust(keys, `${of} at ${host}: ${why}`);
    },
    elapsed: () => performance.now(),
  });
  return { captioner, wire };
}

type ServerAt = (host: string, wire: Wire) => ModelServer;

async function ollamaAt({ settings }: Config, model: string): Promise<ServerAt> {
  const { ollamaServer } = await import("./captioners/ollama.ts");
  const { contextTokens, allowAway } = settings.captioner;
  const limits = limitsIn(settings);
  return (host, wire) => ollamaServer(host, { model, contextTokens, allowAway, ...limits }, wire);
}

async function openAiAt({ settings }: Config, model: string): Promise<ServerAt> {
  const { openAiServer } = await import("./captioners/openai.ts");
  return (host, wire) => openAiServer(host, { model, ...limitsIn(settings) }, wire);
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
