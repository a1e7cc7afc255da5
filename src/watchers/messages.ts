import type { FaultCode } from "../domain/fault.ts";
import type { StructureFlaw } from "../domain/formats.ts";
import type { Looks, Removal } from "../domain/ports.ts";
import type { Millis } from "../domain/words.ts";
import type { Copied } from "../files.ts";
import type { Entry } from "./listing.ts";

/** What an inbox's root looks like to the operating system. */
export interface RootSeen {
  /** device and folder number as text; another number here is another volume, or another folder of the name */
  readonly device: string;
  readonly folder: string;
  /** content of the marker file, null if there is none */
  readonly marker: string | null;
  /** on another machine, or behind a driver that does not say what changes there */
  readonly isNetwork: boolean;
}

/** Why a root or a file cannot be read. */
export interface Trouble {
  readonly code: FaultCode;
  readonly why: string;
}

/** How a listing ended; what is different since the one before was told in pieces meanwhile. */
export interface Listed {
  /** null if the root cannot be listed; `trouble` says why */
  readonly root: RootSeen | null;
  readonly trouble: Trouble | null;
}

/** A piece of what is different: tens of thousands of entries in one message are twice their size in either process. */
export interface ListingPiece {
  /** new and changed entries; all of them after `fresh` */
  readonly seen: readonly Entry[];
  /** paths that are gone */
  readonly gone: readonly string[];
}

/** What the bytes of a quiet file say. */
export interface Examined {
  readonly path: string;
  readonly bytes: number;
  readonly mtimeMs: Millis;
  readonly flaw: StructureFlaw | null;
  /** the format has an end that can be seen, and it is there: nothing more is to come */
  readonly hasProvenEnd: boolean;
  /** null if the file is empty or cannot be read */
  readonly sha256: string | null;
  readonly fault: Trouble | null;
}

/** What may be asked of a scanner, and what it answers. */
export interface Tasks {
  readonly watch: { readonly ask: object; readonly answer: null };
  readonly list: { readonly ask: { readonly fresh: boolean }; readonly answer: Listed };
  /** null if it is not there; `isEmpty` says that nothing but what systems put there lies in it */
  readonly root: {
    readonly ask: object;
    readonly answer: { readonly root: RootSeen; readonly isEmpty: boolean } | null;
  };
  /** has a folder changed since the last listing? */
  readonly peek: { readonly ask: object; readonly answer: boolean };
  readonly examine: { readonly ask: { readonly paths: readonly string[] }; readonly answer: readonly Examined[] };
  /** which of these another program holds open for writing */
  readonly writers: { readonly ask: { readonly paths: readonly string[] }; readonly answer: readonly string[] };
  readonly text: { readonly ask: { readonly path: string }; readonly answer: string };
  /** leaves the marker in the root; false if the root cannot be written */
  readonly mark: { readonly ask: { readonly marker: string }; readonly answer: boolean };
  readonly ends: {
    readonly ask: { readonly path: string; readonly head: number; readonly tail: number };
    readonly answer: { readonly head: Uint8Array; readonly tail: Uint8Array; readonly bytes: number };
  };
  readonly copy: { readonly ask: { readonly source: string; readonly target: string }; readonly answer: Copied };
  /** null if it is not there */
  readonly looks: { readonly ask: { readonly path: string }; readonly answer: Looks | null };
  readonly remove: {
    readonly ask: { readonly original: string; readonly copy: string; readonly sha256: string };
    readonly answer: Removal;
  };
}

export type TaskName = keyof Tasks;
export type Ask = { readonly [K in TaskName]: { readonly kind: K } & Tasks[K]["ask"] }[TaskName];

export type ToScanner =
  | { readonly kind: "do"; readonly id: number; readonly ask: Ask }
  | { readonly kind: "cancel"; readonly id: number };

export type FromScanner =
  | { readonly kind: "done"; readonly id: number; readonly answer: unknown }
  | {
      readonly kind: "failed";
      readonly id: number;
      /** null for what nobody foresaw */
      readonly code: FaultCode | null;
      readonly message: string;
    }
  /** a long task moves on */
  | { readonly kind: "alive"; readonly id: number }
  | { readonly kind: "piece"; readonly piece: ListingPiece }
  /** something changed below the root */
  | { readonly kind: "hint" }
  /** the operating system watches no longer, or not all */
  | { readonly kind: "deaf"; readonly why: string };
