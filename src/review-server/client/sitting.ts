import { part, setText } from "./dom.ts";
import { type Counts, figuresOf, noCounts, paceText, withDecisions } from "./pace.ts";
import { post, postAndLeave } from "./server.ts";

export interface SittingNow {
  /** Photos were decided about; `accepted` of them with the words as they were proposed. */
  decided(photos: number, accepted: number): void;
  undid(): void;
  /** the page is going away */
  leave(): void;
}

const IDLE_MS = 10 * 60_000;
const SEND_AFTER_MS = 5_000;

interface Kept {
  readonly counts: Counts;
  /** milliseconds since the epoch */
  readonly at: number;
}

/**
 * Counts what a person does on this page, and pauses when they are away: whoever comes back must not decide by the key that
 * wakes it. Figures stay on this machine.
 *
 * @param isKept are they kept at all? The page shows its pace either way
 */
export function sittingIn(set: string, isKept: boolean): SittingNow {
  const key = `photogate:sitting:${set}`;
  const address = `/api/sets/${encodeURIComponent(set)}/sitting`;
  let counts = keptIn(key) ?? noCounts(crypto.randomUUID());
  let since = performance.now();
  let lastInput = since;
  let idle: ReturnType<typeof setTimeout> | undefined;
  let sending: ReturnType<typeof setTimeout> | undefined;
  const paused = part("paused");

  const keep = (): void => sessionStorage.setItem(key, JSON.stringify({ counts, at: Date.now() } satisfies Kept));
  const send = async (): Promise<void> => {
    clearTimeout(sending);
    sending = undefined;
    // Figures that could not be sent go with the next ones.
    if (isKept && counts.decided > 0) await post(address, figuresOf(counts)).catch(() => undefined);
  };
  const changed = (next: Counts): void => {
    counts = next;
    sending ??= setTimeout(() => void send(), SEND_AFTER_MS);
    setText(part("pace"), paceText(counts));
  };

  const pause = (): void => {
    void send();
    paused.hidden = false;
  };
  const resume = (): void => {
    paused.hidden = true;
    counts = noCounts(crypto.randomUUID());
    setText(part("pace"), "");
    since = performance.now();
  };
  const watch = (): void => {
    clearTimeout(idle);
    const left = IDLE_MS - (performance.now() - lastInput);
    if (left <= 0) pause();
    else idle = setTimeout(watch, left);
  };
  /** @returns whether it only woke the page */
  const input = (event: Event): boolean => {
    lastInput = performance.now();
    if (paused.hidden) return false;
    resume();
    watch();
    event.preventDefault();
    event.stopImmediatePropagation();
    return true;
  };
  window.addEventListener(
    "keydown",
    (event) => {
      if (!input(event) && !event.repeat) counts = { ...counts, keys: counts.keys + 1 };
    },
    true,
  );
  window.addEventListener(
    "click",
    (event) => {
      // A key that presses a button has been counted.
      if (!input(event) && event.detail > 0) counts = { ...counts, clicks: counts.clicks + 1 };
    },
    true,
  );
  for (const moving of ["pointermove", "wheel"])
    window.addEventListener(
      moving,
      () => {
        if (paused.hidden) lastInput = performance.now();
      },
      { capture: true, passive: true },
    );
  watch();
  setText(part("pace"), paceText(counts));

  return {
    decided(photos, accepted) {
      const now = performance.now();
      changed(withDecisions(counts, photos, accepted, now - since));
      since = now;
    },
    undid: () => changed({ ...counts, undos: counts.undos + 1 }),
    leave() {
      keep();
      if (isKept && sending !== undefined && counts.decided > 0) postAndLeave(address, figuresOf(counts));
    },
  };
}

/** A reload goes on where it was; what was left for longer is over. */
function keptIn(key: string): Counts | undefined {
  const kept: Kept | null = JSON.parse(sessionStorage.getItem(key) ?? "null");
  return kept !== null && Date.now() - kept.at < IDLE_MS ? kept.counts : undefined;
}
