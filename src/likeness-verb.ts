/** `photogate likeness`: which photos of any folder are alike, as reports; all but the keepers go aside if wanted. */

import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { isAbsolute, join, relative, resolve, sep } from "node:path";
import { type Config, isWithin } from "./config.ts";
import { decoderFor } from "./decoding.ts";
import { COPIES, leavingOf, loneliest } from "./domain/duplicates.ts";
import { type Evidence, TIERS, type Tier } from "./domain/facts.ts";
import { Fault, messageOf } from "./domain/fault.ts";
import { KEEP, type Keep, keeperOfFrame } from "./domain/keeper.ts";
import { type Comparing, type Group, groupsOf, type LookedAt, withoutRepeats } from "./domain/likeness.ts";
import { groupsFrom, type ImportedFile, type ImportedGroup } from "./domain/likeness-import.ts";
import {
  csvOf,
  czkawkaOf,
  type GroupTier,
  HASHES,
  type HashName,
  imagededupOf,
  type Member,
  REPORT_SCHEMA,
  REPORT_VERSION,
  type Report,
  type ReportGroup,
  touchedOf,
} from "./domain/likeness-report.ts";
import { movedAside } from "./domain/renaming.ts";
import { directionsOf, kindredOf, semanticGroups } from "./domain/semantic.ts";
import { sizeText } from "./domain/words.ts";
import { durableWrite, filesBelow, removeFolder } from "./files.ts";
import { type FolderFrame, type FramesSeen, framesOf, lookedAt } from "./folder-frames.ts";
import { type FolderSeen, folderSeen } from "./folders.ts";
import { startEmbedders } from "./imaging/plugins.ts";
import { assertNoneCutOff, carryOut, planned, writtenDown } from "./moving.ts";
import type { Say } from "./reading-verbs.ts";
import { asideLine, ended } from "./rename-verb.ts";
import { REVIEW_FOLDER } from "./watchers/drop.ts";

export interface LikenessOptions {
  readonly csv?: string;
  readonly json?: string;
  readonly style?: string;
  readonly recipe?: string;
  readonly tier?: string;
  readonly hash?: string;
  readonly keep?: string;
  readonly cosine?: string;
  readonly outliers?: string;
  readonly from?: string;
  readonly apply?: boolean;
  readonly undo?: string;
  readonly resume?: string;
}

const STYLES = ["photogate", "czkawka", "imagededup"] as const;

/** What a person asked for, understood. */
interface Wanted {
  readonly tiers: ReadonlySet<GroupTier>;
  /** of these, all but the keeper go aside */
  readonly movable: ReadonlySet<GroupTier>;
  readonly hash: HashName;
  readonly keep: Keep;
  readonly outliers: number;
  /** from which a learned model calls two photos alike; null for what its manifest or the settings say */
  readonly cosine: number | null;
  readonly style: (typeof STYLES)[number];
}

const SERIES = ["burst", "bracket", "stack", "panorama"] as const;
/** Without crops, which are dear: all pairs that could be one are looked at. */
const USUAL: readonly Tier[] = ["exact", "same-frame", ...SERIES];
/** Three runs one after another: quick and sure, then by hash alone, then by a learned model. */
const RECIPES: Readonly<Record<string, readonly Tier[]>> = {
  "1": ["exact", "same-frame", "derived", ...SERIES],
  "2": ["exact", "same-frame"],
  "3": ["semantic"],
};

/** @returns 0; 1 where something was left */
export async function likeness(config: Config, folder: string, options: LikenessOptions, say: Say): Promise<number> {
  const wanted = wantedOf(options);
  const { signal } = new AbortController();
  const seen = await folderSeen(folder);
  const manifest = options.undo ?? options.resume;
  if (manifest !== undefined) {
    const way = options.undo === undefined ? "do" : "undo";
    const carried = await carryOut(seen.root, manifest, "likeness", way, signal);
    return ended(carried, way === "do" ? `are in ${REVIEW_FOLDER}` : "are back in their place", say);
  }
  if (options.apply === true) await assertNoneCutOff(join(seen.root, REVIEW_FOLDER), "likeness");
  const imported = options.from === undefined ? undefined : await importedFrom(options.from, seen, say);
  const shots =
    imported === undefined ? seen.shots : seen.shots.filter(({ main }) => imported.names.has(main.relative));
  const { frames, looked } = await comparedIn(config, { ...seen, shots }, wanted, imported === undefined, signal);
  const groups =
    imported === undefined
      ? foundAmong(frames.frames, { looked, keep: wanted.keep, ...config.settings.likeness }, wanted)
      : takenOver(imported.groups, frames.frames, wanted);
  const report: Report = {
    schema: REPORT_SCHEMA,
    version: REPORT_VERSION,
    at: new Date().toISOString(),
    folder: seen.root,
    source: imported?.source ?? "folder",
    hash: wanted.hash,
    photos: frames.frames.length,
    groups,
    outliers: outliersOf(frames.frames, wanted.outliers),
    aside: [...seen.aside, ...frames.aside, ...unasked(frames.frames)],
    touched: touchedOf(groups),
  };
  for (const line of reportLines(report, wanted)) say(line);
  await written(report, options, wanted, frames.frames, say);
  const left = report.aside.length === 0 ? 0 : 1;
  return options.apply === true ? Math.max(left, await applied(seen, report, wanted, signal, say)) : left;
}

function wantedOf({ recipe, tier, hash, keep, outliers, cosine, style }: LikenessOptions): Wanted {
  const named = tier?.split(",").map((one) => oneOf<GroupTier>("tier", one.trim(), [...TIERS, "imported"]));
  const recipes = recipe === undefined ? USUAL : RECIPES[oneOf("recipe", recipe, Object.keys(RECIPES))];
  const tiers = new Set<GroupTier>(named ?? recipes);
  const most = Number(outliers ?? 0);
  if (!Number.isInteger(most) || most < 0) throw new Fault("likeness.option", `--outliers ${outliers}: a whole number`);
  const least = cosine === undefined ? null : Number(cosine);
  if (least !== null && !(least >= 0.5 && least <= 1))
    throw new Fault("likeness.option", `--cosine ${cosine}: a figure from 0.5 to 1`);
  return {
    tiers: new Set([...tiers, "imported"]),
    movable: named === undefined ? COPIES : new Set(named),
    hash: oneOf("hash", hash ?? "phash", HASHES),
    keep: oneOf("keep", keep ?? "largest", KEEP),
    outliers: most,
    cosine: least,
    style: oneOf("style", style ?? "photogate", STYLES),
  };
}

function oneOf<T extends string>(option: string, value: string, known: readonly T[]): T {
  const found = known.find((one) => one === value);
  if (found === undefined) throw new Fault("likeness.option", `--${option} ${value}: one of ${known.join(", ")}`);
  return found;
}

interface FromElsewhere {
  readonly source: Report["source"];
  readonly groups: readonly ImportedGroup[];
  readonly names: ReadonlySet<string>;
}

/** Groups of a file, their names made ours. What is not a photo of this folder is said, and left out of its group. */
async function importedFrom(file: string, { root, shots }: FolderSeen, say: Say): Promise<FromElsewhere> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new Fault("likeness.import", messageOf(cause), { cause });
  });
  const { source, groups } = groupsFrom(text, file);
  const here = new Set(shots.map(({ main }) => main.relative));
  const ours = (name: string): string => {
    const path = isAbsolute(name) ? resolve(name) : join(root, name);
    return isWithin(path, root) ? relative(root, path).split(sep).join("/") : name;
  };
  const strange = groups
    .flatMap(({ files }) => files.map(({ file: name }) => name))
    .filter((name) => !here.has(ours(name)));
  for (const name of strange) say(`${name}: no photo of this folder, left out of its group`);
  const taken = groups.map(({ tier, files, areAlike }): ImportedGroup => {
    const theirs = new Map(files.map(({ file: name }) => [ours(name), name]));
    return {
      tier,
      files: files.map((one) => ({ ...one, file: ours(one.file) })).filter((one) => here.has(one.file)),
      areAlike: (a, b) => areAlike(theirs.get(a) ?? a, theirs.get(b) ?? b),
    };
  });
  return { source, groups: taken, names: new Set(taken.flatMap(({ files }) => files.map((one) => one.file))) };
}

interface Compared {
  readonly frames: FramesSeen;
  readonly looked: readonly LookedAt[];
}

/** Opens the photos, and looks at the pixels of pairs where that may tell more, unless the groups are known already. */
async function comparedIn(
  config: Config,
  { root, shots }: Pick<FolderSeen, "root" | "shots">,
  { hash, tiers }: Wanted,
  isToBeCompared: boolean,
  signal: AbortSignal,
): Promise<Compared> {
  const width = config.decoders;
  const decoder = decoderFor(config);
  const scratch = join(tmpdir(), `photogate-${randomBytes(6).toString("hex")}`);
  const progress = (done: number): void => {
    if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${shots.length}${done === shots.length ? "\n" : ""}`);
  };
  try {
    const asksModels = isToBeCompared && tiers.has("semantic");
    const embedders = asksModels ? await startEmbedders(decoder, config.plugins, signal) : null;
    const frames = await framesOf(decoder, scratch, width, root, shots, { hash, embedders }, signal, progress);
    const looked = isToBeCompared ? await lookedAt(decoder, width, frames.frames, tiers.has("derived"), signal) : [];
    return { frames, looked };
  } finally {
    decoder.close();
    await removeFolder(scratch);
  }
}

function foundAmong(
  frames: readonly FolderFrame[],
  comparing: Omit<Comparing, "areDistinct"> & Config["settings"]["likeness"],
  { tiers, cosine }: Wanted,
): ReportGroup[] {
  const byId = new Map(frames.map((frame) => [frame.id, frame]));
  const found = groupsOf(frames, { ...comparing, areDistinct: () => false }).filter(({ tier }) => tiers.has(tier));
  return withoutRepeats([...found, ...alikeToModels(frames, cosine, comparing.semanticCosine)]).map((group, i) =>
    reportGroup(group, i + 1, byId),
  );
}

/** Photos of which a model said nothing. */
const unasked = (frames: readonly FolderFrame[]): Report["aside"][number][] =>
  frames.flatMap(({ path, plugins }) =>
    plugins.flatMap(({ id, said }) =>
      said.kind === "unavailable" ? [{ path, code: said.code, why: `not compared by ${id}: ${said.why}` }] : [],
    ),
  );

/** @param least a person's own figure; it goes before that of a manifest, and before what is usual */
function alikeToModels(frames: readonly FolderFrame[], least: number | null, usual: number): Group[] {
  const kindred = directionsOf(frames).flatMap((directions) => {
    const asked = least === null ? directions : directions.map((one) => ({ ...one, alike: least }));
    return asked.flatMap((_, at) => kindredOf(asked, at, usual));
  });
  return semanticGroups(kindred, () => false);
}

function reportGroup(group: Group, number: number, byId: ReadonlyMap<number, FolderFrame>): ReportGroup {
  const { tier, keeper, members, reasons, evidence } = group;
  const files = members
    .map((id) => byId.get(id))
    .filter((frame) => frame !== undefined)
    .map((frame) => {
      const keep = keeper === null || frame.id === keeper;
      return {
        ...memberOf(frame),
        keep,
        proposed: keep,
        ...evidenceOf(keep && tier !== "semantic" ? {} : (evidence.get(frame.id) ?? {})),
        reason: reasons.get(frame.id) ?? "",
      };
    });
  return { group: number, tier, keeper: keeper === null ? null : (byId.get(keeper)?.path ?? null), files };
}

const memberOf = ({ path, width, height, bytes, changedAt }: FolderFrame) => ({
  file: path,
  width,
  height,
  bytes,
  modified: new Date(changedAt).toISOString(),
});

const evidenceOf = ({ phash, cosine, phash256, ncc, seconds, semantic }: Evidence) => ({
  distance: phash ?? null,
  cosine: cosine ?? null,
  phash256: phash256 ?? null,
  ncc: ncc ?? null,
  seconds: seconds ?? null,
  semantic: semantic ?? null,
});

/** Groups of somebody else: where nobody says what is kept, our order of questions does. */
function takenOver(groups: readonly ImportedGroup[], frames: readonly FolderFrame[], { keep }: Wanted): ReportGroup[] {
  const byPath = new Map(frames.map((frame) => [frame.path, frame]));
  return groups
    .flatMap((group) => (group.files.some((file) => file.keep === null) ? withKeepers(group, byPath, keep) : [group]))
    .map(({ tier, files }, i): ReportGroup => {
      const keeper = files.every((one) => one.keep !== false) ? null : (files.find((one) => one.keep)?.file ?? "");
      return { group: i + 1, tier, keeper, files: files.flatMap((file) => importedMember(file, byPath)) };
    })
    .filter(({ files }) => files.length > 1);
}

function importedMember(one: ImportedFile, byPath: ReadonlyMap<string, FolderFrame>): Member[] {
  const frame = byPath.get(one.file);
  if (frame === undefined) return [];
  const keep = one.keep ?? true;
  const reason = one.proposed === null ? "imported" : keep === one.proposed ? "as proposed" : "changed by a person";
  return [{ ...memberOf(frame), keep, proposed: one.proposed, ...evidenceOf({}), reason }];
}

/** One group for each keeper and those that match it. */
function withKeepers(group: ImportedGroup, byPath: ReadonlyMap<string, FolderFrame>, keep: Keep): ImportedGroup[] {
  const groups: ImportedGroup[] = [];
  let left = group.files.map(({ file }) => byPath.get(file)).filter((frame) => frame !== undefined);
  while (left.length > 1) {
    const { keeper } = keeperOfFrame(left, keep);
    const best = left.find(({ id }) => id === keeper);
    if (best === undefined) break;
    const around = left.filter((frame) => frame === best || group.areAlike(best.path, frame.path));
    left = left.filter((frame) => !around.includes(frame));
    const files = around.map((frame) => ({ file: frame.path, keep: frame === best, proposed: null }));
    if (files.length > 1) groups.push({ ...group, files });
  }
  return groups;
}

function outliersOf(frames: readonly FolderFrame[], most: number): Report["outliers"] {
  if (most === 0) return [];
  const nameOf = (place: number | null): string | undefined => (place === null ? undefined : frames[place]?.path);
  return loneliest(
    frames.map(({ print }) => print),
    most,
  ).map(({ place, distance, nearest }) => ({ file: nameOf(place) ?? "", distance, nearest: nameOf(nearest) ?? null }));
}

function* reportLines({ photos, groups, outliers, aside, touched }: Report, { movable }: Wanted): Generator<string> {
  for (const one of aside) yield asideLine(one);
  for (const { group, tier, files } of groups) {
    yield `group ${group}, ${tier}:`;
    for (const { file, keep, distance, semantic, reason } of files) {
      const how =
        semantic === null ? (distance === null ? "" : `  ${distance} bits`) : `  cosine ${semantic.toFixed(2)}`;
      yield `  ${keep ? "keep" : "    "}  ${file}${how}  ${reason}`;
    }
  }
  for (const { file, distance, nearest } of outliers)
    yield `like no other: ${file}  ${distance} bits from ${nearest ?? "-"}`;
  const { leaving } = leavingOf(groups, movable);
  const bytes = new Map(groups.flatMap(({ files }) => files.map((one) => [one.file, one.bytes ?? 0])));
  const freed = leaving.reduce((sum, { file }) => sum + (bytes.get(file) ?? 0), 0);
  yield `${photos} photos, ${groups.length} groups; ${leaving.length} photos (${sizeText(freed)}) could go aside.`;
  if (touched !== null && touched.groups > 0)
    yield `A person changed ${touched.groups} of ${touched.of} groups (${Math.round(touched.share * 100)} %).`;
}

async function written(
  report: Report,
  { csv, json }: LikenessOptions,
  { style }: Wanted,
  frames: readonly FolderFrame[],
  say: Say,
): Promise<void> {
  if (csv !== undefined) await durableWrite(resolve(csv), csvOf(report.groups));
  if (json !== undefined) {
    const value = {
      photogate: () => report,
      czkawka: () => czkawkaOf(report),
      imagededup: () =>
        imagededupOf(
          report,
          frames.map(({ path }) => path),
        ),
    }[style]();
    await durableWrite(resolve(json), `${JSON.stringify(value, null, 2)}\n`);
  }
  for (const file of [csv, json]) if (file !== undefined) say(`Written: ${resolve(file)}`);
}

/** Moves all but the keepers aside, with what travels with them. */
async function applied(
  { root, shots, paths }: FolderSeen,
  { groups }: Report,
  { movable }: Wanted,
  signal: AbortSignal,
  say: Say,
): Promise<number> {
  const { leaving, refused } = leavingOf(groups, movable);
  for (const { group, why } of refused) say(`group ${group}: left alone: ${why}`);
  const going = new Set(leaving.map(({ file }) => file));
  const review = join(root, REVIEW_FOLDER);
  const there = (await filesBelow(review)).map(({ path }) => `${REVIEW_FOLDER}/${path}`);
  const moves = movedAside(
    REVIEW_FOLDER,
    shots
      .filter(({ main }) => going.has(main.relative))
      .map(({ main, companions }) => [main, ...companions].map((entry) => entry.relative)),
    [...paths, ...there],
  );
  const plan = await planned(root, moves, signal);
  for (const one of plan.aside) say(asideLine(one));
  if (plan.moves.length === 0) {
    say("Nothing goes aside.");
    return refused.length + plan.aside.length === 0 ? 0 : 1;
  }
  const path = await writtenDown(root, review, "likeness", plan.moves, Date.now());
  say(`Manifest: ${path} (--undo takes it back)`);
  const carried = await carryOut(root, path, "likeness", "do", signal);
  return Math.max(ended(carried, `are in ${REVIEW_FOLDER}`, say), refused.length + plan.aside.length > 0 ? 1 : 0);
}
