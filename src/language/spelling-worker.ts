/** The thread that has the dictionaries. A word it cannot help with takes a second: nobody else waits for that. */
import { parentPort } from "node:worker_threads";
import american from "dictionary-en";
import british from "dictionary-en-gb";
import nspell from "nspell";
import type { Misspelt } from "../domain/spelling-marks.ts";

// Colour and color are both right: which it is, is the photographer's to say.
const spellers = [american, british].map(nspell);
const MOST_SUGGESTIONS = 3;
/** To look for the like of a long word takes seconds, and finds none. */
const LONGEST = 14;
const known = new Map<string, Misspelt | null>();
/** More words than a set has; they are short. */
const MOST_KNOWN = 20_000;

const isRight = (word: string): boolean => spellers.some((speller) => speller.correct(word));

function look(word: string): Misspelt | null {
  const parts = word.split("-");
  if (isRight(word) || isRight(word.toLowerCase()) || (parts.length > 1 && parts.every(isRight))) return null;
  // What begins with a capital may be a name, and names have no like.
  const isName = /^\p{Lu}/u.test(word);
  const suggestions = isName || word.length > LONGEST ? [] : (spellers[0]?.suggest(word) ?? []);
  return { word, suggestions: suggestions.slice(0, MOST_SUGGESTIONS) };
}

type Asked = { readonly id: number; readonly words: readonly string[] } | "end";

parentPort?.on("message", (asked: Asked) => {
  if (asked === "end") return parentPort?.close();
  const { id, words } = asked;
  if (known.size > MOST_KNOWN) known.clear();
  const unknown = words.flatMap((word) => {
    const found = known.get(word);
    const answer = found === undefined ? look(word) : found;
    known.set(word, answer);
    return answer ?? [];
  });
  parentPort?.postMessage({ id, unknown });
});
