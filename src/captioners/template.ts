import type { Captioner, CaptionRequest } from "../domain/ports.ts";
import { MAX_ALT_TEXT, MAX_CAPTION, MAX_KEYWORD, MAX_KEYWORDS } from "../domain/review.ts";

/**
 * Words from context alone, without looking at the picture. Plain on purpose, and always marked `template`: a person is
 * meant to see that nobody has described this photo yet. What somebody did write is taken as it is, and marked with its origin.
 */
export const template: Captioner = {
  name: "template",
  caption: async (request) => {
    const { written } = request;
    return {
      caption:
        within(written?.caption, MAX_CAPTION) ??
        sentence([request.subject, request.context.location, spoken(request.date)]),
      altText: within(written?.altText, MAX_ALT_TEXT) ?? sentence([request.subject, request.context.location]),
      keywords: written?.keywords?.value.slice(0, MAX_KEYWORDS) ?? keywordsOf(request),
      captioner: "template",
      from: {
        caption: written?.caption?.from ?? "captioner",
        altText: written?.altText?.from ?? "captioner",
        keywords: written?.keywords?.from ?? "captioner",
      },
    };
  },
};

/** A text that was there already; too long for its field, it ends after the last word that fits. */
function within(found: { readonly value: string } | null | undefined, most: number): string | undefined {
  if (found === null || found === undefined || found.value.length <= most) return found?.value;
  const start = found.value.slice(0, most - 1);
  const lastGap = start.lastIndexOf(" ");
  return `${(lastGap > most / 2 ? start.slice(0, lastGap) : start).toWellFormed()}…`;
}

/** `Gulls, Texel, 14 October 2026.`; empty if there is nothing to say. */
function sentence(parts: readonly (string | null | undefined)[]): string {
  const known = parts.filter((part) => part !== null && part !== undefined && part !== "");
  return known.length === 0 ? "" : `${known.join(", ")}.`;
}

function keywordsOf({ subject, context }: CaptionRequest): string[] {
  const words = [subject, ...(context.location ?? "").split(","), context.folder];
  return [
    ...new Set(
      words
        .map((word) => (word ?? "").trim().toLowerCase())
        .filter((word) => word !== "" && word.length <= MAX_KEYWORD),
    ),
  ];
}

const MONTHS = "January February March April May June July August September October November December".split(" ");

/** @param date `2026-10-14`, `2026-10` or `2026` */
function spoken(date: string | null): string | null {
  if (date === null) return null;
  const [year, month, day] = date.split("-");
  return [day === undefined ? undefined : String(Number(day)), MONTHS[Number(month) - 1], year]
    .filter((part) => part !== undefined)
    .join(" ");
}
