/** What stock agencies ask for, told where the owner has named one. Nothing of it blocks: the site is not the agency. */

import { namesIn } from "./wording-names.ts";
import type { Checked, Finding, Rule, Words } from "./wording-rule.ts";
import { contentOf, lemmasOf, type Stock } from "./wording-text.ts";

interface Limits {
  /** characters; the caption is what the agency calls a title */
  readonly title: number | null;
  readonly keywords: { readonly least: number; readonly most: number };
  /** it wants the words of the title among the keywords */
  readonly repeatsTitle: boolean;
  /** it refuses people's names and makers of cameras */
  readonly refusesNames: boolean;
  /** it wants one thing in a keyword */
  readonly oneThing: boolean;
}

/** As their help pages said in 2025. */
const AGENCIES: Readonly<Record<Stock, Limits>> = {
  "adobe-stock": {
    title: 70,
    keywords: { least: 5, most: 49 },
    repeatsTitle: true,
    refusesNames: true,
    oneThing: false,
  },
  shutterstock: {
    title: 200,
    keywords: { least: 7, most: 50 },
    repeatsTitle: false,
    refusesNames: true,
    oneThing: false,
  },
  alamy: { title: null, keywords: { least: 5, most: 50 }, repeatsTitle: false, refusesNames: false, oneThing: true },
};

/** @param test what is wrong by the limits of the agency, or undefined; not asked where the owner has named none */
const lint =
  (field: Finding["field"], test: (checked: Checked, limits: Limits) => string | undefined) =>
  (checked: Checked): Finding[] => {
    const { stock } = checked.lexicon.house;
    const why = stock === null ? undefined : test(checked, AGENCIES[stock]);
    return why === undefined ? [] : [{ field, why: `${why} (${stock})` }];
  };

const GOOD: Words = {
  caption: "Grey heron wading through shallow water at dawn.",
  altText: "A tall grey bird stands in a pond between reeds.",
  keywords: ["grey heron", "heron", "water", "dawn", "shallow", "pond", "bird", "wading"],
};

export const STOCK_RULES: readonly Rule[] = [
  {
    id: "STOCK-TITLE",
    severity: "info",
    about: "a caption too long for the stock agency's title",
    test: lint("caption", ({ words }, { title }) =>
      title !== null && words.caption.length > title
        ? `${words.caption.length} characters; a title has ${title} at most`
        : undefined,
    ),
    passes: { words: GOOD, house: { stock: "adobe-stock" } },
    fails: {
      words: { ...GOOD, caption: "Grey heron wading through shallow water between reeds at dawn, looking for fish." },
      house: { stock: "adobe-stock" },
    },
  },
  {
    id: "STOCK-COUNT",
    severity: "info",
    about: "fewer keywords than the stock agency wants, or more",
    test: lint("keywords", ({ words }, { keywords: { least, most } }) =>
      words.keywords.length < least || words.keywords.length > most
        ? `${words.keywords.length} keywords; ${least} to ${most}`
        : undefined,
    ),
    passes: { words: GOOD, house: { stock: "shutterstock" } },
    fails: { words: { ...GOOD, keywords: ["grey heron", "water"] }, house: { stock: "shutterstock" } },
  },
  {
    id: "STOCK-TITLE-WORDS",
    severity: "info",
    about: "words of the caption that are no keywords",
    test: lint("keywords", ({ words, lexicon }, { repeatsTitle }) => {
      if (!repeatsTitle) return undefined;
      const keywords = contentOf(words.keywords.join(" "), lexicon);
      const missing = lemmasOf(words.caption, lexicon).filter((word) => !keywords.has(word));
      return missing.length === 0 ? undefined : `${missing.slice(0, 5).join(", ")} of the caption`;
    }),
    passes: { words: GOOD, house: { stock: "adobe-stock" } },
    fails: { words: { ...GOOD, keywords: ["grey heron", "bird"] }, house: { stock: "adobe-stock" } },
  },
  {
    id: "STOCK-FIRST",
    severity: "info",
    about: "the subject is not among the ten keywords that weigh most",
    test: lint("keywords", ({ words, known, lexicon }) => {
      const wanted = lemmasOf(known.subject ?? "", lexicon);
      const first = contentOf(words.keywords.slice(0, 10).join(" "), lexicon);
      const missing = wanted.filter((word) => !first.has(word));
      return missing.length === 0 ? undefined : `${missing.join(", ")} of the subject`;
    }),
    passes: { words: GOOD, known: { subject: "Grey Heron" }, house: { stock: "adobe-stock" } },
    fails: { words: GOOD, known: { subject: "Purple Heron" }, house: { stock: "adobe-stock" } },
  },
  {
    id: "STOCK-NAMES",
    severity: "info",
    about: "a person's name, which the stock agency refuses",
    test: lint("caption", ({ words, known, lexicon }, { refusesNames }) => {
      if (!refusesNames) return undefined;
      const text = `${words.caption} ${words.keywords.join(", ")}`.toLowerCase();
      const named = known.people.find((name) => text.includes(name.toLowerCase()));
      const found = named ?? namesIn(words.caption, lexicon).find(({ kind }) => kind === "person")?.text;
      return found === undefined ? undefined : `“${found}”`;
    }),
    passes: { words: GOOD, house: { stock: "shutterstock" } },
    fails: {
      words: { ...GOOD, keywords: [...GOOD.keywords, "anna jansen"] },
      known: { people: ["Anna Jansen"] },
      house: { stock: "shutterstock" },
    },
  },
  {
    id: "STOCK-ENTITY",
    severity: "info",
    about: "two things in one keyword",
    test: lint("keywords", ({ words }, { oneThing }) => {
      const double = oneThing ? words.keywords.find((keyword) => /,|\/|\s(?:and|&|in|at)\s/i.test(keyword)) : undefined;
      return double === undefined ? undefined : `“${double}”`;
    }),
    passes: { words: GOOD, house: { stock: "alamy" } },
    fails: { words: { ...GOOD, keywords: [...GOOD.keywords, "heron and pond"] }, house: { stock: "alamy" } },
  },
];
