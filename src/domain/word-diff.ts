/** What two texts have in common, word by word, so that a person sees what was changed. Pure; the page draws it. */

export interface Stretch {
  readonly kind: "same" | "gone" | "come";
  readonly text: string;
}

/** A word with the space after it, so that what is struck and what is underlined joins without gaps. */
const partsOf = (text: string): string[] => text.match(/[\p{L}\p{N}\p{M}'’-]+\s*|[^\p{L}\p{N}\p{M}'’-]\s*/gu) ?? [];

/**
 * The shortest way from one text to the other in whole words. Read without `gone` it is the second text, read without `come`
 * the first but for space at the ends of words.
 *
 * @param before at most some hundred words, as `after`: it takes the product of both
 */
export function wordDiff(before: string, after: string): Stretch[] {
  const [was, is] = [partsOf(before), partsOf(after)];
  const common = commonLengths(was, is);
  const stretches: { kind: Stretch["kind"]; text: string }[] = [];
  const add = (kind: Stretch["kind"], text: string): void => {
    const last = stretches.at(-1);
    if (last?.kind === kind) last.text += text;
    else stretches.push({ kind, text });
  };
  let [i, j] = [0, 0];
  // Of a word that stays, the space it has lost stands with what was struck after it.
  let lost = "";
  while (i < was.length || j < is.length) {
    const [old, now] = [was[i], is[j]];
    if (old !== undefined && now !== undefined && isSame(old, now)) {
      add("same", now);
      lost = old.slice(now.length);
      i += 1;
      j += 1;
    } else if (now === undefined || (old !== undefined && at(common, i + 1, j) >= at(common, i, j + 1))) {
      add("gone", `${lost}${old ?? ""}`);
      lost = "";
      i += 1;
    } else {
      add("come", now);
      j += 1;
    }
  }
  return stretches;
}

const isSame = (a: string, b: string): boolean => a.trimEnd() === b.trimEnd();

const at = (table: readonly (readonly number[])[], i: number, j: number): number => table[i]?.[j] ?? 0;

/** For each pair of places, how many words the rests have in common in the same order. */
function commonLengths(was: readonly string[], is: readonly string[]): number[][] {
  const table = Array.from({ length: was.length + 1 }, () => new Array<number>(is.length + 1).fill(0));
  for (let i = was.length - 1; i >= 0; i -= 1)
    for (let j = is.length - 1; j >= 0; j -= 1) {
      const row = table[i];
      if (row === undefined) continue;
      row[j] = isSame(was[i] ?? "", is[j] ?? "")
        ? at(table, i + 1, j + 1) + 1
        : Math.max(at(table, i + 1, j), at(table, i, j + 1));
    }
  return table;
}
