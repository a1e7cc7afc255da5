/** Rules that hang on the kind of set a photo is of. */
import { saidOf } from "./evidence.ts";
import { type Checked, eachWording, type Rule } from "./wording-rule.ts";
import { lemmasOf } from "./wording-text.ts";

const KNOWN = { subject: "Grey heron", unsaid: ["zoo", "cage"] };

export const KIND_RULES: readonly Rule[] = [
  {
    id: "KIND-WORD",
    severity: "warning",
    about: "words that have no business in a set of this kind",
    test: eachWording(strayIn),
    ask: "Leave out what does not belong to such a picture.",
    passes: { words: { caption: "A grey heron stands in shallow water between tall reeds." }, known: KNOWN },
    fails: { words: { caption: "A grey heron stands in shallow water in its zoo cage." }, known: KNOWN },
  },
];

/** What somebody said of the photo is never out of place. */
function strayIn(text: string, { known, lexicon }: Checked): string | undefined {
  if (known.unsaid.length === 0) return undefined;
  const said = new Set(lemmasOf(saidOf(known, lexicon), lexicon));
  const unsaid = new Set(known.unsaid.flatMap((word) => lemmasOf(word, lexicon)));
  const stray = lemmasOf(text, lexicon).find((word) => unsaid.has(word) && !said.has(word));
  return stray === undefined ? undefined : `“${stray}” does not belong to such a picture`;
}
