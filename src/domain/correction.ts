import { z } from "zod";
import { WORDS } from "./context.ts";
import type { Final } from "./facts.ts";
import { contextOfSet, OwnWordSchema } from "./own-word.ts";
import type { LoadedPhoto, OwnWord } from "./photo.ts";
import { withoutGaps } from "./profile.ts";
import { type PhotoId, plainText } from "./words.ts";

/** A text, or an empty one that says that there is none. */
const orNone = <T>(schema: z.ZodType<T, string>) =>
  z.string().transform((text, context): T | null => {
    if (plainText(text) === "") return null;
    const read = schema.safeParse(text);
    if (read.success) return read.data;
    for (const { message } of read.error.issues) context.addIssue({ code: "custom", message, input: text });
    return z.NEVER;
  });

/** What can be done anew without saying anything else. */
const ANEW = ["words", "name"] as const;

/** What a person puts right about some photos of a set; a field that is left out stays as it is. */
export const CorrectionSchema = z.strictObject({
  photos: z.array(z.int().positive()).min(1).max(10_000),
  subject: orNone(WORDS.subject).optional(),
  location: orNone(WORDS.location).optional(),
  category: WORDS.category.optional(),
  kind: orNone(WORDS.kind).optional(),
  anew: z.array(z.enum(ANEW)).optional(),
});
export type Correction = z.infer<typeof CorrectionSchema>;

/** What was said of a photo alone, what its stages made of that, and its place in the ledger: enough to go back to it. */
export interface Corrected {
  readonly own: OwnWord | null;
  /** of the stages before the gate that a word about one photo can change, as they are stored */
  readonly facts: Readonly<Record<string, unknown>>;
  readonly place: { readonly name: string; readonly scope: string; readonly sequence: number } | null;
}

export const CorrectedSchema: z.ZodType<Corrected> = z.object({
  own: OwnWordSchema.nullable(),
  facts: z.record(z.string(), z.unknown()),
  place: z.object({ name: z.string(), scope: z.string(), sequence: z.int() }).nullable(),
});

/** What would be published of a photo, before a correction or after it. */
export interface CorrectedText extends Pick<Final, "name" | "caption" | "altText" | "subject" | "location"> {
  readonly keywords: string;
  readonly category: string;
  readonly kind: string;
  /** where its file goes on the site */
  readonly path: string;
}

export interface ProposedPhoto {
  readonly photo: PhotoId;
  readonly file: string;
  readonly before: CorrectedText;
  readonly after: CorrectedText;
  /** fields that stay because a person wrote them */
  readonly kept: readonly string[];
  /** what would stop an approval, in words; empty if nothing does */
  readonly blocked: readonly string[];
  /** an approval that is taken back with it */
  readonly voids: boolean;
}

/** What a correction comes to, shown before it is taken. */
export interface ProposedCorrection {
  readonly id: string;
  readonly photos: readonly ProposedPhoto[];
  /** nothing would be other than it is */
  readonly unchanged: number;
  readonly leftOut: readonly { readonly photo: PhotoId; readonly file: string; readonly why: string }[];
}

/** What was said of a photo before, with a correction over it. What says what the set says is said by the set. */
export function correctedWord(photo: LoadedPhoto, said: Omit<Correction, "photos">): OwnWord {
  const before = photo.own?.word ?? {};
  const set = contextOfSet(photo);
  const { category, anew = [], ...rest } = said;
  const wanted: OwnWord = {
    ...before,
    ...withoutGaps({ ...rest, folder: category }),
    ...(anew.includes("words") ? { wordsTake: (before.wordsTake ?? 0) + 1 } : {}),
    ...(anew.includes("name") ? { nameTake: (before.nameTake ?? 0) + 1 } : {}),
  };
  const isOfSet = (field: string, value: unknown): boolean =>
    (field === "subject" || field === "location" || field === "folder" || field === "kind") &&
    value === (set[field] ?? null);
  return OwnWordSchema.parse(
    Object.fromEntries(Object.entries(wanted).filter(([field, value]) => !isOfSet(field, value))),
  );
}
