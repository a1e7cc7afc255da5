/** Drops by real writers, each a process of its own, into the inbox of a real built daemon with short times. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { type Millis, SECOND } from "../../../src/domain/words.ts";
import { randomFrom } from "../../../src/imaging/brushes.ts";
import { english } from "../../../src/language/english.ts";
import { openStoreForReading } from "../../../src/store/store.ts";
import { Away, CardsSchema, type Client, clientOf } from "../client.ts";
import { startPlain, until } from "../daemon-process.ts";
import { copyBuild } from "../scenario.ts";
import { type Disk, emptyDisk } from "./disk.ts";
import { openAlbum, sha256 } from "./pictures.ts";
import { type Act, folderOf, gapAfter, isWish, type Script, type Times, toJson, type Wish } from "./script.ts";
import { STORY_NAMES, tell } from "./stories.ts";
import { type DropsReport, dropsTally } from "./summary.ts";
import { type Judged, judgeOutcome, type Outcome, outcomeOf, type Violation, violationAt } from "./verdict.ts";

export interface RealOptions {
  readonly drops: number;
  readonly seed: number;
  /** a daemon that is not patient, to show that it is found out */
  readonly isImpatient?: boolean;
  readonly say: (line: string) => void;
}

const TIMES: Times = { quietMs: SECOND, patienceMs: 6 * SECOND, rescanMs: 5 * SECOND, marginMs: 1.5 * SECOND };
const SETTINGS = {
  inboxes: [{ path: "inbox" }],
  settle: { quietSeconds: 1, networkQuietSeconds: 1, patienceSeconds: 6, rescanSeconds: 5, networkRescanSeconds: 5 },
  look: { children: 2 },
  review: { port: 0, openBrowser: false },
};

const WRITERS = 24;
const BLINK_MS = 200;
const WRITER = fileURLToPath(new URL("./writer.ts", import.meta.url));
const REST_LIMIT_MS = 600 * SECOND;

export async function realDrops({ drops, seed, isImpatient = false, say }: RealOptions): Promise<DropsReport> {
  const root = mkdtempSync(join(tmpdir(), "photogate-drops-"));
  const [build, home] = [join(root, "build"), join(root, "home")];
  copyBuild(build);
  for (const folder of [home, join(home, "inbox"), join(home, "elsewhere")]) mkdirSync(folder);
  const settle = { ...SETTINGS.settle, patienceSeconds: isImpatient ? 0 : SETTINGS.settle.patienceSeconds };
  writeFileSync(join(home, "photogate.jsonc"), JSON.stringify({ ...SETTINGS, settle }));
  const scripts = await scriptsFor(drops, seed);
  const daemon = startPlain(build, home);
  const tally = dropsTally(seed);
  try {
    if (!(await until(() => daemon.isListening(), 60 * SECOND))) throw new Error(`no daemon: ${daemon.words()}`);
    const times = await actOut(scripts, { root, home, say });
    say(`${scripts.length} writers are done`);
    const isAtRest = await waitForRest(home);
    const world = replay(scripts, times);
    compare(world, home);
    const judged = judgeHome(world, { build, home, isAtRest });
    tally.add(scripts, judged, unforeseen(home));
    if (judged.violations.length > 0 && !isImpatient) say(`kept: ${home}`);
    else await remove(root, daemon);
  } finally {
    daemon.kill(true);
  }
  return tally.report();
}

async function remove(root: string, daemon: ReturnType<typeof startPlain>): Promise<void> {
  daemon.kill(true);
  await daemon.ended;
  rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

async function scriptsFor(drops: number, seed: number): Promise<Script[]> {
  const random = randomFrom(seed);
  const album = await openAlbum();
  return Array.from({ length: drops }, (_, i) => {
    const script = tell(STORY_NAMES[i % STORY_NAMES.length] ?? "mixed", i + 1, { random, album, times: TIMES });
    // Nobody reviews here while files come: that is left to simulated time.
    return { ...script, acts: script.acts.filter((act) => act.do !== "decide") };
  });
}

interface Stage {
  readonly root: string;
  readonly home: string;
  readonly say: (line: string) => void;
}

/** @returns of each script, when its acts really were (wall clock) */
async function actOut(scripts: readonly Script[], { root, home, say }: Stage): Promise<Millis[][]> {
  const times: Millis[][] = [];
  const waiting = [...scripts.entries()];
  const one = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [i, script] = next;
      const [file, log] = [join(root, `${i}.json`), join(root, `${i}.log`)];
      writeFileSync(file, toJson({ ...script, acts: script.acts.filter((act) => !isWish(act)) }));
      const writer = spawn(process.execPath, [WRITER, file, log, home], { stdio: ["ignore", "ignore", "pipe"] });
      let words = "";
      writer.stderr.on("data", (data: Buffer) => {
        words += data.toString();
      });
      const person = playPerson(script, home);
      const [code, signal]: (number | string | null)[] = await once(writer, "exit");
      await person;
      const dies = script.acts.at(-1)?.do === "die";
      if (dies ? signal !== "SIGKILL" : code !== 0)
        throw new Error(`writer ${i} ended with ${code ?? signal}: ${words}`);
      times[i] = readFileSync(log, "utf8").trim().split("\n").map(Number);
      if (waiting.length % 50 === 0 && waiting.length > 0) say(`${waiting.length} drops to come`);
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, one));
  return times;
}

/** A person can hold or let go what the page shows them; until then they wait. */
async function playPerson({ acts }: Script, home: string): Promise<void> {
  const client = clientOf(home, () => undefined);
  const begun = performance.now();
  for (const wish of acts.filter(isWish)) {
    await sleep(Math.max(0, begun + wish.at - performance.now()));
    const until = performance.now() + Math.min(gapAfter(acts, wish), REST_LIMIT_MS);
    const body = { inbox: join(home, "inbox"), folder: folderOf(wish), held: true };
    while (!(await isGranted(client, wish, body)) && performance.now() < until) await sleep(BLINK_MS);
  }
}

const isGranted = async (client: Client, { do: wish }: Wish, body: object): Promise<boolean> =>
  client.ask(`/api/inboxes/${wish}`, body).then(
    ({ status }) => status < 300,
    (failure: unknown) => {
      if (failure instanceof Away) return false;
      throw failure;
    },
  );

const RestSchema = z.object({
  ...CardsSchema.shape,
  inboxes: z.array(z.object({ lookedAt: z.number().nullable(), arrivals: z.array(z.unknown()) })),
});

/** Until nothing waits any more and every set stands at the gate, after everything that could still come by itself. */
async function waitForRest(home: string): Promise<boolean> {
  const client = clientOf(home, () => undefined);
  const earliest = Date.now() + TIMES.patienceMs + 2 * TIMES.rescanMs + 3 * TIMES.quietMs;
  const latest = Date.now() + REST_LIMIT_MS;
  for (let calm = 0; calm < 4; ) {
    if (Date.now() > latest) return false;
    calm = (await isCalm(client)) && Date.now() > earliest ? calm + 1 : 0;
    await sleep(SECOND);
  }
  return true;
}

async function isCalm(client: Client): Promise<boolean> {
  try {
    const { inboxes = [], sets = [] } = (await client.get(RestSchema, "/api/sets")) ?? {};
    return (
      sets.length > 0 &&
      inboxes.every(({ arrivals }) => arrivals.length === 0) &&
      sets.every(({ counts, hold }) => counts.working === 0 && hold === null)
    );
  } catch (failure) {
    // A machine with too much to do.
    if (failure instanceof Away) return false;
    throw failure;
  }
}

/** What the disk came to, by the times the writers wrote down. */
function replay(scripts: readonly Script[], times: readonly (readonly Millis[])[]): Disk {
  const disk = emptyDisk();
  const all = scripts.flatMap(({ acts, isVisible }, i) =>
    acts
      .filter((act) => !isWish(act))
      .map((act, a): [Millis, Act, boolean] => [times[i]?.[a] ?? Number.NaN, act, isVisible]),
  );
  for (const [at, act, isVisible] of all.toSorted(([a], [b]) => a - b)) disk.apply(act, at, isVisible);
  return disk;
}

/** The model must be what is there; else nothing it says counts. */
function compare({ files }: Disk, home: string): void {
  for (const [path, { bytes }] of files) {
    const there = existsSync(join(home, path)) ? sha256(readFileSync(join(home, path))) : "nothing";
    if (there !== sha256(bytes)) throw new Error(`${path} is not what the writers should have made of it`);
  }
}

interface Rest {
  readonly build: string;
  readonly home: string;
  readonly isAtRest: boolean;
}

const ProblemsSchema = z.object({ problems: z.array(z.object({ path: z.string(), code: z.string() })) });
const StatusSchema = z.object({
  inboxes: z.array(z.object({ arrivals: z.array(z.object({ name: z.string() })) })),
  sets: z.array(z.object({ id: z.string() })),
});

function judgeHome(world: Disk, { build, home, isAtRest }: Rest): Judged {
  const ask = (verb: string): unknown =>
    JSON.parse(
      spawnSync(process.execPath, [join(build, "dist", "cli.js"), verb, "--json", "--home", home], { encoding: "utf8" })
        .stdout,
    );
  const { inboxes } = StatusSchema.parse(ask("status"));
  const { problems } = ProblemsSchema.parse(ask("problems"));
  const waiting = inboxes.flatMap(({ arrivals }) => arrivals.map(({ name }) => name));
  const store = openStoreForReading(join(home, "data"), english());
  try {
    const notes = new Map(problems.map(({ path, code }) => [path.slice(home.length + 1), code]));
    const outcome: Outcome = { ...outcomeOf(store, home, isAtRest ? waiting : ["the sets"]), notes };
    const judged = judgeOutcome(world, outcome, TIMES, 0);
    return { ...judged, violations: [...judged.violations, ...damaged(store, home)] };
  } finally {
    store.close();
  }
}

function damaged(store: ReturnType<typeof openStoreForReading>, home: string): Violation[] {
  return store.sets.all().flatMap(({ id }) =>
    store.sets.photos(id).flatMap(({ dir, source, facts }): Violation[] => {
      if (facts.ingest === undefined) return [];
      const copy = sha256(readFileSync(join(dir, facts.ingest.file)));
      const path = source.path.slice(home.length + 1);
      return copy === facts.ingest.sha256 ? [] : [violationAt("damaged", path, `${dir}: ${copy}`)];
    }),
  );
}

/** What nobody foresaw, as the log has it. */
function unforeseen(home: string): string[] {
  const files = ["latest.log", "crashes.log"].map((name) => join(home, "logs", name));
  const lines = files.flatMap((file) => (existsSync(file) ? readFileSync(file, "utf8").split("\n") : []));
  return lines.filter((line) => /watching .* failed|"stack"/.test(line));
}
