import { wordDiff } from "../../domain/word-diff.ts";
import { el } from "./dom.ts";

/** The second text, with what is gone struck and what has come underlined. */
export const diffNodes = (before: string, after: string): (Node | string)[] =>
  wordDiff(before, after).map(({ kind, text }) =>
    kind === "same" ? text : el(kind === "gone" ? "del" : "ins", {}, text),
  );
