import type { Event } from "../domain/events.ts";
import type { Clock } from "../domain/ports.ts";
import { MINUTE, type Millis, SECOND, type SetId } from "../domain/words.ts";
import type { Pace } from "./cards.ts";

/** What the page hears: which set changed, never how; the page asks for what it shows. */
export interface Notice {
  readonly id: number;
  readonly type: "set" | "sets" | "inbox";
  readonly set: SetId | null;
}

export interface Live {
  /** to be called with everything the daemon announces */
  hear(event: Event): void;
  /** decisions of one window, for the others; null where they are about no set */
  changed(set: SetId | null): void;
  subscribe(listener: (notice: Notice) => void): () => void;
  /** photos looked at per second, over the last minute */
  readonly pace: Pace;
}

/** A set is spoken of at most this often. */
const EVERY_MS = 250;

export function liveOn(clock: Clock): Live {
  const listeners = new Set<(notice: Notice) => void>();
  const pending = new Map<string, Omit<Notice, "id">>();
  const looked = new Map<SetId, Millis[]>();
  let lastId = 0;

  const flush = (): void => {
    const notices = [...pending.values()];
    pending.clear();
    for (const notice of notices) {
      lastId += 1;
      for (const listener of listeners) listener({ ...notice, id: lastId });
    }
  };
  const tell = (type: Notice["type"], set: SetId | null): void => {
    if (listeners.size === 0) return;
    if (pending.size === 0) setTimeout(flush, EVERY_MS);
    pending.set(`${type} ${set}`, { type, set });
  };

  return {
    hear(event) {
      if (event.kind === "stage.done" && event.stage === "look")
        looked.set(event.set, recent([...(looked.get(event.set) ?? []), clock.elapsed()], clock));
      if (event.kind.startsWith("inbox.")) tell("inbox", null);
      else if ("set" in event) tell(isSetList(event.kind) ? "sets" : "set", event.set);
    },
    changed: (set) => (set === null ? tell("inbox", null) : tell("set", set)),
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    pace(set) {
      const times = recent(looked.get(set) ?? [], clock);
      const [first] = times;
      if (first === undefined || times.length < 2) return null;
      return times.length / Math.max(1, (clock.elapsed() - first) / SECOND);
    },
  };
}

const recent = (times: readonly Millis[], clock: Clock): Millis[] =>
  times.filter((at) => clock.elapsed() - at < MINUTE);

const isSetList = (kind: Event["kind"]): boolean =>
  kind === "set.opened" ||
  kind === "set.joined" ||
  kind === "set.split" ||
  kind === "set.rolled-back" ||
  kind === "set.finished";
