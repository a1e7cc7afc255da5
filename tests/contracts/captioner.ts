/** What every captioner promises, whether it looks at pictures or not. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WordsFacts } from "../../src/domain/facts.ts";
import { IdentifiedSchema } from "../../src/domain/identification.ts";
import type { Captioner, CaptionRequest } from "../../src/domain/ports.ts";
import { EDIT_FIELDS } from "../../src/domain/review.ts";
import { aPicture } from "../fakes/pictures.ts";
import { NOTHING_WRITTEN } from "../store/home.ts";

const never = new AbortController().signal;
/** Without the picture, which is drawn when the tests begin. */
type Said = Omit<CaptionRequest, "picture">;
const REQUESTS: readonly (readonly [string, Said])[] = [
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

/** @param open a captioner that could work: what it asks is there, and answers as it should */
export function captionerContract(name: string, open: () => Promise<Captioner>): void {
  describe(`the captioner ${name}`, () => {
    let folder = "";
    let picture = { file: "", sha256: "" };
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), "photogate-captioner-"));
      picture = await aPicture(folder, 1);
    });
    afterAll(() => rmSync(folder, { recursive: true }));

    test.each(REQUESTS)("with %s gives words a person could have saved, signed with its name", async (_, said) => {
      const captioner = await open();
      const words = await captioner.caption({ ...said, picture }, never);
      expect(WordsFacts.parse(words)).toEqual({ ...words, proof: null, derivedFrom: null });
      expect(words.captioner).toBe(captioner.name);
      expect(EDIT_FIELDS.caption.parse(words.caption)).toBe(words.caption);
      expect(EDIT_FIELDS.altText.parse(words.altText)).toBe(words.altText);
      expect(EDIT_FIELDS.keywords.parse(words.keywords)).toEqual(words.keywords);
    });

    test("names no place the set does not have", async () => {
      const words = await (await open()).caption(
        { picture, context: { folder: "nature" }, subject: "Grey Heron", date: "2026", written: null },
        never,
      );
      const { caption, altText, keywords } = words;
      expect(JSON.stringify({ caption, altText, keywords })).not.toMatch(/undefined|null|NaN|Amsterdam/);
    });

    test("leaves what somebody wrote as it was, and says whose it is", async () => {
      const written = {
        ...NOTHING_WRITTEN,
        altText: { value: "White bird", from: "sidecar" as const },
        keywords: { value: ["Gull"], from: "file" as const },
      };
      const words = await (await open()).caption(
        { picture, context: { folder: "nature" }, subject: "Gulls", date: null, written },
        never,
      );
      expect(words).toMatchObject({
        altText: "White bird",
        keywords: ["Gull"],
        from: { caption: "captioner", altText: "sidecar", keywords: "file" },
      });
    });

    test("where it identifies, says what a picture shows and who says so, told nothing but the picture", async () => {
      const captioner = await open();
      const seen = await captioner.identify?.({ picture }, never);
      expect(seen === undefined).toBe(captioner.identify === undefined);
      if (seen !== undefined) expect(IdentifiedSchema.parse(seen)).toEqual(seen);
    });

    test("leaves the request as it was", async () => {
      for (const [, said] of REQUESTS) {
        const request = { ...said, picture };
        const before = structuredClone(request);
        await (await open()).caption(request, never);
        expect(request).toEqual(before);
      }
    });
  });
}
