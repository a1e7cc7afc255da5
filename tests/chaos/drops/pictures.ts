/** Small real pictures, each with bytes of its own: made once, and told apart by a comment. */
import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { randomFrom } from "../../../src/imaging/brushes.ts";
import { sharp } from "../../../src/imaging/sharp.ts";

export interface Picture {
  readonly kind: PictureKind;
  readonly extension: string;
  readonly bytes: Buffer;
  /** lengths at which a cut file looks most like a whole one */
  readonly traps: readonly number[];
}

/** `thumbnail` is a JPEG with another in its head, as every camera writes it; `raw` has no end anybody could see. */
export const PICTURE_KINDS = ["jpeg", "thumbnail", "png", "webp", "tiff", "raw"] as const;
export type PictureKind = (typeof PICTURE_KINDS)[number];

/** Kinds whose files say of themselves that their end is missing, as they grow. */
export const tellsItsEnd = (kind: PictureKind): boolean => kind !== "tiff" && kind !== "raw";

export interface Album {
  /** @param mark makes it another picture than all others */
  picture(kind: PictureKind, mark: string): Picture;
}

const EXTENSIONS = { jpeg: "JPG", thumbnail: "JPG", png: "PNG", webp: "webp", tiff: "tif", raw: "CR2" } as const;

/** Two sizes of each: below and above the run of zeros by which an unfinished file is known. */
const SIZES = [
  [48, 36],
  [120, 90],
] as const;

export async function openAlbum(): Promise<Album> {
  const made = new Map<PictureKind, readonly Buffer[]>();
  for (const kind of PICTURE_KINDS) made.set(kind, await Promise.all(SIZES.map((size) => plain(kind, size))));
  return {
    picture(kind, mark) {
      const sizes = made.get(kind) ?? [];
      const base = sizes[mark.length % sizes.length] ?? Buffer.alloc(0);
      const { bytes, traps } = MARKED[kind](base, mark);
      return { kind, extension: EXTENSIONS[kind], bytes, traps: [1, ...traps, bytes.length - 4, bytes.length - 1] };
    },
  };
}

async function plain(kind: PictureKind, [width, height]: (typeof SIZES)[number]): Promise<Buffer> {
  const random = randomFrom(width);
  const noise = Buffer.from(Array.from({ length: width * height * 3 }, () => Math.floor(random() * 256)));
  const image = sharp(noise, { raw: { width, height, channels: 3 } });
  switch (kind) {
    case "jpeg":
      return image.jpeg({ quality: 80 }).toBuffer();
    case "thumbnail":
      return withThumbnail(await image.jpeg({ quality: 80 }).toBuffer());
    case "png":
      return image.png().toBuffer();
    case "webp":
      return image.webp({ quality: 80 }).toBuffer();
    case "tiff":
      return image.tiff({ compression: "none" }).toBuffer();
    case "raw":
      return Buffer.concat([Buffer.from("II*\0\x10\0\0\0CR\x02\0", "latin1"), noise]);
  }
}

type Marked = { readonly bytes: Buffer; readonly traps: readonly number[] };

const MARKED: Readonly<Record<PictureKind, (bytes: Buffer, mark: string) => Marked>> = {
  jpeg: (bytes, mark) => ({ bytes: insert(bytes, 2, segment(0xfe, Buffer.from(mark))), traps: [] }),
  // The comment comes last of all segments, so that the thumbnail ends where it did.
  thumbnail: (bytes, mark) => {
    const end = 4 + bytes.readUInt16BE(4) - 2 + 2;
    return { bytes: insert(bytes, end, segment(0xfe, Buffer.from(mark))), traps: [end, end + 1] };
  },
  png: (bytes, mark) => ({
    bytes: insert(bytes, 33, chunk("tEXt", Buffer.from(`Comment\0${mark}`))),
    traps: [bytes.length - 8],
  }),
  webp: (bytes, mark) => {
    const note = Buffer.from(mark.padEnd(mark.length + (mark.length % 2)));
    const length = Buffer.alloc(4);
    length.writeUInt32LE(note.length);
    const all = Buffer.concat([bytes, Buffer.from("NOTE"), length, note]);
    all.writeUInt32LE(all.length - 8, 4);
    return { bytes: all, traps: [bytes.length] };
  },
  tiff: (bytes, mark) => ({ bytes: Buffer.concat([bytes, Buffer.from(mark)]), traps: [] }),
  raw: (bytes, mark) => ({ bytes: Buffer.concat([bytes, Buffer.from(mark)]), traps: [] }),
};

const insert = (bytes: Buffer, at: number, part: Buffer): Buffer =>
  Buffer.concat([bytes.subarray(0, at), part, bytes.subarray(at)]);

function segment(marker: number, data: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(data.length + 2, 2);
  return Buffer.concat([head, data]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** EXIF with nothing in it but a second directory that holds a small JPEG. */
async function withThumbnail(bytes: Buffer): Promise<Buffer> {
  const thumbnail = await sharp({ create: { width: 16, height: 12, channels: 3, background: "teal" } })
    .jpeg()
    .toBuffer();
  const directories = Buffer.alloc(44);
  directories.write("II*\0\x08\0\0\0\0\0\x0e\0\0\0\x02\0", 0, "latin1");
  for (const [at, tag, value] of [
    [16, 0x201, directories.length],
    [28, 0x202, thumbnail.length],
  ] as const) {
    directories.writeUInt16LE(tag, at);
    directories.writeUInt16LE(4, at + 2);
    directories.writeUInt32LE(1, at + 4);
    directories.writeUInt32LE(value, at + 8);
  }
  return insert(bytes, 2, segment(0xe1, Buffer.concat([Buffer.from("Exif\0\0"), directories, thumbnail])));
}

export const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
