/** The verbs of the CLI that change something. They ask the running daemon, which alone may. */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { isAgreed } from "./asking.ts";
import type { Config } from "./config.ts";
import { spokenAhead } from "./domain/captured.ts";
import { EVERY_OTHER } from "./domain/context.ts";
import { Fault } from "./domain/fault.ts";
import { filterFrom } from "./domain/filter.ts";
import { CAPTIONERS, type SetContext } from "./domain/photo.ts";
import { withoutGaps } from "./domain/profile.ts";
import type { Op, OpResult, Verdict } from "./domain/review.ts";
import { lookedText } from "./domain/screenful.ts";
import { sizeText } from "./domain/words.ts";
import { languageOf } from "./lexicon.ts";
import { newWordLine, type Say } from "./reading-verbs.ts";
import type { Card } from "./review-server/cards.ts";
import { count } from "./review-server/client/names.ts";
import type { ClearFigures } from "./review-server/deps.ts";
import { type Row, rowsOf } from "./review-server/rows.ts";
import { ask, readRuntime } from "./runtime.ts";
import type { Plan } from "./store/releases.ts";
import { openStoreForReading } from "./store/store.ts";

export async function stop(config: Config, say: Say): Promise<number> {
  await ask(config.data, "/api/cli/stop", {});
  say("photogate is stopping.");
  return 0;
}

/** @returns a one-time address of the page */
export async function reviewLink(config: Config, set: string | undefined): Promise<string> {
  const answer = await ask(config.data, "/api/cli/link", {});
  const token = typeof answer === "object" && answer !== null && "token" in answer ? String(answer.token) : "";
  const to = set === undefined ? "" : `&to=${encodeURIComponent(`/s/${set}`)}`;
  return `http://127.0.0.1:${readRuntime(config.data)?.port}/open?t=${token}${to}`;
}

export interface DecideOptions {
  /** of a rejection */
  readonly reason?: string;
  readonly filter?: string;
  readonly dryRun?: boolean;
}

/** Decides for the undecided photos of a set, or for those a filter finds; one gesture, so the page can undo it. */
export async function decide(
  config: Config,
  verdict: Verdict,
  set: string,
  options: DecideOptions,
  say: Say,
): Promise<number> {
  await ask(config.data, `/api/sets/${set}`);
  const passes = filterFrom(options.filter ?? "verdict:none");
  const rows = rowsIn(config, set).filter((row) => row.culled === null && !row.released && passes({ ...row }));
  const ready = rows.filter((row) => verdict !== "approved" || row.hash !== null);
  for (const row of rows) if (!ready.includes(row)) say(`${row.file}: not at the gate yet, left as it is`);
  if (options.dryRun === true || ready.length === 0) {
    say(`${ready.length} photos would be ${verdict}.`);
    return 0;
  }
  const client = `cli-${randomUUID()}`;
  const op = (row: Row, field: string, to: string): Omit<Op, "seq"> => ({
    id: randomUUID(),
    client,
    gesture: client,
    photo: row.id,
    field,
    to,
    baseRev: row.rev,
    seen: row.hash,
  });
  const { reason } = options;
  const ops = ready
    .flatMap((row) => [...(reason === undefined ? [] : [op(row, "reason", reason)]), op(row, "verdict", verdict)])
    .map((one, seq): Op => ({ ...one, seq }));
  const results: OpResult[] = [];
  for (let from = 0; from < ops.length; from += OPS_AT_ONCE)
    results.push(
      ...resultsIn(await ask(config.data, `/api/sets/${set}/ops`, { ops: ops.slice(from, from + OPS_AT_ONCE) })),
    );
  for (const result of results) if (!result.ok) say(`${result.message} (${result.code})`);
  say(`${results.filter(({ ok }, i) => ok && ops[i]?.field === "verdict").length} photos ${verdict}.`);
  return results.every(({ ok }) => ok) ? 0 : 1;
}

/** As many decisions as the daemon takes in one request. */
const OPS_AT_ONCE = 500;

function rowsIn(config: Config, set: string): Row[] {
  const store = openStoreForReading(config.data, languageOf(config).lexicon);
  try {
    return rowsOf(store, set);
  } finally {
    store.close();
  }
}

const resultsIn = (answer: unknown): OpResult[] =>
  typeof answer === "object" && answer !== null && "results" in answer && Array.isArray(answer.results)
    ? answer.results
    : [];

export interface PublishOptions {
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

export async function publish(config: Config, set: string, options: PublishOptions, say: Say): Promise<number> {
  const plan = planIn(await ask(config.data, `/api/sets/${set}/plan`, {}));
  for (const { full, final } of plan?.photos ?? []) say(`+ ${full}  ${final.caption}`);
  if (plan === undefined || plan.photos.length === 0) {
    say("No photo is approved and unpublished.");
    return 1;
  }
  const { undecided, rejected, held, culled, published } = plan.leftOut;
  say(
    `${plan.photos.length} to publish. Not in it: ${undecided} undecided, ${rejected} rejected, ${held} held, ${culled} left out, ${published} released before.`,
  );
  for (const line of provedLines(plan)) say(line);
  if (options.dryRun === true) return 0;
  if (options.yes !== true && !(await isAgreed(`Publish ${plan.photos.length} photos? [y/N] `))) {
    say("Nothing was published.");
    return 1;
  }
  await ask(config.data, `/api/plans/${set}/run`, { hash: plan.hash });
  say(`${plan.photos.length} photos released.`);
  return 0;
}

const provedLines = ({ looked, words: { summary, blocked, overruled } }: Plan): string[] => [
  lookedText(looked),
  `Words: ${summary}.${blocked === 0 ? "" : ` Left out because their words are blocked: ${blocked}.`}`,
  ...overruled.map(({ file, rule, reason }) => `  overruled for ${file}: ${rule}: ${reason}`),
];

export interface ClearOptions {
  readonly moveOriginals?: boolean;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

/** Says what is freed, asks, and waits until it is. */
export async function clear(config: Config, set: string, options: ClearOptions, say: Say): Promise<number> {
  const { moveOriginals = false } = options;
  const plan = figuresIn(await ask(config.data, `/api/sets/${set}/clear`));
  if (moveOriginals && plan.archive === null)
    throw new Fault("archive.unset", `the originals of ${set} have nowhere to go`);
  for (const line of clearLines(plan, moveOriginals)) say(line);
  if (options.dryRun === true) return 0;
  if (options.yes !== true && !(await isAgreed(`Clear ${set}? [y/N] `))) {
    say("Nothing was cleared.");
    return 1;
  }
  await ask(config.data, `/api/sets/${set}/clear`, { moveOriginals });
  return cleared(config, set, say);
}

function* clearLines(plan: Figures, moveOriginals: boolean): Generator<string> {
  const { copies, bytes, keptBytes, onlyCopies, published, archive } = plan;
  yield `frees ${sizeText(bytes)}: ${count(copies, "working copy", "working copies")}; small previews are kept (${sizeText(keptBytes)})`;
  if (moveOriginals) yield `moves the originals of ${count(published, "published photo")} to ${archive} first`;
  if (onlyCopies > 0)
    yield `${count(onlyCopies, "working copy stays", "working copies stay")}: neither the inbox nor the archive has the photo any more${moveOriginals ? "; those that reach the archive go too" : ""}`;
}

const LOOK_MS = 300;

async function cleared(config: Config, set: string, say: Say): Promise<number> {
  for (;;) {
    const card = cardIn(await ask(config.data, `/api/sets/${set}`));
    if (card?.hold) throw new Fault("daemon.refused", `${set} is held: ${card.hold.why} (${card.hold.code})`);
    if (card?.clearing !== true) {
      say(`${set} is cleared: ${sizeText(card?.clearedBytes ?? 0)} freed.`);
      return 0;
    }
    await sleep(LOOK_MS);
  }
}

type Figures = ClearFigures & { readonly archive: string | null };
const NO_FIGURES: Figures = { copies: 0, bytes: 0, keptBytes: 0, onlyCopies: 0, published: 0, archive: null };
const figuresIn = (answer: unknown): Figures => {
  const isFigures = (value: unknown): value is Figures =>
    typeof value === "object" && value !== null && "keptBytes" in value;
  return isFigures(answer) ? answer : NO_FIGURES;
};
const cardIn = (answer: unknown): Card | undefined => {
  const isCard = (value: unknown): value is Card => typeof value === "object" && value !== null && "clearing" in value;
  return isCard(answer) ? answer : undefined;
};

const planIn = (answer: unknown): Plan | undefined => {
  const isPlan = (value: unknown): value is Plan =>
    typeof value === "object" && value !== null && "photos" in value && "leftOut" in value;
  return isPlan(answer) ? answer : undefined;
};

export interface DescribeOptions {
  readonly subject?: string;
  readonly location?: string;
  readonly category?: string;
  readonly date?: string;
  readonly copyright?: string;
  readonly event?: string;
  readonly kind?: string;
  /** take what a model saw for the subject */
  readonly suggested?: boolean;
  /** `+1 h 2 min` for all cameras, or `Canon EOS R5=+1 h 2 min`; empty for none */
  readonly clock?: readonly string[];
  readonly captioner?: string;
  readonly model?: string;
  readonly yes?: boolean;
}

/** Says something about a whole set, or shows what is said about it. */
export async function describe(config: Config, set: string, options: DescribeOptions, say: Say): Promise<number> {
  const { yes, clock, location, category, date, copyright, event, kind, captioner, model } = options;
  const card = cardFrom(await ask(config.data, `/api/sets/${set}`));
  const subject = options.suggested === true ? suggestionIn(card, set) : options.subject;
  const said = withoutGaps({ subject, location, category, date, copyright, event, kind, captioner, model });
  if (clock === undefined && Object.keys(said).length === 0) {
    for (const line of [
      ...descriptionLines(card?.context),
      ...seenLines(card?.shows),
      ...(card?.unusual == null ? [] : [`BATCH-RATE  ${card.unusual}`]),
      ...(card?.newWords ?? []).map(newWordLine),
    ])
      say(line);
    return 0;
  }
  const approved = card?.counts.approved ?? 0;
  const onlyCopyright = clock === undefined && Object.keys(said).every((field) => field === "copyright");
  if (approved > 0 && !onlyCopyright && yes !== true) {
    if (!(await isAgreed(`This takes back ${approved} approvals of ${set}. Go on? [y/N] `))) {
      say(`Nothing was changed: it would take back ${approved} approvals (--yes does not ask).`);
      return 1;
    }
  }
  const answer = await ask(config.data, `/api/sets/${set}/describe`, {
    ...said,
    ...(clock === undefined ? {} : { clock: clockFrom(clock) }),
  });
  for (const line of descriptionLines(contextIn(answer))) say(line);
  return 0;
}

export interface SplitOptions {
  readonly part?: string;
  /** numbers with commas between them */
  readonly photos?: string;
  readonly subject?: string;
  readonly yes?: boolean;
}

/** Makes some photos of a set one of its own, or shows what it might be split by. */
export async function split(config: Config, set: string, options: SplitOptions, say: Say): Promise<number> {
  const { part, photos, subject, yes } = options;
  const card = cardFrom(await ask(config.data, `/api/sets/${set}`));
  if (part === undefined && photos === undefined) {
    const parts = card?.shows.parts ?? [];
    for (const one of parts) say(partLine(one));
    say(
      parts.length === 0
        ? `${set} seems to show one thing. --photos 12,13 --subject TEXT splits off the photos you name.`
        : "--part NAME makes one of them a set of its own. It is a guess: --photos 12,13 --subject TEXT names the photos.",
    );
    return 0;
  }
  const approved = card?.counts.approved ?? 0;
  if (approved > 0 && yes !== true) {
    const asked = `This takes back the approvals of the photos that go (${approved} in the whole set), and cannot be undone. Go on? [y/N] `;
    if (!(await isAgreed(asked))) {
      say("Nothing was changed: approvals would be taken back (--yes does not ask).");
      return 1;
    }
  }
  const named = photos === undefined ? {} : { photos: photos.split(",").map(Number) };
  const answer = await ask(config.data, `/api/sets/${set}/split`, { ...withoutGaps({ part, subject }), ...named });
  const made =
    typeof answer === "object" && answer !== null && "set" in answer ? String(answer.set) : "a set of its own";
  const many = typeof answer === "object" && answer !== null && "photos" in answer ? Number(answer.photos) : 0;
  say(`${count(many, "photo")} of ${set} ${many === 1 ? "is" : "are"} ${made} now, and get words and names anew.`);
  return 0;
}

/** @throws Fault set.no-suggestion */
function suggestionIn(card: Card | undefined, set: string): string {
  const { suggestion = null, silence = null } = card?.shows ?? {};
  if (suggestion !== null) return suggestion;
  throw new Fault("set.no-suggestion", `nothing is suggested for ${set}${silence === null ? "" : `: ${silence}`}`);
}

function* seenLines(shows: Card["shows"] | undefined): Generator<string> {
  if (shows === undefined) return;
  const { suggestion, by, silence, flaws, parts } = shows;
  if (suggestion !== null) yield `suggested  ${suggestion} (${by}); --suggested takes it`;
  if (silence !== null) yield `suggested  nothing: ${silence}`;
  for (const { rule, why } of flaws) yield `${rule}  ${why}`;
  for (const part of parts) yield partLine(part);
  if (parts.length > 0) yield "           photogate split SET --part NAME makes one of them a set of its own";
}

const partLine = ({ subject, photos }: Card["shows"]["parts"][number]): string =>
  `shows      ${subject}: photos ${photos.join(",")}`;

const cardFrom = (answer: unknown): Card | undefined => {
  const isCard = (value: unknown): value is Card =>
    typeof value === "object" && value !== null && "context" in value && "counts" in value;
  return isCard(answer) ? answer : undefined;
};

const contextIn = (answer: unknown): SetContext | undefined => {
  const isAnswer = (value: unknown): value is { context: SetContext } =>
    typeof value === "object" && value !== null && "context" in value;
  return isAnswer(answer) ? answer.context : undefined;
};

/** One for all cameras stands alone; otherwise each has its name before it. */
const clockFrom = (said: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    said
      .filter((one) => one.trim() !== "")
      .map((one) => {
        const [, camera = EVERY_OTHER, off = ""] = /^(?:(.*)=)?(.*)$/.exec(one) ?? [];
        return [camera.trim(), off];
      }),
  );

const descriptionLines = (context: SetContext | undefined): string[] =>
  context === undefined
    ? []
    : [
        `subject    ${context.subject ?? "-"}`,
        `location   ${context.location ?? "-"}`,
        `category   ${context.folder}`,
        `date       ${context.date ?? "-"}`,
        `event      ${context.event ?? "-"}`,
        `kind       ${context.kind ?? "-"}`,
        `copyright  ${context.copyright ?? "-"}`,
        `captioner  ${[context.captioner ?? CAPTIONERS[0], context.model].filter((part) => part).join(", model ")}`,
        ...(context.clock ?? []).map(
          ({ camera, aheadSeconds }) => `clock      ${camera ?? "every other camera"} was ${spokenAhead(aheadSeconds)}`,
        ),
      ];

export async function rewind(config: Config, set: string, to: string, say: Say): Promise<number> {
  await ask(config.data, `/api/sets/${set}/rewind`, { to });
  say(`${set} goes on again from ${to}.`);
  return 0;
}

export async function rollBack(config: Config, set: string, say: Say): Promise<number> {
  await ask(config.data, `/api/sets/${set}/roll-back`, {});
  say(
    `${set} is rolled back: its files are untouched in the inbox, its names are free. photogate start-again ${set} takes it in anew.`,
  );
  return 0;
}

export async function reopen(config: Config, set: string, say: Say): Promise<number> {
  await ask(config.data, `/api/sets/${set}/reopen`, {});
  say(`What was released of ${set} and is not on the site is back in review.`);
  return 0;
}

export async function retry(config: Config, set: string, say: Say): Promise<number> {
  await ask(config.data, `/api/sets/${set}/retry`, {});
  say(`${set} is tried again.`);
  return 0;
}

export async function takeBack(config: Config, set: string, photo: string, say: Say): Promise<number> {
  await ask(config.data, `/api/sets/${set}/photos/${photo}/take-back`, {});
  say(`Photo ${photo} is back in ${set}.`);
  return 0;
}

export async function redo(config: Config, photo: string, say: Say): Promise<number> {
  const answer = await ask(config.data, `/api/photos/${encodeURIComponent(photo)}/redo`, {});
  const set = typeof answer === "object" && answer !== null && "set" in answer ? String(answer.set) : "its set";
  say(`Photo ${photo} is to be reviewed again in ${set}.`);
  return 0;
}
