/**
 * Deterministic file names. The default pattern gives the names the site has always had:
 * `Subject_Location_Folder_Photography_Camera_Year_NNN.JPG`, in ASCII, so that no file system, URL or collation can
 * make one name of two.
 */

/** Longest name the site takes, with extension. */
export const MAX_NAME = 150;

const EXTENSION = ".JPG";
const PARTS = ["subject", "location", "folder", "camera", "year"] as const;
type Part = (typeof PARTS)[number];

export const DEFAULT_PATTERN = "{subject}_{location}_{folder}_{camera}_{year}_{seq}";

/** The year where nothing says when: the same word in name, path and URL. */
export const UNDATED = "undated";

export interface NameParts {
  readonly subject: string | null;
  readonly location: string | null;
  readonly folder: string;
  readonly camera: string | null;
  readonly year: string;
}

/** A name without its counter: the scope in which counters run. */
export interface Stem {
  readonly stem: string;
  readonly shortened: boolean;
}

/** @returns what is wrong with a pattern, as a sentence; undefined if it can be used */
export function patternFlaw(pattern: string): string | undefined {
  if (!pattern.endsWith("_{seq}")) return "must end in _{seq}";
  if (/[{}]/.test(pattern.replaceAll(/\{[^{}]*\}/g, ""))) return "a brace stands alone";
  const unknown = [...pattern.matchAll(/\{([^}]*)\}/g)].map(([, part]) => part).filter((part) => !isPart(part));
  if (unknown.length > 0) return `knows no part {${unknown.join("}, {")}}; parts are {${PARTS.join("}, {")}}, {seq}`;
  return /[^A-Za-z0-9_{}-]/.test(pattern) ? "may hold letters, digits, _ and - besides its parts" : undefined;
}

const isPart = (part: string | undefined): boolean => part === "seq" || PARTS.some((known) => known === part);

/**
 * Fills the pattern, all but the counter. A missing part leaves no trace; words are dropped from the end of the subject,
 * then of the location, until the name with a five-digit counter fits `MAX_NAME`.
 */
export function stemOf(pattern: string, parts: NameParts): Stem {
  const words: Record<Part, string[]> = {
    subject: slug(titled(parts.subject ?? "")).split("_"),
    location: capitalised(slug(parts.location ?? "")).split("_"),
    folder: withPhotography(capitalised(slug(parts.folder))).split("_"),
    camera: slug(parts.camera ?? "").split("_"),
    year: [parts.year],
  };
  const room = MAX_NAME - EXTENSION.length - "_99999".length;
  let shortened = false;
  for (;;) {
    const stem = fill(pattern, words);
    if (stem.length <= room) return { stem, shortened };
    shortened = true;
    const longest = words.subject.length > 1 ? words.subject : words.location.length > 1 ? words.location : undefined;
    if (longest === undefined) return { stem: stem.slice(0, room).replace(/_+$/, ""), shortened };
    longest.pop();
  }
}

function fill(pattern: string, words: Readonly<Record<Part, readonly string[]>>): string {
  const filled = pattern.replace(/_\{seq\}$/, "").replaceAll(/\{(\w+)\}/g, (_, part: string) =>
    PARTS.filter((known) => known === part)
      .map((known) => words[known].join("_"))
      .join(""),
  );
  const clean = filled.replaceAll(/_{2,}/g, "_").replaceAll(/^[_-]+|_+$/g, "");
  return clean === "" ? "Photo" : clean;
}

/** @param sequence from 1; three digits at least */
export const numbered = (stem: string, sequence: number): string =>
  `${stem}_${String(sequence).padStart(3, "0")}${EXTENSION}`;

/** Two names with the same key would be one file somewhere. */
export const foldedKey = (name: string): string => name.toLowerCase();

/**
 * Rules for file names, in the order in which they are asked. Others hold by how names are made, and need no asking: FN-UNIQUE
 * by the ledger's unique key, FN-SUBJECT and FN-DATE by the pattern, FN-CAMERA because the camera's name for a file is none of
 * a name's parts.
 */
export const NAME_RULES: readonly { readonly id: string; readonly flaw: (name: string) => string | undefined }[] = [
  {
    id: "FN-LEN",
    flaw: (name) => (name.length > MAX_NAME ? `${name.length} characters, at most ${MAX_NAME} are allowed` : undefined),
  },
  { id: "FN-ENDING", flaw: (name) => (name.endsWith(EXTENSION) ? undefined : `must end in ${EXTENSION}`) },
  {
    id: "FN-CHARS",
    flaw: (name) =>
      /^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(name.slice(0, -EXTENSION.length))
        ? undefined
        : "letters without accents, digits, _ and - only",
  },
  {
    id: "FN-RESERVED",
    flaw: (name) =>
      isDeviceName(name.slice(0, -EXTENSION.length)) ? "Windows keeps this name for a device" : undefined,
  },
];

/** @returns what is wrong with a name a person typed, as a sentence; undefined if it can be used */
export function nameFlaw(name: string): string | undefined {
  for (const { flaw } of NAME_RULES) {
    const why = flaw(name);
    if (why !== undefined) return why;
  }
  return undefined;
}

/** The nearest name that can be used: what no name may hold goes, the ending comes. */
export function mendedName(name: string): string {
  const stem = slug(name.replace(/\.jpe?g$/i, "")).slice(0, MAX_NAME - EXTENSION.length);
  return stem === "" || isDeviceName(stem) ? `Photo${EXTENSION}` : `${stem}${EXTENSION}`;
}

/** Windows opens a device for these, whatever the extension and in whatever folder. */
export const isDeviceName = (stem: string): boolean => /^(con|prn|aux|nul|com\d|lpt\d)$/i.test(stem);

// A hyphen is part of registrations and types (PH-BXA, 737-800) and nothing but a break elsewhere.
const REGISTRATION = /^(?:[A-Za-z]{1,3}-[A-Za-z0-9]{2,5}|\d{3,4}-[A-Za-z0-9]{2,5})$/;
const AIRCRAFT = new Set(["ATR", "FOKKER"]);

/** One part of a name: letters and digits, words joined by `_`, case kept. */
export function slug(text: string): string {
  const tokens = plainLetters(text).trim().replaceAll("&", " and ").split(/\s+/);
  return tokens
    .map((token, i) => slugToken(token, tokens[i - 1] ?? ""))
    .join("_")
    .replaceAll(/_{2,}/g, "_")
    .replaceAll(/^_+|_+$/g, "");
}

function slugToken(token: string, before: string): string {
  const bare = token.replaceAll(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, "");
  const keepsHyphen = REGISTRATION.test(bare) || (AIRCRAFT.has(before.toUpperCase()) && /^\d{2}-\d{2,5}$/.test(bare));
  return keepsHyphen ? bare : token.replaceAll(/[^A-Za-z0-9_]+/g, "_");
}

const LETTERS: Readonly<Record<string, string>> = {
  ß: "ss",
  ẞ: "SS",
  æ: "ae",
  Æ: "Ae",
  œ: "oe",
  Œ: "Oe",
  ø: "o",
  Ø: "O",
  đ: "d",
  Đ: "D",
  ð: "d",
  Ð: "D",
  ł: "l",
  Ł: "L",
  þ: "th",
  Þ: "Th",
  ı: "i",
  "’": "'",
};

/** Accents off, ligatures spelled out; apostrophes go without leaving a gap. */
const plainLetters = (text: string): string =>
  text
    .normalize("NFKD")
    .replaceAll(/[ßẞæÆœŒøØđĐðÐłŁþÞı’]/g, (letter) => LETTERS[letter] ?? letter)
    .replaceAll(/[\p{M}']/gu, "");

const UPPER = new Set("EOS RF EF ISO II III IV V VI VII VIII IX X ATR KLM TUI SAS LOT DHL UPS RAF".split(" "));

/** A subject as a title: first letters raised; capitals and camelCase as typed; tokens with digits in capitals. */
export const titled = (subject: string): string => subject.split(/(\s+)/).map(titledWord).join("");

function titledWord(word: string): string {
  const upper = word.toUpperCase();
  if (UPPER.has(upper)) return upper;
  if (/\d/.test(word) && /[a-z]/i.test(word)) return upper;
  if (word !== word.toLowerCase()) return word;
  return word.charAt(0).toUpperCase() + word.slice(1);
}

const capitalised = (part: string): string =>
  part.replaceAll(/(^|_)([a-z])/g, (_, gap: string, letter: string) => gap + letter.toUpperCase());

const withPhotography = (folder: string): string =>
  folder === "" || /photography$/i.test(folder) ? folder : `${folder}_Photography`;

/**
 * Camera from make and model: the make once, known misspellings mended.
 *
 * @returns null if neither is known
 */
export function cameraOf(make: string | null, model: string | null): string | null {
  const words = `${make ?? ""} ${model ?? ""}`
    .trim()
    .split(/\s+/)
    .filter((word) => word !== "");
  if (words.length === 0) return null;
  const modelWords = (model ?? "").trim().split(/\s+/);
  const makeFirst = (make ?? "").trim().split(/\s+/)[0]?.toLowerCase();
  const named = modelWords[0]?.toLowerCase() === makeFirst ? modelWords : words;
  const once = named.filter((word, i) => word.toLowerCase() !== named[i - 1]?.toLowerCase());
  return once.join(" ").replace(/\bR5\s?(?:m2|mark\s?ii|mark\s?2)\b/i, "R5 Mark II");
}

/**
 * The one rule for the year: the camera's date, else the date the photographer gave the set, else `undated`.
 *
 * @param takenAt `2026:10:14 08:12:33`
 * @param contextDate `2026`, `2026-10` or `2026-10-14`
 */
export function yearOf(takenAt: string | null, contextDate: string | undefined): string {
  const year = /^\d{4}/.exec(takenAt ?? "")?.[0];
  if (year !== undefined && year !== "0000") return year;
  return /^\d{4}/.exec(contextDate ?? "")?.[0] ?? UNDATED;
}

/** Category key as a directory that every system can make: `nature`, `urban_night`, `aux_photos`. */
export function folderKey(folder: string): string {
  const key = slug(folder).toLowerCase() || "gallery";
  return isDeviceName(key) ? `${key}_photos` : key;
}

/** Where a photo lies below the site's root; `/` on every system. */
export function sitePaths(final: { readonly name: string; readonly folder: string; readonly year: string }): {
  readonly full: string;
  readonly thumb: string;
} {
  const folder = folderKey(final.folder);
  return { full: `${final.year}/${folder}/${final.name}`, thumb: `${final.year}/thumbs/${folder}/${final.name}` };
}
