import { join } from "node:path";
import { copiedCompanions } from "../domain/companions.ts";
import type { Announce } from "../domain/events.ts";
import { Fault } from "../domain/fault.ts";
import type { LoadedPhoto, SourceFile } from "../domain/photo.ts";
import type { Clock, Originals } from "../domain/ports.ts";
import { shownOf } from "../domain/remains.ts";
import type { PhotoStage, Stage } from "../domain/stage.ts";
import type { SetId } from "../domain/words.ts";
import { filesBelow, isFileHere, looksOf, removeAllBut, removeFolder } from "../files.ts";
import type { Store } from "../store/store.ts";
import { nextMove } from "./plan.ts";

export interface ClearTools {
  readonly stages: readonly Stage[];
  readonly store: Pick<Store, "sets" | "checkpoints" | "clearings">;
  readonly clock: Clock;
  readonly announce: Announce;
  /** looks at files in inboxes */
  readonly looks: Originals["looks"];
}

/** What clearing a set would do, by what lies on the disk now. */
export interface ClearPlan {
  /** photos whose working copy goes */
  readonly copies: number;
  readonly bytes: number;
  /** of the small previews, which stay so that the set can still be shown */
  readonly keptBytes: number;
  /** photos whose working copy stays, because neither their inbox nor the archive has them any more */
  readonly onlyCopies: number;
  /** published photos whose originals could go to the archive */
  readonly published: number;
  /** of all working files of the set */
  readonly allBytes: number;
}

/** @throws Fault set.unknown, set.unfinished */
export async function planClear(set: SetId, { stages, store, looks }: ClearTools): Promise<ClearPlan> {
  if (store.sets.get(set) === undefined) throw new Fault("set.unknown", `no set ${set}`);
  const hold = store.clearings.asked(set) === undefined ? store.checkpoints.holdOf(set) : undefined;
  if (hold !== undefined) throw new Fault("set.unfinished", `${set} is held at ${hold.stage}: ${hold.why}`);
  const move = nextMove(stages, store.checkpoints.progress(set));
  if (move.kind !== "finish")
    throw new Fault(
      "set.unfinished",
      move.kind === "park" ? `${move.waiting} photos of ${set} wait for you` : `${set} is being worked on`,
    );

  const plan = { copies: 0, bytes: 0, keptBytes: 0, onlyCopies: 0, published: 0, allBytes: 0 };
  for (const photo of store.sets.photos(set)) {
    const kept = await keptOf(photo, looks);
    const files = await filesBelow(photo.dir);
    const going = files.filter(({ path }) => !kept.files.has(path));
    plan.copies += going.some(({ path }) => path === photo.facts.ingest?.file) ? 1 : 0;
    plan.bytes += bytesOf(going);
    plan.keptBytes += bytesOf(files.filter(({ path }) => path === shownOf(photo).look?.previews.small.file));
    plan.onlyCopies += kept.isOnly ? 1 : 0;
    plan.published += photo.facts.publish === undefined ? 0 : 1;
  }
  return { ...plan, allBytes: await workingBytes(set, store) };
}

/**
 * Removes the working copies of a set that was asked to be cleared; facts, journal, names and small previews stay. May be
 * interrupted and repeated at any point. Originals go to the archive first, where that was wanted.
 *
 * @throws Fault of the archive; what is done by then stays done
 */
export async function clearSet(set: SetId, tools: ClearTools, signal: AbortSignal): Promise<void> {
  const { store, clock, announce, looks } = tools;
  if (store.clearings.asked(set)?.moveOriginals === true)
    for (const photo of store.sets.photos(set)) await moveOriginals(set, photo, tools, signal);
  for (const photo of store.sets.photos(set)) {
    signal.throwIfAborted();
    await removeAllBut(photo.dir, (await keptOf(photo, looks)).files);
  }
  const shared = sharedFolder(set, store);
  if (shared !== undefined) await removeFolder(shared);
  store.clearings.finish(set, await workingBytes(set, store), clock.now());
  announce({ kind: "set.cleared", set, bytes: store.clearings.of(set)?.bytes ?? 0 });
}

/**
 * Lets a photo of a cleared set be worked on again: what needs its copy is done anew, from the original. A copy that was
 * the only one was not cleared, and is gone on with.
 *
 * @throws Fault set.cleared while it is being cleared, review.published
 */
export function restorePhoto(photo: LoadedPhoto, { store, clock }: Pick<ClearTools, "store" | "clock">): void {
  const { id, setId: set, dir, facts } = photo;
  if (!store.clearings.lost(set).has(id)) return;
  if (store.clearings.asked(set) !== undefined) store.clearings.assertWhole(set, [id]);
  if (facts.review !== undefined) throw new Fault("review.published", `${photo.source.path} is released`);
  const hasCopy = facts.ingest !== undefined && isFileHere(join(dir, facts.ingest.file));
  for (const stage of hasCopy ? (["look"] as const) : (["look", "ingest"] as const))
    if (facts[stage] !== undefined) store.checkpoints.forget(set, stage, [id], clock.now());
  store.clearings.restore(set, id, clock.now());
  // An update may have passed it by.
  store.checkpoints.forgetUnreadable(clock.now(), id);
}

/** The archive knows how: it is run once more, with the wish to move. */
async function moveOriginals(
  set: SetId,
  photo: LoadedPhoto,
  { stages, store, clock }: ClearTools,
  signal: AbortSignal,
): Promise<void> {
  const stage = stages.find((one): one is PhotoStage => one.kind === "photo" && one.name === "archive");
  const { publish, archive } = photo.facts;
  const isDone = archive !== undefined && archive.moved.length > 0 && archive.kept.length === 0;
  if (stage === undefined || publish === undefined || isDone) return;
  const wishing = { ...photo, context: { ...photo.context, originals: "move-to-archive" as const } };
  const outcome = await stage.run(wishing, { signal, dir: join(photo.dir, stage.name), now: clock.now });
  store.checkpoints.commit(set, stage.name, new Map([[photo.id, outcome]]), clock.now());
}

/** What of a photo's working files stays: the small preview; and its copies, where they are the only ones we know of. */
async function keptOf(
  photo: LoadedPhoto,
  looks: Originals["looks"],
): Promise<{ files: ReadonlySet<string>; isOnly: boolean }> {
  const { ingest } = photo.facts;
  const { look } = shownOf(photo);
  const small = look === undefined ? [] : [look.previews.small.file];
  if (ingest === undefined || (await isElsewhere(photo, looks))) return { files: new Set(small), isOnly: false };
  const copies = [ingest.file, ...ingest.companions.map(({ file }) => file)];
  return { files: new Set([...small, ...copies]), isOnly: (await looksOf(join(photo.dir, ingest.file))) !== undefined };
}

/** Is every file of the photo in the archive, or still where it came from? */
async function isElsewhere(photo: LoadedPhoto, looks: Originals["looks"]): Promise<boolean> {
  const { source, companions, facts } = photo;
  const { ingest, archive } = facts;
  if (ingest === undefined) return true;
  const along = copiedCompanions(companions, ingest).map((one) => ({
    source: one.source,
    bytes: one.copy.bytes,
    archived: archive?.companions.find(({ name }) => name === one.copy.name)?.copy,
  }));
  if (along.length < ingest.companions.length) return false;
  for (const file of [{ source, bytes: ingest.bytes, archived: archive?.copy ?? undefined }, ...along])
    if (!(await isArchived(file.archived, file.bytes)) && !(await isInPlace(file.source, looks))) return false;
  return true;
}

const NEVER = new AbortController().signal;

const isArchived = async (copy: string | undefined, bytes: number): Promise<boolean> =>
  copy !== undefined && (await looksOf(copy))?.bytes === bytes;

async function isInPlace({ path, bytes, mtimeMs }: SourceFile, looks: Originals["looks"]): Promise<boolean> {
  const now = await looks(path, NEVER);
  return now !== undefined && now.bytes === bytes && now.mtimeMs === mtimeMs;
}

async function workingBytes(set: SetId, store: ClearTools["store"]): Promise<number> {
  const shared = sharedFolder(set, store);
  let bytes = shared === undefined ? 0 : bytesOf(await filesBelow(shared));
  for (const { dir } of store.sets.photos(set)) bytes += bytesOf(await filesBelow(dir));
  return bytes;
}

/** What the stages of the whole set wrote. */
function sharedFolder(set: SetId, { sets }: ClearTools["store"]): string | undefined {
  const [first] = sets.photos(set);
  return first && join(first.dir, "..", `set-${set}`);
}

const bytesOf = (files: readonly { readonly bytes: number }[]): number =>
  files.reduce((sum, { bytes }) => sum + bytes, 0);
