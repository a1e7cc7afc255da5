/** Rules for the alt text: what somebody hears who does not see the photo. */
import { metaLead, withoutLead } from "./wording-caption.ts";
import { eachText, type Rule, type TextField, tidyTexts, type Words } from "./wording-rule.ts";
import { contentOf, jaccard, keywordKey, normal, wordsOf } from "./wording-text.ts";

const ALT: readonly TextField[] = ["altText"];
const HERON = "Grey heron wading through shallow water at dawn.";
const alt = (altText: string, caption = HERON): { words: Words } => ({
  words: { caption, altText, keywords: ["grey heron"] },
});
const GOOD = "A tall grey bird stands in a pond between reeds.";

/** Letters; beyond `good` a screen reader goes on for too long. */
const LENGTH = { least: 20, good: 125, most: 250 };
/** Of the things either names, so many shared are a copy; and so alike, letter by letter. */
const COPY = { content: 0.75, letters: 0.9 };
/** So many parts between commas may be a list. */
const LIST = 3;
const VERB = /\b(?:is|are|was|were|has|have|\p{L}{3,}(?:ing|s|ed))\b/iu;

export const ALT_RULES: readonly Rule[] = [
  {
    id: "ALT-EMPTY",
    severity: "error",
    ofModels: true,
    about: "no alt text",
    test: ({ words }) => (normal(words.altText) === "" ? [{ field: "altText", why: "the alt text is empty" }] : []),
    ask: "Write an alt text.",
    passes: alt(GOOD),
    fails: alt(""),
  },
  {
    id: "ALT-LONG",
    severity: "error",
    about: "an alt text too long to be listened to",
    test: eachText(ALT, (text) =>
      text.length > LENGTH.most ? `${text.length} characters; ${LENGTH.most} at most` : undefined,
    ),
    ask: "Write one sentence of at most 20 words.",
    passes: alt(GOOD),
    fails: alt(`${"A tall grey bird stands in a pond between the reeds and waits ".repeat(5)}.`),
  },
  {
    id: "ALT-LEN",
    severity: "warning",
    about: "an alt text of an unlucky length",
    test: eachText(ALT, (text) =>
      text.length < LENGTH.least || (text.length > LENGTH.good && text.length <= LENGTH.most)
        ? `${text.length} characters; ${LENGTH.least} to ${LENGTH.good} serve best`
        : undefined,
    ),
    ask: "Write one sentence of 5 to 20 words.",
    passes: alt(GOOD),
    fails: alt("A bird."),
  },
  {
    id: "ALT-META",
    severity: "error",
    ofModels: true,
    about: "an alt text that begins with “image of”",
    test: eachText(ALT, metaLead),
    tidy: tidyTexts(ALT, (text) => withoutLead(text, 3)),
    ask: "Begin with what is shown; that it is an image is known.",
    passes: alt(GOOD),
    fails: alt("Image of a tall grey bird in a pond."),
  },
  {
    id: "ALT-COPY",
    severity: "warning",
    about: "an alt text that is the caption again",
    test: eachText(ALT, (text, { words, lexicon }) => {
      const shared = jaccard(contentOf(text, lexicon), contentOf(words.caption, lexicon));
      const [alt, caption] = [normal(text).toLowerCase(), normal(words.caption).toLowerCase()];
      // Texts of very different lengths cannot be alike letter by letter; to count is the costliest thing any rule does.
      const couldBe = Math.min(alt.length, caption.length) >= COPY.letters * Math.max(alt.length, caption.length);
      const letters = couldBe ? lexicon.alike(alt, caption) : 0;
      if (words.caption === "" || (shared < COPY.content && letters < COPY.letters)) return undefined;
      return `${Math.round(100 * Math.max(shared, letters))} % of it is the caption`;
    }),
    ask: "Describe the look in other words than the caption's.",
    passes: alt(GOOD),
    fails: alt(HERON),
  },
  {
    id: "ALT-FILENAME",
    severity: "error",
    about: "an alt text that is a file name",
    test: eachText(ALT, (text, { known }) =>
      /\.(?:jpe?g|png|webp|tiff?|heic)\b/i.test(text) ||
      (known.stem !== "" && normal(text).toLowerCase() === known.stem.toLowerCase())
        ? `“${text}”`
        : undefined,
    ),
    ask: "Describe what is shown.",
    passes: alt(GOOD),
    fails: alt("IMG_0412.JPG"),
  },
  {
    id: "ALT-KEYWORDY",
    severity: "warning",
    about: "an alt text that is a list",
    test: eachText(ALT, (text, { words, lexicon }) => {
      const parts = text.split(",").map((part) => keywordKey(part, lexicon));
      const hasVerb = wordsOf(text).some((word) => VERB.test(word) && !word.endsWith("ss"));
      if (parts.length > LIST && !hasVerb) return "words in a row, and no verb";
      const keywords = new Set(words.keywords.map((keyword) => keywordKey(keyword, lexicon)));
      return parts.length >= LIST && parts.every((part) => keywords.has(part)) ? "the keywords again" : undefined;
    }),
    ask: "Write a sentence.",
    passes: alt("A tall bird, grey, with a yellow bill, stands in a pond, waiting."),
    fails: alt("heron, water, reed, dawn, bird"),
  },
];
