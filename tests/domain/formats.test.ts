import { describe, expect, test } from "vitest";
import {
  declaredBytes,
  extensionOf,
  type FileType,
  isImage,
  looksLikePhoto,
  sniff,
  tailFlaw,
} from "../../src/domain/formats.ts";

const bytes = (...parts: (string | number[])[]): Uint8Array =>
  Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part, "latin1") : Buffer.from(part))));

/** A TIFF whose first directory holds these tags, and a text somewhere after. */
function tiff(
  tags: readonly (readonly [tag: number, value: number])[],
  text = "",
  { short = false, big = false }: { short?: boolean; big?: boolean } = {},
): Uint8Array {
  const head = new DataView(new ArrayBuffer(8 + 2 + tags.length * 12 + 4));
  head.setUint16(0, big ? 0x4d4d : 0x4949);
  head.setUint16(2, 42, !big);
  head.setUint32(4, 8, !big);
  head.setUint16(8, tags.length, !big);
  tags.forEach(([tag, value], i) => {
    const at = 10 + i * 12;
    head.setUint16(at, tag, !big);
    head.setUint16(at + 2, short || big ? 3 : 4, !big);
    head.setUint32(at + 4, 1, !big);
    // What lies beside a short number is not part of it.
    if (short || big) head.setUint32(at + 8, big ? value * 0x1_00_00 + 7 : 0x7_00_00 + value, !big);
    else head.setUint32(at + 8, value, true);
  });
  return bytes([...new Uint8Array(head.buffer)], text);
}

const SUBFILE = 0xfe;
const COMPRESSION = 0x103;
const PHOTOMETRIC = 0x106;
const DNG_VERSION = 0xc612;

describe("a file is told by its first bytes, never by its name", () => {
  const ftyp = (...brands: string[]) => bytes([0, 0, 0, 0x20], "ftyp", brands[0] ?? "", [0, 0, 0, 0], ...brands);
  const table: [string, Uint8Array, FileType][] = [
    ["JPEG", bytes([0xff, 0xd8, 0xff, 0xe0]), "jpeg"],
    ["PNG", bytes([0x89], "PNG\r\n", [0x1a], "\n"), "png"],
    ["WebP", bytes("RIFF", [9, 0, 0, 0], "WEBPVP8 "), "webp"],
    ["a WAV, also RIFF", bytes("RIFF", [9, 0, 0, 0], "WAVEfmt "), "unknown"],
    ["GIF", bytes("GIF89a"), "gif"],
    ["AVIF", ftyp("avif", "mif1"), "avif"],
    ["AVIF with the brand mif1 in front", ftyp("mif1", "avif"), "avif"],
    ["HEIC", ftyp("heic", "mif1"), "heic"],
    ["a film", ftyp("isom", "mp42"), "video"],
    ["CR3", ftyp("crx "), "raw"],
    ["CR2", bytes("II*\0", [16, 0, 0, 0], "CR", [2, 0]), "raw"],
    ["RAF", bytes("FUJIFILMCCD-RAW 0201"), "raw"],
    ["RW2", bytes("IIU\0", [8, 0, 0, 0]), "raw"],
    ["ORF", bytes("IIRO", [8, 0, 0, 0]), "raw"],
    ["big-endian ORF", bytes("MMOR", [0, 0, 0, 8]), "raw"],
    [
      "DNG",
      tiff(
        [
          [SUBFILE, 1],
          [DNG_VERSION, 0x0104],
        ],
        "Apple",
      ),
      "raw",
    ],
    [
      "NEF: its first picture is a reduced one",
      tiff(
        [
          [SUBFILE, 1],
          [COMPRESSION, 1],
        ],
        "NIKON CORPORATION",
      ),
      "raw",
    ],
    ["PEF: colour filter array", tiff([[PHOTOMETRIC, 32_803]], "PENTAX"), "raw"],
    [
      "ARW: the maker's own compression",
      tiff(
        [
          [SUBFILE, 0],
          [COMPRESSION, 32_767],
        ],
        "SONY",
      ),
      "raw",
    ],
    ["a RAW whose tags are short numbers", tiff([[COMPRESSION, 34_713]], "", { short: true }), "raw"],
    ["a RAW written big-endian", tiff([[COMPRESSION, 65_535]], "", { big: true }), "raw"],
    [
      "a RAW whose telling tag is the last one",
      tiff([
        [PHOTOMETRIC, 2],
        [DNG_VERSION, 1],
      ]),
      "raw",
    ],
    [
      "a TIFF cut off in its directory",
      tiff([
        [PHOTOMETRIC, 2],
        [DNG_VERSION, 1],
      ]).subarray(0, 30),
      "tiff",
    ],
    ["a TIFF cut off before its directory", tiff([[SUBFILE, 1]]).subarray(0, 9), "tiff"],
    ["a TIFF cut off in its head", bytes("II*\0", [8, 0, 0]), "tiff"],
    ["a TIFF that points into its own head", bytes("II*\0", [2, 0, 0, 0], [1, 0, 0xfe, 0, 4, 0]), "tiff"],
    [
      "a TIFF",
      tiff([
        [COMPRESSION, 5],
        [PHOTOMETRIC, 2],
      ]),
      "tiff",
    ],
    [
      "a TIFF exported from a Nikon photo",
      tiff(
        [
          [COMPRESSION, 5],
          [PHOTOMETRIC, 2],
        ],
        "NIKON CORPORATION",
      ),
      "tiff",
    ],
    ["a TIFF whose directory lies at its end", bytes("II*\0", [0, 0, 16, 0], "SONY"), "tiff"],
    ["a big-endian TIFF", bytes("MM\0*", [0, 0, 0, 8, 0, 0]), "tiff"],
    ["PDF", bytes("%PDF-1.7"), "pdf"],
    ["ZIP", bytes("PK", [3, 4]), "zip"],
    ["SVG", bytes('<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg">'), "svg"],
    ["SVG behind a byte order mark", bytes([0xef, 0xbb, 0xbf], "<svg>"), "svg"],
    ["HTML", bytes("  <!DOCTYPE html><p>"), "html"],
    ["text", bytes("Dear diary,\n\ttoday"), "text"],
    ["nothing", bytes(), "unknown"],
    ["noise", bytes([1, 2, 3, 4, 0, 0]), "unknown"],
  ];
  test.each(table)("%s", (_, head, type) => {
    expect(sniff(head)).toBe(type);
  });

  test("only pictures we can decode are taken", () => {
    const taken = [...new Set(table.map(([, , type]) => type))].filter(isImage);
    expect(taken.sort()).toEqual(["avif", "gif", "jpeg", "png", "tiff", "webp"]);
  });
});

describe("by its name alone", () => {
  test.each([
    ["IMG_1.JPG", true],
    ["a.b.jpeg", true],
    ["x.CR3", true],
    ["x.heif", true],
    ["notes.txt", false],
    ["jpg", false],
    [".jpg", false],
    ["x.jpg.part", false],
    ["x.", false],
  ])("%s may be a photo: %s", (name, may) => {
    expect(looksLikePhoto(name)).toBe(may);
  });

  test("the extension is what follows the last point, in small letters", () => {
    expect(["A.B.JPG", "noextension", ".hidden"].map(extensionOf)).toEqual(["jpg", "", ""]);
  });
});

describe("the end of a file", () => {
  const noise = Buffer.from(Array.from({ length: 9_000 }, (_, i) => (i * 31 + 7) % 251 || 1));
  const EOI = [0xff, 0xd9];
  test.each<[string, FileType, Uint8Array, ReturnType<typeof tailFlaw>]>([
    ["a JPEG with its end marker is whole", "jpeg", bytes([...noise], EOI), undefined],
    ["a JPEG padded with zeros after its end marker is whole", "jpeg", bytes([...noise], EOI, [0, 0, 0]), undefined],
    ["a JPEG with a maker's trailer is whole", "jpeg", bytes([...noise], EOI, "SEFT trailer", [9, 9]), undefined],
    ["a JPEG without end marker is not", "jpeg", noise, "no-end-marker"],
    ["a JPEG that ends in 4 KiB of zeros is not", "jpeg", bytes([...noise], [...Buffer.alloc(4_096)]), "zeros"],
    ["4095 zeros after the end marker are padding", "jpeg", bytes(EOI, [...Buffer.alloc(4_095)]), undefined],
    ["a JPEG of zeros only is not", "jpeg", Buffer.alloc(100), "zeros"],
    ["a PNG with IEND is whole", "png", bytes([...noise], "IEND", [0xae, 0x42, 0x60, 0x82]), undefined],
    ["a PNG without IEND is not", "png", noise, "no-end-marker"],
    ["a GIF with its semicolon is whole", "gif", bytes([...noise], ";"), undefined],
    ["a GIF without is not", "gif", bytes([...noise], "!"), "no-end-marker"],
    ["a WebP that ends in zeros is not", "webp", Buffer.alloc(5_000), "zeros"],
    ["a WebP has no end marker to miss", "webp", noise, undefined],
    ["a TIFF has none either", "tiff", noise, undefined],
    ["nor has a RAW", "raw", noise, undefined],
    ["nor text", "text", bytes("the end"), undefined],
  ])("%s", (_, type, tail, flaw) => {
    expect(tailFlaw(type, tail)).toBe(flaw);
  });

  test("a JPEG that a camera padded with 32 KiB of zeros after its end marker is whole", () => {
    expect(tailFlaw("jpeg", bytes([...noise], EOI, [...Buffer.alloc(32_768)]))).toBeUndefined();
  });

  test("an end marker before the last picture data does not make a half copy whole", () => {
    expect(tailFlaw("jpeg", bytes(EOI, [...noise], [...Buffer.alloc(8_000)]))).toBe("zeros");
  });

  test("one byte of an end marker is none", () => {
    for (const half of [
      [0x12, 0xd9],
      [0xff, 0x12],
    ])
      expect(tailFlaw("jpeg", bytes(EOI, [...noise], half, [...Buffer.alloc(8_000)]))).toBe("zeros");
  });

  test("may be all there is of it", () => {
    expect(tailFlaw("png", bytes("IEND"))).toBeUndefined();
    expect(tailFlaw("jpeg", bytes([0xd9]))).toBe("no-end-marker");
  });

  test("a WebP declares its own length, other formats do not", () => {
    const webp = bytes("RIFF", [0xe8, 3, 0, 0], "WEBP");
    expect(declaredBytes("webp", webp)).toBe(1_008);
    expect(declaredBytes("webp", webp.subarray(0, 8))).toBe(1_008);
    expect(declaredBytes("webp", webp.subarray(0, 7))).toBeUndefined();
    expect(declaredBytes("jpeg", webp)).toBeUndefined();
  });
});
