import { Fault } from "../domain/fault.ts";
import { type Answer, readListing, readPiece } from "../domain/model-answer.ts";
import { type Millis, SECOND } from "../domain/words.ts";
import { sha256 } from "./notebook.ts";
import type { ModelServer, Question } from "./server.ts";
import { type Fetch, type Limits, TooLong, type Wire } from "./wire.ts";

export interface OpenAiSettings {
  readonly model: string;
  readonly loadMs: Millis;
  readonly silenceMs: Millis;
  readonly totalMs: Millis;
}

const MAX_ANSWER = 4 * 1024 * 1024;
const MAX_CONTENT = 64 * 1024;
const MAX_LISTING = 4 * 1024 * 1024;

/** Any server that speaks as OpenAI does: llama.cpp, LM Studio, vLLM. It holds one model, loaded by whoever started it. */
export function openAiServer(host: string, settings: OpenAiSettings, wire: Wire): ModelServer {
  const { model, loadMs, silenceMs, totalMs } = settings;
  const quick: Limits = { silenceMs: 10 * SECOND, totalMs: 20 * SECOND, maxBytes: MAX_LISTING };
  const options = { top_p: 0.9 };
  return {
    host,
    variants: ["shape", "in-words"],
    options,
    identify: async (signal) =>
      wire.call(quick, signal, async (fetch) => {
        const response = await fetch(`${host}/v1/models`);
        const models = readListing(await response.json());
        const found = models.find(({ id }) => id === model);
        if (found === undefined)
          throw new Fault(
            "captioner.no-model",
            `${host} has ${models.map(({ id }) => id).join(", ") || "no model"}, not ${model}`,
          );
        // No such server tells a digest: what it says of its weights stands for one.
        return { model, digest: sha256(JSON.stringify(found)), version: response.headers.get("server") ?? "unknown" };
      }),
    load: async () => undefined,
    ask: async (question, signal) =>
      // Some load the model with the first question.
      wire.call(
        { silenceMs: Math.max(silenceMs, loadMs), totalMs: totalMs + loadMs, maxBytes: MAX_ANSWER },
        signal,
        async (fetch) => collected(await asked(fetch, host, { ...bodyOf(question), model, ...options })),
      ),
    unload: async () => undefined,
  };
}

const asked = async (fetch: Fetch, host: string, body: object): Promise<Response> =>
  fetch(`${host}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });

function bodyOf({ task, variant, facts, picture, temperature, seed, maxTokens }: Question): object {
  const isInWords = variant === "in-words";
  const url = `data:image/jpeg;base64,${Buffer.from(picture).toString("base64")}`;
  return {
    stream: true,
    temperature,
    seed,
    max_tokens: maxTokens,
    logprobs: true,
    ...(isInWords
      ? {}
      : {
          response_format: {
            type: "json_schema",
            json_schema: { name: task.name, strict: true, schema: task.shape },
          },
        }),
    messages: [
      { role: "system", content: isInWords ? `${task.system}\n${task.inWords}` : task.system },
      {
        role: "user",
        content: [
          { type: "image_url", image_url: { url } },
          { type: "text", text: task.user(facts) },
        ],
      },
    ],
  };
}

/** Lines of `data: {…}`, and `data: [DONE]` at the end. */
async function collected(response: Response): Promise<Answer> {
  const answer: Answer = { content: "", thinking: "", doneReason: "", tokens: [] };
  for await (const data of events(response)) {
    if (data === "[DONE]") return answer;
    const piece = readPiece(JSON.parse(data));
    if (piece.error !== undefined) throw new Fault("captioner.failed", piece.error);
    answer.content += piece.content;
    answer.thinking += piece.thinking;
    answer.tokens.push(...piece.tokens);
    if (piece.doneReason !== "") answer.doneReason = piece.doneReason;
    if (answer.content.length + answer.thinking.length > MAX_CONTENT)
      throw new TooLong(`more than ${MAX_CONTENT} characters`);
  }
  throw new Fault("captioner.failed", "the answer ended without its end");
}

async function* events(response: Response): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const piece of response.body ?? []) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split(/\r?\n/);
    rest = lines.pop() ?? "";
    for (const line of lines) if (line.startsWith("data:")) yield line.slice("data:".length).trim();
  }
}
