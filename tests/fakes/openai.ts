/** A fake of a server that speaks as OpenAI does, on a loopback socket. It judges what it is sent, as the fake Ollama does. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { MODEL, type Mode, sighted } from "./ollama.ts";
import { lookAt, type Sight } from "./pictures.ts";

interface Asked {
  readonly body: Record<string, unknown>;
  readonly sight: Sight;
  readonly isTestCard: boolean;
  readonly isBlind: boolean;
  readonly variant: "shape" | "in-words";
}

type OpenAiMode =
  | Extract<Mode, { text: string }>
  | "500"
  | "404"
  | "error piece"
  | "no end"
  | "hangs mid body"
  | "piece that is none";

export interface FakeOpenAi {
  readonly url: string;
  readonly asked: Asked[];
  readonly complaints: string[];
  models: { id: string; created: number; meta?: unknown }[];
  answer: (asked: Asked) => OpenAiMode;
  hungUpOn: number;
  close(): Promise<void>;
}

/** What a model that sees says. */
export const openAiSighted = (asked: Asked): OpenAiMode => {
  const mode = sighted(asked);
  return typeof mode === "string" ? "500" : mode;
};

export async function startOpenAi(): Promise<FakeOpenAi> {
  const server = createServer((request, response) => {
    response.on("close", () => {
      if (!response.writableFinished) fake.hungUpOn += 1;
    });
    void serve(request, response).catch((cause: unknown) => {
      fake.complaints.push(String(cause));
      response.destroy();
    });
  });

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader("server", "llama.cpp");
    if (request.url === "/v1/models") return json(response, 200, { object: "list", data: fake.models });
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece);
    const asked = await judged(JSON.parse(Buffer.concat(pieces).toString()), fake.complaints);
    fake.asked.push(asked);
    send(fake.answer(asked), response);
  }

  const fake: FakeOpenAi = {
    url: "",
    asked: [],
    complaints: [],
    models: [{ id: MODEL, created: 1, meta: { n_params: 4_000_000_000 } }],
    answer: openAiSighted,
    hungUpOn: 0,
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  return Object.assign(fake, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}

const json = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
};

interface Part {
  readonly type: string;
  readonly text?: string;
  readonly image_url?: { readonly url: string };
}

async function judged(body: Record<string, unknown>, complaints: string[]): Promise<Asked> {
  const complain = (is: boolean, what: string): void => {
    if (!is) complaints.push(what);
  };
  const [system, user] = body["messages"] as [{ role: string; content: string }, { role: string; content: Part[] }];
  const [image, text] = user.content;
  complain(body["stream"] === true && typeof body["seed"] === "number", "not streamed, or left to chance");
  complain(system.role === "system" && user.role === "user", "not one system and one user message");
  const isBlind = system.content.startsWith("You are shown one picture and told nothing about it");
  const isAsItShould = isBlind ? text?.text === "What does this picture show?" : /^FACTS \{/.test(text?.text ?? "");
  complain(isAsItShould, isBlind ? "told something it should see by itself" : "no facts");
  complain(!/[\\/][\w.-]+[\\/]|\.jpe?g\b/i.test(text?.text ?? ""), "told a path");
  const [, base64 = ""] = /^data:image\/jpeg;base64,(.+)$/.exec(image?.image_url?.url ?? "") ?? [];
  const sight = await lookAt(Buffer.from(base64, "base64"));
  complain(sight.longEdge === 896, `the picture's long edge is ${sight.longEdge}`);
  const variant = body["response_format"] === undefined ? "in-words" : "shape";
  return { body, sight, isTestCard: sight.colours.length === 2, isBlind, variant };
}

function send(mode: OpenAiMode, response: ServerResponse): void {
  if (mode === "500") json(response, 500, { error: { message: "failed to process image" } });
  else if (mode === "404") json(response, 404, { error: { message: "model not found" } });
  else stream(mode, response);
}

function stream(mode: Exclude<OpenAiMode, "500" | "404">, response: ServerResponse): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  const event = (data: unknown): void => void response.write(`data: ${JSON.stringify(data)}\n\n`);
  const piece = (content: string): void =>
    event({
      choices: [
        { delta: { content }, logprobs: { content: [{ token: content, logprob: -0.5 }] }, finish_reason: null },
      ],
    });
  if (mode === "error piece") event({ error: { message: "context size exceeded" } });
  else if (mode === "piece that is none") event({ choices: "none" });
  else if (mode === "no end" || mode === "hangs mid body") piece("{");
  else {
    for (const part of mode.text.match(/[\s\S]{1,6}/g) ?? []) piece(part);
    event({ choices: [{ delta: {}, finish_reason: mode.doneReason ?? "stop" }] });
    response.write("data: [DONE]\n\n");
  }
  if (mode !== "hangs mid body") response.end();
}
