import { ask, Refused } from "./server.ts";

export interface Notice {
  readonly type: "set" | "sets" | "inbox";
  readonly set: string | null;
}

/** Why nothing is heard: nobody answers, or this browser is not let in any more. */
export type Lost = "away" | "expired";

/** What the window that listens tells the others. */
type Word =
  | { readonly kind: "notice"; readonly notice: Notice }
  | { readonly kind: "open" }
  | { readonly kind: "lost"; readonly why: Lost }
  /** a window that has just come wants to know how things are */
  | { readonly kind: "hello" };

const ROOM = "photogate-live";
/** How soon it is tried again where the browser has given up. */
const AGAIN_MS = 2_000;

/**
 * Hears what changed. The server says which set, never how: the page asks for what it shows.
 *
 * One window of a browser listens for all: a browser opens no more than six connections to one address, and a window that kept one
 * for itself would take it from the pictures. Who holds the lock listens; when its window closes, the next in line does.
 *
 * @param again the stream is there, for the first time or after a break in which notices were missed
 * @param lost the stream broke; it is tried again by itself
 */
export function listen(heard: (notice: Notice) => void, again: () => void, lost: (why: Lost) => void = () => {}): void {
  const room = new BroadcastChannel(ROOM);
  let isOpen = false;
  const hear = (word: Word): void => {
    if (word.kind === "notice") heard(word.notice);
    else if (word.kind === "lost") {
      isOpen = false;
      lost(word.why);
    } else if (word.kind === "open" && !isOpen) {
      isOpen = true;
      again();
    }
  };
  room.addEventListener("message", ({ data }: MessageEvent<Word>) => hear(data));
  room.postMessage({ kind: "hello" } satisfies Word);
  // Held for as long as the window is there.
  void navigator.locks.request(ROOM, () => {
    listenForAll(room, hear);
    return new Promise<never>(() => undefined);
  });
}

function listenForAll(room: BroadcastChannel, hear: (word: Word) => void): void {
  let last: Word | undefined;
  const tell = (word: Word): void => {
    if (word.kind !== "notice") last = word;
    room.postMessage(word);
    hear(word);
  };
  room.addEventListener("message", ({ data }: MessageEvent<Word>) => {
    if (data.kind === "hello" && last !== undefined) room.postMessage(last);
  });

  const connect = (): void => {
    const events = new EventSource("/api/events");
    for (const type of ["set", "sets", "inbox"] as const)
      events.addEventListener(type, (event: MessageEvent<string>) => {
        const { set }: { set: string | null } = JSON.parse(event.data);
        tell({ kind: "notice", notice: { type, set } });
      });
    events.addEventListener("open", () => tell({ kind: "open" }));
    // The browser would wait longer each time, and never says why.
    events.addEventListener("error", () => {
      events.close();
      void whyLost().then((why) => {
        tell({ kind: "lost", why });
        setTimeout(connect, AGAIN_MS);
      });
    });
  };
  connect();
}

const whyLost = (): Promise<Lost> =>
  ask("/api/build", {}).then(
    () => "away" as const,
    (failure: unknown) => (failure instanceof Refused && failure.status === 401 ? "expired" : "away"),
  );

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
