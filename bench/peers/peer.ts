/** Somebody who does a job on photos: a worker that is told on a pipe which ones, or a command a photo. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { cpuMsOf, pssOf, watchMemory } from "../memory.ts";
import { PEER_PATH, PYTHON } from "../programs.ts";
import { OUTPUTS, type Output, PICTURES, PICTURES_2048 } from "./outputs.ts";

export interface Spent {
  readonly ms: number;
  /** user and system time of all its processes */
  readonly cpuMs: number;
  /** PSS of all its processes, peak, MB */
  readonly memory: number;
}

/** @param into a folder that is there and is removed afterwards */
export type Peer = (files: readonly string[], into: string) => Promise<Spent>;

const SAMPLE_MS = 100;
const CORES = availableParallelism();

interface Manner {
  readonly environment?: Readonly<Record<string, string>>;
  /** photos it has done before the clock runs, all its processes among them: a daemon is up and warm, too */
  readonly warmUp?: number;
}

const worker =
  (command: string, args: readonly string[], { environment = {}, warmUp = 2 * CORES }: Manner = {}): Peer =>
  async (files, into) => {
    const child = spawn(command, [...args, into, String(CORES)], {
      stdio: ["pipe", "pipe", "inherit"],
      env: { ...process.env, ...environment },
    });
    const ended = once(child, "exit");
    const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const ask = async (some: readonly string[]): Promise<void> => {
      child.stdin.write(`${JSON.stringify(some)}\n`);
      if ((await answers.next()).done === true)
        throw new Error(`${command} ${args.join(" ")} ended before it was done`);
    };
    await answers.next();
    await ask(files.slice(0, warmUp));
    const { pid = 0 } = child;
    const before = cpuMsOf(pid);
    const spent = await watched(child, () => ask(files));
    const cpuMs = cpuMsOf(pid) - before;
    child.stdin.end();
    await ended;
    return { ...spent, cpuMs };
  };

async function watched({ pid = 0 }: ChildProcess, work: () => Promise<void>): Promise<Omit<Spent, "cpuMs">> {
  const endWatch = watchMemory(pid, pssOf, SAMPLE_MS);
  const from = performance.now();
  await work();
  return { ms: performance.now() - from, memory: endWatch() };
}

/** As many at once as there are cores; the shell that waits for them knows what they cost. */
const command =
  (script: string): Peer =>
  async (files, into) => {
    const lanes = `xargs -0 -P ${CORES} -n 1 sh -ec '${script}' "$0" && times`;
    const child = spawn("sh", ["-c", lanes, into], {
      stdio: ["pipe", "pipe", "inherit"],
      // One thread each: there are as many at work as there are cores.
      env: { ...process.env, PATH: PEER_PATH, VIPS_CONCURRENCY: "1", MAGICK_THREAD_LIMIT: "1", OMP_NUM_THREADS: "1" },
    });
    let times = "";
    child.stdout.on("data", (text: Buffer) => {
      times += text.toString();
    });
    const spent = await watched(child, async () => {
      child.stdin.end(files.map((file) => `${file}\0`).join(""));
      const [code]: unknown[] = await once(child, "close");
      if (code !== 0) throw new Error(`${script} ended with ${code}`);
    });
    return { ...spent, cpuMs: childrenMs(times) };
  };

/** @param times what the shell's `times` says: of itself in the first line, of its children in the second */
function childrenMs(times: string): number {
  const [, line = ""] = times.trim().split("\n");
  const spans = [...line.matchAll(/(\d+)m([\d.]+)s/g)];
  if (spans.length !== 2) throw new Error(`the shell did not say what its children cost: ${times}`);
  return spans.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60_000 + Number(seconds) * 1_000, 0);
}

const node = (kind: string, manner: Manner = {}): Peer =>
  worker(process.execPath, [fileURLToPath(new URL("./node.ts", import.meta.url)), kind], manner);
const pillow = (form: string, outputs: readonly Output[]): Peer =>
  worker(PYTHON, [fileURLToPath(new URL("./pillow.py", import.meta.url)), form], {
    environment: { OUTPUTS: JSON.stringify(outputs.map(({ edge, quality }) => [edge, quality])) },
  });

/** Left alone, both make the best tables for each picture; ours are the plain ones. */
const PLAIN_TABLES = "-define jpeg:optimize-coding=false ";

/** One command, and told how large the largest has to be: 2000 px of 6000 it decodes at half size. */
const hinted = (program: string, hint: string, outputs: readonly Output[] = PICTURES): Peer => {
  const largest = Math.max(...outputs.map(({ edge }) => edge));
  const pictures = outputs.map(
    ({ edge, quality }, i) =>
      `-resize "${edge}x${edge}>" -quality ${quality} ${i < outputs.length - 1 ? "-write " : ""}"$0/${edge}-$name"`,
  );
  return command(
    `name=$(basename "$1"); ${program} ${hint}${largest}x${largest} "$1" -auto-orient ${pictures.join(" ")}`,
  );
};

/** As one finds it written: once a picture, from the file. */
const onceAPicture = (program: string): Peer => {
  const pictures = PICTURES.map(
    ({ edge, quality }) =>
      `${program} "$1" -auto-orient -resize "${edge}x${edge}>" -quality ${quality} "$0/${edge}-$name"`,
  );
  return command(`name=$(basename "$1"); ${pictures.join("; ")}`);
};

/** The other way one finds it written. GraphicsMagick's has no prefix for the names, so each size has a folder. */
const mogrified = (program: string, into: string): Peer => {
  const pictures = PICTURES.map(
    ({ edge, quality }) =>
      `mkdir -p "$0/${edge}"; ${program} ${into} "$0/${edge}" -auto-orient -resize "${edge}x${edge}>" -quality ${quality} "$1"`,
  );
  return command(pictures.join("; "));
};

const thumbnails = PICTURES.map(
  ({ edge, quality }) => `vipsthumbnail "$1" --size "${edge}x${edge}>" -o "$0/${edge}-%s.jpg[Q=${quality}]"`,
);

/** All that a look does, as far as they can. */
export const LOOKS = {
  look: node("look"),
  // Nobody else proposes crops: they are a part of the look that is taken off where it is compared.
  crops: node("crops", { warmUp: Number.POSITIVE_INFINITY }),
  apart: node("apart"),
  decode: node("decode"),
  "decode-unverified": node("decode-unverified"),
  floor: node("floor"),
  "pillow-pool": pillow("pool", OUTPUTS),
  "pillow-expert": pillow("expert", OUTPUTS),
  "pillow-whole": pillow("whole", OUTPUTS),
} as const satisfies Record<string, Peer>;

/** Three pictures and nothing else. */
export const PICTURE_MAKERS = {
  pictures: node("pictures"),
  "pillow-pictures": pillow("images", PICTURES),
  vipsthumbnail: command(thumbnails.join("; ")),
  imagemagick: hinted("convert", `${PLAIN_TABLES}-define jpeg:size=`),
  "imagemagick-convert": onceAPicture("convert"),
  "imagemagick-mogrify": mogrified("mogrify", "-path"),
  graphicsmagick: hinted("gm convert", `${PLAIN_TABLES}-size `),
  "graphicsmagick-convert": onceAPicture("gm convert"),
  "graphicsmagick-mogrify": mogrified("gm mogrify", "-create-directories -output-directory"),
} as const satisfies Record<string, Peer>;

/** Three pictures, the largest of them of 2048 px, with the best tables for each. */
export const MAKERS_2048 = {
  "pictures-2048": node("pictures-2048"),
  "imagemagick-2048": hinted("convert", "-define jpeg:size=", PICTURES_2048),
  "graphicsmagick-2048": hinted("gm convert", "-size ", PICTURES_2048),
} as const satisfies Record<string, Peer>;
