/** Whether what was taken is what was dropped: nothing early, nothing missed, nothing doubled. */
import { looksLikePhoto } from "../../../src/domain/formats.ts";
import type { Millis } from "../../../src/domain/words.ts";
import type { JournalLine } from "../../../src/store/journal.ts";
import type { Store } from "../../../src/store/store.ts";
import type { DiskFile, Version } from "./disk.ts";
import { numberIn, type Times } from "./script.ts";

export const VIOLATIONS = {
  early: "taken while its writer had more to write",
  missed: "finished, and neither a photo nor a copy of one",
  doubled: "the same bytes are two photos",
  stale: "a version that was replaced is still in its set",
  unexplained: "no photo, and nobody says why",
  waiting: "still waits although nothing comes any more",
  damaged: "our copy is not what was taken",
} as const;
export type ViolationKind = keyof typeof VIOLATIONS;

export interface Violation {
  readonly kind: ViolationKind;
  readonly number: number;
  readonly what: string;
}

export const violationAt = (kind: ViolationKind, path: string, what: string): Violation => ({
  kind,
  number: numberIn(path),
  what: `${path}: ${VIOLATIONS[kind]}${what && ` (${what})`}`,
});

/** A photo as the store has it; paths are below the home. */
interface Taken {
  readonly path: string;
  /** of our copy, if there is one yet */
  readonly sha256: string | undefined;
  readonly bytes: number;
  readonly cull: string | null;
  readonly takenAt: Millis;
  readonly isDecided: boolean;
}

/** All that the product says it has done. */
export interface Outcome {
  readonly photos: readonly Taken[];
  /** other places of the same bytes: path -> photo's path */
  readonly aliases: ReadonlyMap<string, string>;
  /** everything else: path -> code */
  readonly notes: ReadonlyMap<string, string>;
  /** folders that are not closed */
  readonly waiting: readonly string[];
}

/** @param home without a slash at the end */
export function outcomeOf(store: Store, home: string, waiting: readonly string[]): Outcome {
  const below = (path: string): string => path.slice(home.length + 1);
  const photos = store.sets.all().flatMap((set) => {
    const culls = store.sets.culls(set.id);
    const times = takenTimes(store.journal.of(set.id));
    return store.desk.photos(set.id).map(({ photo, state }) => ({
      path: below(photo.source.path),
      sha256: photo.facts.ingest?.sha256 ?? photo.source.sha256,
      bytes: photo.source.bytes,
      cull: culls.get(photo.id)?.code ?? null,
      takenAt: times[photo.position - 1] ?? set.openedAt,
      isDecided: state.verdict !== null,
    }));
  });
  return {
    photos,
    aliases: new Map(store.intake.aliases().map(({ path, source }) => [below(path), below(source)])),
    notes: new Map(store.intake.all().map(({ path, code }) => [below(path), code])),
    waiting,
  };
}

/** When each photo of a set was taken, by its position: each line says how many came with it. */
function takenTimes(lines: readonly JournalLine[]): Millis[] {
  return lines.flatMap(({ kind, data, at }) => {
    if (kind !== "set.opened" && kind !== "set.joined") return [];
    const { photos } = JSON.parse(data) as { photos: number };
    return Array.from({ length: photos }, () => at);
  });
}

export interface Judged {
  readonly violations: readonly Violation[];
  /** photos that are cut files, taken after patience was over */
  readonly cut: number;
  /** cut files of kinds whose end nobody can see, taken after the quiet time alone */
  readonly unseen: number;
  /** files whose writer stopped for longer than any patience, and then went on */
  readonly overdue: number;
  readonly photos: number;
  readonly aliases: number;
  readonly explained: number;
}

/**
 * @param epoch wall clock at the beginning of the history
 * @param slack how late what is known of a moment may be
 */
export function judgeOutcome(
  { history, files }: { readonly history: readonly Version[]; readonly files: ReadonlyMap<string, DiskFile> },
  outcome: Outcome,
  times: Times,
  epoch: Millis,
): Judged {
  const violations: Violation[] = [];
  const violate = (kind: ViolationKind, path: string, what: string): void => {
    violations.push(violationAt(kind, path, what));
  };
  // The first bytes of two pictures may be the same: they are told apart by their drops.
  const versions = Map.groupBy(history, ({ path, sha256 }) => `${numberIn(path)} ${sha256}`);
  const counts = { cut: 0, unseen: 0, overdue: 0 };

  for (const photo of outcome.photos) {
    const verdict = earliness(
      photo,
      versions.get(`${numberIn(photo.path)} ${photo.sha256 ?? EMPTY}`) ?? [],
      times,
      photo.takenAt - epoch,
    );
    if (verdict.kind === "early") violate("early", photo.path, verdict.what);
    else if (verdict.kind !== "whole") counts[verdict.kind] += 1;
  }
  const photoOf = new Map<string, Taken>();
  for (const photo of outcome.photos.filter(({ sha256 }) => sha256 !== undefined)) {
    const key = photo.sha256 ?? "";
    if (photoOf.has(key)) violate("doubled", photo.path, `and ${photoOf.get(key)?.path}`);
    photoOf.set(key, photo);
  }
  const last = new Map(history.filter(({ to }) => to === Number.POSITIVE_INFINITY).map((one) => [one.path, one]));
  let explained = 0;
  for (const version of last.values()) {
    const why = shortfall(version, photoOf, outcome);
    if (why !== undefined) violate(why.kind, version.path, why.what);
    else if (outcome.notes.has(version.path)) explained += 1;
  }
  for (const photo of outcome.photos.filter((one) => one.cull === null && !one.isDecided)) {
    const there = last.get(photo.path);
    if (there !== undefined && there.sha256 !== (photo.sha256 ?? EMPTY))
      violate("stale", photo.path, photo.sha256 ?? "");
  }
  for (const folder of outcome.waiting) violate("waiting", folder, "");
  if (files.size < last.size) throw new Error("the history knows more files than there are");
  return { violations, ...counts, photos: outcome.photos.length, aliases: outcome.aliases.size, explained };
}

/** Of no bytes; what has none has no hash in the store. */
const EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

type Earliness =
  | { readonly kind: "whole" | "cut" | "unseen" | "overdue" }
  | { readonly kind: "early"; readonly what: string };

/** @param at when it was taken, on the clock of the history */
function earliness(photo: Taken, versions: readonly Version[], times: Times, at: Millis): Earliness {
  if (versions.some(({ isFinished, from }) => isFinished && from <= at)) return { kind: "whole" };
  const lay = versions.filter(({ from }) => from <= at);
  if (lay.length === 0) return { kind: "early", what: `${photo.bytes} bytes that were never in any file` };
  const limitOf = ({ tells }: Version): Millis => times.quietMs + (tells ? times.patienceMs : 0);
  const left = lay.filter((one) => at - one.from >= limitOf(one));
  const abandoned = left.find(({ to }) => to === Number.POSITIVE_INFINITY);
  if (abandoned !== undefined) return { kind: abandoned.tells ? "cut" : "unseen" };
  if (left.length > 0) return { kind: "overdue" };
  const waited = Math.max(...lay.map(({ from }) => at - from));
  return { kind: "early", what: `${photo.bytes} bytes, left alone for ${Math.round(waited)} ms` };
}

/** Left out because its file was lost or replaced: its bytes are not in the set. */
const LOST = new Set(["photo.gone", "photo.changed", "photo.replaced"]);
const ASIDE_NAMES = /^\.|(\.(part|filepart|crdownload|tmp)|~)$/;

function shortfall(
  version: Version,
  photoOf: ReadonlyMap<string, Taken>,
  outcome: Outcome,
): { readonly kind: ViolationKind; readonly what: string } | undefined {
  const { path, sha256, isFinished } = version;
  const note = outcome.notes.get(path);
  const name = path.split("/").at(-1) ?? "";
  const photo = sha256 === EMPTY ? outcome.photos.find((one) => one.path === path) : photoOf.get(sha256);
  const isPhotos = photo !== undefined && (photo.path === path || outcome.aliases.get(path) === photo.path);
  if (isPhotos && !LOST.has(photo.cull ?? "")) return undefined;
  if (ASIDE_NAMES.test(name) || !looksLikePhoto(name))
    return note === undefined && !isTravelling(path, outcome) ? { kind: "unexplained", what: "" } : undefined;
  // The RAW beside a JPEG travels with it.
  if (note === "drop.companion" || note === "drop.late-companion") return undefined;
  const what =
    photo === undefined
      ? `${version.bytes} bytes, ${note ?? "no note"}`
      : `its photo is ${photo.path}, ${photo.cull ?? "in its set"}, ${note ?? "no note"}`;
  if (!isFinished && note !== undefined) return undefined;
  return { kind: "missed", what };
}

/** Nothing is noted of a companion that was added to a photo late. */
const isTravelling = (path: string, { photos }: Outcome): boolean =>
  photos.some((photo) => path.toLowerCase().startsWith(photo.path.toLowerCase().replace(/\.[^.]*$/, "")));
