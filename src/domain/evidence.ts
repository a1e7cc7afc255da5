/** Who vouches for a word. The rules for names and what a person is shown of it ask here, so that they cannot disagree. */
import { isKindOfPlace, namesIn } from "./wording-names.ts";
import type { Known, Words } from "./wording-rule.ts";
import { isStopWord, type Lexicon, lemmasOf, normal } from "./wording-text.ts";

/**
 * Where a word comes from, the surest first. `person`: typed by one; `context`: the set's subject, place, people and category;
 * `gps`: the town near the position; `exif`: the date; `written`: in the file or its sidecar before us; `readable`: text
 * in the picture; `allowed`, `vocabulary`: the photographer's own lists; `seen`: by the model.
 */
export const SOURCES = [
  "person",
  "context",
  "gps",
  "exif",
  "written",
  "readable",
  "allowed",
  "vocabulary",
  "seen",
] as const;
export type Source = (typeof SOURCES)[number];

/** What a model believes it sees is no name, and a list of favourite words says nothing about this photo. */
const NAMES_NOTHING: ReadonlySet<Source> = new Set(["exif", "vocabulary", "seen"]);

/** A part of a text; those of a text, one after the other, are the text. */
export interface Piece {
  readonly text: string;
  /** `nothing` where nobody vouches for it; null where nobody needs to: spaces and small words */
  readonly from: Source | "nothing" | null;
}

export interface WordEvidence {
  readonly caption: readonly Piece[];
  readonly altText: readonly Piece[];
  /** one for each keyword */
  readonly keywords: readonly Piece[];
}

/** Of each word, keyword and name, who vouches for it. */
export function evidenceOf({ caption, altText, keywords }: Words, known: Known, lexicon: Lexicon): WordEvidence {
  return {
    caption: piecesOf(caption, known, lexicon),
    altText: piecesOf(altText, known, lexicon),
    keywords: keywords.map((text) => ({ text, from: phraseSource(text, known, lexicon) ?? "nothing" })),
  };
}

const WORD = /[\p{L}\p{M}\p{N}]+(?:['’-][\p{L}\p{M}\p{N}]+)*/gu;

function piecesOf(text: string, known: Known, lexicon: Lexicon): Piece[] {
  const pieces: Piece[] = [];
  let done = 0;
  const add = (at: number, part: string, from: Piece["from"]): void => {
    if (at > done) pieces.push({ text: text.slice(done, at), from: null });
    pieces.push({ text: part, from });
    done = at + part.length;
  };
  const wordsUpTo = (end: number): void => {
    for (const { 0: word, index } of text.slice(0, end).matchAll(WORD)) {
      if (index < done) continue;
      add(index, word, isStopWord(word) ? null : (phraseSource(word, known, lexicon) ?? "nothing"));
    }
  };
  for (const name of namesIn(text, lexicon)) {
    wordsUpTo(name.at);
    add(name.at, name.text, nameSource(name.text, known, lexicon) ?? "nothing");
  }
  wordsUpTo(text.length);
  if (done < text.length) pieces.push({ text: text.slice(done), from: null });
  return pieces;
}

/**
 * Who vouches for a name: for each of its words somebody has to, besides `bridge` and `lake`. A people is vouched for by its
 * country, and a country by any part of it.
 */
export function nameSource(name: string, known: Known, lexicon: Lexicon): Source | undefined {
  const knowledge = knowledgeOf(known, lexicon);
  const whole = countrySource(name, knowledge, lexicon);
  if (whole !== undefined) return whole;
  const words = lemmasOf(name, lexicon).filter((word) => !isKindOfPlace(word));
  const sources = words.map((word) => knowledge.names.get(word) ?? countrySource(word, knowledge, lexicon));
  return words.length === 0 ? undefined : weakest(sources);
}

/** Who vouches for what is no name: for any word of it somebody has to. */
export function phraseSource(phrase: string, known: Known, lexicon: Lexicon): Source | undefined {
  const knowledge = knowledgeOf(known, lexicon);
  const words = lemmasOf(phrase, lexicon);
  const sources = words.map((word) => knowledge.words.get(word) ?? countrySource(word, knowledge, lexicon));
  return SOURCES.find((source) => sources.includes(source));
}

/** Whatever somebody said about the photo, as one text. */
export const saidOf = (known: Known, lexicon: Lexicon): string =>
  textsOf(known, lexicon)
    .filter(([source]) => !NAMES_NOTHING.has(source))
    .flatMap(([, texts]) => texts)
    .join(" ; ");

const countrySource = (name: string, { countries }: Knowledge, lexicon: Lexicon): Source | undefined => {
  const code = lexicon.country(name)?.code;
  if (code === undefined) return undefined;
  const known = countries.find(([other]) => other === code || other.startsWith(`${code}-`));
  return known?.[1];
};

function weakest(sources: readonly (Source | undefined)[]): Source | undefined {
  return sources.includes(undefined) ? undefined : SOURCES.findLast((source) => sources.includes(source));
}

interface Knowledge {
  /** by word, the surest source */
  readonly words: ReadonlyMap<string, Source>;
  readonly names: ReadonlyMap<string, Source>;
  /** codes of countries and their parts */
  readonly countries: readonly (readonly [string, Source])[];
}

// The rules ask for every word of every field; what is known is the same for all of them.
const remembered = new WeakMap<Known, { readonly lexicon: Lexicon; readonly knowledge: Knowledge }>();

function knowledgeOf(known: Known, lexicon: Lexicon): Knowledge {
  const before = remembered.get(known);
  if (before?.lexicon === lexicon) return before.knowledge;
  const knowledge = gathered(known, lexicon);
  remembered.set(known, { lexicon, knowledge });
  return knowledge;
}

function gathered(known: Known, lexicon: Lexicon): Knowledge {
  const words = new Map<string, Source>();
  const names = new Map<string, Source>();
  const countries: [string, Source][] = [];
  for (const [source, texts] of textsOf(known, lexicon)) {
    const isNaming = !NAMES_NOTHING.has(source);
    for (const text of texts) {
      for (const word of lemmasOf(text, lexicon)) {
        if (!words.has(word)) words.set(word, source);
        if (isNaming && !names.has(word)) names.set(word, source);
      }
      if (isNaming) countries.push(...codesIn(text, lexicon).map((code): [string, Source] => [code, source]));
    }
  }
  return { words, names, countries };
}

/** From the surest to the least sure. */
const textsOf = (known: Known, lexicon: Lexicon): readonly (readonly [Source, readonly string[]])[] =>
  sourcesOf(known, lexicon).map(([source, texts]) => [source, texts.filter((text) => text !== null)]);

const sourcesOf = (known: Known, { house }: Lexicon): readonly (readonly [Source, readonly (string | null)[]])[] => [
  ["person", known.typed],
  ["context", [known.subject, known.location, ...known.names, ...known.people, ...known.aliases, known.category]],
  ["gps", known.gps],
  ["exif", [known.year === null ? null : String(known.year), known.date]],
  ["written", known.written],
  ["readable", known.readable],
  ["allowed", house.allowed],
  ["vocabulary", house.vocabulary],
  ["seen", known.visible ?? []],
];

/** Countries that are named, in a part between commas or by a word: `Amsterdam, NL`, `Dutch coast`. */
function codesIn(text: string, lexicon: Lexicon): string[] {
  const parts = normal(text)
    .split(/[,;/()|]/)
    .map((part) => part.trim())
    .filter((part) => part !== "");
  return parts.flatMap((part) => {
    const own = [part, ...part.split(" ")].flatMap((name) => lexicon.country(name)?.code ?? []);
    return /^[A-Z]{2}$/.test(part) ? [...own, part] : own;
  });
}
