/** The roof's end of the watchers: drops become sets, everything else becomes a note. */
import { resolve } from "node:path";
import { type Config, isWithin } from "./config.ts";
import type { Announce } from "./domain/events.ts";
import { Fault } from "./domain/fault.ts";
import type { Clock } from "./domain/ports.ts";
import type { SetId } from "./domain/words.ts";
import { makeFolder } from "./files.ts";
import type { InboxView } from "./review-server/deps.ts";
import type { Store } from "./store/store.ts";
import { type Inbox, type Listed, readDrop, watchInbox } from "./watchers/inbox.ts";

interface InboxTools {
  readonly store: Store;
  readonly clock: Clock;
  readonly announce: Announce;
  readonly wake: (set: SetId) => void;
  readonly failed: (inbox: string, why: unknown) => void;
}

export interface Inboxes {
  start(): void;
  views(): readonly InboxView[];
  startAgain(asideFor: string): number;
  ingest(folder: string): Promise<SetId>;
  close(): Promise<void>;
}

/** Makes the inboxes that lie inside the home; one that lies elsewhere and is not there is offline. */
export async function watchInboxes(config: Config, tools: InboxTools): Promise<Inboxes> {
  const { store, clock, announce } = tools;
  const views = new Map<string, InboxView>(
    config.inboxes.map(({ root }) => [root, { path: root, online: true, waiting: 0, closesInMs: null }]),
  );
  for (const { root } of config.inboxes) if (isWithin(root, config.home)) await makeFolder(root);
  let watching: Inbox[] = [];

  const take = (drop: Parameters<Store["sets"]["open"]>[0]): SetId | undefined => {
    const set = store.sets.open(drop, clock.now());
    if (set === undefined) return undefined;
    announce({ kind: "set.opened", set: set.id, photos: store.sets.counts(set.id).photos });
    tools.wake(set.id);
    return set.id;
  };
  const listed = (root: string, { aside, waiting, closesInMs }: Listed): void => {
    const notes = aside.map(({ entry, code, why }) => ({
      path: entry.path,
      bytes: entry.bytes,
      mtimeMs: entry.mtimeMs,
      code,
      why,
    }));
    store.intake.note(root, notes, clock.now());
    const before = views.get(root);
    views.set(root, { path: root, online: true, waiting, closesInMs });
    if (before?.waiting !== waiting) announce({ kind: "inbox.changed", inbox: root, waiting, closesInMs });
  };
  const online = (root: string, is: boolean): void => {
    views.set(root, { path: root, online: is, waiting: 0, closesInMs: null });
    announce({ kind: is ? "inbox.online" : "inbox.offline", inbox: root });
  };

  return {
    start() {
      watching = config.inboxes.map((inbox) =>
        watchInbox(inbox, clock, {
          isTaken: store.intake.isTaken,
          listed: (found) => listed(inbox.root, found),
          settled: take,
          offline: () => online(inbox.root, false),
          online: () => online(inbox.root, true),
          failed: (why) => tools.failed(inbox.root, why),
        }),
      );
    },
    views: () => [...views.values()],
    startAgain(asideFor) {
      const files = store.intake.startAgain(asideFor, clock.now());
      for (const inbox of watching) inbox.look();
      return files;
    },
    async ingest(folder) {
      const drop = await readDrop(resolve(folder), config.inboxes[0]?.category ?? "gallery");
      const set = drop && take(drop);
      if (set === undefined) throw new Fault("set.unknown", `${folder} holds no photo that is not taken in already`);
      return set;
    },
    async close() {
      await Promise.all(watching.map((inbox) => inbox.close()));
    },
  };
}
