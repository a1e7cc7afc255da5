import { isStageName, type StageName } from "../domain/facts.ts";
import type { Kinds } from "../domain/kinds.ts";
import type {
  Catalogue,
  Distrust,
  Gazetteer,
  Images,
  Originals,
  Scorers,
  SiteSizes,
  WrittenIn,
} from "../domain/ports.ts";
import { gate, type Stage } from "../domain/stage.ts";
import type { Lexicon } from "../domain/wording-text.ts";
import type { Millis } from "../domain/words.ts";
import { archive } from "./archive.ts";
import { exif } from "./exif.ts";
import { ingest } from "./ingest.ts";
import { iptc } from "./iptc.ts";
import { type LikenessSettings, likeness } from "./likeness.ts";
import { look } from "./look.ts";
import { type Ledger, name } from "./name.ts";
import { type Publishers, publish } from "./publish.ts";
import { type OwnArchive, quality } from "./quality.ts";
import { subject } from "./subject.ts";
import { validate } from "./validate.ts";
import { type Captioners, words } from "./words.ts";

export interface Tools {
  readonly originals: Originals;
  readonly images: Images;
  readonly scorers: Scorers;
  readonly ownArchive: OwnArchive;
  readonly captioners: Captioners;
  readonly lexicon: Lexicon;
  readonly writtenIn: WrittenIn;
  readonly distrust: Distrust;
  readonly publishers: Publishers;
  readonly ledger: Ledger;
  readonly catalogue: Catalogue;
  readonly gazetteer: Gazetteer;
}

export interface StageSettings {
  readonly namePattern: string;
  readonly siteSizes: SiteSizes;
  readonly archiveFolder: string | null;
  readonly likeness: Omit<LikenessSettings, "kinds">;
  /** kinds of sets there are */
  readonly kinds: Kinds;
  /** how long a set may wait until a model has said what it shows; 0 for not at all */
  readonly identifyMs: Millis;
}

type Maker = (tools: Tools, settings: StageSettings) => Stage;

/** The order of the stages is the order of these lines. It stands here and nowhere else. */
const STAGES: { readonly [K in StageName]: Maker } = {
  validate: ({ originals }) => validate(originals),
  ingest: ({ originals }) => ingest(originals),
  exif: ({ images, gazetteer }) => exif(images, gazetteer),
  iptc: ({ images }) => iptc(images),
  look: ({ images }) => look(images),
  quality: ({ scorers, ownArchive }) => quality(scorers, ownArchive),
  likeness: ({ images, catalogue }, settings) =>
    likeness(images, catalogue, { ...settings.likeness, kinds: settings.kinds }),
  subject: ({ captioners, lexicon }, { kinds, identifyMs }) => subject({ captioners, lexicon, kinds, identifyMs }),
  words: ({ captioners, lexicon, writtenIn, distrust }) => words(captioners, lexicon, writtenIn, distrust),
  name: ({ ledger }, { namePattern }) => name(ledger, namePattern),
  review: () => gate("review", ["ingest", "words", "name"]),
  publish: ({ images, publishers }, { siteSizes }) => publish(images, publishers, siteSizes),
  archive: ({ originals }, { archiveFolder }) => archive(originals, archiveFolder),
};

/** All of them, from the file to the archive. */
export const stageOrder: readonly StageName[] = Object.keys(STAGES).filter(isStageName);

export const pipeline = (tools: Tools, settings: StageSettings): readonly Stage[] =>
  Object.values(STAGES).map((make) => make(tools, settings));

/** The stages a set goes through by itself, before it waits for a person. */
export const stagesBeforeGate: readonly StageName[] = stageOrder.slice(0, stageOrder.indexOf("review"));
