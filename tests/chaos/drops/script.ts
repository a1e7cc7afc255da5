/** What a writer does to files, in time; paths start with `inbox/` or, for what is moved in, with `elsewhere/`. */
import type { Millis } from "../../../src/domain/words.ts";

export type Act = { readonly at: Millis } & (
  | {
      readonly do: "write";
      readonly path: string;
      readonly offset: number;
      readonly bytes: Uint8Array;
      /** the last byte of this version of the file is there now */
      readonly ends: boolean;
      /** could anybody tell from the bytes that more is to come? */
      readonly tells: boolean;
    }
  /** cuts a file, or extends it with zeros */
  | {
      readonly do: "size";
      readonly path: string;
      readonly bytes: number;
      readonly ends: boolean;
      readonly tells: boolean;
    }
  | { readonly do: "rename"; readonly from: string; readonly to: string }
  | { readonly do: "remove"; readonly path: string }
  | { readonly do: "mtime"; readonly path: string; readonly ms: Millis }
  /** a person's doing, at a folder below the inbox */
  | { readonly do: "hold" | "go" | "decide"; readonly folder: string }
  /** the writer of a drop is killed; nothing comes after it */
  | { readonly do: "die"; readonly number: number }
);

/** One drop: a folder, or loose files, and all that is done to them. */
export interface Script {
  readonly number: number;
  readonly story: string;
  /** other programs can see that its writer holds a file open */
  readonly isVisible: boolean;
  readonly acts: readonly Act[];
}

/** The times a watcher works with; a script chooses its pauses by them. */
export interface Times {
  readonly quietMs: Millis;
  readonly patienceMs: Millis;
  readonly rescanMs: Millis;
  /** pauses end this much before patience does */
  readonly marginMs: Millis;
}

/** Every path of a drop carries its number. */
export const nameOf = (number: number): string => `D${String(number).padStart(5, "0")}`;
export const numberIn = (path: string): number => Number(/D(\d{5})/.exec(path)?.[1] ?? Number.NaN);

export type Wish = Extract<Act, { do: "hold" | "go" | "decide" }>;
export const isWish = (act: Act): act is Wish => act.do === "hold" || act.do === "go" || act.do === "decide";

/** What the product calls the folder of a wish: its name below the inbox. */
export const folderOf = ({ folder }: Wish): string => folder.slice("inbox/".length);

/** How long after a person's doing their next one comes. */
export function gapAfter(acts: readonly Act[], act: Act): Millis {
  const next = acts.slice(acts.indexOf(act) + 1).find(isWish);
  return next === undefined ? Number.POSITIVE_INFINITY : next.at - act.at;
}

/** For a report: what happened when, without the bytes. */
export const linesOf = ({ acts }: Script): string[] =>
  acts.map((act) => {
    const { at, ...rest } = act;
    const shown = "offset" in rest ? { ...rest, bytes: rest.bytes.length } : rest;
    return `${String(Math.round(at)).padStart(8)} ms  ${JSON.stringify(shown)}`;
  });

/** For a writer in another process: bytes become what `Buffer` makes of itself in JSON. */
export const toJson = (script: Script): string => JSON.stringify(script);

export const fromJson = (text: string): Script =>
  JSON.parse(text, (_, value: unknown) =>
    typeof value === "object" && value !== null && "type" in value && value.type === "Buffer" && "data" in value
      ? Buffer.from(Array.isArray(value.data) ? value.data : [])
      : value,
  );
