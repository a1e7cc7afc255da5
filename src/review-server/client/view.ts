import { filterFrom } from "../../domain/filter.ts";
import { isOpen, isUndecided, isWished, type Standing, type Table } from "./table.ts";

export const SHOWS = ["all", "undecided", "wished", "approved", "rejected", "held", "culled"] as const;
export type Show = (typeof SHOWS)[number];
export const isShow = (value: string | undefined): value is Show => SHOWS.some((show) => show === value);

/** Which photos are on the grid, in their order: indices into the table. */
export interface View {
  readonly indices: readonly number[];
  readonly show: Show;
  readonly text: string;
}

/** Made when the filter changes, not with every decision: nothing may jump under the hand. */
export function viewOf(table: Table, show: Show, text: string): View {
  const matches = filterFrom(text);
  const shown = Array.from({ length: table.size }, (_, i) => i).filter((i) => IS[show](table.standing(i)));
  const indices = text.trim() === "" ? shown : shown.filter((i) => matches({ ...table.row(i) }));
  return { indices, show, text };
}

/** Does a photo still belong here? One that was decided stays where it is until the filter is used again. */
export const belongs = (row: Standing, show: Show): boolean => IS[show](row);

const IS: Readonly<Record<Show, (row: Standing) => boolean>> = {
  all: () => true,
  undecided: isUndecided,
  wished: isWished,
  approved: (row) => row.culled === null && (row.released || row.verdict === "approved"),
  rejected: (row) => isOpen(row) && row.verdict === "rejected",
  held: (row) => isOpen(row) && row.verdict === "held",
  culled: (row) => row.culled !== null,
};

export interface Tally extends Readonly<Record<Show, number>> {
  /** approved, and not on its way to the site yet */
  readonly toPublish: number;
}

export function tally(table: Table): Tally {
  const counts = {
    all: table.size,
    undecided: 0,
    wished: 0,
    approved: 0,
    rejected: 0,
    held: 0,
    culled: 0,
    toPublish: 0,
  };
  for (let i = 0; i < table.size; i += 1) {
    const row = table.standing(i);
    for (const show of SHOWS) if (show !== "all" && IS[show](row)) counts[show] += 1;
    if (isOpen(row) && row.verdict === "approved") counts.toPublish += 1;
  }
  return counts;
}
