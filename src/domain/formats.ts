/** The accepted formats, told by their first bytes and never by their name. */

export type ImageType = "jpeg" | "png" | "webp" | "tiff" | "gif" | "avif";

/** What a file turned out to be although we cannot take it; said to the person by name. */
type OtherType = "heic" | "raw" | "svg" | "pdf" | "zip" | "html" | "video" | "text" | "unknown";

export type FileType = ImageType | OtherType;

/** Bytes of the head that `sniff` wants to see. */
export const HEAD_BYTES = 4_096;

/** Bytes of the tail that `tailFlaw` wants to see: room for padding and for a maker's trailer. */
export const TAIL_BYTES = 65_536;

/** What makers call their RAW files. */
export const RAW_EXTENSIONS: ReadonlySet<string> = new Set("cr2 cr3 nef arw dng raf rw2 orf pef srw".split(" "));

const EXTENSIONS: ReadonlySet<string> = new Set([
  ..."jpg jpeg jpe png webp tif tiff gif avif heic heif hif".split(" "),
  ...RAW_EXTENSIONS,
]);

/** File names that are taken for photos; whether they are is for `validate` to say. */
export const looksLikePhoto = (name: string): boolean => EXTENSIONS.has(extensionOf(name));

export function extensionOf(name: string): string {
  const dot = name.lastIndexOf(".");
  return dot <= 0 ? "" : name.slice(dot + 1).toLowerCase();
}

const ascii = (head: Uint8Array, from: number, length: number): string =>
  String.fromCharCode(...head.subarray(from, from + length));

const startsWith = (head: Uint8Array, ...bytes: number[]): boolean => bytes.every((byte, i) => head[i] === byte);

/** @param head the first `HEAD_BYTES` of the file, or all of a smaller one */
export function sniff(head: Uint8Array): FileType {
  if (startsWith(head, 0xff, 0xd8, 0xff)) return "jpeg";
  if (startsWith(head, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return "png";
  if (ascii(head, 0, 4) === "RIFF" && ascii(head, 8, 4) === "WEBP") return "webp";
  if (ascii(head, 0, 4) === "GIF8") return "gif";
  if (startsWith(head, 0x49, 0x49, 0x2a, 0) || startsWith(head, 0x4d, 0x4d, 0, 0x2a)) return tiffOrRaw(head);
  if (ascii(head, 4, 4) === "ftyp") return brandOf(head);
  if (ascii(head, 0, 15) === "FUJIFILMCCD-RAW" || startsWith(head, 0x49, 0x49, 0x55, 0)) return "raw";
  if (ascii(head, 0, 4) === "IIRO" || ascii(head, 0, 4) === "MMOR") return "raw";
  if (ascii(head, 0, 5) === "%PDF-") return "pdf";
  if (startsWith(head, 0x50, 0x4b, 3, 4)) return "zip";
  return textual(head);
}

const TIFF_TAG = { subfile: 0xfe, compression: 0x103, photometric: 0x106, dngVersion: 0xc612 };
// JPEG as before TIFF 6.0, and what Sony, Nikon and Pentax press their sensors' data with.
const RAW_COMPRESSIONS: ReadonlySet<number | undefined> = new Set([6, 32_767, 34_713, 65_534, 65_535]);
// Colour filter array, linear raw.
const RAW_PHOTOMETRICS: ReadonlySet<number | undefined> = new Set([32_803, 34_892]);

// CR2 and most other RAW files are TIFF containers whose first picture is a stamp-sized thumbnail: opened as TIFF they
// would silently yield that. Told by the first directory, not by the maker's name, which exported TIFF files carry too.
function tiffOrRaw(head: Uint8Array): FileType {
  if (ascii(head, 8, 2) === "CR") return "raw";
  const tags = firstDirectory(head);
  const isRaw =
    tags.has(TIFF_TAG.dngVersion) ||
    ((tags.get(TIFF_TAG.subfile) ?? 0) & 1) === 1 ||
    RAW_COMPRESSIONS.has(tags.get(TIFF_TAG.compression)) ||
    RAW_PHOTOMETRICS.has(tags.get(TIFF_TAG.photometric));
  return isRaw ? "raw" : "tiff";
}

const SHORT = 3;

/** Numbers of a TIFF file's first directory by tag; empty if it does not lie in the head, as in files written front to back. */
function firstDirectory(head: Uint8Array): ReadonlyMap<number, number> {
  const view = new DataView(head.buffer, head.byteOffset, head.length);
  const little = head[0] === 0x49;
  const tags = new Map<number, number>();
  const start = head.length < 8 ? 0 : view.getUint32(4, little);
  if (start < 8 || start + 2 > head.length) return tags;
  const count = view.getUint16(start, little);
  for (let at = start + 2, i = 0; i < count && at + 12 <= head.length; at += 12, i += 1) {
    const isShort = view.getUint16(at + 2, little) === SHORT;
    tags.set(view.getUint16(at, little), isShort ? view.getUint16(at + 8, little) : view.getUint32(at + 8, little));
  }
  return tags;
}

function brandOf(head: Uint8Array): FileType {
  const brand = ascii(head, 8, 4);
  const brands = ascii(head, 8, Math.min(head.length - 8, 64));
  if (brand === "crx ") return "raw";
  if (/avif|avis/.test(brands)) return "avif";
  if (/heic|heix|hevc|heim|heis|mif1|msf1/.test(brands)) return "heic";
  return "video";
}

function textual(head: Uint8Array): FileType {
  if (head.length === 0) return "unknown";
  const text = new TextDecoder("utf-8", { fatal: false }).decode(head).trimStart();
  if (/<svg[\s>]/i.test(text)) return "svg";
  if (/^<(!doctype|html)/i.test(text)) return "html";
  const controls = head.filter((byte) => byte < 9 || (byte > 13 && byte < 32)).length;
  return controls === 0 ? "text" : "unknown";
}

export const isImage = (type: FileType): type is ImageType => IMAGE_TYPES.has(type);
const IMAGE_TYPES: ReadonlySet<FileType> = new Set(["jpeg", "png", "webp", "tiff", "gif", "avif"]);

/** What the end of a file says about its completeness. */
export type TailFlaw = "zeros" | "no-end-marker";

const ZERO_RUN_BYTES = 4_096;

/**
 * A half-copied file often has its final size already and zeros where the rest will be. Such a file decodes without
 * complaint, so the tail is looked at: 4 KiB of zeros, or a missing end marker in the formats that have a reliable one.
 *
 * A missing marker alone is no proof: one camera JPEG in eight carries a maker's trailer after it. It means "wait".
 *
 * @param tail the last `TAIL_BYTES` of the file, or all of a smaller one
 */
export function tailFlaw(type: FileType, tail: Uint8Array): TailFlaw | undefined {
  const end = lastNonZero(tail);
  // Some cameras pad a whole file with zeros to the next block.
  if (type === "jpeg" && tail[end - 2] === 0xff && tail[end - 1] === 0xd9) return undefined;
  if (tail.length - end >= Math.min(ZERO_RUN_BYTES, tail.length)) return "zeros";
  switch (type) {
    case "jpeg":
      return holds(tail, 0xff, 0xd9) ? undefined : "no-end-marker";
    case "png":
      return holds(tail, 0x49, 0x45, 0x4e, 0x44) ? undefined : "no-end-marker";
    case "gif":
      return tail[end - 1] === 0x3b ? undefined : "no-end-marker";
    case "webp":
    case "tiff":
    case "avif":
    case "heic":
    case "raw":
    case "svg":
    case "pdf":
    case "zip":
    case "html":
    case "video":
    case "text":
    case "unknown":
      return undefined;
  }
}

/** One past the last byte that is not zero. */
function lastNonZero(bytes: Uint8Array): number {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end -= 1;
  return end;
}

function holds(bytes: Uint8Array, ...mark: number[]): boolean {
  for (let at = bytes.length - mark.length; at >= 0; at -= 1)
    if (mark.every((byte, i) => bytes[at + i] === byte)) return true;
  return false;
}

/**
 * Bytes a container declares for itself; a shorter file is incomplete.
 *
 * @returns undefined where the format does not say
 */
export function declaredBytes(type: FileType, head: Uint8Array): number | undefined {
  if (type !== "webp" || head.length < 8) return undefined;
  return new DataView(head.buffer, head.byteOffset).getUint32(4, true) + 8;
}

/** What the ends of a file say about its completeness. */
export type StructureFlaw = TailFlaw | "short";

/** @param bytes length of the file */
export function structureFlaw(head: Uint8Array, tail: Uint8Array, bytes: number): StructureFlaw | undefined {
  const type = sniff(head);
  const declared = declaredBytes(type, head);
  return declared !== undefined && bytes < declared ? "short" : tailFlaw(type, tail);
}

/**
 * Is the end there, in a format whose end can be told from its middle? Then nothing more is to come. A thumbnail inside a
 * JPEG has an end marker too, so it must be the very last thing.
 */
export function hasProvenEnd(head: Uint8Array, tail: Uint8Array): boolean {
  const end = lastNonZero(tail);
  switch (sniff(head)) {
    case "jpeg":
      return tail[end - 2] === 0xff && tail[end - 1] === 0xd9;
    case "png":
      return ascii(tail, tail.length - 8, 4) === "IEND";
    case "gif":
      return tail[tail.length - 1] === 0x3b;
    default:
      return false;
  }
}
