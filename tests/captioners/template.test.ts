import { describe, expect, test } from "vitest";
import { template } from "../../src/captioners/template.ts";
import { captionerContract } from "../contracts/captioner.ts";
import { NOTHING_WRITTEN } from "../store/home.ts";

/** It does not look at it. */
const PICTURE = { file: "/nowhere.jpg", sha256: "0".repeat(64) };

captionerContract("template", async () => template);

describe("words from context alone", () => {
  const caption = async (given: { subject?: string; location?: string; date?: string }) =>
    template.caption(
      {
        picture: PICTURE,
        context: { folder: "nature", location: given.location },
        subject: given.subject ?? null,
        date: given.date ?? null,
        written: null,
      },
      new AbortController().signal,
    );

  test.each([
    [{ subject: "Gulls", location: "Texel", date: "2026-10-14" }, "Gulls, Texel, 14 October 2026.", "Gulls, Texel."],
    [{ subject: "Gulls", location: "Texel", date: "2026-01" }, "Gulls, Texel, January 2026.", "Gulls, Texel."],
    [{ subject: "Gulls", date: "2026" }, "Gulls, 2026.", "Gulls."],
    [{ location: "Texel" }, "Texel.", "Texel."],
    [{}, "", ""],
  ])("%j: %s", async (given, words, altText) => {
    expect(await caption(given)).toMatchObject({ caption: words, altText, captioner: "template" });
  });

  test("give each keyword once, in small letters", async () => {
    const { keywords } = await caption({ subject: "Nature", location: "Texel, Netherlands, Texel" });
    expect(keywords).toEqual(["nature", "texel", "netherlands"]);
  });

  test("give way to what somebody wrote, field by field, and say whose they are", async () => {
    const request = { picture: PICTURE, context: { folder: "nature" }, subject: "Gulls", date: null };
    const never = new AbortController().signal;
    const written = {
      ...NOTHING_WRITTEN,
      caption: { value: "A gull, flying low", from: "sidecar" as const },
      keywords: { value: ["Gull", "sea"], from: "file" as const },
    };
    expect(await template.caption({ ...request, written }, never)).toEqual({
      caption: "A gull, flying low",
      altText: "Gulls.",
      keywords: ["Gull", "sea"],
      captioner: "template",
      evidence: null,
      from: { caption: "sidecar", altText: "captioner", keywords: "file" },
    });
    const altText = { value: "White bird", from: "file" as const };
    expect(await template.caption({ ...request, written: { ...NOTHING_WRITTEN, altText } }, never)).toMatchObject({
      caption: "Gulls.",
      altText: "White bird",
      keywords: ["gulls", "nature"],
      from: { caption: "captioner", altText: "file", keywords: "captioner" },
    });
  });

  test("are cut after a whole word where a caption is longer than the field", async () => {
    const caption = { value: "gull ".repeat(100).trim(), from: "file" as const };
    const words = await template.caption(
      {
        picture: PICTURE,
        context: { folder: "nature" },
        subject: null,
        date: null,
        written: { ...NOTHING_WRITTEN, caption },
      },
      new AbortController().signal,
    );
    expect(words.caption).toMatch(/^(gull )+gull…$/);
    expect(words.caption.length).toBeGreaterThan(290);
  });
});
