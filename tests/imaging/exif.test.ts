import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ExifFacts } from "../../src/domain/facts.ts";
import { randomFrom } from "../../src/imaging/brushes.ts";
import { exposureText, factsFrom, readExif } from "../../src/imaging/exif.ts";
import { sharp } from "../../src/imaging/sharp.ts";
import { NS } from "../../src/imaging/xmp.ts";
import { jpeg } from "../fixtures/make.ts";

describe("an exposure is written as", () => {
  test.each([
    [1 / 250, "1/250 sec"],
    [0.004, "1/250 sec"],
    [1 / 8_000, "1/8000 sec"],
    [0.5, "1/2 sec"],
    [0.3333, "1/3 sec"],
    [0.8, "0.8 sec"],
    [0.6, "0.6 sec"],
    [0.7692, "0.769 sec"],
    [1, "1 sec"],
    [0.999, "0.999 sec"],
    [1.3, "1.3 sec"],
    [2.5, "2.5 sec"],
    [20, "20 sec"],
    [20.005, "20 sec"],
    [30.1234, "30.123 sec"],
    [0, null],
    [-1, null],
    [null, null],
  ])("%f: %s", (seconds, text) => {
    expect(exposureText(seconds)).toBe(text);
  });
});

const NOTHING_SAID = {
  serial: null,
  exposureSeconds: null,
  exposureBias: null,
  focusDistance: null,
  isBracketed: false,
};

describe("the tags of a camera", () => {
  test("become the words of the catalogue", () => {
    expect(
      factsFrom({
        DateTimeOriginal: "2026:10:14 08:12:33",
        OffsetTimeOriginal: "+02:00",
        SubSecTimeOriginal: "42",
        Make: "Canon",
        Model: "Canon EOS R5m2",
        LensModel: "RF100-500mm F4.5-7.1 L IS USM",
        ExposureTime: 0.004,
        FNumber: 2.8,
        ISO: 400,
        FocalLength: 199.9,
        SerialNumber: "012024001234",
        ExposureCompensation: -0.67,
        ExposureMode: 2,
        SubjectDistance: 12.5,
      }),
    ).toEqual({
      takenAt: "2026:10:14 08:12:33",
      timeSource: "exif",
      burst: null,
      offset: "+02:00",
      subSec: "42",
      camera: "Canon EOS R5 Mark II",
      lens: "RF100-500mm F4.5-7.1 L IS USM",
      exposure: "1/250 sec",
      aperture: "f/2.8",
      iso: 400,
      focalLength: 199,
      shutter: {
        serial: "012024001234",
        exposureSeconds: 0.004,
        exposureBias: -0.67,
        focusDistance: 12.5,
        isBracketed: true,
      },
      position: null,
      missing: [],
    });
  });

  test("that are missing are named, and nothing is made up", () => {
    expect(factsFrom({})).toEqual({
      takenAt: null,
      timeSource: null,
      burst: null,
      offset: null,
      subSec: null,
      camera: null,
      lens: null,
      exposure: null,
      aperture: null,
      iso: null,
      focalLength: null,
      shutter: NOTHING_SAID,
      position: null,
      missing: ["date", "camera"],
    });
    expect(factsFrom({ Make: "Canon" }).missing).toEqual(["date"]);
    expect(factsFrom({ DateTimeOriginal: "2026:10:14 08:12:33" }).missing).toEqual(["camera"]);
  });

  test.each([
    [
      { GPSLatitude: [52, 22, 26.4], GPSLatitudeRef: "N", GPSLongitude: [4, 53, 22], GPSLongitudeRef: "E" },
      52.374,
      4.889,
    ],
    [
      { GPSLatitude: [33, 52, 7], GPSLatitudeRef: "S", GPSLongitude: [70, 40, 0], GPSLongitudeRef: "W" },
      -33.869,
      -70.667,
    ],
    [{ GPSLatitude: 52.374, GPSLatitudeRef: "N", GPSLongitude: 4.889, GPSLongitudeRef: "E" }, 52.374, 4.889],
  ])("say where it was: %j", (tags, latitude, longitude) => {
    const { position } = factsFrom(tags);
    expect(position?.latitude).toBeCloseTo(latitude, 3);
    expect(position?.longitude).toBeCloseTo(longitude, 3);
  });

  test.each([
    ["a camera that has not found out yet", { GPSLatitude: [0, 0, 0], GPSLongitude: [0, 0, 0] }],
    ["no side", { GPSLatitude: [52, 22, 26], GPSLatitudeRef: undefined }],
    ["half a position", { GPSLongitude: undefined }],
    ["no number", { GPSLatitude: ["52", "22", "26"] }],
    ["beyond the pole", { GPSLatitude: [91, 0, 0] }],
    ["beyond the date line", { GPSLongitude: [181, 0, 0] }],
    ["endless", { GPSLatitude: [Number.NaN, 0, 0] }],
  ])("say nowhere: %s", (_, odd) => {
    const tags = { GPSLatitude: [52, 22, 26], GPSLatitudeRef: "N", GPSLongitude: [4, 53, 22], GPSLongitudeRef: "E" };
    expect(factsFrom({ ...tags, ...odd }).position).toBeNull();
  });

  test("have second names", () => {
    expect(factsFrom({ ModifyDate: "2019:01:02 03:04:05" }).takenAt).toBe("2019:01:02 03:04:05");
    expect(factsFrom({ DateTimeOriginal: "0000:00:00 00:00:00", DateTime: "2019:01:02 03:04:05" }).takenAt).toBe(
      "2019:01:02 03:04:05",
    );
    expect(factsFrom({ LensModelName: "50mm" }).lens).toBe("50mm");
    expect(factsFrom({ ISOSpeedRatings: [800, 0] }).iso).toBe(800);
    expect(factsFrom({ PhotographicSensitivity: 1_600 }).iso).toBe(1_600);
  });

  test.each([
    ["0000:00:00 00:00:00"],
    ["9999:01:01 00:00:00"],
    ["1825:01:01 00:00:00"],
    ["2026:13:01 00:00:00"],
    ["2026:00:01 00:00:00"],
    ["2026:10:00 00:00:00"],
    ["2026:10:32 00:00:00"],
    ["2026-10-14T08:12:33"],
    ["    :  :     :  :  "],
    ["yesterday"],
    [20_261_014],
  ])("do not date a photo %s", (DateTimeOriginal) => {
    expect(factsFrom({ DateTimeOriginal })).toMatchObject({ takenAt: null, missing: ["date", "camera"] });
  });

  test("that are nonsense are as if they were not there", () => {
    expect(
      factsFrom({
        Make: "\0\0\0",
        Model: 7,
        LensModel: `\u0007${"x".repeat(60_000)}`,
        ExposureTime: Number.POSITIVE_INFINITY,
        FNumber: Number.NaN,
        ISO: -5,
        FocalLength: "long",
        OffsetTimeOriginal: "here",
        SubSecTimeOriginal: "soon",
      }),
    ).toMatchObject({
      camera: null,
      lens: "x".repeat(200),
      exposure: null,
      aperture: null,
      iso: null,
      focalLength: null,
      offset: null,
      subSec: null,
    });
  });
});

describe("a burst", () => {
  /** Apple's notes: a mark, a directory of one text, and the text. */
  const appleNote = (tag: number, text: string): Buffer => {
    const note = Buffer.alloc(14 + 2 + 12 + 4);
    note.write("Apple iOS\0\0\x01MM", "latin1");
    note.writeUInt16BE(1, 14);
    note.writeUInt16BE(tag, 16);
    note.writeUInt16BE(2, 18);
    note.writeUInt32BE(text.length + 1, 20);
    note.writeUInt32BE(note.length, 24);
    return Buffer.concat([note, Buffer.from(`${text}\0`)]);
  };
  const UUID = "9B4585D7-AE5A-4679-B098-C883D2289C22";
  const googleXmp = new Map([
    [`${NS.googleCamera} BurstID`, { text: UUID, items: [], fields: new Map(), language: null }],
  ]);

  test("is known by what an iPhone or a Pixel calls it, or by ExifTool's word", () => {
    expect(factsFrom({ makerNote: appleNote(0x0b, UUID) }).burst).toBe(UUID);
    expect(factsFrom({}, { xmp: googleXmp }).burst).toBe(UUID);
    expect(factsFrom({}, { burst: UUID }).burst).toBe(UUID);
  });

  test("is not known where nothing says so", () => {
    expect(factsFrom({ makerNote: appleNote(0x0c, UUID) }).burst).toBeNull();
    expect(factsFrom({ makerNote: Buffer.from("Nikon\0\x02") }).burst).toBeNull();
    const note = appleNote(0x0b, UUID);
    for (let end = 0; end < note.length; end += 1)
      expect([null, UUID.slice(0, Math.max(0, end - 32))]).toContain(
        factsFrom({ makerNote: note.subarray(0, end) }).burst ?? null,
      );
  });

  test("is read from a file with Apple's notes in it", async () => {
    const folder = mkdtempSync(join(tmpdir(), "photogate-burst-"));
    const note = appleNote(0x0b, UUID);
    const directory = (tag: number, type: number, count: number, at: number): Buffer => {
      const bytes = Buffer.alloc(2 + 12 + 4);
      bytes.writeUInt16BE(1);
      bytes.writeUInt16BE(tag, 2);
      bytes.writeUInt16BE(type, 4);
      bytes.writeUInt32BE(count, 6);
      bytes.writeUInt32BE(at, 10);
      return bytes;
    };
    const tiffBlock = Buffer.concat([
      Buffer.from("MM\0*\0\0\0\x08", "latin1"),
      directory(0x8769, 4, 1, 26),
      directory(0x927c, 7, note.length, 44),
      note,
    ]);
    const body = Buffer.concat([Buffer.from("Exif\0\0"), tiffBlock]);
    const segment = Buffer.from([0xff, 0xe1, (body.length + 2) >> 8, (body.length + 2) & 255]);
    const plain = await sharp({ create: { width: 9, height: 9, channels: 3, background: "red" } })
      .jpeg()
      .toBuffer();
    const file = join(folder, "photo.jpg");
    writeFileSync(file, Buffer.concat([plain.subarray(0, 2), segment, body, plain.subarray(2)]));
    expect((await readExif(file, 1e6)).burst).toBe(UUID);
    rmSync(folder, { recursive: true });
  });
});

describe("a file", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "photogate-exif-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const read = async (bytes: Uint8Array) => {
    const file = join(folder, "photo");
    writeFileSync(file, bytes);
    return readExif(file, 1_000_000);
  };

  test.each(["jpeg", "png", "webp", "avif"] as const)("of type %s gives its tags", async (type) => {
    const photo = sharp(await jpeg({ width: 64, height: 48, model: "Canon EOS R5m2" })).keepExif();
    const bytes = await photo.toFormat(type).toBuffer();
    expect(await read(bytes)).toMatchObject({
      takenAt: "2026:10:14 08:12:33",
      camera: "Canon EOS R5 Mark II",
      exposure: "1/250 sec",
      aperture: "f/2.8",
      iso: 400,
      focalLength: 200,
      missing: [],
    });
  });

  test("gauntlet 13: without EXIF but with XMP is dated by that, and says so", async () => {
    const bare = await jpeg({ takenAt: null });
    const xmp = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="${NS.rdf}"><rdf:Description
      xmlns:xmp="${NS.xmp}" xmp:CreateDate="2026-10-14T08:12:33.5+02:00"/></rdf:RDF></x:xmpmeta>`;
    const dated = await sharp(bare).keepExif().withXmp(xmp).jpeg().toBuffer();
    expect(await read(dated)).toMatchObject({
      takenAt: "2026:10:14 08:12:33",
      timeSource: "xmp",
      offset: "+02:00",
      subSec: "5",
      missing: [],
    });
  });

  test("says where it was, by EXIF or by what a program wrote into its XMP", async () => {
    const bare = await jpeg();
    const exif = sharp(bare).withExifMerge({
      IFD3: { GPSLatitude: "53/1 3/1 36/1", GPSLatitudeRef: "N", GPSLongitude: "4/1 48/1 0/1", GPSLongitudeRef: "E" },
    });
    const texel = { latitude: expect.closeTo(53.06, 3), longitude: expect.closeTo(4.8, 3) };
    expect((await read(await exif.toBuffer())).position).toEqual(texel);
    const xmp = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="${NS.rdf}"><rdf:Description
      xmlns:exif="${NS.exif}" exif:GPSLatitude="53,3.6N" exif:GPSLongitude="4,48,0E"/></rdf:RDF></x:xmpmeta>`;
    expect((await read(await sharp(bare).withXmp(xmp).jpeg().toBuffer())).position).toEqual(texel);
    expect((await read(bare)).position).toBeNull();
  });

  test("gauntlet 13: without any date has none, whenever it was written", async () => {
    expect(await read(await jpeg({ takenAt: null }))).toMatchObject({
      takenAt: null,
      timeSource: null,
      missing: ["date"],
    });
  });

  test("of type TIFF gives its tags too", async () => {
    expect(await read(tiff({ 271: "NIKON CORPORATION", 272: "NIKON D850", 306: "2026:10:14 08:12:33" }))).toMatchObject(
      {
        takenAt: "2026:10:14 08:12:33",
        camera: "NIKON D850",
      },
    );
  });

  test("without any tags names what is missing", async () => {
    const bytes = await jpeg({ takenAt: null, make: null, model: null });
    expect(await read(bytes)).toMatchObject({ takenAt: null, camera: null, missing: ["date", "camera"] });
  });

  test("with garbage for tags is never refused", async () => {
    const whole = await jpeg({ width: 64, height: 48 });
    const random = randomFrom(7);
    const exifAt = whole.indexOf("Exif");
    expect(exifAt).toBeGreaterThan(0);
    for (let round = 0; round < 300; round += 1) {
      const bytes = Buffer.from(whole);
      for (let n = 0; n < 1 + random() * 20; n += 1)
        bytes[exifAt + Math.floor(random() * 300)] = Math.floor(random() * 256);
      expect(ExifFacts.safeParse(await read(bytes)).success).toBe(true);
    }
  });

  test.each([
    ["text", Buffer.from("no picture at all")],
    ["nothing", Buffer.alloc(0)],
    ["half a picture", Buffer.from([0xff, 0xd8, 0xff, 0xe1, 0xff, 0xff])],
  ])("of %s has no tags, and that is all", async (_, bytes) => {
    expect((await read(bytes)).missing).toEqual(["date", "camera"]);
  });
});

/** A grey TIFF of one pixel with texts in its directory. */
function tiff(texts: Readonly<Record<number, string>>): Buffer {
  const LONG = 4;
  const ASCII = 2;
  const numbers = { 256: 1, 257: 1, 258: 8, 259: 1, 262: 1, 273: 8, 277: 1, 278: 1, 279: 1 };
  const entries = Object.entries({ ...numbers, ...texts }).sort(([a], [b]) => Number(a) - Number(b));
  const head = Buffer.from([0x49, 0x49, 0x2a, 0, 10, 0, 0, 0, 128, 0]);
  const directory = Buffer.alloc(2 + entries.length * 12 + 4);
  directory.writeUInt16LE(entries.length);
  const strings: Buffer[] = [];
  let end = head.length + directory.length;
  entries.forEach(([tag, value], i) => {
    const at = 2 + i * 12;
    const bytes = Buffer.from(`${value}\0`);
    directory.writeUInt16LE(Number(tag), at);
    directory.writeUInt16LE(typeof value === "string" ? ASCII : LONG, at + 2);
    directory.writeUInt32LE(typeof value === "string" ? bytes.length : 1, at + 4);
    directory.writeUInt32LE(typeof value === "string" ? end : value, at + 8);
    if (typeof value !== "string") return;
    strings.push(bytes);
    end += bytes.length;
  });
  return Buffer.concat([head, directory, ...strings]);
}
