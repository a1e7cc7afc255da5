/** What a rule about wording is. */
import type { HouseWording, Lexicon } from "./wording-text.ts";

/** The words of a photo, as they would be published. */
export interface Words {
  readonly caption: string;
  readonly altText: string;
  readonly keywords: string[];
}
export type WordField = keyof Words;

/** What may be said of the photo, and by whom it is known. */
export interface Known {
  readonly subject: string | null;
  /** `Oostvaardersplassen, Netherlands` */
  readonly location: string | null;
  /** names the set's context gives besides */
  readonly names: readonly string[];
  /** of the site: `nature` */
  readonly category: string | null;
  /** the town near the camera's position, and its country */
  readonly gps: readonly string[];
  /** what somebody wrote about the photo before us, in the file or its sidecar */
  readonly written: readonly string[];
  /** what a person has typed and no machine had proposed */
  readonly typed: readonly string[];
  /** text that can be read in the picture */
  readonly readable: readonly string[];
  readonly people: readonly string[];
  /** other words for the subject: `bird` for a heron */
  readonly aliases: readonly string[];
  /** words that have no business in a set of its kind */
  readonly unsaid: readonly string[];
  /** rules that do not count in a set of its kind */
  readonly setAside: readonly string[];
  readonly year: number | null;
  /** when it was taken, as a caption speaks of it: `14 October 2026` */
  readonly date: string | null;
  /** stem of the camera's file name */
  readonly stem: string;
  /** short noun phrases a model saw; null where no model looked */
  readonly visible: readonly string[] | null;
  /** how many people a model saw; null where nobody counted */
  readonly persons: "0" | "1" | "2" | "3+" | null;
  /** what the model was told to do; empty where no model wrote */
  readonly prompt: string;
  /** the answer came to an end by itself, and was what was asked for */
  readonly answer: "whole" | "cut" | "unreadable";
  readonly authors: Readonly<Record<WordField, Author>>;
}

/** Who wrote a field: a model, the template, or somebody who knows the photo. */
export type Author = "model" | "template" | "person";

export const NOTHING_KNOWN: Known = {
  subject: null,
  location: null,
  names: [],
  category: null,
  gps: [],
  written: [],
  typed: [],
  readable: [],
  people: [],
  aliases: [],
  unsaid: [],
  setAside: [],
  year: null,
  date: null,
  stem: "",
  visible: null,
  persons: null,
  prompt: "",
  answer: "whole",
  authors: { caption: "model", altText: "model", keywords: "model" },
};

export const SEVERITIES = ["error", "warning", "info"] as const;
/** An error keeps a photo from being approved; a warning brings it forward; an info is only told. */
export type Severity = (typeof SEVERITIES)[number];

export interface Checked {
  readonly words: Words;
  readonly known: Known;
  readonly lexicon: Lexicon;
}

export interface Finding {
  readonly field: WordField;
  /** what is wrong, with the very words */
  readonly why: string;
}

export interface Flaw extends Finding {
  readonly rule: string;
  readonly severity: Severity;
}

/** A set of words, and what is known, that a rule finds nothing in, or something. */
export interface Example {
  readonly words?: Partial<Words>;
  readonly known?: Partial<Known>;
  readonly house?: Partial<HouseWording>;
}

export interface Rule {
  readonly id: string;
  readonly severity: Severity;
  /** an error of a model only: a person may have a reason, and the template nothing to say */
  readonly ofModels?: true;
  /** what it is about, for whoever reads the proof */
  readonly about: string;
  readonly test: (checked: Checked) => readonly Finding[];
  /** mends it without asking anybody; a field it cannot mend is left out */
  readonly tidy?: (checked: Checked) => Partial<Words>;
  /** what a model is told that is to write the field anew; undefined where it would be no use */
  readonly ask?: string | ((why: string) => string);
  readonly passes: Example;
  readonly fails: Example;
}

export type TextField = "caption" | "altText";
export const TEXTS: readonly TextField[] = ["caption", "altText"];
const FIELD_NAMES: Readonly<Record<WordField, string>> = {
  caption: "caption",
  altText: "alt text",
  keywords: "keywords",
};
export const nameOf = (field: WordField): string => FIELD_NAMES[field];

/** A test of each text by itself. @param test what is wrong with it, or undefined */
export const eachText =
  (fields: readonly TextField[], test: (text: string, checked: Checked, field: TextField) => string | undefined) =>
  (checked: Checked): Finding[] =>
    fields.flatMap((field) => {
      const text = checked.words[field];
      const why = text === "" ? undefined : test(text, checked, field);
      return why === undefined ? [] : [{ field, why }];
    });

/** A test of texts and keywords alike. */
export const eachWording =
  (test: (text: string, checked: Checked) => string | undefined) =>
  (checked: Checked): Finding[] => {
    const { caption, altText, keywords } = checked.words;
    const parts = [
      ["caption", caption],
      ["altText", altText],
      ...keywords.map((keyword) => ["keywords", keyword] as const),
    ] as const;
    return parts.flatMap(([field, text]) => {
      const why = text === "" ? undefined : test(text, checked);
      return why === undefined ? [] : [{ field, why }];
    });
  };

export const keywordsTest =
  (test: (keywords: readonly string[], checked: Checked) => string | undefined) =>
  (checked: Checked): Finding[] => {
    const why = test(checked.words.keywords, checked);
    return why === undefined ? [] : [{ field: "keywords", why }];
  };

/** The same change of each text; keywords that come to nothing are dropped. */
export const tidyAll =
  (change: (text: string) => string) =>
  ({ words }: Checked): Partial<Words> => ({
    caption: change(words.caption),
    altText: change(words.altText),
    keywords: words.keywords.map(change).filter((keyword) => keyword !== ""),
  });

export const tidyTexts =
  (fields: readonly TextField[], change: (text: string, checked: Checked) => string) =>
  (checked: Checked): Partial<Words> =>
    Object.fromEntries(fields.map((field) => [field, change(checked.words[field], checked)]));

export const tidyKeywords =
  (change: (keywords: readonly string[], checked: Checked) => readonly string[]) =>
  (checked: Checked): Partial<Words> => ({ keywords: [...change(checked.words.keywords, checked)] });

/** The first match, quoted; undefined if there is none. */
export const found = (pattern: RegExp, text: string): string | undefined => {
  const [match] = pattern.exec(text) ?? [];
  return match === undefined ? undefined : `“${match.trim()}”`;
};
