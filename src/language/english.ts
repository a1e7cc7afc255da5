/** What the rules for wording know of English, from libraries: plurals, edit distance, stop words, cities, countries. */
import { readFileSync } from "node:fs";
import { distance } from "fastest-levenshtein";
import pluralize from "pluralize";
import { dan, deu, eng, fin, fra, ita, nld, nob, pol, por, spa, swe, tur } from "stopword";
import { type Lexicon, wordsOf } from "../domain/wording-text.ts";

/** Languages a model may fall into. */
const OTHERS = [dan, deu, fin, fra, ita, nld, nob, pol, por, spa, swe, tur].map((words) => new Set(words));
const ENGLISH = new Set(eng);
/** Fewer words say nothing about their language; fewer small words say nothing surely. */
const LEAST = { words: 4, stopWords: 2 };

/** The gazetteer is read when the first place is asked for: many runs never do. */
export const english = (): Lexicon => {
  let cities: ReadonlyMap<string, number> | undefined;
  let countries: ReadonlySet<string> | undefined;
  return {
    singular,
    isForeign,
    alike: (one, other) => 1 - distance(one, other) / Math.max(one.length, other.length, 1),
    inhabitants(name) {
      cities ??= readCities();
      return cities.get(name.toLowerCase()) ?? 0;
    },
    isCountry(name) {
      countries ??= readCountries();
      return countries.has(name.toLowerCase());
    },
  };
};

// Endings that look like a plural and are none.
const SINGULAR_ALREADY = /(?:ss|us|is|as|os)$/;
const singular = (word: string): string => (SINGULAR_ALREADY.test(word) ? word : pluralize.singular(word));

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

/** Thousands of inhabitants stand beside each name. */
function readCities(): ReadonlyMap<string, number> {
  const lines = readFileSync(new URL("./cities.tsv", import.meta.url), "utf8")
    .trimEnd()
    .split("\n");
  return new Map(
    lines.map((line) => {
      const [name = "", thousands = "0"] = line.split("\t");
      return [name, 1_000 * Number(thousands)];
    }),
  );
}

/** What the people of a country, and what is theirs, is called: those a caption may hold. */
const PEOPLES =
  `american british english scottish welsh irish french german dutch belgian flemish swiss austrian italian spanish
  portuguese danish swedish norwegian finnish icelandic polish czech slovak hungarian romanian bulgarian greek turkish russian
  ukrainian croatian serbian slovenian estonian latvian lithuanian canadian mexican brazilian argentinian chilean peruvian
  colombian cuban jamaican australian chinese japanese korean vietnamese thai indonesian malaysian filipino indian pakistani
  nepalese tibetan iranian iraqi israeli egyptian moroccan tunisian algerian kenyan tanzanian ethiopian nigerian namibian
  south-african scandinavian european asian african`.split(/\s+/);
/** Names nobody's list of countries has. */
const REGIONS =
  `england scotland wales holland flanders bavaria tuscany provence normandy brittany catalonia andalusia siberia
  patagonia scandinavia europe africa asia america antarctica texas california florida colorado alaska hawaii usa uk`.split(
    /\s+/,
  );

function readCountries(): ReadonlySet<string> {
  const names = new Intl.DisplayNames(["en"], { type: "region", fallback: "none" });
  const codes = Array.from({ length: 26 * 26 }, (_, i) => String.fromCharCode(65 + Math.floor(i / 26), 65 + (i % 26)));
  const countries = codes.flatMap((code) => names.of(code) ?? []).map((name) => name.toLowerCase());
  return new Set([...countries, ...PEOPLES, ...REGIONS]);
}
