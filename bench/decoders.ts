/** The decoder children of the built program, without the daemon. */
import { mkdirSync } from "node:fs";
import { basename, join } from "node:path";
import { pool } from "../src/pipeline/pool.ts";

type Built = typeof import("../src/imaging/decoder.ts");

const MAX_PIXELS = 400e6;
const LIMIT_MS = 120_000;
const never = new AbortController().signal;

export interface Looking {
  /** Previews go into the folder, one sub-folder a photo. */
  look(file: string): Promise<void>;
  /** @returns ms it took */
  lookAtAll(files: readonly string[]): Promise<number>;
  end(): void;
}

/** @param children photos in flight */
export async function startLooking(children: number, into: string): Promise<Looking> {
  const built: Built = await import(new URL("../dist/imaging/decoder.js", import.meta.url).href);
  const decoder = built.startDecoder({ children, maxPixels: MAX_PIXELS, limitMs: LIMIT_MS, environment: {} });
  const look = async (file: string): Promise<void> => {
    const folder = join(into, `${basename(file)}-look`);
    mkdirSync(folder, { recursive: true });
    await decoder.look(file, folder, never);
  };
  return {
    look,
    async lookAtAll(files) {
      const from = performance.now();
      await pool(files, children, never, look);
      return performance.now() - from;
    },
    end: () => decoder.close(),
  };
}
