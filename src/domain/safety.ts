import type { Millis } from "./words.ts";

/** A file as a listing of a card sees it. */
export interface CardFile {
  readonly path: string;
  readonly bytes: number;
  readonly mtimeMs: Millis;
  /** `system`: what a system keeps for itself and nobody misses */
  readonly kind: "file" | "system" | "folder" | "link" | "unreadable-folder" | "other";
}

/** What we have of one path: the very file by size and time, and whether a copy of it was read back and equal. */
export interface CardCopy {
  readonly path: string;
  readonly bytes: number;
  readonly mtimeMs: Millis;
  /** devices that have a copy; empty if none */
  readonly devices: readonly string[];
  /** why there is none */
  readonly why: string | undefined;
}

export interface Answer {
  /** may the card be formatted, as far as we know? */
  readonly safe: boolean;
  readonly files: number;
  readonly copied: number;
  readonly missing: readonly { readonly path: string; readonly why: string }[];
}

/**
 * May a card be formatted? Only if every file on it, of whatever kind, has a copy on another device that was read back and
 * was equal. Whatever is not known speaks against it; so does a card on which nothing is found.
 *
 * @param device of the card, as text
 */
export function answerFor(files: readonly CardFile[], copies: Iterable<CardCopy>, device: string): Answer {
  const known = Map.groupBy(copies, ({ path }) => path);
  const counted = files.filter(({ kind }) => kind !== "folder" && kind !== "system");
  const missing = counted.flatMap((file) => {
    const why = whyNot(file, known.get(file.path) ?? [], device);
    return why === undefined ? [] : [{ path: file.path, why }];
  });
  return {
    safe: counted.length > 0 && missing.length === 0,
    files: counted.length,
    copied: counted.length - missing.length,
    missing,
  };
}

function whyNot(file: CardFile, copies: readonly CardCopy[], device: string): string | undefined {
  switch (file.kind) {
    case "folder":
    case "system":
      return undefined;
    case "link":
      return "it is a link";
    case "unreadable-folder":
      return "the folder cannot be listed";
    case "other":
      return "it is no file";
    case "file":
      return whyNotCopied(file, copies, device);
  }
}

function whyNotCopied(file: CardFile, copies: readonly CardCopy[], device: string): string | undefined {
  if (copies.length === 0) return "it was not taken in";
  const same = copies.filter(({ bytes, mtimeMs }) => bytes === file.bytes && mtimeMs === file.mtimeMs);
  if (same.length === 0) return "it changed after it was taken in";
  const devices = same.flatMap((copy) => copy.devices);
  if (devices.length === 0) return same.find(({ why }) => why !== undefined)?.why ?? "it is not copied yet";
  return devices.every((one) => one === device) ? "its copy is on the same disk" : undefined;
}
