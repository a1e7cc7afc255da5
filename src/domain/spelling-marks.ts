/** Which words of a text are to be looked up, and what is said of those nobody knows. Marks only: nothing is blocked. */

/** A word no dictionary has, and what it may have been meant to be. */
export interface Misspelt {
  readonly word: string;
  /** at most three; none for what is written like a name */
  readonly suggestions: readonly string[];
}

/** By the field it stands in. */
export type SpellingMarks = Readonly<Record<string, readonly Misspelt[]>>;

/** Looks words up; somewhere else, because it takes long. */
export interface Speller {
  /** @returns those of the words that no dictionary has; undefined while it is still at it */
  unknown(words: readonly string[]): Promise<readonly Misspelt[] | undefined>;
}

const WORD = /\p{L}[\p{L}\p{M}]*(?:['’-]\p{L}[\p{L}\p{M}]*)*/gu;

/** A word with digits beside it is a type or a number; one in capitals is an abbreviation. */
const isLookedUp = (word: string, before: string, after: string): boolean =>
  word.length > 2 && word !== word.toUpperCase() && !/[\p{N}_@/.]$/u.test(before) && !/^[\p{N}_@]/u.test(after);

/** Each word once, as it stands there. */
export function wordsIn(text: string): string[] {
  const found = [...text.matchAll(WORD)].flatMap(({ 0: word, index }) =>
    isLookedUp(word, text.slice(0, index), text.slice(index + word.length)) ? [word.replaceAll("’", "'")] : [],
  );
  return [...new Set(found)];
}

/** Words that are right because they are the photographer's: places, subjects, what the settings allow. */
export const ownWords = (texts: readonly string[]): ReadonlySet<string> =>
  new Set(texts.flatMap((text) => [...text.matchAll(WORD)].map(([word]) => folded(word))));

/** `Texel's`, `texel` and `Texel` are one word. */
export const folded = (word: string): string => word.replaceAll("’", "'").toLowerCase().replace(/'s$/, "");

/**
 * @param texts by the field they stand in
 * @returns null while they are still looked up: worth asking again in a moment
 */
export async function marksOf(
  texts: Readonly<Record<string, string>>,
  own: ReadonlySet<string>,
  speller: Speller,
): Promise<SpellingMarks | null> {
  const words = Object.entries(texts).map(
    ([field, text]) => [field, wordsIn(text).filter((word) => !own.has(folded(word)))] as const,
  );
  const asked = [...new Set(words.flatMap(([, some]) => some))];
  const unknown = asked.length === 0 ? [] : await speller.unknown(asked);
  if (unknown === undefined) return null;
  return Object.fromEntries(
    words.map(([field, some]) => [field, unknown.filter(({ word }) => some.includes(word))] as const),
  );
}
