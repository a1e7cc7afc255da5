/** Drops in simulated time, in memory: the product's own intake, with nothing but the disk and the clock exchanged. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Config, readConfig } from "../../../src/config.ts";
import type { Announce } from "../../../src/domain/events.ts";
import { Fault } from "../../../src/domain/fault.ts";
import { HEAD_BYTES, hasProvenEnd, structureFlaw, TAIL_BYTES } from "../../../src/domain/formats.ts";
import { cull, done } from "../../../src/domain/stage.ts";
import { type Millis, type PhotoId, SECOND, type SetId } from "../../../src/domain/words.ts";
import { randomFrom } from "../../../src/imaging/brushes.ts";
import { type Inboxes, watchInboxes } from "../../../src/inboxes.ts";
import { english } from "../../../src/language/english.ts";
import { openDatabase } from "../../../src/store/database.ts";
import { type Store, storeOn } from "../../../src/store/store.ts";
import type { Entry } from "../../../src/watchers/listing.ts";
import type { Ask, Examined } from "../../../src/watchers/messages.ts";
import type { Push, Reader } from "../../../src/watchers/reader.ts";
import { hand, op } from "../../store/home.ts";
import { type Disk, type DiskFile, emptyDisk } from "./disk.ts";
import { type Album, openAlbum, sha256 } from "./pictures.ts";
import { type Act, folderOf, gapAfter, numberIn, type Script, type Times } from "./script.ts";
import { STORY_NAMES, tell } from "./stories.ts";
import { type DropsReport, type DropsTally, dropsTally } from "./summary.ts";
import { startTimeline, type Timeline } from "./timeline.ts";
import { judgeOutcome, outcomeOf } from "./verdict.ts";

/** Unsafe intakes, planted to show that the checker sees them. */
export const PLANTED = {
  impatient: "a file without its end is not waited for",
  hasty: "a file need not have been left alone",
  nameless: "content is nobody's identity",
  blind: "one drop in ten is believed to be taken in already",
} as const;
export type Planted = keyof typeof PLANTED;

export interface SimulationOptions {
  readonly drops: number;
  readonly seed: number;
  readonly planted?: Planted | undefined;
}

/** So many drops share an inbox, and come within some minutes. */
const AT_ONCE = 20;
const WITHIN_MS = 400 * SECOND;
const EPOCH = Date.UTC(2026, 9, 14, 8);

export async function simulateDrops({ drops, seed, planted }: SimulationOptions): Promise<DropsReport> {
  const home = mkdtempSync(join(tmpdir(), "photogate-drops-"));
  const random = randomFrom(seed);
  const album = await openAlbum();
  const config = plantedIn(readConfig(home), planted);
  const tally = dropsTally(seed);
  try {
    for (let first = 1; first <= drops; first += AT_ONCE)
      await simulate({ config, album, random, planted, tally, first, count: Math.min(AT_ONCE, drops - first + 1) });
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
  return tally.report();
}

function plantedIn(config: Config, planted: Planted | undefined): Config {
  const inboxes = config.inboxes.map((inbox) => ({
    ...inbox,
    ...(planted === "impatient" ? { patienceMs: 0 } : {}),
    ...(planted === "hasty" ? { quietMs: { local: 1, network: 1 } } : {}),
  }));
  return { ...config, inboxes };
}

interface Batch {
  readonly config: Config;
  readonly album: Album;
  readonly random: () => number;
  readonly planted: Planted | undefined;
  readonly tally: DropsTally;
  readonly first: number;
  readonly count: number;
}

async function simulate({ config, album, random, planted, tally, first, count }: Batch): Promise<void> {
  const { settle } = readConfig(config.home).settings;
  const times: Times = {
    quietMs: settle.quietSeconds * SECOND,
    patienceMs: settle.patienceSeconds * SECOND,
    rescanMs: settle.rescanSeconds * SECOND,
    marginMs: SECOND,
  };
  const scripts = Array.from({ length: count }, (_, i) =>
    tell(STORY_NAMES[(first + i - 1) % STORY_NAMES.length] ?? "mixed", first + i, { random, album, times }),
  );
  const timeline = startTimeline();
  try {
    const world = await openWorld({ config, random, planted, timeline });
    let last = 0;
    for (const script of scripts) {
      const begins = random() * WITHIN_MS;
      for (const act of script.acts) {
        const at = Math.round(begins + act.at);
        last = Math.max(last, at);
        timeline.in(at, () => world.act(script, act));
      }
    }
    const { quietMs, patienceMs, rescanMs } = times;
    await timeline.runTo(last + patienceMs + 3 * rescanMs + 10 * quietMs);
    const outcome = outcomeOf(world.store, config.home, world.waiting());
    const judged = judgeOutcome(world.disk, outcome, times, EPOCH);
    tally.add(scripts, judged, world.failures);
    world.close();
    await timeline.runTo(timeline.now() + 60 * SECOND);
  } finally {
    timeline.stop();
  }
}

interface World {
  readonly disk: Disk;
  readonly store: Store;
  readonly failures: readonly string[];
  act(script: Script, act: Act): void;
  waiting(): readonly string[];
  close(): void;
}

interface Ground {
  readonly config: Config;
  readonly random: () => number;
  readonly planted: Planted | undefined;
  readonly timeline: Timeline;
}

async function openWorld({ config, random, planted, timeline }: Ground): Promise<World> {
  const root = config.inboxes[0]?.root ?? "";
  const disk = emptyDisk();
  const now = (): Millis => Math.floor(EPOCH + timeline.now());
  const clock = { now, elapsed: timeline.now };
  const database = openDatabase(":memory:", { workRoot: join(config.home, "data", "work"), now: EPOCH });
  const opened = storeOn(database, english());
  const sets = { ...opened.sets, take: plantedTake(opened, planted) };
  const store: Store = { ...opened, sets, intake: plantedIntake(opened, planted) };
  const reader = readerOn(disk, { home: config.home, root, random, timeline });
  const failures: string[] = [];
  const lines = ingestLine({
    store,
    disk,
    home: config.home,
    random,
    timeline,
    announce: (event) => inboxes.hear(event),
  });
  const inboxes: Inboxes = await watchInboxes(config, {
    store,
    clock,
    readers: { of: () => reader, elsewhere: () => reader, originals: NOT_ASKED, close: () => undefined },
    announce: () => undefined,
    wake: lines.wake,
    retry: () => undefined,
    takeBack: () => undefined,
    restore: () => undefined,
    failed: (_, why) => failures.push(String(why)),
  });
  inboxes.start();
  // Some systems tell everything, some forget a part, some say nothing at all.
  const lost = [0, 0.3, 0.3, 1][Math.floor(random() * 4)] ?? 0;

  const decide = (folder: string): void => {
    const set = store.sets.all().findLast((one) => one.folder === join(config.home, folder));
    const photo = set && store.sets.photos(set.id)[0];
    if (set !== undefined && photo !== undefined) store.desk.apply(set.id, [op(photo.id, "verdict", "held")], hand);
  };
  /** A person can hold or let go what the page shows them; until then they wait. */
  const ask = (wish: () => void, until: Millis): void => {
    try {
      wish();
    } catch (failure) {
      if (!(failure instanceof Fault)) throw failure;
      if (timeline.now() + BLINK_MS < until) timeline.in(BLINK_MS, () => ask(wish, until));
    }
  };
  return {
    disk,
    store,
    failures,
    act({ isVisible, acts }, act) {
      const isHeard = disk.apply(act, timeline.now(), isVisible) && random() >= lost;
      if (isHeard) timeline.in(1 + random() * 30, reader.hint);
      if (act.do === "hold") ask(() => inboxes.hold(root, folderOf(act), true), timeline.now() + gapAfter(acts, act));
      if (act.do === "go") ask(() => inboxes.go(root, folderOf(act)), Number.POSITIVE_INFINITY);
      if (act.do === "decide") decide(act.folder);
    },
    waiting: () => inboxes.views().flatMap(({ arrivals }) => arrivals.map(({ name }) => name)),
    close: () => inboxes.close(),
  };
}

const BLINK_MS = 300;

const notAsked = (): Promise<never> => Promise.reject(new Error("nobody asks for originals here"));
const NOT_ASKED = { ends: notAsked, copy: notAsked, looks: notAsked, remove: notAsked };

function plantedIntake({ intake }: Store, planted: Planted | undefined): Store["intake"] {
  if (planted !== "blind") return intake;
  return { ...intake, isTaken: (file) => numberIn(file.path) % 10 === 0 || intake.isTaken(file) };
}

function plantedTake({ sets }: Store, planted: Planted | undefined): Store["sets"]["take"] {
  if (planted !== "nameless") return sets.take;
  return (drop, at, isHere) => {
    const shots = drop.shots.map((shot) => ({ ...shot, main: { ...shot.main, sha256: undefined } }));
    return sets.take({ ...drop, shots }, at, isHere);
  };
}

interface Place {
  readonly home: string;
  readonly root: string;
  readonly random: () => number;
  readonly timeline: Timeline;
}

/** Reads the disk in memory, with the pauses that a real one has. */
function readerOn(disk: Disk, { home, root, random, timeline }: Place): Reader & { hint(): void } {
  let listener: (push: Push) => void = () => undefined;
  let marker: string | null = null;
  let entries = new Map<string, Entry>();
  const takesUpTo = (ms: Millis): Promise<void> => timeline.sleep(random() * ms);
  const fileAt = (path: string): DiskFile | undefined => disk.files.get(path.slice(home.length + 1));

  /** Looked at and read at different moments, as the real one does. */
  const examine = async (path: string): Promise<Examined> => {
    const seen = fileAt(path);
    if (seen === undefined) return unreadable(path, "photo.gone");
    // In the hands of a virus scanner, or behind a share that is away for a moment.
    if (random() < 0.03) return unreadable(path, "photo.read-error");
    const { bytes, mtimeMs } = seen;
    const flaw = bytes.length === 0 ? "zeros" : structureFlaw(headOf(bytes), tailOf(bytes), bytes.length);
    const isProven = flaw === undefined && hasProvenEnd(headOf(bytes), tailOf(bytes), bytes.length);
    if (random() < 0.2) await takesUpTo(300);
    const read = fileAt(path);
    if (read === undefined) return unreadable(path, "photo.gone");
    const content = read.bytes.length === 0 ? null : sha256(read.bytes);
    return {
      path,
      bytes: bytes.length,
      mtimeMs,
      flaw: flaw ?? null,
      hasProvenEnd: isProven,
      sha256: content,
      fault: null,
    };
  };
  const examineAll = async (paths: readonly string[]): Promise<Examined[]> => {
    const found: Examined[] = [];
    for (const path of paths) found.push(await examine(path));
    return found;
  };
  const answer = async (ask: Ask): Promise<unknown> => {
    switch (ask.kind) {
      case "examine":
        return examineAll(ask.paths);
      case "writers":
        await takesUpTo(20);
        return ask.paths.filter((path) => fileAt(path)?.isOpen === true);
      case "text":
        return fileAt(ask.path)?.bytes.toString("utf8") ?? "";
      case "mark":
        marker = ask.marker;
        return true;
      case "peek":
        return true;
      case "watch":
        return null;
      case "list":
      case "root":
      case "ends":
      case "copy":
      case "looks":
      case "remove":
        throw new Error(`nobody asks for ${ask.kind} here`);
    }
  };
  return {
    root,
    async list() {
      await takesUpTo(40);
      const before = entries;
      // What is as it was is that very object, as in the real one.
      const kept = (path: string, entry: Entry): Entry => {
        const was = before.get(path);
        return was !== undefined && isSame(was, entry) ? was : entry;
      };
      entries = new Map([...entriesOf(disk, home)].map(([path, entry]) => [path, kept(path, entry)]));
      const changed = before.size !== entries.size || [...entries].some(([path, entry]) => before.get(path) !== entry);
      const hasLost = [...before.keys()].some((path) => !entries.has(path));
      const seen = { device: "1", folder: "1", marker, isNetwork: false };
      return { root: seen, trouble: null, entries, changed, hasLost };
    },
    ask: (ask) => answer(ask).then(asAsked),
    onPush(to) {
      listener = to;
    },
    hint: () => listener({ kind: "hint" }),
    close: () => undefined,
  };
}

/** What a task answers is what `Tasks` says of it; the compiler cannot follow the name of the task through the switch. */
// biome-ignore lint/suspicious/noExplicitAny: see above
const asAsked = (value: unknown): any => value;

const headOf = (bytes: Buffer): Buffer => bytes.subarray(0, HEAD_BYTES);
const tailOf = (bytes: Buffer): Buffer => bytes.subarray(Math.max(0, bytes.length - TAIL_BYTES));

function unreadable(path: string, code: "photo.gone" | "photo.read-error"): Examined {
  const fault = { code, why: `${path} cannot be read` };
  return { path, bytes: 0, mtimeMs: 0, flaw: null, hasProvenEnd: false, sha256: null, fault };
}

function entriesOf({ files }: Disk, home: string): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  for (const [path, { bytes, mtimeMs, inode }] of files) {
    if (!path.startsWith("inbox/")) continue;
    const relative = path.slice("inbox/".length);
    const name = relative.split("/").at(-1) ?? "";
    const absolute = join(home, path);
    const size = bytes.length;
    entries.set(absolute, {
      path: absolute,
      relative,
      name,
      kind: "file",
      bytes: size,
      mtimeMs,
      inode,
      nameIsText: true,
    });
  }
  return entries;
}

const isSame = (before: Entry | undefined, now: Entry): boolean =>
  before?.bytes === now.bytes && before.mtimeMs === now.mtimeMs && before.inode === now.inode;

interface Line {
  readonly announce: Announce;
  readonly store: Store;
  readonly disk: Disk;
  readonly home: string;
  readonly random: () => number;
  readonly timeline: Timeline;
}

const LOOKS = 5;

/** What the first stages do a little later: a file that is gone or another by then leaves its photo out. */
function ingestLine({ store, disk, home, random, timeline, announce }: Line): { wake(set: SetId): void } {
  const underway = new Set<PhotoId>();
  const step = (id: PhotoId, look: number): void => {
    const photo = store.sets.photo(id);
    if (photo === undefined) return;
    const { setId, source } = photo;
    const commit = (stage: "validate" | "ingest", outcome: Parameters<typeof store.checkpoints.commit>[2]): void =>
      store.checkpoints.commit(setId, stage, outcome, Math.floor(EPOCH + timeline.now()));
    const leaveOut = (code: string): void => {
      commit("validate", new Map([[id, cull(code, code)]]));
      announce({ kind: "photo.culled", set: setId, photo: id, code, why: code });
    };
    const file = disk.files.get(source.path.slice(home.length + 1));
    const content = file && sha256(file.bytes);
    const isAnother = source.sha256 !== undefined && content !== source.sha256;
    if (file !== undefined && source.bytes > 0 && isAnother && look < LOOKS) {
      timeline.in(SECOND, () => step(id, look + 1));
      return;
    }
    underway.delete(id);
    if (file === undefined || content === undefined) leaveOut("photo.gone");
    else if (source.bytes === 0) leaveOut("photo.empty");
    else if (isAnother) leaveOut("photo.changed");
    else {
      commit("validate", new Map([[id, done({ type: "jpeg", extension: "jpg", bytes: source.bytes })]]));
      const copy = { file: "ingest/original.jpg", bytes: source.bytes, sha256: content, companions: [], uncopied: [] };
      commit("ingest", new Map([[id, done(copy)]]));
    }
  };
  return {
    wake(set) {
      const culls = store.sets.culls(set);
      for (const { id, facts } of store.sets.photos(set)) {
        if (culls.has(id) || underway.has(id) || facts.ingest !== undefined) continue;
        underway.add(id);
        timeline.in(random() * 3 * SECOND, () => step(id, 1));
      }
    },
  };
}
