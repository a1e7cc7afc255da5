import { lstatSync, readdirSync, type Stats } from "node:fs";
import { relative, sep } from "node:path";
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

interface Walk {
  readonly root: string;
  readonly isPruned: (name: string) => boolean;
  readonly into: Entry[];
  /** called now and then, so that a long listing is not taken for a hung one */
  readonly stillWalking: () => void;
}

/**
 * Everything below a folder, links not followed. Names are read as bytes: what is not UTF-8 would otherwise never be seen.
 * Sync, for a process that has nothing else to do: a third of the time of the same calls in turns.
 *
 * @param base what `relative` is relative to
 * @throws the system's error if the folder itself cannot be listed
 */
export function list(
  root: string,
  isPruned: (name: string) => boolean,
  base = root,
  stillWalking: () => void = () => undefined,
): Entry[] {
  const walk: Walk = { root: base, isPruned, into: [], stillWalking };
  descendInto(Buffer.from(root), walk);
  return walk.into;
}

function descendInto(folder: Buffer, walk: Walk): void {
  for (const name of readdirSync(folder, { encoding: "buffer" })) {
    walk.stillWalking();
    const path = Buffer.concat([folder, Buffer.from(sep), name]);
    const entry = look(path, walk.root);
    if (entry === undefined) continue;
    if (entry.kind !== "folder") {
      walk.into.push(entry);
      continue;
    }
    const readable = walk.isPruned(entry.name) || descend(path, walk);
    walk.into.push(readable ? entry : { ...entry, kind: "unreadable-folder" });
  }
}

/** @returns false if it may not be listed */
function descend(path: Buffer, walk: Walk): boolean {
  try {
    descendInto(path, walk);
    return true;
  } catch (cause) {
    // Gone since it was listed: the next listing sees what is true then.
    if (codeOf(cause) === "ENOENT") return true;
    // A volume that goes away while it is listed has not lost its files.
    if (VOLUME_GONE.has(codeOf(cause) ?? "")) throw cause;
    return false;
  }
}

function look(bytes: Buffer, root: string): Entry | undefined {
  const stat = statOf(bytes);
  if (stat === undefined) return undefined;
  const path = textOf(bytes);
  const below = relative(root, path).split(sep);
  return {
    path,
    relative: below.join("/"),
    name: below.at(-1) ?? "",
    nameIsText: Buffer.from(path).equals(bytes),
    ...(stat === "too-deep"
      ? { kind: stat, bytes: 0, mtimeMs: 0, inode: "" }
      : { kind: kindOf(stat), bytes: stat.size, mtimeMs: stat.mtimeMs, inode: `${stat.dev}:${stat.ino}` }),
  };
}

const kindOf = (stat: Stats): Entry["kind"] =>
  stat.isFile() ? "file" : stat.isDirectory() ? "folder" : stat.isSymbolicLink() ? "link" : "other";

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

/** UTF-8 as it is; each byte that is none as `\xNN`, so that two such names stay two. */
function textOf(bytes: Buffer): string {
  const text = bytes.toString("utf8");
  if (Buffer.from(text).equals(bytes)) return text;
  return [...bytes].map((byte) => (byte < 0x80 ? String.fromCharCode(byte) : `\\x${byte.toString(16)}`)).join("");
}
