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

export const childrenOf = (pid: number): number => processesOf(pid).length - 1;

/** Fields of /proc/PID/stat after the name, which may hold spaces; empty for a process that is gone. */
function statOf(pid: number): string[] {
  const text = read(`/proc/${pid}/stat`);
  return text.slice(text.lastIndexOf(")") + 2).split(" ");
}

/** Each page counted once, shared ones in parts. @returns MB */
export function pssOf(root: number): number {
  const kilobytes = processesOf(root).map((pid) =>
    Number(/^Pss:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0),
  );
  return (kilobytes.reduce((sum, one) => sum + one, 0) * 1024) / 1e6;
}

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

/** Samples twice a second until told to stop. @returns the peak, in MB */
export function watchMemory(root: number): () => number {
  let peak = pssOf(root);
  const timer = setInterval(() => {
    peak = Math.max(peak, pssOf(root));
  }, 500);
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
