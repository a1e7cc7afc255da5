/** The proof of words: written into the home as a set goes on, and shown by `photogate proof`. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Config } from "./config.ts";
import type { Announce, Event } from "./domain/events.ts";
import { Fault } from "./domain/fault.ts";
import { type ProofReport, type ProofSource, photoProof, proofReport } from "./domain/proof-report.ts";
import { photoProofMarkdown, proofMarkdown, sortedJson } from "./domain/proof-text.ts";
import type { Lexicon } from "./domain/wording-text.ts";
import type { PhotoId, SetId } from "./domain/words.ts";
import { durableWrite } from "./files.ts";
import { languageOf } from "./lexicon.ts";
import { type Say, withStore } from "./reading-verbs.ts";
import type { JournalLine } from "./store/journal.ts";
import type { Store } from "./store/store.ts";

type ProofStore = Pick<Store, "sets" | "desk" | "generations" | "journal" | "releases">;

/** @throws Fault set.unknown */
export function proofOf(store: ProofStore, id: SetId, lexicon: Lexicon): ProofReport {
  const set = store.sets.get(id);
  if (set === undefined) throw new Fault("set.unknown", `there is no set ${id}`);
  const source: ProofSource = {
    set,
    line: store.journal.newest(id, isAboutWords),
    photos: store.desk.photos(id),
    culled: new Set(store.sets.culls(id).keys()),
    releases: store.releases.of(id),
    redone: store.generations.counts(id),
  };
  return proofReport(source, lexicon);
}

const STAGES = new Set(["words", "name", "review", "publish"]);

/** Does it tell of something that a proof counts? What else becomes of a set leaves its proof as it is. */
function isAboutWords({ kind, data }: JournalLine): boolean {
  if (kind === "stage.done" || kind === "stage.forgotten") return STAGES.has(JSON.parse(data).stage);
  return /^(review\.|release\.|approval\.|photo\.(culled|taken-back)|set\.(opened|joined|described))/.test(kind);
}

const JSON_FILE = "proof.json";
const TEXT_FILE = "proof.md";

const writeProof = async (folder: string, report: ProofReport): Promise<void> => {
  await durableWrite(join(folder, JSON_FILE), sortedJson(report));
  await durableWrite(join(folder, TEXT_FILE), proofMarkdown(report));
};

/** The line of the journal a written proof goes up to. What cannot be read is as if it had not been written. */
async function lineOf(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, "utf8")).asOf?.line;
  } catch {
    return undefined;
  }
}

/** Where the proofs of all sets are kept. */
export const proofsIn = ({ data }: Pick<Config, "data">): string => join(data, "proofs");
const proofFolder = (config: Pick<Config, "data">, set: SetId): string => join(proofsIn(config), set);

export interface Proofs {
  /** to be called with everything the daemon announces */
  hear(event: Event): void;
  /** Makes the proofs that a kill has prevented, or left behind. */
  makeUp(): void;
  /** Makes up no more; resolves when everything that has happened is written, or has failed. */
  close(): Promise<void>;
}

/**
 * Writes the proof of a set when it has come to the gate, when a part of it is released, and when it is done. What cannot
 * be written is told and holds up nothing: `photogate proof` makes the same bytes at any time.
 */
export function keepProofs(
  config: Pick<Config, "data">,
  store: ProofStore,
  lexicon: Lexicon,
  announce: Announce,
  failed: (set: SetId, why: unknown) => void,
): Proofs {
  // One after the other: two of one set would race for its files, and the older could win.
  let last: Promise<void> = Promise.resolve();
  let isClosing = false;
  const told = new Map<SetId, string>();
  const write = async (set: SetId): Promise<void> => {
    // What was rolled back in the meantime has none.
    if (store.sets.get(set) === undefined) return;
    const report = proofOf(store, set, lexicon);
    await writeProof(proofFolder(config, set), report);
    const { summary } = report;
    if (told.get(set) === summary) return;
    told.set(set, summary);
    announce({ kind: "set.proved", set, summary });
  };
  const writeIfBehind = async (set: SetId): Promise<void> => {
    if (isClosing || store.sets.get(set) === undefined || !store.sets.counts(set).stages.name) return;
    const line = await lineOf(join(proofFolder(config, set), JSON_FILE));
    if (line !== store.journal.newest(set, isAboutWords)?.seq) await write(set);
  };
  const inTurn = (set: SetId, work: (set: SetId) => Promise<void>): void => {
    last = last.then(() => work(set)).catch((why: unknown) => failed(set, why));
  };
  return {
    hear(event) {
      if (event.kind === "set.awaits-review" || event.kind === "set.released" || event.kind === "set.finished")
        inTurn(event.set, write);
    },
    makeUp() {
      for (const { id } of store.sets.all()) inTurn(id, writeIfBehind);
    },
    close() {
      isClosing = true;
      return last;
    },
  };
}

export interface ProofOptions {
  readonly json?: boolean;
  readonly out?: string;
}

/**
 * `photogate proof SET|PHOTO`.
 *
 * @throws Fault proof.unknown, proof.ambiguous, disk.*
 */
export async function proof(config: Config, wanted: string, options: ProofOptions, say: Say): Promise<number> {
  const { lexicon } = languageOf(config);
  const made = await withStore(config, (store) =>
    store.sets.get(wanted) === undefined ? ofPhoto(store, wanted, lexicon) : ofSet(store, wanted, lexicon),
  );
  if (made === undefined) throw new Fault("proof.unknown", `there is no set and no photo ${wanted}`);
  if (options.out === undefined) {
    say((options.json === true ? made.json : made.text).trimEnd());
    return 0;
  }
  const files = [join(options.out, `${made.name}.json`), join(options.out, `${made.name}.md`)] as const;
  await durableWrite(files[0], made.json);
  await durableWrite(files[1], made.text);
  say(`${made.summary}. Written: ${files.join(", ")}`);
  return 0;
}

interface Made {
  readonly name: string;
  readonly summary: string;
  readonly json: string;
  readonly text: string;
}

function ofSet(store: ProofStore, set: SetId, lexicon: Lexicon): Made {
  const report = proofOf(store, set, lexicon);
  return { name: "proof", summary: report.summary, json: sortedJson(report), text: proofMarkdown(report) };
}

function ofPhoto(store: ProofStore, wanted: string, lexicon: Lexicon): Made {
  const found = store.sets.called(wanted);
  const [photo] = found;
  if (photo === undefined) throw new Fault("proof.unknown", `there is no set and no photo ${wanted}`);
  if (found.length > 1)
    throw new Fault(
      "proof.ambiguous",
      `${found.length} photos are called ${wanted}: ${found.map(whichOf(store)).join(", ")}`,
    );
  const set = store.sets.photo(photo)?.setId ?? "";
  const [one] = store.desk.photos(set, new Set([photo]));
  if (one === undefined) throw new Fault("proof.unknown", `there is no photo ${wanted}`);
  const report = photoProof(one, store.generations.of(photo), lexicon);
  return {
    name: `proof-${photo}`,
    summary: `Photo ${photo} of ${set}`,
    json: sortedJson(report),
    text: photoProofMarkdown(report),
  };
}

const whichOf =
  ({ sets }: Pick<Store, "sets">) =>
  (photo: PhotoId): string =>
    `${photo} (${sets.photo(photo)?.setId})`;
