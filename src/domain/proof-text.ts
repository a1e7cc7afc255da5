/** The proof of words as it is written down: for programs, and for the photographer. */

import type { Spread } from "./effort.ts";
import { SOURCES, type WordEvidence } from "./evidence.ts";
import type { Attempt, FoundFlaw } from "./proof.ts";
import type { PhotoProof, ProofReport, Writer } from "./proof-report.ts";
import { RULES } from "./wording.ts";
import { nameOf } from "./wording-rule.ts";
import { plainText } from "./words.ts";

/** The same for the same: keys in the order of their code units, whoever made the object. */
export const sortedJson = (value: unknown): string => `${JSON.stringify(sorted(value), null, 2)}\n`;

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}

/** For the photographer: short, and with what it does not prove. */
export function proofMarkdown(report: ProofReport): string {
  const { set, asOf, photos, summary } = report;
  const upTo = asOf === null ? "" : ` It goes up to line ${asOf.line} of the journal, ${moment(asOf.at)}.`;
  return paragraphs([
    `# Proof of the words of ${text(set.name)}`,
    `**${summary}**`,
    `Set \`${set.id}\`, taken in ${moment(set.openedAt)}: ${plural(photos.all, "photo")}, ${photos.leftOut} left out, ${photos.withWords} with words.${upTo} Every photo stands in \`proof.json\`.`,
    ...rulesSection(report),
    ...attemptsSection(report),
    ...unrepairedSection(report),
    ...writersSection(report),
    ...duplicationSection(report),
    ...reviewSection(report),
    ...effortSection(report),
    "## What this does not prove",
    lines([
      "- That a caption is true. The rules hold words against what is known of a photo: they find a place that nobody named, not a wrong bird that is well described. That is what your review is for.",
      "- That words no model wrote are good. Those of the template, and those that were in a file already, are judged only once you change them.",
      "- That you looked. An approval says what was on the screen, not for how long.",
      "- Anything in another language than English: the rules know no other.",
    ]),
  ]);
}

function rulesSection({ rules, versions }: ProofReport): string[] {
  if (rules.length === 0) return ["## What the rules found", "Nothing."];
  const rows = rules.map(({ rule, severity, before, after, now }) => [
    `\`${rule}\``,
    text(aboutOf(rule)),
    severity,
    before,
    after,
    now,
  ]);
  return [
    "## What the rules found",
    table(["rule", "about", "severity", "before", "after", "now"], rows),
    `In how many photos: before anything was mended, after, and as the words stand now under your edits. Rules: ${versions.rules.map(({ version, photos }) => `${version} (${plural(photos, "photo")})`).join(", ") || "none"}.`,
  ];
}

const aboutOf = (id: string): string => RULES.find((rule) => rule.id === id)?.about ?? "beside the other photos";

const TRIED_BY: Readonly<Record<Attempt["by"], string>> = {
  rule: "by rules alone",
  model: "by asking the model again",
  template: "with the template's words",
};

function attemptsSection({ attempts }: ProofReport): string[] {
  const { rule, model, template } = attempts.by;
  const rows = Object.entries({ rule, model, template }).map(([by, { accepted, refused }]) => [
    by === "rule" || by === "model" || by === "template" ? TRIED_BY[by] : by,
    accepted,
    refused,
  ]);
  const spread = attempts.perPhoto.map(({ attempts: n, photos }) => `${n} in ${plural(photos, "photo")}`).join(", ");
  return [
    "## What was tried",
    table(["", "better, taken", "not better, refused"], rows),
    spread === "" ? "No words were judged." : `Attempts a photo: ${spread}.`,
  ];
}

function unrepairedSection({ unrepaired }: ProofReport): string[] {
  const items = unrepaired.map(
    ({ rule, severity, photos, why }) =>
      `- \`${rule}\` (${severity}) in ${plural(photos, "photo")}, as in: ${text(why)}`,
  );
  return ["## What could not be mended", items.length === 0 ? "Nothing was left." : lines(items)];
}

const WRITERS: Readonly<Record<Writer, string>> = {
  model: "a model",
  mixed: "a model and the template",
  template: "the template",
  file: "somebody before, in the file",
};

function writersSection({ rows, versions }: ProofReport): string[] {
  const wrote = (writer: Writer): number => rows.filter((row) => row.writer === writer).length;
  const derived = rows.filter(({ derivedFrom }) => derivedFrom !== null).length;
  const redone = rows.filter((row) => row.redone > 0).length;
  const models = versions.models.map(({ model, digest, server, prompt, shape, photos }) => [
    text(model),
    `\`${text(digest.slice(0, 12))}\``,
    text(server),
    prompt,
    shape,
    photos,
  ]);
  const notes = [
    `Words of ${plural(wrote("model"), "photo")} are by ${WRITERS.model}, of ${wrote("mixed")} by ${WRITERS.mixed}, of ${wrote("template")} by ${WRITERS.template}, of ${wrote("file")} by ${WRITERS.file}.`,
    ...(derived > 0 ? [`${plural(derived, "photo")} got the words of a photo like it.`] : []),
    ...(redone > 0 ? [`Words of ${plural(redone, "photo")} were redone; those before them are kept.`] : []),
  ];
  return [
    "## Who wrote them",
    notes.join(" "),
    ...(models.length === 0 ? [] : [table(["model", "digest", "server", "prompt", "shape", "photos"], models)]),
  ];
}

function duplicationSection({ duplication: { photos, draws, share } }: ProofReport): string[] {
  const said =
    share === null
      ? `There are fewer than ${photos} photos with words; a figure of them could not be compared with another set's.`
      : `Of ${photos} photos, drawn ${draws} times by chance, ${(100 * share).toFixed(1)} % have a caption that another one has, or almost. Photos that are alike may say the same.`;
  return ["## Whether they repeat", said];
}

function reviewSection({ review, releases }: ProofReport): string[] {
  const { undecided, approved, accepted, corrected, rejected, held, published, edited, overruled } = review;
  const changed = Object.entries(edited)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([field, photos]) => `${field} in ${photos}`);
  return [
    "## What you decided",
    `${approved} approved (${accepted} as they were, ${corrected} corrected), ${rejected} rejected, ${held} held, ${undecided} undecided; ${published} published.${changed.length === 0 ? "" : ` You changed: ${changed.join(", ")}.`}`,
    ...(overruled.length === 0
      ? []
      : [
          lines(
            overruled.map(({ file, rule, reason }) => `- ${text(file)}: you overruled \`${rule}\`: ${text(reason)}`),
          ),
        ]),
    ...(releases.length === 0
      ? []
      : [
          lines(
            releases.map(({ id, at, photos }) => `- Released as \`${id}\`, ${moment(at)}: ${plural(photos, "photo")}`),
          ),
        ]),
  ];
}

function effortSection({ effort }: ProofReport): string[] {
  const spreads = (
    [
      ["model", effort.model],
      ["mixed", effort.mixed],
      ["template", effort.template],
      ["file", effort.file],
    ] as const
  ).flatMap(([writer, spread]) => (spread === null ? [] : [spreadRow(WRITERS[writer], spread)]));
  const head = ["words by", "approved", "as they were", "light", "heavy", "mean", "median", "9 of 10", "most"];
  return [
    "## What it took you",
    spreads.length === 0
      ? "Nothing is approved yet."
      : `${table(head, spreads)}\n\n0 is nothing changed, 1 is all of it; up to 0.15 is light. Time is not measured.`,
  ];
}

const spreadRow = (by: string, { photos, accepted, light, heavy, mean, median, p90, most }: Spread) => [
  by,
  photos,
  accepted,
  light,
  heavy,
  ...[mean, median, p90, most].map((effort) => effort.toFixed(2)),
];

/** Of one photo: what stands behind its words, what was tried, what is wrong with them. */
export function photoProofMarkdown(proof: PhotoProof): string {
  const { row, set, final, proposed, rules, found, attempts, left, now, before } = proof;
  return paragraphs([
    `# Proof of the words of ${text(row.file)}`,
    `Photo ${row.photo} of \`${set}\`: ${row.blocked ? "blocked" : (row.outcome?.replaceAll("-", " ") ?? "not judged")}, ${row.published ? "published" : (row.verdict ?? "undecided")}.`,
    lines([
      ...(final === null ? [] : [`- caption: ${text(final.caption)}`, `- alt text: ${text(final.altText)}`]),
      ...(final === null ? [] : [`- keywords: ${text(final.keywords.join(", "))}`]),
      ...(proposed === null ? ["It has no words yet."] : []),
    ]),
    ...writtenLines(proof),
    ...vouchedLines(proof.vouched),
    ...flawSection(`## What the rules found (${rules ?? "none judged"})`, found),
    "## What was tried",
    attempts.length === 0 ? "Nothing." : lines(attempts.flatMap(attemptLines)),
    ...flawSection("## What was left", left),
    ...(sortedJson(now) === sortedJson(left)
      ? ["Nothing about that has changed since."]
      : flawSection("## As it stands now", now)),
    ...row.overruled.map(({ rule, reason }) => `You overruled \`${rule}\`: ${text(reason)}`),
    ...(row.edited.length === 0 ? [] : [`You changed: ${row.edited.join(", ")}; effort ${row.effort?.total ?? 0}.`]),
    ...(before.length === 0
      ? []
      : [
          "## Words it had before",
          lines(
            before.map(
              ({ madeAt, words }) => `- ${moment(madeAt)}: ${text(words?.caption ?? "cannot be read any more")}`,
            ),
          ),
        ]),
  ]);
}

/** Words nobody needs to vouch for are left out. */
function vouchedLines(vouched: WordEvidence | null): string[] {
  if (vouched === null) return [];
  const pieces = [...vouched.caption, ...vouched.altText, ...vouched.keywords];
  const sources = [...SOURCES, "nothing" as const].flatMap((source) => {
    const words = new Set(pieces.filter(({ from }) => from === source).map((piece) => piece.text));
    return words.size === 0 ? [] : [`- ${source}: ${text([...words].join(", "))}`];
  });
  return sources.length === 0 ? [] : ["## Who vouches for the words", lines(sources)];
}

function writtenLines({ row, captioner, evidence, proposed, from }: PhotoProof): string[] {
  if (proposed === null || row.writer === null) return [];
  const fields =
    from === null ? "" : ` (caption: ${from.caption}, alt text: ${from.altText}, keywords: ${from.keywords})`;
  const derived = row.derivedFrom === null ? "" : `, for photo ${row.derivedFrom}, which is like it`;
  const model =
    evidence === null
      ? []
      : [
          `- model ${text(evidence.model)}, digest ${text(evidence.digest)}, server ${text(evidence.version)}, prompt ${evidence.prompt}, shape ${evidence.shape}`,
          `- it says it sees: ${text(evidence.visible.join(", ")) || "nothing"}`,
          `- it is not sure of: ${text(evidence.uncertain.join(", ")) || "nothing"}`,
          `- asked ${plural(evidence.tries.length, "time")}: ${evidence.tries.map(({ variant, flaw }) => `${variant} ${flaw ?? "answered"}`).join(", ")}`,
        ];
  return [
    "## Who wrote them",
    lines([
      `- by ${WRITERS[row.writer]}${fields}${derived}${captioner === null ? "" : `; captioner ${text(captioner)}`}`,
      `- original sha256 ${row.sha256 ?? "unknown"}; picture shown ${row.picture ?? "none"}`,
      ...model,
    ]),
  ];
}

const flawSection = (head: string, flaws: readonly FoundFlaw[]): string[] => [
  head,
  flaws.length === 0
    ? "Nothing."
    : lines(
        flaws.map(({ rule, severity, field, why, like }) => {
          const other = like === undefined ? "" : ` (photo ${like})`;
          return `- \`${rule}\` (${severity}) in the ${nameOf(field)}: ${text(why)}${other}`;
        }),
      ),
];

const attemptLines = ({ by, field, rules, before, after, accepted, seed, ms }: Attempt): string[] => [
  `- ${nameOf(field)}, ${TRIED_BY[by]}, for ${rules.join(", ")}: ${accepted ? "taken" : "refused, not better"}${seed === null ? "" : ` (seed ${seed}, ${Math.round(ms)} ms)`}`,
  `  - was: ${text(before)}`,
  `  - is: ${text(after)}`,
];

const paragraphs = (parts: readonly string[]): string => `${parts.filter((part) => part !== "").join("\n\n")}\n`;
const lines = (those: readonly string[]): string => those.join("\n");
const plural = (n: number, one: string): string => `${n} ${one}${n === 1 ? "" : "s"}`;
/** To the minute, in UTC: a proof says the same wherever it is made. */
const moment = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
/** Somebody's words, as words: neither markup nor a new line. */
const text = (words: string): string => plainText(words).replaceAll(/[\\`*<>|[\]]/g, "\\$&");

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]): string => `| ${cells.join(" | ")} |`;
  return lines([line(head), line(head.map(() => "---")), ...rows.map(line)]);
}
