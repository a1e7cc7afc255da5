/** What the system says of the daemon's processes. */
import { readdirSync, readFileSync } from "node:fs";

export const childrenOf = (parent: number | undefined): number[] =>
  readdirSync("/proc")
    .filter((pid) => /^\d+$/.test(pid) && new RegExp(`^PPid:\\s+${parent}$`, "m").test(said(pid, "status")))
    .map(Number);

/** The daemon's process that reads an inbox. */
export function scannerOf(daemon: number | undefined): number {
  const scanner = childrenOf(daemon).find((pid) => said(pid, "cmdline").includes("scanner"));
  if (scanner === undefined) throw new Error("the daemon has no process that reads its inbox");
  return scanner;
}

/** The program that makes a process's calls fail; when it ends, they succeed again. */
export const tracerOf = (pid: number | undefined): number =>
  Number(/^TracerPid:\s+(\d+)$/m.exec(said(Number(pid), "status"))?.[1]);

/** Largest memory that a process and its children had, in megabytes. */
export const familyMegabytes = (pid: number | undefined): number =>
  [Number(pid), ...childrenOf(pid)]
    .map((one) => Number(/VmHWM:\s+(\d+) kB/.exec(said(one, "status"))?.[1] ?? 0) / 1_000)
    .reduce((sum, each) => sum + each, 0);

/** A process that ended meanwhile says nothing. */
function said(pid: string | number, what: "status" | "cmdline"): string {
  try {
    return readFileSync(`/proc/${pid}/${what}`, "utf8");
  } catch {
    return "";
  }
}
