import { readFileSync } from "node:fs";
import { join } from "node:path";
import { codeOf, Fault } from "../domain/fault.ts";
import type { WrittenIn } from "../domain/ports.ts";
import type { Lexicon } from "../domain/wording-text.ts";
import { HOUR, type Millis } from "../domain/words.ts";
import { type Approved, approvedOn } from "./approved.ts";
import { type Checkpoints, checkpointsOn } from "./checkpoints.ts";
import { type Clearings, clearingsOn } from "./clearings.ts";
import { type Database, keepPages, openDatabase, openForReading } from "./database.ts";
import { type Descriptions, descriptionsOn } from "./descriptions.ts";
import { type Desk, deskOn } from "./desk.ts";
import { type Distrusts, distrustsOn } from "./distrusts.ts";
import { type Figures, figuresOn } from "./figures.ts";
import { type Generations, generationsOn } from "./generations.ts";
import { type Inboxes, inboxesOn } from "./inboxes.ts";
import { type Intake, intakeOn } from "./intake.ts";
import { type Journal, journalOn } from "./journal.ts";
import { type Likenesses, likenessesOn } from "./likenesses.ts";
import { type Looks, looksOn } from "./looks.ts";
import { type Names, namesOn } from "./names.ts";
import { type PreferencesStore, preferencesOn } from "./preferences.ts";
import { type Releases, releasesOn } from "./releases.ts";
import { type Runs, runsOn } from "./runs.ts";
import { type Safety, safetyOn } from "./safety.ts";
import { type Sessions, sessionsOn } from "./sessions.ts";
import { type Sets, setsOn } from "./sets.ts";
import { type Sittings, sittingsOn } from "./sittings.ts";
import { type Splits, splitsOn } from "./splits.ts";
import { type Subjects, subjectsOn } from "./subjects.ts";
import { wordingsOn } from "./wordings.ts";

const SESSION_IDLE_MS = 12 * HOUR;

/** The durable state of one home; everything that is kept is kept here. Sync on purpose: a commit cannot interleave. */
export interface Store {
  readonly sets: Sets;
  readonly checkpoints: Checkpoints;
  readonly names: Names;
  readonly intake: Intake;
  readonly inboxes: Inboxes;
  readonly desk: Desk;
  readonly descriptions: Descriptions;
  readonly generations: Generations;
  readonly distrusts: Distrusts;
  readonly likenesses: Likenesses;
  readonly looks: Looks;
  readonly subjects: Subjects;
  readonly splits: Splits;
  readonly releases: Releases;
  readonly journal: Journal;
  readonly clearings: Clearings;
  readonly safety: Safety;
  readonly sessions: Sessions;
  readonly sittings: Sittings;
  readonly runs: Runs;
  readonly approved: Approved;
  readonly writtenIn: WrittenIn;
  readonly figures: Figures;
  readonly preferences: PreferencesStore;
  readonly installation: { readonly uuid: string; readonly workRoot: string };
  /** the full check: `ok`, or what is wrong */
  integrity(): string;
  /** More memory for as long as folders are being taken in. */
  expect(isArriving: boolean): void;
  close(): void;
}

export const STORE_FILE = "photogate.db";

/**
 * Beside the store: its id, and on a second line the last run that was begun on it. An emptied or exchanged database is not
 * taken for a new one, nor a copy of before that run, which knows nothing of what was decided since.
 */
export const INSTALLATION_FILE = "installation";

/** @param folder the data folder, or `:memory:` */
export function openStore(folder: string, now: Millis, lexicon: Lexicon): Store {
  const path = folder === ":memory:" ? folder : join(folder, STORE_FILE);
  const [uuid, lastRun] = textIn(join(folder, INSTALLATION_FILE))?.split("\n") ?? [];
  const database = openDatabase(path, { workRoot: join(folder, "work"), now, uuid });
  const store = storeOn(database, lexicon);
  if (lastRun === undefined || store.runs.knows(lastRun)) return store;
  store.close();
  throw new Fault(
    "store.outdated",
    `${path} is a copy from before the run of ${lastRun}: it does not know what was decided since`,
  );
}

function textIn(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").trim() || undefined;
  } catch (cause) {
    if (codeOf(cause) === "ENOENT") return undefined;
    throw cause;
  }
}

/** For the reading verbs of the CLI: works beside a running daemon, and without one. */
export const openStoreForReading = (folder: string, lexicon: Lexicon): Store =>
  storeOn(openForReading(join(folder, STORE_FILE)), lexicon);

/** @param lexicon what the desk checks words with before it takes an approval */
export function storeOn(database: Database, lexicon: Lexicon): Store {
  const installation = database
    .prepare<[], { uuid: string; workRoot: string }>("select uuid, work_root workRoot from installation")
    .get();
  if (installation === undefined) throw new Error("the store has no installation row");
  const journal = journalOn(database);
  const sets = setsOn(database, journal, installation.workRoot);
  const checkpoints = checkpointsOn(database, journal);
  const names = namesOn(database);
  const clearings = clearingsOn(database, journal);
  const descriptions = descriptionsOn(database, journal, sets, checkpoints);
  const likenesses = likenessesOn(database);
  const looks = looksOn(database);
  const desk = deskOn(database, journal, names, sets, clearings, likenesses, looks, lexicon);
  return {
    sets,
    checkpoints,
    names,
    desk,
    descriptions,
    generations: generationsOn(database),
    likenesses,
    looks,
    subjects: subjectsOn(database),
    splits: splitsOn(database, journal, sets, checkpoints, clearings),
    journal,
    clearings,
    installation,
    distrusts: distrustsOn(database, journal, checkpoints),
    safety: safetyOn(database),
    intake: intakeOn(database, journal),
    inboxes: inboxesOn(database),
    releases: releasesOn(database, journal, sets, desk, checkpoints, looks),
    sessions: sessionsOn(database, SESSION_IDLE_MS),
    sittings: sittingsOn(database),
    runs: runsOn(database),
    approved: approvedOn(database, installation.workRoot),
    writtenIn: wordingsOn(database),
    figures: figuresOn(database),
    preferences: preferencesOn(database),
    integrity: () => String(database.pragma("integrity_check", { simple: true })),
    expect: (isArriving) => keepPages(database, isArriving ? "many" : "few"),
    close: () => {
      database.close();
    },
  };
}
