/** Config to tools for the stages: the one place that knows which captioner and which publisher there are. */

import { template } from "./captioners/template.ts";
import type { Config } from "./config.ts";
import { decoderFor } from "./decoding.ts";
import type { Announce } from "./domain/events.ts";
import type { Distrust, Originals, WrittenIn } from "./domain/ports.ts";
import type { Stage } from "./domain/stage.ts";
import { type PhotoId, SECOND } from "./domain/words.ts";
import { fingerprintsOn } from "./fingerprints.ts";
import type { Decoder } from "./imaging/decoder.ts";
import { startScorers } from "./imaging/plugins.ts";
import type { Language } from "./lexicon.ts";
import { type Models, openModels } from "./models.ts";
import { ownArchiveIn } from "./own-archive.ts";
import { pipeline, type StageSettings, type Tools } from "./stages/index.ts";
import type { Ledger } from "./stages/name.ts";
import { type Mirror, openMirror } from "./store/mirror.ts";
import type { Store } from "./store/store.ts";
import { openSite, type Site } from "./targets.ts";
import { mirrorOf } from "./vocabulary.ts";

export interface Workshop {
  readonly stages: readonly Stage[];
  /** the same, but that names are given out by another ledger, and of some photos no words are known */
  readonly stagesWith: (ledger: Ledger, without: ReadonlySet<PhotoId>) => readonly Stage[];
  readonly decoder: Decoder;
  readonly mirror: Mirror;
  readonly models: Models;
  readonly target: Site;
}

export function openWorkshop(
  config: Config,
  store: Store,
  { lexicon, gazetteer }: Language,
  originals: Originals,
  announce: Announce,
  distrust: Distrust,
): Workshop {
  const { naming, publish, likeness } = config.settings;
  const mirror = openMirror(mirrorOf(config));
  const decoder = decoderFor(config);
  const models = openModels(config, announce, distrust);
  const target = openSite(config, mirror);
  const tools: Tools = {
    originals,
    images: decoder,
    scorers: startScorers(decoder, config.plugins),
    ownArchive: ownArchiveIn(config.data),
    captioners: { template, ollama: models.ollama, openai: models.openai },
    lexicon,
    writtenIn: store.writtenIn,
    distrust,
    publishers: { site: target.publisher },
    ledger: store.names,
    catalogue: fingerprintsOn(store),
    gazetteer,
  };
  const settings: StageSettings = {
    namePattern: naming.pattern,
    siteSizes: { full: publish.full, thumb: publish.thumb },
    archiveFolder: config.archive,
    likeness,
    kinds: config.kinds,
    identifyMs: config.settings.captioner.identifySeconds * SECOND,
  };
  const stagesWith: Workshop["stagesWith"] = (ledger, without) => {
    const writtenIn: WrittenIn = (set) => store.writtenIn(set).filter(({ photo }) => !without.has(photo));
    return pipeline({ ...tools, ledger, writtenIn }, settings);
  };
  return { stages: pipeline(tools, settings), stagesWith, decoder, mirror, models, target };
}
