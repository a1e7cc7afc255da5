/**
 * A fake Ollama on a loopback socket. It is honest about the asking side: what a real server would not take, or what a
 * person would not want sent, is a complaint. It proves nothing about the quality of words.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { lookAt, type Sight } from "./pictures.ts";

export interface FakeModel {
  readonly name: string;
  digest: string;
  readonly capabilities?: readonly string[];
  readonly remote_host?: string;
}

/** A question as it came, judged. */
export interface Asked {
  readonly body: Record<string, unknown>;
  readonly facts: Record<string, unknown>;
  /** its own answer and what is wrong with it, where a field is to be written anew */
  readonly again: string | null;
  readonly sight: Sight;
  readonly variant: "no-think" | "shape" | "in-words";
  readonly isTestCard: boolean;
  /** asked what the picture shows, and told nothing */
  readonly isBlind: boolean;
}

/** Everything that can go wrong, by name; a string is the text of an answer. */
export type Mode =
  | { readonly text: string; readonly doneReason?: string; readonly thinking?: string }
  | "hangs before headers"
  | "hangs mid body"
  | "drips"
  | "drops before headers"
  | "drops mid stream"
  | "404"
  | "500 out of memory"
  | "503 busy"
  | "error line"
  | "no done"
  | "line that is no JSON"
  | "html"
  | "empty 200"
  | "60 MB"
  | "endless tokens";

export interface FakeOllama {
  readonly url: string;
  readonly asked: Asked[];
  /** paths of all requests, in order */
  readonly requests: string[];
  readonly complaints: string[];
  readonly models: FakeModel[];
  version: string;
  latencyMs: number;
  /** how long an empty question takes, which only loads the model */
  loadMs: number;
  /** connections that were closed on it before it was done */
  hungUpOn: number;
  /** what is answered next; used up before `answer` is asked */
  readonly queue: Mode[];
  answer: (asked: Asked) => Mode | Promise<Mode>;
  /** keep_alive values of empty questions */
  readonly loads: unknown[];
  /** questions that were being answered at the same time, at most */
  mostAtOnce: number;
  close(): Promise<void>;
}

export const MODEL = "qwen3.5:4b";

export const replyText = (
  over: Partial<Record<"visible" | "caption" | "alt" | "keywords" | "uncertain", unknown>> = {},
) =>
  JSON.stringify({
    visible: ["a grey field", "a small rectangle"],
    caption: "A small rectangle stands on an even grey field under soft light.",
    alt: "Small rectangle on plain grey ground.",
    keywords: ["rectangle", "field"],
    uncertain: [],
    ...over,
  });

export const identificationText = (
  over: Partial<
    Record<"generic" | "specific" | "specificity" | "category" | "people" | "visible_text" | "setting", unknown>
  > = {},
) =>
  JSON.stringify({
    generic: "rectangle",
    specific: null,
    specificity: "low",
    category: "object",
    people: "0",
    visible_text: [],
    setting: "plain grey ground",
    ...over,
  });

/** What a model that sees says: the colours of a card, or something plain. */
export const sighted = ({ sight, isTestCard, isBlind }: Pick<Asked, "sight" | "isTestCard" | "isBlind">): Mode => {
  if (isBlind) return { text: identificationText() };
  if (!isTestCard) return { text: replyText() };
  const [left, right] = sight.colours;
  return {
    text: replyText({
      visible: [`${left} circle`, `${right} square`],
      caption: `A ${left} circle stands beside a ${right} square.`,
      alt: `${left} circle left, ${right} square right.`,
    }),
  };
};

export async function startOllama(models: FakeModel[] = [{ name: MODEL, digest: "d1" }]): Promise<FakeOllama> {
  let atOnce = 0;
  const server = createServer((request, response) => {
    let isDone = false;
    response.on("finish", () => {
      isDone = true;
    });
    response.on("close", () => {
      if (!isDone) fake.hungUpOn += 1;
    });
    void serve(request, response).catch((cause: unknown) => {
      fake.complaints.push(String(cause));
      if (!response.headersSent) json(response, 400, { error: String(cause) });
      else response.destroy();
    });
  });

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? "";
    fake.requests.push(path);
    const body = await bodyOf(request);
    switch (path) {
      case "/api/version":
        return json(response, 200, { version: fake.version });
      case "/api/tags":
        return json(response, 200, { models: fake.models });
      case "/api/show":
        return json(response, 200, { capabilities: named(body)?.capabilities ?? ["completion", "vision"] });
      case "/api/generate":
        if (named(body) === undefined)
          return json(response, 404, { error: `model '${String(body["model"])}' not found` });
        fake.loads.push(body["keep_alive"]);
        await sleep(fake.loadMs);
        return json(response, 200, { model: body["model"], response: "", done: true });
      case "/api/pull":
        return pull(body, response);
      case "/api/chat":
        atOnce += 1;
        fake.mostAtOnce = Math.max(fake.mostAtOnce, atOnce);
        try {
          return await chat(body, response);
        } finally {
          atOnce -= 1;
        }
      default:
        throw new Error(`nothing here at ${path}`);
    }
  }

  const named = (body: Record<string, unknown>) =>
    fake.models.find(({ name }) => name === (body["model"] ?? body["name"]));

  async function chat(body: Record<string, unknown>, response: ServerResponse): Promise<void> {
    if (named(body) === undefined) return json(response, 404, { error: `model '${String(body["model"])}' not found` });
    const asked = await judged(body, fake.complaints);
    fake.asked.push(asked);
    const mode = fake.queue.shift() ?? (await fake.answer(asked));
    if (fake.latencyMs > 0) await sleep(fake.latencyMs);
    await answer(mode, response);
  }

  async function pull(body: Record<string, unknown>, response: ServerResponse): Promise<void> {
    response.writeHead(200, { "content-type": "application/x-ndjson" });
    if (String(body["name"]).startsWith("nowhere"))
      return line(response, { error: "pull model manifest: file does not exist" }).end() && undefined;
    line(response, { status: "pulling manifest" });
    for (const part of [0, 1, 2])
      line(response, { status: "pulling 1a2b", total: 4_000_000, completed: part * 2_000_000 });
    line(response, { status: "success" }).end();
    fake.models.push({ name: String(body["name"]), digest: "pulled" });
  }

  const fake: FakeOllama = {
    url: "",
    asked: [],
    requests: [],
    complaints: [],
    models,
    version: "0.32.6",
    latencyMs: 0,
    loadMs: 0,
    hungUpOn: 0,
    queue: [],
    answer: sighted,
    loads: [],
    mostAtOnce: 0,
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  return Object.assign(fake, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece);
  const text = Buffer.concat(pieces).toString();
  return text === "" ? {} : JSON.parse(text);
}

const json = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8" });
  response.end(JSON.stringify(body));
};

const line = (response: ServerResponse, value: unknown): ServerResponse => {
  response.write(`${JSON.stringify(value)}\n`);
  return response;
};

const HANDED_ON = ["subject", "location", "people", "event", "month", "genre", "title", "description", "keywords"];

/** What a careful server's owner would look for in a question. */
async function judged(body: Record<string, unknown>, complaints: string[]): Promise<Asked> {
  const complain = (is: boolean, what: string): void => {
    if (!is) complaints.push(what);
  };
  const options = (body["options"] ?? {}) as Record<string, unknown>;
  const [system, user, ...more] = (body["messages"] ?? []) as { role: string; content: string; images?: string[] }[];
  complain(body["stream"] === true, "not streamed");
  complain(body["keep_alive"] === "30m", `keep_alive ${String(body["keep_alive"])}`);
  complain(body["logprobs"] === true, "no logprobs");
  complain(options["num_ctx"] === 8192, `num_ctx ${String(options["num_ctx"])}`);
  complain(typeof options["seed"] === "number" && typeof options["temperature"] === "number", "left to chance");
  complain(Number(options["num_predict"]) >= 700 && Number(options["num_predict"]) <= 2_800, "no end to the answer");
  complain(
    more.length === 0 && system?.role === "system" && user?.role === "user",
    "not one system and one user message",
  );
  complain(system?.images === undefined && user?.images?.length === 1, "not one picture, with the user's message");
  complain(!/FACTS \{/.test(system?.content ?? ""), "facts in the system's message: it could not be kept");
  const isBlind = system?.content.startsWith("You are shown one picture and told nothing about it") === true;
  complain(!isBlind || user?.content === "What does this picture show?", "told something it should see by itself");
  // What follows on a second try is the model's own answer, with what is wrong with it.
  const [told = "", ...again] = (user?.content ?? "").split("\n");
  const facts = isBlind ? {} : JSON.parse(told.replace(/^FACTS /, ""));
  for (const key of Object.keys(facts)) complain(HANDED_ON.includes(key), `told ${key}`);
  complain(!/[\\/][\w.-]+[\\/]|\.(jpe?g|nef|cr3|xmp)\b/i.test(told), "told a path");
  complain(!/\b(Canon|NIKON|f\/\d|ISO ?\d|\d+ ?mm|1\/\d+)\b/.test(told), "told of the camera");
  complain(!/-?\d{1,3}\.\d{3,}/.test(told), "told a position");
  const image = user?.images?.[0] ?? "";
  complain(/^[A-Za-z0-9+/]+=*$/.test(image), "the picture is not base64");
  const sight = await lookAt(Buffer.from(image, "base64"));
  complain(sight.longEdge === 896, `the picture's long edge is ${sight.longEdge}`);
  const format = body["format"] as { required?: string[] } | undefined;
  complain(
    format === undefined || format.required?.[0] === (isBlind ? "generic" : "visible"),
    "the shape does not begin with what is seen",
  );
  return {
    body,
    facts,
    again: again.length === 0 ? null : again.join("\n"),
    sight,
    variant: format === undefined ? "in-words" : body["think"] === false ? "no-think" : "shape",
    isTestCard: sight.colours.length === 2,
    isBlind,
  };
}

const MESSAGE = { model: MODEL, created_at: "2026-11-21T00:00:00Z" };
const token = (content: string) => ({
  ...MESSAGE,
  message: { role: "assistant", content },
  done: false,
  logprobs: [{ token: content, logprob: -0.25 }],
});
const done = (reason: string) => ({
  ...MESSAGE,
  message: { role: "assistant", content: "" },
  done: true,
  done_reason: reason,
});

async function answer(mode: Mode, response: ServerResponse): Promise<void> {
  const start = (type = "application/x-ndjson"): void => {
    response.writeHead(200, { "content-type": type });
  };
  if (typeof mode !== "string") {
    start();
    if (mode.thinking !== undefined)
      line(response, { ...MESSAGE, message: { role: "assistant", content: "", thinking: mode.thinking }, done: false });
    for (const piece of mode.text.match(/[\s\S]{1,6}/g) ?? []) line(response, token(piece));
    return void line(response, done(mode.doneReason ?? "stop")).end();
  }
  switch (mode) {
    case "hangs before headers":
      return;
    case "hangs mid body":
      start();
      return void line(response, token("{"));
    case "drips":
      start();
      while (!response.destroyed) {
        line(response, token("x"));
        await sleep(20);
      }
      return;
    case "drops before headers":
      return void response.destroy();
    case "drops mid stream":
      start();
      line(response, token("{"));
      await sleep(20);
      return void response.destroy();
    case "404":
      return json(response, 404, { error: `model '${MODEL}' not found` });
    case "500 out of memory":
      return json(response, 500, { error: "model requires more system memory (9.1 GiB) than is available (3.2 GiB)" });
    case "503 busy":
      return json(response, 503, { error: "server busy, please try again. maximum pending requests exceeded" });
    case "error line":
      start();
      return void line(response, { error: "an error was encountered while running the model: CUDA error" }).end();
    case "no done":
      start();
      return void line(response, token(replyText())).end();
    case "line that is no JSON":
      start();
      return void response.end('{"message":{"content":"{"},\nnonsense\n');
    case "html":
      start("text/html");
      return void response.end("<!doctype html><title>It works!</title>");
    case "empty 200":
      start();
      return void response.end();
    case "60 MB":
      start();
      for (let sent = 0; sent < 60_000_000 && !response.destroyed; sent += 60_000) {
        line(response, token("x".repeat(60_000)));
        await new Promise((next) => setImmediate(next));
      }
      return void response.end();
    case "endless tokens":
      start();
      while (!response.destroyed) {
        for (let i = 0; i < 100; i += 1) line(response, token("very "));
        await new Promise((next) => setImmediate(next));
      }
  }
}
