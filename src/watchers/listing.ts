import { lstat, readdir } from "node:fs/promises";
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
  readonly kind: "file" | "link" | "folder" | "unreadable-folder" | "other";
  readonly bytes: number;
  readonly mtimeMs: Millis;
  readonly nameIsText: boolean;
}

/**
 * Everything below a folder, links not followed. Names are read as bytes: what is not UTF-8 would otherwise never be seen.
 *
 * @param base what `relative` is relative to
 * @returns undefined if the folder itself is not there
 */
export async function list(
  root: string,
  isPruned: (name: string) => boolean,
  base = root,
): Promise<Entry[] | undefined> {
  try {
    await readdir(root);
  } catch {
    return undefined;
  }
  const entries: Entry[] = [];
  await walk(Buffer.from(root), base, isPruned, entries);
  return entries;
}

async function walk(folder: Buffer, root: string, isPruned: (name: string) => boolean, into: Entry[]): Promise<void> {
  const children = await readdir(folder, { encoding: "buffer", withFileTypes: true });
  for (const child of children) {
    const path = Buffer.concat([folder, Buffer.from(sep), child.name]);
    const entry = await look(path, root);
    if (entry === undefined) continue;
    if (entry.kind !== "folder") {
      into.push(entry);
      continue;
    }
    const readable = isPruned(entry.name) || (await descend(path, root, isPruned, into));
    into.push(readable ? entry : { ...entry, kind: "unreadable-folder" });
  }
}

async function descend(
  path: Buffer,
  root: string,
  isPruned: (name: string) => boolean,
  into: Entry[],
): Promise<boolean> {
  try {
    await walk(path, root, isPruned, into);
    return true;
  } catch (cause) {
    // Gone since it was listed: the next listing sees what is true then.
    return codeOf(cause) === "ENOENT";
  }
}

async function look(bytes: Buffer, root: string): Promise<Entry | undefined> {
  try {
    const stat = await lstat(bytes);
    const path = textOf(bytes);
    const below = relative(root, path).split(sep);
    return {
      path,
      relative: below.join("/"),
      name: below.at(-1) ?? "",
      kind: stat.isFile() ? "file" : stat.isDirectory() ? "folder" : stat.isSymbolicLink() ? "link" : "other",
      bytes: stat.size,
      mtimeMs: stat.mtimeMs,
      nameIsText: Buffer.from(path).equals(bytes),
    };
  } catch {
    return undefined;
  }
}

/** UTF-8 as it is; each byte that is none as `\xNN`, so that two such names stay two. */
function textOf(bytes: Buffer): string {
  const text = bytes.toString("utf8");
  if (Buffer.from(text).equals(bytes)) return text;
  return [...bytes].map((byte) => (byte < 0x80 ? String.fromCharCode(byte) : `\\x${byte.toString(16)}`)).join("");
}
