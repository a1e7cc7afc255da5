/** How texts are compared: by the things they name, not by how they are spelled. */

/** What the owner of the site says about its words. */
export interface HouseWording {
  /** `en`; the rules about English words hold for no other */
  readonly language: string;
  /** words and phrases that nothing may hold */
  readonly banned: readonly string[];
  /** words that are right everywhere, names among them */
  readonly allowed: readonly string[];
  /** keywords the photographer likes to use: of a place or a person they say nothing */
  readonly vocabulary: readonly string[];
  /** ids of rules that do not count */
  readonly ignore: readonly string[];
  /** the agency whose limits are told of, too */
  readonly stock: Stock | null;
}
export const STOCKS = ["adobe-stock", "shutterstock", "alamy"] as const;
export type Stock = (typeof STOCKS)[number];

export const ENGLISH_HOUSE: HouseWording = {
  language: "en",
  banned: [],
  allowed: [],
  vocabulary: [],
  ignore: [],
  stock: null,
};

/** What the rules need to know of a language; libraries know it, and the ground imports none. */
export interface Lexicon {
  readonly house: HouseWording;
  /** `gulls` is `gull`; a word that has no plural is itself */
  singular(word: string): string;
  /** true where a text is surely not in the language it is to be in; null where it is too short to say */
  isForeign(text: string): boolean | null;
  /** how alike two texts are letter by letter, by edit distance. 0 to 1 */
  alike(one: string, other: string): number;
  /** inhabitants of a city of that name, the largest there is; 0 where none is known */
  inhabitants(name: string): number;
  /** the country or region of that name, or whose people are called so; `NL`, or `GB-SCT` for a part of one */
  country(name: string): { readonly code: string; readonly isPeople: boolean } | null;
}

/** Curly quotes are compared as straight ones; spaces are one space. */
export const normal = (text: string): string =>
  text
    .normalize("NFC")
    .replaceAll(/[\u2018\u2019]/g, "'")
    .replaceAll(/[\u201c\u201d]/g, '"')
    .replaceAll(/\s+/g, " ")
    .trim();

const bare = (text: string): string =>
  PLAIN_LETTERS.test(text) ? text.toLowerCase() : text.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();
const PLAIN_LETTERS = /^[\x20-\x7e]*$/;

/** Words as they are read aloud: letters and digits, with the hyphens and apostrophes inside them. */
export const wordsOf = (text: string): string[] => normal(text).match(/[\p{L}\p{N}]+(?:['-][\p{L}\p{N}]+)*/gu) ?? [];

const STOP_WORDS = new Set(
  `a an and are as at be been being but by can could did do does for from had has have he her hers his i in into is it its
  itself may me might more most my near no nor not of off on onto or other our out over own she should so some such than that
  the their them then there these they this those through to toward towards under until up upon us very was we were what when
  where which while who whom whose will with within without would you your`.split(/\s+/),
);

export const isStopWord = (word: string): boolean => STOP_WORDS.has(word.toLowerCase());

/** Words that carry meaning, as singulars without accents, in their order. */
export function lemmasOf(text: string, lexicon: Pick<Lexicon, "singular">): readonly string[] {
  const texts = remembered.get(lexicon) ?? new Map<string, readonly string[]>();
  remembered.set(lexicon, texts);
  const before = texts.get(text);
  if (before !== undefined) return before;
  const lemmas = wordsOf(bare(text))
    .flatMap((word) => (/['-]/.test(word) ? word.replaceAll("'s", "").split(/['-]/) : word))
    .filter((word) => word !== "" && !STOP_WORDS.has(word))
    .map((word) => lexicon.singular(word));
  if (texts.size >= MOST_REMEMBERED) texts.clear();
  texts.set(text, lemmas);
  return lemmas;
}

// A score of rules asks for the words of the same few texts.
const remembered = new WeakMap<Pick<Lexicon, "singular">, Map<string, readonly string[]>>();
const MOST_REMEMBERED = 2_000;

export const contentOf = (text: string, lexicon: Pick<Lexicon, "singular">): ReadonlySet<string> =>
  new Set(lemmasOf(text, lexicon));

/** Of all the things either names, the share that both name. @returns 0 to 1; 1 for two that name nothing */
export function jaccard(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let shared = 0;
  for (const word of a) if (b.has(word)) shared += 1;
  const all = a.size + b.size - shared;
  return all === 0 ? 1 : shared / all;
}

/** Runs of `n` words, as text. */
export const runsOf = (words: readonly string[], n: number): ReadonlySet<string> =>
  new Set(words.slice(0, Math.max(0, words.length - n + 1)).map((_, i) => words.slice(i, i + n).join(" ")));

export const trigramsOf = (text: string): ReadonlySet<string> => {
  const flat = bare(normal(text));
  return new Set(Array.from({ length: Math.max(0, flat.length - 2) }, (_, i) => flat.slice(i, i + 3)));
};

/** What two keywords are the same by: singular, without spaces, hyphens and accents, in one spelling of English. */
export const keywordKey = (keyword: string, { singular }: Pick<Lexicon, "singular">): string =>
  wordsOf(bare(keyword))
    .map((word) => american(singular(word)))
    .join("")
    .replaceAll(/['-]/g, "");

const american = (word: string): string =>
  word
    .replace(/^(col|fav|harb|neighb|arm|flav|vap)our/, "$1or")
    .replace(/^grey/, "gray")
    .replace(/^(cent|theat|fib|meag|sab|lit|met)re$/, "$1er")
    .replace(/is(e|ed|ing|ation)$/, "iz$1")
    .replace(/^aero?plane$/, "airplane")
    .replace(/^jewell/, "jewel")
    .replace(/^travell/, "travel");

export const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
