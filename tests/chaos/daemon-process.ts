import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Variant } from "./boundaries.ts";

export interface Charge {
  /** a place of `boundaries.ts` */
  readonly at: string;
  readonly nth: number;
  /** kills the decoder children too */
  readonly group: boolean;
}

/** A daemon of ours, leader of its own process group. */
export interface DaemonProcess {
  readonly pid: number;
  /** exit code, or the signal it died of */
  readonly ended: Promise<number | NodeJS.Signals>;
  hasEnded(): boolean;
  isListening(): boolean;
  /** @param group the decoder children too, at the same moment */
  kill(group: boolean): void;
  askToStop(): void;
  /** is any process of its group left? */
  groupLives(): boolean;
  /** last words, for a report */
  words(): string;
}

const BOUNDARY_DAEMON = fileURLToPath(new URL("./boundary-daemon.ts", import.meta.url));

export const startPlain = (build: string, home: string): DaemonProcess =>
  start([join(build, "dist", "cli.js"), "start", "--no-open", "--home", home]);

/** What is not as in the plain build. */
export interface Conditions {
  readonly variant: Variant | undefined;
  /** its file system has no links, as FAT has none */
  readonly linkless: boolean;
}

/** @param charge undefined for one that lives on */
export const startCharged = (
  build: string,
  home: string,
  charge: Charge | undefined,
  { variant, linkless }: Conditions,
): DaemonProcess =>
  start([
    BOUNDARY_DAEMON,
    ...["--build", build, "--home", home],
    ...(charge === undefined ? [] : ["--at", charge.at, "--nth", String(charge.nth)]),
    ...(charge?.group === true ? ["--group"] : []),
    ...(linkless ? ["--linkless"] : []),
    ...(variant === undefined ? [] : ["--variant", variant]),
  ]);

function start(args: readonly string[]): DaemonProcess {
  const child = spawn(process.execPath, args, { detached: true, stdio: ["ignore", "pipe", "pipe"] });
  const { pid } = child;
  if (pid === undefined) throw new Error("the daemon could not be started");
  // Whoever breaks off the run must not leave a daemon behind.
  const goWithUs = (): void => {
    send(-pid, "SIGKILL");
  };
  process.once("exit", goWithUs);
  child.once("exit", () => process.off("exit", goWithUs));
  let words = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (data: Buffer) => {
      words = (words + data.toString()).slice(-4_000);
    });
  const ended = once(child, "exit").then(([code, signal]): number | NodeJS.Signals => signal ?? code);
  return {
    pid,
    ended,
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    isListening: () => words.includes("http://127.0.0.1:"),
    kill: (group) => {
      send(group ? -pid : pid, "SIGKILL");
    },
    askToStop: () => {
      send(pid, "SIGTERM");
    },
    groupLives: () => send(-pid, 0),
    words: () => words,
  };
}

/** @returns false if nobody was there to get it */
function send(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

/** Waits until something holds; asks every few milliseconds. @returns whether it came to hold in time */
export async function until(holds: () => boolean, withinMs: number, everyMs = 10): Promise<boolean> {
  const end = performance.now() + withinMs;
  while (!holds()) {
    if (performance.now() > end) return false;
    await sleep(everyMs);
  }
  return true;
}
