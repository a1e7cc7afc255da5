import { type ChildProcess, execFile, spawn } from "node:child_process";
import { constants, setPriority } from "node:os";
import { dirname, relative } from "node:path";
import { promisify } from "node:util";
import type { ExifTool, ExifToolTask } from "exiftool-vendored";
import { Fault, messageOf } from "../domain/fault.ts";
import { type Millis, SECOND } from "../domain/words.ts";
import { freeBytes } from "../files.ts";

export interface TagReaderOptions {
  /** a file that takes longer costs the process */
  readonly limitMs: Millis;
  /** the process is ended when nothing was asked of it for this long */
  readonly idleMs: Millis;
  /** all the process gets to see of our environment */
  readonly environment: Readonly<Record<string, string>>;
}

/** ExifTool, for what no library of ours opens: one process at most, started when it is first needed. */
export interface TagReader {
  /**
   * @param tags as ExifTool calls them: `EXIF:Make`
   * @returns numbers and texts by group and name; what the file does not have is not there
   * @throws Fault photo.needs-perl, photo.undecodable, photo.decode-timeout
   */
  read(file: string, tags: readonly string[], signal: AbortSignal): Promise<Readonly<Record<string, unknown>>>;
  /**
   * Takes whole blocks out of a file: previews, XMP. Finding none is no failure.
   *
   * @param into folder near the file; each block becomes a file there, named after its tag
   * @throws the same as `read`, and disk.full, disk.failed
   */
  extract(file: string, tags: readonly string[], into: string, signal: AbortSignal): Promise<void>;
  close(): void;
}

const MIN_FREE_BYTES = 1_000_000;

interface Running {
  readonly tool: ExifTool;
  readonly Task: typeof ExifToolTask;
  isAlive(): boolean;
  kill(): void;
}

export function startTagReader(options: TagReaderOptions): TagReader {
  let running: Promise<Running> | undefined;
  let queue: Promise<unknown> = Promise.resolve();
  let idleTimer: NodeJS.Timeout | undefined;
  let closed = false;

  const stop = (): void => {
    clearTimeout(idleTimer);
    void running?.then(
      (one) => one.kill(),
      () => undefined,
    );
    running = undefined;
  };

  /** Ends like the picture decoder: with an answer, a death, the time limit, or an abort; the last two cost the process. */
  const perform = async <T>(signal: AbortSignal, work: (one: Running) => Promise<T>): Promise<T> => {
    signal.throwIfAborted();
    if (closed) throw new Error("the tag reader is closed");
    clearTimeout(idleTimer);
    running ??= startExifTool(options);
    try {
      return await orStopped(running, work, options.limitMs, signal);
    } catch (cause) {
      if (!(cause instanceof Fault) || cause.code !== "photo.undecodable") stop();
      throw cause;
    } finally {
      if (!closed) idleTimer = setTimeout(stop, options.idleMs).unref();
    }
  };
  /** One file at a time: what ends the process must not be another photo's fault. */
  const ask = <T>(signal: AbortSignal, work: (one: Running) => Promise<T>): Promise<T> => {
    const answer = queue.then(() => perform(signal, work));
    queue = answer.catch(() => undefined);
    return answer;
  };

  return {
    read: (file, tags, signal) =>
      ask(signal, async ({ tool }) => {
        const readArgs = ["-n", "-G0", ...tags.map((tag) => `-${tag}`)];
        return { ...(await tool.readRaw(file, { readArgs, useMWG: false })) };
      }),
    extract: (file, tags, into, signal) =>
      ask(signal, async ({ tool, Task }) => {
        class Extraction extends Task<void> {
          // It says how many files it wrote; what was written lies there to be looked at.
          protected parse(_: string, error?: Error): void {
            if (error?.message.includes("Error creating")) throw new Fault("disk.failed", error.message);
          }
        }
        // `%d` is the folder of the file: a home that has a % in its name cannot be written out in a pattern.
        const pattern = `%d${relative(dirname(file), into)}/%t%-c.%s`;
        const charset = ["-charset", "filename=utf8"];
        const args = [...charset, "-b", "-a", "-W", pattern, ...tags.map((tag) => `-${tag}`), file];
        await tool.enqueueTask(() => new Extraction(args));
        // A full disk is nothing ExifTool notices: what it wrote then is cut off, and no fault of the photo.
        const free = await freeBytes(into);
        if (free < MIN_FREE_BYTES) throw new Fault("disk.full", `${into}: ${free} bytes left`);
      }),
    close() {
      closed = true;
      stop();
    },
  };
}

async function orStopped<T>(
  running: Promise<Running>,
  work: (one: Running) => Promise<T>,
  limitMs: Millis,
  signal: AbortSignal,
): Promise<T> {
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason);
  const limit = setTimeout(
    () => reject(new Fault("photo.decode-timeout", `ExifTool not done after ${limitMs / SECOND} s`)),
    limitMs,
  );
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([worked(await running, work), stopped]);
  } finally {
    clearTimeout(limit);
    signal.removeEventListener("abort", abort);
  }
}

async function worked<T>(one: Running, work: (one: Running) => Promise<T>): Promise<T> {
  try {
    return await work(one);
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    const code = one.isAlive() ? "photo.undecodable" : "photo.decoder-crash";
    throw new Fault(code, `ExifTool: ${messageOf(cause)}`, { cause });
  }
}

// Loaded when the first RAW comes: 20 MB that a daemon without RAW photos does not need.
async function startExifTool({ limitMs, environment }: TagReaderOptions): Promise<Running> {
  const { ExifTool, ExifToolTask, DefaultExifToolOptions } = await import("exiftool-vendored");
  const [program, first] = await commandOf();
  if (program === "perl") await assertPerl(first, environment);
  const children = new Set<ChildProcess>();
  const tool = new ExifTool({
    maxProcs: 1,
    taskRetries: 0,
    // Ours strikes first, with a fault that says so.
    taskTimeoutMillis: limitMs * 2,
    processFactory: () => {
      const child = spawn(program, [...first, ...DefaultExifToolOptions.exiftoolArgs], {
        env: { ...environment, LANG: "C" },
        windowsHide: true,
      });
      children.add(child);
      child.once("exit", () => children.delete(child));
      if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
      return child;
    },
  });
  return {
    tool,
    Task: ExifToolTask,
    isAlive: () => children.size > 0,
    // What hangs in a hostile file does not listen to a polite word.
    kill() {
      for (const child of children) child.kill("SIGKILL");
      void tool.end(false).catch(() => undefined);
    },
  };
}

/** A Perl that is not there, or that lacks what ExifTool is made with, is said once and clearly. */
async function assertPerl(first: readonly string[], environment: TagReaderOptions["environment"]): Promise<void> {
  try {
    await versionBy("perl", first, environment);
  } catch (cause) {
    throw new Fault("photo.needs-perl", `a RAW photo, and Perl does not run: ${messageOf(cause).split("\n")[0]}`, {
      cause,
    });
  }
}

async function versionBy(
  program: string,
  first: readonly string[],
  env: TagReaderOptions["environment"],
): Promise<string> {
  const { stdout } = await promisify(execFile)(program, [...first, "-ver"], { env, timeout: 30 * SECOND });
  return stdout.trim();
}

/**
 * Does ExifTool run on this machine?
 *
 * @returns its version
 * @throws whatever kept it from running
 */
export async function exifToolVersion(environment: TagReaderOptions["environment"]): Promise<string> {
  const [program, first] = await commandOf();
  return versionBy(program, first, environment);
}

/** The program to start and what comes first: on Windows it brings a Perl of its own. */
async function commandOf(): Promise<readonly [program: string, first: readonly string[]]> {
  const { exiftoolPath } = await import("exiftool-vendored");
  const script = await exiftoolPath();
  return process.platform === "win32" ? [script, []] : ["perl", [script]];
}
