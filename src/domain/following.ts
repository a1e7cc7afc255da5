/** The alt text follows the caption until somebody writes one: what is put right in the one is put right in the other. */
import { wordDiff } from "./word-diff.ts";

interface Texts {
  readonly caption: string;
  readonly altText: string;
}

/**
 * The alt text as it follows a changed caption. One that was the caption is the caption again; one of its own words keeps
 * them, and what was replaced or struck in the caption is replaced or struck in it, wherever it stands there as well.
 *
 * @param was as the machine proposed them
 * @param caption as it is now
 */
export function followingAlt(was: Texts, caption: string): string {
  if (was.altText === was.caption || was.altText === "") return caption;
  return changesOf(was.caption, caption).reduce((alt, [gone, come]) => replaced(alt, gone, come), was.altText);
}

/** What was replaced by what; where something was only added there is no place for it in another text. */
function changesOf(before: string, after: string): (readonly [gone: string, come: string])[] {
  const stretches = wordDiff(before, after);
  return stretches.flatMap(({ kind, text }, i) => {
    if (kind !== "gone") return [];
    const beside = [stretches[i + 1], stretches[i - 1]].find((one) => one?.kind === "come");
    return [[text.trim(), beside?.text.trim() ?? ""] as const];
  });
}

function replaced(text: string, gone: string, come: string): string {
  const bare = (part: string): string => part.replaceAll(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, "");
  const [wanted, by] = [bare(gone), bare(come)];
  if (wanted === "") return text;
  const word = new RegExp(`(?<![\\p{L}\\p{N}])${escaped(wanted)}(?![\\p{L}\\p{N}])${by === "" ? " ?" : ""}`, "giu");
  const asFound = (found: string): string => {
    if (startsHigh(found)) return raised(by);
    return startsHigh(wanted) ? lowered(by) : by;
  };
  return text.replace(word, asFound).trim();
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
const startsHigh = (text: string): boolean => /^\p{Lu}/u.test(text);
const raised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const lowered = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
