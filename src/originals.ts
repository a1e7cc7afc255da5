/**
 * Files that are not ours: the only place that opens a photographer's files, and the only one that could take one away or
 * give it another name. They are opened for reading, without following links, and never written to.
 */
import { createHash } from "node:crypto";
import { type BigIntStats, closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
import { type FileHandle, link, lstat, open, readdir, rename, unlink } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { codeOf, Fault, foreseen, messageOf } from "./domain/fault.ts";
import { isPlaceholder } from "./domain/formats.ts";
import type { Removal } from "./domain/ports.ts";
import {
  blocks,
  type Copied,
  closing,
  diskFault,
  durableCreate,
  fileExists,
  hashFile,
  makeFolder,
  PRIVATE,
  syncFile,
  syncFolder,
  unheld,
} from "./files.ts";

/**
 * Copies a file that another program may still be writing, and proves it: the source looks the same before and after, and
 * the copy is read back and hashed again. The final name is never overwritten with other bytes: equal ones are adopted.
 *
 * @param moved called after every block, for who watches over a disk that may hang
 * @throws Fault photo.* for the source, disk.* and copy.mismatch for the target; NameTaken
 */
export async function durableCopy(
  source: string,
  target: string,
  signal: AbortSignal,
  mode = PRIVATE,
  moved: () => void = () => undefined,
): Promise<Copied> {
  const fill = async (write: (block: Uint8Array) => Promise<void>): Promise<void> => {
    await reading(source, async (from) => {
      for await (const block of sourceBlocks(source, from, signal)) {
        await write(block);
        moved();
      }
    });
  };
  return durableCreate(target, signal, mode, fill, moved);
}

/**
 * Takes an original away of which there is a verified copy. The copy is read back and made durable, then the original is
 * read again: both must have the hash, and the original must still be the very file that was read. Whatever speaks against
 * it lets the original stay. Killed at any point there is a copy, and it may be asked for again.
 *
 * @param moved called after every block
 * @throws Fault copy.mismatch, disk.failed: the copy is not what it should be, and the original was not touched
 */
export async function removeOriginal(
  path: string,
  copy: string,
  sha256: string,
  signal: AbortSignal,
  moved: () => void = () => undefined,
): Promise<Removal> {
  const kept = await proven(copy, sha256, signal, moved);
  try {
    let now = "";
    const seen = await reading(path, async (from) => {
      now = (await hashOpen(path, from, signal, moved)).sha256;
    });
    if (now !== sha256) return stays(`${path} is not what was copied: sha256 ${now}, not ${sha256}`);
    // A link or a second mount: to take the one away would take the other.
    if (kept.dev === seen.dev && kept.ino === seen.ino) return stays(`${path} and ${copy} are one and the same file`);
    if (!same(seen, await lstat(path, { bigint: true }))) return stays(`${path} changed while it was read`);
    await unlink(path);
  } catch (cause) {
    signal.throwIfAborted();
    const fault = sourceFault(path, cause);
    if (codeOf(fault) === undefined) throw fault;
    if (fault instanceof Fault && fault.code === "photo.gone" && (await fileExists(dirname(path))))
      return { kind: "gone" };
    return stays(messageOf(fault));
  }
  // A name that comes back after a power cut is an original more, not one less.
  await syncFolder(dirname(path)).catch(() => undefined);
  return { kind: "removed" };
}

const stays = (why: string): Removal => ({ kind: "stays", why });

/** Reads a copy back and makes it durable, with its name. */
async function proven(copy: string, sha256: string, signal: AbortSignal, moved: () => void): Promise<BigIntStats> {
  try {
    await syncFile(copy);
    await syncFolder(dirname(copy));
    const { sha256: read } = await hashFile(copy, signal, moved);
    if (read !== sha256) throw new Fault("copy.mismatch", `${copy}: ${sha256} expected, ${read} read`);
    return await lstat(copy, { bigint: true });
  } catch (cause) {
    throw diskFault(copy, cause);
  }
}

/**
 * Gives an original another path on its disk. Its bytes are read before and after; a file that has the path is never
 * overwritten. Killed at any point it may be asked for once more.
 *
 * @param again it may have been begun before: then what is there already is taken for its work
 * @throws Fault moves.*, photo.*: the original is where it was
 */
export async function moveOriginal(
  from: string,
  to: string,
  sha256: string,
  signal: AbortSignal,
  again = false,
): Promise<void> {
  const [here, there] = [await nameAt(from), await nameAt(to)];
  if (there === undefined) return nameAnew(from, to, sha256, signal);
  if (again && here === undefined) return assertBytes(to, sha256, signal);
  // Killed between the new name and the end of the old one: both are there, and both are one file.
  const isOne = here?.ino === there.ino && here.dev === there.dev;
  if (!again || !isOne || !(await areTwoNames(from, to)))
    throw new Fault("moves.name-taken", `${to} is there already, so ${from} stays`);
  await assertBytes(to, sha256, signal);
  await dropName(from);
}

async function nameAnew(from: string, to: string, sha256: string, signal: AbortSignal): Promise<void> {
  await assertBytes(from, sha256, signal);
  await moving(to, async () => {
    await makeFolder(dirname(to));
    await linkOrRename(from, to);
    await syncFolder(dirname(to));
  });
  await assertBytes(to, sha256, signal);
  await dropName(from);
}

// link() refuses to overwrite, rename() does not. FAT and some shares have no links: there the name was looked for first.
async function linkOrRename(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (cause) {
    if (!WITHOUT_LINKS.has(codeOf(cause) ?? "")) throw cause;
    if ((await nameAt(to)) !== undefined) throw new Fault("moves.name-taken", `${to} is there already`);
    await unheld(() => rename(from, to));
  }
}

const WITHOUT_LINKS: ReadonlySet<string> = new Set(["EPERM", "ENOTSUP", "EMLINK", "ENOSYS"]);

const dropName = (path: string): Promise<void> =>
  moving(path, async () => {
    await unheld(() => unlink(path)).catch((cause: unknown) => {
      // A rename took it already.
      if (codeOf(cause) !== "ENOENT") throw cause;
    });
    await syncFolder(dirname(path));
  });

async function assertBytes(path: string, sha256: string, signal: AbortSignal): Promise<void> {
  await reading(path, async (file) => {
    const { sha256: now } = await hashOpen(path, file, signal, () => undefined);
    if (now !== sha256) throw new Fault("moves.changed", `${path} has sha256 ${now}, not ${sha256}`);
  });
}

const nameAt = (path: string): Promise<BigIntStats | undefined> =>
  lstat(path, { bigint: true }).catch((cause: unknown) => {
    const code = codeOf(cause);
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw sourceFault(path, cause);
  });

/** On a disk without upper and lower case one name answers to both spellings: only the folder tells how many there are. */
async function areTwoNames(a: string, b: string): Promise<boolean> {
  const isThere = async (path: string): Promise<boolean> => (await readdir(dirname(path))).includes(basename(path));
  return (await isThere(a)) && (await isThere(b));
}

/** Whose doing it is that a name could not be given or taken away. */
async function moving(path: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    switch (codeOf(cause)) {
      case "EEXIST":
        throw new Fault("moves.name-taken", `${path} is there already`, { cause });
      case "EXDEV":
        throw new Fault("moves.other-disk", `${path} is on another disk`, { cause });
      case "EACCES":
      case "EPERM":
      case "EROFS":
        throw new Fault("moves.unwritable", `${path}: ${messageOf(cause)}`, { cause });
      default:
        throw diskFault(path, cause);
    }
  }
}

/** Opens a regular file for reading; what was read is good only if the file looks the same before and after. */
async function reading(source: string, work: (from: FileHandle) => Promise<void>): Promise<BigIntStats> {
  const from = await openSource(source);
  return closing(from, async () => {
    const before = await from.stat({ bigint: true });
    if (!before.isFile()) throw new Fault("photo.not-a-photo", `${source} is not a regular file`);
    await work(from);
    await assertUnchanged(source, from, before);
    return before;
  });
}

/**
 * First and last bytes of a file, without following links and without blocking on a pipe that calls itself a photo.
 *
 * @throws Fault photo.unreadable, photo.gone, photo.read-error, photo.placeholder
 */
export async function readEnds(
  path: string,
  head: number,
  tail: number,
): Promise<{ head: Buffer; tail: Buffer; bytes: number }> {
  const file = await openSource(path);
  return closing(file, async () => {
    try {
      const { size, blocks: given } = await file.stat();
      const at = async (position: number, length: number): Promise<Buffer> => {
        const buffer = Buffer.alloc(length);
        const { bytesRead } = await file.read(buffer, 0, length, position);
        return buffer.subarray(0, bytesRead);
      };
      const first = await at(0, Math.min(head, size));
      if (isPlaceholder(size, given, first))
        throw new Fault("photo.placeholder", `${path}: none of its ${size} bytes is on this disk`);
      return { head: first, tail: await at(Math.max(0, size - tail), Math.min(tail, size)), bytes: size };
    } catch (cause) {
      throw sourceFault(path, cause);
    }
  });
}

/** Bytes that are read in one go. */
const SMALL_BYTES = 1 << 20;

/** All that is wanted of a file that has settled. */
export interface SourceSeen extends Copied {
  /** by the file's own clock, before it was read */
  readonly mtimeMs: number;
  readonly head: Buffer;
  readonly tail: Buffer;
}

/**
 * Ends and hash of a file. A small one is read without taking turns: of thousands, the waiting for turns would be the most.
 *
 * @param moved called after every block
 * @throws Fault photo.unreadable, photo.gone, photo.read-error, photo.not-a-photo, photo.placeholder
 */
export async function readSource(
  path: string,
  ends: { readonly head: number; readonly tail: number },
  signal: AbortSignal,
  moved: () => void = () => undefined,
): Promise<SourceSeen> {
  try {
    const { mtimeMs, small } = readIfSmall(path);
    if (small === undefined) {
      const { head, tail } = await readEnds(path, ends.head, ends.tail);
      const file = await openSource(path);
      return { ...(await closing(file, () => hashOpen(path, file, signal, moved))), mtimeMs, head, tail };
    }
    return {
      bytes: small.length,
      sha256: createHash("sha256").update(small).digest("hex"),
      mtimeMs,
      head: small.subarray(0, ends.head),
      tail: small.subarray(Math.max(0, small.length - ends.tail)),
    };
  } catch (cause) {
    throw sourceFault(path, cause);
  }
}

/** @returns undefined in place of the content if it is no small file */
function readIfSmall(path: string): { mtimeMs: number; small: Buffer | undefined } {
  const file = openSync(path, SOURCE_FLAGS);
  try {
    const { mtimeMs, size, blocks } = fstatSync(file);
    // To read a file whose bytes are in the cloud is to fetch it: its head is looked at first.
    const isSmall = size <= SMALL_BYTES && (blocks > 0 || size === 0);
    return { mtimeMs, small: isSmall ? readFileSync(file) : undefined };
  } finally {
    closeSync(file);
  }
}

const same = (a: BigIntStats, b: BigIntStats): boolean =>
  a.dev === b.dev && a.ino === b.ino && a.size === b.size && a.mtimeNs === b.mtimeNs && a.ctimeNs === b.ctimeNs;

async function assertUnchanged(source: string, from: FileHandle, before: BigIntStats): Promise<void> {
  const now = await from.stat({ bigint: true });
  const named = await lstat(source, { bigint: true }).catch((cause: unknown) => {
    throw sourceFault(source, cause);
  });
  if (!same(before, now) || !same(before, named))
    throw new Fault("photo.changed", `${source} changed while it was read (${before.size} bytes, then ${named.size})`);
}

// O_NONBLOCK: opening a pipe must not wait for a writer. O_NOFOLLOW: a link may lead anywhere.
const SOURCE_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

async function openSource(path: string): Promise<FileHandle> {
  try {
    return await open(path, SOURCE_FLAGS);
  } catch (cause) {
    throw sourceFault(path, cause);
  }
}

function sourceFault(path: string, cause: unknown): unknown {
  switch (codeOf(cause)) {
    case "EACCES":
    case "EPERM":
      return new Fault("photo.unreadable", `${path}: permission denied`, { cause });
    case "EROFS":
      return new Fault("photo.unreadable", `${path}: the disk is read-only`, { cause });
    case "ENOENT":
    case "ENOTDIR":
      return new Fault("photo.gone", `${path} is not there any more`, { cause });
    case "EIO":
    case "ENXIO":
    case "ENOTCONN":
      return new Fault("photo.read-error", `${path}: ${messageOf(cause)}`, { cause });
    case "EBUSY":
      return new Fault("photo.held", `${path} is open in another program`, { cause });
    case "ELOOP":
      return new Fault("photo.not-a-photo", `${path} is a link`, { cause });
    case "EISDIR":
      return new Fault("photo.not-a-photo", `${path} is a folder`, { cause });
    default:
      return foreseen(cause);
  }
}

async function hashOpen(path: string, from: FileHandle, signal: AbortSignal, moved: () => void): Promise<Copied> {
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const block of sourceBlocks(path, from, signal)) {
    hash.update(block);
    bytes += block.length;
    moved();
  }
  return { bytes, sha256: hash.digest("hex") };
}

async function* sourceBlocks(path: string, file: FileHandle, signal: AbortSignal): AsyncGenerator<Buffer> {
  let at = 0;
  try {
    for await (const block of blocks(file, signal)) {
      at += block.length;
      yield block;
    }
  } catch (cause) {
    throw sourceFault(`${path} at byte ${at}`, cause);
  }
}
