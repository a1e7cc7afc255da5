/** From a listing to what is read next, what may close, and what is said about the rest. Pure: time is a number. */
import { type Arrival, cameraNumbers } from "../domain/arrival.ts";
import { looksLikePhoto } from "../domain/formats.ts";
import { type Millis, SECOND } from "../domain/words.ts";
import { type Aside, type Companion, type Group, sort } from "./drop.ts";
import type { Entry } from "./listing.ts";
import { type Memory, quietness, type Readiness, readiness, remember, type SettleSettings } from "./settle.ts";

/** What is known from listing to listing. */
export interface Standing {
  readonly memory: Memory;
  /** since when the members of a group are what they are, by folder */
  readonly groups: ReadonlyMap<string, { readonly members: string; readonly changedAt: Millis }>;
}

export const NOTHING_SEEN: Standing = { memory: new Map(), groups: new Map() };

/** What people and other programs have to say about folders and files. */
export interface Wishes {
  /** folders that a person holds back */
  readonly held: ReadonlySet<string>;
  /** folders that a person wants closed now, with what is whole */
  readonly go: ReadonlySet<string>;
  /** paths that another program holds open for writing */
  readonly open: ReadonlySet<string>;
}

export interface Circumstances {
  readonly isTaken: (file: Entry) => boolean;
  readonly wishes: Wishes;
  /** of a folder: a profile may give it a quiet time of its own */
  readonly settings: (folder: string) => SettleSettings;
  /** monotonic */
  readonly now: Millis;
}

/** A folder whose files are still coming; its times are monotonic. */
export interface Waiting extends Omit<Arrival, "inbox" | "name" | "closesAt" | "trouble"> {
  /** null while a person or another program holds it back, or no photo of it can be read */
  readonly closesInMs: Millis | null;
}

export interface Judgement {
  readonly standing: Standing;
  /** files that are quiet: their bytes are to be read */
  readonly examine: readonly Entry[];
  /** what may be taken of the groups that close; what is not whole yet stays behind */
  readonly closing: readonly Group[];
  readonly waiting: readonly Waiting[];
  /** all that is no photo of a set, with the reason */
  readonly aside: readonly Aside[];
  /** companions that came after their photo was taken */
  readonly late: readonly Companion[];
  /** when it will be different by itself; null if it will not */
  readonly againInMs: Millis | null;
}

export function judge(before: Standing, entries: readonly Entry[], around: Circumstances): Judgement {
  const { isTaken, now } = around;
  const { groups, aside, orphans } = sort(entries);
  const late = groups.flatMap(({ companions }) => companions.filter(({ owner }) => isTaken(owner)));
  const fresh = groups.map((group) => freshPart(group, isTaken)).filter(({ photos }) => photos.length > 0);
  const standing: Standing = {
    memory: remember(before.memory, [...fresh.flatMap(membersOf), ...orphans], now),
    groups: new Map(fresh.map((group) => [group.folder, membership(group, before.groups.get(group.folder), now)])),
  };
  const states = fresh.map((group) => stateOf(group, standing, around));
  const single = orphans.map((entry) => orphanState(entry, standing.memory, around));
  const times = [...states, ...single].flatMap(({ againInMs }) => againInMs ?? []);
  return {
    standing,
    late,
    examine: states.flatMap(({ examine }) => examine),
    closing: states.flatMap(({ closing }) => closing ?? []),
    waiting: states.map(({ waiting }) => waiting),
    aside: [...aside, ...states.flatMap((state) => state.aside), ...single.map((state) => state.aside)],
    againInMs: times.length === 0 ? null : Math.max(1, Math.min(...times)),
  };
}

/** What of a group is not taken in yet; a companion goes where its photo goes. */
const freshPart = (group: Group, isTaken: (file: Entry) => boolean): Group => ({
  ...group,
  photos: group.photos.filter((photo) => !isTaken(photo)),
  companions: group.companions.filter(({ owner }) => !isTaken(owner)),
});

const membersOf = ({ photos, companions, sign }: Group): Entry[] => [
  ...photos,
  ...companions.map(({ entry }) => entry),
  ...(sign === undefined ? [] : [sign]),
];

/** A deletion counts as a change too. */
function membership(group: Group, before: { members: string; changedAt: Millis } | undefined, now: Millis) {
  const members = membersOf(group)
    .map(({ path, bytes, mtimeMs }) => `${path}\0${bytes}\0${mtimeMs}`)
    .join("\0");
  return before?.members === members ? before : { members, changedAt: now };
}

interface GroupState extends Pick<Judgement, "examine" | "aside" | "againInMs"> {
  readonly waiting: Waiting;
  readonly closing: Group | null;
}

interface Judged {
  readonly entry: Entry;
  readonly is: Readiness;
}

function stateOf(group: Group, standing: Standing, around: Circumstances): GroupState {
  const { wishes, now } = around;
  const settings = around.settings(group.folder);
  const goes = wishes.go.has(group.folder);
  const isHeld = wishes.held.has(group.folder) && !goes;
  const isDone = goes || saysDone(group, standing.memory, now);
  const files = judged(group, standing.memory, isDone, settings, now);
  const count = (kind: Readiness["kind"]): number => files.filter(({ is }) => is.kind === kind).length;
  const open = files.filter(({ entry }) => wishes.open.has(entry.path)).length;
  const quietSince = standing.groups.get(group.folder)?.changedAt ?? now;
  const waits = [
    ...(isDone ? [] : [quietSince + settings.quietMs - now]),
    ...files.flatMap(({ is }) => ("readyInMs" in is ? [is.readyInMs] : [])),
  ].filter((ms) => ms > 0);
  const isWhole = waits.length === 0 && open === 0;
  const parts = readyPart(group, files, wishes.open);
  const isPhoto = new Set(group.photos);
  const isUnreadable = files.every(({ entry, is }) => !isPhoto.has(entry) || is.kind === "unreadable");
  const closes = !isHeld && parts.photos.length > 0 && count("unexamined") === 0 && (goes || isWhole);
  return {
    waiting: {
      folder: group.folder,
      files: files.length,
      growing: count("growing"),
      incomplete: count("incomplete"),
      open,
      unreadable: count("unreadable"),
      quietSince,
      newestAt: Math.max(...files.map(({ entry }) => standing.memory.get(entry.path)?.firstSeen ?? now)),
      numbers: cameraNumbers(group.photos.map(({ name }) => name)),
      closesInMs: isHeld || open > 0 || isUnreadable ? null : Math.max(0, ...waits),
      isHeld,
    },
    closing: closes ? parts : null,
    examine: files.filter(({ is }) => wantsExamining(is)).map(({ entry }) => entry),
    aside: files
      .filter(({ entry, is }) => isPhoto.has(entry) && !(closes && is.kind === "ready"))
      .map(({ entry, is }) => reasonFor(entry, is, isHeld)),
    // Nobody tells when a program closes a file.
    againInMs: waits.length > 0 ? Math.min(...waits) : open > 0 ? settings.quietMs : null,
  };
}

const wantsExamining = (is: Readiness): boolean =>
  is.kind === "unexamined" || (is.kind === "unreadable" && is.againInMs === 0);

function judged(group: Group, memory: Memory, isDone: boolean, settings: SettleSettings, now: Millis): Judged[] {
  const companions = group.companions.map(({ entry }) => entry);
  return [...group.photos, ...companions].map((entry) => {
    const seen = memory.get(entry.path);
    // A note is whole when it is quiet; a name that is no text can be opened by nobody here.
    const hasEnd = entry.nameIsText && looksLikePhoto(entry.name);
    return { entry, is: hasEnd ? readiness(seen, isDone, settings, now) : quietness(seen, settings, now) };
  });
}

/** How long the sign that all is there must have been left alone itself. */
const SIGN_QUIET_MS = SECOND;

/** Somebody put down that everything is there. What came after the sign was not known to who wrote it. */
function saysDone({ sign, photos, companions }: Group, memory: Memory, now: Millis): boolean {
  const seen = sign === undefined ? undefined : memory.get(sign.path);
  if (seen === undefined || now - seen.since < SIGN_QUIET_MS) return false;
  const others = [...photos, ...companions.map(({ entry }) => entry)];
  return others.every(({ path }) => (memory.get(path)?.firstSeen ?? now) <= seen.firstSeen);
}

function readyPart(group: Group, files: readonly Judged[], open: ReadonlySet<string>): Group {
  const ready = new Set(
    files.flatMap(({ entry, is }) => (is.kind === "ready" && !open.has(entry.path) ? [entry] : [])),
  );
  const photos = group.photos.filter((photo) => ready.has(photo));
  return {
    ...group,
    photos,
    companions: group.companions.filter(({ entry, owner }) => ready.has(entry) && ready.has(owner)),
  };
}

function reasonFor(entry: Entry, is: Readiness, isHeld: boolean): Aside {
  switch (is.kind) {
    case "unreadable":
      return { entry, code: is.code, why: is.why };
    case "incomplete":
      return { entry, code: "drop.incomplete", why: `${entry.relative} ${FLAWS[is.flaw]}` };
    case "growing":
      return { entry, code: "drop.waiting", why: `${entry.relative} is still arriving` };
    case "unexamined":
    case "ready":
      return isHeld
        ? { entry, code: "drop.held", why: `${entry.relative} is whole; its folder is held back` }
        : { entry, code: "drop.waiting", why: `${entry.relative} is whole; its folder is still arriving` };
  }
}

const FLAWS = {
  zeros: "ends in zeros: the copy is not done, or was cut short",
  "no-end-marker": "has no end: the copy is not done, or was cut short",
  short: "is shorter than it says of itself: the copy is not done, or was cut short",
} as const;

/** A companion alone waits for its photo as long as a broken file waits for its end. */
function orphanState(entry: Entry, memory: Memory, { settings, now }: Circumstances) {
  const { quietMs, patienceMs } = settings(entry.relative.includes("/") ? (entry.relative.split("/")[0] ?? "") : "");
  const leftMs = (memory.get(entry.path)?.since ?? now) + quietMs + patienceMs - now;
  const aside: Aside =
    leftMs > 0
      ? { entry, code: "drop.waiting", why: `${entry.relative} waits for its photo` }
      : { entry, code: "drop.orphan", why: `${entry.relative} belongs to no photo that is here` };
  return { aside, againInMs: leftMs > 0 ? leftMs : null };
}
