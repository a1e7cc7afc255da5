import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import type { Card } from "../../src/review-server/cards.ts";
import type { Problem } from "../../src/review-server/problems.ts";
import type { Row } from "../../src/review-server/rows.ts";
import type { Resumed } from "../../src/store/runs.ts";

const CLI = join(import.meta.dirname, "../../dist/cli.js");
const run = promisify(execFile);

/** What the reading verbs say with --json, each its part of it. */
export interface Answer {
  readonly sets: readonly Card[];
  readonly photos: readonly Row[];
  readonly problems: readonly Problem[];
  readonly resumed: readonly Resumed[];
}

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface Home {
  readonly path: string;
  readonly inbox: string;
  /** runs a verb of the built command line */
  cli(...args: string[]): Promise<Ran>;
  /** the same, with something typed into it */
  type(text: string, ...args: string[]): Promise<Ran>;
  json(...args: string[]): Promise<Answer>;
  /** asks the running daemon, as the command line does */
  post(path: string, body: unknown): Promise<unknown>;
  start(wrapper?: readonly string[]): Promise<{ readonly link: string; readonly child: ChildProcess }>;
  /** waits until a reading of the home fits */
  until<T>(read: () => Promise<T>, fits: (value: T) => boolean, what: string, withinMs?: number): Promise<T>;
  /** ends the daemon, if one runs */
  stop(signal?: NodeJS.Signals): Promise<void>;
  dispose(): Promise<void>;
}

/** Root reads everything: without these two rights it is a user like any other. */
export const AS_ORDINARY_USER =
  process.getuid?.() === 0
    ? ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-dac_override,-dac_read_search"]
    : [];

const QUICK = { settle: { quietSeconds: 1, patienceSeconds: 1, rescanSeconds: 5 }, review: { port: 0 } };

/** A home of its own in a path with a space, and the built daemon on it. */
export function makeHome(settings: object = {}): Home {
  const path = mkdtempSync(join(tmpdir(), "photogate home "));
  const inbox = join(path, "inbox");
  mkdirSync(inbox);
  writeFileSync(join(path, "photogate.jsonc"), JSON.stringify({ ...QUICK, ...settings }));
  let child: ChildProcess | undefined;

  const cli = async (...args: string[]): Promise<Ran> =>
    run(process.execPath, [CLI, ...args, "--home", path], { maxBuffer: 1e9 }).then(
      ({ stdout, stderr }) => ({ code: 0, out: stdout, err: stderr }),
      (failure) => ({ code: failure.code, out: failure.stdout, err: failure.stderr }),
    );
  const type = (text: string, ...args: string[]): Promise<Ran> =>
    new Promise((resolve) => {
      const typing = execFile(process.execPath, [CLI, ...args, "--home", path], (failure, out, err) =>
        resolve({ code: typeof failure?.code === "number" ? failure.code : 0, out, err }),
      );
      typing.stdin?.end(text);
    });
  const stop = async (signal: NodeJS.Signals = "SIGTERM"): Promise<void> => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child?.once("exit", resolve));
    child.kill(signal);
    await gone;
  };
  return {
    path,
    inbox,
    cli,
    type,
    json: async (...args) => JSON.parse((await cli(...args, "--json")).out),
    async post(route, body) {
      const { port, token }: { port: number; token: string } = JSON.parse(
        readFileSync(join(path, "data", "daemon.json"), "utf8"),
      );
      const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
      const answer = await fetch(`http://127.0.0.1:${port}${route}`, {
        method: "POST",
        headers,
        body: JSON.stringify(body),
      });
      return answer.json();
    },
    start: (wrapper = []) =>
      new Promise((resolve, reject) => {
        const [command = "", ...args] = [...wrapper, process.execPath, CLI, "start", "--no-open", "--home", path];
        const started = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
        child = started;
        let out = "";
        started.stdout.on("data", (chunk) => {
          out += String(chunk);
          const link = /http:\/\/\S+\/open\?t=\S+/.exec(out)?.[0];
          if (link !== undefined) resolve({ link, child: started });
        });
        started.stderr.on("data", (chunk) => {
          out += String(chunk);
        });
        started.on("exit", (code) => reject(new Error(`the daemon ended with ${code}: ${out}`)));
      }),
    async until(read, fits, what, withinMs = 45_000) {
      const end = Date.now() + withinMs;
      for (;;) {
        const value = await read();
        if (fits(value)) return value;
        if (Date.now() > end)
          throw new Error(`${what} did not come; last seen: ${JSON.stringify(value).slice(0, 2_000)}`);
        await sleep(150);
      }
    },
    stop,
    async dispose() {
      await stop();
      rmSync(path, { recursive: true, force: true });
    },
  };
}
