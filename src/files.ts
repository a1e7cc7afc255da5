/**
 * Files of our own: the only place that writes, links, renames and syncs them. The order is always the same: bytes durable,
 * then name durable, then (by the caller) the row that says so. A crash leaves at most a `.part` file nobody refers to.
 * What touches files that are not ours stands in `originals.ts`.
 */
import { createHash, randomBytes } from "node:crypto";
import { constants, existsSync, renameSync, rmSync } from "node:fs";
import {
  type FileHandle,
  link,
  lstat,
  mkdir,
  open,
  readdir,
  rename,
  rm,
  stat,
  statfs,
  unlink,
  writeFile,
} from "node:fs/promises";
import { basename, dirname, join, relative, sep } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { codeOf, Fault, foreseen, messageOf } from "./domain/fault.ts";
import { holderLetsGoIn } from "./domain/holders.ts";
import type { Looks } from "./domain/ports.ts";

const BLOCK = 1 << 20;
const LEAST_BLOCK = 1 << 12;
/** For files that are nobody else's business. */
export const PRIVATE = 0o600;
/** For files that a web server or another program is meant to read. */
export const PUBLIC = 0o644;
export const PART = ".part";

export interface Copied {
  readonly bytes: number;
  readonly sha256: string;
}

/** Writes a file that is either whole under its name, or not there. Replaces what has the name. */
export async function durableWrite(path: string, data: Uint8Array | string, mode = PRIVATE): Promise<void> {
  await writeTogether(dirname(path), [{ path, part: partName(path), data }], mode);
}

/**
 * Writes files into one folder, each as `durableWrite` does, but the disk is waited for once for all their bytes, then once
 * for all their names. Killed in between, some of them are there: the row that names them is not.
 *
 * @param files content by name
 */
export async function durableWriteAll(folder: string, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
  const written = [...files].map(([name, data]) => ({
    path: join(folder, name),
    part: partName(join(folder, name)),
    data,
  }));
  await writeTogether(folder, written, PRIVATE);
}

/**
 * Writes what can be made again: whole or not at all, as far as anybody can read. The disk is not waited for, so that a power cut
 * may take it, or leave a file without its bytes.
 */
export async function quickWrite(path: string, data: string): Promise<void> {
  const part = partName(path);
  await inFolder(
    path,
    async () => {
      await writeFile(part, data, { flag: "wx", mode: PRIVATE });
      await unheld(() => rename(part, path));
    },
    part,
  );
}

interface Written {
  readonly path: string;
  readonly part: string;
  readonly data: Uint8Array | string;
}

const writeTogether = (folder: string, files: readonly Written[], mode: number): Promise<void> =>
  inFolder(
    files[0]?.path ?? folder,
    async () => {
      // Waits for all, whatever becomes of one: none may go on writing while the temporary files are removed.
      const ends = await Promise.allSettled(files.map((file) => writePart(file, mode)));
      for (const end of ends) if (end.status === "rejected") throw end.reason;
      for (const { part, path } of files) await unheld(() => rename(part, path));
      await syncFolder(folder);
    },
    ...files.map(({ part }) => part),
  );

async function writePart({ part, data }: Written, mode: number): Promise<void> {
  const file = await open(part, "wx", mode);
  await closing(file, async () => {
    await file.writeFile(data);
    await chooseMode(file, mode);
    await file.sync();
  });
}

/** Adds to the end of a file of our own; it is durable when this returns, or partly there after a power cut. */
export async function durableAppend(path: string, text: string): Promise<void> {
  const file = await open(path, constants.O_WRONLY | constants.O_APPEND);
  await closing(file, async () => {
    await writeAll(file, Buffer.from(text));
    await file.sync();
  }).catch((cause: unknown) => {
    throw diskFault(path, cause);
  });
}

/**
 * Makes a new file and proves it: what was written is read back and hashed. The final name is never overwritten with other
 * bytes: equal ones are adopted.
 *
 * @param fill writes the bytes through the function it is given; what it throws is thrown
 * @param moved called after every block that is read back
 * @throws Fault disk.* and copy.mismatch; NameTaken
 */
export async function durableCreate(
  target: string,
  signal: AbortSignal,
  mode: number,
  fill: (write: (block: Uint8Array) => Promise<void>) => Promise<void>,
  moved: () => void = () => undefined,
): Promise<Copied> {
  const part = partName(target);
  return inFolder(
    target,
    async () => {
      const made = await fillPart(part, mode, fill);
      const again = await hashFile(part, signal, moved);
      if (again.sha256 !== made.sha256)
        throw new Fault("copy.mismatch", `${target}: ${made.sha256} read, ${again.sha256} written`);
      await nameWithoutOverwriting(part, target, made.sha256, signal);
      await syncFolder(dirname(target));
      return made;
    },
    part,
  );
}

async function fillPart(
  part: string,
  mode: number,
  fill: (write: (block: Uint8Array) => Promise<void>) => Promise<void>,
): Promise<Copied> {
  const to = await open(part, "wx", mode);
  const hash = createHash("sha256");
  let bytes = 0;
  await closing(to, async () => {
    await fill(async (block) => {
      hash.update(block);
      bytes += block.length;
      await writeAll(to, block);
    });
    await chooseMode(to, mode);
    await to.sync();
  });
  return { bytes, sha256: hash.digest("hex") };
}

// The umask of who started us says nothing about who is to read a public file. FAT has no modes to set.
async function chooseMode(file: FileHandle, mode: number): Promise<void> {
  if (mode !== PRIVATE) await file.chmod(mode).catch(() => undefined);
}

/** Removes a file if it is there; its absence is durable afterwards. */
export async function durableRemove(path: string): Promise<void> {
  await unheld(() => rm(path, { force: true }));
  await syncFolder(dirname(path)).catch(ifMissing);
}

/** Removes a folder of our own with everything in it. */
export async function removeFolder(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 3 });
}

/**
 * Removes what is in a folder of our own, but for some files.
 *
 * @param kept paths below the folder, with `/`
 */
export async function removeAllBut(folder: string, kept: ReadonlySet<string>): Promise<void> {
  for (const { path } of await filesBelow(folder)) if (!kept.has(path)) await rm(join(folder, path), { force: true });
  if (kept.size === 0) await removeFolder(folder);
}

/** @returns the files below a folder, with paths relative to it and with `/`; none if it is not there */
export async function filesBelow(folder: string): Promise<{ path: string; bytes: number }[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(noneIfMissing);
  const files: { path: string; bytes: number }[] = [];
  for (const entry of entries.filter((one) => !one.isDirectory())) {
    const path = join(entry.parentPath, entry.name);
    files.push({ path: relative(folder, path).split(sep).join("/"), bytes: (await looksOf(path))?.bytes ?? 0 });
  }
  return files;
}

/** Size and time of a file, links not followed; undefined if there is none. */
export async function looksOf(path: string): Promise<Looks | undefined> {
  try {
    const { size, mtimeMs } = await lstat(path);
    return { bytes: size, mtimeMs };
  } catch {
    return undefined;
  }
}

/** Makes a folder and its parents; their names are durable afterwards. */
export async function makeFolder(path: string, mode?: number): Promise<void> {
  const first = await mkdir(path, { recursive: true, ...(mode === undefined ? {} : { mode }) });
  if (first === undefined) return;
  for (let made = path; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made));
}

/** @param moved called after every block */
export async function hashFile(
  path: string,
  signal: AbortSignal,
  moved: () => void = () => undefined,
): Promise<Copied> {
  const file = await open(path, constants.O_RDONLY);
  return closing(file, async () => {
    const hash = createHash("sha256");
    let bytes = 0;
    for await (const block of blocks(file, signal)) {
      hash.update(block);
      bytes += block.length;
      moved();
    }
    return { bytes, sha256: hash.digest("hex") };
  });
}

/** Leftovers of an interrupted run; nothing refers to them. */
export async function sweepParts(folder: string, recursive = true): Promise<number> {
  const entries = await readdir(folder, { recursive, withFileTypes: true }).catch(() => []);
  const parts = entries.filter((entry) => entry.isFile() && isPart(entry.name));
  for (const part of parts) await rm(join(part.parentPath, part.name), { force: true });
  return parts.length;
}

/** Is it one of ours? Another program may put its own `.something.part` into the site's folder. */
export const isPart = (name: string): boolean => /^\..+\.[0-9a-f]{12}\.part$/.test(name);

/** Turns a log over: `latest.log` becomes `latest.1.log`, and so on; the oldest goes. Sync, for a writer that cannot wait. */
export function turnOver(path: string, keep: number): void {
  const numbered = (n: number): string => (n === 0 ? path : path.replace(/\.log$/, `.${n}.log`));
  if (!existsSync(path)) return;
  rmSync(numbered(keep), { force: true });
  for (let n = keep - 1; n >= 0; n -= 1) if (existsSync(numbered(n))) renameSync(numbered(n), numbered(n + 1));
}

/** A name beside the final one, another at each attempt, so that a process that outlived its daemon disturbs nobody. */
export const partName = (path: string): string =>
  join(dirname(path), `.${basename(path).slice(0, 60)}.${randomBytes(6).toString("hex")}${PART}`);

export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/** For a moment in which nothing may come between the look and the act. */
export const isFileHere = (path: string): boolean => existsSync(path);

export const fileExists = async (path: string): Promise<boolean> => {
  try {
    await stat(path);
    return true;
  } catch {
    return false;
  }
};

/** Makes the bytes of a file durable that was there already. */
export async function syncFile(path: string): Promise<void> {
  // Windows syncs only what may be written.
  const file = await open(path, process.platform === "win32" ? constants.O_RDWR : constants.O_RDONLY);
  await closing(file, async () => file.sync());
}

/** Makes the names in a folder durable. Windows has no such call; NTFS journals names itself. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, constants.O_RDONLY);
  await closing(handle, async () => handle.sync());
}

// link() refuses to overwrite, rename() does not. FAT and some shares have no links: there the name is looked for first.
async function nameWithoutOverwriting(
  part: string,
  target: string,
  sha256: string,
  signal: AbortSignal,
): Promise<void> {
  try {
    await link(part, target);
    await unheld(() => unlink(part));
  } catch (cause) {
    const code = codeOf(cause);
    if (code === "EEXIST") await adoptEqual(part, target, sha256, signal);
    else if (code === "EPERM" || code === "ENOTSUP" || code === "EMLINK" || code === "ENOSYS")
      await renameIfFree(part, target, sha256, signal);
    else throw cause;
  }
}

async function adoptEqual(part: string, target: string, sha256: string, signal: AbortSignal): Promise<void> {
  const there = await hashFile(target, signal);
  if (there.sha256 !== sha256) throw new NameTaken(target, there);
  await unheld(() => unlink(part));
}

// An empty file put there to reserve the name would be seen by the site's visitors, and left for ever by a crash.
async function renameIfFree(part: string, target: string, sha256: string, signal: AbortSignal): Promise<void> {
  if (await fileExists(target)) await adoptEqual(part, target, sha256, signal);
  else await unheld(() => rename(part, target));
}

/** Does something with a name, again while another program holds the file. */
export async function unheld<T>(work: () => Promise<T>): Promise<T> {
  for (let waited = 0; ; ) {
    try {
      return await work();
    } catch (cause) {
      const wait = holderLetsGoIn(codeOf(cause), waited, process.platform);
      if (wait === undefined) throw cause;
      await sleep(wait);
      waited += wait;
    }
  }
}

/** Another file has the name; the caller knows whether that is a collision or a revision. */
export class NameTaken extends Error {
  readonly there: Copied;

  constructor(path: string, there: Copied) {
    super(`${path} exists with other content (${there.bytes} bytes)`);
    this.name = "NameTaken";
    this.there = there;
  }
}

/** A file from where its handle stands to its end, piece by piece; each piece is overwritten by the next. */
export async function* blocks(file: FileHandle, signal: AbortSignal): AsyncGenerator<Buffer> {
  // A whole block for each of thousands of small files would keep the collector busier than the disk.
  const { size } = await file.stat();
  const buffer = Buffer.allocUnsafe(Math.min(BLOCK, Math.max(size, LEAST_BLOCK)));
  for (;;) {
    signal.throwIfAborted();
    const { bytesRead } = await file.read(buffer, 0, buffer.length, null);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}

async function writeAll(file: FileHandle, block: Uint8Array): Promise<void> {
  let from = 0;
  while (from < block.length) from += (await file.write(block, from, block.length - from)).bytesWritten;
}

/** Runs a write in a folder that is made first; a failed write leaves no temporary files and says whose disk it was. */
async function inFolder<T>(target: string, work: () => Promise<T>, ...parts: readonly string[]): Promise<T> {
  try {
    await makeFolder(dirname(target)).catch((cause: unknown) => {
      const known = diskFault(target, cause);
      // What else stops a folder is its disk's too: EEXIST where a file has its name.
      throw known instanceof Fault ? known : new Fault("disk.failed", `${target}: ${messageOf(cause)}`, { cause });
    });
    return await work();
  } catch (cause) {
    for (const part of parts) await rm(part, { force: true }).catch(() => undefined);
    throw diskFault(target, cause);
  }
}

/** Whose disk it was, where a write failed. */
export function diskFault(target: string, cause: unknown): unknown {
  switch (codeOf(cause)) {
    case "ENOSPC":
    case "EDQUOT":
      return new Fault("disk.full", `${target}: no space left`, { cause });
    case "EROFS":
    case "EACCES":
    case "EPERM":
    case "EBUSY":
    case "EIO":
    case "ENOTDIR":
    // What happened to the source has its own fault by now: it is the target's disk that went away.
    case "ENOENT":
    case "ENODEV":
    case "ENXIO":
    case "ENOTCONN":
    case "ESTALE":
      return new Fault("disk.failed", `${target}: ${messageOf(cause)}`, { cause });
    default:
      return foreseen(cause);
  }
}

export async function closing<T>(file: FileHandle, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    await file.close();
  }
}

const noneIfMissing = (cause: unknown): never[] => {
  ifMissing(cause);
  return [];
};

const ifMissing = (cause: unknown): void => {
  if (codeOf(cause) !== "ENOENT") throw cause;
};
