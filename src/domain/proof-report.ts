/**
 * What can be said of the words of a set, and on what grounds: counted from stored facts, edits, verdicts and releases, and
 * from nothing else, so that whoever makes it again gets the same bytes.
 */
import { duplicationOf, RAREFIED } from "./duplication.ts";
import { type Effort, effortOf, type Spread, spreadOf } from "./effort.ts";
import type { WordEvidence } from "./evidence.ts";
import type { Facts, Final } from "./facts.ts";
import type { LoadedPhoto, PhotoSet } from "./photo.ts";
import type { Attempt, FoundFlaw, Outcome, Overruled } from "./proof.ts";
import { type Tally, tallyLine, tallyOf } from "./proof-tally.ts";
import { type EditField, type Edits, isEditField, type Verdict } from "./review.ts";
import { blockersIn } from "./standing-proof.ts";
import { SEVERITIES, type Severity, type WordField } from "./wording-rule.ts";
import { standingEvidence } from "./wording-standing.ts";
import type { Lexicon } from "./wording-text.ts";
import type { Millis, PhotoId, ReleaseId, SetId } from "./words.ts";

export const PROOF_SCHEMA = "photogate.proof";
export const PROOF_VERSION = 1;

/** A photo as the desk has it. */
export interface ProvedPhoto {
  readonly photo: LoadedPhoto;
  readonly state: { readonly edits: Edits };
  readonly final: Final | undefined;
  readonly verdict: Verdict | null;
  /** what is wrong with its words as they stand */
  readonly flaws: readonly FoundFlaw[];
}

export interface ProofSource {
  readonly set: Pick<PhotoSet, "id" | "name" | "openedAt">;
  /** the newest line of the journal that has to do with words, decisions or releases */
  readonly line: { readonly seq: number; readonly at: Millis } | undefined;
  readonly photos: readonly ProvedPhoto[];
  readonly culled: ReadonlySet<PhotoId>;
  readonly releases: readonly { readonly id: ReleaseId; readonly at: Millis; readonly photos: number }[];
  /** how often the words of a photo were redone */
  readonly redone: ReadonlyMap<PhotoId, number>;
}

/**
 * Who wrote the words: a model, a model with the template where it could not be mended, the template alone, or somebody
 * before us, into the file or beside it.
 */
export type Writer = "model" | "mixed" | "template" | "file";

export interface ProofRow {
  readonly photo: PhotoId;
  /** the camera's file name */
  readonly file: string;
  /** of the original, as it was copied */
  readonly sha256: string | null;
  /** sha256 of the picture a model was shown */
  readonly picture: string | null;
  readonly writer: Writer | null;
  /** the photo whose words it was given, because the two are alike */
  readonly derivedFrom: PhotoId | null;
  readonly outcome: Outcome | null;
  readonly blocked: boolean;
  /** ids of the rules, before anything was mended, after, and as the words stand now */
  readonly found: readonly string[];
  readonly left: readonly string[];
  readonly now: readonly string[];
  readonly attempts: number;
  readonly redone: number;
  readonly verdict: Verdict | null;
  readonly release: ReleaseId | null;
  readonly published: boolean;
  /** what a person put in place of the machine's */
  readonly edited: readonly EditField[];
  readonly overruled: readonly Overruled[];
  readonly effort: Effort | null;
}

interface RuleCount {
  readonly rule: string;
  readonly severity: Severity;
  /** photos in which it found something: before anything was mended, after, and as the words stand now */
  readonly before: number;
  readonly after: number;
  readonly now: number;
}

export interface ProofReport {
  readonly schema: typeof PROOF_SCHEMA;
  readonly version: typeof PROOF_VERSION;
  readonly set: { readonly id: SetId; readonly name: string; readonly openedAt: string };
  /** the line of the journal it goes up to */
  readonly asOf: { readonly line: number; readonly at: string } | null;
  readonly summary: string;
  readonly tally: Tally;
  readonly photos: { readonly all: number; readonly leftOut: number; readonly withWords: number };
  readonly rules: readonly RuleCount[];
  /** the five that most photos were left with, errors first */
  readonly unrepaired: readonly {
    readonly rule: string;
    readonly severity: Severity;
    readonly photos: number;
    readonly why: string;
  }[];
  readonly attempts: {
    readonly by: Readonly<Record<Attempt["by"], { readonly accepted: number; readonly refused: number }>>;
    /** photos that took so many; those with another's words took none of their own */
    readonly perPhoto: readonly { readonly attempts: number; readonly photos: number }[];
  };
  readonly versions: {
    readonly rules: readonly { readonly version: string; readonly photos: number }[];
    readonly models: readonly ModelCount[];
  };
  readonly duplication: { readonly photos: number; readonly draws: number; readonly share: number | null };
  readonly review: {
    readonly undecided: number;
    /** of these, accepted as they were, and with something changed */
    readonly approved: number;
    readonly accepted: number;
    readonly corrected: number;
    readonly rejected: number;
    readonly held: number;
    readonly published: number;
    /** photos in which a person changed each */
    readonly edited: Readonly<Partial<Record<EditField, number>>>;
    readonly overruled: readonly (Overruled & { readonly photo: PhotoId; readonly file: string })[];
  };
  /** of approved photos; what a person changes in a template says nothing of a model */
  readonly effort: Readonly<Record<Writer, Spread | null>>;
  readonly releases: readonly { readonly id: ReleaseId; readonly at: string; readonly photos: number }[];
  readonly rows: readonly ProofRow[];
}

interface ModelCount {
  readonly model: string;
  readonly digest: string;
  /** version of the server */
  readonly server: string;
  readonly prompt: number;
  readonly shape: number;
  readonly photos: number;
}

export function proofReport(source: ProofSource, lexicon: Lexicon): ProofReport {
  const { set, line, releases, culled, redone } = source;
  const photos = source.photos.filter(({ photo }) => !culled.has(photo.id)).toSorted((a, b) => a.photo.id - b.photo.id);
  const rows = photos.map((one) => proofRow(one, redone.get(one.photo.id) ?? 0, lexicon));
  const worded = rows.filter(({ writer }) => writer !== null);
  const tally = tallyOf(worded);
  return {
    schema: PROOF_SCHEMA,
    version: PROOF_VERSION,
    set: { id: set.id, name: set.name, openedAt: isoOf(set.openedAt) },
    asOf: line === undefined ? null : { line: line.seq, at: isoOf(line.at) },
    summary: tallyLine(tally),
    tally,
    photos: {
      all: source.photos.length,
      leftOut: source.photos.length - photos.length,
      withWords: worded.length,
    },
    rules: ruleCounts(photos),
    unrepaired: unrepairedIn(photos),
    attempts: attemptsIn(photos),
    versions: { rules: rulesVersions(photos), models: modelsIn(photos) },
    duplication: { ...RAREFIED, share: duplicationOf(photos.flatMap(memberOf), lexicon) },
    review: reviewOf(rows),
    effort: effortsOf(rows),
    releases: releases.map(({ id, at, photos: count }) => ({ id, at: isoOf(at), photos: count })),
    rows,
  };
}

const isoOf = (at: Millis): string => new Date(at).toISOString();

export function proofRow(one: ProvedPhoto, redone: number, lexicon: Pick<Lexicon, "alike">): ProofRow {
  const { photo, state, verdict, flaws } = one;
  const { ingest, look, words, review, publish } = photo.facts;
  const { overruled = [], ...edits } = state.edits;
  const proof = words?.proof ?? null;
  return {
    photo: photo.id,
    file: fileOf(photo),
    sha256: ingest?.sha256 ?? null,
    picture: look?.previews.model.sha256 ?? null,
    writer: words === undefined ? null : writerOf(words),
    derivedFrom: words?.derivedFrom ?? null,
    outcome: proof?.outcome ?? null,
    blocked: blockersIn(flaws, overruled).length > 0,
    found: rulesIn(proof?.found),
    left: rulesIn(proof?.flaws),
    now: rulesIn(flaws),
    attempts: ownAttempts(photo).length,
    redone,
    verdict: review === undefined ? verdict : "approved",
    release: review?.release ?? null,
    published: publish !== undefined,
    edited: Object.entries(edits)
      .flatMap(([field, value]) => (value !== undefined && isEditField(field) ? [field] : []))
      .sort(),
    overruled: overruled.toSorted((a, b) => compare(a.rule, b.rule)),
    effort: effortIn(one, lexicon),
  };
}

const fileOf = ({ source }: LoadedPhoto): string => source.path.split(/[\\/]/).at(-1) ?? "";

export function writerOf({ evidence, from }: Facts["words"]): Writer {
  const by = new Set([from.caption, from.altText, from.keywords]);
  if (evidence?.doneReason != null && by.has("captioner")) return by.has("template") ? "mixed" : "model";
  return by.has("captioner") || by.has("template") ? "template" : "file";
}

const rulesIn = (flaws: readonly FoundFlaw[] | undefined): string[] =>
  [...new Set(flaws?.map(({ rule }) => rule))].sort();

/** By code units: no language of the machine has a say in it. */
const compare = (one: string, other: string): number => (one < other ? -1 : Number(one > other));

/** What was tried on the words of another photo counts once. */
const ownAttempts = ({ facts: { words } }: LoadedPhoto): readonly Attempt[] =>
  words?.derivedFrom == null ? (words?.proof?.attempts ?? []) : [];

function effortIn({ photo, final }: ProvedPhoto, lexicon: Pick<Lexicon, "alike">): Effort | null {
  const { words, name, subject, review } = photo.facts;
  const now = review?.final ?? final;
  if (words === undefined || name === undefined || subject === undefined || now === undefined) return null;
  const { caption, altText, keywords } = words;
  const proposed = { caption, altText, keywords, name: name.name, subject: subject.subject ?? "" };
  return effortOf(proposed, now, lexicon);
}

const memberOf = ({ photo, final }: ProvedPhoto) =>
  final === undefined
    ? []
    : [
        {
          photo: photo.id,
          words: final,
          alike: new Set(photo.facts.likeness?.groups.flatMap(({ members }) => members)),
        },
      ];

function ruleCounts(photos: readonly ProvedPhoto[]): RuleCount[] {
  const counts = new Map<string, { severity: Severity; before: number; after: number; now: number }>();
  const add = (flaws: readonly FoundFlaw[] | undefined, when: "before" | "after" | "now"): void => {
    for (const rule of rulesIn(flaws)) {
      const severity = gravest((flaws ?? []).filter((flaw) => flaw.rule === rule));
      const count = counts.get(rule) ?? { severity, before: 0, after: 0, now: 0 };
      counts.set(rule, { ...count, severity: graver(count.severity, severity), [when]: count[when] + 1 });
    }
  };
  for (const { photo, flaws } of photos) {
    add(photo.facts.words?.proof?.found, "before");
    add(photo.facts.words?.proof?.flaws, "after");
    add(flaws, "now");
  }
  return [...counts].map(([rule, count]) => ({ rule, ...count })).sort((a, b) => compare(a.rule, b.rule));
}

const graver = (one: Severity, other: Severity): Severity =>
  SEVERITIES.indexOf(one) <= SEVERITIES.indexOf(other) ? one : other;
const gravest = (flaws: readonly FoundFlaw[]): Severity =>
  flaws.reduce<Severity>((worst, { severity }) => graver(worst, severity), "info");

const MOST_UNREPAIRED = 5;

function unrepairedIn(photos: readonly ProvedPhoto[]): ProofReport["unrepaired"] {
  const left = photos.flatMap(({ photo }) => {
    const flaws = (photo.facts.words?.proof?.flaws ?? []).filter(({ severity }) => severity !== "info");
    return rulesIn(flaws).map((rule) => flaws.filter((flaw) => flaw.rule === rule));
  });
  return [...Map.groupBy(left, ([first]) => first?.rule ?? "")]
    .map(([rule, those]) => ({
      rule,
      severity: gravest(those.flat()),
      photos: those.length,
      why: those[0]?.[0]?.why ?? "",
    }))
    .sort(
      (a, b) =>
        SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
        b.photos - a.photos ||
        compare(a.rule, b.rule),
    )
    .slice(0, MOST_UNREPAIRED);
}

function attemptsIn(photos: readonly ProvedPhoto[]): ProofReport["attempts"] {
  const judged = photos.filter(({ photo: { facts } }) => facts.words?.proof && facts.words.derivedFrom === null);
  const tried = judged.map(({ photo }) => ownAttempts(photo));
  const by = (who: Attempt["by"]) => {
    const those = tried.flat().filter((attempt) => attempt.by === who);
    const accepted = those.filter((attempt) => attempt.accepted).length;
    return { accepted, refused: those.length - accepted };
  };
  const perPhoto = [...Map.groupBy(tried, ({ length }) => length)]
    .map(([attempts, those]) => ({ attempts, photos: those.length }))
    .sort((a, b) => a.attempts - b.attempts);
  return { by: { rule: by("rule"), model: by("model"), template: by("template") }, perPhoto };
}

function rulesVersions(photos: readonly ProvedPhoto[]): ProofReport["versions"]["rules"] {
  const versions = photos.flatMap(({ photo }) => photo.facts.words?.proof?.rules ?? []);
  return [...Map.groupBy(versions, (version) => version)]
    .map(([version, those]) => ({ version, photos: those.length }))
    .sort((a, b) => compare(a.version, b.version));
}

function modelsIn(photos: readonly ProvedPhoto[]): ModelCount[] {
  const asked = photos.flatMap(({ photo }) => photo.facts.words?.evidence ?? []);
  return [...Map.groupBy(asked, (one) => JSON.stringify([one.model, one.digest, one.version, one.prompt, one.shape]))]
    .sort(([a], [b]) => compare(a, b))
    .flatMap(([, those]) => {
      const [first] = those;
      if (first === undefined) return [];
      const { model, digest, version, prompt, shape } = first;
      return [{ model, digest, server: version, prompt, shape, photos: those.length }];
    });
}

function reviewOf(rows: readonly ProofRow[]): ProofReport["review"] {
  const having = (verdict: Verdict | null): ProofRow[] => rows.filter((row) => row.verdict === verdict);
  const approved = having("approved");
  const accepted = approved.filter(({ effort }) => effort?.total === 0).length;
  const edited = Map.groupBy(
    rows.flatMap((row) => row.edited),
    (field) => field,
  );
  return {
    undecided: having(null).length,
    approved: approved.length,
    accepted,
    corrected: approved.length - accepted,
    rejected: having("rejected").length,
    held: having("held").length,
    published: rows.filter(({ published }) => published).length,
    edited: Object.fromEntries([...edited].map(([field, those]) => [field, those.length])),
    overruled: rows.flatMap(({ photo, file, overruled }) =>
      overruled.map(({ rule, reason }) => ({ photo, file, rule, reason })),
    ),
  };
}

function effortsOf(rows: readonly ProofRow[]): ProofReport["effort"] {
  const of = (writer: Writer): Spread | null =>
    spreadOf(
      rows
        .filter((row) => row.writer === writer && row.verdict === "approved")
        .flatMap(({ effort }) => (effort === null ? [] : [effort.total])),
    );
  return { model: of("model"), mixed: of("mixed"), template: of("template"), file: of("file") };
}

/** Words of a photo, with everything that stands behind them. */
export interface PhotoProof {
  readonly schema: "photogate.photo-proof";
  readonly version: typeof PROOF_VERSION;
  readonly set: SetId;
  readonly row: ProofRow;
  /** as they were proposed, and as they would be published or were */
  readonly proposed: { readonly [K in WordField]: Facts["words"][K] } | null;
  readonly final: Final | null;
  readonly captioner: string | null;
  readonly from: Facts["words"]["from"] | null;
  readonly evidence: Facts["words"]["evidence"];
  readonly rules: string | null;
  readonly found: readonly FoundFlaw[];
  readonly attempts: readonly Attempt[];
  readonly left: readonly FoundFlaw[];
  readonly now: readonly FoundFlaw[];
  /** who vouches for each word as it would be published or was; null before there are words */
  readonly vouched: WordEvidence | null;
  /** words it had before, the oldest first; null for those no version can read any more */
  readonly before: readonly { readonly madeAt: string; readonly words: Facts["words"] | null }[];
}

export function photoProof(
  one: ProvedPhoto,
  before: readonly { readonly at: Millis; readonly words: Facts["words"] | null }[],
  lexicon: Lexicon,
): PhotoProof {
  const { photo, state, final, flaws } = one;
  const { words, review } = photo.facts;
  const { proof = null } = words ?? {};
  return {
    schema: "photogate.photo-proof",
    version: PROOF_VERSION,
    set: photo.setId,
    row: proofRow(one, before.length, lexicon),
    proposed: words === undefined ? null : pick(words),
    final: review?.final ?? final ?? null,
    captioner: words?.captioner ?? null,
    from: words?.from ?? null,
    evidence: words?.evidence ?? null,
    rules: proof?.rules ?? null,
    found: proof?.found ?? [],
    attempts: proof?.attempts ?? [],
    left: proof?.flaws ?? [],
    now: flaws,
    vouched: standingEvidence(photo, state.edits, review?.final ?? final, lexicon),
    before: before.map(({ at, words: those }) => ({ madeAt: isoOf(at), words: those })),
  };
}

const pick = ({ caption, altText, keywords }: Facts["words"]) => ({ caption, altText, keywords });
