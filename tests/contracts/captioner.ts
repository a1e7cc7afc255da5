/** What every captioner promises, whether it looks at pictures or not. */
import { describe, expect, test } from "vitest";
import { WordsFacts } from "../../src/domain/facts.ts";
import type { Captioner, CaptionRequest } from "../../src/domain/ports.ts";
import { EDIT_FIELDS } from "../../src/domain/review.ts";
import { NOTHING_WRITTEN } from "../store/home.ts";

const never = new AbortController().signal;
const REQUESTS: readonly (readonly [string, CaptionRequest])[] = [
  [
    "everything known",
    {
      context: { subject: "Grey Heron", location: "Amsterdam, Netherlands", folder: "nature", date: "2026-10" },
      subject: "Grey Heron",
      date: "2026-10-14",
      written: null,
    },
  ],
  ["nothing known but the category", { context: { folder: "gallery" }, subject: null, date: null, written: null }],
  ["a place alone", { context: { folder: "nature", location: "Texel" }, subject: null, date: "2026", written: null }],
  [
    "longest words",
    {
      context: { folder: "f".repeat(60), location: "l".repeat(120) },
      subject: "s".repeat(75),
      date: "2026-10",
      written: null,
    },
  ],
  ["other scripts", { context: { folder: "自然", location: "東京" }, subject: "サギ 🦩", date: null, written: null }],
  [
    "words somebody wrote, longer than a field takes",
    {
      context: { folder: "nature" },
      subject: null,
      date: null,
      written: {
        ...NOTHING_WRITTEN,
        caption: { value: "c 🦩".repeat(500), from: "sidecar" },
        altText: { value: "🦩".repeat(500), from: "file" },
        keywords: { value: Array.from({ length: 200 }, (_, i) => `word ${i}`), from: "file" },
      },
    },
  ],
];

export function captionerContract(name: string, open: () => Captioner): void {
  describe(`the captioner ${name}`, () => {
    test.each(REQUESTS)("with %s gives words a person could have saved, signed with its name", async (_, request) => {
      const captioner = open();
      const words = await captioner.caption(request, never);
      expect(WordsFacts.parse(words)).toEqual(words);
      expect(words.captioner).toBe(captioner.name);
      expect(EDIT_FIELDS.caption.parse(words.caption)).toBe(words.caption);
      expect(EDIT_FIELDS.altText.parse(words.altText)).toBe(words.altText);
      expect(EDIT_FIELDS.keywords.parse(words.keywords)).toEqual(words.keywords);
    });

    test("names no place the set does not have", async () => {
      const words = await open().caption(
        { context: { folder: "nature" }, subject: "Grey Heron", date: "2026", written: null },
        never,
      );
      expect(JSON.stringify(words)).not.toMatch(/undefined|null|NaN|Amsterdam/);
    });

    test("leaves the request as it was", async () => {
      for (const [, request] of REQUESTS) {
        const before = structuredClone(request);
        await open().caption(request, never);
        expect(request).toEqual(before);
      }
    });
  });
}
