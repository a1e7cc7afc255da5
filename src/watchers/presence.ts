import { Fault, type FaultCode } from "../domain/fault.ts";
import type { Clock } from "../domain/ports.ts";
import { type Millis, SECOND } from "../domain/words.ts";
import type { RootSeen } from "./messages.ts";
import type { Listing, Reader } from "./reader.ts";
import { judgeVolume, type Volume } from "./volume.ts";

/** Whether an inbox is there, and how it is read. */
export interface InboxState {
  readonly online: boolean;
  /** why it is not online */
  readonly fault: { readonly code: FaultCode; readonly why: string } | null;
  readonly isNetwork: boolean;
  /** what says that there is something new: the system's events, or only our own listings */
  readonly mode: "events" | "listings";
  /** why events are not relied on */
  readonly deaf: string | null;
}

/** What is kept of the volume of an inbox, from run to run. */
export interface VolumeBook {
  /** how it was last seen online */
  known(): Volume | undefined;
  saw(volume: Volume): void;
  newMarker(): string;
}

/** The root of an inbox: there or away, the same volume or another, telling what changes or not. */
export interface Presence {
  readonly state: () => InboxState;
  /** a listing is believed only after this. @returns whether it is, and whether it is of another volume than before */
  arrived(listing: Listing): Promise<"away" | "same" | "another">;
  /** an event came */
  hinted(): void;
  lastHintAt(): Millis;
  deaf(why: string): void;
  away(code: FaultCode, why: string): void;
  /** the process that read it is a new one: it has to be told again to watch */
  forgetWatch(): void;
}

/** Changes found by a listing long after the last event, before events are not believed any more. */
const MISSES = 2;
const EVENT_IS_LATE_MS = 10 * SECOND;

export function presenceOf(
  reader: Reader,
  book: VolumeBook,
  clock: Clock,
  changed: (state: InboxState) => void,
): Presence {
  let state: InboxState = { online: false, fault: null, isNetwork: false, mode: "events", deaf: null };
  let watched: string | undefined;
  let hintedAt = Number.NEGATIVE_INFINITY;
  let missed = 0;

  const become = (next: InboxState): void => {
    const before = state;
    state = next;
    if (JSON.stringify(before) !== JSON.stringify(next)) changed(next);
  };
  const away = (code: FaultCode, why: string): void => {
    watched = undefined;
    become({ ...state, online: false, fault: { code, why } });
  };
  const deaf = (why: string): void => become({ ...state, mode: "listings", deaf: why });

  /** The operating system is asked to watch the folder that is there now, which may be another than a moment ago. */
  const watchOver = async ({ device, folder, isNetwork }: RootSeen): Promise<void> => {
    const root = `${device} ${folder}`;
    const isNew = root !== watched;
    watched = root;
    const online = { ...state, online: true, fault: null, isNetwork };
    if (isNew && isNetwork)
      become({ ...online, mode: "listings", deaf: "it lies on another machine, which does not say what changes" });
    else if (isNew) {
      become({ ...online, mode: "events", deaf: null });
      await reader.ask({ kind: "watch" });
    } else become(online);
  };

  /** The marker of a volume; left there now, if it has none and can be written. */
  const markerOf = async (root: RootSeen, wanted: string | undefined): Promise<string | null> => {
    if (root.marker !== null || wanted === undefined) return root.marker;
    return (await reader.ask({ kind: "mark", marker: wanted })) ? wanted : null;
  };

  return {
    state: () => state,
    hinted() {
      hintedAt = clock.elapsed();
      missed = 0;
    },
    lastHintAt: () => hintedAt,
    deaf,
    away,
    forgetWatch() {
      watched = undefined;
    },
    async arrived(listing) {
      const { root } = listing;
      if (root === undefined) {
        away(listing.trouble?.code ?? "inbox.offline", listing.trouble?.why ?? "");
        return "away";
      }
      const known = book.known();
      const verdict = judgeVolume(known, root, listing.entries.size === 0);
      if (verdict.kind === "away") {
        away("inbox.offline", `${reader.root}: ${verdict.why}`);
        return "away";
      }
      const isWatched = watched !== undefined;
      const wanted = { same: undefined, other: undefined, new: book.newMarker(), unmarked: known?.marker ?? undefined };
      book.saw({ marker: await markerOf(root, wanted[verdict.kind]), device: root.device });
      await watchOver(root);
      if (isWatched && listing.changed && state.mode === "events") {
        missed = clock.elapsed() - hintedAt > EVENT_IS_LATE_MS ? missed + 1 : 0;
        if (missed >= MISSES) deaf("files came without the system saying so");
      }
      return verdict.kind === "same" || verdict.kind === "unmarked" ? "same" : "another";
    },
  };
}

export const isNotAnswering = (failure: unknown): failure is Fault & { readonly code: "inbox.not-answering" } =>
  failure instanceof Fault && failure.code === "inbox.not-answering";
