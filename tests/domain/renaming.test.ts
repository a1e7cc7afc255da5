import { describe, expect, test } from "vitest";
import { type Renamable, renamed, renamePatternFlaw, tooLong } from "../../src/domain/renaming.ts";

const photo = (relative: string, more: Partial<Renamable> = {}): Renamable => ({
  relative,
  companions: [],
  takenAt: "2026:10:14 08:12:33",
  subSec: null,
  camera: "Canon EOS R5",
  ...more,
});
const namesBy = (pattern: string, photos: readonly Renamable[], staying: readonly string[] = []) =>
  Object.fromEntries(renamed(pattern, photos, staying).flatMap(({ files }) => files.map(({ from, to }) => [from, to])));

describe("names by a pattern", () => {
  test("every part is filled in, and what travels along keeps its own ending", () => {
    const files = namesBy("{date} {time}_{camera}_{stem}_{seq}", [
      photo("day/DSC_1.JPG", { companions: ["day/DSC_1.NEF", "day/DSC_1.JPG.xmp", "day/dsc_1.NEF.xmp"] }),
    ]);
    const name = "day/2026-10-14 08-12-33_Canon_EOS_R5_DSC_1_001";
    expect(files).toEqual({
      "day/DSC_1.JPG": `${name}.JPG`,
      "day/DSC_1.NEF": `${name}.NEF`,
      "day/DSC_1.JPG.xmp": `${name}.JPG.xmp`,
      "day/dsc_1.NEF.xmp": `${name}.NEF.xmp`,
    });
  });

  test("the counter follows the order of capture, fractions of a second too, each day and folder by itself", () => {
    const photos = [
      photo("c.jpg", { takenAt: "2026:10:14 09:00:00" }),
      photo("b.jpg", { subSec: "20" }),
      photo("a.jpg", { subSec: "75" }),
      photo("d.jpg", { takenAt: "2026:10:15 07:00:00" }),
      photo("sub/e.jpg"),
      photo("z.jpg", { takenAt: null }),
    ];
    expect(namesBy("{date}_{seq}", photos)).toEqual({
      "b.jpg": "2026-10-14_001.jpg",
      "a.jpg": "2026-10-14_002.jpg",
      "c.jpg": "2026-10-14_003.jpg",
      "d.jpg": "2026-10-15_001.jpg",
      "sub/e.jpg": "sub/2026-10-14_001.jpg",
      "z.jpg": "undated_001.jpg",
    });
  });

  test("run again on its own names it changes none", () => {
    const first = namesBy("{date}_{seq}", [photo("b.jpg"), photo("a.jpg", { subSec: "9" })]);
    const again = [photo(first["b.jpg"] ?? ""), photo(first["a.jpg"] ?? "", { subSec: "9" })];
    for (const [from, to] of Object.entries(namesBy("{date}_{seq}", again))) expect(to).toBe(from);
  });

  test("without a counter, the second of a name gets one", () => {
    expect(namesBy("{date}", [photo("a.jpg"), photo("b.JPG")])).toEqual({
      "a.jpg": "2026-10-14.jpg",
      "b.JPG": "2026-10-14_2.JPG",
    });
  });

  test("names that stay are passed over, whatever their case and however their accents are written", () => {
    expect(namesBy("Caf\u00e9_{seq}", [photo("a.jpg")], ["CAFE\u0301_001.JPG"])).toEqual({
      "a.jpg": "Caf\u00e9_002.jpg",
    });
    expect(namesBy("{date}_{seq}", [photo("a.jpg")], ["2026-10-14_001.xmp"])).toEqual({
      "a.jpg": "2026-10-14_002.jpg",
    });
  });

  test("no name is one that some system cannot take", () => {
    expect(namesBy("{stem}", [photo("con?.jpg")])).toEqual({ "con?.jpg": "con_photo.jpg" });
    expect(namesBy("{camera}", [photo("a.jpg", { camera: "A/B: C" })])).toEqual({ "a.jpg": "A_B_C.jpg" });
    expect(namesBy("{camera}", [photo("a.jpg", { camera: null })])).toEqual({ "a.jpg": "Photo.jpg" });
    const [long] = renamed(`{date}${"é".repeat(130)}`, [photo("a.jpg")], []);
    expect(long && tooLong(long)).toMatch(/^2026-10-14é+\.jpg$/);
    const [fits] = renamed(`{date}${"é".repeat(100)}`, [photo("a.jpg")], []);
    expect(fits && tooLong(fits)).toBeUndefined();
  });

  test.each([
    ["{date}_{year}", "knows no part {year}"],
    ["{date", "a brace stands alone"],
    ["a/{date}", "may not hold any of"],
    ["photo", "has no part"],
    ["{date} {seq}", undefined],
  ])("the pattern %s: %s", (pattern, flaw) => {
    if (flaw === undefined) expect(renamePatternFlaw(pattern)).toBeUndefined();
    else expect(renamePatternFlaw(pattern)).toContain(flaw);
  });
});
