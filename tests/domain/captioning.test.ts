import { describe, expect, test } from "vitest";
import { knownFacts, phrasesIn, proposedBy, within, writtenFirst } from "../../src/domain/captioning.ts";
import { EDIT_FIELDS } from "../../src/domain/review.ts";
import { NOTHING_WRITTEN } from "../store/home.ts";

const from = "file" as const;
const REQUEST = {
  picture: { file: "/home/a/b.jpg", sha256: "0".repeat(64) },
  context: { folder: "nature" },
  subject: null,
  date: null,
  written: NOTHING_WRITTEN,
};
const reply = { visible: [], caption: "", alt: "", keywords: [], uncertain: [] };

describe("what a model is told", () => {
  test("is nothing where nothing is known", () => {
    expect(knownFacts({ ...REQUEST, written: null }, [])).toEqual({
      subject: null,
      location: null,
      people: [],
      event: null,
      month: null,
      genre: "nature",
      title: null,
      description: null,
      keywords: [],
    });
  });

  test.each([
    ["2026-10-14", "October"],
    ["2026-01", "January"],
    ["2026", null],
    [null, null],
  ])("of %s is the month alone: %s", (date, month) => {
    expect(knownFacts({ ...REQUEST, date }, [])).toMatchObject({ month });
  });

  test.each(["OLYMPUS DIGITAL CAMERA", "SONY DSC", "Kodak Digital Still Camera", "SAMSUNG CAMERA PICTURES", " \u200b"])(
    "is never what a camera writes by itself: %j",
    (value) => {
      const written = { ...NOTHING_WRITTEN, title: { value, from }, caption: { value, from } };
      expect(knownFacts({ ...REQUEST, written }, [])).toMatchObject({ title: null, description: null });
    },
  );

  test("has the place of the file where the set has none", () => {
    const written = { ...NOTHING_WRITTEN, city: { value: "Den Burg", from }, country: { value: "Netherlands", from } };
    expect(knownFacts({ ...REQUEST, written }, [])).toMatchObject({ location: "Den Burg, Netherlands" });
    const context = { folder: "nature", location: "Texel" };
    expect(knownFacts({ ...REQUEST, context, written }, [])).toMatchObject({ location: "Texel" });
  });

  test("has lengths: a caption of a megabyte is not handed on", () => {
    const written = { ...NOTHING_WRITTEN, caption: { value: "gull ".repeat(200_000), from } };
    expect(JSON.stringify(knownFacts({ ...REQUEST, written }, [])).length).toBeLessThan(600);
  });
});

describe("what becomes of an answer", () => {
  test.each([
    ["<script>alert(1)</script> a gull", "alert(1) a gull"],
    ["a <b", "a"],
    ["gull\u202e\u200b\u0007 sea\n\n", "gull sea"],
    ["<scr<script>ipt>x", "ipt>x"],
    ["5 < 6 gulls", "5"],
  ])("%j is %j", (caption, text) => {
    const proposal = proposedBy({ ...reply, caption });
    expect(proposal.caption).toBe(text);
    expect(EDIT_FIELDS.caption.parse(proposal.caption)).toBe(proposal.caption);
  });

  test("has at most 25 keywords of 40 characters, in small letters, each once", () => {
    const keywords = ["Gull", "gull", "", "x".repeat(41), ...Array.from({ length: 60 }, (_, i) => `word ${i}`)];
    const proposal = proposedBy({ ...reply, keywords });
    expect(proposal.keywords.slice(0, 2)).toEqual(["gull", "word 0"]);
    expect(proposal.keywords).toHaveLength(25);
  });

  test("has at most eight phrases, each one line", () => {
    expect(phrasesIn(["a\ngull", "", ...Array(20).fill("x ".repeat(100))]).map(({ length }) => length)).toEqual([
      6, 78, 78, 78, 78, 78, 78, 78,
    ]);
  });

  test("ends after a whole word where it is too long", () => {
    expect(within("one two three", 9)).toBe("one two…");
    expect(within("one two", 7)).toBe("one two");
  });
});

describe("what somebody wrote", () => {
  const proposal = { caption: "Gulls, Texel.", altText: "", keywords: [] };

  test("is taken as it is, and marked", () => {
    const written = { ...NOTHING_WRITTEN, caption: { value: "Sony DSC-RX100 on a table", from } };
    expect(writtenFirst(written, proposal)).toMatchObject({
      caption: "Sony DSC-RX100 on a table",
      from: { caption: "file" },
    });
  });

  test.each(["SONY DSC", "KONICA MINOLTA DIGITAL CAMERA", "Exif_JPEG_PICTURE"])(
    "is not %j: a camera is nobody",
    (value) => {
      const written = { ...NOTHING_WRITTEN, caption: { value, from } };
      expect(writtenFirst(written, proposal)).toMatchObject({
        caption: "Gulls, Texel.",
        from: { caption: "captioner" },
      });
    },
  );
});
