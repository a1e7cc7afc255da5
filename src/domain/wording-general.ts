/** Rules for every field: what a model says that is no description at all, and what no field may hold. */
import {
  eachText,
  eachWording,
  type Finding,
  found,
  type Known,
  type Rule,
  TEXTS,
  tidyAll,
  type Words,
} from "./wording-rule.ts";
import { type Lexicon, normal, runsOf, wordsOf } from "./wording-text.ts";
import { plainText } from "./words.ts";

const ENDS_OPEN = /(?:[,;:(-]|\b(?:a|an|the|of|in|on|at|with|and|or|by|to|for|from|over|under|near))\s*$/i;
const REFUSAL =
  /\b(?:i['’]?m|i am) (?:sorry|unable)\b|\bi (?:can['’]?t|cannot|can not)\b|\bas an ai\b|\bcannot (?:assist|identify)\b|\bno image (?:was )?provided\b/i;
const REASONING = /<\/?think|<\|.*?\|>|\bthe user (?:wants|asked)\b|\blet me (?:think|analy[sz]e)\b|\bfinal answer\b/i;
const PLACEHOLDER = /^(?:null|none|n\/a|string|unknown|untitled|tbd|todo|undefined)\.?$/i;
const LABEL = /^(?:caption|alt(?: text)?|keywords?|description|title)\s*:\s*/i;
const LOREM = /\blorem ipsum\b/i;
const MOJIBAKE = /[ÃÂ][\u0080-\u00bf]|â€|ï»¿/;
const MARKDOWN = /\*\*|__|`|^#{1,6} |^\s*[-*] |[{}[\]]|\]\(/m;
const EMOJI = /\p{Extended_Pictographic}/u;
const ADDRESS =
  /\bhttps?:\/\/\S+|\bwww\.\S+|\b[\w.+-]+@[\w-]+\.\w+|(?<![\w&])[@#][\p{L}_][\p{L}\p{N}_]+|\b[a-z0-9-]+\.(?:com|net|org|io|nl|de|co\.uk)\b/iu;
// Beyond what `plainText` takes out by itself.
const UNSHOWN = /[\p{Cc}\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffd]/u;
const SCHEMA_KEYS =
  /"(?:subject|location|people|event|month|genre|visible|caption|alt|keywords|uncertain)"\s*:|\bFACTS\b/;

/** Words of which one at least must be a small one. */
const SENTENCE = 6;

const PLAIN: Words = {
  caption: "Grey heron wading through shallow water at dawn.",
  altText: "A tall grey bird stands in a pond.",
  keywords: ["grey heron"],
};
const FIELDS = ["caption", "altText", "keywords"] as const;
const caption = (text: string) => ({ words: { ...PLAIN, caption: text } });

const wholeAnswer = ({ known }: { known: { answer: string } }, wanted: string, why: string): Finding[] =>
  known.answer === wanted ? [{ field: "caption", why }] : [];

export const GENERAL_RULES: readonly Rule[] = [
  {
    id: "GEN-JSON",
    severity: "error",
    ofModels: true,
    about: "the model's answer cannot be read",
    test: (checked) => wholeAnswer(checked, "unreadable", "the model did not answer in the form it was asked for"),
    ask: "Answer with the JSON object only.",
    passes: { words: PLAIN },
    fails: { words: PLAIN, known: { answer: "unreadable" } },
  },
  {
    id: "GEN-TRUNC",
    severity: "error",
    ofModels: true,
    about: "a text stops in the middle",
    test: (checked) => [
      ...wholeAnswer(checked, "cut", "the model's answer was cut off"),
      ...eachText(TEXTS, (text) => (ENDS_OPEN.test(text) ? `ends with “${text.slice(-12)}”` : undefined))(checked),
    ],
    ask: "Write whole sentences to their end.",
    passes: { words: PLAIN },
    fails: caption("Grey heron wading through the"),
  },
  {
    id: "GEN-REFUSAL",
    severity: "error",
    ofModels: true,
    about: "a refusal instead of a description",
    test: eachText(TEXTS, (text) => found(REFUSAL, text)),
    ask: "Describe what is visible.",
    passes: caption("A sorry-looking fence stands in the rain beside a field."),
    fails: caption("I'm sorry, I cannot identify the bird in this photo."),
  },
  {
    id: "GEN-REASONING",
    severity: "error",
    ofModels: true,
    about: "the model's own thinking in a text",
    test: eachText(TEXTS, (text) => found(REASONING, text)),
    ask: "Write the description only, without how you came to it.",
    passes: caption("A man lets his dog think about the open gate."),
    fails: caption("<think>The user wants a caption.</think> A heron."),
  },
  {
    id: "GEN-PLACEHOLDER",
    severity: "error",
    ofModels: true,
    about: "a placeholder where a text should be",
    test: eachWording((text) => (PLACEHOLDER.test(text) ? `“${text}”` : (found(LABEL, text) ?? found(LOREM, text)))),
    tidy: tidyAll((text) => (PLACEHOLDER.test(text) ? "" : text.replace(LABEL, ""))),
    ask: "Fill in every field.",
    passes: caption("Unknown Mortal Orchestra poster on a brick wall."),
    fails: caption("Caption: a heron in the water"),
  },
  {
    id: "GEN-CONTROL",
    severity: "error",
    about: "characters that cannot be seen",
    test: eachWording((text) => {
      const [hidden] = UNSHOWN.exec(text) ?? [];
      return hidden === undefined
        ? undefined
        : `U+${(hidden.codePointAt(0) ?? 0).toString(16).padStart(4, "0").toUpperCase()}`;
    }),
    tidy: tidyAll((text) => plainText(text.replaceAll(new RegExp(UNSHOWN, "gu"), " "))),
    passes: { words: PLAIN },
    fails: caption("Grey heron\u202e wading through shallow water."),
  },
  {
    id: "GEN-MOJIBAKE",
    severity: "error",
    about: "letters read in the wrong encoding",
    test: eachWording((text) => found(MOJIBAKE, text)),
    tidy: tidyAll(reread),
    passes: caption("Café terraces line the canal in the evening light."),
    fails: caption("CafÃ© terraces line the canal in the evening light."),
  },
  {
    id: "GEN-MARKDOWN",
    severity: "warning",
    about: "marks of a formatted text",
    test: eachWording((text) => found(MARKDOWN, text)),
    tidy: tidyAll((text) => normal(text.replaceAll(/\*\*|__|`|^#{1,6} |^\s*[-*] |[{}[\]]/gm, ""))),
    passes: { words: PLAIN },
    fails: caption("**Grey heron** wading through shallow water."),
  },
  {
    id: "GEN-EMOJI",
    severity: "warning",
    about: "emoji",
    test: eachWording((text) => found(EMOJI, text)),
    tidy: tidyAll((text) => normal(text.replaceAll(/\p{Extended_Pictographic}[\ufe0f\u200d]*/gu, ""))),
    passes: { words: PLAIN },
    fails: caption("Grey heron wading through shallow water 🐦"),
  },
  {
    id: "GEN-URL",
    severity: "error",
    ofModels: true,
    about: "an address, handle or hash tag",
    test: eachWording((text) => found(ADDRESS, text)),
    tidy: tidyAll((text) => normal(text.replaceAll(new RegExp(ADDRESS, "giu"), ""))),
    ask: "Leave out addresses, handles and hash tags.",
    passes: { words: PLAIN },
    fails: caption("Grey heron wading through shallow water, see www.example.com"),
  },
  {
    id: "GEN-LANG",
    severity: "error",
    ofModels: true,
    about: "another language than the site's",
    test: eachText(TEXTS, (text, { known, lexicon }) =>
      lexicon.isForeign(without(text, namesKnownOf(known, lexicon))) === true ? `${text.slice(0, 40)} …` : undefined,
    ),
    ask: "Write in English.",
    passes: { words: PLAIN },
    fails: caption("Der Graureiher steht im flachen Wasser und wartet auf einen Fisch."),
  },
  {
    id: "GEN-LANG-UNSURE",
    severity: "warning",
    about: "a text without any small word, so that its language cannot be told",
    test: eachText(TEXTS, (text, { known, lexicon }) => {
      const words = wordsOf(without(text, namesKnownOf(known, lexicon)));
      return words.length >= SENTENCE && lexicon.isForeign(words.join(" ")) === null
        ? `no small word among ${words.length}`
        : undefined;
    }),
    ask: "Write a sentence in English.",
    passes: { words: PLAIN },
    fails: caption("Grey heron wading shallow water bright morning."),
  },
  {
    id: "GEN-ECHO",
    severity: "warning",
    about: "the model's instructions in a text",
    test: eachText(TEXTS, (text, { known }) => found(SCHEMA_KEYS, text) ?? echoOf(text, known.prompt)),
    ask: "Use your own words, not those of these instructions.",
    passes: { words: PLAIN, known: { prompt: "Describe only what is clearly visible in the picture." } },
    fails: {
      words: { ...PLAIN, caption: "Describe only what is clearly visible: a heron." },
      known: { prompt: "Describe only what is clearly visible in the picture." },
    },
  },
  {
    id: "GEN-TEMPLATE",
    severity: "warning",
    about: "words from context alone: nobody has looked at this photo for them",
    test: ({ words, known }) =>
      FIELDS.filter((field) => known.authors[field] === "template" && words[field].length > 0).map((field) => ({
        field,
        why: "from context alone",
      })),
    passes: { words: PLAIN },
    fails: { words: PLAIN, known: { authors: { caption: "template", altText: "model", keywords: "model" } } },
  },
];

function echoOf(text: string, prompt: string): string | undefined {
  const told = runsOf(wordsOf(prompt.toLowerCase()), 4);
  const echo = [...runsOf(wordsOf(text.toLowerCase()), 4)].find((run) => told.has(run));
  return echo === undefined ? undefined : `“${echo}”`;
}

/** UTF-8 that was read as Latin-1 is read again; what it does not become, it stays. */
function reread(text: string): string {
  const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  if ([...text].some((letter) => letter.charCodeAt(0) > 255)) return text;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return text;
  }
}

/** Names may be of any language. */
const namesKnownOf = (
  { subject, location, names, gps, written, typed, readable, people }: Known,
  { house }: Lexicon,
) => [subject, location, ...[names, gps, written, typed, readable, people, house.allowed].flat()];

const without = (text: string, names: readonly (string | null)[]): string =>
  names.reduce<string>((left, name) => (name === null || name === "" ? left : left.replaceAll(name, "")), text);
