/** Is a set described far worse than others were? Then it is the model, the prompt or the set, and not one photo after the other. */
import type { Tally } from "./proof-tally.ts";

/** Shares of fewer photos than these say nothing. */
const LEAST = { own: 10, usual: 50 };
/** So many times the usual share, and so many standard errors from it: what chance does once in a thousand sets. */
const FAR = { times: 2, errors: 3 };

const judged = ({ passed, repaired, repairedInPart, cured, blocked }: Tally): { bad: number; all: number } => {
  const bad = repaired + repairedInPart + cured + blocked;
  return { bad, all: passed + bad };
};

/**
 * @param others the tallies of the sets to compare with
 * @returns what is unusual (BATCH-RATE); undefined where nothing is, or too little is known
 */
export function unusualRate(own: Tally, others: readonly Tally[]): string | undefined {
  const here = judged(own);
  const usual = others
    .map(judged)
    .reduce((sum, one) => ({ bad: sum.bad + one.bad, all: sum.all + one.all }), { bad: 0, all: 0 });
  if (here.all < LEAST.own || usual.all < LEAST.usual) return undefined;
  const [share, before] = [here.bad / here.all, usual.bad / usual.all];
  // Of both together: a model that never failed has no spread of its own.
  const pooled = (here.bad + usual.bad) / (here.all + usual.all);
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / here.all + 1 / usual.all));
  if (share < FAR.times * before || share - before <= FAR.errors * error) return undefined;
  return `${here.bad} of ${here.all} photos were not right at once; in other sets it is ${Math.round(before * 100)} in 100`;
}
