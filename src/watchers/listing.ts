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

interface ListOptions {
  /** what was there before, by path: an entry that is as it was is that very object */
  readonly known?: ReadonlyMap<string, Entry>;
  /** called now and then, so that a long listing is not taken for a hung one */
  readonly stillWalking?: () => void;
}

interface Walk {
  readonly isPruned: (name: string) => boolean;
  readonly into: Entry[];
  readonly known: ReadonlyMap<string, Entry>;
  readonly stillWalking: () => void;
}

/** A name as the disk has it, and as we write it. */
interface Place {
  readonly bytes: Buffer;
  readonly path: string;
  /** below the inbox, with a `/` at the end; empty for the inbox itself */
  readonly below: string;
  readonly isText: boolean;
}

const SEPARATOR = Buffer.from(sep);

/**
 * Everything below a folder, links not followed. Names are read as bytes: what is not UTF-8 would otherwise never be seen.
 * Sync, for a process that has nothing else to do: a third of the time of the same calls in turns.
 *
 * @throws the system's error if the folder itself cannot be listed
 */
export function list(root: string, isPruned: (name: string) => boolean, options: ListOptions = {}): Entry[] {
  const { known = new Map(), stillWalking = () => undefined } = options;
  const walk: Walk = { isPruned, into: [], known, stillWalking };
  descendInto({ bytes: Buffer.from(root), path: root, below: "", isText: true }, walk);
  return walk.into;
}

function descendInto(folder: Place, walk: Walk): void {
  for (const name of readdirSync(folder.bytes, { encoding: "buffer" })) {
    walk.stillWalking();
    const entry = look(name, folder, walk);
    if (entry === undefined) continue;
    const readable =
      entry.kind !== "folder" || walk.isPruned(entry.name) || descend(placeOf(entry, name, folder), walk);
    walk.into.push(readable ? entry : unreadable(entry, walk.known));
  }
}

const placeOf = ({ path, relative, nameIsText }: Entry, name: Buffer, { bytes }: Place): Place => ({
  bytes: Buffer.concat([bytes, SEPARATOR, name]),
  path,
  below: `${relative}/`,
  isText: nameIsText,
});

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

function look(name: Buffer, folder: Place, { known }: Walk): Entry | undefined {
  const bytes = Buffer.concat([folder.bytes, SEPARATOR, name]);
  const stat = statOf(bytes);
  if (stat === undefined) return undefined;
  const nameIsText = folder.isText && isUtf8(name);
  const text = nameIsText ? name.toString("utf8") : escaped(name);
  const path = nameIsText ? `${folder.path}${sep}${text}` : escaped(bytes);
  const now =
    stat === "too-deep"
      ? { kind: stat, bytes: 0, mtimeMs: 0, inode: "" }
      : { kind: kindOf(stat), bytes: stat.size, mtimeMs: stat.mtimeMs, inode: `${stat.dev}:${stat.ino}` };
  const before = known.get(path);
  if (before !== undefined && isAs(before, now)) return before;
  return { path, relative: `${folder.below}${text}`, name: text, ...now, nameIsText };
}

const kindOf = (stat: Stats): Entry["kind"] =>
  stat.isFile() ? "file" : stat.isDirectory() ? "folder" : stat.isSymbolicLink() ? "link" : "other";

const isAs = (before: Entry, now: Pick<Entry, "kind" | "bytes" | "mtimeMs" | "inode">): boolean =>
  before.kind === now.kind &&
  before.bytes === now.bytes &&
  before.mtimeMs === now.mtimeMs &&
  before.inode === now.inode;

/** The same for a folder that may not be listed, of which nobody knew before it was tried. */
function unreadable(folder: Entry, known: ReadonlyMap<string, Entry>): Entry {
  const now: Entry = { ...folder, kind: "unreadable-folder" };
  const before = known.get(folder.path);
  return before !== undefined && isAs(before, now) ? before : now;
}

/** @returns undefined if it is gone, or may not be looked at */
function statOf(path: Buffer): Stats | "too-deep" | undefined {
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
