import { describe, expect, test } from "vitest";
import type { Facts } from "../../src/domain/facts.ts";
import { flawsOf } from "../../src/domain/wording.ts";
import { knownOf } from "../../src/domain/wording-standing.ts";
import { english } from "../../src/language/english.ts";
import { aPhoto, factsAtGate } from "../store/home.ts";

const lexicon = english();
const plain = factsAtGate("x");
const evidence: NonNullable<Facts["words"]["evidence"]> = {
  model: "m",
  digest: "d",
  version: "1",
  prompt: 3,
  shape: 1,
  key: "0".repeat(64),
  visible: ["a fishing boat", "a harbour wall", "grey water"],
  uncertain: [],
  logprob: null,
  doneReason: "stop",
  said: "",
  tries: [],
};
const rulesOf = (caption: string, subject: Partial<Facts["subject"]>, event?: string): string[] => {
  const words: Facts["words"] = { ...plain.words, caption, altText: "", keywords: [], captioner: "ollama", evidence };
  const photo = aPhoto({
    context: { folder: "travel", subject: "Fishing boat", location: "Texel", event },
    facts: { ...plain, subject: { ...plain.subject, subject: "Fishing boat", ...subject } },
  });
  return flawsOf(words, knownOf(photo, words, {}), lexicon)
    .filter(({ field }) => field === "caption")
    .map(({ rule }) => rule);
};
const seen = (people: "0" | "2"): Partial<Facts["subject"]> => ({
  seen: {
    generic: "boat",
    specific: null,
    specificity: "low",
    category: "boat",
    people,
    visibleText: [],
    setting: "harbour",
    by: { model: "m", digest: "d", version: "1", prompt: 1, key: "0".repeat(64) },
  },
});

describe("what is known of a photo", () => {
  const sign = "A fishing boat lies in grey water beside a harbour wall in Stellendam.";
  test("is what can be read in it, and nothing that can be read elsewhere", () => {
    expect(rulesOf(sign, {})).toContain("GEO-CAPTION");
    expect(rulesOf(sign, { readable: ["STELLENDAM", "GO 17"] })).not.toContain("GEO-CAPTION");
  });

  const crew = "Two fishermen mend a net on a fishing boat beside a harbour wall.";
  test("is how many people were counted in it, where somebody counted", () => {
    expect(rulesOf(crew, seen("0"))).toContain("CAP-NUMBER");
    expect(rulesOf(crew, seen("2"))).not.toContain("CAP-NUMBER");
    expect(rulesOf(crew, {})).not.toContain("CAP-NUMBER");
  });

  test("is the event that somebody named", () => {
    const regatta = "A fishing boat passes the harbour wall at Sail Amsterdam under grey clouds.";
    expect(rulesOf(regatta, {})).toContain("GEO-CAPTION");
    expect(rulesOf(regatta, {}, "Sail Amsterdam")).not.toContain("GEO-CAPTION");
  });

  test("is what its subject may be called in a set of its kind, and what is out of place there", () => {
    const kind = { name: "k", genre: "k", vocabulary: [], aliases: ["trawler"], setAside: [], unsaid: ["wall"] };
    const trawler = "A trawler lies in grey water beside a harbour wall.";
    expect(rulesOf(trawler, {})).toContain("CAP-SUBJECT");
    expect(rulesOf(trawler, { kind })).not.toContain("CAP-SUBJECT");
    expect(rulesOf(trawler, { kind })).toContain("KIND-WORD");
    expect(rulesOf(trawler, { kind: { ...kind, setAside: ["KIND-WORD"] } })).not.toContain("KIND-WORD");
    // What can be read there, or what somebody said, is in place.
    expect(rulesOf(trawler, { kind, readable: ["The Sea Wall"] })).not.toContain("KIND-WORD");
    expect(rulesOf(trawler, { kind }, "Wall Regatta")).not.toContain("KIND-WORD");
  });
});
