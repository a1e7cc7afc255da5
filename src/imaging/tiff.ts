export interface Pixels {
  /** interleaved, 8 bits a channel, no padding */
  readonly data: Buffer;
  readonly width: number;
  readonly height: number;
  readonly channels: 3 | 4;
}

const SHORT = 3;
const LONG = 4;
const UNDEFINED = 7;
const BYTES: Readonly<Record<number, number>> = { [SHORT]: 2, [LONG]: 4, [UNDEFINED]: 1 };
/** Rows that are read at once; the whole picture as one strip would be held in memory twice. */
const STRIP_ROWS = 64;
const HEADER_BYTES = 8;

type Entry = readonly [tag: number, type: number, values: readonly number[] | Uint8Array];

/** An uncompressed RGB or RGBA TIFF: how decoded pixels and their colour profile travel to sharp together. */
export function tiffOf({ data, width, height, channels }: Pixels, profile?: Uint8Array): Buffer {
  const strips = Math.ceil(height / STRIP_ROWS);
  const stripBytes = width * channels * STRIP_ROWS;
  const entries = (pixelsAt: number): Entry[] => [
    [256, LONG, [width]],
    [257, LONG, [height]],
    [258, SHORT, Array.from({ length: channels }, () => 8)],
    [259, SHORT, [1]],
    [262, SHORT, [2]],
    [273, LONG, Array.from({ length: strips }, (_, i) => pixelsAt + i * stripBytes)],
    [277, SHORT, [channels]],
    [278, LONG, [STRIP_ROWS]],
    [279, LONG, Array.from({ length: strips }, (_, i) => Math.min(stripBytes, data.length - i * stripBytes))],
    [284, SHORT, [1]],
    ...(channels === 4 ? [[338, SHORT, [2]] satisfies Entry] : []),
    ...(profile === undefined ? [] : [[34_675, UNDEFINED, profile] satisfies Entry]),
  ];
  // The directory is as long with wrong places in it as with the right ones.
  const directory = directoryOf(entries(HEADER_BYTES + directoryOf(entries(0)).length));
  const header = Buffer.alloc(HEADER_BYTES);
  header.write("II");
  header.writeUInt16LE(42, 2);
  header.writeUInt32LE(HEADER_BYTES, 4);
  return Buffer.concat([header, directory, data]);
}

/** Entries in the order of their tags; values of more than four bytes follow after them. */
function directoryOf(entries: readonly Entry[]): Buffer {
  const head = Buffer.alloc(2 + entries.length * 12 + 4);
  head.writeUInt16LE(entries.length);
  const values: Buffer[] = [];
  let end = HEADER_BYTES + head.length;
  entries.forEach(([tag, type, given], i) => {
    const at = 2 + i * 12;
    const value = bytesFor(type, given);
    head.writeUInt16LE(tag, at);
    head.writeUInt16LE(type, at + 2);
    head.writeUInt32LE(given.length, at + 4);
    if (value.length <= 4) {
      value.copy(head, at + 8);
      return;
    }
    head.writeUInt32LE(end, at + 8);
    const even = Buffer.concat([value, Buffer.alloc(value.length % 2)]);
    values.push(even);
    end += even.length;
  });
  return Buffer.concat([head, ...values]);
}

function bytesFor(type: number, given: Entry[2]): Buffer {
  const size = BYTES[type] ?? 1;
  const value = Buffer.alloc(given.length * size);
  given.forEach((one, i) => {
    value.writeUIntLE(one, i * size, size);
  });
  return value;
}
