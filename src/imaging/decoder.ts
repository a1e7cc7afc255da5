import { type ChildProcess, fork } from "node:child_process";
import { constants, setPriority } from "node:os";
import { fileURLToPath } from "node:url";
import { type Framing, FramingSchema } from "../domain/crop-proposal.ts";
import {
  CameraTags,
  IptcFacts,
  LookFacts,
  type Opinion,
  OpinionSchema,
  PixelwiseAnswers,
  type Prints,
  PrintsSchema,
  RenderedFiles,
} from "../domain/facts.ts";
import { Fault } from "../domain/fault.ts";
import { LOADING_MS, type Plugin } from "../domain/plugin.ts";
import type { Images } from "../domain/ports.ts";
import { type Millis, SECOND } from "../domain/words.ts";
import type { Part } from "../domain/zoom.ts";
import { startTagReader } from "./exiftool.ts";
import { type Job, RAW, type Reply, type Task } from "./jobs.ts";
import { rawBlocks, rawExif, rawPreviews } from "./raw.ts";

export interface DecoderOptions {
  /** children at work at the same time, each on one photo; as many as cores */
  readonly children: number;
  readonly maxPixels: number;
  /** a photo that takes longer costs its child */
  readonly limitMs: Millis;
  /** of memory a child may take: a photo that takes more costs its child; by `maxPixels` if not said */
  readonly maxBytes?: number;
  /** all the child gets to see of our environment: where programs and system libraries are, no secrets */
  readonly environment: Readonly<Record<string, string>>;
  /** a child that was asked nothing for this long is ended; 10 s if not said */
  readonly idleMs?: Millis;
  /** what a model may take to be loaded, beside the time its manifest gives it; a minute if not said */
  readonly loadingMs?: Millis;
}

export interface Decoder extends Images {
  /** Starts children for photos that are coming, so that they need not wait for one; a child that is asked nothing ends. */
  expect(photos: number): void;
  /**
   * How a photo of any folder could be cropped.
   *
   * @param into folder for what has to be taken out of a RAW first
   * @throws Fault as `look` does
   */
  crops(file: string, into: string, signal: AbortSignal): Promise<Framing>;
  /**
   * What a learned scorer says about a preview of ours; null only loads it and tries it.
   *
   * @throws Fault plugin.*, photo.decoder-crash, photo.decode-timeout
   */
  score(picture: string | null, plugin: Plugin, signal: AbortSignal): Promise<Opinion>;
  /**
   * What likeness compares, without the previews of a look.
   *
   * @param into folder for the small grey picture, and for what has to be taken out of a RAW first
   * @param wantsModel the preview that learned scorers see is to be made, too
   * @throws Fault as for `look`
   */
  fingerprint(file: string, into: string, wantsModel: boolean, signal: AbortSignal): Promise<Prints>;
  /**
   * A part of a photo as a JPEG, upright and in sRGB, every pixel as it is. A person waits for it: it comes before what is
   * waiting already.
   *
   * @throws Fault as `look` does
   */
  tile(file: string, part: Part, signal: AbortSignal): Promise<Uint8Array>;
  /** Ends all children; what they were at is rejected. */
  close(): void;
}

/** Children are ended when nothing was asked of them for this long: an idle daemon keeps no decoder in memory. */
const IDLE_MS = 10 * SECOND;

/**
 * The process itself, and three times the pixels of the largest photo allowed: one that has to be turned is held whole.
 * 2 GB where 200 megapixels are allowed.
 */
const mostBytes = (maxPixels: number): number => 250e6 + 3 * 3 * maxPixels;

const CHILD = fileURLToPath(new URL(import.meta.url.endsWith(".ts") ? "./child.ts" : "./child.js", import.meta.url));

// Read by glibc before main(), so they must be in the child's environment: without them its arenas grow to twice the size.
// One photo at a time needs one arena. What is smaller than 4 MB is taken from what the photo before left: a look asks the kernel
// for half as many pages.
const ALLOCATOR = { MALLOC_ARENA_MAX: "1", MALLOC_MMAP_THRESHOLD_: "4194304", MALLOC_TRIM_THRESHOLD_: "16777216" };

// Pixels lie outside of the script's heap, but go only with the objects that hold them: with the usual room for young objects
// 20 MB of dead pixels a child wait for somebody to look.
const FLAGS = ["--max-semi-space-size=1", "--max-old-space-size=512"];

/** A child that was asked for a score for the first time loads the model before. */
const limitOf = (task: Task, { limitMs, loadingMs = LOADING_MS }: DecoderOptions): Millis =>
  task.kind === "score" ? loadingMs + task.plugin.manifest.timeoutMs : limitMs;

interface Request {
  readonly task: Task;
  readonly signal: AbortSignal;
  readonly resolve: (result: unknown) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Runs image work in child processes, so that a bomb, a hang or a crash costs one photo and never the daemon.
 * A crashed child is replaced at the next request.
 */
export function startDecoder(options: DecoderOptions): Decoder {
  const idle: Child[] = [];
  const busy = new Set<Child>();
  const queue: Request[] = [];
  const { environment, limitMs, idleMs = IDLE_MS } = options;
  const tagReader = startTagReader({ environment, limitMs, idleMs });
  let closed = false;

  const pump = (): void => {
    while (!closed && queue.length > 0 && busy.size < options.children) {
      const request = queue.shift();
      if (request === undefined) return;
      if (request.signal.aborted) request.reject(request.signal.reason);
      else void serve(takeIdle() ?? startChild(options, forget), request);
    }
  };
  /** A child that was killed is dead before its end is heard of; the next photo must not pay for it. */
  const takeIdle = (): Child | undefined => {
    for (let child = idle.pop(); child !== undefined; child = idle.pop()) if (child.isAlive()) return child;
    return undefined;
  };
  const forget = (child: Child): void => {
    const at = idle.indexOf(child);
    if (at >= 0) idle.splice(at, 1);
  };
  const serve = async (child: Child, request: Request): Promise<void> => {
    busy.add(child);
    try {
      request.resolve(await child.perform(request.task, request.signal));
    } catch (failure) {
      request.reject(failure);
    } finally {
      busy.delete(child);
      if (child.isAlive() && !closed) idle.push(child);
      pump();
    }
  };
  const ask = (task: Task, signal: AbortSignal): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (closed) throw new Error("the decoder is closed");
      const request = { task, signal, resolve, reject };
      if (task.kind === "tile") queue.unshift(request);
      else queue.push(request);
      pump();
    });

  return {
    expect(photos) {
      const wanted = closed ? 0 : Math.min(photos, options.children);
      while (idle.length + busy.size < wanted) idle.push(startChild(options, forget));
    },
    // Checked on the way in: the child has touched hostile bytes.
    async look(file, into, signal) {
      const seen = await ask({ kind: "look", file, into, previews: null }, signal);
      if (seen !== RAW) return LookFacts.parse(seen);
      const previews = await rawPreviews(tagReader, file, into, signal);
      return LookFacts.parse(await ask({ kind: "look", file, into, previews }, signal));
    },
    async crops(file, into, signal) {
      const framed = await ask({ kind: "crops", file, into, previews: null }, signal);
      if (framed !== RAW) return FramingSchema.parse(framed);
      const previews = await rawPreviews(tagReader, file, into, signal);
      return FramingSchema.parse(await ask({ kind: "crops", file, into, previews }, signal));
    },
    async fingerprint(file, into, wantsModel, signal) {
      const seen = await ask({ kind: "fingerprint", file, into, wantsModel, previews: null }, signal);
      if (seen !== RAW) return PrintsSchema.parse(seen);
      const previews = await rawPreviews(tagReader, file, into, signal);
      return PrintsSchema.parse(await ask({ kind: "fingerprint", file, into, wantsModel, previews }, signal));
    },
    async exif(file, signal) {
      const tags = await ask({ kind: "exif", file }, signal);
      return CameraTags.parse(tags === RAW ? await rawExif(tagReader, file, signal) : tags);
    },
    async iptc(file, sidecars, into, signal) {
      const written = await ask({ kind: "iptc", file, blocks: null, sidecars }, signal);
      if (written !== RAW) return IptcFacts.parse(written);
      const blocks = await rawBlocks(tagReader, file, into, signal);
      return IptcFacts.parse(await ask({ kind: "iptc", file, blocks, sidecars }, signal));
    },
    alike: async (pairs, signal) => PixelwiseAnswers.parse(await ask({ kind: "alike", pairs }, signal)),
    render: async (file, into, want, signal) =>
      RenderedFiles.parse(await ask({ kind: "render", file, into, want }, signal)),
    tile: async (file, part, signal) => Buffer.from(String(await ask({ kind: "tile", file, part }, signal)), "base64"),
    score: async (picture, plugin, signal) =>
      OpinionSchema.parse(await ask({ kind: "score", file: picture, plugin }, signal)),
    close() {
      closed = true;
      tagReader.close();
      for (const child of [...idle, ...busy]) child.kill();
      for (const request of queue.splice(0)) request.reject(new Error("the decoder is closed"));
    },
  };
}

interface Child {
  perform(task: Task, signal: AbortSignal): Promise<unknown>;
  isAlive(): boolean;
  kill(): void;
}

let lastJob = 0;

function startChild(options: DecoderOptions, onEnd: (child: Child) => void): Child {
  const process_ = forkQuietly(options.environment);
  let current: { id: number; settle: (reply: Reply | Error) => void } | undefined;
  let idleTimer: NodeJS.Timeout | undefined;

  const kill = (): void => {
    clearTimeout(idleTimer);
    process_.kill("SIGKILL");
  };
  process_.on("message", (reply: Reply) => {
    if (reply.id === current?.id) current.settle(reply);
  });
  process_.on("error", (failure) => current?.settle(failure));
  process_.on("exit", (code, signal) => {
    clearTimeout(idleTimer);
    onEnd(child);
    current?.settle(new Error(`the decoder ended with ${signal ?? `code ${code}`}`));
  });

  const rest = (): void => {
    idleTimer = setTimeout(kill, options.idleMs ?? IDLE_MS);
  };
  rest();

  const child: Child = {
    isAlive: () => !process_.killed && process_.exitCode === null && process_.signalCode === null && process_.connected,
    kill,
    async perform(task, signal) {
      clearTimeout(idleTimer);
      lastJob += 1;
      const job: Job = {
        ...task,
        id: lastJob,
        maxPixels: options.maxPixels,
        maxBytes: options.maxBytes ?? mostBytes(options.maxPixels),
      };
      const reply = await exchange(job, signal);
      if (reply.ok) {
        rest();
        return reply.result;
      }
      // It is still at it.
      if (reply.code === "photo.too-much-memory") kill();
      else rest();
      throw reply.code === null ? new Error(reply.message) : new Fault(reply.code, reply.message);
    },
  };

  // Ends in one of four ways: an answer, the death of the child, its time limit, or an abort. The last two kill it; so does
  // the answer that it takes too much memory.
  const exchange = (job: Job, signal: AbortSignal): Promise<Reply> =>
    new Promise<Reply>((resolve, reject) => {
      const finish = (): void => {
        clearTimeout(limit);
        signal.removeEventListener("abort", abort);
        current = undefined;
      };
      const abort = (): void => {
        finish();
        kill();
        reject(signal.reason);
      };
      const limitMs = limitOf(job, options);
      const limit = setTimeout(() => {
        finish();
        kill();
        reject(new Fault("photo.decode-timeout", `not done after ${limitMs / SECOND} s`));
      }, limitMs);
      current = {
        id: job.id,
        settle: (reply) => {
          finish();
          if (!(reply instanceof Error)) resolve(reply);
          // A child that never came to life is no photo's doing.
          else if (process_.pid === undefined) reject(reply);
          else reject(new Fault("photo.decoder-crash", reply.message, { cause: reply }));
        },
      };
      signal.addEventListener("abort", abort, { once: true });
      // Without a process there is no `send`; its error is on the way.
      if (process_.pid !== undefined) process_.send(job);
    });

  return child;
}

/** Nothing to write to, and less right to the processor than the page has. */
function forkQuietly(environment: DecoderOptions["environment"]): ChildProcess {
  const child = fork(CHILD, [], {
    env: { ...environment, ...ALLOCATOR },
    execArgv: FLAGS,
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  return child;
}
