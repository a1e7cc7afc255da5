/** The photos of a folder as likeness sees them, opened in the decoder children; nothing is written in the folder. */
import { join } from "node:path";
import { averageHash } from "./domain/duplicates.ts";
import type { PluginSaid, Prints } from "./domain/facts.ts";
import { Fault } from "./domain/fault.ts";
import { type Fingerprint, fingerprintOf, wordsOf } from "./domain/fingerprint.ts";
import { extensionOf } from "./domain/formats.ts";
import { shutterOf } from "./domain/frame.ts";
import { type Frame, type LookedAt, worthLooking } from "./domain/likeness.ts";
import type { HashName } from "./domain/likeness-report.ts";
import type { GreyFile, Scorers } from "./domain/ports.ts";
import { stepsOf } from "./domain/series.ts";
import type { PhotoId } from "./domain/words.ts";
import { makeFolder } from "./files.ts";
import { type Aside, type FolderShot, pathBelow } from "./folders.ts";
import type { Decoder } from "./imaging/decoder.ts";
import { readSource } from "./originals.ts";
import { pool } from "./pipeline/pool.ts";

export interface FolderFrame extends Frame {
  readonly shot: FolderShot;
  readonly grey: GreyFile;
  /** what learned models made of it; nothing where none was to be asked */
  readonly plugins: readonly PluginSaid[];
}

export interface FramesSeen {
  /** in the order of their ids */
  readonly frames: readonly FolderFrame[];
  readonly aside: readonly Aside[];
}

/** What is wanted of every photo besides the usual. */
export interface FrameWishes {
  readonly hash: HashName;
  /** learned models that are to be asked */
  readonly embedders: Scorers | null;
}

/**
 * @param scratch folder for what the decoder makes; not ours to remove, because pixels are compared from there
 * @param progress called after every photo, with how many are done
 */
export async function framesOf(
  decoder: Decoder,
  scratch: string,
  width: number,
  root: string,
  shots: readonly FolderShot[],
  wishes: FrameWishes,
  signal: AbortSignal,
  progress: (done: number) => void,
): Promise<FramesSeen> {
  const frames: FolderFrame[] = [];
  const aside: Aside[] = [];
  await pool(shots.toSorted(byPlainness).entries(), width, signal, async ([at, shot]) => {
    const into = join(scratch, String(at));
    try {
      await makeFolder(into);
      frames.push(await frameOf(decoder, root, shot, at + 1, into, wishes, signal));
    } catch (failure) {
      if (!(failure instanceof Fault)) throw failure;
      aside.push({ path: shot.main.relative, code: failure.code, why: failure.message });
    }
    progress(frames.length + aside.length);
  });
  return { frames: frames.toSorted((a, b) => a.id - b.id), aside };
}

/** Whichever comes first is kept of equals: `heron.jpg` rather than `heron (1).jpg` or `Copy of heron.jpg`. */
const byPlainness = ({ main: { relative: a } }: FolderShot, { main: { relative: b } }: FolderShot): number =>
  a.length - b.length || (a < b ? -1 : 1);

async function frameOf(
  decoder: Decoder,
  root: string,
  shot: FolderShot,
  id: number,
  into: string,
  { hash, embedders }: FrameWishes,
  signal: AbortSignal,
): Promise<FolderFrame> {
  const { main, companions } = shot;
  const path = pathBelow(root, main.relative);
  const { bytes, sha256, mtimeMs } = await readSource(path, { head: 0, tail: 0 }, signal);
  const prints = await decoder.fingerprint(path, into, embedders !== null, signal);
  const exif = await decoder.exif(path, signal);
  const beside = companions.find(({ name }) => extensionOf(name) === "xmp");
  const sidecars = { xmp: beside === undefined ? null : pathBelow(root, beside.relative), text: null };
  const { rating } = await decoder.iptc(path, sidecars, into, signal);
  return {
    shot,
    id,
    path: main.relative,
    type: prints.type,
    width: prints.width,
    height: prints.height,
    bytes,
    changedAt: mtimeMs,
    rating: rating?.value ?? null,
    ...prints.measures,
    sha256,
    pixels: prints.pixels,
    print: printBy(hash, prints),
    shutter: shutterOf(exif),
    grey: { file: join(into, prints.grey), aspect: prints.width / prints.height },
    plugins: embedders === null || prints.model === null ? [] : await embedders.judge(join(into, prints.model), signal),
  };
}

/** Another hash in place of the perceptual one: it is only compared as it is, for a turned photo has another. */
function printBy(hash: HashName, prints: Prints): Fingerprint {
  const print = fingerprintOf(prints);
  if (hash === "phash") return print;
  const [high = 0, low = 0] = hash === "dhash" ? wordsOf(prints.dhash) : averageHash(print);
  return { ...print, hashes: Uint32Array.from(print.hashes, (_, i) => (i % 2 === 0 ? high : low)) };
}

/** Few enough pairs for a child to be done with in a second, so that all children have something to do. */
const PAIRS_AT_ONCE = 60;

/**
 * What the pixels of pairs say: of shots in a row always, of all others only where crops are wanted, because a pair takes
 * some 20 ms.
 */
export async function lookedAt(
  decoder: Decoder,
  width: number,
  frames: readonly FolderFrame[],
  wantsCrops: boolean,
  signal: AbortSignal,
): Promise<LookedAt[]> {
  const steps = stepsOf(frames);
  const following = new Set(steps.map(({ from, to }) => `${from.id} ${to.id}`));
  const byId = new Map(frames.map((frame) => [frame.id, frame]));
  const worth: (readonly [PhotoId, PhotoId])[] = wantsCrops
    ? frames.flatMap((_, at) => worthLooking(frames, at, steps).map(([a, b]) => [a.id, b.id] as const))
    : steps.map(({ from, to }) => [from.id, to.id] as const);
  const pairs = worth.flatMap(([a, b]) => {
    const [one, other] = [byId.get(a), byId.get(b)];
    return one === undefined || other === undefined
      ? []
      : [{ a, b, asked: { a: one.grey, b: other.grey, isStep: following.has(`${a} ${b}`) } }];
  });
  const looked: LookedAt[] = [];
  const portions = Array.from({ length: Math.ceil(pairs.length / PAIRS_AT_ONCE) }, (_, i) =>
    pairs.slice(i * PAIRS_AT_ONCE, (i + 1) * PAIRS_AT_ONCE),
  );
  await pool(portions, width, signal, async (some) => {
    const answers = await decoder.alike(
      some.map(({ asked }) => asked),
      signal,
    );
    for (const [i, { a, b }] of some.entries()) {
      const answer = answers[i];
      if (answer !== undefined) looked.push({ a, b, ...answer });
    }
  });
  return looked;
}
