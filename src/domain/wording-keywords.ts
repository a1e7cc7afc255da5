/** Rules for keywords: few enough, each once, each about this photo. */
import { phraseSource, saidOf } from "./evidence.ts";
import { type Checked, keywordsTest, type Rule, tidyKeywords, type Words } from "./wording-rule.ts";
import { contentOf, keywordKey, type Lexicon, lemmasOf, normal, wordsOf } from "./wording-text.ts";

const HERON = "Grey heron wading through shallow water at dawn.";
const ALT = "A tall grey bird stands in a pond between reeds.";
const GOOD = ["grey heron", "heron", "water", "dawn", "reed", "pond", "bird", "wading"];
const list = (
  keywords: string[],
  known: Rule["passes"]["known"] = {},
): { words: Words; known: NonNullable<Rule["passes"]["known"]> } => ({
  words: { caption: HERON, altText: ALT, keywords },
  known,
});

const COUNT = { least: 8, good: 25, most: 50 };
const LENGTH = { words: 3, letters: 40, bytes: 64 };
const GENERIC = new Set(
  `photo image picture photography photograph nature outdoors outdoor daytime day background beautiful view scene "no people"
  nobody stock wallpaper art travel color colour closeup close-up`.split(/\s+/),
);
const PROMPT_WORDS = new Set([
  "visible",
  "caption",
  "alt",
  "alt text",
  "keywords",
  "uncertain",
  "facts",
  "subject",
  "location",
  "genre",
]);
/** Examples that a model is given; what is seen may well be one of them. */
const PROMPT_EXAMPLES = new Set(["bridge", "river", "small bird"]);
const BRANDS = new Set(
  "canon nikon sony fujifilm fuji leica olympus panasonic pentax sigma tamron hasselblad iphone samsung gopro dji eos lumix alpha".split(
    " ",
  ),
);
const ATTRIBUTES = new Set(
  "red green blue yellow white black grey gray brown orange purple pink small large tall bright dark wet dry old new sunny cloudy".split(
    " ",
  ),
);

/** Share of the keywords that nothing needs to speak for: what a word means is more than how it is spelled. */
const UNSUPPORTED = 0.4;

const bytesOf = (text: string): number => new TextEncoder().encode(text).length;
const isTooLong = (keyword: string): boolean => {
  const words = wordsOf(keyword);
  const most = /\p{Lu}/u.test(keyword) ? LENGTH.words + 1 : LENGTH.words;
  return words.length > most || keyword.length > LENGTH.letters || bytesOf(keyword) > LENGTH.bytes;
};

/** Each keyword once, by what tells it from others. */
function firstsOf(keywords: readonly string[], lexicon: Lexicon): string[] {
  const byKey = new Map<string, string>();
  for (const keyword of keywords) {
    const key = keywordKey(keyword, lexicon);
    if (!byKey.has(key)) byKey.set(key, keyword);
  }
  return [...byKey.values()];
}

function repeatedIn(keywords: readonly string[], lexicon: Lexicon): string[] {
  const left = firstsOf(keywords, lexicon);
  return keywords.filter((keyword) => {
    if (left[0] !== keyword) return true;
    left.shift();
    return false;
  });
}

/** Keywords of which every word is in another one, where both are short. */
function withinOthers(keywords: readonly string[]): string[] {
  const pairs = keywords.map((keyword) => wordsOf(keyword.toLowerCase())).filter(({ length }) => length === 2);
  const inPairs = new Set(pairs.flat());
  return keywords.filter((keyword) => {
    const words = wordsOf(keyword.toLowerCase());
    return words.length === 1 && inPairs.has(words[0] ?? "");
  });
}

const isShouted = (keyword: string, said: string): boolean =>
  (/\p{Lu}/u.test(keyword) && !said.includes(keyword)) || /_|[.!?;:"]$/.test(keyword);

const saidIn = ({ known, lexicon }: Checked): string => saidOf(known, lexicon);

/** Somebody vouches for it, or the texts beside it say it. */
const isSupported = (keyword: string, { words, known, lexicon }: Checked): boolean => {
  if (phraseSource(keyword, known, lexicon) !== undefined) return true;
  const said = contentOf(`${words.caption} ${words.altText}`, lexicon);
  return lemmasOf(keyword, lexicon).some((word) => said.has(word));
};

const isOfPrompt = (keyword: string, checked: Checked): boolean =>
  PROMPT_WORDS.has(keyword.toLowerCase()) ||
  (PROMPT_EXAMPLES.has(keyword.toLowerCase()) && !isSupported(keyword, checked));

const namesSubject = (keyword: string, { known, lexicon }: Checked): boolean => {
  const wanted = new Set([known.subject ?? "", ...known.aliases].flatMap((name) => lemmasOf(name, lexicon)));
  return lemmasOf(keyword, lexicon).some((word) => wanted.has(word));
};

const quoted = (keywords: readonly string[]): string | undefined =>
  keywords.length === 0
    ? undefined
    : keywords
        .slice(0, 5)
        .map((keyword) => `“${keyword}”`)
        .join(", ");

export const KEYWORD_RULES: readonly Rule[] = [
  {
    id: "KW-NONE",
    severity: "error",
    ofModels: true,
    about: "no keywords, or far too many",
    test: keywordsTest((keywords) =>
      keywords.length === 0 || keywords.length > COUNT.most
        ? `${keywords.length} keywords; 1 to ${COUNT.most}`
        : undefined,
    ),
    tidy: tidyKeywords((keywords) => keywords.slice(0, COUNT.most)),
    ask: "Write 12 to 20 keywords.",
    passes: list(GOOD),
    fails: list([]),
  },
  {
    id: "KW-COUNT",
    severity: "warning",
    about: "few keywords, or many",
    test: keywordsTest((keywords) =>
      keywords.length > 0 &&
      keywords.length <= COUNT.most &&
      (keywords.length < COUNT.least || keywords.length > COUNT.good)
        ? `${keywords.length} keywords; ${COUNT.least} to ${COUNT.good} serve best`
        : undefined,
    ),
    tidy: tidyKeywords((keywords) => (keywords.length > COUNT.good ? keywords.slice(0, COUNT.good) : keywords)),
    ask: "Write 12 to 20 keywords.",
    passes: list(GOOD),
    fails: list(["grey heron", "water"]),
  },
  {
    id: "KW-DUP",
    severity: "warning",
    about: "a keyword twice",
    test: keywordsTest((keywords, { lexicon }) => quoted(repeatedIn(keywords, lexicon))),
    tidy: tidyKeywords((keywords, { lexicon }) => firstsOf(keywords, lexicon)),
    passes: list(GOOD),
    fails: list([...GOOD, "Gray Herons"]),
  },
  {
    id: "KW-OVERLAP",
    severity: "info",
    about: "a keyword inside another",
    test: keywordsTest((keywords) => quoted(withinOthers(keywords))),
    passes: list(GOOD.filter((keyword) => keyword !== "heron")),
    fails: list(["grey heron", "heron"]),
  },
  {
    id: "KW-LONG",
    severity: "warning",
    about: "a keyword that is a phrase",
    test: keywordsTest((keywords) => quoted(keywords.filter(isTooLong))),
    tidy: tidyKeywords((keywords) =>
      keywords
        .flatMap((keyword) => (isTooLong(keyword) ? keyword.split(/\s+(?:and|or)\s+|[,/]/).map(normal) : [keyword]))
        .filter((keyword) => keyword !== "" && !isTooLong(keyword)),
    ),
    ask: "At most three words for each keyword.",
    passes: list(GOOD),
    fails: list([...GOOD, "a tall bird that stands in the water"]),
  },
  {
    id: "KW-FORM",
    severity: "warning",
    about: "capitals, underscores or punctuation in a keyword",
    test: keywordsTest((keywords, checked) =>
      quoted(keywords.filter((keyword) => isShouted(keyword, saidIn(checked)))),
    ),
    tidy: tidyKeywords((keywords, checked) =>
      keywords.map((keyword) =>
        isShouted(keyword, saidIn(checked))
          ? normal(
              keyword
                .replaceAll("_", " ")
                .replaceAll(/[.!?;:"]+$/g, "")
                .toLowerCase(),
            )
          : keyword,
      ),
    ),
    passes: list([...GOOD, "Amsterdam"], { location: "Amsterdam, Netherlands" }),
    fails: list([...GOOD, "Flying_Bird"]),
  },
  {
    id: "KW-GENERIC",
    severity: "warning",
    about: "keywords that fit every photo",
    test: keywordsTest((keywords) => {
      const generic = keywords.filter((keyword) => GENERIC.has(keyword.toLowerCase()));
      return generic.length > 0.2 * keywords.length ? quoted(generic) : undefined;
    }),
    tidy: tidyKeywords((keywords) => keywords.filter((keyword) => !GENERIC.has(keyword.toLowerCase()))),
    passes: list([...GOOD, "nature"]),
    fails: list(["grey heron", "water", "nature", "outdoors", "photo"]),
  },
  {
    id: "KW-PROMPT",
    severity: "warning",
    about: "words of the instructions as keywords",
    test: keywordsTest((keywords, checked) => quoted(keywords.filter((keyword) => isOfPrompt(keyword, checked)))),
    tidy: tidyKeywords((keywords, checked) => keywords.filter((keyword) => !isOfPrompt(keyword, checked))),
    passes: list(GOOD),
    fails: list([...GOOD, "visible"]),
  },
  {
    id: "KW-SUBJECT",
    severity: "error",
    ofModels: true,
    about: "the subject is not among the first three keywords",
    test: keywordsTest((keywords, checked) =>
      checked.known.subject === null ||
      keywords.length === 0 ||
      keywords.slice(0, 3).some((keyword) => namesSubject(keyword, checked))
        ? undefined
        : `“${checked.known.subject}” is not among ${quoted(keywords.slice(0, 3))}`,
    ),
    tidy: tidyKeywords((keywords, checked) =>
      checked.known.subject === null || keywords.slice(0, 3).some((keyword) => namesSubject(keyword, checked))
        ? keywords
        : [
            checked.known.subject.toLowerCase(),
            ...keywords.filter((keyword) => keyword.toLowerCase() !== checked.known.subject?.toLowerCase()),
          ],
    ),
    passes: list(GOOD, { subject: "Grey Heron" }),
    fails: list(["water", "dawn", "reed", "grey heron"], { subject: "Grey Heron" }),
  },
  {
    id: "KW-ORDER",
    severity: "info",
    about: "colours before what has them",
    test: keywordsTest((keywords, checked) => {
      const first = keywords.slice(0, 5);
      const subject = first.findIndex((keyword) => namesSubject(keyword, checked));
      return quoted(
        first.slice(0, subject === -1 ? 5 : subject).filter((keyword) => ATTRIBUTES.has(keyword.toLowerCase())),
      );
    }),
    tidy: tidyKeywords((keywords, checked) => {
      const place = (keyword: string): number =>
        namesSubject(keyword, checked) ? 0 : ATTRIBUTES.has(keyword.toLowerCase()) ? 2 : 1;
      return keywords.toSorted((one, other) => place(one) - place(other));
    }),
    passes: list([...GOOD, "grey"], { subject: "Grey Heron" }),
    fails: list(["grey", "water", "grey heron"], { subject: "Heron" }),
  },
  {
    id: "KW-UNSUPPORTED",
    severity: "warning",
    about: "keywords that nothing speaks for",
    test: keywordsTest((keywords, checked) => {
      const without = keywords.filter((keyword) => !isSupported(keyword, checked));
      return without.length > UNSUPPORTED * keywords.length ? quoted(without) : undefined;
    }),
    tidy: tidyKeywords((keywords, checked) => {
      const without = keywords.filter((keyword) => !isSupported(keyword, checked));
      const most = Math.floor(((keywords.length - without.length) * UNSUPPORTED) / (1 - UNSUPPORTED));
      const dropped = new Set(without.slice(most));
      return keywords.filter((keyword) => !dropped.has(keyword));
    }),
    passes: list(GOOD),
    fails: list(["grey heron", "train", "viaduct", "steam", "village"]),
  },
  {
    id: "KW-BRAND",
    severity: "warning",
    about: "camera brands as keywords",
    test: keywordsTest((keywords, checked) =>
      quoted(
        keywords.filter(
          (keyword) =>
            BRANDS.has(keyword.toLowerCase()) && !saidIn(checked).toLowerCase().includes(keyword.toLowerCase()),
        ),
      ),
    ),
    tidy: tidyKeywords((keywords, checked) =>
      keywords.filter(
        (keyword) =>
          !BRANDS.has(keyword.toLowerCase()) || saidIn(checked).toLowerCase().includes(keyword.toLowerCase()),
      ),
    ),
    passes: list(GOOD),
    fails: list([...GOOD, "canon"]),
  },
];
