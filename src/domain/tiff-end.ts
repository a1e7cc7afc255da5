/**
 * A TIFF, and a RAW that is built like one, has no end marker and does not say how long it is. It does say where its
 * directories lie, and they where the parts of its pictures lie: all of that must be within the file.
 */

const TAG = {
  stripOffsets: 273,
  stripBytes: 279,
  tileOffsets: 324,
  tileBytes: 325,
  subDirectories: 330,
  jpegOffset: 513,
  jpegBytes: 514,
};
const ENTRY_BYTES = 12;
const SHORT = 3;
/** Larger pictures have larger strips, not more of them; what lists more is not believed. */
const MOST_PARTS = 100_000;
/** A RAW has five or so; directories can also point at each other for ever. */
const MOST_DIRECTORIES = 32;

/** What is known of a file: its two ends, and the order of its bytes. */
interface Ends {
  readonly head: Uint8Array;
  readonly tail: Uint8Array;
  readonly bytes: number;
  readonly little: boolean;
}

/**
 * Does the file end before what its directories speak of? What lies between the two ends cannot be read here and is taken
 * to be as it should. Pure.
 *
 * @param head the first bytes of the file, `tail` its last, each of them all of a small file
 */
export function isTiffCut(head: Uint8Array, tail: Uint8Array, bytes: number): boolean {
  const file: Ends = { head, tail, bytes, little: head[0] === 0x49 };
  const start = viewOf(file, 4, 4)?.getUint32(0, file.little);
  if (start === undefined) return true;
  const places = [start];
  // Grows while it is walked.
  for (const place of places) {
    const directory = directoryAt(file, place);
    if (directory === "cut" || (directory !== "unseen" && endOf(file, directory) > bytes)) return true;
    if (directory === "unseen" || places.length >= MOST_DIRECTORIES) continue;
    places.push(...furtherDirectories(file, place, directory).filter((further) => !places.includes(further)));
  }
  return false;
}

/** The entries of a directory, if they lie in what is known. */
function directoryAt(file: Ends, place: number): DataView | "cut" | "unseen" {
  if (place + 2 > file.bytes) return "cut";
  const count = viewOf(file, place, 2)?.getUint16(0, file.little);
  if (count === undefined) return "unseen";
  // A directory of nothing is a place that was reserved and not written.
  if (count === 0 || place + 2 + count * ENTRY_BYTES > file.bytes) return "cut";
  return viewOf(file, place + 2, count * ENTRY_BYTES) ?? "unseen";
}

/** Where more directories lie. The address of the next one is rubbish in some files, and then not believed. */
function furtherDirectories(file: Ends, place: number, entries: DataView): number[] {
  const next = viewOf(file, place + 2 + entries.byteLength, 4)?.getUint32(0, file.little) ?? 0;
  const subs = listOf(file, entries, [TAG.subDirectories]).slice(0, MOST_DIRECTORIES);
  return next === 0 || directoryAt(file, next) === "cut" ? [...subs] : [...subs, next];
}

/** @returns undefined where it does not lie in what is known */
function viewOf({ head, tail, bytes }: Ends, at: number, length: number): DataView | undefined {
  const tailAt = bytes - tail.length;
  const [from, offset] = at + length <= head.length ? [head, at] : [tail, at - tailAt];
  return offset < 0 || offset + length > from.length
    ? undefined
    : new DataView(from.buffer, from.byteOffset + offset, length);
}

const endOf = (file: Ends, entries: DataView): number => Math.max(valuesEnd(file, entries), partsEnd(file, entries));

/** Bytes of a number of each type; a type nobody knows says nothing. */
const TYPE_BYTES: readonly number[] = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4];

/** One past the last byte of the values that do not fit into their entries: profiles, texts, lists. */
function valuesEnd({ little }: Ends, entries: DataView): number {
  let end = 0;
  for (let at = 0; at < entries.byteLength; at += ENTRY_BYTES) {
    const length = (TYPE_BYTES[entries.getUint16(at + 2, little)] ?? 0) * entries.getUint32(at + 4, little);
    if (length > 4) end = Math.max(end, entries.getUint32(at + 8, little) + length);
  }
  return end;
}

/** One past the last byte of the strips, of the tiles or of the JPEG, as far as they can be read. */
function partsEnd(file: Ends, entries: DataView): number {
  const offsets = listOf(file, entries, [TAG.stripOffsets, TAG.tileOffsets, TAG.jpegOffset]);
  const lengths = listOf(file, entries, [TAG.stripBytes, TAG.tileBytes, TAG.jpegBytes]);
  return offsets.reduce((end, offset, i) => Math.max(end, offset + (lengths[i] ?? 0)), 0);
}

/** The numbers of the first of these tags that is there. */
function listOf(file: Ends, entries: DataView, tags: readonly number[]): readonly number[] {
  for (let at = 0; at < entries.byteLength; at += ENTRY_BYTES) {
    if (!tags.includes(entries.getUint16(at, file.little))) continue;
    const width = entries.getUint16(at + 2, file.little) === SHORT ? 2 : 4;
    const count = entries.getUint32(at + 4, file.little);
    return numbersOf(file, entries, at + 8, count, width);
  }
  return [];
}

/** Four bytes of numbers stand in the entry itself; more stand where it says. */
function numbersOf(file: Ends, entries: DataView, at: number, count: number, width: 2 | 4): readonly number[] {
  if (count > MOST_PARTS) return [];
  const { little } = file;
  const view =
    count * width <= 4
      ? new DataView(entries.buffer, entries.byteOffset + at, 4)
      : viewOf(file, entries.getUint32(at, little), count * width);
  if (view === undefined) return [];
  return Array.from({ length: count }, (_, i) =>
    width === 2 ? view.getUint16(i * width, little) : view.getUint32(i * width, little),
  );
}
