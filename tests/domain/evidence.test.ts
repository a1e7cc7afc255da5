import { describe, expect, test } from "vitest";
import { evidenceOf, nameSource, type Piece } from "../../src/domain/evidence.ts";
import { flawsOf } from "../../src/domain/wording.ts";
import { namesIn } from "../../src/domain/wording-names.ts";
import { type Known, NOTHING_KNOWN, type Words } from "../../src/domain/wording-rule.ts";
import { ENGLISH_HOUSE } from "../../src/domain/wording-text.ts";
import { english } from "../../src/language/english.ts";

const lexicon = english();
const known = (some: Partial<Known>): Known => ({ ...NOTHING_KNOWN, ...some });
const caption = (text: string): Words => ({ caption: text, altText: "", keywords: [] });
const sourcesIn = (pieces: readonly Piece[]): Record<string, Piece["from"]> =>
  Object.fromEntries(pieces.filter(({ from }) => from !== null).map(({ text, from }) => [text, from]));

describe("each word says where it comes from", () => {
  test("the surest source of several", () => {
    const facts = known({
      subject: "Grey Heron",
      location: "Texel",
      gps: ["Den Burg", "Netherlands"],
      written: ["bird hide"],
      typed: ["reeds"],
      visible: ["grey heron", "shallow water"],
      year: 2026,
    });
    const { caption: pieces } = evidenceOf(
      caption("Grey heron in shallow water by the reeds and a hide on Texel near Den Burg, 2026, fishing."),
      facts,
      lexicon,
    );
    expect(sourcesIn(pieces)).toEqual({
      Grey: "context",
      heron: "context",
      shallow: "seen",
      water: "seen",
      reeds: "person",
      hide: "written",
      Texel: "context",
      "Den Burg": "gps",
      2026: "exif",
      fishing: "nothing",
    });
  });

  test("day and month come from the date, and the category from what was said; neither is a name", () => {
    const facts = known({ subject: "Gulls", category: "coast-birds", year: 2026, date: "14 October 2026" });
    const { caption: pieces, keywords } = evidenceOf(
      { caption: "Gulls, 14 October 2026, near May Beach, 15 November.", altText: "", keywords: ["coast-birds"] },
      facts,
      lexicon,
    );
    expect(sourcesIn(pieces)).toEqual({
      Gulls: "context",
      14: "exif",
      October: "exif",
      2026: "exif",
      "May Beach": "nothing",
      15: "nothing",
      November: "nothing",
    });
    expect(keywords.map(({ from }) => from)).toEqual(["context"]);
  });

  test("and the pieces are the text, to the last character", () => {
    const text = "  “L’Île-d’Yeu” –\u00a0a ferry, near Café  Zürich’s quay…";
    const { caption: pieces } = evidenceOf(caption(text), known({}), lexicon);
    expect(pieces.map((piece) => piece.text).join("")).toBe(text);
  });

  test("keywords are one piece each, vouched for by any of their words", () => {
    const { keywords } = evidenceOf(
      { caption: "", altText: "", keywords: ["grey herons", "amsterdam", "viaduct", "birding"] },
      known({ visible: ["a heron"], location: "Amsterdam, Netherlands" }),
      english({ ...ENGLISH_HOUSE, vocabulary: ["birding"] }),
    );
    expect(keywords.map(({ from }) => from)).toEqual(["seen", "context", "nothing", "vocabulary"]);
  });
});

describe("a name is vouched for", () => {
  const vouched = (name: string, facts: Partial<Known>) => nameSource(name, known(facts), lexicon);
  test.each<[string, Partial<Known>, string | undefined]>([
    ["Amsterdam", { location: "Amsterdam, Netherlands" }, "context"],
    ["Dutch", { location: "Amsterdam, Netherlands" }, "context"],
    ["Dutch", { location: "Amsterdam, NL" }, "context"],
    ["Netherlands", { location: "Dutch coast" }, "context"],
    ["British", { location: "Skye, Scotland" }, "context"],
    ["Scottish", { location: "London, United Kingdom" }, undefined],
    ["Lake Como", { location: "Como, Italy" }, "context"],
    ["Como Cathedral", { location: "Como, Italy" }, "context"],
    ["Milan", { location: "Como, Italy" }, undefined],
    ["Den Burg", { gps: ["Den Burg"] }, "gps"],
    ["Dutch", { gps: ["Netherlands"] }, "gps"],
    ["Schiphol", { readable: ["Welcome to Schiphol"] }, "readable"],
    ["Anna Jansen", { people: ["Anna Jansen"] }, "context"],
    ["Anna Peters", { people: ["Anna Jansen"] }, undefined],
    ["Utrecht", { written: ["Utrecht"], typed: ["Utrecht"] }, "person"],
    // What a model believes it sees is no evidence of where that was, nor is a year.
    ["Venice", { visible: ["Venice canal"] }, undefined],
    ["2026 Market", { year: 2026 }, undefined],
    // `bridge` alone is no name.
    ["Bridge", { location: "Utrecht" }, undefined],
  ])("%s, by %j: %s", (name, facts, source) => {
    expect(vouched(name, facts)).toBe(source);
  });

  test("by the house's own list, and not by its vocabulary", () => {
    const name = (some: object) => nameSource("Veluwe", known({}), english({ ...ENGLISH_HOUSE, ...some }));
    expect(name({ allowed: ["Veluwe"] })).toBe("allowed");
    expect(name({ vocabulary: ["Veluwe"] })).toBeUndefined();
  });
});

test("what the rules for names block is what the evidence calls nothing, and the other way round", () => {
  const texts = [
    "A tram passes a canal in Utrecht.",
    "A tram passes a canal in Amsterdam.",
    "The singer Anna Jansen leans into the microphone in Ghent.",
    "A Dutch tram stops below the Golden Gate Bridge.",
    "Dutch tiles cover the wall of a kitchen.",
  ];
  const facts = [
    known({}),
    known({ location: "Amsterdam, Netherlands" }),
    known({ gps: ["Ghent"], people: ["Anna Jansen"] }),
  ];
  for (const text of texts)
    for (const one of facts) {
      const isBlocked = flawsOf(caption(text), one, lexicon).some(({ rule }) =>
        /^(GEO-CAPTION|NAME-PERSON)$/.test(rule),
      );
      const names = new Set(namesIn(text, lexicon).map((name) => name.text));
      const pieces = evidenceOf(caption(text), one, lexicon).caption.filter((piece) => names.has(piece.text));
      expect(pieces).toHaveLength(names.size);
      expect(isBlocked, text).toBe(pieces.some(({ from }) => from === "nothing"));
    }
});
