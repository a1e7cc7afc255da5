/** The roof's processes that read what is not ours: one for each inbox, one for whatever else a person hands over. */
import { parse } from "node:path";
import { isWithin } from "./config.ts";
import { Fault } from "./domain/fault.ts";
import type { Originals } from "./domain/ports.ts";
import { MINUTE } from "./domain/words.ts";
import { type Reader, startReader } from "./watchers/reader.ts";
import { judgeVolume, type Volume } from "./watchers/volume.ts";

export interface Readers {
  /** of an inbox */
  of(root: string): Reader;
  /** of any folder, for as long as it takes */
  readonly elsewhere: (root: string) => Reader;
  readonly originals: Originals;
  close(): void;
}

export function openReaders(
  roots: readonly string[],
  environment: Readonly<Record<string, string>>,
  volumeOf: (root: string) => Volume | undefined,
): Readers {
  const start = (root: string, idleMs?: number): Reader =>
    startReader({ root, environment, ...(idleMs === undefined ? {} : { idleMs }) });
  const readers = new Map(roots.map((root) => [root, start(root)]));
  const others = new Map<string, Reader>();

  /** A disk that was pulled out leaves the same words behind as a deleted file. */
  const orAway = async (reader: Reader, failure: unknown): Promise<never> => {
    const isTelling =
      failure instanceof Fault && (failure.code === "photo.gone" || failure.code === "photo.read-error");
    if (isTelling) await assertThere(reader, failure);
    throw failure;
  };
  const assertThere = async (reader: Reader, cause: unknown): Promise<void> => {
    const known = volumeOf(reader.root);
    if (known === undefined) return;
    const now = await reader.ask({ kind: "root" });
    if (now === null) throw new Fault("inbox.offline", `${reader.root} is not there`, { cause });
    const { kind } = judgeVolume(known, now.root, now.isEmpty);
    if (kind === "same" || kind === "unmarked") return;
    throw new Fault("inbox.offline", `${reader.root}: another disk or card, or none, is in its place`, { cause });
  };
  const readerFor = (path: string): Reader => {
    const root = roots.find((one) => isWithin(path, one));
    return (root === undefined ? undefined : readers.get(root)) ?? elsewhere(parse(path).root);
  };
  const elsewhere = (root: string): Reader => {
    const reader = others.get(root) ?? start(root, MINUTE);
    others.set(root, reader);
    return reader;
  };

  return {
    of(root) {
      const reader = readers.get(root);
      if (reader === undefined) throw new Error(`${root} is no inbox`);
      return reader;
    },
    elsewhere,
    originals: {
      async ends(path, head, tail, signal) {
        const reader = readerFor(path);
        return reader
          .ask({ kind: "ends", path, head, tail }, signal)
          .catch((failure: unknown) => orAway(reader, failure));
      },
      async copy(source, target, signal) {
        const reader = readerFor(source);
        return reader
          .ask({ kind: "copy", source, target }, signal)
          .catch((failure: unknown) => orAway(reader, failure));
      },
      async looks(path, signal) {
        const answer = readerFor(path).ask({ kind: "looks", path }, signal);
        return (await answer.catch(() => null)) ?? undefined;
      },
      async remove(original, copy, sha256, signal) {
        const reader = readerFor(original);
        const removal = await reader.ask({ kind: "remove", original, copy, sha256 }, signal);
        if (removal.kind === "gone") await assertThere(reader, undefined);
        return removal;
      },
    },
    close() {
      for (const reader of [...readers.values(), ...others.values()]) reader.close();
    },
  };
}
