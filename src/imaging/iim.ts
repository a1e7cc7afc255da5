/** The older of the two ways to write words into a photo: IPTC-IIM, records of numbered datasets. */

/** Values by dataset of record 2, in the order of the file. */
export type Iim = ReadonlyMap<number, readonly string[]>;

const MARK = 0x1c;
const CHARACTER_SET = 90;
const UTF8 = "\x1b%G";
/** A dataset of more bytes says its length in another way; no text is that long. */
const MAX_LENGTH = 0x7fff;

/** @param block the datasets themselves, or the Photoshop resources in which JPEG files wrap them */
export function readIim(block: Uint8Array): Iim {
  const bytes = Buffer.from(datasetsIn(Buffer.from(block)));
  const found: { readonly record: number; readonly dataset: number; readonly value: Buffer }[] = [];
  for (let at = 0; at + 5 <= bytes.length && bytes[at] === MARK; ) {
    const length = bytes.readUInt16BE(at + 3);
    if (length > MAX_LENGTH || at + 5 + length > bytes.length) break;
    found.push({
      record: bytes[at + 1] ?? 0,
      dataset: bytes[at + 2] ?? 0,
      value: bytes.subarray(at + 5, at + 5 + length),
    });
    at += 5 + length;
  }
  const isUtf8 = found.some(
    ({ record, dataset, value }) => record === 1 && dataset === CHARACTER_SET && value.toString("latin1") === UTF8,
  );
  const texts = found.filter(({ record }) => record === 2);
  const groups = Map.groupBy(texts, ({ dataset }) => dataset);
  return new Map([...groups].map(([dataset, values]) => [dataset, values.map(({ value }) => textOf(value, isUtf8))]));
}

/**
 * A file that does not say its character set is in Latin-1 by the standard and in UTF-8 by half of the programs. Latin-1
 * text that happens to be UTF-8 does not occur, so what reads as UTF-8 is.
 */
function textOf(value: Buffer, isUtf8: boolean): string {
  try {
    return new TextDecoder("utf-8", { fatal: !isUtf8 }).decode(value);
  } catch {
    return new TextDecoder("windows-1252").decode(value);
  }
}

const RESOURCE = "8BIM";
const IPTC_RESOURCE = 0x0404;

/** Photoshop's resources: a mark, a number, a padded name, a length, padded bytes. */
function datasetsIn(block: Buffer): Buffer {
  let at = block.indexOf(RESOURCE);
  while (at >= 0 && at + 12 <= block.length && block.toString("latin1", at, at + 4) === RESOURCE) {
    const nameBytes = 1 + (block[at + 6] ?? 0);
    const lengthAt = at + 6 + nameBytes + (nameBytes % 2);
    if (lengthAt + 4 > block.length) return Buffer.alloc(0);
    const length = block.readUInt32BE(lengthAt);
    const data = block.subarray(lengthAt + 4, lengthAt + 4 + length);
    if (block.readUInt16BE(at + 4) === IPTC_RESOURCE) return data;
    at = lengthAt + 4 + length + (length % 2);
  }
  return block;
}
