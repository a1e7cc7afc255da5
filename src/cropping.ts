/** `photogate crops`: proposes crops for the photos of any folder and writes down those that are sure. */

import { randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import type { Config } from "./config.ts";
import {
  type CropFolder,
  cropFolderOf,
  putSidecar,
  putXmp,
  sha256Of,
  sidecarPath,
  standingSidecar,
  textAt,
} from "./crop-files.ts";
import { decoderFor } from "./decoding.ts";
import { type CropsAsked, type CropToReview, chooseCrops, chosenOf } from "./domain/crop-choice.ts";
import type { Framing } from "./domain/crop-proposal.ts";
import {
  aspectsIn,
  type Chosen,
  cropXmp,
  readSidecar,
  SIDECAR_SUFFIX,
  type Sidecar,
  sidecarText,
} from "./domain/crop-sidecar.ts";
import { ASPECTS, type Aspect, LEAST_CONFIDENCE, SURE } from "./domain/crops.ts";
import { Fault, type FaultCode } from "./domain/fault.ts";
import { removeFolder } from "./files.ts";
import { type Aside, type FolderSeen, type FolderShot, folderSeen, pathBelow } from "./folders.ts";
import type { Decoder } from "./imaging/decoder.ts";
import { readSource } from "./originals.ts";
import { pool } from "./pipeline/pool.ts";
import type { Say } from "./reading-verbs.ts";
import { asideLine } from "./rename-verb.ts";
import { VERSION } from "./version.ts";

/** As they stand on the command line. */
export interface CropsOptions {
  /** a confidence; from here on a proposal is written down */
  readonly acceptAbove?: string;
  /** a photo with a sidecar, or a sidecar */
  readonly copyFrom?: string;
  /** `4:5,16:9` */
  readonly aspect?: string;
  readonly xmp?: boolean;
  readonly json?: boolean;
}

/** Exit codes, for scripts: all is written down; somebody has to look; something was left alone; a signal came. */
const EXIT = { done: 0, review: 10, left: 1, interrupted: 130 } as const;

const MADE_BY = `Photogate ${VERSION}`;

interface Asked extends CropsAsked {
  /** the one aspect whose crop goes into XMP; null if none does */
  readonly xmp: Aspect | null;
}

interface PhotoReport {
  /** below the folder, with `/` */
  readonly file: string;
  readonly outcome: "written" | "unchanged" | "nothing-sure" | "left-alone";
  /** name of the sidecar; null where there is none of ours */
  readonly sidecar: string | null;
  readonly crops: readonly Chosen[];
  readonly review: readonly CropToReview[];
  readonly problem: Problem | null;
}

interface Problem {
  readonly code: FaultCode;
  readonly why: string;
}

/**
 * @param note says how far it is
 * @returns the exit code
 * @throws Fault folder.unusable, crop.asked
 */
export async function crops(
  config: Config,
  folder: string,
  options: CropsOptions,
  say: Say,
  note: Say,
): Promise<number> {
  const asked = await askedOf(options);
  const seen = await folderSeen(folder);
  const { reports, isStopped } = await untilSignalled((signal) => reportsOf(config, seen, asked, signal, note));
  if (options.json === true) say(JSON.stringify(documentOf(seen, asked, reports), null, 2));
  else for (const line of linesOf(seen.aside, reports)) say(line);
  if (!isStopped) return exitOf(seen, reports);
  note("Stopped. What is written stays; the same command goes on.");
  return EXIT.interrupted;
}

function exitOf({ aside }: FolderSeen, reports: readonly PhotoReport[]): number {
  if (aside.length > 0 || reports.some(({ problem }) => problem !== null)) return EXIT.left;
  return reports.some(({ review }) => review.length > 0) ? EXIT.review : EXIT.done;
}

/** The first signal asks; the second finds nobody who listens, and ends the process. */
async function untilSignalled(
  work: (signal: AbortSignal) => Promise<readonly PhotoReport[]>,
): Promise<{ readonly reports: readonly PhotoReport[]; readonly isStopped: boolean }> {
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, stop);
  try {
    return { reports: await work(controller.signal), isStopped: controller.signal.aborted };
  } finally {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.off(signal, stop);
  }
}

async function askedOf({ acceptAbove: wanted, aspect: list, copyFrom, xmp }: CropsOptions): Promise<Asked> {
  const acceptAbove = Number(wanted ?? SURE);
  if (!(acceptAbove >= LEAST_CONFIDENCE && acceptAbove <= 1))
    throw new Fault("crop.asked", `--accept-above is ${wanted}, not a number from ${LEAST_CONFIDENCE} to 1`);
  const named = list === undefined ? ASPECTS : aspectsIn(list);
  if (named === undefined)
    throw new Fault("crop.asked", `--aspect is ${list}, not ${ASPECTS.join(", ")} or several with commas`);
  const copied = copyFrom === undefined ? null : await sidecarOf(copyFrom);
  const aspects = copied === null ? named : named.filter((aspect) => chosenOf(copied, aspect) !== undefined);
  const [first = null] = aspects;
  if (first === null) throw new Fault("crop.asked", `${copyFrom} has no crop of ${named.join(", ")}`);
  if (xmp === true && aspects.length > 1)
    throw new Fault("crop.asked", `--xmp holds one crop, not ${aspects.join(", ")}: say which with --aspect`);
  return { acceptAbove, aspects, xmp: xmp === true ? first : null, copied };
}

/** A person may have written it, or changed ours: only what it says counts. */
async function sidecarOf(file: string): Promise<Sidecar> {
  const path = file.endsWith(SIDECAR_SUFFIX) ? resolve(file) : sidecarPath(resolve(file));
  const text = await textAt(path);
  const sidecar = typeof text === "string" ? readSidecar(text) : undefined;
  if (sidecar !== undefined) return sidecar;
  throw new Fault("crop.asked", `${path} ${text === undefined ? "is not there" : "is no sidecar of a crop"}`);
}

/** Photos between two lines that say how far it is. */
const NOTED = 25;

async function reportsOf(
  config: Config,
  seen: FolderSeen,
  asked: Asked,
  signal: AbortSignal,
  note: Say,
): Promise<readonly PhotoReport[]> {
  const { shots } = seen;
  const folder = cropFolderOf(seen);
  const workshop = join(tmpdir(), `photogate-crops-${randomUUID()}`);
  const decoder = decoderFor(config);
  const reports = new Map<FolderShot, PhotoReport>();
  try {
    await pool(shots, config.decoders, signal, async (shot) => {
      const into = join(workshop, randomUUID());
      const report = await reportOf({ file: shot.main.relative, folder, asked, decoder, into }, signal);
      if (report === undefined) return;
      reports.set(shot, report);
      if (reports.size % NOTED === 0 || reports.size === shots.length)
        note(`${reports.size} of ${shots.length} photos`);
    });
  } finally {
    decoder.close();
    await removeFolder(workshop);
  }
  return shots.flatMap((shot) => reports.get(shot) ?? []);
}

interface Job {
  /** path of the photo below the folder, with `/` */
  readonly file: string;
  readonly folder: CropFolder;
  readonly asked: Asked;
  readonly decoder: Decoder;
  /** where a RAW may be taken apart */
  readonly into: string;
}

/** @returns undefined where it was stopped before anything was known */
async function reportOf(job: Job, signal: AbortSignal): Promise<PhotoReport | undefined> {
  try {
    return await cropped(job, signal);
  } catch (failure) {
    if (signal.aborted) return undefined;
    return {
      file: job.file,
      outcome: "left-alone",
      sidecar: null,
      crops: [],
      review: [],
      problem: problemOf(failure),
    };
  }
}

/** @throws what nobody foresaw, as it came */
function problemOf(failure: unknown): Problem {
  if (!(failure instanceof Fault)) throw failure;
  return { code: failure.code, why: failure.message };
}

async function cropped(job: Job, signal: AbortSignal): Promise<PhotoReport> {
  const { file, folder, asked, decoder, into } = job;
  const photo = pathBelow(folder.root, file);
  const { sha256 } = await readSource(photo, { head: 0, tail: 0 }, signal);
  const { copied } = asked;
  if (copied?.image.sha256 === sha256 && copied.image.name === basename(photo))
    return { file, outcome: "unchanged", sidecar: basename(sidecarPath(photo)), crops: [], review: [], problem: null };
  // Before it is decoded: what may not be written down needs no crop.
  const standing = await standingSidecar(photo);
  const framing = await framingOf(decoder, photo, into, signal);
  const before = standing?.sidecar.image.sha256 === sha256 ? standing.sidecar : undefined;
  const { chosen, review } = chooseCrops(framing, asked, before);
  const report = { file, review, crops: chosen };
  if (chosen.length === 0) return { ...report, outcome: "nothing-sure", sidecar: null, problem: null };

  const xmp = await withXmp(job, framing, chosen, before?.xmp ?? null, signal);
  const { width, height, orientation, isPreview } = framing;
  const image = { name: basename(photo), sha256, width, height, orientation, isPreview };
  const text = sidecarText({ madeBy: MADE_BY, image, crops: [...chosen], xmp: xmp.written }, sha256Of);
  const isNew = await putSidecar(photo, text, standing?.sha256 ?? null, signal);
  const outcome = isNew || xmp.isNew ? "written" : "unchanged";
  return { ...report, outcome, sidecar: basename(sidecarPath(photo)), problem: xmp.problem };
}

async function framingOf(decoder: Decoder, photo: string, into: string, signal: AbortSignal): Promise<Framing> {
  try {
    return await decoder.crops(photo, into, signal);
  } finally {
    await removeFolder(into);
  }
}

interface XmpOutcome {
  /** what the sidecar says of it */
  readonly written: Sidecar["xmp"];
  readonly isNew: boolean;
  readonly problem: Problem | null;
}

/**
 * Before the sidecar, which says that the XMP is ours: killed in between, the next run finds the text it wants and takes it.
 *
 * @param written the XMP we wrote before
 */
async function withXmp(
  { file, folder, asked }: Job,
  framing: Framing,
  chosen: readonly Chosen[],
  written: Sidecar["xmp"],
  signal: AbortSignal,
): Promise<XmpOutcome> {
  const crop = chosen.find(({ aspect }) => aspect === asked.xmp);
  if (crop === undefined) return { written, isNew: false, problem: null };
  const text = cropXmp(crop, framing, framing.orientation, MADE_BY);
  try {
    const { name, isNew } = await putXmp(folder, file, text, written?.sha256 ?? null, signal);
    return { written: { name, sha256: sha256Of(text) }, isNew, problem: null };
  } catch (failure) {
    const problem = problemOf(failure);
    if (problem.code !== "crop.xmp-taken") throw failure;
    return { written, isNew: false, problem };
  }
}

function countsOf(reports: readonly PhotoReport[]) {
  const having = (fits: (report: PhotoReport) => boolean): number => reports.filter(fits).length;
  return {
    photos: reports.length,
    written: having(({ outcome }) => outcome === "written"),
    unchanged: having(({ outcome }) => outcome === "unchanged"),
    toReview: having(({ review }) => review.length > 0),
    leftAlone: having(({ problem }) => problem !== null),
  };
}

/** `docs/crops.md` describes it. */
const documentOf = ({ root, aside }: FolderSeen, asked: Asked, reports: readonly PhotoReport[]) => ({
  schema: "photogate.crops-report",
  version: 1,
  folder: root,
  acceptAbove: asked.acceptAbove,
  aspects: asked.aspects,
  copiedFrom: asked.copied?.image.name ?? null,
  counts: countsOf(reports),
  photos: reports,
  aside,
});

function linesOf(aside: readonly Aside[], reports: readonly PhotoReport[]): string[] {
  const { photos, written, unchanged, toReview, leftAlone } = countsOf(reports);
  return [
    ...aside.map(asideLine),
    ...reports.flatMap(({ file, problem, review }) => [
      ...(problem === null ? [] : [asideLine({ path: file, ...problem })]),
      ...review.map(({ aspect, why }) => `${file}: ${aspect} to review: ${why}`),
    ]),
    `${photos} photos: ${written} written, ${unchanged} as they were, ${toReview} to review, ${leftAlone} left alone.`,
  ];
}
