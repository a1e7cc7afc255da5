import type { Look } from "../../domain/review.ts";
import type { Row } from "../rows.ts";
import { clientOfTab, keep, takeKept } from "./kept.ts";
import { post, postAndLeave } from "./server.ts";
import { staying } from "./staying.ts";

/** A photo on the screen, with the node its picture is in. */
export interface Shown {
  readonly row: Row;
  readonly picture: HTMLImageElement;
  /** alone and large */
  readonly opened: boolean;
}

export interface Seen {
  /** Something else may be on the screen now. */
  look(): void;
  isSeen(row: Row): boolean;
  /** Sends what was seen. @throws Unreachable, Refused */
  flush(): Promise<void>;
  /** the page is going away */
  leave(): void;
}

const SEND_AFTER_MS = 2_000;
const MOST = 500;
const KIND = "-seen";

/**
 * Knows what a person has had before their eyes: at least half of it on the screen, its picture decoded, the window in
 * front, for long enough. An approval by screen is of nothing else.
 *
 * @param shown what is on the screen, as far as its words can be read there
 */
export function seenWith(set: string, shown: () => readonly Shown[]): Seen {
  const address = `/api/sets/${encodeURIComponent(set)}/seen`;
  const client = clientOfTab();
  const stay = staying();
  const known = new Map<string, Look["opened"]>();
  const decoded = new WeakMap<HTMLImageElement, string>();
  let queue: readonly Look[] = takeKept<Look>(set, KIND);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let sending: ReturnType<typeof setTimeout> | undefined;
  let open: { readonly photo: number; readonly hash: string; readonly from: number } | undefined;

  const put = (looks: readonly Look[]): void => {
    queue = looks;
    keep(set, client, queue, KIND);
  };
  const add = (look: Look): void => {
    put([...queue, look]);
    sending ??= setTimeout(() => void flush().catch(() => undefined), SEND_AFTER_MS);
  };
  const flush = async (): Promise<void> => {
    clearTimeout(sending);
    sending = undefined;
    while (queue.length > 0) {
      const batch = queue.slice(0, MOST);
      await post(address, { looks: batch });
      put(queue.filter((look) => !batch.includes(look)));
    }
  };

  /** Is the picture of this very address there and decoded? Asks for it, and looks again when it is. */
  const isDecoded = (picture: HTMLImageElement): boolean => {
    if (!picture.complete || picture.naturalWidth <= 1) return false;
    const src = picture.currentSrc;
    if (decoded.get(picture) === src) return true;
    const note = (): void => {
      if (picture.currentSrc !== src) return;
      decoded.set(picture, src);
      look();
    };
    picture.decode().then(note, () => undefined);
    return false;
  };

  const visible = (): readonly Shown[] =>
    document.visibilityState === "visible" && document.hasFocus() ? shown() : [];
  const look = (): void => {
    clearTimeout(timer);
    const now = performance.now();
    const there = new Map(
      visible().flatMap((one) =>
        one.row.hash === null || !isDecoded(one.picture) ? [] : [[`${one.row.id} ${one.row.hash} ${one.opened}`, one]],
      ),
    );
    dwell(now, [...there.values()].find(({ opened }) => opened)?.row);
    for (const key of stay.look(now, there.keys())) {
      const one = there.get(key);
      if (one !== undefined) note(one);
    }
    const due = stay.due();
    if (due !== undefined) timer = setTimeout(look, Math.max(0, due - now) + 1);
  };
  const note = ({ row: { id, hash, looked }, opened }: Shown): void => {
    if (hash === null) return;
    const before = known.get(`${id} ${hash}`) ?? (looked === null ? undefined : looked === "opened");
    known.set(`${id} ${hash}`, opened || before === true);
    if (before === undefined || (opened && !before)) add({ photo: id, hash, opened, dwellMs: 0 });
  };
  /** How long one photo was alone on the screen is said when it is no longer. */
  const dwell = (now: number, row: Row | undefined): void => {
    if (row?.id === open?.photo && row?.hash === open?.hash) return;
    const wasOpened = open !== undefined && known.get(`${open.photo} ${open.hash}`) === true;
    if (open !== undefined && wasOpened)
      add({ photo: open.photo, hash: open.hash, opened: true, dwellMs: Math.round(now - open.from) });
    open = row?.hash == null ? undefined : { photo: row.id, hash: row.hash, from: now };
  };

  document.addEventListener("visibilitychange", look);
  window.addEventListener("focus", look);
  window.addEventListener("blur", look);
  // Pictures do not tell their ancestors that they are there; on the way down it is heard all the same.
  document.addEventListener("load", look, true);

  return {
    look,
    isSeen: ({ id, hash, looked }) => looked !== null || known.has(`${id} ${hash}`),
    flush,
    leave() {
      dwell(performance.now(), undefined);
      if (queue.length > 0) postAndLeave(address, { looks: queue.slice(0, MOST) });
    },
  };
}
