/** A captioner that asks a fake server, with short deadlines and a clock that only moves when told. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { captionerByModel, type ModelCaptioner } from "../../src/captioners/by-model.ts";
import { notebookIn } from "../../src/captioners/notebook.ts";
import { type OllamaSettings, ollamaServer } from "../../src/captioners/ollama.ts";
import { type OpenAiSettings, openAiServer } from "../../src/captioners/openai.ts";
import { openWire, type Wire } from "../../src/captioners/wire.ts";
import type { CaptionRequest } from "../../src/domain/ports.ts";
import { testCardPicture } from "../../src/imaging/test-card.ts";
import { MODEL } from "../fakes/ollama.ts";
import { aPicture } from "../fakes/pictures.ts";

export interface Distrust {
  readonly host: string;
  readonly model: string;
  readonly why: string;
  readonly keys: readonly string[];
}

export interface Studio {
  readonly folder: string;
  readonly distrusts: Distrust[];
  readonly wire: Wire;
  clockMs: number;
  ollama(hosts: readonly string[], over?: Partial<OllamaSettings & Extra>): ModelCaptioner;
  openai(hosts: readonly string[], over?: Partial<OpenAiSettings & Extra>): ModelCaptioner;
  /** another picture for each number */
  request(number: number, over?: Partial<CaptionRequest>): Promise<CaptionRequest>;
  close(): Promise<void>;
}

interface Extra {
  readonly testEvery: number;
  readonly freeMemory: boolean;
  readonly vocabulary: readonly string[];
}

const LIMITS = { loadMs: 5_000, silenceMs: 5_000, totalMs: 20_000 };

export function openStudio(): Studio {
  const folder = mkdtempSync(join(tmpdir(), "photogate-studio-"));
  const wire = openWire({ connectMs: 1_000, allowAway: false });
  const opened: ModelCaptioner[] = [];
  const studio: Studio = {
    folder,
    distrusts: [],
    wire,
    clockMs: 0,
    ollama: (hosts, { testEvery, freeMemory, vocabulary, ...over } = {}) =>
      kept(
        captionerByModel(
          "ollama",
          hosts.map((host) =>
            ollamaServer(host, { model: MODEL, contextTokens: 8192, allowAway: false, ...LIMITS, ...over }, wire),
          ),
          { freeMemory: freeMemory ?? false, vocabulary: vocabulary ?? [] },
          toolsWith(testEvery),
        ),
      ),
    openai: (hosts, { testEvery, freeMemory, vocabulary, ...over } = {}) =>
      kept(
        captionerByModel(
          "openai",
          hosts.map((host) => openAiServer(host, { model: MODEL, ...LIMITS, ...over }, wire)),
          { freeMemory: freeMemory ?? false, vocabulary: vocabulary ?? [] },
          toolsWith(testEvery),
        ),
      ),
    request: async (number, over = {}) => ({
      picture: await aPicture(folder, number),
      context: { folder: "nature", location: "Texel" },
      subject: "Gulls",
      date: "2026-10-14",
      written: null,
      ...over,
    }),
    async close() {
      for (const captioner of opened) await captioner.close();
      await wire.close();
      rmSync(folder, { recursive: true });
    },
  };
  const notebook = notebookIn(join(folder, "answers"));
  const toolsWith = (testEvery = 25) => ({
    notebook,
    draw: testCardPicture,
    testEvery,
    async distrusted(host: string, model: string, why: string, keys: readonly string[]) {
      // Told when it is done: who waits for it asks again at once, and would be given the old answer.
      for (const key of keys) await notebook.forgetAnswer(key);
      studio.distrusts.push({ host, model, why, keys });
    },
    elapsed: () => studio.clockMs,
  });
  const kept = (captioner: ModelCaptioner): ModelCaptioner => {
    opened.push(captioner);
    return captioner;
  };
  return studio;
}
