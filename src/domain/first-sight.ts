/**
 * The pictures a camera put into its file beside the photo: to be looked at until ours are made. Their bytes are of unknown
 * origin: where they lie is read from the head of the file, and what is shown of them are the parts that draw, and no others.
 */
import { viewOf } from "./formats.ts";

/** Where a JPEG lies in a file, in bytes from its start. */
export interface Embedded {
  readonly at: number;
  readonly bytes: number;
}

export interface EmbeddedPictures {
  /** in the order in which they were found; what they are is not known before they are read */
  readonly pictures: readonly Embedded[];
  /** how the camera was held, 1 to 8; null if the file does not say */
  readonly orientation: number | null;
}

/** Bytes of the head that `embeddedIn` wants to see: the EXIF block of a JPEG is 64 KiB at most and need not come first. */
export const SIGHT_HEAD_BYTES = 131_072;

const NONE: EmbeddedPictures = { pictures: [], orientation: null };

/**
 * Looks into EXIF and MPF of a JPEG, the directories of TIFF and of what is built like it, Fujifilm's fixed places and
 * Canon's boxes. What does not lie in the head is not followed.
 *
 * @param head the first `SIGHT_HEAD_BYTES` of the file, or all of a smaller one
 */
export function embeddedIn(head: Uint8Array): EmbeddedPictures {
  const { pictures, orientation } = inAnyFile(head);
  return { pictures: pictures.filter(({ at, bytes }) => at > 0 && bytes > 0), orientation };
}

function inAnyFile(head: Uint8Array): EmbeddedPictures {
  const start = textAt(head, 0, 16);
  if (start.startsWith("\xff\xd8\xff")) return inJpeg(head);
  if (/^(II[*UR]|MM\0\*|MMOR)/.test(start)) return inTiff(head, 0);
  if (start.startsWith("FUJIFILMCCD-RAW")) return inFujifilm(head);
  return start.startsWith("ftypcrx ", 4) ? inCanonBoxes(head) : NONE;
}

const textAt = (bytes: Uint8Array, at: number, length: number): string =>
  String.fromCharCode(...bytes.subarray(at, at + length));

const moved = ({ pictures, orientation }: EmbeddedPictures, by: number): EmbeddedPictures => ({
  pictures: pictures.map(({ at, bytes }) => ({ at: at + by, bytes })),
  orientation,
});

const both = (a: EmbeddedPictures, b: EmbeddedPictures): EmbeddedPictures => ({
  pictures: [...a.pictures, ...b.pictures],
  orientation: a.orientation ?? b.orientation,
});

const MARKER = { app1: 0xe1, app2: 0xe2, scan: 0xda, end: 0xd9 } as const;

/** Of the segments before the picture. */
function inJpeg(head: Uint8Array): EmbeddedPictures {
  let found = NONE;
  for (const { marker, at, end } of segments(head)) {
    if (marker === MARKER.scan) break;
    // Shortened by the head, a block is still good for what lies in front.
    const body = head.subarray(at + 4, end);
    if (marker === MARKER.app1 && textAt(body, 0, 6) === "Exif\0\0")
      found = both(found, moved(inTiff(body.subarray(6), 0), at + 10));
    if (marker === MARKER.app2 && textAt(body, 0, 4) === "MPF\0")
      found = both(found, moved(inMultiPicture(body.subarray(4)), at + 8));
  }
  return found;
}

interface Segment {
  readonly marker: number;
  readonly at: number;
  /** one past its last byte, which may lie beyond what was read */
  readonly end: number;
}

/** The segments of a JPEG up to its first scan, or to what is none. */
function* segments(jpeg: Uint8Array): Generator<Segment> {
  let at = 2;
  while (at + 4 <= jpeg.length && jpeg[at] === 0xff) {
    const marker = jpeg[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const end = at + 2 + wordAt(jpeg, at + 2);
    yield { marker, at, end };
    if (marker === MARKER.scan) return;
    at = end;
  }
}

const wordAt = (bytes: Uint8Array, at: number): number => (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0);

const TAG = {
  rawJpeg: 0x2e,
  subfile: 0xfe,
  compression: 0x103,
  strips: 0x111,
  orientation: 0x112,
  stripBytes: 0x117,
  subDirectories: 0x14a,
  jpegAt: 0x201,
  jpegBytes: 0x202,
  pictures: 0xb002,
} as const;

/** More are not followed: a file may lead round in circles. */
const MAX_DIRECTORIES = 16;
const MAX_VALUES = 16;

interface Directory {
  /** the first numbers of a tag; none if it is not there */
  numbers(tag: number): readonly number[];
  /** where the value of a tag lies, and how many there are of it */
  place(tag: number): Embedded | undefined;
  /** of the directory after this one; 0 for none */
  readonly next: number;
}

function directoryAt(tiff: Uint8Array, at: number): Directory | undefined {
  if (at < 8 || at + 6 > tiff.length) return undefined;
  const view = viewOf(tiff);
  const little = tiff[0] === 0x49;
  const entries = new Map<number, number>();
  const count = view.getUint16(at, little);
  for (let i = 0, entry = at + 2; i < count && entry + 12 <= tiff.length; i += 1, entry += 12)
    entries.set(view.getUint16(entry, little), entry);
  const after = at + 2 + count * 12;

  const numbers = (tag: number): number[] => {
    const entry = entries.get(tag);
    if (entry === undefined) return [];
    const size = SIZES.get(view.getUint16(entry + 2, little)) ?? 0;
    const many = Math.min(view.getUint32(entry + 4, little), MAX_VALUES);
    const from = size * many <= 4 ? entry + 8 : view.getUint32(entry + 8, little);
    if (size === 0 || from + size * many > tiff.length) return [];
    const one = (i: number): number =>
      size === 2 ? view.getUint16(from + i * 2, little) : view.getUint32(from + i * 4, little);
    return Array.from({ length: many }, (_, i) => one(i));
  };
  return {
    numbers,
    place(tag) {
      const entry = entries.get(tag);
      if (entry === undefined) return undefined;
      return { at: view.getUint32(entry + 8, little), bytes: view.getUint32(entry + 4, little) };
    },
    next: after + 4 <= tiff.length ? view.getUint32(after, little) : 0,
  };
}

/** Bytes of a number by its TIFF type: SHORT, LONG, IFD. */
const SIZES: ReadonlyMap<number, number> = new Map([
  [3, 2],
  [4, 4],
  [13, 4],
]);

function inTiff(tiff: Uint8Array, base: number): EmbeddedPictures {
  if (tiff.length < 8) return NONE;
  const waiting = [viewOf(tiff).getUint32(4, tiff[0] === 0x49)];
  const seen = new Set<number>();
  const pictures: Embedded[] = [];
  let orientation: number | null = null;
  for (let at = waiting.shift(); at !== undefined && seen.size < MAX_DIRECTORIES; at = waiting.shift()) {
    const directory = seen.has(at) ? undefined : directoryAt(tiff, at);
    if (directory === undefined) continue;
    if (seen.size === 0) orientation = turnOf(directory.numbers(TAG.orientation)[0]);
    seen.add(at);
    pictures.push(...picturesOf(directory));
    waiting.push(directory.next, ...directory.numbers(TAG.subDirectories));
  }
  return moved({ pictures, orientation }, base);
}

const turnOf = (value: number | undefined): number | null =>
  value !== undefined && value >= 1 && value <= 8 ? value : null;

/** JPEG as TIFF 5.0 had it, and as it has it now. */
const JPEG_COMPRESSIONS: ReadonlySet<number | undefined> = new Set([6, 7]);

function picturesOf(directory: Directory): Embedded[] {
  const one = (tag: number): number => directory.numbers(tag)[0] ?? 0;
  const thumbnail = { at: one(TAG.jpegAt), bytes: one(TAG.jpegBytes) };
  // Said to be the full picture, it is the sensor's.
  const isReduced = directory.numbers(TAG.subfile)[0] !== 0;
  const isJpeg = JPEG_COMPRESSIONS.has(directory.numbers(TAG.compression)[0]);
  const isOnePiece = directory.numbers(TAG.strips).length === 1;
  const strip = { at: one(TAG.strips), bytes: isReduced && isJpeg && isOnePiece ? one(TAG.stripBytes) : 0 };
  const panasonic = directory.place(TAG.rawJpeg) ?? { at: 0, bytes: 0 };
  return [thumbnail, strip, panasonic].filter(({ bytes }) => bytes > 0);
}

const PICTURE_ENTRY_BYTES = 16;

/** CIPA DC-007: a list of 16 bytes each, of which the first is the photo itself. Places count from the list's own header. */
function inMultiPicture(list: Uint8Array): EmbeddedPictures {
  if (list.length < 8) return NONE;
  const view = viewOf(list);
  const little = list[0] === 0x49;
  const place = directoryAt(list, view.getUint32(4, little))?.place(TAG.pictures);
  if (place === undefined) return NONE;
  const many = Math.min(Math.floor(place.bytes / PICTURE_ENTRY_BYTES), MAX_VALUES);
  const entries = Array.from({ length: many }, (_, i) => place.at + i * PICTURE_ENTRY_BYTES);
  const pictures = entries
    .slice(1)
    .filter((entry) => entry + PICTURE_ENTRY_BYTES <= list.length)
    .map((entry) => ({ bytes: view.getUint32(entry + 4, little), at: view.getUint32(entry + 8, little) }));
  return { pictures: pictures.filter(({ at }) => at > 0), orientation: null };
}

const FUJIFILM_JPEG_AT = 84;

/** The JPEG of a RAF is a whole photo, with EXIF and a thumbnail of its own. */
function inFujifilm(head: Uint8Array): EmbeddedPictures {
  if (head.length < FUJIFILM_JPEG_AT + 8) return NONE;
  const view = viewOf(head);
  const jpeg = { at: view.getUint32(FUJIFILM_JPEG_AT), bytes: view.getUint32(FUJIFILM_JPEG_AT + 4) };
  const inside = moved(inJpeg(head.subarray(jpeg.at)), jpeg.at);
  return both(inside, { pictures: [jpeg], orientation: null });
}

const BOX_HEADER = 8;
const UUID_HEADER = 24;
/** Before the JPEG in THMB and PRVW: version, width, height, length. */
const PICTURE_HEADER = 24;

/** CR3: boxes in boxes; of the first, `CMT1` is a TIFF directory that says how the camera was held. */
function inCanonBoxes(head: Uint8Array): EmbeddedPictures {
  let found = NONE;
  const walk = (from: number, to: number, depth: number): void => {
    for (const { name, at, end } of boxes(head, from, to)) {
      if (name === "moov" && depth === 0) walk(at + BOX_HEADER, end, 1);
      // Canon's own box of previews has eight bytes more before the first of them.
      else if (name === "uuid" && depth < 2) {
        walk(at + UUID_HEADER, end, 2);
        walk(at + UUID_HEADER + 8, end, 2);
      } else if (name === "CMT1") {
        const { orientation } = inTiff(head.subarray(at + BOX_HEADER, end), 0);
        found = both(found, { pictures: [], orientation });
      } else if (name === "THMB" || name === "PRVW")
        found = both(found, {
          pictures: [{ at: at + PICTURE_HEADER, bytes: end - at - PICTURE_HEADER }],
          orientation: null,
        });
    }
  };
  walk(0, Number.POSITIVE_INFINITY, 0);
  return found;
}

function* boxes(head: Uint8Array, from: number, to: number): Generator<{ name: string; at: number; end: number }> {
  const view = viewOf(head);
  for (let at = from; at + BOX_HEADER <= Math.min(to, head.length); ) {
    const name = textAt(head, at + 4, 4);
    const end = at + view.getUint32(at);
    if (end < at + BOX_HEADER || end > to || !/^[\w ]{4}$/.test(name)) return;
    yield { name, at, end };
    at = end;
  }
}

/** What a picture before ours is for: a place on the grid, or the whole window. */
export const SIGHTS = ["sight", "sight-large"] as const;
export type Sight = (typeof SIGHTS)[number];

const GRID_BYTES = 262_144;
/** Larger ones are not worth the wait: ours are made by then. */
const MAX_SIGHT_BYTES = 8_388_608;

/** In the order in which they should be tried: a length says enough about how large a picture is. */
export function preferred(pictures: readonly Embedded[], sight: Sight): Embedded[] {
  const most = sight === "sight" ? GRID_BYTES : MAX_SIGHT_BYTES;
  const sane = pictures.filter(({ bytes }) => bytes <= MAX_SIGHT_BYTES);
  return [
    ...sane.filter(({ bytes }) => bytes <= most).sort((a, b) => b.bytes - a.bytes),
    ...sane.filter(({ bytes }) => bytes > most).sort((a, b) => a.bytes - b.bytes),
  ];
}

const MAX_SIGHT_PIXELS = 64_000_000;

/** Tables, frames that browsers decode, restarts, scans, and Adobe's word on how its colours are stored. */
const DRAWS: ReadonlySet<number> = new Set([0xdb, 0xc4, 0xc0, 0xc1, 0xc2, 0xdd, MARKER.scan, 0xee]);
const FRAMES: ReadonlySet<number> = new Set([0xc0, 0xc1, 0xc2]);
const START = Uint8Array.of(0xff, 0xd8);
const END = Uint8Array.of(0xff, MARKER.end);

/**
 * A JPEG as it may be shown: only what draws, made anew around it, with one tag that says how the camera was held. No
 * tags, no place on earth, nothing behind the end.
 *
 * @param orientation of the file it lay in; its own word on that wins
 * @returns undefined for what is no whole JPEG that a browser decodes
 */
export function showable(jpeg: Uint8Array, orientation: number | null): Uint8Array | undefined {
  if (jpeg[0] !== 0xff || jpeg[1] !== 0xd8) return undefined;
  const own = inJpeg(jpeg.subarray(0, SIGHT_HEAD_BYTES)).orientation ?? orientation;
  const drawing = drawingParts(jpeg);
  return drawing && joined([START, ...(own === null ? [] : [orientationBlock(own)]), ...drawing, END]);
}

/** @returns undefined unless there are one frame, a scan after it, and the end */
function drawingParts(jpeg: Uint8Array): Uint8Array[] | undefined {
  const kept: Uint8Array[] = [];
  let [frames, scans] = [0, 0];
  for (let at = 2; at + 2 <= jpeg.length; ) {
    const marker = jpeg[at] === 0xff ? (jpeg[at + 1] ?? 0) : 0;
    if (marker === MARKER.end) return scans > 0 ? kept : undefined;
    const end = endOfPart(jpeg, at, marker);
    if (end === undefined) return undefined;
    const part = jpeg.subarray(at, end);
    if (FRAMES.has(marker)) frames += isSaneFrame(part) ? 1 : 2;
    if (marker === MARKER.scan) scans += 1;
    if (frames > 1 || scans > frames * MAX_SCANS) return undefined;
    if (DRAWS.has(marker)) kept.push(part);
    at = end;
  }
  return undefined;
}

/** A progressive picture has about ten; thousands of them over one frame are an attack. */
const MAX_SCANS = 32;

/** @returns undefined for what cannot stand here, or is cut off */
function endOfPart(jpeg: Uint8Array, at: number, marker: number): number | undefined {
  if (marker === 0xff) return at + 1;
  // Below are lossless and arithmetic frames, which no browser decodes, and what is no marker of a part.
  if (marker < 0xc0 || (marker >= 0xd0 && marker <= 0xd9)) return undefined;
  const length = wordAt(jpeg, at + 2);
  const end = at + 2 + length;
  if (length < 2 || end > jpeg.length) return undefined;
  return marker === MARKER.scan ? endOfScan(jpeg, end) : end;
}

/** Where the next marker is that is neither a stuffed byte nor a restart. */
function endOfScan(jpeg: Uint8Array, from: number): number {
  for (let at = jpeg.indexOf(0xff, from); at >= 0; at = jpeg.indexOf(0xff, at)) {
    const next = jpeg[at + 1] ?? 0xff;
    if (next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return at;
    at += next === 0xff ? 1 : 2;
  }
  return jpeg.length;
}

function isSaneFrame(frame: Uint8Array): boolean {
  const [height, width, components] = [wordAt(frame, 5), wordAt(frame, 7), frame[9]];
  const hasPixels = width > 0 && height > 0 && width * height <= MAX_SIGHT_PIXELS;
  return frame[4] === 8 && hasPixels && (components === 1 || components === 3);
}

/** An EXIF block with that one tag, to be put after the two bytes that start every JPEG. */
export const orientationBlock = (orientation: number): Uint8Array =>
  Uint8Array.from(
    `\xff\xe1\0\x22Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0${String.fromCharCode(orientation)}\0\0\0\0\0\0`,
    (character) => character.charCodeAt(0),
  );

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
