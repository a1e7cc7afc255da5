/** How the CLI finds the daemon: a file only its owner can read, with port and token. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Fault } from "./domain/fault.ts";
import { durableWrite } from "./files.ts";
import type { Card } from "./review-server/cards.ts";
import type { InboxView } from "./review-server/deps.ts";

export interface Runtime {
  readonly pid: number;
  readonly port: number;
  /** bearer token of the CLI; another at every start */
  readonly token: string;
  readonly startedAt: number;
}

const fileIn = (data: string): string => join(data, "daemon.json");

export const writeRuntime = async (data: string, runtime: Runtime): Promise<void> =>
  durableWrite(fileIn(data), JSON.stringify(runtime));

/** @returns what the last daemon of this home wrote; it may be gone since */
export function readRuntime(data: string): Runtime | undefined {
  try {
    const read: unknown = JSON.parse(readFileSync(fileIn(data), "utf8"));
    return isRuntime(read) ? read : undefined;
  } catch {
    return undefined;
  }
}

const isRuntime = (value: unknown): value is Runtime =>
  typeof value === "object" &&
  value !== null &&
  "pid" in value &&
  typeof value.pid === "number" &&
  "port" in value &&
  typeof value.port === "number" &&
  "token" in value &&
  typeof value.token === "string" &&
  "startedAt" in value &&
  typeof value.startedAt === "number";

const ANSWER_MS = 60_000;

/**
 * Asks the running daemon.
 *
 * @param body undefined for a GET
 * @param withinMs how long it may take, where a model is asked
 * @throws Fault daemon.not-running, daemon.refused
 */
export async function ask(data: string, path: string, body?: unknown, withinMs = ANSWER_MS): Promise<unknown> {
  const runtime = readRuntime(data);
  if (runtime === undefined) throw new Fault("daemon.not-running", `no daemon has run on ${data}`);
  const response = await fetch(`http://127.0.0.1:${runtime.port}${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: { authorization: `Bearer ${runtime.token}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(withinMs),
  }).catch((cause: unknown) => {
    throw new Fault("daemon.not-running", `nothing answers on port ${runtime.port}`, { cause });
  });
  // Another program, or another home's daemon, may have the port now.
  if (response.status === 401 || response.status === 421)
    throw new Fault("daemon.not-running", `port ${runtime.port} belongs to somebody else now`);
  const answer: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw new Fault("daemon.refused", refusalIn(answer) ?? `the daemon answered ${response.status}`);
  return answer;
}

/** What the daemon shows on its home page. */
export interface Overview {
  readonly inboxes: readonly InboxView[];
  readonly sets: readonly Card[];
}

/** @throws Fault daemon.not-running, daemon.refused */
export async function overview(data: string): Promise<Overview> {
  const answer = await ask(data, "/api/sets");
  if (!isOverview(answer)) throw new Fault("daemon.refused", "the daemon is of another version");
  return answer;
}

// Our own daemon, with our own token: what it says is believed.
const isOverview = (answer: unknown): answer is Overview =>
  typeof answer === "object" && answer !== null && "inboxes" in answer && "sets" in answer;

function refusalIn(answer: unknown): string | undefined {
  if (typeof answer !== "object" || answer === null || !("message" in answer) || !("code" in answer)) return undefined;
  const remedy = "remedy" in answer && typeof answer.remedy === "string" ? `\n${answer.remedy}` : "";
  return `${String(answer.message)} (${String(answer.code)})${remedy}`;
}
