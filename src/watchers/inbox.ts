import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { watch } from "chokidar";
import type { ContextFile } from "../domain/context.ts";
import { Fault } from "../domain/fault.ts";
import { HEAD_BYTES, sniff, TAIL_BYTES, tailFlaw } from "../domain/formats.ts";
import type { Drop } from "../domain/photo.ts";
import type { Clock } from "../domain/ports.ts";
import type { Millis } from "../domain/words.ts";
import { readEnds } from "../files.ts";
import { type Aside, dropOf, type Group, isPruned, readContext, sort } from "./drop.ts";
import { type Entry, list } from "./listing.ts";
import { type Memory, remember, type SettleSettings, settling } from "./settle.ts";

export interface InboxSettings extends SettleSettings {
  /** absolute */
  readonly root: string;
  /** category of its sets where nothing says another */
  readonly category: string;
  /** a listing is made this often whatever the watcher says: events are hints */
  readonly rescanMs: Millis;
}

/** What a listing found. */
export interface Listed {
  /** everything that is no photo of a set, with the reason */
  readonly aside: readonly Aside[];
  /** photos that are still arriving */
  readonly waiting: number;
  readonly closesInMs: Millis | null;
}

export interface InboxReport {
  isTaken(file: Entry): boolean;
  listed(listed: Listed): void;
  settled(drop: Drop): void;
  offline(): void;
  online(): void;
  /** the watcher or a listing failed; listings go on */
  failed(why: unknown): void;
}

export interface Inbox {
  /** lists now, without waiting for an event */
  look(): void;
  close(): Promise<void>;
}

/** Events come in bursts; a listing follows the first of them this much later. */
const HINT_MS = 200;

/** Watches one inbox: events say when to look, a listing says what is there, `settle.ts` says whether it is ready. */
export function watchInbox(settings: InboxSettings, clock: Clock, report: InboxReport): Inbox {
  let memory: Memory = new Map();
  let groups = new Map<string, { readonly members: string; readonly changedAt: Millis }>();
  let isOnline = true;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  let dueAt = Number.POSITIVE_INFINITY;
  let listing: Promise<void> | undefined;
  let again = false;

  const lookIn = (ms: Millis): void => {
    const at = clock.elapsed() + ms;
    if (closed || at >= dueAt) return;
    clearTimeout(timer);
    dueAt = at;
    timer = setTimeout(look, ms);
  };
  const look = (): void => {
    clearTimeout(timer);
    dueAt = Number.POSITIVE_INFINITY;
    if (closed) return;
    if (listing !== undefined) {
      again = true;
      return;
    }
    listing = listOnce().finally(() => {
      listing = undefined;
      lookIn(again ? HINT_MS : settings.rescanMs);
      again = false;
    });
  };

  const listOnce = async (): Promise<void> => {
    try {
      const entries = await list(settings.root, isPruned);
      if ((entries !== undefined) !== isOnline) {
        isOnline = !isOnline;
        if (isOnline) report.online();
        else report.offline();
      }
      // An inbox that is away says nothing about its files: what is known of them stands.
      if (entries !== undefined && !closed) await judge(entries);
    } catch (why) {
      report.failed(why);
    }
  };

  const judge = async (entries: readonly Entry[]): Promise<void> => {
    const sorted = sort(entries);
    const aside = [...sorted.aside];
    const open = sorted.groups.map((group) => ({
      ...group,
      photos: group.photos.filter((photo) => !report.isTaken(photo)),
    }));
    const fresh = open.filter(({ photos }) => photos.length > 0);
    const now = clock.elapsed();
    memory = remember(
      memory,
      fresh.flatMap((group) => [...group.photos, ...group.companions]),
      now,
    );
    groups = new Map(fresh.map((group) => [group.folder, membership(group, groups.get(group.folder), now)]));

    let waiting = 0;
    let closesInMs: Millis | null = null;
    for (const group of fresh) {
      const state = await stateOf(group);
      if (closed) return;
      if (state === "settled") continue;
      waiting += group.photos.length;
      closesInMs = Math.min(closesInMs ?? Number.POSITIVE_INFINITY, state.closesInMs);
      for (const entry of group.photos) aside.push({ entry, code: state.code, why: state.why(entry) });
    }
    report.listed({ aside, waiting, closesInMs });
    if (closesInMs !== null) lookIn(Math.max(closesInMs, HINT_MS));
  };

  /** Hands a settled group over; says otherwise what it waits for. */
  const stateOf = async (group: Group) => {
    const changedAt = groups.get(group.folder)?.changedAt ?? 0;
    let state = settling(group, memory, changedAt, settings, clock.elapsed());
    if (state.kind === "read-ends") {
      memory = new Map([...memory, ...(await endsOf(state.files, memory))]);
      state = settling(group, memory, changedAt, settings, clock.elapsed());
    }
    if (state.kind !== "settled") {
      const closesInMs = state.kind === "waiting" ? state.closesInMs : settings.quietMs;
      return {
        code: "drop.waiting" as const,
        closesInMs,
        why: (entry: Entry) => `${entry.relative} is still arriving`,
      };
    }
    try {
      const context = await contextOf(group);
      report.settled(
        dropOf(settings.root, group, { category: settings.category, looseName: looseName(clock.now()) }, context),
      );
      return "settled";
    } catch (fault) {
      if (!(fault instanceof Fault)) throw fault;
      return { code: fault.code, closesInMs: settings.rescanMs, why: () => fault.message };
    }
  };

  const watcher = watch(settings.root, {
    ignoreInitial: true,
    followSymlinks: false,
    awaitWriteFinish: false,
    persistent: true,
  });
  watcher.on("all", () => lookIn(HINT_MS));
  watcher.on("error", (why) => {
    report.failed(why);
    lookIn(HINT_MS);
  });
  look();

  return {
    look,
    async close() {
      closed = true;
      clearTimeout(timer);
      await watcher.close();
      await listing;
    },
  };
}

/**
 * A folder that a person hands over: taken as it is, at once, without waiting for it to settle.
 *
 * @returns undefined if there is no photo in it, or the folder is not there
 * @throws Fault context.invalid
 */
export async function readDrop(folder: string, category: string): Promise<Drop | undefined> {
  const root = dirname(folder);
  const entries = await list(folder, isPruned, root);
  const group = entries && sort(entries).groups[0];
  return group && dropOf(root, group, { category, looseName: "" }, await contextOf(group));
}

const membership = (
  group: Group,
  before: { readonly members: string; readonly changedAt: Millis } | undefined,
  now: Millis,
) => {
  const members = [...group.photos, ...group.companions, ...(group.contextFile ? [group.contextFile] : [])]
    .map(({ path, bytes, mtimeMs }) => `${path}\0${bytes}\0${mtimeMs}`)
    .join("\0");
  return before?.members === members ? before : { members, changedAt: now };
};

/** Reads the ends of files that are quiet. A file that cannot be read is for `validate` to refuse. */
async function endsOf(files: readonly Entry[], memory: Memory) {
  const ends: [string, NonNullable<ReturnType<Memory["get"]>>][] = [];
  for (const file of files) {
    const seen = memory.get(file.path);
    if (seen !== undefined) ends.push([file.path, { ...seen, end: await endOf(file) }]);
  }
  return ends;
}

async function endOf(file: Entry) {
  if (file.bytes === 0) return "zeros";
  if (!file.nameIsText) return "unread";
  try {
    const { head, tail } = await readEnds(file.path, HEAD_BYTES, TAIL_BYTES);
    return tailFlaw(sniff(head), tail) ?? "whole";
  } catch {
    return "unread";
  }
}

async function contextOf({ contextFile }: Group): Promise<ContextFile> {
  return contextFile === undefined ? {} : readContext(await readFile(contextFile.path, "utf8"));
}

/** Loose files have no folder to be called after. */
const looseName = (now: Millis): string =>
  `${new Date(now).toISOString().slice(0, 16).replace("T", " ").replace(":", ".")} loose photos`;
