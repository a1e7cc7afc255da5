import { Fault, looksAt, messageOf } from "../domain/fault.ts";
import { MINUTE, type Millis, SECOND } from "../domain/words.ts";

/** What to do about something a stage threw. */
export type Verdict =
  | { readonly kind: "again"; readonly inMs: Millis }
  | { readonly kind: "cull"; readonly code: string; readonly why: string }
  | { readonly kind: "hold"; readonly code: string; readonly why: string; readonly retryInMs: Millis | null };

/** A crash nobody foresaw is tried this often before the photo is left out: it may have been the machine. */
const CRASH_TRIES = 3;

const AGAIN_MS = SECOND;
const TOOL_BACKOFF: readonly Millis[] = [5 * SECOND, 15 * SECOND, MINUTE, 5 * MINUTE];

/**
 * One question decides: whose doing is it?
 *
 * @param thrown what the stage threw
 * @param tries how often this stage has failed on this photo (or set) by now, from 1
 * @param scope a stage that judges a whole set cannot leave one photo out
 */
export function decide(thrown: unknown, tries: number, scope: "photo" | "set"): Verdict {
  if (!(thrown instanceof Fault)) return afterCrash(thrown, tries, scope);
  const { code, message: why } = thrown;
  switch (thrown.blame) {
    case "photo":
      if (scope === "set") return { kind: "hold", code, why, retryInMs: null };
      return tries < looksAt(code) ? { kind: "again", inMs: AGAIN_MS } : { kind: "cull", code, why };
    case "tool":
      return { kind: "hold", code, why, retryInMs: backoff(tries) };
    case "set":
    case "person":
      return { kind: "hold", code, why, retryInMs: null };
  }
}

function afterCrash(thrown: unknown, tries: number, scope: "photo" | "set"): Verdict {
  if (tries < CRASH_TRIES) return { kind: "again", inMs: AGAIN_MS };
  const why = `${messageOf(thrown)} (tried ${tries} times)`;
  return scope === "photo"
    ? { kind: "cull", code: "photo.stage-crash", why }
    : { kind: "hold", code: "set.stage-crash", why, retryInMs: null };
}

const backoff = (tries: number): Millis => TOOL_BACKOFF[Math.min(tries, TOOL_BACKOFF.length) - 1] ?? 5 * MINUTE;
