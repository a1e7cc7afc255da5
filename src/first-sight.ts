/** The roof's way to the picture a camera put into a file: read when the page asks for it, from our copy or, before there is one, from the original. */
import { join } from "node:path";
import { Fault } from "./domain/fault.ts";
import { type Embedded, embeddedIn, preferred, SIGHT_HEAD_BYTES, type Sight, showable } from "./domain/first-sight.ts";
import type { LoadedPhoto } from "./domain/photo.ts";
import type { Originals } from "./domain/ports.ts";
import { SECOND } from "./domain/words.ts";
import { readEnds } from "./originals.ts";

/** Nobody waits longer for a picture that is replaced anyway. */
const PATIENCE_MS = 10 * SECOND;
const MOST_TRIES = 3;

/** First or last bytes of one file. */
type Ends = (head: number, tail: number) => Promise<{ head: Uint8Array; tail: Uint8Array; bytes: number }>;

export type FirstSight = (photo: LoadedPhoto, sight: Sight) => Promise<Uint8Array | undefined>;

/** Without one, or while an inbox does not answer, there is nothing to be seen yet: that is the business of the stages. */
export const firstSightOf =
  (originals: Pick<Originals, "ends">): FirstSight =>
  async ({ facts, dir, source }, sight) => {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const ends: Ends =
      facts.ingest === undefined
        ? (head, tail) => originals.ends(source.path, head, tail, signal)
        : (head, tail) => readEnds(join(dir, facts.ingest?.file ?? ""), head, tail);
    try {
      return await seen(ends, source.bytes, sight);
    } catch (failure) {
      if (failure instanceof Fault || signal.aborted) return undefined;
      throw failure;
    }
  };

async function seen(ends: Ends, bytes: number, sight: Sight): Promise<Uint8Array | undefined> {
  const { head, bytes: now } = await ends(SIGHT_HEAD_BYTES, 0);
  // Another file lies there by now.
  if (now !== bytes) return undefined;
  const { pictures, orientation } = embeddedIn(head);
  for (const picture of preferred(pictures, sight).slice(0, MOST_TRIES)) {
    const jpeg = showable(await partOf(picture, head, bytes, ends), orientation);
    if (jpeg !== undefined) return jpeg;
  }
  return undefined;
}

/** A picture is near one of the ends, or it is not worth reading for. */
const WITHIN = 8_388_608;

async function partOf({ at, bytes }: Embedded, head: Uint8Array, whole: number, ends: Ends): Promise<Uint8Array> {
  const end = at + bytes;
  if (end <= head.length) return head.subarray(at, end);
  if (end > whole) return new Uint8Array();
  if (end <= WITHIN) return (await ends(end, 0)).head.subarray(at, end);
  if (whole - at > WITHIN) return new Uint8Array();
  return (await ends(0, whole - at)).tail.subarray(0, bytes);
}
