export interface Notice {
  readonly type: "set" | "sets" | "inbox";
  readonly set: string | null;
}

/**
 * Hears what changed. The server says which set, never how: the page asks for what it shows.
 *
 * @param again the stream is there, for the first time or after a break in which notices were missed
 * @param lost the stream broke; the browser tries again by itself
 */
export function listen(heard: (notice: Notice) => void, again: () => void, lost: () => void = () => {}): void {
  const events = new EventSource("/api/events");
  for (const type of ["set", "sets", "inbox"] as const)
    events.addEventListener(type, (event: MessageEvent<string>) => {
      const { set }: { set: string | null } = JSON.parse(event.data);
      heard({ type, set });
    });
  events.addEventListener("open", again);
  events.addEventListener("error", lost);
}

/** Calls at most once in a while, and always once more after the last wish. */
export function throttled(everyMs: number, work: () => Promise<unknown> | unknown): () => void {
  let isWaiting = false;
  let last = 0;
  const run = (): void => {
    isWaiting = false;
    last = performance.now();
    void work();
  };
  return () => {
    if (isWaiting) return;
    isWaiting = true;
    setTimeout(run, Math.max(0, last + everyMs - performance.now()));
  };
}
