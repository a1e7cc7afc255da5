/** What is put right about single photos, or done anew: shown first, as the page shows it, and taken in one step. */
import { randomUUID } from "node:crypto";
import { isAgreed } from "./asking.ts";
import type { Config } from "./config.ts";
import type { Correction, ProposedCorrection, ProposedPhoto } from "./domain/correction.ts";
import { Fault } from "./domain/fault.ts";
import { filterFrom } from "./domain/filter.ts";
import { HOUR } from "./domain/words.ts";
import { languageOf } from "./lexicon.ts";
import type { Say } from "./reading-verbs.ts";
import { CHANGED_FIELDS, count } from "./review-server/client/names.ts";
import { rowsOf } from "./review-server/rows.ts";
import { ask } from "./runtime.ts";
import { openStoreForReading } from "./store/store.ts";

export interface WhichPhotos {
  /** their numbers; all that are not released, if nothing is said */
  readonly photo?: readonly string[];
  readonly filter?: string;
}

interface HowToTake {
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

export interface CorrectOptions extends WhichPhotos, HowToTake {
  readonly subject?: string;
  readonly location?: string;
  readonly category?: string;
  readonly kind?: string;
}

export interface RedoOptions extends WhichPhotos, HowToTake {
  readonly words?: boolean;
  readonly name?: boolean;
}

export async function correct(config: Config, set: string, options: CorrectOptions, say: Say): Promise<number> {
  const { subject, location, category, kind } = options;
  const said = Object.fromEntries(
    Object.entries({ subject, location, category, kind }).filter(([, value]) => value !== undefined),
  );
  if (Object.keys(said).length === 0)
    throw new Fault(
      "set.description-invalid",
      "say what is to be put right: --subject, --location, --category, --kind",
    );
  return shownAndTaken(config, set, { ...said, photos: photosIn(config, set, options) }, options, say);
}

/** Words, or the name, of photos of a set. */
export const redoIn = async (config: Config, set: string, options: RedoOptions, say: Say): Promise<number> => {
  const anew = [
    ...(options.words === true ? (["words"] as const) : []),
    ...(options.name === true ? (["name"] as const) : []),
  ];
  return shownAndTaken(config, set, { anew, photos: photosIn(config, set, options) }, options, say);
};

function photosIn(config: Config, set: string, { photo, filter }: WhichPhotos): number[] {
  const store = openStoreForReading(config.data, languageOf(config).lexicon);
  try {
    if (store.sets.get(set) === undefined) throw new Fault("set.unknown", `no set ${set}`);
    const passes = filterFrom(filter ?? "");
    const wanted = photo === undefined ? undefined : new Set(photo.map(Number));
    const rows = rowsOf(store, set).filter((row) => (wanted?.has(row.id) ?? true) && passes({ ...row }));
    const missing = [...(wanted ?? [])].filter((id) => !rows.some((row) => row.id === id));
    if (missing.length > 0) throw new Fault("review.unknown-photo", `no photo ${missing.join(", ")} in set ${set}`);
    return rows.filter((row) => !row.released).map(({ id }) => id);
  } finally {
    store.close();
  }
}

type Said = Omit<Correction, "subject" | "location" | "kind"> & Readonly<Record<string, unknown>>;

async function shownAndTaken(config: Config, set: string, said: Said, how: HowToTake, say: Say): Promise<number> {
  if (said.photos.length === 0) {
    say(
      how.json === true
        ? JSON.stringify({ photos: [], unchanged: 0, leftOut: [], taken: false })
        : "No photo is meant.",
    );
    return 1;
  }
  // Our own daemon, with our own token: what it says is believed.
  const proposed = (await ask(config.data, `/api/sets/${set}/corrections`, said, HOUR)) as ProposedCorrection;
  const { photos, unchanged, leftOut } = proposed;
  if (how.json !== true) for (const line of linesIn(proposed)) say(line);
  const isTaken =
    photos.length > 0 && how.dryRun !== true && (how.yes === true || (await isWanted(photos.length, how)));
  if (isTaken)
    await ask(config.data, `/api/sets/${set}/corrections/${proposed.id}/take`, {
      client: `cli-${randomUUID()}`,
      seq: 0,
    });
  if (how.json === true) say(JSON.stringify({ photos, unchanged, leftOut, taken: isTaken }));
  else if (isTaken) say(`${count(photos.length, "photo")} changed.`);
  else if (how.dryRun !== true) say("Nothing was changed.");
  return isTaken || how.dryRun === true || photos.length === 0 ? 0 : 1;
}

/** A program that reads JSON is not asked. */
const isWanted = async (photos: number, { json }: HowToTake): Promise<boolean> =>
  json !== true && isAgreed(`Change ${count(photos, "photo")}? [y/N] `);

const linesIn = ({ photos, unchanged, leftOut }: ProposedCorrection): string[] => [
  ...photos.flatMap(linesOf),
  ...leftOut.map(({ file, why }) => `${file}: ${why}, left as it is`),
  ...(unchanged === 0 ? [] : [`${count(unchanged, "photo")} would stay as ${unchanged === 1 ? "it is" : "they are"}.`]),
];

function linesOf({ photo, file, before, after, kept, blocked, voids }: ProposedPhoto): string[] {
  const changes = CHANGED_FIELDS.filter(([field]) => before[field] !== after[field]);
  return [
    `${file} (${photo})${voids ? ": its approval is taken back" : ""}`,
    ...changes.flatMap(([field, label]) => [
      `  - ${label}: ${before[field] || "-"}`,
      `  + ${label}: ${after[field] || "-"}`,
    ]),
    ...(kept.length === 0 ? [] : [`  stays, because you wrote it: ${kept.join(", ")}`]),
    ...blocked.map((why) => `  blocked: ${why}`),
  ];
}
