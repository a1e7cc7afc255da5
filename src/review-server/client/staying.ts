/** How long something must stay before a person can be said to have seen it, milliseconds. */
export const SEEN_MS = 400;

/** Tells of what is shown whether it has stayed long enough. It has no clock: the time comes with every question. */
export interface Staying {
  /**
   * What is on the screen now, in place of what was there before; whoever left begins anew.
   *
   * @returns those that have stayed long enough, each said once for as long as it stays
   */
  look(now: number, keys: Iterable<string>): string[];
  /** when the next of them will have stayed long enough; undefined if none is waiting */
  due(): number | undefined;
}

export function staying(): Staying {
  let since = new Map<string, { readonly from: number; readonly isSaid: boolean }>();
  return {
    look(now, keys) {
      const before = since;
      since = new Map([...keys].map((key) => [key, before.get(key) ?? { from: now, isSaid: false }]));
      const ripe = [...since].filter(([, { from, isSaid }]) => !isSaid && now - from >= SEEN_MS).map(([key]) => key);
      for (const key of ripe) since.set(key, { from: since.get(key)?.from ?? now, isSaid: true });
      return ripe;
    },
    due() {
      const waiting = [...since.values()].filter(({ isSaid }) => !isSaid).map(({ from }) => from);
      return waiting.length === 0 ? undefined : Math.min(...waiting) + SEEN_MS;
    },
  };
}
