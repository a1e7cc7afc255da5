/** What the rules for wording know of English, from libraries: plurals, edit distance, stop words, cities, countries. */
import { distance } from "fastest-levenshtein";
import pluralize from "pluralize";
import { dan, deu, eng, fin, fra, ita, nld, nob, pol, por, spa, swe, tur } from "stopword";
import { ENGLISH_HOUSE, type Lexicon, wordsOf } from "../domain/wording-text.ts";
import { readCountries } from "./countries.ts";
import { type Inhabitants, once, openGazetteer } from "./gazetteer.ts";

/** Languages a model may fall into. */
const OTHERS = [dan, deu, fin, fra, ita, nld, nob, pol, por, spa, swe, tur].map((words) => new Set(words));
const ENGLISH = new Set(eng);
/** Fewer words say nothing about their language; fewer small words say nothing surely. */
const LEAST = { words: 4, stopWords: 2 };

export const english = (house = ENGLISH_HOUSE, cities: Inhabitants = openGazetteer()): Lexicon => {
  const countries = once(readCountries);
  return {
    house,
    singular,
    isForeign,
    alike: (one, other) => 1 - distance(one, other) / Math.max(one.length, other.length, 1),
    inhabitants: (name) => cities.inhabitants(name),
    country: (name) => countries().get(name.toLowerCase()) ?? null,
  };
};

// Endings that look like a plural and are none.
const SINGULAR_ALREADY = /(?:ss|us|is|as|os)$/;
/** The words of a site are few, and the rules ask for each of them again and again. */
const MOST_REMEMBERED = 20_000;
const singulars = new Map<string, string>();
function singular(word: string): string {
  const before = singulars.get(word);
  if (before !== undefined) return before;
  if (singulars.size >= MOST_REMEMBERED) singulars.clear();
  const one = SINGULAR_ALREADY.test(word) ? word : pluralize.singular(word);
  singulars.set(word, one);
  return one;
}

/** Small words decide: nobody writes a sentence without them. */
function isForeign(text: string): boolean | null {
  const words = wordsOf(text.toLowerCase());
  if (words.length < LEAST.words) return null;
  const votes = (language: ReadonlySet<string>): number => words.filter((word) => language.has(word)).length;
  const own = votes(ENGLISH);
  const other = Math.max(...OTHERS.map(votes));
  if (own + other === 0) return null;
  return other >= LEAST.stopWords && other > own;
}
