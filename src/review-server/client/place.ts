/** Where somebody was in a set, and how the grid looked: kept by the browser, so that a reload goes on there. */
import { meta } from "./dom.ts";
import type { GridLook } from "./grid.ts";

export interface Place {
  readonly photo: number;
  /** the photo at the top left of the screen */
  readonly top: number;
}

const keyOf = (what: string): string => `photogate-${what}:${meta("installation")}`;

function read<T>(key: string, isRight: (value: unknown) => value is T): T | undefined {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(key) ?? "null");
    return isRight(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
function write(key: string, value: unknown): void {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // A browser that keeps nothing begins at the first photo that is undecided.
  }
}
const has = (value: unknown, key: string, ...kinds: readonly unknown[]): boolean => {
  const found =
    typeof value === "object" && value !== null ? Object.entries(value).find(([k]) => k === key)?.[1] : null;
  return kinds.includes(found) || kinds.includes(typeof found);
};
const isPlace = (value: unknown): value is Place => has(value, "photo", "number") && has(value, "top", "number");
const isLook = (value: unknown): value is GridLook =>
  has(value, "size", "S", "M", "L") && has(value, "words", "full", "name", "none");

export const placeIn = (set: string): Place | undefined => read(`${keyOf("place")}:${set}`, isPlace);
export const keepPlace = (set: string, place: Place): void => write(`${keyOf("place")}:${set}`, place);
/** The same for all sets. */
export const keptLook = (): GridLook => read(keyOf("look"), isLook) ?? { size: "M", words: "full" };
export const keepLook = (look: GridLook): void => write(keyOf("look"), look);
