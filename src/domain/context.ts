import { z } from "zod";
import type { SetContext } from "./photo.ts";
import { plainText } from "./words.ts";

/** The optional file beside the photos of a set; what it says wins over the folder's name. */
export const CONTEXT_FILE = "photogate.yaml";

const YEAR = "(?:18|19|20|21)\\d{2}";
const MONTH = "(?:0[1-9]|1[0-2])";
const DAY = "(?:0[1-9]|[12]\\d|3[01])";

const date = z.string().regex(new RegExp(`^${YEAR}(-${MONTH}(-${DAY})?)?$`), "must be 2026, 2026-10 or 2026-10-14");
const words = (most: number) => z.string().transform(plainText).pipe(z.string().min(1).max(most));

/** Longest values, in characters; the desk has the same limits. */
const MOST = { subject: 75, location: 120 };

export const ContextSchema = z.strictObject({
  subject: words(MOST.subject).optional(),
  location: words(MOST.location).optional(),
  folder: words(60).optional(),
  // YAML reads 2026 as a number and 2026-10-14 as it stands.
  date: z.union([z.int().min(1826).max(2199).transform(String), date]).optional(),
});

export type ContextFile = z.infer<typeof ContextSchema>;

// What a camera or a file manager calls a folder says nothing about what is in it.
const NAMELESS =
  /^(dcim|\d{3}[a-z_ ]{1,5}\d*|new folder.*|untitled.*|neuer ordner.*|camera( roll)?|photos?|images?|pictures?|import|card|sd)$/i;

// `2026`, `2026-10`, `2026-10-14` or `20261014`, and nothing that goes on as a number: 1000 Islands is a place.
const DATED = new RegExp(`^(${YEAR})(?:-?(${MONTH})-?(${DAY})|-(${MONTH}))?(?!\\d)(?:[\\s_-]+|$)(.*)$`);

/**
 * What a folder's name tells: `2026-10 Gulls, Texel` is a date, a subject and a place.
 *
 * @param name of the folder, without its path
 */
export function contextOfFolder(name: string): Omit<SetContext, "folder"> {
  const plain = plainText(name);
  const [, year, month, day, monthAlone, rest = plain] = DATED.exec(plain) ?? [];
  const date = [year, month ?? monthAlone, day].filter((part) => part !== undefined).join("-");
  const words = rest.replaceAll("_", " ").trim();
  const dated = date === "" ? {} : { date };
  if (words === "" || NAMELESS.test(words)) return dated;
  const [subject = "", ...places] = words.split(",").map((part) => part.trim());
  const location = clipped(places.filter((place) => place !== "").join(", "), MOST.location);
  return {
    ...dated,
    ...(subject === "" ? {} : { subject: clipped(subject, MOST.subject) }),
    ...(location === "" ? {} : { location }),
  };
}

/** Cut after a whole word, or a whole character. */
const clipped = (text: string, most: number): string =>
  text.length <= most
    ? text
    : text
        .slice(0, most + 1)
        .replace(/\s+\S*$/, "")
        .slice(0, most)
        .replace(/[\uD800-\uDBFF]$/, "");

/** The context of a set: file over folder name over setting. */
export const mergeContext = (folder: string, named: Omit<SetContext, "folder">, file: ContextFile): SetContext => ({
  folder,
  ...named,
  ...Object.fromEntries(Object.entries(file).filter(([, value]) => value !== undefined)),
});
