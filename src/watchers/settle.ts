import type { TailFlaw } from "../domain/formats.ts";
import type { Millis } from "../domain/words.ts";
import type { Group } from "./drop.ts";
import type { Entry } from "./listing.ts";

/** Since when a file has looked as it does, on the monotonic clock; and what its end looked like then. */
export interface Seen {
  readonly bytes: number;
  readonly mtimeMs: Millis;
  readonly since: Millis;
  /** undefined until its end was read, which is done once it is quiet */
  readonly end: "whole" | TailFlaw | "unread" | undefined;
}

export type Memory = ReadonlyMap<string, Seen>;

export interface SettleSettings {
  /** a file counts as left alone after this time without a change */
  readonly quietMs: Millis;
  /** a file whose end is missing may be a copy that stalls: it is given this much longer before it is judged as it is */
  readonly patienceMs: Millis;
}

export type Settling =
  | { readonly kind: "settled" }
  | { readonly kind: "read-ends"; readonly files: readonly Entry[] }
  | { readonly kind: "waiting"; readonly closesInMs: Millis; readonly incomplete: number };

/** Takes a new listing in: what looks as before keeps its age, what changed is young again, what is gone is forgotten. Pure. */
export function remember(memory: Memory, files: readonly Entry[], now: Millis): Memory {
  return new Map(
    files.map((file) => {
      const before = memory.get(file.path);
      const same = before !== undefined && before.bytes === file.bytes && before.mtimeMs === file.mtimeMs;
      return [file.path, same ? before : { bytes: file.bytes, mtimeMs: file.mtimeMs, since: now, end: undefined }];
    }),
  );
}

/**
 * Is every file of the group whole, and has the group been left alone long enough? A deletion counts as a change too.
 *
 * @param changedAt when the group last lost or gained a file
 */
export function settling(
  group: Group,
  memory: Memory,
  changedAt: Millis,
  settings: SettleSettings,
  now: Millis,
): Settling {
  const files = [...group.photos, ...group.companions];
  const youngest = Math.max(changedAt, ...files.map((file) => memory.get(file.path)?.since ?? now));
  const quietIn = youngest + settings.quietMs - now;
  const unread = group.photos.filter((file) => memory.get(file.path)?.end === undefined);
  const incomplete = group.photos.filter((file) => isIncomplete(memory.get(file.path)));
  if (quietIn > 0) return { kind: "waiting", closesInMs: quietIn, incomplete: incomplete.length };
  if (unread.length > 0) return { kind: "read-ends", files: unread };

  const patient = Math.max(
    0,
    ...incomplete.map((file) => (memory.get(file.path)?.since ?? now) + settings.quietMs + settings.patienceMs - now),
  );
  return patient > 0 ? { kind: "waiting", closesInMs: patient, incomplete: incomplete.length } : { kind: "settled" };
}

const isIncomplete = (seen: Seen | undefined): boolean => seen?.end === "zeros" || seen?.end === "no-end-marker";
