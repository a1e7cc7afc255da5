/** What a process and its children use, as Linux counts it. */
import { readdirSync, readFileSync } from "node:fs";

/** The process and all that descend from it. */
export function processesOf(root: number): number[] {
  const parents = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => [Number(name), Number(statOf(Number(name))[1])] as const);
  const found = [root];
  for (const pid of found) found.push(...parents.filter(([, parent]) => parent === pid).map(([child]) => child));
  return found;
}

/** The process that reads an inbox, while there is one. */
export const scannerOf = (pid: number, inbox: string): number | undefined =>
  processesOf(pid).find((one) => read(`/proc/${one}/cmdline`).split("\0").includes(inbox));

/** Those of its children that open images. */
const decodersOf = (pid: number): number[] =>
  processesOf(pid).filter((one) => commandOf(one).includes("/imaging/child."));

export const hasDecoders = (pid: number): boolean => decodersOf(pid).length > 0;

/** Of all children that open images together. @returns MB */
export const decodersPssOf = (pid: number): number =>
  decodersOf(pid).reduce((sum, one) => sum + memoryOf(one, "Pss"), 0);

/** Fields of /proc/PID/stat after the name, which may hold spaces; empty for a process that is gone. */
function statOf(pid: number): string[] {
  const text = read(`/proc/${pid}/stat`);
  return text.slice(text.lastIndexOf(")") + 2).split(" ");
}

/** Each page counted once, shared ones in parts. @returns MB */
export const pssOf = (root: number): number => processesOf(root).reduce((sum, pid) => sum + memoryOf(pid, "Pss"), 0);

/** @returns MB */
const memoryOf = (pid: number, what: "Pss" | "Rss"): number =>
  (Number(new RegExp(`^${what}:\\s+(\\d+)`, "m").exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0) * 1024) / 1e6;

/** All of its memory, pages shared with others included. @returns MB */
export const rssOf = (pid: number): number => memoryOf(pid, "Rss");

/** The most of real memory a process ever had. @returns MB; 0 if it is gone */
export const residentPeakOf = (pid: number): number =>
  (Number(/^VmHWM:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0) * 1024) / 1e6;

/** What a process was started with; empty if it is gone. */
export const commandOf = (pid: number): string => read(`/proc/${pid}/cmdline`).replaceAll("\0", " ");

/** A clock tick is 10 ms on every Linux that Node.js runs on. */
const TICK_MS = 10;

/** User and system time of the living, and of children that were waited for. @returns ms */
export function cpuMsOf(root: number): number {
  const ticks = processesOf(root).flatMap((pid) => statOf(pid).slice(11, pid === root ? 15 : 13));
  return ticks.reduce((sum, one) => sum + Number(one), 0) * TICK_MS;
}

/** User and system time of one process alone. @returns ms */
export const ownCpuMsOf = (pid: number): number =>
  statOf(pid)
    .slice(11, 13)
    .reduce((sum, one) => sum + Number(one), 0) * TICK_MS;

/** Samples until told to stop. @returns the peak, in MB */
export function watchMemory(pid: number, of: (pid: number) => number = pssOf, everyMs = 500): () => number {
  let peak = of(pid);
  const timer = setInterval(() => {
    peak = Math.max(peak, of(pid));
  }, everyMs);
  return () => {
    clearInterval(timer);
    return peak;
  };
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
