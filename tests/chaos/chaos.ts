/** Plans the kills, runs one life after another until there were enough, and says what came of it. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomFrom } from "../../src/imaging/brushes.ts";
import { BOUNDARIES, ROLLBACK_BOUNDARIES, type Variant } from "./boundaries.ts";
import { type Done, type Golden, type Kill, type LifeReport, live, type Twist } from "./life.ts";
import { copyBuild, GOOD_PHOTOS, makeScenario, SETS } from "./scenario.ts";
import { canonical, type HomeState } from "./state.ts";
import { newTally, type Tally, tableOf } from "./tally.ts";

export interface ChaosOptions {
  readonly kills: number;
  readonly seed: number;
  readonly variant?: Variant | undefined;
  /** stop at the first violation */
  readonly untilViolated?: boolean;
  readonly say: (line: string) => void;
}

export interface ChaosReport {
  readonly done: readonly Done[];
  readonly lives: number;
  /** places of `boundaries.ts` where a daemon died */
  readonly hit: ReadonlySet<string>;
  readonly tally: Tally;
  readonly golden: HomeState;
  readonly seconds: number;
}

/** Boundary kills in one life: more would use up the photos that have not come past the place yet. */
const KILLS_A_LIFE = 26;
const RANDOM_KILLS_A_LIFE = 25;
const TRIES_A_PLACE = 3;
/** Places the daemon comes past this often at every start, and never afterwards: waiting for more would be for ever. */
const PASSES_A_START: Readonly<Record<string, number>> = { "files.rename": 2, "sql.exec": 2 };
/** Single changes of a database are many: a release of seven photos makes some thirty. */
const CHANGES = 60;

export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const { kills, seed, variant, say } = options;
  const began = performance.now();
  const root = mkdtempSync(join(tmpdir(), "photogate-chaos-"));
  const tally = newTally();
  try {
    const build = join(root, "build");
    copyBuild(build);
    const scenario = await makeScenario(join(root, "template"));
    let lives = 0;
    const nextLife = async (
      plan: { kills: readonly Kill[]; twist: Twist },
      golden: Golden | undefined,
    ): Promise<LifeReport> => {
      lives += 1;
      const folder = join(root, `life-${lives}`);
      mkdirSync(folder);
      const before = tally.violations.length;
      const number = `run ${lives}${plan.twist === "none" ? "" : ` (${plan.twist})`}`;
      const planted = golden === undefined ? undefined : variant;
      const report = await live({
        ...plan,
        build,
        scenario,
        folder,
        golden,
        variant: planted,
        tally,
        untilViolated: options.untilViolated === true,
        say: (line) => say(`${number}: ${line}`),
      });
      for (const { id, what, after } of tally.violations.slice(before)) say(`  ${id} VIOLATED after ${after}: ${what}`);
      if (tally.violations.length === before) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
      return report;
    };

    const { final } = await nextLife({ kills: [], twist: "none" }, undefined);
    const golden = goldenOf(final, tally);
    const done: Done[] = [];
    const planner = plannerOf(seed);
    while (
      (done.length < kills || planner.owed() > 0) &&
      !(options.untilViolated === true && tally.violations.length > 0)
    ) {
      const plan = planner.next(Math.max(kills - done.length, planner.owed()));
      const report = await nextLife(plan, { text: canonical(golden), site: golden.site });
      done.push(...report.done);
      planner.giveBack(report.unreached);
    }
    const hit = new Set(done.flatMap(({ kill }) => (kill.kind === "boundary" ? [kill.at] : [])));
    return { done, lives, hit, tally, golden, seconds: (performance.now() - began) / 1000 };
  } finally {
    // A home in which something was violated is kept, to be looked at; one that was spoilt on purpose is not.
    if (tally.violations.length > 0 && variant === undefined) say(`kept: ${root}`);
    else rmSync(root, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** An undisturbed run in which nothing happens would equal any other: it must have come to what the owner wanted. */
function goldenOf(final: HomeState | undefined, tally: Tally): HomeState {
  if (final === undefined || tally.violations.length > 0)
    throw new Error(
      `the undisturbed run failed: ${tally.violations.map(({ id, what }) => `${id} ${what}`).join("; ")}`,
    );
  const published = (GOOD_PHOTOS - 1) * SETS.length;
  const counts = {
    photos: final.photos.length,
    published: final.photos.filter(({ facts }) => facts.publish !== undefined).length,
    rejected: final.photos.filter(({ verdict }) => verdict === "rejected").length,
    culled: final.photos.filter(({ cull }) => cull !== null).length,
    edited: final.photos.filter(({ edits }) => Object.keys(edits).length > 0).length,
    site: final.site.size,
    archive: final.archive.size,
    rows: final.mirror.length,
  };
  const wanted = {
    photos: (GOOD_PHOTOS + 2) * SETS.length,
    published,
    rejected: SETS.length,
    culled: 2 * SETS.length,
    edited: 5 * SETS.length,
    site: 2 * published,
    archive: published,
    rows: published,
  };
  if (JSON.stringify(counts) !== JSON.stringify(wanted))
    throw new Error(`the undisturbed run came to ${JSON.stringify(counts)}, not ${JSON.stringify(wanted)}`);
  return final;
}

interface Planner {
  /** @param most kills that are still wanted */
  next(most: number): { readonly kills: readonly Kill[]; readonly twist: Twist };
  giveBack(unreached: readonly Kill[]): void;
  /** places given back and not tried again yet */
  owed(): number;
}

/** By turns: runs killed at boundaries, at random moments, while a set is rewound and another rolled back, without links. */
function plannerOf(seed: number): Planner {
  const random = randomFrom(seed);
  const upTo = (most: number): number => Math.floor(random() * most);
  const tries = new Map<string, number>();
  let turn = -1;
  let round = 0;
  let places: Kill[] = [];
  let owed: Kill[] = [];

  const chargeAt = (at: string, nth: number): Kill => ({ kind: "boundary", at, nth, group: upTo(2) === 0 });
  const charge = (at: string, most: number): Kill => chargeAt(at, 1 + upTo(most));
  // The first round takes the first photo that comes past a place, later ones another.
  const passesOf = (call: string): number => {
    if (call === "sql.run") return CHANGES;
    return PASSES_A_START[call] ?? (round === 1 && !call.startsWith("files.") ? 1 : 4);
  };
  const inOrder = (order: readonly string[]): Kill[] => order.map((at) => charge(at, passesOf(callOf(at))));
  const refill = (): void => {
    round += 1;
    const all = inOrder(BOUNDARIES);
    const runs = Math.ceil(all.length / KILLS_A_LIFE);
    // Each run gets places from the whole way, not a dense stretch of it.
    places = Array.from({ length: runs }, (_, run) => all.filter((__, i) => i % runs === run)).flat();
  };
  const atRandom = (): Kill => {
    const group = upTo(2) === 0;
    const rush = !group && upTo(2) === 0;
    // One in six falls into the start of the daemon, where it takes up what the last one left.
    return upTo(6) === 0
      ? { kind: "random", from: "start", afterMs: 50 + upTo(400), group, rush }
      : { kind: "random", from: "listening", afterMs: upTo(300), group, rush };
  };
  const randomKills = (): Kill[] => [
    // Settling takes its time: without a long first life the sets would hardly ever be opened.
    { kind: "random", from: "listening", afterMs: 2_500 + upTo(1_500), group: upTo(2) === 0, rush: false },
    ...Array.from({ length: RANDOM_KILLS_A_LIFE - 1 }, atRandom),
  ];
  const rollBackKills = (): Kill[] => [
    chargeAt("name.after-commit", 1),
    // A rewind to look goes past six stages: the first has names to release, the last has files to remove.
    chargeAt("checkpoints.forget.before", 1),
    chargeAt("checkpoints.forget.before", 6),
    charge("checkpoints.forget.after", 6),
    // The rollback goes past each of its places once, but for the folders it removes.
    ...ROLLBACK_BOUNDARIES.slice(2).map((at) => charge(at, at.startsWith("files.") ? 40 : 1)),
    atRandom(),
  ];
  return {
    next(most) {
      // What was not reached comes first.
      if (owed.length === 0) turn += 1;
      const kind = owed.length === 0 ? TURNS[turn % TURNS.length] : "boundaries";
      if (kind === "rollback") return { kills: rollBackKills().slice(0, most), twist: kind };
      if (kind === "random") return { kills: randomKills().slice(0, most), twist: "none" };
      if (places.length + owed.length === 0) refill();
      const kills = owed.length > 0 ? owed : places.splice(0, KILLS_A_LIFE);
      owed = [];
      return { kills: kills.toSorted(byPlace).slice(0, most), twist: kind === "linkless" ? kind : "none" };
    },
    giveBack(unreached) {
      for (const kill of unreached) {
        if (kill.kind === "random" || !BOUNDARIES.includes(kill.at)) continue;
        const tried = (tries.get(kill.at) ?? 0) + 1;
        tries.set(kill.at, tried);
        if (tried < TRIES_A_PLACE) owed.push({ ...kill, nth: 1 });
      }
    },
    owed: () => owed.length,
  };
}

const TURNS = ["boundaries", "random", "boundaries", "rollback", "linkless"] as const;
const callOf = (place: string): string => place.replace(/\.\w+$/, "");
const placeOf = (kill: Kill): number => (kill.kind === "boundary" ? BOUNDARIES.indexOf(kill.at) : -1);
const byPlace = (a: Kill, b: Kill): number => placeOf(a) - placeOf(b);

export function summaryOf({ done, lives, hit, tally, golden, seconds }: ChaosReport, seed: number): string[] {
  const atBoundary = done.filter(({ kill }) => kill.kind === "boundary").length;
  const alone = done.filter(({ kill }) => !kill.group).length;
  const orphans = done.filter((one) => one.orphans).length;
  const busy = done.filter((one) => one.busy).length;
  const places = new Set([...BOUNDARIES, ...ROLLBACK_BOUNDARIES]);
  const missed = [...places].filter((place) => !hit.has(place));
  return [
    "",
    `seed ${seed}: ${done.length} kills in ${lives - 1} runs, ${Math.round(seconds)} s; ${atBoundary} at boundaries, ${done.length - atBoundary} at random moments`,
    `${alone} killed the daemon alone, ${orphans} of them with decoder children alive, ${busy} while one was seen at work`,
    `places: ${places.size - missed.length} of ${places.size}${missed.length > 0 ? `; not hit: ${missed.join(", ")}` : ""}`,
    `the undisturbed run: ${golden.mirror.length} of ${golden.photos.length} photos published, ${golden.site.size} files on the site, ${golden.photos.filter(({ edits }) => Object.keys(edits).length > 0).length} edited`,
    ...tableOf(tally),
    tally.violations.length === 0 ? "no invariant was violated" : `${tally.violations.length} VIOLATIONS`,
  ];
}
