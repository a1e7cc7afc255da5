import { describe, expect, test } from "vitest";
import { template } from "../../src/captioners/template.ts";
import { captionerContract } from "../contracts/captioner.ts";

captionerContract("template", () => template);

describe("words from context alone", () => {
  const caption = async (given: { subject?: string; location?: string; date?: string }) =>
    template.caption(
      {
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
});
