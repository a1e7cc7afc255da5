/** Rules for the caption: that it says what is there, about this photo, and nothing nobody can see. */
import { phraseSource, saidOf } from "./evidence.ts";
import {
  type Checked,
  eachText,
  type Finding,
  found,
  type Known,
  type Rule,
  type TextField,
  tidyTexts,
  type Words,
} from "./wording-rule.ts";
import { capitalised, contentOf, lemmasOf, normal, wordsOf } from "./wording-text.ts";

const ALT = "A tall grey bird stands in a pond.";
const HERON = "Grey heron wading through shallow water at dawn.";
const caption = (text: string, known: Partial<Known> = {}): { words: Words; known: Partial<Known> } => ({
  words: { caption: text, altText: ALT, keywords: ["grey heron"] },
  known,
});
const CAPTION: readonly TextField[] = ["caption"];

const PICTURE = "(?:image|photo|photograph|picture|shot|scene|view|close-?up|snapshot|capture)";
/** `This black and white photo of`, `The image shows`; `portrait of` is a word of the field and stays. */
const META_LEAD = new RegExp(
  String.raw`^(?:in )?(?:(?:this|the|a|an)\s+)?(?:[\p{L}-]+\s+){0,3}?${PICTURE}\s*(?:of|shows?|showing|captures?|capturing|features?|featuring|depicts?|depicting|with|,)\s+`,
  "iu",
);
const META_ANY =
  /\b(?:in (?:this|the) (?:image|photo|picture)|captured (?:in|with|by)|can be seen|(?:is|are) (?:clearly )?visible)\b/i;
const GENERIC = new Set(
  `nature scene view beautiful outdoor outdoors day daytime object thing image photo picture background landscape place area
  nice lovely scenic moment sky light color colour detail subject sight setting`.split(/\s+/),
);
const HYPE_ADJECTIVES =
  "stunning|breathtaking|majestic|gorgeous|magnificent|mesmeri[sz]ing|captivating|spectacular|awe-inspiring|enchanting|picturesque|exquisite|amazing|incredible|vibrant";
const HYPE = new RegExp(
  String.raw`\b(?:${HYPE_ADJECTIVES}|testament to|symphony of|evok(?:es|ing)|invites? the viewer|tapestry of|feast for the eyes)\b`,
  "i",
);
const HEDGE =
  /\b(?:appears? to be|seems? to be|possibly|perhaps|maybe|probably|might be|could be|suggesting|some kind of|likely)\b/i;
const EMOTION =
  /\b(?:happy|happily|sad|sadly|romantic|peaceful|peacefully|serene|serenity|enjoy(?:s|ing)?|joyful|joyfully|lonely|proud|proudly|content(?:ed)?ly|in love|nostalgi[ac]c?)\b/i;
const IDENTITY =
  /\b(?:caucasian|asian|african[- ]american|black (?:man|woman|person|people)|white (?:man|woman|person|people)|hispanic|latin[oa]|arab|muslim|christian|jewish|hindu|buddhist|gay|lesbian|transgender|disabled|autistic|pregnant|immigrant|refugee|homeless|criminal)\b/i;
const RELATION =
  /\b(?:husband|wife|mother|father|daughter|son|sister|brother|grandmother|grandfather|girlfriend|boyfriend|fianc[ée]e?|(?:his|her|their) (?:child|children|family|parents))\b/i;
const ANIMALS =
  /\b(?:birds?|duck|goose|geese|swan|cow|calf|horse|foal|sheep|lamb|deer|fawn|bear|cub|fox|cat|kitten|dog|puppy|seal|whale|elephant|lion|chick|duckling|monkey|ape)s?\b/i;
const CLAIM =
  /\b(?:award-winning|world-famous|famous|iconic|legendary|rarest|rare|historic(?:al)?|oldest|largest|tallest|biggest|best|most (?:beautiful|famous)|built in \d{4}|\d+-year-old)\b/i;
const YEAR = /\b(?:1[5-9]\d\d|20\d\d)\b/g;
const CAMERA =
  /\bf\/\d|\b1\/\d+ ?s(?:ec)?\b|\b\d+ ?mm\b|\biso ?\d+|\b(?:canon|nikon|sony|fujifilm|leica|olympus|panasonic|lens|aperture|shutter|dslr|mirrorless|telephoto)\b/i;
const PHOTO_QUALITY =
  /\b(?:4k|8k|hd|high[- ]resolution|sharp focus|bokeh|high[- ]quality|professional(?:ly)? (?:photo|shot)|well[- ]composed)\b/i;
const PEOPLE_COUNT =
  /\b(one|two|three|four|five|six|seven|eight|nine|ten|several|\d+) (?:\w+ )?(men|man|women|woman|people|persons?|children|child|boys?|girls?|hikers?|cyclists?|riders?|players?|fishermen|surfers?)\b/i;

/** Fewer words are no sentence, fewer letters no description; longer ones no caption. */
const LEAST = { words: 8, letters: 40 };
const MOST = { letters: 250, good: 200 };

export const CAPTION_RULES: readonly Rule[] = [
  {
    id: "CAP-EMPTY",
    severity: "error",
    ofModels: true,
    about: "no caption",
    test: ({ words }) => (normal(words.caption) === "" ? [{ field: "caption", why: "the caption is empty" }] : []),
    ask: "Write a caption.",
    passes: caption(HERON),
    fails: caption(""),
  },
  {
    id: "CAP-LEN-MIN",
    severity: "warning",
    about: "a caption too short to say anything",
    test: eachText(CAPTION, (text) => {
      const words = wordsOf(text).length;
      if (words >= LEAST.words && text.length >= LEAST.letters) return undefined;
      return `${words} words, ${text.length} characters; ${LEAST.words} and ${LEAST.letters} at least`;
    }),
    ask: `Write ${LEAST.words} to 25 words.`,
    passes: caption(HERON),
    fails: caption("A heron."),
  },
  {
    id: "CAP-LEN-MAX",
    severity: "error",
    ofModels: true,
    about: "a caption too long to be read",
    test: eachText(CAPTION, (text) =>
      text.length > MOST.letters ? `${text.length} characters; ${MOST.letters} at most` : undefined,
    ),
    ask: "Write one sentence of at most 25 words.",
    passes: caption(HERON),
    fails: caption(`${"Grey heron wading through shallow water and looking for a fish ".repeat(5)}at dawn.`),
  },
  {
    id: "CAP-LONG",
    severity: "warning",
    about: "a long caption",
    test: eachText(CAPTION, (text) =>
      text.length > MOST.good && text.length <= MOST.letters
        ? `${text.length} characters; up to ${MOST.good} are read`
        : undefined,
    ),
    ask: "Write one sentence of at most 25 words.",
    passes: caption(HERON),
    fails: caption(`Grey heron wading ${"through shallow water between the reeds ".repeat(5)}at dawn.`),
  },
  {
    id: "CAP-SENTENCES",
    severity: "warning",
    about: "more than two sentences",
    test: eachText(CAPTION, (text) =>
      sentencesOf(text).length > 2 ? `${sentencesOf(text).length} sentences` : undefined,
    ),
    tidy: tidyTexts(CAPTION, (text) => {
      const [first = text, ...rest] = sentencesOf(text);
      return rest.length > 1 && wordsOf(first).length >= LEAST.words ? first : text;
    }),
    ask: "Write one sentence.",
    passes: caption("A heron stands in the reeds. Its neck is drawn in."),
    fails: caption("A grey heron stands in the shallow water near the reeds. It looks left. The sky is grey."),
  },
  {
    id: "CAP-CASE",
    severity: "warning",
    about: "capitals where none belong, or none where one does",
    test: eachText(CAPTION, (text) =>
      /^\p{Ll}/u.test(text)
        ? `begins with “${text.slice(0, 12)}”`
        : found(/(?:\b\p{Lu}{2,}\b[ ,]+){2}\p{Lu}{2,}\b/u, text),
    ),
    tidy: tidyTexts(CAPTION, (text) => capitalised(text)),
    passes: caption("A KLM Boeing lands at sunset over the wet runway."),
    fails: caption("grey heron wading through shallow water at dawn."),
  },
  {
    id: "CAP-PUNCT",
    severity: "info",
    about: "punctuation",
    test: eachText(CAPTION, (text) =>
      /[.!?…”"]$/.test(text) ? found(/ {2,}|([,;:!?])\1+|\.{4,}|\s[,.;:]/, text) : "no full stop at the end",
    ),
    tidy: tidyTexts(CAPTION, (text) => {
      const tidied = normal(text)
        .replaceAll(/([,;:!?])\1+/g, "$1")
        .replaceAll(/\s([,.;:])/g, "$1");
      return tidied === "" || /[.!?…”"]$/.test(tidied) ? tidied : `${tidied}.`;
    }),
    passes: caption(HERON),
    fails: caption("Grey heron wading through shallow water at dawn"),
  },
  {
    id: "CAP-META-LEAD",
    severity: "warning",
    about: "a caption that begins by saying that it is a picture",
    test: eachText(CAPTION, (text) => found(META_LEAD, text)),
    tidy: tidyTexts(CAPTION, (text) => withoutLead(text, 6)),
    ask: "Begin with what is shown, not with “image of”.",
    passes: caption("Portrait of a grey heron with its neck drawn in."),
    fails: caption("This image shows a grey heron wading through shallow water."),
  },
  {
    id: "CAP-META-ANY",
    severity: "warning",
    about: "a caption that speaks of the picture",
    test: eachText(CAPTION, (text) => (META_LEAD.test(text) ? undefined : found(META_ANY, text))),
    ask: "Say what is there, not that it can be seen.",
    passes: caption(HERON),
    fails: caption("A grey heron can be seen wading through shallow water."),
  },
  {
    id: "CAP-THERE-IS",
    severity: "info",
    about: "a caption that begins with “There is”",
    test: eachText(CAPTION, (text) => found(/^there (?:is|are)\b/i, text)),
    ask: "Begin with the main subject.",
    passes: caption(HERON),
    fails: caption("There is a grey heron wading through shallow water."),
  },
  {
    id: "CAP-GENERIC",
    severity: "warning",
    about: "a caption that would fit a thousand photos",
    test: eachText(CAPTION, (text, { lexicon }) => {
      const content = contentOf(text, lexicon);
      if (content.size < 3) return `names ${content.size === 0 ? "nothing" : [...content].join(", ")}`;
      return [...content].every((word) => GENERIC.has(word)) ? `only ${[...content].join(", ")}` : undefined;
    }),
    ask: "Name what makes this photo different.",
    passes: caption(HERON),
    fails: caption("A beautiful view of nature on a nice outdoor day."),
  },
  {
    id: "CAP-SUBJECT",
    severity: "error",
    ofModels: true,
    about: "the subject is not in the caption",
    test: eachText(CAPTION, (text, { known, lexicon }) => {
      if (known.subject === null) return undefined;
      const wanted = [known.subject, ...known.aliases].flatMap((name) => lemmasOf(name, lexicon));
      const content = contentOf(text, lexicon);
      return wanted.length === 0 || wanted.some((word) => content.has(word))
        ? undefined
        : `no word of “${known.subject}”`;
    }),
    ask: "Name the subject as FACTS gives it.",
    passes: caption("A heron wades through shallow water at dawn.", { subject: "Grey Herons" }),
    fails: caption("A bird wades through shallow water at dawn.", { subject: "Grey Heron" }),
  },
  {
    id: "CAP-HYPE",
    severity: "warning",
    about: "praise instead of description",
    test: eachText(["caption", "altText"], (text) => found(HYPE, text)),
    tidy: tidyTexts(["caption", "altText"], (text) =>
      capitalised(
        normal(text.replaceAll(new RegExp(String.raw`\b(?:${HYPE_ADJECTIVES}),? (?=\p{Ll}{3,})`, "giu"), "")),
      ),
    ),
    ask: "Leave out praise.",
    passes: caption(HERON),
    fails: caption("Stunning grey heron wading through shallow water at dawn."),
  },
  {
    id: "CAP-HEDGE",
    severity: "warning",
    about: "guessing",
    test: eachText(["caption", "altText"], (text) => found(HEDGE, text)),
    ask: "Leave out what you are not sure of.",
    passes: caption(HERON),
    fails: caption("What appears to be a grey heron wading through shallow water."),
  },
  {
    id: "CAP-EMOTION",
    severity: "warning",
    about: "feelings nobody can see",
    test: eachText(["caption", "altText"], (text) => found(EMOTION, text)),
    ask: "Leave out moods and feelings.",
    passes: caption(HERON),
    fails: caption("A happy grey heron wading through peaceful water at dawn."),
  },
  {
    id: "CAP-IDENTITY",
    severity: "error",
    about: "origin, faith, health or law, which a picture does not tell",
    test: eachText(["caption", "altText"], (text, checked) => unlessKnown(IDENTITY, text, checked)),
    ask: "Describe people by what they wear and do.",
    passes: caption("A woman in a red coat crosses the wet street."),
    fails: caption("A Caucasian woman in a red coat crosses the wet street."),
  },
  {
    id: "CAP-RELATION",
    severity: "warning",
    about: "how people are related, which a picture does not tell",
    test: eachText(["caption", "altText"], (text, checked) =>
      ANIMALS.test(text) || ANIMALS.test(checked.known.subject ?? "")
        ? undefined
        : unlessKnown(RELATION, text, checked),
    ),
    ask: "Say man, woman, child; not how they are related.",
    passes: caption("A duck leads her daughter across the still pond at noon."),
    fails: caption("A man and his wife walk along the wet beach at noon."),
  },
  {
    id: "CAP-CLAIM",
    severity: "error",
    about: "a claim that a picture does not prove",
    test: eachText(
      ["caption", "altText"],
      (text, checked) => unlessKnown(CLAIM, text, checked) ?? otherYear(text, checked.known),
    ),
    ask: "Leave out superlatives, ages and years.",
    passes: caption("A heron wades through shallow water in spring 2025.", { year: 2025 }),
    fails: caption("A rare heron wades through the oldest pond of the city."),
  },
  {
    id: "CAP-CAMERA",
    severity: "warning",
    about: "the camera instead of the picture",
    test: eachText(["caption", "altText"], (text, checked) => unlessKnown(CAMERA, text, checked)),
    ask: "Leave out camera, lens and settings.",
    passes: caption(HERON),
    fails: caption("Grey heron wading through shallow water at f/2.8 with a Canon."),
  },
  {
    id: "CAP-QUALITY",
    severity: "info",
    about: "the quality of the picture instead of the picture",
    test: eachText(["caption", "altText"], (text) => found(PHOTO_QUALITY, text)),
    ask: "Leave out how good the picture is.",
    passes: caption(HERON),
    fails: caption("High-resolution grey heron wading through water with bokeh."),
  },
  {
    id: "CAP-NUMBER",
    severity: "warning",
    about: "another number of people than was counted",
    test: eachText(["caption", "altText"], (text, { known }) => {
      const [phrase, count, noun] = PEOPLE_COUNT.exec(text) ?? [];
      if (phrase === undefined || count === undefined || noun === undefined || known.persons === null) return undefined;
      return bucketOf(count) === known.persons ? undefined : `“${phrase}”, counted were ${known.persons}`;
    }),
    ask: "Count the people again, or leave the number out.",
    passes: caption("Two hikers cross a narrow wooden bridge in the rain.", { persons: "2" }),
    fails: caption("Two hikers cross a narrow wooden bridge in the rain.", { persons: "1" }),
  },
  {
    id: "CAP-REPEAT",
    severity: "warning",
    about: "a word said again and again",
    test: eachText(["caption", "altText"], (text, { lexicon }) => {
      const doubled = found(/\b(\p{L}+) \1\b/iu, text);
      if (doubled !== undefined) return doubled;
      const often = [...Map.groupBy(lemmasOf(text, lexicon), (word) => word)].find(([, times]) => times.length >= 3);
      return often === undefined ? undefined : `“${often[0]}” ${often[1].length} times`;
    }),
    tidy: tidyTexts(["caption", "altText"], (text) => text.replaceAll(/\b(\p{L}+)(?: \1\b)+/giu, "$1")),
    ask: "Do not repeat yourself.",
    passes: caption(HERON),
    fails: caption("Grey heron wading through through shallow water at dawn."),
  },
  {
    id: "CAP-UNSUPPORTED",
    severity: "warning",
    about: "things nobody saw",
    test: ({ words, known, lexicon }) => unsupported(words, known, lexicon),
    ask: "Use only what you listed as visible.",
    passes: caption(HERON, { visible: ["grey heron", "shallow water", "dawn light", "wading bird"] }),
    fails: caption("A steam train crosses the viaduct above the village at dusk.", {
      visible: ["grey heron", "shallow water"],
    }),
  },
];

function sentencesOf(text: string): string[] {
  return text.match(/[^.!?]+[.!?]+(?=\s+\p{Lu}|\s*$)|[^.!?]+$/gu)?.map((sentence) => sentence.trim()) ?? [];
}

/** Cuts what only says that it is a picture, if enough is left to be a text. @param least words that must be left */
export function withoutLead(text: string, least: number): string {
  const rest = text.replace(META_LEAD, "");
  return rest === text || wordsOf(rest).length < least ? text : capitalised(rest);
}

export const metaLead = (text: string): string | undefined => found(META_LEAD, text);

/** What the photographer says of the photo may be said. */
function unlessKnown(pattern: RegExp, text: string, { known, lexicon }: Checked): string | undefined {
  const said = saidOf(known, lexicon).toLowerCase();
  const all = [...text.matchAll(new RegExp(pattern, "gi"))].map(([match]) => match);
  const unknown = all.find((match) => !said.includes(match.toLowerCase()));
  return unknown === undefined ? undefined : `“${unknown}”`;
}

function otherYear(text: string, { year, subject }: Known): string | undefined {
  const other = text.match(YEAR)?.find((said) => Number(said) !== year && !(subject ?? "").includes(said));
  return other === undefined ? undefined : `“${other}”, taken ${year ?? "nobody knows when"}`;
}

const NUMBERS = ["zero", "one", "two"];
function bucketOf(count: string): Known["persons"] {
  const number = NUMBERS.includes(count.toLowerCase()) ? NUMBERS.indexOf(count.toLowerCase()) : Number(count);
  if (number === 0) return "0";
  if (number === 1) return "1";
  return number === 2 ? "2" : "3+";
}

function unsupported(words: Words, known: Known, lexicon: Checked["lexicon"]): Finding[] {
  if (known.visible === null || words.caption === "") return [];
  const said = lemmasOf(words.caption, lexicon);
  const without = said.filter((word) => phraseSource(word, known, lexicon) === undefined);
  if (said.length === 0 || without.length / said.length <= 0.5) return [];
  return [{ field: "caption", why: `nobody saw ${without.slice(0, 4).join(", ")}` }];
}
