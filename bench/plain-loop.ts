/**
 * What we are compared with: sharp as its manual shows it, each output from the file anew. As many processes as the
 * pipeline has decoders, the same sizes and qualities; no copy, no hash, no tags, no database.
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

export interface LoopResult {
  readonly ms: number;
  readonly cpuMs: number;
}

/** The processes are up and have loaded sharp before the clock runs: the pipeline's daemon is up too. */
export async function startLoop(into: string) {
  mkdirSync(into, { recursive: true });
  const workers = Array.from({ length: availableParallelism() }, () => fork(fileURLToPath(import.meta.url), [into]));
  await Promise.all(workers.map(async (worker) => once(worker, "message")));
  return {
    async run(photos: readonly string[]): Promise<LoopResult> {
      const left = photos.values();
      const from = performance.now();
      const cpu = await Promise.all(workers.map(async (worker) => work(worker, left)));
      return { ms: performance.now() - from, cpuMs: cpu.reduce((sum, one) => sum + one, 0) };
    },
    end: () => {
      for (const worker of workers) worker.kill();
    },
  };
}

/** Whoever is free takes the next. @returns CPU ms */
async function work(worker: ChildProcess, left: Iterator<string>): Promise<number> {
  let cpuMs = 0;
  for (let next = left.next(); next.done !== true; next = left.next()) {
    worker.send(next.value);
    const [spent]: unknown[] = await once(worker, "message");
    cpuMs += Number(spent);
  }
  return cpuMs;
}

if (process.send !== undefined) {
  const { default: sharp } = await import("sharp");
  sharp.concurrency(1);
  const into = process.argv[2] ?? ".";
  const previews = [
    { edge: 2000, quality: 82 },
    { edge: 1024, quality: 85 },
    { edge: 400, quality: 80 },
  ];
  process.on("disconnect", () => process.exit(0));
  process.on("message", async (file: string) => {
    const before = process.cpuUsage();
    for (const { edge, quality } of previews)
      await sharp(file)
        .autoOrient()
        .resize({ width: edge, height: edge, fit: "inside" })
        .jpeg({ quality, optimiseCoding: false })
        .toFile(join(into, `${edge}-${basename(file)}`));
    await sharp(file).autoOrient().resize(32, 32, { fit: "fill" }).greyscale().raw().toBuffer();
    const { user, system } = process.cpuUsage(before);
    process.send?.((user + system) / 1_000);
  });
  process.send("ready");
}
