/** Rules of the house: words its owner has banned. And which rules hold for a house at all. */
import { eachWording, type Rule, tidyKeywords, type Words } from "./wording-rule.ts";
import type { HouseWording } from "./wording-text.ts";
import { normal } from "./wording-text.ts";

/** They know English words, or how English writes names; of other languages they would say what is not so. */
export const ENGLISH_ONLY: ReadonlySet<string> = new Set(
  `GEN-LANG GEN-TRUNC GEN-REFUSAL CAP-GENERIC CAP-META-LEAD CAP-META-ANY CAP-THERE-IS CAP-HYPE CAP-HEDGE CAP-EMOTION
  CAP-IDENTITY CAP-RELATION CAP-QUALITY CAP-NUMBER GEO-CAPTION GEO-ALT NAME-PERSON ALT-META ALT-KEYWORDY KW-GENERIC KW-FORM`.split(
    /\s+/,
  ),
);

/** What is not vouched for does not pass: a name that is right is allowed, or the rule overruled for a photo. */
export const NEVER_IGNORED: ReadonlySet<string> = new Set(["GEO-CAPTION", "GEO-ALT", "GEO-KEYWORD", "NAME-PERSON"]);

export const isInForce = (id: string, { language, ignore }: HouseWording): boolean =>
  !ignore.includes(id) && (language === "en" || !ENGLISH_ONLY.has(id));

/** Whole words, whatever their case and however the spaces between them are. */
function bannedIn(text: string, { banned }: HouseWording): string | undefined {
  const flat = normal(text).toLowerCase();
  return banned.find((word) => {
    const wanted = normal(word).toLowerCase();
    for (let at = flat.indexOf(wanted); at !== -1; at = flat.indexOf(wanted, at + 1))
      if (!isLetter(flat[at - 1]) && !isLetter(flat[at + wanted.length])) return true;
    return false;
  });
}

const isLetter = (letter: string | undefined): boolean => letter !== undefined && /[\p{L}\p{M}\p{N}]/u.test(letter);

const PLAIN: Words = {
  caption: "Grey heron wading through shallow water at dawn.",
  altText: "A tall grey bird stands in a pond.",
  keywords: ["grey heron"],
};

export const HOUSE_RULES: readonly Rule[] = [
  {
    id: "OWN-BANNED",
    severity: "error",
    ofModels: true,
    about: "a word the owner has banned",
    test: eachWording((text, { lexicon: { house } }) => {
      const word = bannedIn(text, house);
      return word === undefined ? undefined : `“${word}”`;
    }),
    tidy: tidyKeywords((keywords, { lexicon: { house } }) =>
      keywords.filter((keyword) => bannedIn(keyword, house) === undefined),
    ),
    ask: (why) => `Do not write ${why}.`,
    passes: {
      words: { ...PLAIN, caption: "Grey heron wading through a cathedral of reeds." },
      house: { banned: ["cat"] },
    },
    fails: { words: { ...PLAIN, keywords: ["grey heron", "Pond life"] }, house: { banned: ["pond life"] } },
  },
];
