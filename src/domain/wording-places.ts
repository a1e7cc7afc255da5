/** Rules for names: a place or person is named only where somebody said so, in the context of the photo. */
import { nameSource } from "./evidence.ts";
import { isPlaceKeyword, type Name, namesIn } from "./wording-names.ts";
import { type Checked, eachText, keywordsTest, type Rule, TEXTS, tidyKeywords, tidyTexts } from "./wording-rule.ts";
import { lemmasOf } from "./wording-text.ts";

const unvouched = (text: string, kind: Name["kind"], { known, lexicon }: Checked): string | undefined => {
  const name = namesIn(text, lexicon).find(
    (one) => one.kind === kind && nameSource(one.text, known, lexicon) === undefined,
  );
  return name === undefined ? undefined : `“${name.text}” is not in what is known of the photo`;
};

const isUnvouched = (keyword: string, { known, lexicon }: Checked): boolean =>
  isPlaceKeyword(keyword, lexicon) && nameSource(keyword, known, lexicon) === undefined;

const HERON = "Grey heron wading through shallow water at dawn.";
const ALT = "A tall grey bird stands in a pond.";

const cityOf = (location: string): string => location.split(",")[0]?.trim() ?? location;

export const PLACE_RULES: readonly Rule[] = [
  {
    id: "GEO-CAPTION",
    severity: "error",
    about: "a place in the caption that nobody gave",
    test: eachText(["caption"], (text, checked) => unvouched(text, "place", checked)),
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
    test: eachText(["altText"], (text, checked) => unvouched(text, "place", checked)),
    ask: "Name no place that is not in FACTS; say bridge, river, town instead.",
    passes: { words: { altText: ALT } },
    fails: { words: { altText: "A tall bird stands below the Golden Gate Bridge." } },
  },
  {
    id: "GEO-KEYWORD",
    severity: "error",
    about: "a place among the keywords that nobody gave",
    test: keywordsTest((keywords, checked) => {
      const places = keywords.filter((keyword) => isUnvouched(keyword, checked));
      return places.length === 0 ? undefined : places.map((place) => `“${place}”`).join(", ");
    }),
    tidy: tidyKeywords((keywords, checked) => keywords.filter((keyword) => !isUnvouched(keyword, checked))),
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
    test: eachText(TEXTS, (text, checked) => unvouched(text, "person", checked)),
    ask: "Name no person who is not in FACTS.",
    passes: {
      words: { caption: "The singer Anna Jansen leans into the microphone on stage." },
      known: { people: ["Anna Jansen"] },
    },
    fails: { words: { caption: "The singer Anna Jansen leans into the microphone on stage." } },
  },
];
