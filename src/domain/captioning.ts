import type { Facts } from "./facts.ts";
import { MAX_ALT_TEXT, MAX_CAPTION, MAX_KEYWORDS } from "./lengths.ts";
import type { Reply } from "./model-answer.ts";
import type { CaptionRequest, RewriteRequest } from "./ports.ts";
import type { WordField } from "./wording-rule.ts";
import { plainText } from "./words.ts";

/** What a captioner tells a model about a photo, and what becomes of the answer's fields. */

/** What cameras write where a person would describe the picture. */
const CAMERA_SAYINGS =
  /^(olympus digital camera|sony dsc|kodak digital still camera|samsung camera pictures|(konica )?minolta digital camera|exif_jpeg_picture|digital camera|dcim|default)$/i;
export const isCamera = (text: string): boolean => CAMERA_SAYINGS.test(plainText(text));
const MOST_SAID = 300;

/**
 * What is known about a photo, by kind: a person's name that is called a person does not become a place. No camera, no
 * path, no position, no day: what is not said cannot come back as a word.
 *
 * @param vocabulary keywords the photographer likes to use
 */
export function knownFacts(request: CaptionRequest, vocabulary: readonly string[]): Record<string, unknown> {
  const { written, context } = request;
  const said = (text: string | undefined): string | null => {
    const plain = plainText(text ?? "").slice(0, MOST_SAID);
    return plain === "" || isCamera(plain) ? null : plain;
  };
  const place = [written?.sublocation, written?.city, written?.state, written?.country]
    .flatMap((part) => part?.value ?? [])
    .join(", ");
  return {
    subject: request.subject,
    location: context.location ?? said(place),
    people: (written?.persons?.value ?? []).flatMap((name) => said(name) ?? []).slice(0, 20),
    event: context.event ?? null,
    month: monthOf(request.date),
    genre: request.kind?.genre ?? context.folder,
    title: said(written?.title?.value ?? written?.headline?.value),
    description: said(written?.caption?.value),
    keywords: [...new Set([...vocabulary, ...(request.kind?.vocabulary ?? [])])],
  };
}

const MONTHS = "January February March April May June July August September October November December".split(" ");

/** @param date `2026-10-14`, `2026-10` or `2026`: the day is nobody's business */
const monthOf = (date: string | null): string | null => MONTHS[Number(date?.split("-")[1]) - 1] ?? null;

/** Longest keyword a model may give, in characters, and most of them. */
const MOST_KEYWORDS = 25;
const LONGEST_KEYWORD = 40;

/** `14 October 2026`. @param date `2026-10-14`, `2026-10` or `2026` */
export function spokenDate(date: string | null): string | null {
  if (date === null) return null;
  const [year, , day] = date.split("-");
  return [day === undefined ? null : String(Number(day)), monthOf(date), year].filter((part) => part != null).join(" ");
}

/** The fields of a reply as they may be stored: one line of plain text within its limits. Markup is text, and goes. */
export const proposedBy = (reply: Reply): Proposal => ({
  caption: within(unmarked(reply.caption), MAX_CAPTION),
  altText: within(unmarked(reply.alt), MAX_ALT_TEXT),
  keywords: [
    ...new Set(
      reply.keywords
        .map((word) => unmarked(word).toLowerCase())
        .filter((word) => word !== "" && word.length <= LONGEST_KEYWORD),
    ),
  ].slice(0, MOST_KEYWORDS),
});

/** What a model says it sees, or is not sure of. */
export const phrasesIn = (said: readonly string[]): string[] =>
  said
    .map((phrase) => within(unmarked(phrase), MOST_PHRASE))
    .filter((phrase) => phrase !== "")
    .slice(0, MOST_PHRASES);

const MOST_PHRASE = 80;
const MOST_PHRASES = 8;

const unmarked = (text: string): string => plainText(plainText(text).replaceAll(/<[^>]*>?/g, " "));

/** @param most characters; what is longer ends after the last word that fits */
export function within(text: string, most: number): string {
  if (text.length <= most) return text;
  const start = text.slice(0, most - 1);
  const lastGap = start.lastIndexOf(" ");
  return `${(lastGap > most / 2 ? start.slice(0, lastGap) : start).toWellFormed()}…`;
}

/** Three fields, before a person's. */
export type Proposal = Pick<Facts["words"], "caption" | "altText" | "keywords">;

/** What somebody did write is taken as it is, field by field, and marked with its origin; a camera is nobody. */
export function writtenFirst(
  written: CaptionRequest["written"],
  proposal: Proposal,
): Pick<Facts["words"], "caption" | "altText" | "keywords" | "from"> {
  const { altText, keywords } = written ?? {};
  const caption = written?.caption && !isCamera(written.caption.value) ? written.caption : null;
  return {
    caption: caption ? within(caption.value, MAX_CAPTION) : proposal.caption,
    altText: altText ? within(altText.value, MAX_ALT_TEXT) : proposal.altText,
    keywords: keywords?.value.slice(0, MAX_KEYWORDS) ?? proposal.keywords,
    from: {
      caption: caption?.from ?? "captioner",
      altText: altText?.from ?? "captioner",
      keywords: keywords?.from ?? "captioner",
    },
  };
}

/** The question of a model's second try at one field: its own answer, and what to do otherwise. */
export const rewriteFacts = (facts: string, { words, field, wishes, attempt }: RewriteRequest): string =>
  [
    facts,
    `YOUR ANSWER ${JSON.stringify({ caption: words.caption, alt: words.altText, keywords: words.keywords })}`,
    `PROBLEMS WITH ${FIELD_KEYS[field]}: ${wishes.join(" ")}`,
    `Answer again in the same form. Change only "${FIELD_KEYS[field]}". This is try ${attempt + 1}.`,
  ].join("\n");

/** How the fields are called in what a model is asked. */
const FIELD_KEYS: Readonly<Record<WordField, string>> = { caption: "caption", altText: "alt", keywords: "keywords" };
