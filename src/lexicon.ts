/** The language the rules for wording hold, with what the settings say about the site's words. */
import type { Config } from "./config.ts";
import type { Gazetteer } from "./domain/ports.ts";
import type { Lexicon } from "./domain/wording-text.ts";
import { english } from "./language/english.ts";
import { openGazetteer } from "./language/gazetteer.ts";

export interface Language {
  readonly lexicon: Lexicon;
  readonly gazetteer: Gazetteer;
}

export function languageOf({ house }: Pick<Config, "house">): Language {
  const gazetteer = openGazetteer();
  return { lexicon: english(house, gazetteer), gazetteer };
}
