/** What the daemon says on its own terminal, in plain words. */
import type { Event } from "./domain/events.ts";
import { remedyOf } from "./domain/fault.ts";
import { sizeText } from "./domain/words.ts";

/** @returns undefined for what nobody needs to read while it scrolls by */
export function saying(event: Event): string | undefined {
  switch (event.kind) {
    case "set.opened":
      return `${event.set}: ${photos(event.photos)} taken in`;
    case "set.joined":
      return `${event.set}: more came, ${photos(event.photos)} now`;
    case "set.split":
      return `${event.set}: ${photos(event.photos)} split off ${event.from}`;
    case "set.resumed":
      return `${event.set}: taken up where the last run was cut off, at ${event.from}`;
    case "photo.culled":
      return `${event.set}: left out, ${event.why} (${event.code})`;
    case "set.awaits-review":
      return `${event.set}: ready for you, ${photos(event.undecided)} undecided`;
    case "set.proved":
      return `${event.set}: words: ${event.summary}`;
    case "set.held":
      return `${event.set}: held at ${event.stage}: ${event.why} (${event.code}). ${remedyOf(event.code)}`;
    case "set.finished":
      return `${event.set}: done`;
    case "set.cleared":
      return `${event.set}: cleared, ${sizeText(event.bytes)} freed`;
    case "set.rolled-back":
      return `${event.set}: rolled back; its files are untouched in the inbox`;
    case "inbox.offline":
      return `${event.inbox} is away: ${event.why}. Nothing is deleted; it is taken up again when it is back.`;
    case "inbox.online":
      return `${event.inbox} is back`;
    case "captioner.distrusted":
      return `${event.model} at ${event.host} failed its test picture (${event.why}); words of ${photos(event.keys.length)} since the last one are not to be believed`;
    case "words.distrusted":
      return `${event.set}: the words of ${photos(event.photos.length)} are written anew${event.approvals === 0 ? "" : `; ${event.approvals} ${event.approvals === 1 ? "approval was" : "approvals were"} of other words and taken back`}`;
    case "stage.crashed":
      return `${event.set}: ${event.stage} failed in a way nobody foresaw; photogate logs --crash tells more`;
    case "daemon.started":
      return event.unclean ? "The last run did not stop by itself." : undefined;
    case "stage.done":
    case "inbox.changed":
    case "photo.taken-back":
    case "set.released":
      return undefined;
  }
}

const photos = (n: number): string => `${n} photo${n === 1 ? "" : "s"}`;
