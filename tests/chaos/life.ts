/** One run of the scenario: killed as planned, started again each time, then left to finish and checked. */
import { statSync } from "node:fs";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isPart } from "../../src/files.ts";
import { openForReading } from "../../src/store/database.ts";
import { STORE_FILE } from "../../src/store/store.ts";
import type { Variant } from "./boundaries.ts";
import { type Charge, type DaemonProcess, startCharged, startPlain, until } from "./daemon-process.ts";
import { checkAfterKill, checkIdle, checkRolledBack } from "./invariants.ts";
import { observe } from "./observer.ts";
import { type Owner, startOwner } from "./owner.ts";
import { filesBelow, makeHome, type Scenario, SETS } from "./scenario.ts";
import { canonical, type HomeState, readHome, readLiveHome, synchronousOf } from "./state.ts";
import type { Tally } from "./tally.ts";

export type Kill =
  | ({ readonly kind: "boundary" } & Charge)
  | {
      readonly kind: "random";
      /** counted from the start of the process, or from when it listens */
      readonly from: "start" | "listening";
      readonly afterMs: number;
      readonly group: boolean;
      /** the next daemon starts without waiting for anything */
      readonly rush: boolean;
    };

/** What the undisturbed run came to. */
export interface Golden {
  readonly text: string;
  readonly site: ReadonlyMap<string, string>;
}

/** What is different about a life: nothing, a set rewound and another rolled back, or a file system without links. */
export type Twist = "none" | "rollback" | "linkless";

export interface LifePlan {
  readonly build: string;
  readonly scenario: Scenario;
  /** empty folder of this life */
  readonly folder: string;
  readonly kills: readonly Kill[];
  readonly twist: Twist;
  /** undefined for the undisturbed run itself */
  readonly golden: Golden | undefined;
  readonly variant: Variant | undefined;
  readonly tally: Tally;
  /** give up at the first violation */
  readonly untilViolated: boolean;
  readonly say: (line: string) => void;
}

export interface Done {
  readonly kill: Kill;
  /** decoder children were alive when the daemon alone was killed */
  readonly orphans: boolean;
  /** one of them was seen writing a moment before */
  readonly busy: boolean;
}

export interface LifeReport {
  readonly done: readonly Done[];
  readonly unreached: readonly Kill[];
  /** undefined if it did not come to rest in time */
  readonly final: HomeState | undefined;
}

const CONVERGE_MS = 60_000;
const ORPHANS_END_MS = 10_000;
const BUSY_WITHIN_MS = 700;
const PROOFS_SETTLE_MS = 500;
const IDLE_WATCH_MS = 1_000;
/** Node.js itself may take a second to start on a busy machine. */
const SECOND_START_MS = 5_000;

export const nameOf = (kill: Kill): string => {
  const whom = kill.group ? "group" : "daemon alone";
  return kill.kind === "boundary"
    ? `${kill.at} #${kill.nth}, ${whom}`
    : `${kill.afterMs} ms after ${kill.from}, ${whom}`;
};

/** What the acts of a life share. */
interface Scene {
  readonly plan: LifePlan;
  readonly home: string;
  readonly owner: Owner;
  start(charge: Charge | undefined): DaemonProcess;
  /** checks what a dead daemon left, and hands it over */
  inspect(): HomeState | undefined;
}

export async function live(plan: LifePlan): Promise<LifeReport> {
  const { tally, scenario } = plan;
  const home = join(plan.folder, "home");
  makeHome(scenario, home);
  const expected = { originals: scenario.originals, acks: [] };
  const owner = startOwner({
    home,
    ackFile: join(plan.folder, "acks.jsonl"),
    rollBack: plan.twist === "rollback" ? SETS[0].name : undefined,
    rewind: plan.twist === "rollback" ? SETS[1].name : undefined,
    rolledBack: (set) => {
      const state = readLiveHome(home);
      if (state !== undefined) checkRolledBack(state, set, expected, tally);
    },
  });
  const observer = observe(join(home, "site"), plan.golden?.site, tally);
  const conditions = { variant: plan.variant, linkless: plan.twist === "linkless" };
  const isPlain = conditions.variant === undefined && !conditions.linkless;
  const scene: Scene = {
    plan,
    home,
    owner,
    start: (charge) =>
      charge === undefined && isPlain
        ? startPlain(plan.build, home)
        : startCharged(plan.build, home, charge, conditions),
    inspect() {
      const state = readHome(home, join(plan.folder, "scratch"));
      if (state !== undefined) checkAfterKill(state, { ...expected, acks: owner.acks }, tally);
      return state;
    },
  };

  const { done, unreached, survivor } = await killInTurn(scene);
  const isOver = plan.untilViolated && tally.violations.length > 0;
  const cameToRest = !isOver && (await finish(scene, survivor ?? scene.start(undefined)));
  if (isOver) survivor?.kill(true);
  await Promise.all([owner.stop(), observer.stop()]);
  const final = cameToRest ? scene.inspect() : undefined;
  if (final === undefined) return { done, unreached, final };

  checkIdle(final, expected, tally);
  tally.check("I11", owner.refusals.length === 0, () => owner.refusals.join("; "));
  const synchronous = synchronousOf(home, join(plan.folder, "scratch"));
  tally.check("I14", synchronous === 2, () => `synchronous is ${synchronous}`);
  if (plan.golden !== undefined) checkGolden(canonical(final), plan.golden.text, tally);
  return { done, unreached, final };
}

/** Starts and kills as planned. @returns the daemon that outlived its kill, because there was nothing left to do */
async function killInTurn(scene: Scene): Promise<Omit<LifeReport, "final"> & { survivor: DaemonProcess | undefined }> {
  const { tally, kills, say, untilViolated } = scene.plan;
  const done: Done[] = [];
  const ends: Promise<void>[] = [];
  let survivor: DaemonProcess | undefined;
  for (const kill of kills) {
    const daemon = scene.start(kill.kind === "boundary" ? kill : undefined);
    const death = await dies(daemon, kill, scene);
    if (death === "outlived") {
      survivor = daemon;
      break;
    }
    const end = await daemon.ended;
    tally.check("I09", end === "SIGKILL", () => `the daemon ended by itself with ${end}: ${daemon.words()}`);
    if (end !== "SIGKILL") break;
    const orphans = !kill.group && daemon.groupLives();
    const busy = orphans && death === "busy";
    done.push({ kill, orphans, busy });
    say(`${nameOf(kill)}${busy ? ", a decoder at work" : orphans ? ", decoders alive" : ""}`);
    tally.after(nameOf(kill));
    ends.push(watchOrphans(daemon, tally));
    if (kill.kind === "boundary" || !kill.rush) scene.inspect();
    if (untilViolated && tally.violations.length > 0) break;
  }
  await Promise.all(ends);
  return { done, unreached: kills.slice(done.length), survivor };
}

/** Lets the last daemon do what is left, checks it at rest, and asks it to stop. @returns whether it came to rest */
async function finish({ plan, home, owner }: Scene, daemon: DaemonProcess): Promise<boolean> {
  const { tally } = plan;
  await until(() => owner.isDone() || daemon.hasEnded(), CONVERGE_MS);
  const cameToRest = owner.isDone() && !daemon.hasEnded();
  tally.check("I09", cameToRest, () => `it did not come to rest: ${[...owner.refusals, daemon.words()].join("; ")}`);
  if (!cameToRest) {
    daemon.kill(true);
    await daemon.ended;
    return false;
  }
  await checkRest(home, owner, tally);
  await checkLease(plan.build, home, tally);
  daemon.askToStop();
  const end = await daemon.ended;
  tally.check("I09", end === 0, () => `asked to stop, the daemon ended with ${end}: ${daemon.words()}`);
  return true;
}

/** @returns whether a decoder was seen at work just before; `outlived` if the scenario was over before the kill came */
async function dies(daemon: DaemonProcess, kill: Kill, { owner, home }: Scene): Promise<"busy" | "dead" | "outlived"> {
  if (kill.kind === "boundary") {
    await until(() => daemon.hasEnded() || owner.isDone(), CONVERGE_MS);
    return daemon.hasEnded() ? "dead" : "outlived";
  }
  if (kill.from === "listening") await until(() => daemon.isListening() || daemon.hasEnded(), CONVERGE_MS, 2);
  await sleep(kill.afterMs);
  // The daemon alone is killed while a decoder is at work, if one comes to be soon.
  const busy = !kill.group && (await until(() => owner.isDone() || decoderWrites(home), BUSY_WITHIN_MS, 2));
  if (owner.isDone() && !daemon.hasEnded()) return "outlived";
  daemon.kill(kill.group);
  return busy ? "busy" : "dead";
}

const decoderWrites = (home: string): boolean =>
  filesBelow(join(home, "data", "work")).some((path) => /\/(look|publish)\//.test(path) && isPart(basename(path)));

async function watchOrphans(daemon: DaemonProcess, tally: Tally): Promise<void> {
  const ended = await until(() => !daemon.groupLives(), ORPHANS_END_MS);
  tally.check("W10", ended, () => `children of ${daemon.pid} were alive ${ORPHANS_END_MS} ms after it`);
  if (!ended) daemon.kill(true);
}

/** Nothing is written while nothing is to be done, nor by publishing again what is published. */
async function checkRest(home: string, owner: Owner, tally: Tally): Promise<void> {
  const database = openForReading(join(home, "data", STORE_FILE));
  try {
    // Grows when another connection commits.
    const version = (): unknown => database.pragma("data_version", { simple: true });
    await proofsAreWritten(home);
    const before = [version(), stampsOf(home)];
    await sleep(IDLE_WATCH_MS);
    await owner.publishAgain();
    const now = [version(), stampsOf(home)];
    tally.check("I10", before[0] === now[0], () => "an idle daemon committed something");
    tally.check("I10", before[1] === now[1], () => `an idle daemon wrote: ${firstDifference(before[1], now[1])}`);
  } finally {
    database.close();
  }
}

/** They follow from what is stored, and are written after it. One that is written for ever is found by what comes next. */
async function proofsAreWritten(home: string): Promise<void> {
  let before = "";
  await until(
    () => {
      const now = stampsOf(home);
      const isSame = now === before;
      before = now;
      return isSame;
    },
    CONVERGE_MS,
    PROOFS_SETTLE_MS,
  );
}

/** Name, size and time of every file but logs and what SQLite keeps for its readers. */
const stampsOf = (home: string): string =>
  filesBelow(home)
    .filter((path) => !path.startsWith("logs/") && !path.endsWith("-shm"))
    .map((path) => {
      const found = statSync(join(home, path), { throwIfNoEntry: false });
      return `${path} ${found?.ino} ${found?.size} ${found?.mtimeMs}`;
    })
    .join("\n");

async function checkLease(build: string, home: string, tally: Tally): Promise<void> {
  const second = startPlain(build, home);
  const began = performance.now();
  const end = await second.ended;
  const took = performance.now() - began;
  tally.check("I13", end === 3, () => `a second start ended with ${end}`);
  tally.check("I13", took < SECOND_START_MS, () => `a second start took ${Math.round(took)} ms to give up`);
}

function checkGolden(text: string, golden: string, tally: Tally): void {
  tally.check("I09", text === golden, () => `another end: ${firstDifference(golden, text)}`);
}

function firstDifference(wanted: unknown, is: unknown): string {
  const [a, b] = [String(wanted).split("\n"), String(is).split("\n")];
  const at = a.findIndex((line, i) => line !== b[i]);
  return `${a[at] ?? "nothing"} | ${b[at] ?? b.at(a.length) ?? "nothing"}`;
}
