/** Folders and processes that are there while something is measured; a bench that is broken off takes them along. */
import type { ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { CACHE } from "./corpus.ts";

const folders = new Set<string>();
const processes = new Set<ChildProcess>();

/** Beside the corpus, so that photos can be linked into it. @param name what its own name begins with */
export function makeScratch(name: string): string {
  mkdirSync(CACHE, { recursive: true });
  const folder = mkdtempSync(join(CACHE, `${name}-`));
  folders.add(folder);
  return folder;
}

export function removeScratch(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  folders.delete(folder);
}

export function endWithUs(child: ChildProcess): void {
  processes.add(child);
  child.once("exit", () => processes.delete(child));
}

process.on("exit", () => {
  for (const child of processes) child.kill("SIGKILL");
  // Their own children write for a moment longer.
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));
