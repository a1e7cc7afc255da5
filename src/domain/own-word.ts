import { z } from "zod";
import { WORDS } from "./context.ts";
import type { LoadedPhoto, OwnWord, SetContext } from "./photo.ts";
import { withoutGaps } from "./profile.ts";

export const OwnWordSchema: z.ZodType<OwnWord> = z.strictObject({
  subject: WORDS.subject.nullable().optional(),
  location: WORDS.location.nullable().optional(),
  folder: WORDS.category.optional(),
  kind: WORDS.kind.nullable().optional(),
  wordsTake: z.int().positive().optional(),
  nameTake: z.int().positive().optional(),
});

/** A set's context with what is said of one of its photos in place of it. */
export const underOwnWord = (
  context: SetContext,
  { subject, location, folder, kind, ...takes }: OwnWord,
): SetContext => ({
  ...withoutGaps({
    ...context,
    ...takes,
    subject: laidOver(subject, context.subject),
    location: laidOver(location, context.location),
    kind: laidOver(kind, context.kind),
  }),
  folder: folder ?? context.folder,
});

const laidOver = (own: string | null | undefined, ofSet: string | undefined): string | undefined =>
  own === null ? undefined : (own ?? ofSet);

/** What is said of a photo's set, whatever is said of the photo. */
export const contextOfSet = ({ context, own }: Pick<LoadedPhoto, "context" | "own">): SetContext => own?.of ?? context;

/** A photo as it is with another word about it. */
export const withOwnWord = (photo: LoadedPhoto, word: OwnWord): LoadedPhoto => {
  const of = contextOfSet(photo);
  return { ...photo, context: underOwnWord(of, word), own: { word, of } };
};
