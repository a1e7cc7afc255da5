/** The roof's way from the settings and all sets to what is right: which words are the photographer's own. */
import type { Config } from "./config.ts";
import { marksOf, ownWords, type Speller, type SpellingMarks } from "./domain/spelling-marks.ts";
import type { Vocabulary } from "./review-server/cards.ts";

/** @param about more that is known where the texts stand: the set's subject, the towns near by */
export type Spelling = (
  texts: Readonly<Record<string, string>>,
  about: readonly string[],
) => Promise<SpellingMarks | null>;

export const spellingOn =
  ({ house }: Pick<Config, "house">, vocabulary: Pick<Vocabulary, "all">, speller: Speller): Spelling =>
  async (texts, about) => {
    // There are no dictionaries of other languages here.
    if (house.language !== "en") return {};
    const { subjects, locations, categories, kinds } = vocabulary.all();
    const own = [...subjects, ...locations, ...categories, ...kinds, ...house.allowed, ...house.vocabulary, ...about];
    return marksOf(texts, ownWords(own), speller);
  };
