import type { StructureFlaw } from "../domain/formats.ts";
import type { Millis } from "../domain/words.ts";
import type { Entry } from "./listing.ts";
import type { Examined, Trouble } from "./messages.ts";

/** What is remembered of a file, on the monotonic clock. */
export interface Seen {
  readonly bytes: number;
  readonly mtimeMs: Millis;
  readonly inode: string;
  readonly firstSeen: Millis;
  /** since when it looks as it does, measured by us: the times in a file are somebody else's */
  readonly since: Millis;
  /** undefined until its bytes were read, which is done once it is quiet */
  readonly examined: Examination | undefined;
}

export interface Examination {
  readonly flaw: StructureFlaw | null;
  readonly hasProvenEnd: boolean;
  readonly sha256: string | null;
  readonly fault: Trouble | null;
  readonly at: Millis;
}

export type Memory = ReadonlyMap<string, Seen>;

export interface SettleSettings {
  /** a file counts as left alone after this time without a change */
  readonly quietMs: Millis;
  /** a file whose end is missing may be a copy that stalls: it is given this much longer before it is judged as it is */
  readonly patienceMs: Millis;
}

/** Where one file stands on its way to being taken. */
export type Readiness =
  | { readonly kind: "growing"; readonly readyInMs: Millis }
  | { readonly kind: "unexamined" }
  | { readonly kind: "incomplete"; readonly flaw: StructureFlaw; readonly readyInMs: Millis }
  | ({ readonly kind: "unreadable"; readonly againInMs: Millis } & Trouble)
  | { readonly kind: "ready" };

/** Takes a new listing in: what looks as before keeps its age, what changed is young again, what is gone is forgotten. Pure. */
export function remember(memory: Memory, files: readonly Entry[], now: Millis): Memory {
  return new Map(
    files.map((file) => {
      const before = memory.get(file.path);
      if (before !== undefined && looksAs(before, file)) return [file.path, before];
      const { bytes, mtimeMs, inode } = file;
      return [
        file.path,
        { bytes, mtimeMs, inode, firstSeen: before?.firstSeen ?? now, since: now, examined: undefined },
      ];
    }),
  );
}

const looksAs = (seen: Seen, { bytes, mtimeMs, inode }: Entry): boolean =>
  seen.bytes === bytes && seen.mtimeMs === mtimeMs && seen.inode === inode;

/** Takes in what the bytes of a file say; a file that has changed since it was listed is young again. Pure. */
export function learn(memory: Memory, found: readonly Examined[], now: Millis): Memory {
  const learnt = new Map(memory);
  for (const { path, bytes, mtimeMs, ...examined } of found) {
    const seen = memory.get(path);
    if (seen === undefined) continue;
    const isSame = examined.fault !== null || (seen.bytes === bytes && seen.mtimeMs === mtimeMs);
    learnt.set(
      path,
      isSame
        ? { ...seen, examined: { ...examined, at: now } }
        : { ...seen, bytes, mtimeMs, since: now, examined: undefined },
    );
  }
  return learnt;
}

/** What could not be read is to be read again: its file looks as before when only a right or a cable was mended. Pure. */
export const forgetFaults = (memory: Memory): Memory =>
  new Map(
    [...memory].map(([path, seen]) => {
      const isFaulty = seen.examined !== undefined && seen.examined.fault !== null;
      return [path, isFaulty ? { ...seen, examined: undefined } : seen];
    }),
  );

/** A right that is given and a file that is fetched change neither time nor length: it is tried again after so many quiet times. */
const AGAIN = 10;

/**
 * Quiet, whole, readable: is this file ready? That nobody holds it open is asked when its group closes; that it reads the
 * same twice is seen when it is copied.
 *
 * @param isDone somebody said that everything is there: a file with a proven end need not be waited for
 */
export function readiness(
  seen: Seen | undefined,
  isDone: boolean,
  { quietMs, patienceMs }: SettleSettings,
  now: Millis,
): Readiness {
  if (seen === undefined) return { kind: "growing", readyInMs: quietMs };
  const { examined, since } = seen;
  const quietIn = since + quietMs - now;
  if (isDone && examined === undefined) return { kind: "unexamined" };
  if (quietIn > 0 && !(isDone && examined?.hasProvenEnd === true)) return { kind: "growing", readyInMs: quietIn };
  if (examined === undefined) return { kind: "unexamined" };
  if (examined.fault !== null)
    return { kind: "unreadable", ...examined.fault, againInMs: Math.max(0, examined.at + AGAIN * quietMs - now) };
  const patientIn = since + quietMs + patienceMs - now;
  if (examined.flaw !== null && patientIn > 0) return { kind: "incomplete", flaw: examined.flaw, readyInMs: patientIn };
  return { kind: "ready" };
}

/** The same for what has no end to be looked for. */
export function quietness(seen: Seen | undefined, { quietMs }: SettleSettings, now: Millis): Readiness {
  const quietIn = (seen?.since ?? now) + quietMs - now;
  return quietIn > 0 ? { kind: "growing", readyInMs: quietIn } : { kind: "ready" };
}
