import { spokenDate, writtenFirst } from "../domain/captioning.ts";
import { MAX_KEYWORD } from "../domain/lengths.ts";
import type { Captioner, CaptionRequest } from "../domain/ports.ts";

/**
 * Words from context alone, without looking at the picture. Plain on purpose, and always marked `template`: a person is
 * meant to see that nobody has described this photo yet. What somebody did write is taken as it is, and marked with its origin.
 */
export const template: Captioner = {
  name: "template",
  caption: async (request) => ({
    ...writtenFirst(request.written, {
      caption: sentence([request.subject, request.context.location, spokenDate(request.date)]),
      altText: sentence([request.subject, request.context.location]),
      keywords: keywordsOf(request),
    }),
    captioner: "template",
    evidence: null,
  }),
};

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
