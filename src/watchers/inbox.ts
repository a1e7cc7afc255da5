import type { Arrival } from "../domain/arrival.ts";
import type { ContextFile } from "../domain/context.ts";
import { Fault } from "../domain/fault.ts";
import type { Drop } from "../domain/photo.ts";
import type { Clock } from "../domain/ports.ts";
import type { ResolvedProfile } from "../domain/profile.ts";
import { type Millis, SECOND } from "../domain/words.ts";
import { type Aside, type Companion, dropOf, type Group, readContext } from "./drop.ts";
import { type Judgement, judge, NOTHING_SEEN, type Waiting } from "./judge.ts";
import type { Entry } from "./listing.ts";
import type { Trouble } from "./messages.ts";
import { type InboxState, isNotAnswering, presenceOf, type VolumeBook } from "./presence.ts";
import type { Reader } from "./reader.ts";
import { forgetFaults, learn } from "./settle.ts";

/** A time for folders of this machine, and one for those of another. */
export interface ByPlace {
  readonly local: Millis;
  readonly network: Millis;
}

export interface InboxSettings {
  readonly quietMs: ByPlace;
  readonly patienceMs: Millis;
  /** a listing is made this often whatever the watcher says: events are hints */
  readonly rescanMs: ByPlace;
  /** of a first-level folder, or of loose files (""): what its sets are, and perhaps a quiet time of its own */
  readonly profile: (folder: string) => ResolvedProfile;
}

/** What a listing came to. */
export interface Looked {
  readonly entries: ReadonlyMap<string, Entry>;
  /** another number when something that was there may be there no longer */
  readonly losses: number;
  /** the device the inbox lies on */
  readonly device: string;
  /** everything that is no photo of a set, with the reason */
  readonly aside: readonly Aside[];
  readonly arrivals: readonly Arrival[];
}

export interface InboxReport {
  isTaken(file: Entry): boolean;
  /** folders that a person holds back */
  held(): ReadonlySet<string>;
  readonly volumes: VolumeBook;
  looked(looked: Looked): void;
  /** a listing found all as it was, and nothing to be waited for */
  still(): void;
  /** @param isHere is there a file at this path now? */
  settled(drop: Drop, isHere: (path: string) => boolean): void;
  /** a companion came after its photo was taken. @returns why it stays behind; undefined if it was taken too */
  lateCompanion(companion: Companion): string | undefined;
  state(state: InboxState): void;
  /** a look failed in a way nobody foresaw; the next one comes */
  failed(why: unknown): void;
}

export interface Inbox {
  readonly root: string;
  /** lists now, without waiting for an event, asks anew what is taken, and tries again to read what could not be read */
  look(): void;
  /** takes what is whole of a folder, now */
  go(folder: string): void;
  close(): void;
}

/** Events come in bursts; a listing follows the first of them this much later. */
const HINT_MS = 200;
/** Where there are no events, folders are asked this often whether a name in them is new. */
const PEEK_MS = 10 * SECOND;
/** An inbox that is away, or does not answer, is asked again this much later. */
const RETRY_MS = 5 * SECOND;
/** So many files are read in one go, before what they say is used: more of them where they are small. */
const BATCH = { least: 50, most: 800, quickMs: SECOND / 2 };

/** How often an inbox is looked at when nothing is going on in it. */
export function lookEveryMs({ rescanMs }: InboxSettings, { online, mode, isNetwork }: InboxState): Millis {
  const rescan = isNetwork ? rescanMs.network : rescanMs.local;
  return Math.min(!online ? RETRY_MS : mode === "listings" ? PEEK_MS : rescan, rescan);
}

/** Watches one inbox: events say when to look, a listing says what is there, `judge.ts` says what becomes of it. */
export function watchInbox(settings: InboxSettings, reader: Reader, clock: Clock, report: InboxReport): Inbox {
  const presence = presenceOf(reader, report.volumes, clock, report.state);
  /** An entry that looks otherwise is another object; what becomes of it otherwise comes through here, or with `look()`. */
  let isTakenByEntry = new WeakMap<Entry, boolean>();
  const go = new Set<string>();
  const troubles = new Map<string, Trouble>();
  let standing = NOTHING_SEEN;
  let entries: ReadonlyMap<string, Entry> = new Map();
  let device = "";
  let losses = 0;
  let open: ReadonlySet<string> = new Set();
  let listedAt = Number.NEGATIVE_INFINITY;
  let listingMs = 0;
  let closed = false;

  const place = (times: ByPlace): Millis => (presence.state().isNetwork ? times.network : times.local);
  const alarm = alarmOn(clock, async () => {
    try {
      await look();
      // An inbox that takes long to list is not listed without end. What is done with the listing asks for no rest.
      alarm.restFor(2 * listingMs);
    } catch (failure) {
      // What it comes back with is looked at as for the first time.
      listedAt = Number.NEGATIVE_INFINITY;
      if (isNotAnswering(failure)) presence.away(failure.code, failure.message);
      else report.failed(failure);
    }
    alarm.in(lookEveryMs(settings, presence.state()));
  });

  const look = async (): Promise<void> => {
    if (!(await isWorthListing())) return;
    const now = clock.elapsed();
    const listing = await reader.list();
    listingMs = clock.elapsed() - now;
    const arrived = await presence.arrived(listing);
    // An inbox that is away says nothing about its files: what is known of them stands.
    if (arrived === "away") listedAt = Number.NEGATIVE_INFINITY;
    if (arrived === "away" || closed) return;
    if (arrived === "another") standing = NOTHING_SEEN;
    // Thousands of files that lie there as they did, none of them waited for: nothing can have become of them.
    const isStill = arrived === "same" && !listing.changed && standing.memory.size === 0 && Number.isFinite(listedAt);
    listedAt = now;
    if (isStill) {
      report.still();
      return;
    }
    entries = listing.entries;
    if (listing.hasLost) losses += 1;
    device = listing.root?.device ?? "";
    await judgeAndClose();
  };

  const isWorthListing = async (): Promise<boolean> => {
    const isDue = clock.elapsed() - listedAt >= place(settings.rescanMs) || presence.lastHintAt() > listedAt;
    if (isDue || standing.memory.size > 0 || !presence.state().online) return true;
    return reader.ask({ kind: "peek" });
  };

  const judgeNow = (): Judgement => {
    const judgement = judge(standing, [...entries.values()], {
      isTaken,
      wishes: { held: report.held(), go, open },
      settings: (folder) => ({
        quietMs: settings.profile(folder).quietMs ?? place(settings.quietMs),
        patienceMs: settings.patienceMs,
      }),
      now: clock.elapsed(),
    });
    standing = judgement.standing;
    // What was asked for a folder that is gone is not done to one that comes under its name later.
    for (const folder of go) if (!standing.groups.has(folder)) go.delete(folder);
    return judgement;
  };

  const judgeAndClose = async (): Promise<void> => {
    if (open.size > 0) open = new Set(await reader.ask({ kind: "writers", paths: [...open] }));
    let judgement = judgeNow();
    if (judgement.closing.length > 0) await noteWriters(judgement.closing);
    for (const group of judgement.closing) await take(group);
    if (judgement.closing.length > 0) judgement = judgeNow();
    if (closed) return;
    tell(judgement);
    examine(judgement.examine);
    if (judgement.againInMs !== null) alarm.in(Math.max(judgement.againInMs, HINT_MS));
  };

  /** Asked once for all that closes: it takes a walk through everything that is open on the machine. */
  const noteWriters = async (closing: readonly Group[]): Promise<void> => {
    const written = await reader.ask({ kind: "writers", paths: closing.flatMap(pathsOf) });
    open = new Set([...open, ...written]);
  };

  /** Hands a settled group over, unless somebody still writes one of its files. */
  const take = async (group: Group): Promise<void> => {
    if (closed) return;
    const isGo = go.delete(group.folder);
    if (!isGo && pathsOf(group).some((path) => open.has(path))) return;
    const rest = without(group, open);
    if (rest.photos.length === 0) return;
    try {
      const profile = settings.profile(group.folder);
      const drop = dropOf(
        reader.root,
        rest,
        { profile, looseName: looseName(clock.now()) },
        await contextOf(rest),
        shaOf,
      );
      report.settled(drop, (path) => entries.has(path));
      for (const photo of rest.photos) isTakenByEntry.delete(photo);
      troubles.delete(group.folder);
    } catch (fault) {
      if (!(fault instanceof Fault) || isNotAnswering(fault)) throw fault;
      troubles.set(group.folder, { code: fault.code, why: fault.message });
    }
  };
  const shaOf = ({ path }: Entry): string | undefined => standing.memory.get(path)?.examined?.sha256 ?? undefined;
  const contextOf = async ({ contextFile }: Group): Promise<ContextFile> =>
    contextFile === undefined ? {} : readContext(await reader.ask({ kind: "text", path: contextFile.path }));

  const tell = ({ waiting, aside, closing, late }: Judgement): void => {
    const stuck = closing.flatMap(({ folder, photos }) => {
      const { code, why } = troubles.get(folder) ?? {
        code: "drop.waiting" as const,
        why: "its folder is being closed",
      };
      return photos.map((entry): Aside => ({ entry, code, why }));
    });
    const left = late.flatMap((companion): Aside[] => {
      const why = report.lateCompanion(companion);
      return why === undefined ? [] : [{ entry: companion.entry, code: "drop.late-companion", why }];
    });
    report.looked({ entries, losses, device, aside: [...aside, ...stuck, ...left], arrivals: waiting.map(arrivalOf) });
  };

  const arrivalOf = ({ closesInMs, quietSince, newestAt, ...waiting }: Waiting): Arrival => ({
    ...waiting,
    inbox: reader.root,
    name: waiting.folder === "" ? "loose photos" : waiting.folder,
    quietSince: clock.now() - (clock.elapsed() - quietSince),
    newestAt: clock.now() - (clock.elapsed() - newestAt),
    closesAt: closesInMs === null || troubles.has(waiting.folder) ? null : clock.now() + closesInMs,
    trouble: troubles.get(waiting.folder) ?? null,
  });

  /** Reads quiet files, in the background: an inbox full of them is looked at meanwhile. */
  let examining = false;
  const examine = (files: readonly Entry[]): void => {
    if (examining || files.length === 0) return;
    examining = true;
    void examineAll(files.map(({ path }) => path)).finally(() => {
      examining = false;
      alarm.in(HINT_MS);
    });
  };
  const examineAll = async (paths: readonly string[]): Promise<void> => {
    let size = BATCH.least;
    for (let at = 0, next = 0; at < paths.length && !closed; at = next) {
      try {
        const begun = clock.elapsed();
        next = at + size;
        const found = await reader.ask({ kind: "examine", paths: paths.slice(at, next) });
        size = clock.elapsed() - begun < BATCH.quickMs ? Math.min(2 * size, BATCH.most) : BATCH.least;
        standing = { ...standing, memory: learn(standing.memory, found, clock.elapsed()) };
      } catch (failure) {
        if (!isNotAnswering(failure) && !closed) report.failed(failure);
        return;
      }
    }
  };

  const isTaken = (file: Entry): boolean => {
    const known = isTakenByEntry.get(file);
    if (known !== undefined) return known;
    const isIt = report.isTaken(file);
    isTakenByEntry.set(file, isIt);
    return isIt;
  };

  reader.onPush((push) => {
    if (push.kind === "hint") {
      presence.hinted();
      alarm.in(HINT_MS);
      return;
    }
    if (push.kind === "deaf") presence.deaf(push.why);
    else presence.forgetWatch();
    alarm.in(RETRY_MS);
  });
  alarm.in(0);

  return {
    root: reader.root,
    look() {
      isTakenByEntry = new WeakMap();
      standing = { ...standing, memory: forgetFaults(standing.memory) };
      listedAt = Number.NEGATIVE_INFINITY;
      alarm.in(0);
    },
    go(folder) {
      go.add(folder);
      listedAt = Number.NEGATIVE_INFINITY;
      alarm.in(0);
    },
    close() {
      closed = true;
      alarm.stop();
    },
  };
}

interface Alarm {
  /** rings then, or earlier if asked for */
  in(ms: Millis): void;
  /** does not ring before */
  restFor(ms: Millis): void;
  stop(): void;
}

/** Calls again and again, never twice at a time; what is asked for meanwhile comes right after. */
function alarmOn(clock: Clock, ring: () => Promise<void>): Alarm {
  let timer: NodeJS.Timeout | undefined;
  let dueAt = Number.POSITIVE_INFINITY;
  let restUntil = Number.NEGATIVE_INFINITY;
  let isRinging = false;
  let stopped = false;

  const arm = (): void => {
    clearTimeout(timer);
    if (stopped || isRinging || dueAt === Number.POSITIVE_INFINITY) return;
    timer = setTimeout(() => void run(), Math.max(0, Math.max(dueAt, restUntil) - clock.elapsed()));
  };
  const run = async (): Promise<void> => {
    isRinging = true;
    dueAt = Number.POSITIVE_INFINITY;
    await ring();
    isRinging = false;
    arm();
  };
  return {
    in(ms) {
      dueAt = Math.min(dueAt, clock.elapsed() + ms);
      arm();
    },
    restFor(ms) {
      restUntil = clock.elapsed() + ms;
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

const pathsOf = ({ photos, companions }: Group): string[] =>
  [...photos, ...companions.map(({ entry }) => entry)].map(({ path }) => path);

const without = (group: Group, paths: ReadonlySet<string>): Group => ({
  ...group,
  photos: group.photos.filter(({ path }) => !paths.has(path)),
  companions: group.companions.filter(({ entry, owner }) => !paths.has(entry.path) && !paths.has(owner.path)),
});

/** Loose files have no folder to be called after. */
const looseName = (now: Millis): string =>
  `${new Date(now).toISOString().slice(0, 16).replace("T", " ").replace(":", ".")} loose photos`;
