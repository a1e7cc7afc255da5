/** The verbs of the CLI that speak of inboxes and of what lies in them. They ask the running daemon. */
import { join, resolve } from "node:path";
import type { Config } from "./config.ts";
import type { Arrival } from "./domain/arrival.ts";
import { Fault } from "./domain/fault.ts";
import type { Say } from "./reading-verbs.ts";
import { ask, overview } from "./runtime.ts";

export async function ingest(config: Config, folder: string, say: Say): Promise<number> {
  const answer = await ask(config.data, "/api/cli/ingest", { folder: resolve(folder) });
  if (typeof answer === "object" && answer !== null && "set" in answer)
    say(`${folder} is taken in as ${String(answer.set)}.`);
  return 0;
}

export async function startAgain(config: Config, set: string, say: Say): Promise<number> {
  const answer = await ask(config.data, "/api/start-again", { set });
  say(`${filesIn(answer)} files may be taken in again.`);
  return 0;
}

/** Takes what is whole of a folder in now. */
export async function go(config: Config, folder: string, say: Say): Promise<number> {
  const arrival = await arrivalAt(config, folder);
  await ask(config.data, "/api/inboxes/go", { inbox: arrival.inbox, folder: arrival.folder });
  say(`${arrival.name}: what is whole is taken in now.`);
  return 0;
}

/** Holds a folder back from becoming a set, or no longer. */
export async function wait(
  config: Config,
  folder: string,
  options: { readonly off?: boolean },
  say: Say,
): Promise<number> {
  const arrival = await arrivalAt(config, folder);
  const held = options.off !== true;
  await ask(config.data, "/api/inboxes/hold", { inbox: arrival.inbox, folder: arrival.folder, held });
  say(held ? `${arrival.name} is held back until you say go.` : `${arrival.name} may close by itself again.`);
  return 0;
}

/** The arrival a person means: by its folder's path, or by its name where only one inbox has it. */
async function arrivalAt(config: Config, meant: string): Promise<Arrival> {
  const { inboxes } = await overview(config.data);
  const arrivals = inboxes.flatMap((inbox) => inbox.arrivals);
  const path = resolve(meant);
  const name = meant.replace(/\/+$/, "");
  const byPath = arrivals.filter(({ inbox, folder }) => join(inbox, folder) === path);
  const found = byPath.length > 0 ? byPath : arrivals.filter((arrival) => arrival.name === name);
  const [one] = found;
  if (one === undefined) throw new Fault("drop.unknown", `${meant} is nothing that waits in an inbox`);
  if (found.length > 1)
    throw new Fault(
      "drop.ambiguous",
      `${found.map(({ inbox, folder }) => join(inbox, folder)).join(" and ")} both wait`,
    );
  return one;
}

export async function look(config: Config, inbox: string | undefined, say: Say): Promise<number> {
  await ask(config.data, "/api/inboxes/look", inbox === undefined ? {} : { inbox: await inboxAt(config, inbox) });
  say(`${inbox ?? "Every inbox"} is looked at now.`);
  return 0;
}

export async function letGo(config: Config, inbox: string, say: Say): Promise<number> {
  const answer = await ask(config.data, "/api/inboxes/let-go", { inbox: await inboxAt(config, inbox) });
  const files = filesIn(answer);
  say(`${files} missing ${files === 1 ? "original is" : "originals are"} not asked for again; our copies are kept.`);
  return 0;
}

/** @throws Fault inbox.unknown */
async function inboxAt(config: Config, path: string): Promise<string> {
  const { inboxes } = await overview(config.data);
  const found = inboxes.find((inbox) => inbox.path === resolve(path));
  if (found === undefined) throw new Fault("inbox.unknown", `${path} is no inbox`);
  return found.path;
}

/** Stops mentioning a file; with a code, everything of that kind in the inbox at the path. */
export async function ignore(
  config: Config,
  path: string,
  options: { readonly all?: string },
  say: Say,
): Promise<number> {
  const about =
    options.all === undefined ? { path: resolve(path) } : { inbox: await inboxAt(config, path), code: options.all };
  const files = filesIn(await ask(config.data, "/api/problems/ignore", about));
  say(`${files} ${files === 1 ? "file is" : "files are"} ignored as long as they stay as they are.`);
  return 0;
}

const filesIn = (answer: unknown): number =>
  typeof answer === "object" && answer !== null && "files" in answer ? Number(answer.files) : 0;
