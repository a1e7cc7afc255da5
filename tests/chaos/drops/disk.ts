/** A file system in memory, and the history of everything that ever lay in its inbox. */
import type { Millis } from "../../../src/domain/words.ts";
import { sha256 } from "./pictures.ts";
import { type Act, numberIn } from "./script.ts";

export interface DiskFile {
  readonly bytes: Buffer;
  readonly mtimeMs: Millis;
  readonly inode: string;
  /** its writer has nothing more to write to it */
  readonly isFinished: boolean;
  readonly tells: boolean;
  readonly isOpen: boolean;
}

/** What one path held for a while. */
export interface Version {
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly isFinished: boolean;
  /** could anybody tell that it is not finished? */
  readonly tells: boolean;
  readonly from: Millis;
  /** infinite for what lies there in the end */
  to: Millis;
}

export interface Disk {
  readonly files: ReadonlyMap<string, DiskFile>;
  readonly history: readonly Version[];
  /** @returns whether something below the inbox changed */
  apply(act: Act, now: Millis, isVisible: boolean): boolean;
}

const INBOX = "inbox/";

export function emptyDisk(): Disk {
  const files = new Map<string, DiskFile>();
  const history: Version[] = [];
  const current = new Map<string, Version>();
  let inodes = 0;

  const put = (path: string, file: DiskFile, now: Millis): void => {
    files.set(path, file);
    end(path, now);
    if (!path.startsWith(INBOX)) return;
    const { bytes, isFinished, tells } = file;
    const version = {
      path,
      sha256: sha256(bytes),
      bytes: bytes.length,
      isFinished,
      tells,
      from: now,
      to: Number.POSITIVE_INFINITY,
    };
    current.set(path, version);
    history.push(version);
  };
  const end = (path: string, now: Millis): void => {
    const version = current.get(path);
    if (version !== undefined) version.to = now;
    current.delete(path);
  };
  const take = (path: string, now: Millis): DiskFile => {
    const file = files.get(path);
    if (file === undefined) throw new Error(`the script speaks of ${path}, which is not there`);
    files.delete(path);
    end(path, now);
    return file;
  };
  const fileAt = (path: string): Pick<DiskFile, "bytes" | "inode"> => {
    inodes += 1;
    return files.get(path) ?? { bytes: Buffer.alloc(0), inode: `1:${inodes}` };
  };
  const change = (
    { path, ends, tells }: Extract<Act, { do: "write" | "size" }>,
    bytes: (before: Buffer) => Buffer,
    { now, isVisible }: { now: Millis; isVisible: boolean },
  ): void => {
    const { bytes: before, inode } = fileAt(path);
    const isOpen = isVisible && !ends;
    put(path, { bytes: bytes(before), mtimeMs: now, inode, isFinished: ends, tells, isOpen }, now);
  };
  const rename = (from: string, to: string, now: Millis): void => {
    const within = [...files.keys()].filter((path) => path === from || path.startsWith(`${from}/`));
    if (within.length === 0) throw new Error(`the script renames ${from}, which is not there`);
    for (const path of within) put(to + path.slice(from.length), take(path, now), now);
  };

  return {
    files,
    history,
    apply(act, now, isVisible) {
      switch (act.do) {
        case "write":
          change(act, (before) => written(before, act.offset, act.bytes), { now, isVisible });
          return act.path.startsWith(INBOX);
        case "size":
          change(act, (before) => sized(before, act.bytes), { now, isVisible });
          return act.path.startsWith(INBOX);
        case "rename":
          rename(act.from, act.to, now);
          return true;
        case "remove":
          take(act.path, now);
          return true;
        case "mtime":
          put(act.path, { ...take(act.path, now), mtimeMs: act.ms }, now);
          return true;
        case "die":
          for (const [path, file] of files)
            if (numberIn(path) === act.number) files.set(path, { ...file, isOpen: false });
          return false;
        case "hold":
        case "go":
        case "decide":
          return false;
      }
    },
  };
}

function written(before: Buffer, offset: number, part: Uint8Array): Buffer {
  const bytes = Buffer.alloc(Math.max(before.length, offset + part.length));
  before.copy(bytes);
  bytes.set(part, offset);
  return bytes;
}

function sized(before: Buffer, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  before.copy(bytes, 0, 0, Math.min(length, before.length));
  return bytes;
}
