/**
 * Moves of a photographer's files inside one folder. They are written down, all of them, before the first; then one line
 * more for each that is done. Killed at any point, the manifest and the folder together say what is left to do.
 */
import { z } from "zod";
import { Fault } from "./fault.ts";

export const MANIFEST_SCHEMA = "photogate.moves";
export const MANIFEST_VERSION = 1;

/** A path below the folder, with `/` on every system: a manifest that was tampered with leads nowhere else. */
const BelowSchema = z.string().refine((path) => {
  const parts = path.split("/");
  return !/[\0\\:]/.test(parts[0] ?? "") && parts.every((part) => part !== "" && part !== "." && part !== "..");
}, "is no path below the folder");

const MoveSchema = z.object({
  n: z.int().nonnegative(),
  /** number of the photo: it and what travels with it go together or not at all */
  shot: z.int().nonnegative(),
  from: BelowSchema,
  to: BelowSchema,
  bytes: z.int().nonnegative(),
  sha256: z.string().length(64),
});
export type Move = z.infer<typeof MoveSchema>;

const HeaderSchema = z.object({
  schema: z.literal(MANIFEST_SCHEMA),
  version: z.literal(MANIFEST_VERSION),
  verb: z.enum(["rename", "likeness"]),
  /** when it was written, ISO in UTC */
  at: z.string(),
  /** where the folder was then; what counts is the folder the command is given */
  folder: z.string(),
  moves: z.int().nonnegative(),
});
export type ManifestHeader = z.infer<typeof HeaderSchema>;

/** A move is written down before it is made; that it was made, the record after it says, unless that says it was left. */
const RecordSchema = z.union([
  z.strictObject({ doing: z.int() }),
  z.strictObject({ undoing: z.int() }),
  z.strictObject({ left: z.int() }),
  z.strictObject({ ended: z.enum(["do", "undo"]) }),
]);
export type MoveRecord = z.infer<typeof RecordSchema>;

/** Forward, or back. */
export type Way = "do" | "undo";

export interface Manifest {
  readonly header: ManifestHeader;
  readonly moves: readonly Move[];
  /** numbers of the moves that are done, and not undone since */
  readonly done: ReadonlySet<number>;
  /** the move a run was at when it was cut off: made, half made or not made */
  readonly inDoubt: { readonly n: number; readonly way: Way } | null;
  /** the last run came to its end, with or without files left behind */
  readonly ended: boolean;
  /** the power went while the last line was written; the next begins on a line of its own */
  readonly isTorn: boolean;
}

const line = (value: ManifestHeader | Move | MoveRecord): string => `${JSON.stringify(value)}\n`;

export const manifestText = (header: ManifestHeader, moves: readonly Move[]): string =>
  [line(header), ...moves.map(line)].join("");

export const recordText = (record: MoveRecord): string => line(record);

/** @throws Fault moves.manifest */
export function readManifest(text: string, name: string): Manifest {
  const refuse = (why: string): Fault => new Fault("moves.manifest", `${name}: ${why}`);
  const lines = text.split("\n");
  const isTorn = lines.pop() !== "";
  const header = HeaderSchema.safeParse(parsed(lines[0]));
  if (!header.success) throw refuse("does not begin like a manifest of this version");
  const moves = lines.slice(1, 1 + header.data.moves).map((one, i) => {
    const read = MoveSchema.safeParse(parsed(one));
    if (!read.success || read.data.n !== i) throw refuse(`line ${i + 2} is no move`);
    return read.data;
  });
  if (moves.length < header.data.moves) throw refuse(`names ${moves.length} of ${header.data.moves} moves`);
  const records = lines.slice(1 + moves.length).flatMap((one, i) => {
    const value = parsed(one);
    // Torn: what it was to say had not been begun.
    if (value === undefined) return [];
    const read = RecordSchema.safeParse(value);
    if (!read.success) throw refuse(`line ${i + moves.length + 2} is no record`);
    return [read.data];
  });
  return { header: header.data, moves, isTorn, ...replayed(records) };
}

function replayed(records: readonly MoveRecord[]): Pick<Manifest, "done" | "inDoubt" | "ended"> {
  const done = new Set<number>();
  let inDoubt: Manifest["inDoubt"] = null;
  let ended = false;
  for (const record of records) {
    if (inDoubt !== null && !("left" in record)) {
      if (inDoubt.way === "do") done.add(inDoubt.n);
      else done.delete(inDoubt.n);
    }
    ended = "ended" in record;
    inDoubt =
      "doing" in record
        ? { n: record.doing, way: "do" }
        : "undoing" in record
          ? { n: record.undoing, way: "undo" }
          : null;
  }
  return { done, inDoubt, ended };
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}

/** Two paths with the same spot are one file somewhere: on Windows, on a Mac, on most cards. */
export const spot = (path: string): string => path.normalize("NFC").toLowerCase();

type Leg = Pick<Move, "from" | "to">;

/**
 * Puts moves in an order in which every name is free when its turn comes. A circle of names is opened by a detour, and so
 * is a change of case only, which on many disks is no other name.
 *
 * @param detour a path nobody has, in the folder of the move
 */
export function inOrder<M extends Leg>(moves: readonly M[], detour: (move: M) => string): M[] {
  const leaving = new Map(moves.map((move) => [spot(move.from), move]));
  const placed = new Set<M>();
  return moves.flatMap((start) => {
    const chain: M[] = [];
    for (let move: M | undefined = start; move !== undefined && !placed.has(move); move = leaving.get(spot(move.to))) {
      placed.add(move);
      chain.push(move);
    }
    const last = chain.at(-1);
    if (last === undefined || spot(last.to) !== spot(start.from)) return chain.toReversed();
    const aside = detour(start);
    return [{ ...start, to: aside }, ...chain.slice(1).toReversed(), { ...start, from: aside }];
  });
}
