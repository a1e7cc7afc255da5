import { type FileHandle, open } from "node:fs/promises";
import { closing } from "../files.ts";

/** Annex K of the JPEG standard: the luminance table that stands for quality 50, in zigzag order as files have it. */
const STANDARD = [
  16, 11, 12, 14, 12, 10, 16, 14, 13, 14, 18, 17, 16, 19, 24, 40, 26, 24, 22, 22, 24, 49, 35, 37, 29, 40, 58, 51, 61,
  60, 57, 51, 56, 55, 64, 72, 92, 78, 64, 68, 87, 69, 55, 56, 80, 109, 81, 87, 95, 98, 103, 104, 103, 62, 77, 113, 121,
  112, 100, 120, 92, 101, 103, 99,
];

const MARKER = { prefix: 0xff, start: 0xd8, tables: 0xdb, scan: 0xda } as const;

/** More segments than any camera writes before its tables. */
const MOST_SEGMENTS = 200;

/**
 * The quality a JPEG was written with, by its luminance quantization table: exact for what libjpeg wrote, near for others.
 *
 * @returns 1 to 100; null for what is no JPEG, or has no tables before its picture
 */
export async function jpegQuality(file: string): Promise<number | null> {
  const handle = await open(file);
  return closing(handle, async () => {
    if (!(await bytesAt(handle, 0, 2)).equals(Buffer.from([MARKER.prefix, MARKER.start]))) return null;
    let at = 2;
    for (let segment = 0; segment < MOST_SEGMENTS; segment += 1) {
      const head = await bytesAt(handle, at, 4);
      if (head.length < 4 || head[0] !== MARKER.prefix || head[1] === MARKER.scan) return null;
      const size = head.readUInt16BE(2);
      if (head[1] === MARKER.tables) {
        const quality = qualityIn(await bytesAt(handle, at + 4, size - 2));
        if (quality !== null) return quality;
      }
      at += 2 + size;
    }
    return null;
  });
}

async function bytesAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(Math.max(0, length));
  const { bytesRead } = await handle.read(bytes, 0, bytes.length, position);
  return bytes.subarray(0, bytesRead);
}

/** @param tables one after another, each with a byte of precision and number before it; luminance is number 0 */
function qualityIn(tables: Buffer): number | null {
  for (let at = 0; at < tables.length; ) {
    const kind = tables[at] ?? 0;
    const width = kind >> 4 === 0 ? 1 : 2;
    const table = tables.subarray(at + 1, at + 1 + 64 * width);
    if ((kind & 15) === 0 && table.length === 64 * width) return qualityOf(table, width);
    at += 1 + 64 * width;
  }
  return null;
}

/** Values that were cut off at either end say nothing about the rest. */
function qualityOf(table: Buffer, width: number): number {
  const values = STANDARD.map((_, i) => table.readUIntBE(i * width, width));
  const scales = values.flatMap((value, i) =>
    value > 1 && value < LARGEST ? [(100 * value) / (STANDARD[i] ?? 1)] : [],
  );
  if (scales.length === 0) return values[0] === 1 ? 100 : 1;
  const scale = scales.reduce((sum, one) => sum + one, 0) / scales.length;
  return Math.min(100, Math.max(1, scale <= 100 ? (200 - scale) / 2 : 5_000 / scale));
}

/** Of a baseline JPEG. */
const LARGEST = 255;
