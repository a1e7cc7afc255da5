import { describe, expect, test } from "vitest";
import type { Facts } from "../../src/domain/facts.ts";
import type { Attempt, FoundFlaw, Proof } from "../../src/domain/proof.ts";
import { type ProofSource, type ProvedPhoto, photoProof, proofReport } from "../../src/domain/proof-report.ts";
import { photoProofMarkdown, proofMarkdown, sortedJson } from "../../src/domain/proof-text.ts";
import { finalOf } from "../../src/domain/review.ts";
import { english } from "../../src/language/english.ts";
import { aPhoto, factsAtGate, publishFacts, reviewFacts } from "../store/home.ts";

const lexicon = english();
const flaw = (rule: string, severity: FoundFlaw["severity"] = "error", why = `${rule} is wrong`): FoundFlaw => ({
  rule,
  severity,
  field: "caption",
  why,
});
const attempt = (given: Partial<Attempt>): Attempt => ({
  by: "rule",
  field: "caption",
  rules: ["CAP-CASE"],
  before: "gulls",
  after: "Gulls",
  accepted: true,
  seed: null,
  ms: 0,
  ...given,
});
const proof = (outcome: Proof["outcome"], given: Partial<Proof> = {}): Proof => ({
  rules: "wording-1",
  outcome,
  found: [],
  flaws: [],
  attempts: [],
  ...given,
});
const evidence: NonNullable<Facts["words"]["evidence"]> = {
  model: "gemma4:e4b",
  digest: "0123456789abcdef",
  version: "0.32.6",
  prompt: 3,
  shape: 1,
  key: "k".repeat(64),
  visible: ["gulls", "sea"],
  uncertain: [],
  logprob: null,
  doneReason: "stop",
  said: "",
  tries: [{ variant: "shape", seed: 1, temperature: 0, flaw: null, ms: 900 }],
};

interface Given {
  readonly words?: Partial<Facts["words"]>;
  readonly edits?: ProvedPhoto["state"]["edits"];
  readonly verdict?: ProvedPhoto["verdict"];
  readonly flaws?: readonly FoundFlaw[];
  readonly released?: string;
  readonly published?: boolean;
}

/** A photo at the gate whose words are a model's. */
function proved(id: number, given: Given = {}): ProvedPhoto {
  const facts = factsAtGate(`Gulls_00${id}.JPG`);
  const photo = aPhoto({
    id,
    source: { path: `/in/gulls/IMG_${id}.JPG`, bytes: 1_000, mtimeMs: 5, nameIsText: true },
    facts: {
      ...facts,
      words: {
        ...facts.words,
        captioner: "ollama",
        evidence,
        proof: proof("passed"),
        derivedFrom: null,
        ...given.words,
      },
    },
  });
  const final = finalOf(photo, given.edits ?? {});
  if (final === undefined) throw new Error("the photo is not at the gate");
  const review = given.released === undefined ? {} : { review: { ...reviewFacts(given.released), final } };
  const publish = given.published === true ? { publish: publishFacts(final.name) } : {};
  return {
    photo: { ...photo, facts: { ...photo.facts, ...review, ...publish } },
    state: { edits: given.edits ?? {} },
    final,
    verdict: given.verdict ?? null,
    flaws: given.flaws ?? [],
  };
}

const source = (photos: readonly ProvedPhoto[], given: Partial<ProofSource> = {}): ProofSource => ({
  set: { id: "gulls", name: "2026-10 Gulls, Texel", openedAt: 0 },
  line: { seq: 412, at: 60_000 },
  photos,
  culled: new Set(),
  releases: [],
  redone: new Map(),
  ...given,
});
const reported = (...photos: ProvedPhoto[]) => proofReport(source(photos), lexicon);

/** One of everything, as a set looks when it is over. */
const everything = (): ProofSource =>
  source(
    [
      proved(1, { verdict: "approved", released: "gulls-r1", published: true }),
      proved(2, {
        words: {
          proof: proof("repaired", {
            found: [flaw("CAP-CASE", "warning"), flaw("CAP-LEN-MIN", "warning")],
            attempts: [attempt({}), attempt({ by: "model", rules: ["CAP-LEN-MIN"], seed: 1, ms: 812 })],
          }),
        },
        edits: { caption: "Gulls over the Wadden Sea.", keywords: ["gull", "sea"] },
        verdict: "approved",
        released: "gulls-r1",
      }),
      proved(3, {
        words: {
          proof: proof("blocked", {
            found: [flaw("GEO-CAPTION"), flaw("GEO-CAPTION")],
            flaws: [flaw("GEO-CAPTION", "error", "Paris is nowhere in what is known")],
            attempts: [
              attempt({ by: "model", accepted: false, seed: 1 }),
              attempt({ by: "template", accepted: false }),
            ],
          }),
        },
        flaws: [flaw("GEO-CAPTION")],
        edits: { overruled: [{ rule: "GEO-CAPTION", reason: "it is a café | of that name" }] },
        verdict: "approved",
      }),
      proved(4, {
        words: {
          proof: proof("blocked", { found: [flaw("GEO-CAPTION")], flaws: [flaw("GEO-CAPTION")] }),
          derivedFrom: 3,
        },
        flaws: [flaw("GEO-CAPTION")],
        verdict: "rejected",
      }),
      proved(5, { words: { captioner: "template", evidence: null, proof: null }, verdict: "held" }),
      proved(6),
    ],
    {
      culled: new Set([6]),
      releases: [{ id: "gulls-r1", at: 120_000, photos: 2 }],
      redone: new Map([[2, 1]]),
    },
  );

describe("the proof of a set", () => {
  test("says how its words stand, in one line and in figures", () => {
    const { summary, tally, photos } = proofReport(everything(), lexicon);
    expect(summary).toBe("1 passed, 1 repaired, 1 put right by you, 1 blocked, 1 not by a model");
    expect(tally).toEqual({ passed: 1, repaired: 1, repairedInPart: 0, cured: 1, blocked: 1, unjudged: 1 });
    expect(photos).toEqual({ all: 6, leftOut: 1, withWords: 5 });
  });

  test("counts each rule once a photo: before, after and now", () => {
    expect(proofReport(everything(), lexicon).rules).toEqual([
      { rule: "CAP-CASE", severity: "warning", before: 1, after: 0, now: 0 },
      { rule: "CAP-LEN-MIN", severity: "warning", before: 1, after: 0, now: 0 },
      { rule: "GEO-CAPTION", severity: "error", before: 2, after: 2, now: 2 },
    ]);
  });

  test("gives a rule the gravest severity it had", () => {
    const { rules } = reported(
      proved(1, { flaws: [flaw("CAP-LEN", "warning")] }),
      proved(2, { flaws: [flaw("CAP-LEN", "info"), flaw("CAP-LEN", "error")] }),
    );
    expect(rules).toEqual([{ rule: "CAP-LEN", severity: "error", before: 0, after: 0, now: 2 }]);
  });

  test("names the five that most were left with, errors first, infos never", () => {
    const left = (...rules: [string, FoundFlaw["severity"]][]) =>
      proved(1, {
        words: { proof: proof("blocked", { flaws: rules.map(([rule, severity]) => flaw(rule, severity)) }) },
      });
    const { unrepaired } = reported(
      left(["W-A", "warning"], ["W-B", "warning"], ["W-C", "warning"], ["E-B", "error"], ["I", "info"]),
      left(["W-B", "warning"], ["W-C", "warning"], ["W-D", "warning"], ["E-A", "error"]),
      left(["W-C", "warning"]),
    );
    expect(unrepaired.map(({ rule, photos }) => [rule, photos])).toEqual([
      ["E-A", 1],
      ["E-B", 1],
      ["W-C", 3],
      ["W-B", 2],
      ["W-A", 1],
    ]);
  });

  test("counts attempts by who made them, taken or refused, and by photo; those of another photo's words once", () => {
    const twin = proof("repaired", { attempts: [attempt({}), attempt({})] });
    const { attempts } = reported(
      proved(1, { words: { proof: twin } }),
      proved(2, { words: { proof: twin, derivedFrom: 1 } }),
      proved(3, { words: { proof: proof("blocked", { attempts: [attempt({ by: "model", accepted: false })] }) } }),
      proved(4),
    );
    expect(attempts).toEqual({
      by: {
        rule: { accepted: 2, refused: 0 },
        model: { accepted: 0, refused: 1 },
        template: { accepted: 0, refused: 0 },
      },
      perPhoto: [
        { attempts: 0, photos: 1 },
        { attempts: 1, photos: 1 },
        { attempts: 2, photos: 1 },
      ],
    });
  });

  test("tells models, servers, prompts and rules apart", () => {
    const { versions } = reported(
      proved(1),
      proved(2),
      proved(3, {
        words: { evidence: { ...evidence, digest: "ffff" }, proof: { ...proof("passed"), rules: "wording-2" } },
      }),
    );
    expect(versions.models.map(({ digest, photos }) => [digest, photos])).toEqual([
      ["0123456789abcdef", 2],
      ["ffff", 1],
    ]);
    expect(versions.models[0]).toMatchObject({ model: "gemma4:e4b", server: "0.32.6", prompt: 3, shape: 1 });
    expect(versions.rules).toEqual([
      { version: "wording-1", photos: 2 },
      { version: "wording-2", photos: 1 },
    ]);
  });

  test("is completed by what a person decided", () => {
    const { review, releases } = proofReport(everything(), lexicon);
    expect(review).toEqual({
      undecided: 0,
      approved: 3,
      accepted: 2,
      corrected: 1,
      rejected: 1,
      held: 1,
      published: 1,
      edited: { caption: 1, keywords: 1 },
      overruled: [{ photo: 3, file: "IMG_3.JPG", rule: "GEO-CAPTION", reason: "it is a café | of that name" }],
    });
    expect(releases).toEqual([{ id: "gulls-r1", at: "1970-01-01T00:02:00.000Z", photos: 2 }]);
  });

  test("measures the effort of approved photos, and keeps models, templates and files apart", () => {
    const file = { caption: "file", altText: "file", keywords: "sidecar" } as const;
    const { effort } = reported(
      proved(1, { verdict: "approved" }),
      proved(2, { verdict: "approved", edits: { caption: "" } }),
      proved(3, { verdict: "rejected", edits: { caption: "" } }),
      proved(4, { edits: { caption: "" } }),
      proved(5, { verdict: "approved", words: { captioner: "template", evidence: null, proof: null } }),
      proved(6, { verdict: "approved", words: { from: file } }),
      proved(8, {
        verdict: "approved",
        words: { from: { caption: "template", altText: "captioner", keywords: "captioner" } },
      }),
      proved(7, { verdict: "approved", words: { evidence: { ...evidence, doneReason: null } } }),
    );
    expect(effort.model).toMatchObject({ photos: 2, accepted: 1, light: 0, heavy: 1, most: 0.4 });
    expect([effort.mixed?.photos, effort.template?.photos, effort.file?.photos]).toEqual([1, 2, 1]);
  });

  test("has of each photo what it stands on, and of the effort what was published", () => {
    const [first, second] = proofReport(everything(), lexicon).rows;
    expect(first).toMatchObject({
      file: "IMG_1.JPG",
      sha256: "1".repeat(64),
      picture: "a".repeat(64),
      writer: "model",
      outcome: "passed",
      verdict: "approved",
      release: "gulls-r1",
      published: true,
    });
    expect(second).toMatchObject({ attempts: 2, redone: 1, edited: ["caption", "keywords"], published: false });
    expect(second?.effort?.total).toBeGreaterThan(0.3);
  });

  test("of a set without words, photos or lines is a proof too", () => {
    const empty = proofReport(source([], { line: undefined }), lexicon);
    expect(empty).toMatchObject({ summary: "no words yet", asOf: null, rows: [], duplication: { share: null } });
    expect(proofMarkdown(empty)).toContain("**no words yet**");
    expect(reported({ ...proved(1), photo: aPhoto({}), final: undefined }).summary).toBe("no words yet");
  });
});

describe("made again, it has the same bytes", () => {
  const shuffled = (given: ProofSource): ProofSource => ({ ...given, photos: given.photos.toReversed() });

  test("whatever the order in which the photos were read", () => {
    const [one, other] = [everything(), shuffled(everything())].map((given) => proofReport(given, lexicon));
    expect(one && sortedJson(one)).toBe(other && sortedJson(other));
    expect(one && proofMarkdown(one)).toBe(other && proofMarkdown(other));
  });

  test("and from facts that went through the store, where keys may stand otherwise", () => {
    const turned = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(turned);
      if (typeof value !== "object" || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .map(([key, inner]) => [key, turned(inner)])
          .reverse(),
      );
    };
    const report = proofReport(everything(), lexicon);
    expect(sortedJson(turned(report))).toBe(sortedJson(report));
    expect(Object.keys(JSON.parse(sortedJson(report)))).toEqual(Object.keys(report).sort());
  });

  test("with no time in it but those that are stored", () => {
    const times = sortedJson(proofReport(everything(), lexicon)).match(/\d{4}-\d\d-\d\dT[\d:.]+Z/g);
    expect(times).toEqual(["1970-01-01T00:01:00.000Z", "1970-01-01T00:02:00.000Z", "1970-01-01T00:00:00.000Z"]);
  });
});

describe("for the photographer", () => {
  const page = proofMarkdown(proofReport(everything(), lexicon));

  test.each([
    "# Proof of the words of 2026-10 Gulls, Texel",
    "**1 passed, 1 repaired, 1 put right by you, 1 blocked, 1 not by a model**",
    "line 412 of the journal, 1970-01-01 00:01 UTC",
    "| `GEO-CAPTION` |",
    "| error | 2 | 2 | 2 |",
    "by asking the model again | 1 | 1 |",
    "as in: Paris is nowhere in what is known",
    "| gemma4:e4b | `0123456789ab` | 0.32.6 | 3 | 1 |",
    "fewer than 50 photos",
    "3 approved (2 as they were, 1 corrected), 1 rejected, 1 held, 0 undecided; 1 published. You changed: caption in 1, keywords in 1.",
    "IMG_3.JPG: you overruled `GEO-CAPTION`: it is a café \\| of that name",
    "Released as `gulls-r1`",
    "## What this does not prove",
    "Time is not measured.",
  ])("it says: %s", (said) => expect(page).toContain(said));

  test("somebody's words are words: no markup, no line of their own", () => {
    const nasty = "a | b\n# Approved\u001b[31m <script>`x`</script>";
    const bad = flaw("GEO-CAPTION", "error", nasty);
    const one = proved(1, { words: { proof: proof("blocked", { flaws: [bad] }) }, flaws: [bad] });
    for (const text of [proofMarkdown(reported(one)), photoProofMarkdown(photoProof(one, [], lexicon))]) {
      expect(text).not.toMatch(/^# Approved/m);
      expect(text).not.toContain("<script>`");
      expect(text).not.toContain("\u001b");
      expect(text).toContain("\\<script\\>");
    }
  });
});

describe("the proof of one photo", () => {
  const [, second, third] = everything().photos;
  const before = [{ at: 5_000, words: null }];

  test("has the evidence, the attempts, what is left, what was overruled, and the words before", () => {
    if (third === undefined) throw new Error("no third");
    const made = photoProof(third, before, lexicon);
    expect(made).toMatchObject({
      set: "gulls",
      rules: "wording-1",
      row: { photo: 3, blocked: false, redone: 1 },
      evidence: { model: "gemma4:e4b" },
      before: [{ madeAt: "1970-01-01T00:00:05.000Z", words: null }],
    });
    const text = photoProofMarkdown(made);
    for (const said of [
      "it says it sees: gulls, sea",
      "refused, not better (seed 1, 0 ms)",
      "You overruled `GEO-CAPTION`",
      "## Who vouches for the words",
    ])
      expect(text).toContain(said);
    expect(text).toContain("1970-01-01 00:00 UTC: cannot be read any more");
  });

  test("shows what was proposed beside what is published", () => {
    if (second === undefined) throw new Error("no second");
    const made = photoProof(second, [], lexicon);
    expect(made.proposed?.caption).toBe("Gulls, Texel.");
    expect(made.final?.caption).toBe("Gulls over the Wadden Sea.");
    expect(photoProofMarkdown(made)).toContain("You changed: caption, keywords; effort 0.");
    expect(sortedJson(photoProof(second, [], lexicon))).toBe(sortedJson(made));
  });
});
