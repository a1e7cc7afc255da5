/** File systems of their own, for tests of what a disk can do: root is not held by mode bits, but by size and by read-only. */
import { execFileSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { Fault } from "../src/domain/fault.ts";

const mounts: string[] = [];

export function mounted(folder: string, options: string): string {
  const at = mkdtempSync(join(folder, "disk-"));
  execFileSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", at]);
  mounts.push(at);
  return at;
}

export function unmountAll(): void {
  for (const mount of mounts.splice(0)) execFileSync("umount", [mount]);
}

/** @returns the code of the fault that was thrown */
export const faultOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "nothing",
    (thrown: unknown) => (thrown instanceof Fault ? thrown.code : `no fault: ${String(thrown)}`),
  );

/**
 * Lets reads fail with EIO, as a dying card does.
 *
 * @param fails is asked at each read of any file, with its number from 1 and the size of the file
 * @returns ends it
 */
export async function failingReads(file: string, fails: (read: number, bytes: number) => boolean): Promise<() => void> {
  const handle = await open(file);
  const kind: { read: (...given: unknown[]) => Promise<unknown> } = Object.getPrototypeOf(handle);
  await handle.close();
  const { read } = kind;
  let calls = 0;
  kind.read = async function (this: FileHandle, ...given) {
    const { size } = await this.stat();
    calls += 1;
    if (fails(calls, size)) throw Object.assign(new Error("EIO: i/o error, read"), { code: "EIO" });
    return read.apply(this, given);
  };
  return () => {
    kind.read = read;
  };
}
