import type { RenderedFile } from "../domain/facts.ts";

/** Where the files of a site lie: a folder here, or a server elsewhere. What is put there is public at once. */
export interface Place {
  /** what the target is called in facts and messages */
  readonly name: string;
  /** where a file is kept there. @param relative `2026/nature/name.jpg` */
  pathOf(relative: string): string;
  /**
   * What lies there.
   *
   * @param bytes a file of another size is not read: its hash is empty
   * @returns undefined where there is nothing
   * @throws Fault site.*
   */
  look(path: string, bytes: number, signal: AbortSignal): Promise<Lying | undefined>;
  /**
   * Puts a file there, whole under its name or not at all, and never over another. Twice is once.
   *
   * @throws Fault site.*, disk.full
   */
  put(file: RenderedFile, path: string, signal: AbortSignal): Promise<void>;
  /** Takes it away, if it is there. @throws Fault site.* */
  remove(path: string, signal: AbortSignal): Promise<void>;
  /** Hangs up. */
  close(): Promise<void>;
}

export interface Lying {
  readonly bytes: number;
  /** empty where the size said enough */
  readonly sha256: string;
}
