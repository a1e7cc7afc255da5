/** How the page speaks of states, stages and counts, on the server and in the browser. */
import type { CorrectedText } from "../../domain/correction.ts";
import { pixelsOf } from "../../domain/crops.ts";
import type { StageName } from "../../domain/facts.ts";
import type { Marks } from "../../domain/marks.ts";
import type { Verdict } from "../../domain/review.ts";
import type { WordField } from "../../domain/wording-rule.ts";
import { HOUR, MINUTE, type Millis, SECOND } from "../../domain/words.ts";
import type { SetState } from "../cards.ts";
import type { Row } from "../rows.ts";

export const STAGE_LABELS: Readonly<Record<StageName, string>> = {
  validate: "Validate",
  ingest: "Ingest",
  exif: "EXIF",
  iptc: "IPTC",
  look: "Look",
  likeness: "Likeness",
  quality: "Quality",
  subject: "Subject",
  words: "Words",
  name: "Name",
  review: "Review",
  publish: "Publish",
  archive: "Archive",
};

export const STATE_LABELS: Readonly<Record<SetState, string>> = {
  queued: "in line",
  processing: "working",
  ready: "ready for you",
  in_review: "in review",
  publishing: "publishing",
  done: "done",
  held: "held",
};

export const VERDICT_LABELS: Readonly<Record<Verdict, string>> = {
  approved: "Approved",
  rejected: "Rejected",
  held: "Held",
};

/** `4:5, 2400 × 3000 px`; empty for a photo that is published whole. */
export function croppedText({ crop, width, height }: Pick<Row, "crop" | "width" | "height">): string {
  if (crop === null) return "";
  const pixels = width === null || height === null ? undefined : pixelsOf(crop, { width, height });
  return pixels === undefined ? crop.aspect : `${crop.aspect}, ${pixels.width} × ${pixels.height} px`;
}

/** What a change of the set's description costs; empty if nothing is approved. */
export const voidedText = (approved: number): string =>
  approved === 0 ? "" : `It takes back ${count(approved, "approval")}.`;

/** What a correction can change about a photo, in the order in which it is shown. */
export const CHANGED_FIELDS: readonly (readonly [keyof CorrectedText, string])[] = [
  ["subject", "Subject"],
  ["location", "Location"],
  ["category", "Category"],
  ["kind", "Kind"],
  ["caption", "Caption"],
  ["altText", "Alt text"],
  ["keywords", "Keywords"],
  ["name", "File name"],
  ["path", "Goes to"],
];

/** `★★★ red`; empty for neither. */
export const marksText = ({ stars, label }: Marks): string =>
  [...(stars === 0 ? [] : ["★".repeat(stars)]), ...(label === "" ? [] : [label])].join(" ");

/** Fields of words as they are spoken of. */
export const WORD_FIELDS: Readonly<Record<WordField, string>> = {
  caption: "caption",
  altText: "alt text",
  keywords: "keywords",
};

export const count = (n: number, one: string, many = `${one}s`): string =>
  `${n.toLocaleString("en")} ${n === 1 ? one : many}`;

/** `about 6 min`; never more exact than it is known. */
export function about(ms: Millis): string {
  if (ms < 5 * SECOND) return "a few seconds";
  if (ms < 90 * SECOND) return `about ${Math.ceil(ms / (5 * SECOND)) * 5} s`;
  if (ms < 90 * MINUTE) return `about ${Math.ceil(ms / MINUTE)} min`;
  return `about ${Math.ceil(ms / HOUR)} h`;
}

/** The words after a number of parts that are not zero: `3 approved, 1 held`. */
export const listed = (parts: readonly (readonly [number, string])[]): string =>
  parts
    .filter(([n]) => n > 0)
    .map(([n, word]) => `${n.toLocaleString("en")} ${word}`)
    .join(", ");
