import { MINUTE, type Millis, SECOND } from "./words.ts";

// What Windows says while a virus scanner, an indexer or a backup has a file open that was only just written.
const HELD: ReadonlySet<string | undefined> = new Set(["EPERM", "EACCES", "EBUSY"]);
const FIRST_MS = 20;
const LONGEST_MS = 2 * SECOND;
/** After this long it is no passing scan. */
export const PATIENCE_MS = MINUTE;

/**
 * How long to wait for another program to let go of a file.
 *
 * @param code the system's code of the failure
 * @param waitedMs how long was waited already
 * @param platform on other systems these codes mean what they say
 * @returns undefined if waiting is no use
 */
export function holderLetsGoIn(code: string | undefined, waitedMs: Millis, platform: string): Millis | undefined {
  if (platform !== "win32" || !HELD.has(code) || waitedMs >= PATIENCE_MS) return undefined;
  return Math.min(Math.max(FIRST_MS, waitedMs), LONGEST_MS, PATIENCE_MS - waitedMs);
}
