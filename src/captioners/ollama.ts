import { type ChatRequest, Ollama } from "ollama";
import { Fault } from "../domain/fault.ts";
import type { Answer } from "../domain/model-answer.ts";
import { MINUTE, type Millis, SECOND } from "../domain/words.ts";
import { type Identity, KEEP_MS, type ModelServer, type Question } from "./server.ts";
import { type Fetch, type Limits, TooLong, type Wire } from "./wire.ts";

export interface OllamaSettings {
  readonly model: string;
  readonly contextTokens: number;
  readonly loadMs: Millis;
  readonly silenceMs: Millis;
  readonly totalMs: Millis;
  readonly allowAway: boolean;
}

const KEEP = `${KEEP_MS / MINUTE}m`;

/** Of one answer, with all that a stream puts around each of its tokens: fifteen times what the longest needs. */
const MAX_ANSWER = 4 * 1024 * 1024;
/** Of the text of an answer. */
const MAX_CONTENT = 64 * 1024;
const MAX_LISTING = 4 * 1024 * 1024;

/** An Ollama server. */
export function ollamaServer(host: string, settings: OllamaSettings, wire: Wire): ModelServer {
  const { model, contextTokens, loadMs, silenceMs, totalMs } = settings;
  const quick: Limits = { silenceMs: 10 * SECOND, totalMs: 20 * SECOND, maxBytes: MAX_LISTING };
  // Everything that is part of the runner's set-up has one value, or Ollama would load the model again.
  const options = { num_ctx: contextTokens, top_p: 0.9, repeat_penalty: 1.1, repeat_last_n: 128 };
  const calling = <T>(limits: Limits, signal: AbortSignal, work: (client: Ollama) => Promise<T>): Promise<T> =>
    wire.call(limits, signal, async (fetch) => work(new Ollama({ host: withPort(host), fetch: strict(fetch) })));

  return {
    host,
    variants: ["no-think", "shape", "in-words"],
    options: { ...options, keep: KEEP },
    identify: async (signal) =>
      calling(quick, signal, async (client) => {
        const { version } = await client.version();
        const { models } = await client.list();
        const found = models.find((one) => one.name === model || one.name === `${model}:latest`);
        if (found === undefined)
          throw new Fault("captioner.no-model", `${host} has no model ${model}${listed(models)}`);
        const identity = { model, digest: found.digest, version };
        if (!settings.allowAway && (isCloud(model) || "remote_host" in found || "remote_model" in found))
          throw new Fault("captioner.away", `${model} is a cloud model: ${host} would send the pictures on`);
        await assertSight(client, host, identity);
        return identity;
      }),
    load: async (signal) =>
      calling({ silenceMs: loadMs, totalMs: loadMs, maxBytes: MAX_LISTING }, signal, async (client) => {
        await client.generate({ model, prompt: "", stream: false, keep_alive: KEEP, options });
      }),
    ask: async (question, signal) =>
      calling({ silenceMs, totalMs, maxBytes: MAX_ANSWER }, signal, async (client) =>
        collected(await client.chat({ ...chatOf(question), model, options: { ...options, ...chanceOf(question) } })),
      ),
    unload: async (signal) =>
      calling(quick, signal, async (client) => {
        await client.generate({ model, prompt: "", stream: false, keep_alive: 0 });
      }),
  };
}

const isCloud = (model: string): boolean => /[:-]cloud$/.test(model);

/** The client would take port 80 where none is said; nobody runs Ollama there. */
function withPort(host: string): string {
  const { protocol, port } = new URL(host);
  return port === "" && protocol === "http:" && !host.endsWith(":80") ? `${host}:11434` : host;
}

/** The client writes lines that are no JSON to the console and goes on without them. */
const strict =
  (fetch: Fetch): Fetch =>
  async (input, init) => {
    const response = await fetch(input, init);
    if (response.body === null || !/ndjson/.test(response.headers.get("content-type") ?? "")) return response;
    const decoder = new TextDecoder();
    let rest = "";
    const check = (line: string): void => {
      if (line !== "") JSON.parse(line);
    };
    const checked = new TransformStream<Uint8Array, Uint8Array>({
      transform(piece, controller) {
        const lines = (rest + decoder.decode(piece, { stream: true })).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) check(line);
        controller.enqueue(piece);
      },
      flush: () => check(rest),
    });
    return new Response(response.body.pipeThrough(checked), { headers: response.headers });
  };

function listed(models: readonly { readonly name: string }[]): string {
  const names = models.map(({ name }) => name).slice(0, 10);
  return names.length === 0 ? "; it has none" : `; it has ${names.join(", ")}`;
}

/** Capabilities are a hint: an old server names none, and one that names them may be wrong. Only a plain no is believed. */
async function assertSight(client: Ollama, host: string, { model }: Identity): Promise<void> {
  const shown: { readonly capabilities?: readonly string[] } = await client.show({ model });
  const { capabilities = [] } = shown;
  if (capabilities.length > 0 && !capabilities.includes("vision"))
    throw new Fault("captioner.no-sight", `${model} at ${host} can do ${capabilities.join(", ")}, not vision`);
}

/** Built anew for every try: the client writes into it. */
function chatOf({ task, variant, facts, picture }: Question): Omit<ChatRequest, "model"> & { stream: true } {
  return {
    stream: true,
    keep_alive: KEEP,
    logprobs: true,
    top_logprobs: 0,
    ...(variant === "shape" ? {} : { think: false }),
    ...(variant === "in-words" ? {} : { format: task.shape }),
    messages: [
      { role: "system", content: variant === "in-words" ? `${task.system}\n${task.inWords}` : task.system },
      // Ollama puts the picture before the text of its message: only what stands before it can be kept by the server.
      { role: "user", content: task.user(facts), images: [picture] },
    ],
  };
}

const chanceOf = ({ temperature, seed, maxTokens }: Question) => ({ temperature, seed, num_predict: maxTokens });

async function collected(stream: AsyncIterable<ChatPiece>): Promise<Answer> {
  const tokens: { token: string; logprob: number }[] = [];
  let content = "";
  let thinking = "";
  let doneReason = "";
  for await (const piece of stream) {
    content += piece.message.content;
    thinking += piece.message.thinking ?? "";
    for (const { token, logprob } of piece.logprobs ?? []) tokens.push({ token, logprob });
    doneReason = piece.done_reason ?? doneReason;
    if (content.length + thinking.length > MAX_CONTENT) throw new TooLong(`more than ${MAX_CONTENT} characters`);
  }
  return { content, thinking, doneReason, tokens };
}

interface ChatPiece {
  readonly message: { readonly content: string; readonly thinking?: string };
  readonly done_reason?: string;
  readonly logprobs?: readonly { readonly token: string; readonly logprob: number }[];
}

/** How far a download is; bytes where the server says. */
export interface PullProgress {
  readonly status: string;
  readonly completed: number | undefined;
  readonly total: number | undefined;
}

/**
 * Has a server download a model: only ever asked for by a person.
 *
 * @throws Fault captioner.*
 */
export async function pullModel(
  host: string,
  model: string,
  wire: Wire,
  progress: (progress: PullProgress) => void,
  signal: AbortSignal,
): Promise<void> {
  // Ollama is silent while it checks what it has loaded, for minutes with a large model; a download has no limit.
  const limits = { silenceMs: 30 * MINUTE, totalMs: 2 ** 31 - 1, maxBytes: Number.POSITIVE_INFINITY };
  await wire.call(limits, signal, async (fetch) => {
    const client = new Ollama({ host: withPort(host), fetch: strict(fetch) });
    for await (const { status, completed, total } of await client.pull({ model, stream: true }))
      progress({ status, completed, total });
  });
}
