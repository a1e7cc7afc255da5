/** Rules for names: a place or person is named only where somebody said so, in the context of the photo. */
import { eachText, type Known, keywordsTest, type Rule, TEXTS, tidyKeywords, tidyTexts } from "./wording-rule.ts";
import { type Lexicon, lemmasOf, normal, wordsOf } from "./wording-text.ts";

/** Words that make a place of the name before them. */
const HEADS = new Set(
  `abbey airport avenue bay beach bridge canal canyon castle cathedral chapel church city cliffs coast creek desert district
  dunes falls forest fort garden gardens glacier harbor harbour hill hills island islands lake lighthouse market marsh
  monument mosque mount mountain mountains museum palace park peak peninsula pier plaza polder port reserve ridge river road
  sea square station street temple tower town valley village waterfall zoo`.split(/\s+/),
);
const PREFIXES = new Set(
  "lake mount mont ponte san santa saint st port fort cape lago monte rio isle ile plaza piazza".split(" "),
);
const LOCATIVES = new Set(
  "in at near over above around from across outside inside towards toward through on".split(" "),
);
const LINKS = new Set("of de la le du des da do di del van von der den the and upon".split(" "));
/** Kinds of animals and things that carry the name of a place. */
const NOT_PLACES =
  /\b(?:canad(?:a|ian) (?:goose|geese)|german shepherds?|siberian (?:husky|huskies|tigers?)|persian (?:cats?|rugs?|carpets?)|french (?:bulldogs?|fries|windows?|horn)|brazil nuts?|china (?:plates?|cups?)|turkeys?|jerseys?|egyptian (?:goose|geese)|american (?:robins?|kestrels?|crows?)|eurasian \w+|european \w+|african (?:elephants?|daisy|daisies)|indian summer|dutch (?:angle|oven)|great danes?|\w+-style)\b/gi;

interface Span {
  readonly text: string;
  /** the word before it in the sentence, in small letters */
  readonly before: string;
  readonly startsSentence: boolean;
}

/** Words with a capital, together with the small words that link them. */
function spansOf(text: string): Span[] {
  const clean = normal(text).replaceAll(NOT_PLACES, (match) => match.toLowerCase());
  const spans: Span[] = [];
  for (const sentence of clean.split(/(?<=[.!?])\s+/)) {
    const words = sentence.match(/[\p{L}\p{N}][\p{L}\p{N}'-]*|[,;:()]/gu) ?? [];
    for (let at = 0; at < words.length; at += 1) {
      if (!isName(words[at])) continue;
      let end = at;
      for (let next = at + 1; next < words.length; next += 1) {
        if (isName(words[next])) end = next;
        else if (!LINKS.has(words[next] ?? "") || next - end > 2) break;
      }
      const text = words.slice(at, end + 1).join(" ");
      spans.push({ text, before: (words[at - 1] ?? "").toLowerCase(), startsSentence: at === 0 });
      at = end;
    }
  }
  return spans;
}

const isName = (word: string | undefined): boolean => word !== undefined && /^\p{Lu}/u.test(word);

const SMALL_CITY = 15_000;
const LARGE_CITY = 100_000;

function isPlace({ text, before, startsSentence }: Span, lexicon: Lexicon): boolean {
  const words = wordsOf(text.toLowerCase());
  const [first = "", last = ""] = [words[0], words.at(-1)];
  if (lexicon.isCountry(text)) return !startsSentence || words.length > 1 || LOCATIVES.has(before);
  // `Bridge` alone, at the start of a sentence, is a word with a capital.
  if (words.length > 1 && (HEADS.has(last) || PREFIXES.has(first)))
    return !startsSentence || isName(text.split(" ")[1]);
  if (startsSentence && words.length === 1) return false;
  if (LOCATIVES.has(before)) return !MONTHS_AND_DAYS.has(first);
  return lexicon.inhabitants(text) >= (words.length > 1 ? SMALL_CITY : LARGE_CITY);
}

const MONTHS_AND_DAYS = new Set(
  `january february march april may june july august september october november december monday tuesday wednesday thursday
  friday saturday sunday christmas easter spring summer autumn winter`.split(/\s+/),
);

/** Every name that context knows. */
const saidBy = ({ subject, location, names, people, aliases }: Known): string =>
  [subject ?? "", location ?? "", ...names, ...people, ...aliases].join(" ; ");

/** Is every word of it, beside `bridge` and `lake`, known from context? */
function isCovered(name: string, known: Known, lexicon: Lexicon): boolean {
  const allowed = new Set(lemmasOf(saidBy(known), lexicon));
  return lemmasOf(name, lexicon).every((word) => allowed.has(word) || HEADS.has(word));
}

const uncovered = (text: string, known: Known, lexicon: Lexicon): string | undefined => {
  const place = spansOf(text).find((span) => isPlace(span, lexicon) && !isCovered(span.text, known, lexicon));
  return place === undefined ? undefined : `“${place.text}” is not in what is known of the photo`;
};

/** A keyword has no capital to tell it by. */
function placeInKeyword(keyword: string, known: Known, lexicon: Lexicon): boolean {
  const clean = keyword.replaceAll(NOT_PLACES, "").trim();
  if (clean === "" || isCovered(clean, known, lexicon)) return false;
  const words = wordsOf(clean);
  const isNamed =
    words.length > 1 && words.some((word) => /^\p{Lu}/u.test(word)) && HEADS.has((words.at(-1) ?? "").toLowerCase());
  return (
    isNamed ||
    lexicon.isCountry(clean) ||
    words.some((word) => lexicon.isCountry(word)) ||
    lexicon.inhabitants(clean) >= LARGE_CITY
  );
}

const PERSON_NOUNS =
  /\b(?:man|woman|boy|girl|child|singer|player|politician|president|actor|actress|artist|photographer|musician|named|called)\s+((?:\p{Lu}[\p{L}'-]+\s?){2,})|\b((?:\p{Lu}[\p{L}-]+\s){1,2}\p{Lu}[\p{L}-]+)'s\b/u;

const HERON = "Grey heron wading through shallow water at dawn.";
const ALT = "A tall grey bird stands in a pond.";

const cityOf = (location: string): string => location.split(",")[0]?.trim() ?? location;

export const PLACE_RULES: readonly Rule[] = [
  {
    id: "GEO-CAPTION",
    severity: "error",
    about: "a place in the caption that nobody gave",
    test: eachText(["caption"], (text, { known, lexicon }) => uncovered(text, known, lexicon)),
    ask: "Name no place that is not in FACTS; say bridge, river, town instead.",
    passes: {
      words: { caption: "Grey heron wading through the Amstel in Amsterdam." },
      known: { location: "Amsterdam, Netherlands", names: ["Amstel"] },
    },
    fails: {
      words: { caption: "Grey heron wading through a canal in Utrecht." },
      known: { location: "Amsterdam, Netherlands" },
    },
  },
  {
    id: "GEO-ALT",
    severity: "error",
    about: "a place in the alt text that nobody gave",
    test: eachText(["altText"], (text, { known, lexicon }) => uncovered(text, known, lexicon)),
    ask: "Name no place that is not in FACTS; say bridge, river, town instead.",
    passes: { words: { altText: ALT } },
    fails: { words: { altText: "A tall bird stands below the Golden Gate Bridge." } },
  },
  {
    id: "GEO-KEYWORD",
    severity: "error",
    about: "a place among the keywords that nobody gave",
    test: keywordsTest((keywords, { known, lexicon }) => {
      const places = keywords.filter((keyword) => placeInKeyword(keyword, known, lexicon));
      return places.length === 0 ? undefined : places.map((place) => `“${place}”`).join(", ");
    }),
    tidy: tidyKeywords((keywords, { known, lexicon }) =>
      keywords.filter((keyword) => !placeInKeyword(keyword, known, lexicon)),
    ),
    passes: { words: { keywords: ["canada goose", "netherlands"] }, known: { location: "Amsterdam, Netherlands" } },
    fails: { words: { keywords: ["grey heron", "france"] }, known: { location: "Amsterdam, Netherlands" } },
  },
  {
    id: "GEO-MISSING",
    severity: "info",
    about: "the place is known and not in the caption",
    test: eachText(["caption"], (text, { known, lexicon }) => {
      if (known.location === null) return undefined;
      const said = new Set(lemmasOf(text, lexicon));
      return lemmasOf(known.location, lexicon).some((word) => said.has(word))
        ? undefined
        : `“${cityOf(known.location)}” is missing`;
    }),
    tidy: tidyTexts(["caption"], (text, { known, lexicon }) => {
      if (known.location === null || text === "") return text;
      const said = new Set(lemmasOf(text, lexicon));
      if (lemmasOf(known.location, lexicon).some((word) => said.has(word))) return text;
      return `${text.replace(/[.\s]+$/, "")}, ${cityOf(known.location)}.`;
    }),
    passes: {
      words: { caption: "Grey heron wading through a canal in Amsterdam." },
      known: { location: "Amsterdam, Netherlands" },
    },
    fails: { words: { caption: HERON }, known: { location: "Amsterdam, Netherlands" } },
  },
  {
    id: "NAME-PERSON",
    severity: "error",
    about: "the name of a person that nobody gave",
    test: eachText(TEXTS, (text, { known, lexicon }): string | undefined => {
      const [, after, owner] = PERSON_NOUNS.exec(text) ?? [];
      const name = (after ?? owner)?.trim();
      if (name === undefined || isCovered(name, known, lexicon)) return undefined;
      return `“${name}” is not in what is known of the photo`;
    }),
    ask: "Name no person who is not in FACTS.",
    passes: {
      words: { caption: "The singer Anna Jansen leans into the microphone on stage." },
      known: { people: ["Anna Jansen"] },
    },
    fails: { words: { caption: "The singer Anna Jansen leans into the microphone on stage." } },
  },
];
