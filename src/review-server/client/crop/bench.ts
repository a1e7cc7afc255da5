/**
 * Which photos are in the panes, which come next, and how to go back. Values in, values out; what is sent and drawn is the
 * page's.
 */
import type { Work } from "./work.ts";

export interface Bench {
  /** a work for each pane that has a photo */
  readonly works: readonly (Work | undefined)[];
  readonly active: number;
  /** place in the line of the photo that comes next */
  readonly next: number;
  readonly done: number;
}

export const isOpenWork = (work: Work | undefined): work is Work => work !== undefined && work.end === "";
const isAllDone = ({ works }: Bench): boolean => !works.some(isOpenWork);

export const withWork = (bench: Bench, pane: number, work: Work): Bench => ({
  ...bench,
  works: bench.works.map((one, i) => (i === pane ? work : one)),
});

/**
 * Photos for the panes that are done: for all of them once all are, or for each at once.
 *
 * @param take the photo at a place in the line; undefined behind its end
 */
export function refilled(
  bench: Bench,
  refill: "together" | "one-by-one",
  take: (place: number) => Work | undefined,
): Bench {
  if (refill === "together" && !isAllDone(bench)) return bench;
  let { next } = bench;
  const works = bench.works.map((work) => {
    if (isOpenWork(work)) return work;
    const fresh = take(next);
    if (fresh !== undefined) next += 1;
    return fresh;
  });
  const active = isOpenWork(works[bench.active]) ? bench.active : Math.max(0, works.findIndex(isOpenWork));
  return { ...bench, works, next, active: refill === "together" ? 0 : active };
}

/** The nearest pane that is open still, if the active one is done. */
export function onward(bench: Bench): Bench {
  if (isOpenWork(bench.works[bench.active])) return bench;
  const open = bench.works.findIndex(isOpenWork);
  return open < 0 ? bench : { ...bench, active: open };
}
