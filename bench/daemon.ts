/** The built daemon on a home of its own, as a person would start it. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, linkSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { codeOf } from "../src/domain/fault.ts";
import { readRuntime } from "../src/runtime.ts";
import { endWithUs, makeScratch, removeScratch } from "./scratch.ts";

const CLI = fileURLToPath(new URL("../dist/cli.js", import.meta.url));
const POLL_MS = 50;
const START_MS = 60_000;

export interface Running {
  readonly pid: number;
  readonly process: ChildProcess;
  /** from spawn to the first page that was served, in ms */
  readonly startMs: number;
}

/** Beside the corpus, so that photos can be linked into its inbox. */
export function makeHome(settings: object = { settle: { quietSeconds: 1 } }): string {
  const home = makeScratch("home");
  writeFileSync(join(home, "photogate.jsonc"), JSON.stringify({ review: { port: 0 }, ...settings }));
  return home;
}

export const removeHome = removeScratch;

const asAPersonWould = (home: string): readonly string[] => [CLI, "start", "--no-open", "--home", home];

/** @returns when it answers on its port, to anybody and to its owner */
export async function startDaemon(home: string, command = asAPersonWould(home)): Promise<Running> {
  const from = performance.now();
  const child = spawn(process.execPath, command, { stdio: ["ignore", "ignore", "inherit"] });
  endWithUs(child);
  const { pid = 0 } = child;
  while (!(await isServed(home, pid))) {
    if (child.exitCode !== null || performance.now() - from > START_MS) throw new Error("the daemon did not start");
    await sleep(POLL_MS);
  }
  return { pid, process: child, startMs: performance.now() - from };
}

async function isServed(home: string, pid: number): Promise<boolean> {
  const runtime = readRuntime(join(home, "data"));
  if (runtime?.pid !== pid) return false;
  const get = (path: string) =>
    fetch(`http://127.0.0.1:${runtime.port}${path}`, { headers: { authorization: `Bearer ${runtime.token}` } });
  for (const path of ["/healthz", "/"]) {
    const response = await get(path).catch(() => undefined);
    await response?.text();
    if (response?.status !== 200) return false;
  }
  return true;
}

export async function endDaemon({ process: child }: Running, signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
  const ended = once(child, "exit");
  child.kill(signal);
  await ended;
}

/** Puts photos into the inbox as one folder, all at once. */
export function drop(home: string, name: string, photos: readonly string[]): void {
  const made = join(home, "arriving", name);
  mkdirSync(made, { recursive: true });
  for (const photo of photos) linkOrCopy(photo, join(made, basename(photo)));
  renameSync(made, join(home, "inbox", name));
}

/** Photos of the user's own may lie on another disk. */
function linkOrCopy(photo: string, target: string): void {
  try {
    linkSync(photo, target);
  } catch (failure) {
    if (codeOf(failure) !== "EXDEV") throw failure;
    copyFileSync(photo, target);
  }
}

/** @returns ms from the moment a set was taken in to the moment it stood at the gate, by the daemon's own log */
export async function timeToGate(home: string, set: string, photos: number): Promise<number> {
  for (;;) {
    const lines = linesOf(home);
    const of = (message: string) => lines.find((line) => line.msg === message && line.set === set);
    const [opened, ready, held] = [of("set.opened"), of("set.awaits-review"), of("set.held")];
    if (held !== undefined) throw new Error(`${set} is held: ${JSON.stringify(held)}`);
    if (opened !== undefined && ready !== undefined) {
      if (ready.undecided !== photos) throw new Error(`${ready.undecided} of ${photos} photos came to the gate`);
      return Date.parse(ready.time) - Date.parse(opened.time);
    }
    await sleep(POLL_MS);
  }
}

interface Line {
  readonly msg: string;
  readonly time: string;
  readonly set?: string;
  readonly photos?: number;
  readonly undecided?: number;
}

/** What the daemon has logged in its run. */
export const linesOf = (home: string): Line[] =>
  readFileSync(join(home, "logs", "latest.log"), "utf8")
    .split("\n")
    .flatMap((text) => lineOf(text) ?? []);

/** The last line may be half written. */
function lineOf(text: string): Line | undefined {
  try {
    const line: Line = JSON.parse(text);
    return line;
  } catch {
    return undefined;
  }
}
