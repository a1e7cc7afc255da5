/** File systems of their own, for tests of what a disk can do: root is not held by mode bits, but by size and by read-only. */
import { execFileSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import promises, { type FileHandle, open } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
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

const CHANGING = ["open", "link", "unlink", "rename", "rm", "mkdir"] as const;
const CHANGING_HANDLE = ["write", "writeFile", "sync", "chmod"] as const;

/**
 * From the given change of a disk on nothing reaches it any more, as after a kill.
 *
 * @returns how many changes there were, and ends it
 */
export async function cutAfter(changes: number, file: string): Promise<() => number> {
  const handle = await open(file);
  const kind: Record<string, (...given: unknown[]) => Promise<unknown>> = Object.getPrototypeOf(handle);
  await handle.close();
  let seen = 0;
  const cut = <T extends object>(on: T, name: keyof T): (() => void) => {
    const before = on[name];
    if (typeof before !== "function") throw new Error(`there is no ${String(name)}`);
    const charged = async function (this: unknown, ...given: unknown[]): Promise<unknown> {
      const isRead = name === "open" && typeof given[1] === "number";
      if (!isRead) seen += 1;
      if (!isRead && seen > changes) throw new Error("killed");
      return Reflect.apply(before, this, given);
    };
    Object.assign(on, { [name]: charged });
    return () => Object.assign(on, { [name]: before });
  };
  const undo = [...CHANGING.map((name) => cut(promises, name)), ...CHANGING_HANDLE.map((name) => cut(kind, name))];
  syncBuiltinESMExports();
  return () => {
    for (const one of undo) one();
    syncBuiltinESMExports();
    return seen;
  };
}

/** From now on the disk takes no writes. */
export const protect = (disk: string): void => {
  execFileSync("mount", ["-o", "remount,ro", disk]);
};
