import { z } from "zod";
import { capturedAt } from "./captured.ts";
import { boxOf, CroppedSchema } from "./cropped.ts";
import type { Final } from "./facts.ts";
import { MAX_ALT_TEXT, MAX_CAPTION, MAX_KEYWORD, MAX_KEYWORDS, MAX_LOCATION, MAX_SUBJECT } from "./lengths.ts";
import { LABELS, writtenMarks } from "./marks.ts";
import { MAX_NAME, nameFlaw, yearOf } from "./naming.ts";
import type { LoadedPhoto } from "./photo.ts";
import { OverruledSchema } from "./proof.ts";
import { bandOf, twoDecimals } from "./quality.ts";
import { hasFacts } from "./stage.ts";
import { isDevious, type Millis, type PhotoId, plainText } from "./words.ts";

export const VERDICTS = ["approved", "rejected", "held"] as const;
export type Verdict = (typeof VERDICTS)[number];
/** An approval that waits for the words: it counts for nothing until the person has seen them and approves. */
export const WISHED = "wished";
export type Decision = Verdict | typeof WISHED;

const text = (most: number) =>
  z
    .string()
    .max(most)
    .refine((value) => !isDevious(value), "may not hold control characters or invisible ones")
    .transform(plainText);

/** What a person may change, and what a value of it must be. */
export const EDIT_FIELDS = {
  caption: text(MAX_CAPTION),
  altText: text(MAX_ALT_TEXT),
  keywords: z
    .array(text(MAX_KEYWORD))
    .max(MAX_KEYWORDS)
    .transform((words) => [...new Set(words.filter((word) => word !== ""))]),
  name: z
    .string()
    .max(MAX_NAME)
    .superRefine((name, context) => {
      const flaw = nameFlaw(name);
      if (flaw !== undefined) context.addIssue({ code: "custom", message: flaw });
    }),
  subject: text(MAX_SUBJECT),
  location: text(MAX_LOCATION),
  qr: z.number().min(0).max(10).transform(twoDecimals),
  /** apart from the quality; written into the published image */
  stars: z.int().min(0).max(5),
  label: z.enum([...LABELS, ""]),
  /** why it is rejected; nothing of it is published */
  reason: text(200),
  /** rules for wording that do not count for this photo; nothing of it is published */
  overruled: z.array(OverruledSchema).max(60),
  /** the part of the picture that is published; without one, all of it */
  crop: CroppedSchema,
};

/**
 * The field of an op by which a person says of which photos this one is no duplicate: their ids. It is remembered by content
 * and changes nothing that is published.
 */
export const DISTINCT = "distinct";
/** The field by which a person keeps this photo rather than others that are like it: their ids. The same holds for it. */
export const KEEPER = "keeper";
/**
 * The field under which it is remembered that a photo was put right or had its words done anew: what was said of it alone,
 * and what its stages made of that. Only the store writes it; no op from outside may.
 */
export const CORRECTION = "correction";
/** The field for what the second look at an approval found: it is kept, or was a miss. It changes nothing that is published. */
export const RECHECK = "recheck";
export const RECHECKS = ["kept", "missed"] as const;
export const OtherPhotosSchema = z.array(z.int().positive()).max(500);

export type EditField = keyof typeof EDIT_FIELDS;
export type Edits = { readonly [K in EditField]?: z.infer<(typeof EDIT_FIELDS)[K]> | undefined };
export const isEditField = (field: string): field is EditField => Object.hasOwn(EDIT_FIELDS, field);

export const EditsSchema = z.object(EDIT_FIELDS).partial();

/** Stored edits are read like everything from outside: a value that no longer fits is as if it had not been made. */
export function readEdits(stored: Readonly<Record<string, unknown>>): Edits {
  const fitting = Object.entries(stored).filter(
    ([field, value]) => isEditField(field) && EDIT_FIELDS[field].safeParse(value).success,
  );
  return EditsSchema.parse(Object.fromEntries(fitting));
}

/**
 * What would be published: the machine's proposal under the person's edits.
 *
 * @returns undefined while the photo has not reached the gate
 */
export function finalOf(photo: LoadedPhoto, edits: Edits): Final | undefined {
  if (!hasFacts(photo, ["ingest", "exif", "quality", "subject", "words", "name"])) return undefined;
  const { exif, quality, subject, words, name } = photo.facts;
  const qr = edits.qr ?? quality.qr;
  return {
    name: edits.name ?? name.name,
    caption: edits.caption ?? words.caption,
    altText: edits.altText ?? words.altText,
    keywords: edits.keywords ?? words.keywords,
    subject: edits.subject ?? subject.subject ?? "",
    location: edits.location ?? photo.context.location ?? "",
    folder: photo.context.folder,
    year: yearOf(capturedAt(exif, photo.context.clock).at, photo.context.date),
    qr,
    band: bandOf(qr),
    partial: edits.qr === undefined && quality.missing.length > 0,
    ...marksIn(photo, edits),
    crop: edits.crop === undefined ? null : boxOf(edits.crop),
  };
}

/** Only where a person has said something: what the file says by itself is no part of what is published. */
function marksIn({ facts: { iptc } }: LoadedPhoto, { stars, label }: Edits): Pick<Final, "marks"> {
  if (stars === undefined && label === undefined) return {};
  const written = writtenMarks(iptc);
  return { marks: { stars: stars ?? written.stars, label: label ?? written.label } };
}

/**
 * The exact text an approval is bound to, by hash: the bytes of the image and every published field. A crop is said only
 * where there is one: an approval of before there were crops is still of the same photo.
 *
 * @param sha256 of the working copy
 */
export const approvalText = (sha256: string, final: Final): string =>
  JSON.stringify([
    sha256,
    final.name,
    final.caption,
    final.altText,
    final.keywords,
    final.subject,
    final.location,
    final.folder,
    final.year,
    final.qr,
    final.band,
    final.partial,
    // An approval of before there were any is still one.
    ...(final.marks === undefined ? [] : [final.marks.stars, final.marks.label]),
    ...(final.crop === null ? [] : [[final.crop.x, final.crop.y, final.crop.width, final.crop.height]]),
  ]);

/** One decision or edit, as the page sends it. `to: null` clears. */
export const OpSchema = z
  .object({
    id: z.string().min(1).max(64),
    client: z.string().min(1).max(64),
    seq: z.int().nonnegative(),
    /** ops of one gesture are undone together */
    gesture: z.string().min(1).max(64),
    photo: z.int().positive(),
    field: z.string().max(32),
    to: z.unknown(),
    /** revision of the photo the person saw; an edit of a field that changed since is refused */
    baseRev: z.int().nonnegative(),
    /** hash of what the person saw; an approval of anything else is refused */
    seen: z.string().length(64).nullish(),
    /** an approval that is given to a whole screen: only of what was seen there and has passed the proof */
    screen: z.literal(true).optional(),
  })
  .refine(({ field, to, seen }) => field !== "verdict" || to !== "approved" || seen != null, {
    path: ["seen"],
    message: "an approval says what was seen",
  });
export type Op = z.infer<typeof OpSchema>;

/** What was on a person's screen: long enough, its picture decoded, the window in front. */
export const LookSchema = z.object({
  photo: z.int().positive(),
  /** of the words that stood beside the picture */
  hash: z.string().length(64),
  /** alone and large, rather than in the grid */
  opened: z.boolean(),
  /** how long it was there since this was last said, milliseconds */
  dwellMs: z.int().min(0).max(86_400_000),
});
export type Look = z.infer<typeof LookSchema>;

/** What the desk answers to one op. */
export type OpResult =
  | { readonly id: string; readonly ok: true; readonly rev: number }
  | {
      readonly id: string;
      readonly ok: false;
      readonly code: string;
      readonly message: string;
      readonly remedy: string;
      readonly current: unknown;
    };

export interface DeskState {
  readonly photo: PhotoId;
  readonly rev: number;
  readonly verdict: Verdict | null;
  /** the person wants to approve it once its words are there; never together with a verdict */
  readonly wished: boolean;
  /** what an approval is bound to; null for other verdicts */
  readonly approvedHash: string | null;
  readonly decidedAt: Millis | null;
  readonly edits: Edits;
}

export const isVerdict = (value: unknown): value is Verdict => VERDICTS.some((verdict) => verdict === value);
export const isDecision = (value: unknown): value is Decision => value === WISHED || isVerdict(value);

/**
 * The verdict as it stands: an approval of something the photo no longer is counts for nothing.
 *
 * @param hash of what would be published now; undefined before the gate
 */
export const standingVerdict = (
  state: Pick<DeskState, "verdict" | "approvedHash">,
  hash: string | undefined,
): Verdict | null =>
  state.verdict === "approved" && (hash === undefined || state.approvedHash !== hash) ? null : state.verdict;
