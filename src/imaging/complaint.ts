import type { FaultCode } from "../domain/fault.ts";

/** What libvips and its loaders say, made into a code and one readable line. */
export interface Complaint {
  readonly code: FaultCode;
  readonly message: string;
}

// The words libvips and its loaders have for the end of a file that comes too soon.
const TRUNCATED =
  /premature end(?! of data segment)|unexpected end|truncated|end of (file|stream)|not enough (data|image data)|short read|outside of file bounds|got \d+ bytes, expected/i;

/** Said at every picture, or only in passing: nothing anybody could make use of. */
const NOISE =
  /^Warning treated as error|: bad seek to \d+$|^tiff2vips: read error$|^error in tile \d|^\s*\(\d+\.\d+\)$/;

/** Who says it, and numbers of theirs. */
const SPEAKERS =
  /^(Input (file|buffer) has corrupt header: ?|VipsJpeg: |\w+2vips: |\w+load(_\w+)?: |(vipspng|heif|webp): |source input: )+|\s*\(\d+\.\d+\)$/g;

const UNKNOWN_TO_ALL = /contains unsupported image format/;

const MEGA = 1_000_000;
const MAX_LINES = 2;
const MAX_LENGTH = 200;

/**
 * @param message what was thrown, often many lines, with paths of ours in them
 * @param maxPixels the limit that was set
 */
export function complaintOf(message: string, maxPixels: number): Complaint {
  if (/exceeds pixel limit/i.test(message))
    return { code: "photo.too-many-pixels", message: `it has more than ${maxPixels / MEGA} megapixels` };
  const code = TRUNCATED.test(message) ? "photo.truncated" : "photo.undecodable";
  if (UNKNOWN_TO_ALL.test(message)) return { code, message: "it begins like a picture, but no decoder can read on" };
  const lines = message
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !NOISE.test(line))
    .map((line) => line.replaceAll(SPEAKERS, ""));
  const said = [...new Set(lines)].slice(0, MAX_LINES).join("; ");
  return { code, message: said === "" ? "the decoder cannot read on" : said.slice(0, MAX_LENGTH) };
}
