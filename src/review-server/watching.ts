import { basename } from "node:path";
import { span } from "../domain/arrival.ts";
import { remedyOf } from "../domain/fault.ts";
import { MINUTE, type Millis } from "../domain/words.ts";
import type { InboxView } from "./deps.ts";

/** How an inbox is, in words for page and command line. */
export interface Watching {
  /** `Watching`, `Not there`, `Not answering`, `Not looked at yet` */
  readonly state: string;
  /** why it is not as it should be; empty if it is */
  readonly why: string;
  readonly remedy: string;
  /** what tells that there is something new */
  readonly reading: string;
  readonly looked: string;
  readonly missing: string;
  /** the card safety light in words; empty where there is none */
  readonly card: string;
}

/** @param now wall clock */
export function watchingOf(inbox: InboxView, now: Millis): Watching {
  const { online, code, why, missing, lookedAt } = inbox;
  return {
    state: online ? "Watching" : code === null ? "Not looked at yet" : (STATES[code] ?? "Away"),
    why: online ? "" : (why ?? ""),
    remedy: online || code === null ? "" : remedyOf(code),
    reading: online ? readingOf(inbox) : "",
    looked: lookedAt === null ? "" : `last looked at ${agoOf(now - lookedAt)}`,
    missing:
      missing === 0 ? "" : `${missing.toLocaleString("en")} ${missing === 1 ? "original is" : "originals are"} missing`,
    card: online ? cardSays(inbox) : "",
  };
}

function cardSays({ card }: InboxView): string {
  if (card === null || card.files === 0) return "";
  const { safe, files, copied, missing } = card;
  if (safe)
    return `Safe to format: ${files === 1 ? "its file has" : `all ${files.toLocaleString("en")} files have`} an equal copy on another disk`;
  const [first] = missing;
  const named = first === undefined ? "" : `, among them ${basename(first.path)}: ${first.why}`;
  return `Do not format: ${(files - copied).toLocaleString("en")} of ${files.toLocaleString("en")} files have no proven copy on another disk${named}`;
}

const STATES: Readonly<Record<string, string>> = {
  "inbox.offline": "Not there",
  "inbox.not-answering": "Not answering",
};

const readingOf = ({ mode, everyMs, deaf }: InboxView): string =>
  mode === "events"
    ? `events, and listings every ${span(everyMs)}`
    : `listings every ${span(everyMs)}${deaf === null ? "" : `: ${deaf}`}`;

// To the minute: a page that is not drawn anew for half of one is still true.
const agoOf = (ms: Millis): string => (ms < MINUTE ? "just now" : `${span(Math.max(ms, 2 * MINUTE))} ago`);
