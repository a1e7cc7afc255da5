import type { FoundFlaw, Overruled } from "./proof.ts";

/** The proof of a photo's words as it stands. Apart from its schemas, because the page's script asks it as well. */

/** What stands between a photo and its approval. */
export const blockersIn = <F extends Pick<FoundFlaw, "rule" | "severity">>(
  flaws: readonly F[],
  overruled: readonly Overruled[],
): F[] => flaws.filter(({ severity, rule }) => severity === "error" && !isOverruled(rule, overruled));

export const isOverruled = (rule: string, overruled: readonly Overruled[]): boolean =>
  overruled.some((one) => one.rule === rule);
