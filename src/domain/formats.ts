/** The formats there are, told by their first bytes and never by their name. */

import { isTiffCut } from "./tiff-end.ts";

export const IMAGE_TYPES = ["jpeg", "png", "webp", "tiff", "gif", "avif", "heic", "raw"] as const;
export type ImageType = (typeof IMAGE_TYPES)[number];

interface OtherKind {
  /** what the file is, as the end of a sentence */
  readonly what: string;
  /** the programs that read it, and what to do there */
  readonly opens: string;
  /** a picture we cannot read; everything else is no photo at all */
  readonly isPicture: boolean;
}

/** What a file can turn out to be although we cannot take it: its name for the person, and who can read it. */
const OTHER_KINDS = {
  jxl: { what: "JPEG XL", opens: "darktable, GIMP 3 and Affinity Photo can export it as JPEG", isPicture: true },
  jp2: { what: "JPEG 2000", opens: "GIMP, XnView and IrfanView can export it as JPEG", isPicture: true },
  psd: {
    what: "a Photoshop document",
    opens: "Photoshop, Affinity Photo and GIMP can export it as JPEG",
    isPicture: true,
  },
  bmp: { what: "a BMP picture", opens: "Paint, Preview and GIMP can save it as JPEG or PNG", isPicture: true },
  svg: { what: "an SVG drawing", opens: "a browser or Inkscape shows it", isPicture: false },
  pdf: { what: "a PDF", opens: "any PDF reader shows it", isPicture: false },
  zip: { what: "a ZIP archive", opens: "unpack it and drop the photos in it", isPicture: false },
  html: { what: "a web page", opens: "a browser shows it; a download may have failed", isPicture: false },
  video: { what: "a video", opens: "VLC plays it", isPicture: false },
  text: { what: "text", opens: "any editor shows it", isPicture: false },
  unknown: { what: "no known kind of file", opens: "try to open it on the device it came from", isPicture: false },
} as const satisfies Record<string, OtherKind>;

type OtherType = keyof typeof OTHER_KINDS;

export type FileType = ImageType | OtherType;

/** What a file we cannot take is, and which program can read it. */
export const kindOf = (type: OtherType): OtherKind => OTHER_KINDS[type];

/** Bytes of the head that `sniff` and `declaredBytes` want to see: the index of an iPhone's HEIC takes 5 to 20 KiB. */
export const HEAD_BYTES = 65_536;

/** Bytes of the tail that `tailFlaw` wants to see: room for padding and for a maker's trailer. */
export const TAIL_BYTES = 65_536;

/** What makers call their RAW files: Canon, Nikon, Sony, Adobe and phones, Fujifilm, Panasonic, Olympus, Pentax, Samsung. */
export const RAW_EXTENSIONS: ReadonlySet<string> = new Set("cr2 cr3 nef arw dng raf rw2 orf pef srw".split(" "));

const EXTENSIONS: ReadonlySet<string> = new Set([
  ..."jpg jpeg jpe png webp tif tiff gif avif heic heif hif jxl".split(" "),
  ...RAW_EXTENSIONS,
]);

/** File names that are taken for photos; whether they are is for `validate` to say. */
export const looksLikePhoto = (name: string): boolean => EXTENSIONS.has(extensionOf(name));

/** Does the name say RAW? A RAW beside a JPEG of the same name travels with it. */
export const isRawName = (name: string): boolean => RAW_EXTENSIONS.has(extensionOf(name));

export function extensionOf(name: string): string {
  const dot = name.lastIndexOf(".");
  return dot <= 0 ? "" : name.slice(dot + 1).toLowerCase();
}

const ascii = (head: Uint8Array, from: number, length: number): string =>
  String.fromCharCode(...head.subarray(from, from + length));

const startsWith = (head: Uint8Array, ...bytes: number[]): boolean => bytes.every((byte, i) => head[i] === byte);

/** Signatures that say all there is to say, in bytes as Latin-1; the longest first where one begins another. */
const SIGNATURES: readonly (readonly [signature: string, type: FileType])[] = [
  ["\xff\xd8\xff", "jpeg"],
  ["\x89PNG\r\n\x1a\n", "png"],
  ["GIF8", "gif"],
  ["FUJIFILMCCD-RAW", "raw"],
  ["IIU\0", "raw"],
  ["IIRO", "raw"],
  ["IIRS", "raw"],
  ["MMOR", "raw"],
  ["\xff\x0a", "jxl"],
  ["\0\0\0\x0cJXL \r\n\x87\n", "jxl"],
  ["\0\0\0\x0cjP  \r\n\x87\n", "jp2"],
  ["\xff\x4f\xff\x51", "jp2"],
  ["8BPS", "psd"],
  ["%PDF-", "pdf"],
  ["PK\x03\x04", "zip"],
  ["\x1aE\xdf\xa3", "video"],
];

const isTiffLike = (head: Uint8Array): boolean => /^(II\*\0|MM\0\*)/.test(ascii(head, 0, 4));

/** @param head the first `HEAD_BYTES` of the file, or all of a smaller one */
export function sniff(head: Uint8Array): FileType {
  const start = ascii(head, 0, 16);
  const known = SIGNATURES.find(([signature]) => start.startsWith(signature));
  if (known !== undefined) return known[1];
  if (isTiffLike(head)) return tiffOrRaw(head);
  if (start.startsWith("RIFF")) return riffOf(start.slice(8, 12));
  if (start.slice(4, 8) === "ftyp") return brandOf(head);
  return isBmp(head) ? "bmp" : textual(head);
}

const riffOf = (form: string): FileType => (form === "WEBP" ? "webp" : form === "AVI " ? "video" : "unknown");

// Two letters are little to go by: the size of the second header, of which there are five, settles it.
const isBmp = (head: Uint8Array): boolean =>
  ascii(head, 0, 2) === "BM" &&
  startsWith(head.subarray(6), 0, 0, 0, 0) &&
  [12, 40, 56, 108, 124].includes(head[14] ?? 0);

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

const MAKE = 0x10f;
const RAW_MAKERS: readonly (readonly [make: RegExp, extension: string])[] = [
  [/^nikon/i, "nef"],
  [/^sony/i, "arw"],
  [/^(pentax|ricoh)/i, "pef"],
  [/^samsung/i, "srw"],
];
const RAW_SIGNATURES: readonly (readonly [at: number, signature: string, extension: string])[] = [
  [8, "CR", "cr2"],
  [4, "ftyp", "cr3"],
  [0, "FUJIFILM", "raf"],
  [0, "IIU", "rw2"],
  [0, "IIR", "orf"],
  [0, "MMOR", "orf"],
];

/**
 * The extension a file should have, by its content: ExifTool believes a RAW's name, and finds less in one with the wrong one.
 */
export function extensionFor(type: ImageType, head: Uint8Array): string {
  if (type !== "raw") return type === "jpeg" ? "jpg" : type;
  const known = RAW_SIGNATURES.find(([at, signature]) => ascii(head, at, signature.length) === signature);
  if (known !== undefined) return known[2];
  const tags = firstDirectory(head);
  if (tags.has(TIFF_TAG.dngVersion)) return "dng";
  const make = ascii(head, tags.get(MAKE) ?? head.length, 8);
  return RAW_MAKERS.find(([maker]) => maker.test(make))?.[1] ?? "tif";
}

const SHORT = 3;

/** Numbers of a TIFF file's first directory by tag; empty if it does not lie in the head, as in files written front to back. */
function firstDirectory(head: Uint8Array): ReadonlyMap<number, number> {
  const view = viewOf(head);
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

const TEXT_BYTES = 4_096;

function textual(head: Uint8Array): FileType {
  if (head.length === 0) return "unknown";
  const text = new TextDecoder("utf-8", { fatal: false }).decode(head.subarray(0, TEXT_BYTES)).trimStart();
  if (/<svg[\s>]/i.test(text)) return "svg";
  if (/^<(!doctype|html)/i.test(text)) return "html";
  const controls = head.subarray(0, TEXT_BYTES).filter((byte) => byte < 9 || (byte > 13 && byte < 32)).length;
  return controls === 0 ? "text" : "unknown";
}

export const isImage = (type: FileType): type is ImageType => IMAGE_TYPES.some((image) => image === type);

/** What the end of a file says about its completeness. */
export type TailFlaw = "zeros" | "no-end-marker";

const ZERO_RUN_BYTES = 4_096;

/** Name and checksum of the last chunk, which is empty: the name alone may be followed by bytes that are still to come. */
const PNG_END = [0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82] as const;

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
    default:
      return undefined;
  }
}

// Some file systems keep small files elsewhere than in blocks, and some made by programs count none at all.
const SURELY_IN_BLOCKS_BYTES = 65_536;

/**
 * A cloud folder shows files whose bytes are not on this machine: a length, nothing on the disk, zeros where they are read.
 *
 * @param blocks what the disk has given to the file, as `stat` says
 */
export const isPlaceholder = (bytes: number, blocks: number, head: Uint8Array): boolean =>
  blocks === 0 && bytes > SURELY_IN_BLOCKS_BYTES && lastNonZero(head) === 0;

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
 * Bytes a container declares for itself; a shorter file is incomplete. A longer one is none of our business: makers append.
 *
 * For HEIC and AVIF it is the whole file, as their index lies in front and is small. For CR3 it is less than that: the
 * boxes before its sensor data do not fit into any reasonable head.
 *
 * @returns undefined where the format does not say
 */
export function declaredBytes(type: FileType, head: Uint8Array): number | undefined {
  switch (type) {
    case "webp":
      return head.length < 8 ? undefined : viewOf(head).getUint32(4, true) + 8;
    case "heic":
    case "avif":
      return endOfBoxes(head);
    case "raw":
      return ascii(head, 4, 4) === "ftyp" ? endOfBoxes(head) : endOfFujifilm(head);
    default:
      return undefined;
  }
}

export const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.length);

/** Where the last top-level box that begins in the head ends; what is no box any more ends the walk. */
function endOfBoxes(head: Uint8Array): number | undefined {
  let end = 0;
  for (;;) {
    const size = boxSize(head, end);
    // The last box may leave its size open: it reaches to the end of the file, wherever that is.
    if (size === undefined || size === 0) return end === 0 ? undefined : end;
    end += size;
  }
}

/** @returns 0 for a box that reaches to the end of the file, undefined for none */
function boxSize(head: Uint8Array, at: number): number | undefined {
  if (at + 16 > head.length || !/^[\w ]{4}$/.test(ascii(head, at + 4, 4))) return undefined;
  const view = viewOf(head);
  const size = view.getUint32(at);
  if (size === 0) return 0;
  const whole = size === 1 ? Number(view.getBigUint64(at + 8)) : size;
  return whole < 8 || !Number.isSafeInteger(at + whole) ? undefined : whole;
}

/** RAF: place and length of the JPEG, of the camera's settings and of the sensor data stand at fixed places. */
function endOfFujifilm(head: Uint8Array): number | undefined {
  if (ascii(head, 0, 15) !== "FUJIFILMCCD-RAW" || head.length < 108) return undefined;
  const view = viewOf(head);
  return Math.max(...[84, 92, 100].map((at) => view.getUint32(at) + view.getUint32(at + 4)));
}

/** What makes a file look unfinished; `no-end-marker` means "wait", the others "not all there". */
export type StructureFlaw = TailFlaw | "short";

/**
 * Everything the two ends of a file tell about its completeness. Pure, and cheap enough to be asked at every look.
 *
 * @param head the first `HEAD_BYTES`, or all of a smaller file
 * @param tail the last `TAIL_BYTES`, or all of a smaller file
 * @param bytes size of the whole file
 */
export function structureFlaw(head: Uint8Array, tail: Uint8Array, bytes: number): StructureFlaw | undefined {
  const type = sniff(head);
  if (bytes < (declaredBytes(type, head) ?? 0) || isBarelyBegun(type, tail, bytes)) return "short";
  return tailFlaw(type, tail) ?? closerFlaw(type, head, tail, bytes);
}

/** What the tail alone does not tell. */
function closerFlaw(type: FileType, head: Uint8Array, tail: Uint8Array, bytes: number): StructureFlaw | undefined {
  if (isTiffLike(head)) return isTiffCut(head, tail, bytes) ? "short" : undefined;
  if (type === "png") return holds(tail, ...PNG_END) ? undefined : "no-end-marker";
  if (type !== "jpeg") return undefined;
  const picture = pictureTail(head, tail, bytes);
  return picture.length === 0 ? "no-end-marker" : tailFlaw(type, picture);
}

/** No format can be told from fewer bytes. */
const LEAST_BYTES = 16;

/** What is nothing yet may have got its length before its bytes, and be shorter than the run of zeros of a larger file. */
const isBarelyBegun = (type: FileType, tail: Uint8Array, bytes: number): boolean =>
  (type === "unknown" || type === "text") && (bytes < LEAST_BYTES || tail[tail.length - 1] === 0);

/** The tail without what lies before the picture of a JPEG: a thumbnail in there has an end marker of its own. */
function pictureTail(head: Uint8Array, tail: Uint8Array, bytes: number): Uint8Array {
  return tail.subarray(Math.max(0, pictureStart(head) - (bytes - tail.length)));
}

const JPEG_SCAN = 0xda;

/** Where the picture of a JPEG begins, or how far at least the segments before it reach, if they do not fit into the head. */
function pictureStart(head: Uint8Array): number {
  let at = 2;
  while (at + 4 <= head.length && head[at] === 0xff && head[at + 1] !== JPEG_SCAN)
    at += head[at + 1] === 0xff ? 1 : 2 + (head[at + 2] ?? 0) * 256 + (head[at + 3] ?? 0);
  return at;
}

/**
 * Is the end there, in a format whose end can be told from its middle? Then nothing more is to come. A thumbnail inside a
 * JPEG has an end marker too, so it must be the very last thing, and lie in the picture.
 *
 * @param bytes length of the file
 */
export function hasProvenEnd(head: Uint8Array, tail: Uint8Array, bytes: number): boolean {
  switch (sniff(head)) {
    case "jpeg": {
      const picture = pictureTail(head, tail, bytes);
      const end = lastNonZero(picture);
      return picture[end - 2] === 0xff && picture[end - 1] === 0xd9;
    }
    case "png":
      return PNG_END.every((byte, i) => tail[tail.length - PNG_END.length + i] === byte);
    case "gif":
      return tail[tail.length - 1] === 0x3b;
    default:
      return false;
  }
}
