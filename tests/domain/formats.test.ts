import { describe, expect, test } from "vitest";
import {
  declaredBytes,
  extensionFor,
  extensionOf,
  type FileType,
  HEAD_BYTES,
  hasProvenEnd,
  isImage,
  isPlaceholder,
  isRawName,
  kindOf,
  looksLikePhoto,
  RAW_EXTENSIONS,
  sniff,
  structureFlaw,
  TAIL_BYTES,
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
    ["JPEG XL", bytes([0xff, 0x0a, 0xfa]), "jxl"],
    ["JPEG XL in a container", bytes([0, 0, 0, 12], "JXL \r\n", [0x87], "\n"), "jxl"],
    ["JPEG 2000", bytes([0, 0, 0, 12], "jP  \r\n", [0x87], "\n"), "jp2"],
    ["a bare JPEG 2000", bytes([0xff, 0x4f, 0xff, 0x51, 0]), "jp2"],
    ["Photoshop", bytes("8BPS", [0, 1]), "psd"],
    ["BMP", bytes("BM", [9, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0]), "bmp"],
    ["text that begins like a BMP", bytes("BMW and other cars"), "text"],
    ["AVI", bytes("RIFF", [9, 0, 0, 0], "AVI LIST"), "video"],
    ["Matroska", bytes([0x1a, 0x45, 0xdf, 0xa3, 1]), "video"],
    ["ORF of another camera", bytes("IIRS", [8, 0, 0, 0]), "raw"],
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
    expect(taken.sort()).toEqual(["avif", "gif", "heic", "jpeg", "png", "raw", "tiff", "webp"]);
  });
});

describe("by its name alone", () => {
  test.each([
    ["IMG_1.JPG", true],
    ["a.b.jpeg", true],
    ["x.CR3", true],
    ["x.heif", true],
    ["x.HIF", true],
    ["x.jxl", true],
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

describe("by its name a RAW", () => {
  test.each([
    ["IMG_1.CR3", true],
    ["DSC_1.nef", true],
    ["IMG_1.JPG", false],
    ["nef", false],
  ])("%s: %s", (name, is) => {
    expect(isRawName(name)).toBe(is);
  });

  test("is a photo like any other", () => {
    for (const extension of RAW_EXTENSIONS) expect(looksLikePhoto(`IMG_1.${extension}`)).toBe(true);
  });
});

describe("our copy is called by its content", () => {
  const asMade = (make: string): Uint8Array => {
    const head = Buffer.from(tiff([[PHOTOMETRIC, 32_803]], `${make}\0`));
    const withMake = Buffer.from(tiff([[0x10f, head.length - make.length - 1 + 12]], ""));
    return Buffer.concat([
      withMake.subarray(0, 22),
      Buffer.alloc(head.length - make.length - 1 + 12 - 22),
      Buffer.from(make),
    ]);
  };
  test.each<[string, Parameters<typeof extensionFor>[0], Uint8Array, string]>([
    ["JPEG", "jpeg", bytes(), "jpg"],
    ["HEIC", "heic", bytes(), "heic"],
    ["DNG", "raw", tiff([[DNG_VERSION, 0x0104]]), "dng"],
    ["CR2", "raw", bytes("II*\0", [16, 0, 0, 0], "CR", [2, 0]), "cr2"],
    ["CR3", "raw", bytes([0, 0, 0, 24], "ftypcrx "), "cr3"],
    ["RAF", "raw", bytes("FUJIFILMCCD-RAW "), "raf"],
    ["RW2", "raw", bytes("IIU\0"), "rw2"],
    ["ORF", "raw", bytes("IIRS"), "orf"],
    ["NEF", "raw", asMade("NIKON CORPORATION"), "nef"],
    ["ARW", "raw", asMade("SONY"), "arw"],
    ["PEF", "raw", asMade("PENTAX"), "pef"],
    ["SRW", "raw", asMade("SAMSUNG"), "srw"],
    ["a RAW of a maker we do not know", "raw", asMade("Holga"), "tif"],
  ])("%s", (_, type, head, extension) => {
    expect(extensionFor(type, head)).toBe(extension);
  });
});

test("what cannot be read is named, with a program that reads it", () => {
  for (const type of ["jxl", "jp2", "psd", "bmp", "svg", "pdf", "zip", "html", "video", "text", "unknown"] as const) {
    const { what, opens } = kindOf(type);
    expect(`${what}; ${opens}`).toMatch(/\w{3}.*; .*\w{3}/);
  }
  expect(kindOf("jxl").isPicture).toBe(true);
  expect(kindOf("pdf").isPicture).toBe(false);
});

describe("the structure of a whole file", () => {
  const noise = (length: number): number[] => Array.from({ length }, (_, i) => (i * 31 + 7) % 251 || 1);
  const size = (length: number): number[] => [length >>> 24, (length >>> 16) & 255, (length >>> 8) & 255, length & 255];
  const box = (type: string, content: number[]): Uint8Array => bytes(size(content.length + 8), type, content);
  const large = (type: string, content: number[]): Uint8Array =>
    bytes(size(1), type, size(0), size(content.length + 16), content);
  const isoFile = (brand: string, ...boxes: Uint8Array[]): Uint8Array =>
    Buffer.concat([bytes(size(20), "ftyp", brand, [0, 0, 0, 0], "mif1"), ...boxes]);
  const riff = (content: number[]): Uint8Array => {
    const head = Buffer.from("RIFF....WEBPVP8 ");
    head.writeUInt32LE(content.length + 8, 4);
    return Buffer.concat([head, Buffer.from(content)]);
  };
  const raf = (): Uint8Array => {
    const file = Buffer.from([...Buffer.from("FUJIFILMCCD-RAW "), ...noise(30_000)]);
    [84, 92, 100].forEach((at, i) => {
      file.writeUInt32BE(1_000 + i * 1_000, at);
      file.writeUInt32BE(i === 2 ? file.length - 3_000 : 1_000, at + 4);
    });
    return file;
  };
  // As most programs write it: the directory comes last.
  const tiffFile = (): Uint8Array => {
    const directory = tiff([[PHOTOMETRIC, 2]]).subarray(8);
    const file = Buffer.concat([bytes("II*\0....", noise(20_000)), directory]);
    file.writeUInt32LE(file.length - directory.length, 4);
    return file;
  };
  const whole: Readonly<Record<string, Uint8Array>> = {
    JPEG: bytes([0xff, 0xd8, 0xff, 0xe0], noise(20_000), [0xff, 0xd9]),
    PNG: bytes([0x89], "PNG\r\n", [0x1a], "\n", noise(20_000), "IEND", [0xae, 0x42, 0x60, 0x82]),
    GIF: bytes("GIF89a", noise(20_000), ";"),
    WebP: riff(noise(20_000)),
    TIFF: tiffFile(),
    DNG: bytes([...tiff([[DNG_VERSION, 1]])], noise(20_000)),
    HEIC: isoFile("heic", box("meta", noise(4_000)), box("mdat", noise(20_000))),
    "HEIC with a long box": isoFile("heic", box("meta", noise(4_000)), large("mdat", noise(20_000))),
    AVIF: isoFile("avif", box("meta", noise(400)), box("mdat", noise(20_000))),
    CR3: isoFile("crx ", box("moov", noise(9_000)), box("mdat", noise(20_000))),
    RAF: raf(),
  };
  const flaw = (file: Uint8Array) =>
    structureFlaw(file.subarray(0, HEAD_BYTES), file.subarray(Math.max(0, file.length - TAIL_BYTES)), file.length);

  test.each(Object.entries(whole))("of %s is in order", (_, file) => {
    expect(flaw(file)).toBeUndefined();
  });

  test.each<[string, ReturnType<typeof flaw>]>([
    ["JPEG", "no-end-marker"],
    ["PNG", "no-end-marker"],
    ["GIF", "no-end-marker"],
    ["WebP", "short"],
    ["HEIC", "short"],
    ["HEIC with a long box", "short"],
    ["AVIF", "short"],
    ["CR3", "short"],
    ["RAF", "short"],
    ["TIFF", "short"],
    // It does not say how long it is: that its length no longer changes has to do.
    ["DNG", undefined],
  ])("of %s that was cut anywhere is %s", (kind, expected) => {
    const file = whole[kind] ?? bytes();
    for (const part of [0.5, 0.9, 0.999]) expect(flaw(file.subarray(0, Math.floor(file.length * part)))).toBe(expected);
  });

  test.each(Object.keys(whole))("of %s whose end was never written says so", (kind) => {
    const file = whole[kind] ?? bytes();
    for (const part of [0.3, 0.7]) {
      const half = Buffer.from(file);
      half.fill(0, Math.floor(file.length * part));
      expect(flaw(half)).toBe("zeros");
    }
  });

  test("is in order where a program appended something", () => {
    for (const kind of ["JPEG", "WebP", "HEIC", "RAF"])
      expect(flaw(Buffer.concat([whole[kind] ?? bytes(), Buffer.from("more")])), kind).toBeUndefined();
  });

  test("whose last box leaves its length open, or that is no box any more, declares what came before", () => {
    const start = isoFile("heic", box("meta", noise(100)));
    expect(declaredBytes("heic", Buffer.concat([start, bytes(size(0), "mdat", noise(50))]))).toBe(start.length);
    expect(declaredBytes("heic", Buffer.concat([start, bytes(size(4), "mdat", noise(50))]))).toBe(start.length);
    expect(declaredBytes("heic", Buffer.concat([start, bytes(size(50), [0, 1, 2, 3], noise(50))]))).toBe(start.length);
    expect(declaredBytes("heic", bytes(size(0), "ftyp", noise(50)))).toBeUndefined();
  });

  test("that tells of an absurd length is short, and the walk ends", () => {
    const lie = isoFile("heic", bytes(size(1), "mdat", [255, 255, 255, 255, 255, 255, 255, 255]));
    expect(declaredBytes("heic", lie)).toBe(20);
    expect(flaw(isoFile("heic", bytes(size(0xffff_fff0), "mdat", noise(50))))).toBe("short");
  });
});

describe("F58: a file that a cloud folder only shows", () => {
  const zeros = new Uint8Array(64);
  test.each([
    [1_000_000, 0, zeros, true],
    [1_000_000, 8, zeros, false],
    [1_000_000, 0, Uint8Array.of(0xff, 0xd8), false],
    [65_536, 0, zeros, false],
  ])("F58: %i bytes in %i blocks that begin with %j: %j", (bytes, blocks, head, shown) => {
    expect(isPlaceholder(bytes, blocks, head)).toBe(shown);
  });
});

describe("a file that is still being written", () => {
  const flawOf = (file: Uint8Array) => structureFlaw(file, file, file.length);
  const isProven = (file: Uint8Array) => hasProvenEnd(file, file, file.length);
  const EOI = [0xff, 0xd9];
  /** 2 + 12 bytes of EXIF with a thumbnail that ends where they do. */
  const head = bytes([0xff, 0xd8, 0xff, 0xe1, 0, 12], "Exif", [0, 0, 1, 2], EOI);
  const picture = bytes([0xff, 0xda, 0, 4, 1, 1], [5, 6, 7]);

  test("has not ended where the thumbnail of a JPEG ends", () => {
    for (const cut of [head, bytes([...head], [...picture])]) {
      expect([flawOf(cut), isProven(cut)]).toEqual(["no-end-marker", false]);
      const preallocated = bytes([...cut], [...Buffer.alloc(500)]);
      expect([flawOf(preallocated) === undefined, isProven(preallocated)]).toEqual([false, false]);
    }
    const whole = bytes([...head], [...picture], EOI);
    expect([flawOf(whole), isProven(whole)]).toEqual([undefined, true]);
  });

  test("has not ended where its head is too short to say where the picture begins", () => {
    const file = bytes([...head], [...picture]);
    expect(structureFlaw(file.subarray(0, 8), file, file.length)).toBe("no-end-marker");
    expect(hasProvenEnd(head.subarray(0, 8), head, head.length)).toBe(false);
  });

  test("lacks the checksum of the last chunk of a PNG", () => {
    const start = bytes([0x89], "PNG\r\n", [0x1a], "\n");
    const whole = bytes([...start], [0, 0, 0, 0], "IEND", [0xae, 0x42, 0x60, 0x82]);
    for (let cut = 1; cut <= 4; cut += 1) expect(flawOf(whole.subarray(0, whole.length - cut))).toBe("no-end-marker");
    expect([flawOf(whole), isProven(whole)]).toEqual([undefined, true]);
  });

  test("is nothing anybody knows yet", () => {
    expect(flawOf(bytes([0xff]))).toBe("short");
    expect(flawOf(bytes("RIFF", [9, 0, 0, 0]))).toBe("short");
    expect(flawOf(bytes([0xff], [...Buffer.alloc(900)]))).toBe("short");
    expect(flawOf(bytes("only some words in a file"))).toBeUndefined();
  });
});
