/**
 * Damaged files of every format dropped together with healthy photos: every one ends as a photo or with a clear code, and the
 * healthy ones come out as if the others had not been there.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { FAULTS, isFaultCode } from "../../src/domain/fault.ts";
import { WHOLE_BY_ANOTHER_NAME } from "../fixtures/corpus/any-file.ts";
import { type CorpusFile, corpus, healthy } from "../fixtures/corpus/corpus.ts";
import { type Bearing, DECODERS, type Dropped, dropInto, type Fate } from "./corpus-home.ts";
import { lossOf } from "./corpus-loss.ts";
import { copyBuild, sha256 } from "./scenario.ts";

export interface CorpusOptions {
  readonly seed: number;
  /** every so-manieth damaged file only, the seed says which; 1 for all */
  readonly every: number;
  readonly say: (line: string) => void;
}

export interface Lost {
  readonly file: string;
  /** of the picture, 0 to 1 */
  readonly share: number;
}

export interface CorpusReport {
  readonly files: readonly CorpusFile[];
  readonly healthy: number;
  readonly fates: ReadonlyMap<string, Fate>;
  readonly bearing: Bearing;
  /** what must not be, one sentence each */
  readonly violations: readonly string[];
  /** taken although more than a quarter of the picture is gone, most first */
  readonly lost: readonly Lost[];
}

const CAMERA_PHOTOS = 10;
const HEALTHY_SEED = 1_000_000;
const MOST_MEGABYTES = 700;
const WORKING_FOLDER = join("data", "work");

export async function runCorpus({ seed, every, say }: CorpusOptions): Promise<CorpusReport> {
  const root = mkdtempSync(join(tmpdir(), "photogate-corpus-"));
  try {
    const build = join(root, "build");
    copyBuild(build);
    const good = await healthy(HEALTHY_SEED + seed, CAMERA_PHOTOS);
    const files = (await corpus(seed)).filter((_, i) => i % every === seed % every);
    say(`${files.length} damaged files and ${good.length} healthy ones`);
    const [alone, mixed] = [join(root, "alone"), join(root, "mixed")];
    mkdirSync(alone);
    mkdirSync(mixed);
    const undisturbed = await dropInto(alone, build, good);
    const { fates, bearing } = await dropInto(mixed, build, [...files, ...good]);
    const violations = [
      ...good.flatMap(({ name }) => compared(name, undisturbed, fates)),
      ...files.flatMap((file) => [...judged(file.name, fates.get(file.name)), ...calledByName(file, fates)]),
      ...borne(bearing, fates),
    ];
    return { files, healthy: good.length, fates, bearing, violations, lost: await lostOf(files, fates) };
  } finally {
    rmSync(root, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** A healthy photo is a photo, and the same one. Its name may have another number: the damaged ones have names too. */
function compared(name: string, undisturbed: Dropped, fates: Dropped["fates"]): string[] {
  const [before, after] = [undisturbed.fates.get(name), fates.get(name)];
  if (before?.cull || before?.facts.name === undefined) return [`${name} is no photo even alone: ${before?.cull?.why}`];
  if (after?.cull || after?.facts.name === undefined)
    return [`${name} is no photo beside damaged ones: ${after?.cull?.why}`];
  const [was, is] = [comparable(before), comparable(after)];
  return isDeepStrictEqual(was, is)
    ? []
    : [`${name} came out differently: ${JSON.stringify(is)}, not ${JSON.stringify(was)}`];
}

const comparable = ({ facts, preview }: Fate): unknown => ({
  facts: { ...facts, name: undefined },
  preview: preview && sha256(preview),
});

function judged(name: string, fate: Fate | undefined): string[] {
  if (fate === undefined) return [`${name} is nowhere`];
  const { cull, facts, preview } = fate;
  if (cull === null) {
    const isWhole =
      facts.name !== undefined && preview !== undefined && sha256(preview) === facts.look?.previews.large.sha256;
    return isWhole ? [] : [`${name} is at the gate without all its facts and its preview`];
  }
  if (!isFaultCode(cull.code) || FAULTS[cull.code].blame !== "photo")
    return [`${name} is left out as ${cull.code}, which says nothing about a photo`];
  if (cull.code === "photo.stage-crash") return [`${name}: nobody foresaw ${cull.why}`];
  if (cull.why.includes(WORKING_FOLDER) || cull.why.includes("\n"))
    return [`${name} is left out in words for nobody: ${cull.why}`];
  return cull.why.includes(name) ? [] : [`${name} is left out without being named: ${cull.why}`];
}

/** What half a copy must be called if it is no photo: the remedy is another copy, not an editor. */
const NAMES: readonly (readonly [damage: RegExp, code: string])[] = [
  [/^cut-at-/, "photo.truncated"],
  [/^zeros-(from|in-last)-/, "photo.incomplete"],
];

function calledByName({ name, damage }: CorpusFile, fates: Dropped["fates"]): string[] {
  const wanted = NAMES.find(([pattern]) => pattern.test(damage))?.[1];
  const code = fates.get(name)?.cull?.code;
  return wanted === undefined || code === undefined || code === wanted ? [] : [`${name} is called ${code}`];
}

/** A decoder that dies or hangs on a picture is replaced; it is given a second chance with the same picture. */
function borne(bearing: Bearing, fates: Dropped["fates"]): string[] {
  const deadly = [...fates.values()].filter(({ cull }) => isDeadly(cull?.code)).length;
  const restarts = bearing.decoders - DECODERS;
  return [
    ...bearing.errors.map((line) => `the log speaks of a crash: ${line}`),
    ...(bearing.ended === 0 ? [] : [`the daemon ended with ${bearing.ended}`]),
    ...(restarts <= 2 * deadly ? [] : [`${restarts} decoders were replaced for ${deadly} pictures`]),
    ...(bearing.largestProcessMb <= MOST_MEGABYTES
      ? []
      : [`one process took ${Math.round(bearing.largestProcessMb)} MB`]),
  ];
}

const isDeadly = (code: string | undefined): boolean =>
  code === "photo.decoder-crash" || code === "photo.decode-timeout";

const MUCH = 0.25;

async function lostOf(files: readonly CorpusFile[], fates: Dropped["fates"]): Promise<Lost[]> {
  const whole = new Map(
    files
      .filter(({ damage }) => damage === WHOLE_BY_ANOTHER_NAME)
      .map(({ format, name }) => [format, fates.get(name)?.preview]),
  );
  const lost = await Promise.all(
    files.map(async ({ name, format }) => {
      const [preview, was] = [fates.get(name)?.preview, whole.get(format)];
      return { file: name, share: preview && was ? await lossOf(preview, was) : 0 };
    }),
  );
  return lost.filter(({ share }) => share > MUCH).sort((a, b) => b.share - a.share);
}

/** One thing gone wrong says itself over and over. */
const SHOWN = 30;

export function corpusSummary({ files, healthy: good, fates, bearing, violations, lost }: CorpusReport): string[] {
  const outcome = ({ name }: CorpusFile): string => fates.get(name)?.cull?.code ?? "a photo";
  const formats = Map.groupBy(files, ({ format }) => format);
  const outcomes = [...new Set(files.map(outcome))].sort();
  const rows = [...formats].map(([format, those]) => [
    format,
    String(those.length),
    ...outcomes.map((one) => String(those.filter((file) => outcome(file) === one).length || "")),
  ]);
  const total = [
    "all",
    String(files.length),
    ...outcomes.map((one) => String(files.filter((file) => outcome(file) === one).length)),
  ];
  return [
    "",
    ...tableOf([["format", "files", ...outcomes.map((one) => one.replace("photo.", ""))], ...rows, total]),
    "",
    `${files.length} damaged files of ${formats.size} formats beside ${good} healthy ones, ${Math.round(bearing.seconds)} s to the gate`,
    `${Math.round(bearing.largestProcessMb)} MB the largest process, ${Math.round(bearing.togetherMb)} MB together, ${bearing.decoders} decoders seen`,
    `${lost.length} taken with more than a quarter of the picture lost${lost.length > 0 ? ":" : ""}`,
    ...lost.map(({ file, share }) => `  ${Math.round(share * 100)} %  ${file}`),
    ...violations.slice(0, SHOWN).map((one) => `VIOLATED: ${one}`),
    violations.length === 0 ? "nothing was violated" : `${violations.length} VIOLATIONS`,
  ];
}

function tableOf(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows.map((row) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join("  "),
  );
}
