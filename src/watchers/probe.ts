/** What only the operating system can say about a file or a folder; each answer is "where visible". */
import { constants, readdirSync, readFileSync, readlinkSync, statfsSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { codeOf } from "../domain/fault.ts";
import { MARKER_FILE } from "./drop.ts";

// Numbers of statfs(2). FUSE stands for sshfs, rclone and bindfs as well as for a local NTFS disk: the slower rules do no harm there.
const NETWORK_TYPES: ReadonlySet<number> = new Set([
  0x6969, 0x517b, 0xff534d42, 0xfe534d42, 0x65735546, 0x01021997, 0x5346414f, 0x00c36400, 0x0bd00bd0, 0x564c,
]);

/** Does the folder lie on another machine, or behind a driver that does not tell what changes? */
export function isNetworkFolder(folder: string): boolean {
  if (process.platform === "win32") return folder.startsWith("\\\\");
  if (process.platform !== "linux") return false;
  return NETWORK_TYPES.has(statfsSync(folder).type);
}

/** Which of these files another program holds open for writing. Sees what the user of this process may see. */
export async function writersOf(paths: readonly string[]): Promise<string[]> {
  if (process.platform === "linux") return heldForWriting(new Set(paths));
  if (process.platform === "win32") return refusedExclusively(paths);
  return [];
}

function heldForWriting(paths: ReadonlySet<string>): string[] {
  const held = new Set<string>();
  for (const pid of readdirSync("/proc"))
    if (/^\d+$/.test(pid) && pid !== String(process.pid)) for (const path of writtenBy(pid, paths)) held.add(path);
  return [...held];
}

function writtenBy(pid: string, paths: ReadonlySet<string>): string[] {
  // A process that ended meanwhile, or another user's, shows nothing.
  const descriptors = quietly(() => readdirSync(`/proc/${pid}/fd`)) ?? [];
  return descriptors.flatMap((number) => {
    const path = quietly(() => readlinkSync(`/proc/${pid}/fd/${number}`));
    return path !== undefined && paths.has(path) && mayWrite(pid, number) ? [path] : [];
  });
}

function mayWrite(pid: string, number: string): boolean {
  const flags = /^flags:\s*(\d+)/m.exec(
    quietly(() => readFileSync(`/proc/${pid}/fdinfo/${number}`, "utf8")) ?? "",
  )?.[1];
  return flags !== undefined && (Number.parseInt(flags, 8) & (constants.O_WRONLY | constants.O_RDWR)) !== 0;
}

// libuv's flag for "share with nobody"; Node passes it through without naming it.
const EXCLUSIVE_ON_WINDOWS = 0x10000000;

async function refusedExclusively(paths: readonly string[]): Promise<string[]> {
  const refused: string[] = [];
  for (const path of paths) {
    try {
      await (await open(path, constants.O_RDONLY | EXCLUSIVE_ON_WINDOWS)).close();
    } catch (cause) {
      if (codeOf(cause) === "EBUSY") refused.push(path);
    }
  }
  return refused;
}

/** @returns what the marker says, null if there is none */
export function markerIn(root: string): string | null {
  const text = quietly(() => readFileSync(join(root, MARKER_FILE), "utf8"));
  return /^[0-9a-f-]{36}$/.exec(text?.trim() ?? "")?.[0] ?? null;
}

function quietly<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
