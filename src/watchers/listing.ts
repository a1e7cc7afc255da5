import { isUtf8 } from "node:buffer";
import { lstatSync, readdirSync, type Stats } from "node:fs";
import { sep } from "node:path";
import { codeOf } from "../domain/fault.ts";
import type { Millis } from "../domain/words.ts";

/** One thing that lies in an inbox. */
export interface Entry {
  /** absolute; bytes that are not UTF-8 stand as `\xNN` */
  readonly path: string;
  /** below the inbox, with `/` on every system */
  readonly relative: string;
  readonly name: string;
  readonly kind: "file" | "link" | "folder" | "unreadable-folder" | "too-deep" | "other";
  readonly bytes: number;
  readonly mtimeMs: Millis;
  /** what the file is called inside its volume, whatever its name: it stays when the file is renamed */
  readonly inode: string;
  readonly nameIsText: boolean;
}

/** What is not as it was. */
export interface News {
  readonly seen: readonly Entry[];
  /** paths that were there */
  readonly gone: readonly string[];
  readonly folders: readonly Entry[];
  /** from now on this is known, and not told again */
  keep(): void;
}

/** Tens of thousands are kept for as long as an inbox is watched; entries would be twice that. */
interface Known {
  readonly print: string;
  /** number of the last listing it was seen in */
  seenIn: number;
}

interface Walk {
  readonly isPruned: (name: string) => boolean;
  readonly visit: (entry: Entry) => void;
}

/** As the disk has it: bytes where it is not UTF-8. */
type OnDisk = string | Buffer;

interface Place {
  readonly onDisk: OnDisk;
  readonly path: string;
  /** below the inbox, with a `/` at the end; empty for the inbox itself */
  readonly below: string;
}

const SEPARATOR = Buffer.from(sep);
/** Stands in a name that was read as text where the disk has something that is none. */
const NO_TEXT = "\u{fffd}";

/**
 * Tells what is not as it was at the listing before; at first all of it. Links are not followed. A name
 * that is not UTF-8 is read as bytes: it would otherwise never be seen. Sync, for a process that has nothing else to do: a third of the time of the
 * same calls in turns.
 *
 * @returns a function that lists; it throws the system's error if the folder itself cannot be listed. It calls `stillWalking` now and then, so that a long listing is not taken for a hung one.
 */
export function listingsOf(root: string, isPruned: (name: string) => boolean): (stillWalking?: () => void) => News {
  const known = new Map<string, Known>();
  let listing = 0;

  return (stillWalking = () => undefined) => {
    listing += 1;
    const seen: Entry[] = [];
    const folders: Entry[] = [];
    const visit = (entry: Entry): void => {
      stillWalking();
      const before = known.get(entry.path);
      if (before !== undefined) before.seenIn = listing;
      if (before?.print !== printOf(entry)) seen.push(entry);
      if (entry.kind === "folder") folders.push(entry);
    };
    descendInto({ onDisk: root, path: root, below: "" }, { isPruned, visit });
    const gone = [...known.keys()].filter((path) => known.get(path)?.seenIn !== listing);
    const keep = (): void => {
      for (const entry of seen) known.set(entry.path, { print: printOf(entry), seenIn: listing });
      for (const path of gone) known.delete(path);
    };
    return { seen, gone, folders, keep };
  };
}

/** Joined, not written out: a string put together from others keeps them all. */
const printOf = ({ kind, bytes, mtimeMs, inode }: Entry): string => [kind, bytes, mtimeMs, inode].join(" ");

function descendInto(folder: Place, walk: Walk): void {
  for (const name of namesIn(folder.onDisk)) {
    const onDisk = within(folder.onDisk, name);
    const entry = look(onDisk, name, folder);
    if (entry === undefined) continue;
    const place = { onDisk, path: entry.path, below: `${entry.relative}/` };
    const readable = entry.kind !== "folder" || walk.isPruned(entry.name) || descend(place, walk);
    walk.visit(readable ? entry : { ...entry, kind: "unreadable-folder" });
  }
}

/** As text where it can be: a buffer for each name is the greater part of what a listing costs. */
function namesIn(folder: OnDisk): OnDisk[] {
  const names = readdirSync(folder, { encoding: "utf8" });
  if (!names.some((name) => name.includes(NO_TEXT))) return names;
  return readdirSync(folder, { encoding: "buffer" }).map((name) => (isUtf8(name) ? name.toString("utf8") : name));
}

const within = (folder: OnDisk, name: OnDisk): OnDisk =>
  typeof folder === "string" && typeof name === "string"
    ? `${folder}${sep}${name}`
    : Buffer.concat([Buffer.from(folder), SEPARATOR, Buffer.from(name)]);

/** @returns false if it may not be listed */
function descend(folder: Place, walk: Walk): boolean {
  try {
    descendInto(folder, walk);
    return true;
  } catch (cause) {
    // Gone since it was listed: the next listing sees what is true then.
    if (codeOf(cause) === "ENOENT") return true;
    // A volume that goes away while it is listed has not lost its files.
    if (VOLUME_GONE.has(codeOf(cause) ?? "")) throw cause;
    return false;
  }
}

function look(onDisk: OnDisk, name: OnDisk, folder: Place): Entry | undefined {
  const stat = statOf(onDisk);
  if (stat === undefined) return undefined;
  const nameIsText = typeof onDisk === "string";
  const text = nameIsText ? String(name) : escaped(Buffer.from(name));
  const path = nameIsText ? onDisk : escaped(onDisk);
  const known = { path, relative: `${folder.below}${text}`, name: text, nameIsText };
  if (stat === "too-deep") return { ...known, kind: stat, bytes: 0, mtimeMs: 0, inode: "" };
  return { ...known, kind: kindOf(stat), bytes: stat.size, mtimeMs: stat.mtimeMs, inode: `${stat.dev}:${stat.ino}` };
}

const kindOf = (stat: Stats): Entry["kind"] =>
  stat.isFile() ? "file" : stat.isDirectory() ? "folder" : stat.isSymbolicLink() ? "link" : "other";

/** @returns undefined if it is gone, or may not be looked at */
function statOf(path: OnDisk): Stats | "too-deep" | undefined {
  try {
    return lstatSync(path);
  } catch (cause) {
    const code = codeOf(cause) ?? "";
    if (VOLUME_GONE.has(code)) throw cause;
    return code === "ENAMETOOLONG" ? "too-deep" : undefined;
  }
}

/** What the system says when card, disk or share went away. */
const VOLUME_GONE: ReadonlySet<string> = new Set(
  "ENOTCONN ENODEV ENXIO ESTALE EHOSTDOWN EHOSTUNREACH ENETDOWN ETIMEDOUT".split(" "),
);

/** Each byte beyond ASCII as `\xNN`, so that two names that are not UTF-8 stay two. */
const escaped = (bytes: Buffer): string =>
  [...bytes].map((byte) => (byte < 0x80 ? String.fromCharCode(byte) : `\\x${byte.toString(16)}`)).join("");
