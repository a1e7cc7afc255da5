import { z } from "zod";
import { aheadSecondsIn } from "./captured.ts";
import { CAPTIONERS, type ClockFix, type SetContext } from "./photo.ts";
import { contextOfProfile, type ResolvedProfile, withoutGaps } from "./profile.ts";
import { plainText } from "./words.ts";

/** The optional file beside the photos of a set; what it says wins over the folder's name. */
export const CONTEXT_FILE = "photogate.yaml";

const YEAR = "(?:18|19|20|21)\\d{2}";
const MONTH = "(?:0[1-9]|1[0-2])";
const DAY = "(?:0[1-9]|[12]\\d|3[01])";

const date = z.string().regex(new RegExp(`^${YEAR}(-${MONTH}(-${DAY})?)?$`), "must be 2026, 2026-10 or 2026-10-14");
const words = (most: number) => z.string().transform(plainText).pipe(z.string().min(1).max(most));

/** Longest values, in characters; the desk has the same limits. */
export const MOST = {
  subject: 75,
  location: 120,
  category: 60,
  copyright: 200,
  event: 120,
  kind: 40,
  cameras: 20,
  model: 200,
};

/** What the photographer may say, wherever it is said. */
export const WORDS = {
  subject: words(MOST.subject),
  location: words(MOST.location),
  category: words(MOST.category),
  copyright: words(MOST.copyright),
  event: words(MOST.event),
  kind: words(MOST.kind).transform((name) => name.toLowerCase()),
};

/** Stands for every camera that is not named. */
export const EVERY_OTHER = "*";

/** `"+1 h 2 min"` for all cameras, or one for each: `{ "Canon EOS R5": "+1 h 2 min", "*": "-45 s" }`. */
const clock = z
  .union([z.string(), z.record(z.string().min(1).max(200), z.string())], {
    error: 'must be "+1 h 2 min", or one such for each camera',
  })
  .transform((said, context): ClockFix[] => {
    if (said === "") return [];
    const pairs: [string | null, string][] = typeof said === "string" ? [[null, said]] : Object.entries(said);
    if (pairs.length > MOST.cameras) context.addIssue({ code: "custom", message: `at most ${MOST.cameras} cameras` });
    return pairs.flatMap(([camera, text]) => {
      const aheadSeconds = aheadSecondsIn(text);
      if (aheadSeconds === undefined) {
        const message = `${JSON.stringify(text)} must be like "+1 h 2 min" (the camera was ahead) or "-45 s" (behind)`;
        context.addIssue({ code: "custom", message, ...(camera === null ? {} : { path: [camera] }) });
      }
      return aheadSeconds === undefined || aheadSeconds === 0
        ? []
        : [{ camera: camera === EVERY_OTHER ? null : camera, aheadSeconds }];
    });
  });

export const ContextSchema = z.strictObject({
  subject: WORDS.subject.optional(),
  location: WORDS.location.optional(),
  folder: WORDS.category.optional(),
  // YAML reads 2026 as a number and 2026-10-14 as it stands.
  date: z.union([z.int().min(1826).max(2199).transform(String), date]).optional(),
  copyright: WORDS.copyright.optional(),
  event: WORDS.event.optional(),
  kind: WORDS.kind.optional(),
  clock: clock.optional(),
});

export type ContextFile = z.infer<typeof ContextSchema>;

/** A text that says something, or an empty one that takes back what was said. */
const clearable = <T>(schema: z.ZodType<T, string>) =>
  z.string().transform((text, context): T | undefined => {
    if (plainText(text) === "") return undefined;
    const read = schema.safeParse(text);
    if (read.success) return read.data;
    for (const { message } of read.error.issues) context.addIssue({ code: "custom", message, input: text });
    return undefined;
  });

/** What a person says about a set on the page or with `describe`; a field that is left out stays as it is. */
export const DescriptionSchema = z.strictObject({
  subject: clearable(WORDS.subject).optional(),
  location: clearable(WORDS.location).optional(),
  category: WORDS.category.optional(),
  date: clearable(date).optional(),
  copyright: clearable(WORDS.copyright).optional(),
  event: clearable(WORDS.event).optional(),
  kind: clearable(WORDS.kind).optional(),
  clock: clock.optional(),
  captioner: z.enum(CAPTIONERS, { error: `must be one of ${CAPTIONERS.join(", ")}` }).optional(),
  model: clearable(words(MOST.model)).optional(),
});

export type Description = z.infer<typeof DescriptionSchema>;

/** A set's context with what a person says about it in place of what was said before. */
export function described(context: SetContext, description: Description): SetContext {
  const { category = context.folder, clock: said = context.clock, ...rest } = description;
  // A model is one of the captioner it was said for.
  const before = rest.captioner === undefined || rest.captioner === context.captioner ? context : withoutModel(context);
  return { ...withoutGaps({ ...before, ...rest, clock: said?.length === 0 ? undefined : said }), folder: category };
}

const withoutModel = ({ model: _, ...rest }: SetContext): SetContext => rest;

/** The fields in which two contexts differ. */
export function changedFields(before: SetContext, after: SetContext): ReadonlySet<string> {
  const was = textsOf(before);
  const is = textsOf(after);
  return new Set([...was.keys(), ...is.keys()].filter((field) => was.get(field) !== is.get(field)));
}

const textsOf = (context: SetContext): ReadonlyMap<string, string> =>
  new Map(Object.entries(withoutGaps(context)).map(([field, value]) => [field, JSON.stringify(value)]));

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

/** The context of a set, field by field: file over folder name over profile, which has the inbox's own under it. */
export const mergeContext = (
  profile: ResolvedProfile,
  named: Omit<SetContext, "folder">,
  { clock: fixes, ...said }: ContextFile,
): SetContext => ({
  ...contextOfProfile(profile),
  ...withoutGaps(named),
  ...withoutGaps({ ...said, clock: fixes?.length === 0 ? undefined : fixes }),
});
