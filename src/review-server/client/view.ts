import { attentionRank } from "../../domain/attention.ts";
import { filterFrom } from "../../domain/filter.ts";
import { type Tally as Proved, tallyOf } from "../../domain/proof-tally.ts";
import { isRepaired, isTemplate } from "./proof.ts";
import { isOpen, isUndecided, isWished, type Standing, type Table } from "./table.ts";

export const SHOWS = [
  "all",
  "undecided",
  "wished",
  "approved",
  "rejected",
  "held",
  "culled",
  "blocked",
  "repaired",
  "template",
] as const;
export type Show = (typeof SHOWS)[number];
export const isShow = (value: string | undefined): value is Show => SHOWS.some((show) => show === value);

/** As they were taken, or what wants attention first. */
export const ORDERS = ["taken", "attention"] as const;
export type Order = (typeof ORDERS)[number];
export const isOrder = (value: string | undefined): value is Order => ORDERS.some((order) => order === value);

/** Which photos are on the grid, in their order: indices into the table. */
export interface View {
  readonly indices: readonly number[];
  readonly show: Show;
  readonly text: string;
}

/** Made when the filter changes, not with every decision: nothing may jump under the hand. */
export function viewOf(table: Table, show: Show, text: string, order: Order): View {
  const matches = filterFrom(text);
  const shown = Array.from({ length: table.size }, (_, i) => i).filter((i) => IS[show](table.standing(i)));
  const indices = text.trim() === "" ? shown : shown.filter((i) => matches({ ...table.row(i) }));
  return { indices: order === "taken" ? indices : byAttention(table, indices), show, text };
}

/** Those that are decided about come last: nobody has to look at them. */
function byAttention(table: Table, indices: readonly number[]): number[] {
  const ranked = indices.map((index) => {
    const row = table.standing(index);
    return { index, isLeft: isUndecided(row) || isWished(row), rank: attentionRank(row.blocked, row.attention) };
  });
  const sorted = ranked.sort((a, b) => Number(b.isLeft) - Number(a.isLeft) || byRank(a.rank, b.rank));
  return sorted.map(({ index }) => index);
}

/** Two that are stopped are both infinitely early, and the difference of the two is no number. */
const byRank = (a: number, b: number): number => (a === b ? 0 : a - b);

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
  blocked: (row) => isOpen(row) && row.blocked,
  repaired: (row) => isOpen(row) && isRepaired(row),
  template: (row) => isOpen(row) && isTemplate(row),
};

export interface Tally extends Readonly<Record<Show, number>> {
  /** approved, and not on its way to the site yet */
  readonly toPublish: number;
  /** of all that have words and are not left out */
  readonly proved: Proved;
}

export function tally(table: Table): Tally {
  const worded: Standing[] = [];
  const counts = {
    all: table.size,
    undecided: 0,
    wished: 0,
    approved: 0,
    rejected: 0,
    held: 0,
    culled: 0,
    blocked: 0,
    repaired: 0,
    template: 0,
    toPublish: 0,
  };
  for (let i = 0; i < table.size; i += 1) {
    const row = table.standing(i);
    for (const show of SHOWS) if (show !== "all" && IS[show](row)) counts[show] += 1;
    if (isOpen(row) && row.verdict === "approved") counts.toPublish += 1;
    if (row.culled === null && row.authors !== null) worded.push(row);
  }
  return { ...counts, proved: tallyOf(worded) };
}
