/** The roof's end of the watchers: drops become sets, everything else becomes a note. */
import { randomUUID } from "node:crypto";
import { basename, join, resolve } from "node:path";
import { cardLights } from "./card-light.ts";
import { type Config, isWithin, profileOfFolder } from "./config.ts";
import type { Announce, Event } from "./domain/events.ts";
import { Fault, isFaultCode } from "./domain/fault.ts";
import type { Drop, LoadedPhoto } from "./domain/photo.ts";
import type { Clock } from "./domain/ports.ts";
import type { Op } from "./domain/review.ts";
import { type Millis, type PhotoId, SECOND, type SetId } from "./domain/words.ts";
import { makeFolder } from "./files.ts";
import type { Readers } from "./readers.ts";
import type { InboxView } from "./review-server/deps.ts";
import type { Hand } from "./store/gestures.ts";
import type { Note } from "./store/intake.ts";
import type { Store } from "./store/store.ts";
import { RETURNS } from "./store/taking.ts";
import { readDrop } from "./watchers/handed.ts";
import { type Inbox, type InboxReport, type Looked, lookEveryMs, watchInbox } from "./watchers/inbox.ts";
import type { InboxState } from "./watchers/presence.ts";

/** While files arrive an inbox is listed all the time; what has left it is asked of the store this often. */
const MISSING_AGAIN_MS = 10 * SECOND;

interface InboxTools {
  readonly store: Store;
  readonly clock: Clock;
  readonly readers: Readers;
  readonly announce: Announce;
  readonly wake: (set: SetId) => void;
  /** tries a held set again */
  readonly retry: (set: SetId) => void;
  /** lets a photo that was left out go on */
  readonly takeBack: (set: SetId, photo: PhotoId) => void;
  readonly restore: (photo: LoadedPhoto) => void;
  readonly failed: (inbox: string, why: unknown) => void;
}

export interface Inboxes {
  start(): void;
  views(): readonly InboxView[];
  startAgain(asideFor: string): number;
  ingest(folder: string): Promise<SetId>;
  /** A photo that has lost its file may lie elsewhere: what was a copy of it is asked about again. */
  hear(event: Event): void;
  /** Lists an inbox, or all of them, now. */
  look(inbox: string | undefined): void;
  /** Takes what is whole of a folder now ("" = loose files). @throws Fault inbox.unknown, drop.unknown */
  go(inbox: string, folder: string): void;
  /** Holds a folder back, or no longer. @throws Fault inbox.unknown, drop.unknown */
  hold(inbox: string, folder: string, isHeld: boolean): void;
  /** The files that are missing were taken away on purpose. @returns how many */
  letGo(inbox: string): number;
  /** Originals of a set that are not where they were, or whose inbox is away. */
  gone(set: SetId): Promise<readonly string[]>;
  /** Has a photo that was left out or rejected reviewed again. @throws Fault review.unknown-photo */
  redo(photo: PhotoId, hand: Hand): SetId;
  close(): void;
}

/** Makes the inboxes that lie inside the home; one that lies elsewhere and is not there is offline. */
export async function watchInboxes(config: Config, tools: InboxTools): Promise<Inboxes> {
  const { store, clock, announce, readers } = tools;
  const everyMs = new Map<string, (state: InboxState) => Millis>(
    config.inboxes.map(({ root, ...settings }) => [root, (state) => lookEveryMs(settings, state)]),
  );
  const views = new Map<string, InboxView>(config.inboxes.map(({ root }) => [root, notLookedYet(root)]));
  const looked = new Map<string, Looked>();
  const lightOf = cardLights(config, store, clock.elapsed);
  /** what of an inbox was missing, and when that was found out */
  const missingIn = new Map<string, ReturnType<Store["intake"]["missing"]> & { readonly at: Millis }>();
  for (const { root } of config.inboxes) if (isWithin(root, config.home)) await makeFolder(root);
  let watching: Inbox[] = [];

  const take = (drop: Drop, isHere: (path: string) => boolean): SetId | undefined => {
    const { set, isNewSet, touched } = store.sets.take(drop, clock.now(), isHere);
    if (set !== undefined && isNewSet) announce({ kind: "set.opened", set, photos: store.sets.counts(set).photos });
    if (set !== undefined && !isNewSet) announce({ kind: "set.joined", set, photos: store.sets.counts(set).photos });
    for (const one of touched) tools.wake(one);
    return set;
  };

  const hear = (root: string, found: Looked): void => {
    const isHere = (path: string): boolean => found.entries.has(path);
    const notes = found.aside.map(({ entry: { path, bytes, mtimeMs }, code, why }) => ({
      path,
      bytes,
      mtimeMs,
      code,
      why,
    }));
    const hasLost = looked.get(root)?.losses !== found.losses;
    if (hasLost) store.intake.sweep(root, isHere);
    const known = hasLost ? undefined : missingIn.get(root);
    const isKnown = known !== undefined && clock.elapsed() - known.at < MISSING_AGAIN_MS;
    const gone = isKnown ? known : { ...store.intake.missing(root, isHere), at: clock.elapsed() };
    missingIn.set(root, gone);
    const { missing, of } = gone;
    store.intake.note(root, [...notes, ...missingNotes(root, missing, of)], clock.now());
    looked.set(root, found);
    see(root, {
      arrivals: found.arrivals,
      waiting: found.arrivals.reduce((sum, { files }) => sum + files, 0),
      missing: missing.length,
      lookedAt: clock.now(),
    });
    store.expect([...looked.values()].some(({ arrivals }) => arrivals.length > 0));
  };

  const become = (root: string, state: InboxState): void => {
    const before = views.get(root);
    const { online, fault, mode, deaf, isNetwork } = state;
    const every = everyMs.get(root)?.(state) ?? 0;
    see(root, { online, code: fault?.code ?? null, why: fault?.why ?? null, mode, deaf, isNetwork, everyMs: every });
    if (fault !== null) store.intake.noteAway(root, { path: root, bytes: 0, mtimeMs: 0, ...fault }, clock.now());
    // That an inbox is there at the start is no news.
    if ((before?.code ?? null) === (fault?.code ?? null)) return;
    announce(
      online ? { kind: "inbox.online", inbox: root } : { kind: "inbox.offline", inbox: root, why: fault?.why ?? "" },
    );
    if (online) takeUp(root);
  };
  /** What waited for the inbox need not wait for its time. */
  const takeUp = (root: string): void => {
    for (const { id, inbox } of store.sets.all())
      if (inbox === root && (store.checkpoints.holdOf(id)?.code.startsWith("inbox.") ?? false)) tools.retry(id);
  };

  const see = (root: string, part: Partial<InboxView>): void => {
    const before = views.get(root) ?? notLookedYet(root);
    const view = { ...before, ...part };
    views.set(root, view);
    if (told(before) !== told(view)) announce({ kind: "inbox.changed", inbox: root, waiting: view.waiting });
  };

  const reportOf = (root: string): InboxReport => ({
    isTaken: store.intake.isTaken,
    held: () => store.inboxes.held(root),
    volumes: {
      known: () => store.inboxes.volume(root),
      saw: (volume) => store.inboxes.sawVolume(root, volume, clock.now()),
      newMarker: randomUUID,
    },
    looked: (found) => hear(root, found),
    still: () => see(root, { lookedAt: clock.now() }),
    settled(drop, isHere) {
      take(drop, isHere);
      // What was missing at its old place may be a photo at a new one.
      missingIn.delete(root);
      // Let go once, it is not held when more comes.
      store.inboxes.release(root, drop.folder === root ? "" : basename(drop.folder));
    },
    lateCompanion({ entry, owner }) {
      return store.sets.addCompanion(owner, entry)
        ? undefined
        : `${entry.relative} came after ${owner.name} was copied without it`;
    },
    state: (state) => become(root, state),
    failed: (why) => tools.failed(root, why),
  });
  const lookAnew = (inbox: Inbox): void => {
    missingIn.delete(inbox.root);
    inbox.look();
  };
  const inboxAt = (root: string): Inbox => {
    const inbox = watching.find((one) => one.root === root);
    if (inbox === undefined) throw new Fault("inbox.unknown", `${root} is no inbox`);
    return inbox;
  };

  const clearVerdict = (photo: PhotoId, hand: Hand): void => {
    const set = store.sets.photo(photo)?.setId ?? "";
    const [result] = store.desk.apply(set, [undecided(photo)], hand);
    if (result?.ok === false && isFaultCode(result.code)) throw new Fault(result.code, result.message);
  };
  /** A wish about a folder that is not there would be granted to one that comes under its name some day. */
  const mustWait = (root: string, folder: string): void => {
    if (views.get(root)?.arrivals.some((arrival) => arrival.folder === folder) !== true)
      throw new Fault("drop.unknown", `${join(root, folder)} holds nothing that waits to be taken in`);
  };

  return {
    start() {
      watching = config.inboxes.map(({ root, ...settings }) =>
        watchInbox(settings, readers.of(root), clock, reportOf(root)),
      );
    },
    views: () =>
      [...views.values()].map((view) => {
        const found = looked.get(view.path);
        return found === undefined ? view : { ...view, card: lightOf(view.path, found) };
      }),
    startAgain(asideFor) {
      const files = store.intake.startAgain(asideFor, clock.now());
      for (const inbox of watching) lookAnew(inbox);
      return files;
    },
    async ingest(folder) {
      const reader = readers.elsewhere(resolve(folder));
      const profile = profileOfFolder(config.inboxes, resolve(folder));
      const drop = await readDrop(reader, profile).finally(reader.close);
      const set = drop && take(drop, () => true);
      if (set === undefined) throw new Fault("set.unknown", `${folder} holds no photo that is not taken in already`);
      return set;
    },
    hear(event) {
      if (event.kind !== "photo.culled" || !RETURNS.some((code) => code === event.code)) return;
      for (const inbox of watching) inbox.look();
    },
    look(root) {
      for (const inbox of watching) if (root === undefined || inbox.root === root) lookAnew(inbox);
    },
    go(root, folder) {
      const inbox = inboxAt(root);
      mustWait(root, folder);
      inbox.go(folder);
    },
    hold(root, folder, isHeld) {
      const inbox = inboxAt(root);
      if (isHeld) mustWait(root, folder);
      if (isHeld) store.inboxes.hold(root, folder, clock.now());
      else store.inboxes.release(root, folder);
      // It shows at once; when it closes is known after the look.
      const closesAt = isHeld ? null : clock.now();
      const changed = (views.get(root)?.arrivals ?? []).map((arrival) =>
        arrival.folder === folder ? { ...arrival, isHeld, closesAt } : arrival,
      );
      see(root, { arrivals: changed });
      lookAnew(inbox);
    },
    letGo(root) {
      const inbox = inboxAt(root);
      const found = looked.get(root);
      const files = found === undefined ? 0 : store.intake.letGo(root, (path) => found.entries.has(path), clock.now());
      lookAnew(inbox);
      return files;
    },
    async gone(set) {
      const photos = store.sets.photos(set).filter(({ facts }) => facts.ingest !== undefined);
      const inbox = store.sets.get(set)?.inbox ?? "";
      const paths = photos.map(({ source }) => source.path);
      if (views.has(inbox)) {
        const isThere = views.get(inbox)?.online === true && store.inboxes.hasVolumeOf(set);
        const entries = isThere ? looked.get(inbox)?.entries : undefined;
        return paths.filter((path) => !(entries?.has(path) ?? false));
      }
      const missing: string[] = [];
      for (const path of paths) await readers.originals.ends(path, 0, 0, NEVER).catch(() => missing.push(path));
      return missing;
    },
    redo(id, hand) {
      const photo = store.sets.photo(id);
      if (photo === undefined) throw new Fault("review.unknown-photo", `there is no photo ${id}`);
      const set = photo.setId;
      const isThere = [...looked.values()].some(({ entries }) => entries.has(photo.source.path));
      if (!isThere) store.sets.repoint(id, clock.now());
      tools.restore(photo);
      if (store.sets.culls(set).has(id)) tools.takeBack(set, id);
      else clearVerdict(id, hand);
      tools.wake(set);
      return set;
    },
    close() {
      for (const inbox of watching) inbox.close();
    },
  };
}

const notLookedYet = (path: string): InboxView => ({
  path,
  online: false,
  code: null,
  why: null,
  isNetwork: false,
  mode: "events",
  deaf: null,
  everyMs: 0,
  waiting: 0,
  missing: 0,
  arrivals: [],
  lookedAt: null,
  card: null,
});

const NEVER = new AbortController().signal;

/** Takes a verdict away, whatever it is by now. */
function undecided(photo: PhotoId): Op {
  const id = randomUUID();
  const client = `redo-${id}`;
  return {
    id,
    client,
    seq: 1,
    gesture: id,
    photo,
    field: "verdict",
    to: null,
    baseRev: Number.MAX_SAFE_INTEGER,
    seen: null,
  };
}

/** What of a view is worth telling anew: times run on by themselves. */
const told = ({ lookedAt: _, arrivals, ...view }: InboxView): string =>
  JSON.stringify([
    view,
    arrivals.map(({ quietSince, newestAt, closesAt, ...arrival }) => [
      arrival,
      Math.round(quietSince / SECOND),
      Math.round(newestAt / SECOND),
      closesAt === null ? null : Math.round(closesAt / SECOND),
    ]),
  ]);

/** More files than these vanish only with their disk, or because a person cleared up. */
const MANY = { files: 50, share: 0.25, least: 10 };

/** Files that are not there any more; a person is asked about many of them at once. Pure. */
export function missingNotes(
  root: string,
  missing: readonly Pick<Note, "path" | "bytes" | "mtimeMs">[],
  of: number,
): Note[] {
  const isMany = missing.length > MANY.files || (missing.length >= MANY.least && missing.length > MANY.share * of);
  if (isMany)
    return [
      {
        path: root,
        bytes: 0,
        mtimeMs: 0,
        code: "inbox.many-missing",
        why: `${missing.length} of ${of} originals are not in ${root} any more`,
      },
    ];
  return missing.map(({ path, bytes, mtimeMs }) => ({
    path,
    bytes,
    mtimeMs,
    code: "photo.source-gone",
    why: `${path} is not there any more; our copy is kept`,
  }));
}
