/** How large the pictures of the grid are, and how much stands below them. */
import type { Commands } from "./commands.ts";
import type { Frame } from "./frame.ts";
import type { Grid, GridLook } from "./grid.ts";
import { keepLook } from "./place.ts";

const SIZES = ["S", "M", "L"] as const;
const SIZE_WORDS = { S: "Small", M: "Middle-sized", L: "Large" } as const;
const WORDS = ["full", "name", "none"] as const;
const WORDS_SAID = { full: "Names and captions", name: "Names", none: "Pictures alone" } as const;

export function thumbsOf(grid: () => Grid, frame: Frame): Commands {
  const show = (look: GridLook, said: string): void => {
    grid().setLook(look);
    keepLook(look);
    frame.said(said);
  };
  return {
    "view.size": (event) => {
      const { look } = grid();
      const at = SIZES.indexOf(look.size) + (event?.key === "-" ? -1 : 1);
      const size = SIZES[Math.min(Math.max(at, 0), SIZES.length - 1)] ?? "M";
      show({ ...look, size }, `${SIZE_WORDS[size]} pictures`);
    },
    "view.overlay": () => {
      const { look } = grid();
      const words = WORDS[(WORDS.indexOf(look.words) + 1) % WORDS.length] ?? "full";
      show({ ...look, words }, WORDS_SAID[words]);
    },
  };
}
