/** The verbs of the CLI that only look. They open the store read-only and work beside a running daemon and without one. */
import { readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Config } from "./config.ts";
import { arrivalSays } from "./domain/arrival.ts";
import { Fault, remedyOf } from "./domain/fault.ts";
import { filterFrom } from "./domain/filter.ts";
import type { NewWord } from "./domain/spelling.ts";
import { SECOND } from "./domain/words.ts";
import { fileExists } from "./files.ts";
import { languageOf } from "./lexicon.ts";
import { CRASHES, LATEST, RELEASES } from "./log.ts";
import { offerOf } from "./review-server/acts.ts";
import { type Card, cardsOf, needsPerson } from "./review-server/cards.ts";
import type { InboxView } from "./review-server/deps.ts";
import { groupsOf, isOfOne, type Problem, type ProblemGroup, problemsOf } from "./review-server/problems.ts";
import { type Row, rowsOf } from "./review-server/rows.ts";
import { watchingOf } from "./review-server/watching.ts";
import { type Overview, overview, readRuntime } from "./runtime.ts";
import { stagesBeforeGate } from "./stages/index.ts";
import { wordsInMirror } from "./store/mirror.ts";
import type { SittingLine } from "./store/sittings.ts";
import { openStoreForReading, STORE_FILE, type Store } from "./store/store.ts";
import { VERSION } from "./version.ts";
import { mirrorOf, vocabularyOn } from "./vocabulary.ts";

export type Say = (line: string) => void;

/** Exit codes of `status`, for scripts. */
export const STATUS_EXIT = { fine: 0, review: 10, problem: 20, notRunning: 3 } as const;

/** @returns undefined if this home has no store yet */
export async function withStore<T>(config: Config, work: (store: Store) => T | Promise<T>): Promise<T | undefined> {
  if (!(await fileExists(join(config.data, STORE_FILE)))) return undefined;
  const store = openStoreForReading(config.data, languageOf(config).lexicon);
  try {
    return await work(store);
  } finally {
    store.close();
  }
}

function cardsIn(config: Config, store: Store): Card[] {
  const published = wordsInMirror(mirrorOf(config));
  const vocabulary = vocabularyOn(config, store, () => published);
  return cardsOf(store, stagesBeforeGate, vocabulary, () => null);
}

/** Is a daemon running, and what does it know that the store does not? */
async function live(config: Config): Promise<Overview | undefined> {
  return overview(config.data).catch((failure: unknown) => {
    if (failure instanceof Fault && failure.code === "daemon.not-running") return undefined;
    throw failure;
  });
}

export async function status(config: Config, options: { readonly json?: boolean }, say: Say): Promise<number> {
  const daemon = await live(config);
  const runtime = readRuntime(config.data);
  const seen = await withStore(config, (store) => ({
    cards: cardsIn(config, store),
    problems: problemsOf(store),
    run: store.runs.latest(),
  }));
  const cards = seen?.cards ?? [];
  const problems = (seen?.problems ?? []).filter(({ severity }) => severity === "problem");
  const code = daemon === undefined ? STATUS_EXIT.notRunning : statusCode(cards);
  if (options.json === true) {
    say(
      JSON.stringify({
        version: VERSION,
        running: daemon !== undefined,
        pid: daemon === undefined ? null : (runtime?.pid ?? null),
        url: daemon === undefined ? null : `http://127.0.0.1:${runtime?.port}/`,
        home: config.home,
        inboxes:
          daemon?.inboxes ??
          config.inboxes.map(({ root }) => ({ path: root, online: null, waiting: null, arrivals: [] })),
        sets: daemon?.sets ?? cards,
        problems,
        resumed: seen?.run?.resumed ?? [],
      }),
    );
    return code;
  }
  say(
    daemon === undefined
      ? "photogate is not running on this home."
      : `photogate is running: http://127.0.0.1:${runtime?.port}/ (photogate review opens it)`,
  );
  if (daemon === undefined) for (const { root } of config.inboxes) say(`inbox  ${root}`);
  for (const inbox of daemon?.inboxes ?? []) for (const line of inboxLines(inbox, Date.now())) say(line);
  for (const { set, from } of seen?.run?.resumed ?? [])
    say(`The run before was cut off; ${set} was taken up at ${from}.`);
  for (const card of cards) for (const line of cardLines(card)) say(line);
  if (problems.length > 0) say(`${problems.length} problem${problems.length === 1 ? "" : "s"}: photogate problems`);
  return code;
}

function inboxLines(inbox: InboxView, now: number): string[] {
  const { state, why, remedy, reading, looked, missing, card } = watchingOf(inbox, now);
  const facts = [state, reading, looked, missing].filter((part) => part !== "").join("; ");
  return [
    `inbox  ${inbox.path}  ${facts}`,
    ...(card === "" ? [] : [`       ${card}.`]),
    ...(why === "" ? [] : [`       ${why}. ${remedy}`]),
    ...inbox.arrivals.flatMap((arrival) => [
      `       ${arrival.name}: ${arrivalSays(arrival, now)}`,
      ...(arrival.trouble === null
        ? []
        : [`         ${arrival.trouble.why} (${arrival.trouble.code}). ${remedyOf(arrival.trouble.code)}`]),
    ]),
  ];
}

function statusCode(cards: readonly Card[]): number {
  if (cards.some(({ state }) => state === "held")) return STATUS_EXIT.problem;
  return cards.some(({ state }) => needsPerson(state)) ? STATUS_EXIT.review : STATUS_EXIT.fine;
}

const cardLines = (card: Card): string[] => [
  cardLine(card),
  ...card.newWords.map(newWordLine),
  ...card.takenNear.map(takenNearLine),
];

/** A place or category nobody used before, with what may have been meant. */
export const newWordLine = ({ field, value, near }: NewWord): string =>
  `  new ${field} "${value}"${near.length === 0 ? "" : `: did you mean ${near.map((word) => `"${word}"`).join(" or ")}?`}`;

const takenNearLine = ({ place, photos }: Card["takenNear"][number]): string =>
  `  ${photos} ${photos === 1 ? "photo was" : "photos were"} taken near "${place}": no location is said`;

function cardLine({ id, state, counts, hold }: Card): string {
  if (hold !== null)
    return `${id}  held at ${hold.stage}: ${hold.why} (${hold.code}). ${hold.remedy} ${hold.namesReserved} names stay reserved.`;
  const parts = [
    `${counts.photos} photos`,
    `${counts.undecided} undecided`,
    `${counts.approved} approved`,
    `${counts.published} published`,
    `${counts.culled} left out`,
  ];
  return `${id}  ${state.replace("_", " ")}  ${parts.join(", ")}`;
}

export async function list(
  config: Config,
  set: string | undefined,
  options: { readonly json?: boolean; readonly filter?: string },
  say: Say,
): Promise<number> {
  if (set === undefined) {
    const cards = (await withStore(config, (store) => cardsIn(config, store))) ?? [];
    if (options.json === true) say(JSON.stringify({ sets: cards }));
    else for (const card of cards) for (const line of cardLines(card)) say(line);
    return 0;
  }
  const rows = await withStore(config, (store) => (store.sets.get(set) === undefined ? undefined : rowsOf(store, set)));
  if (rows === undefined) throw new Fault("set.unknown", `there is no set ${set}`);
  const passes = filterFrom(options.filter ?? "");
  const photos = rows.filter((row) => passes({ ...row }));
  if (options.json === true) say(JSON.stringify({ photos }));
  else for (const row of photos) say(rowLine(row));
  return 0;
}

const rowLine = (row: Row): string =>
  row.culled !== null
    ? `${row.id}  ${row.file}  left out: ${row.culled.why} (${row.culled.code})`
    : `${row.id}  ${row.file}  ${row.published === null ? (row.verdict ?? (row.wished ? "wished" : "undecided")) : "published"}${row.reason === null ? "" : ` (${row.reason})`}  ${row.name ?? "-"}  ${row.band ?? "-"}  ${row.caption ?? ""}`;

/** How reviews went; figures are kept on this machine alone. */
export async function sittings(
  config: Config,
  options: { readonly json?: boolean; readonly csv?: boolean },
  say: Say,
): Promise<number> {
  const all = (await withStore(config, (store) => store.sittings.all())) ?? [];
  if (options.json === true) say(JSON.stringify({ sittings: all }));
  else if (options.csv === true) for (const line of sittingTable(all)) say(line);
  else if (all.length === 0) say("Nobody has reviewed a set on the page yet.");
  else for (const one of all) say(sittingLine(one));
  return 0;
}

const sittingTable = (all: readonly SittingLine[]): string[] => [
  "set,began,last,decided,accepted,keys,clicks,undos,seconds_active,seconds_median,seconds_p90",
  ...all.map((one) =>
    [
      one.set,
      new Date(one.beganAt).toISOString(),
      new Date(one.lastAt).toISOString(),
      ...[one.decided, one.accepted, one.keys, one.clicks, one.undos],
      ...[one.activeMs, one.medianMs, one.p90Ms].map((ms) => (ms / SECOND).toFixed(2)),
    ].join(","),
  ),
];

const sittingLine = ({ set, beganAt, decided, keys, clicks, undos, medianMs, p90Ms }: SittingLine): string =>
  `${new Date(beganAt).toISOString().slice(0, 16)}  ${set}  ${decided} decided, ${(medianMs / SECOND).toFixed(1)} s each ` +
  `(one in ten over ${(p90Ms / SECOND).toFixed(1)} s), ${((keys + clicks) / Math.max(1, decided)).toFixed(2)} keys and clicks each, ${undos} undone`;

export async function problems(config: Config, options: { readonly json?: boolean }, say: Say): Promise<number> {
  const found = (await withStore(config, problemsOf)) ?? [];
  if (options.json === true) say(JSON.stringify({ problems: found }));
  else for (const group of groupsOf(found)) for (const line of groupLines(group)) say(line);
  return 0;
}

const INDENT = " ".repeat(9);

/** One alone as it is; several of a kind under one head, with what can be done about all of them. */
function groupLines(group: ProblemGroup): string[] {
  const { severity, code, means, remedy, ignored, count, shown, acts } = group;
  const [first] = shown;
  if (first === undefined) return [];
  const head = (text: string): string => `${severity.padEnd(INDENT.length)}${text}`;
  const isAll = count > 1;
  const about = isAll ? acts : first.acts;
  const more = count - shown.length;
  return [
    head(isAll ? `${count} x ${means} (${code})` : first.path),
    ...(isAll ? sharedWhy(group) : [`${INDENT}${first.why} (${code})${inSet(first)}`]),
    ...(remedy === "" || severity === "note" ? [] : [`${INDENT}${remedy}`]),
    ...(ignored ? [`${INDENT}ignored by you, as long as it stays as it is`] : []),
    ...about.map((act) => `${INDENT}> ${offerOf(act, first, isAll).command}`),
    ...(isAll ? shown.flatMap((one) => itemLines(one, group)) : []),
    ...(more > 0 ? [`${INDENT}and ${more} more; photogate problems --json lists all of them`] : []),
  ];
}

const sharedWhy = ({ why }: ProblemGroup): string[] => (why === null ? [] : [`${INDENT}${why}`]);

/** What is the same for all is not said again for each; that a file waits, its head says. */
const itemLines = (problem: Problem, { why, severity }: ProblemGroup): string[] => [
  `${INDENT}- ${problem.path}${inSet(problem)}`,
  ...(why === null && severity !== "waiting" ? [`${INDENT}  ${problem.why}`] : []),
  ...problem.acts.filter(isOfOne).map((act) => `${INDENT}  > ${offerOf(act, problem).command}`),
];

const inSet = ({ set, photo }: Problem): string =>
  set === null ? "" : ` [set ${set}${photo === null ? "" : `, photo ${photo}`}]`;

export async function logs(
  config: Config,
  options: { readonly run?: boolean | string; readonly crash?: boolean },
  say: Say,
): Promise<number> {
  const file =
    options.crash === true
      ? CRASHES
      : typeof options.run === "string"
        ? join(RELEASES, `${options.run.replaceAll(/[^\w.-]/g, "")}.log`)
        : LATEST;
  const path = join(config.logs, file);
  if (!(await fileExists(path))) {
    const releases = await readdir(join(config.logs, RELEASES)).catch(() => []);
    say(`${path} does not exist.${releases.length > 0 ? ` There are: ${releases.join(", ")}` : ""}`);
    return 1;
  }
  say(readFileSync(path, "utf8").trimEnd());
  return 0;
}
