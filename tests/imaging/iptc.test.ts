import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exiftoolPath } from "exiftool-vendored";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { IptcFacts } from "../../src/domain/facts.ts";
import { readIptc } from "../../src/imaging/iptc.ts";
import { sharp } from "../../src/imaging/sharp.ts";
import { heic } from "../fixtures/heic.ts";
import { jpeg } from "../fixtures/make.ts";
import { NOTHING_WRITTEN } from "../store/home.ts";

const NO_SIDECARS = { xmp: null, text: null };
const exiftool = await exiftoolPath();
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "photogate-iptc-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const file = (name: string, content: Uint8Array | string): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
/** Writes as photographers' programs do. */
const write = (path: string, ...tags: string[]): void => {
  execFileSync("perl", [exiftool, "-q", "-overwrite_original", ...tags, path]);
};
const photo = async (name = "photo.jpg"): Promise<string> => file(name, await jpeg({ width: 64, height: 48 }));
const inFile = <T>(value: T) => ({ value, from: "file" as const });
const inSidecar = <T>(value: T) => ({ value, from: "sidecar" as const });

const XMP_WORDS = [
  "-XMP-dc:Title=Gull",
  "-XMP-photoshop:Headline=Gull over the sea",
  "-XMP-dc:Description=A gull,  flying\nlow",
  "-XMP-iptcCore:AltTextAccessibility=White bird",
  "-XMP-dc:Subject=gull",
  "-XMP-dc:Subject=sea & sky",
  "-XMP-lr:HierarchicalSubject=animals|birds|gull",
  "-XMP-xmp:Rating=4",
  "-XMP-xmp:Label=Red",
  "-XMP-dc:Rights=© Zoë",
  "-XMP-dc:Creator=Zoë",
  "-XMP-dc:Creator=Ann",
  "-XMP-iptcCore:Location=Lighthouse",
  "-XMP-photoshop:City=De Cocksdorp",
  "-XMP-photoshop:State=Noord-Holland",
  "-XMP-photoshop:Country=Netherlands",
  "-XMP-iptcExt:PersonInImage=Ann",
  "-XMP-mwg-rs:RegionInfo={AppliedToDimensions={W=64,H=48,Unit=pixel},RegionList=[{Name=Bob,Type=Face,Area={X=0.5,Y=0.5,W=0.1,H=0.1,Unit=normalized}},{Name=Rex,Type=Pet,Area={X=0.5,Y=0.5,W=0.1,H=0.1,Unit=normalized}}]}",
];
const XMP_FOUND = {
  title: inFile("Gull"),
  headline: inFile("Gull over the sea"),
  caption: inFile("A gull, flying low"),
  altText: inFile("White bird"),
  keywords: inFile(["gull", "sea & sky"]),
  hierarchy: inFile(["animals|birds|gull"]),
  rating: inFile(4),
  label: inFile("Red"),
  copyright: inFile("© Zoë"),
  creator: inFile("Zoë, Ann"),
  sublocation: inFile("Lighthouse"),
  city: inFile("De Cocksdorp"),
  state: inFile("Noord-Holland"),
  country: inFile("Netherlands"),
  persons: inFile(["Ann", "Bob"]),
};

describe("what somebody wrote into a photo", () => {
  test("as XMP is found, every field of it", async () => {
    const path = await photo();
    write(path, ...XMP_WORDS);
    expect(await readIptc(path, null, NO_SIDECARS)).toEqual(XMP_FOUND);
  });

  test.each(["png", "webp", "tiff", "avif"] as const)("is found in %s", async (type) => {
    const picture = sharp({ create: { width: 16, height: 16, channels: 3, background: "red" } });
    const path = file(`photo.${type}`, await picture.toFormat(type).toBuffer());
    write(path, "-XMP-dc:Title=Gull", "-XMP-xmp:Rating=2");
    expect(await readIptc(path, null, NO_SIDECARS)).toEqual({
      ...NOTHING_WRITTEN,
      title: inFile("Gull"),
      rating: inFile(2),
    });
  });

  test("is found in HEIC", async () => {
    const path = file("photo.heic", heic(await jpeg({ width: 64, height: 48 })));
    write(path, "-XMP-dc:Title=Gull");
    expect((await readIptc(path, null, NO_SIDECARS)).title).toEqual(inFile("Gull"));
  });

  test.each([["UTF8"], ["Latin"]])("as IPTC-IIM in %s is found", async (characters) => {
    const path = await photo();
    write(
      path,
      ...(characters === "UTF8" ? ["-IPTC:CodedCharacterSet=UTF8"] : ["-charset", "iptc=Latin"]),
      "-IPTC:ObjectName=Möwe",
      "-IPTC:Headline=Über dem Meer",
      "-IPTC:Caption-Abstract=Eine Möwe",
      "-IPTC:Keywords=Möwe",
      "-IPTC:Keywords=Meer",
      "-IPTC:CopyrightNotice=© Zoë",
      "-IPTC:By-line=Zoë",
      "-IPTC:Sub-location=Leuchtturm",
      "-IPTC:City=Köln",
      "-IPTC:Province-State=NRW",
      "-IPTC:Country-PrimaryLocationName=Österreich",
    );
    expect(await readIptc(path, null, NO_SIDECARS)).toEqual({
      ...NOTHING_WRITTEN,
      title: inFile("Möwe"),
      headline: inFile("Über dem Meer"),
      caption: inFile("Eine Möwe"),
      keywords: inFile(["Möwe", "Meer"]),
      copyright: inFile("© Zoë"),
      creator: inFile("Zoë"),
      sublocation: inFile("Leuchtturm"),
      city: inFile("Köln"),
      state: inFile("NRW"),
      country: inFile("Österreich"),
    });
  });

  test("is nothing where nobody wrote", async () => {
    expect(await readIptc(await photo(), null, NO_SIDECARS)).toEqual(NOTHING_WRITTEN);
  });

  test("is plain and bounded, however it came", async () => {
    const path = await photo();
    const tags = [
      "-XMP-dc:Title=Gu\u200bll\u202e!",
      `-XMP-dc:Description=${"long 🦩 ".repeat(2_000)}`,
      "-XMP-xmp:Rating=77",
    ];
    const words = Array.from({ length: 300 }, (_, i) => `-XMP-dc:Subject=${i}${"x".repeat(100)}`);
    write(path, ...tags, ...words);
    const found = await readIptc(path, null, NO_SIDECARS);
    expect(found.title?.value).toBe("Gull!");
    expect(found.caption?.value.length).toBeLessThanOrEqual(2_000);
    expect(found.caption?.value.isWellFormed()).toBe(true);
    expect(found.rating).toBeNull();
    expect(found.keywords?.value.length).toBe(200);
    expect(found.keywords?.value.every((word) => word.length <= 64)).toBe(true);
  });

  test("that is garbage is as if it were not there", async () => {
    const text = file("photo.txt", Buffer.from([0xff, 0xfe, 0, 1]));
    for (const bytes of ["no picture", "", "\xff\xd8\xff\xe1\xff\xff"]) {
      const found = await readIptc(file("photo.jpg", bytes), null, { xmp: file("photo.xmp", "<x"), text });
      expect(IptcFacts.safeParse(found).success).toBe(true);
      expect(found.title).toBeNull();
    }
  });
});

describe("a sidecar", () => {
  test("wins field by field, and says that it was the sidecar", async () => {
    const path = await photo();
    write(path, ...XMP_WORDS);
    const xmp = join(folder, "photo.xmp");
    execFileSync("perl", [
      exiftool,
      "-q",
      "-XMP-dc:Title=Tern",
      "-XMP-dc:Subject=tern",
      "-XMP-xmp:Rating=-1",
      "-o",
      xmp,
    ]);
    expect(await readIptc(path, null, { xmp, text: null })).toEqual({
      ...XMP_FOUND,
      title: inSidecar("Tern"),
      keywords: inSidecar(["tern"]),
      rating: inSidecar(-1),
    });
  });

  test("of plain text is a caption, after the one of an XMP sidecar and before that of the file", async () => {
    const path = await photo();
    write(path, "-XMP-dc:Description=in the file");
    const text = file("photo.txt", "\ufeffA gull,\r\nflying low\n");
    expect((await readIptc(path, null, { xmp: null, text })).caption).toEqual(inSidecar("A gull, flying low"));
    const latin1 = file("photo.caption", Buffer.from("M\xf6we", "latin1"));
    expect((await readIptc(path, null, { xmp: null, text: latin1 })).caption).toEqual(inSidecar("Möwe"));
    const xmp = join(folder, "photo.xmp");
    execFileSync("perl", [exiftool, "-q", "-XMP-dc:Description=in XMP", "-o", xmp]);
    expect((await readIptc(path, null, { xmp, text })).caption).toEqual(inSidecar("in XMP"));
  });

  test("that is not there takes nothing away", async () => {
    const path = await photo();
    write(path, "-XMP-dc:Title=Gull");
    const gone = { xmp: join(folder, "gone.xmp"), text: join(folder, "gone.txt") };
    expect((await readIptc(path, null, gone)).title).toEqual(inFile("Gull"));
  });
});
