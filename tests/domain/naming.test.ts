import { describe, expect, test } from "vitest";
import {
  cameraOf,
  DEFAULT_PATTERN,
  foldedKey,
  folderKey,
  MAX_NAME,
  NAME_RULES,
  nameFlaw,
  numbered,
  patternFlaw,
  sitePaths,
  slug,
  stemOf,
  titled,
  UNDATED,
  yearOf,
} from "../../src/domain/naming.ts";
import { randomFrom } from "../../src/imaging/brushes.ts";
import { namesOn } from "../../src/store/names.ts";
import { memoryDatabase, seededPhotos } from "../store/home.ts";

const parts = { subject: null, location: null, folder: "nature", camera: null, year: "2026" };
const nameOf = (given: Partial<Parameters<typeof stemOf>[1]>): string =>
  numbered(stemOf(DEFAULT_PATTERN, { ...parts, ...given }).stem, 1);

describe("a part of a name", () => {
  test.each([
    ["Grey Heron, In-Flight!", "Grey_Heron_In_Flight"],
    ["KLM Boeing 737-800 PH-BXA Take Off", "KLM_Boeing_737-800_PH-BXA_Take_Off"],
    ["ATR 72-600 landing", "ATR_72-600_landing"],
    ["Rock & Roll: São Paulo", "Rock_and_Roll_Sao_Paulo"],
    ["T-Shirt close-up", "T-Shirt_close_up"],
    ["Zürich – Limmat", "Zurich_Limmat"],
    ["Straße nach Øresund, Łódź, Ærø", "Strasse_nach_Oresund_Lodz_Aero"],
    ["Ǿresund, ǽ", "Oresund_ae"],
    ["the gull’s nest and the heron's", "the_gulls_nest_and_the_herons"],
    ["  __spaces   and___lines__ ", "spaces_and_lines"],
    ["(PH-BXA), taxiing", "PH-BXA_taxiing"],
    ["Fokker 70-100", "Fokker_70-100"],
    ["2-3 gulls", "2_3_gulls"],
    ["Route 70-100", "Route_70_100"],
    ["Fokker over-flying", "Fokker_over_flying"],
    ["- -- -", ""],
    ["東京", ""],
    ["🦩", ""],
  ])("%j is written %s", (text, written) => {
    expect(slug(text)).toBe(written);
  });
});

describe("a subject", () => {
  test.each([
    ["grey heron", "Grey Heron"],
    ["KLM boeing 737-800 ph-bxa", "KLM Boeing 737-800 Ph-bxa"],
    ["iPhone at lowLight", "iPhone At lowLight"],
    ["eos r5 with rf 100mm", "EOS R5 With RF 100MM"],
    ["louis xiv and henry viii", "Louis Xiv And Henry VIII"],
    ["", ""],
  ])("%j becomes the title %j", (typed, title) => {
    expect(titled(typed)).toBe(title);
  });
});

describe("a file name", () => {
  test("is made of subject, place, category, camera, year and number", () => {
    expect(
      nameOf({
        subject: "Grey Heron, In-Flight!",
        location: "Amsterdam_Netherlands",
        camera: cameraOf("Canon", "Canon EOS R5m2"),
      }),
    ).toBe("Grey_Heron_In_Flight_Amsterdam_Netherlands_Nature_Photography_Canon_EOS_R5_Mark_II_2026_001.JPG");
  });

  test("leaves out a camera nobody knows rather than guess one", () => {
    expect(nameOf({ subject: "Gulls" })).toBe("Gulls_Nature_Photography_2026_001.JPG");
  });

  test("says undated where nothing tells the year", () => {
    expect(nameOf({ subject: "Gulls", year: yearOf(null, undefined) })).toBe(
      "Gulls_Nature_Photography_undated_001.JPG",
    );
  });

  test("is never empty", () => {
    expect(stemOf("{subject}_{seq}", { ...parts, subject: "東京" }).stem).toBe("Photo");
  });

  test("begins with a letter or a digit whatever the pattern begins with", () => {
    expect(stemOf("-{subject}_{seq}", { ...parts, subject: "Gulls" }).stem).toBe("Gulls");
  });

  test.each(["Photography", "Street photography", "Nature Landscape Photography"])(
    "does not say photography twice for %s",
    (folder) => {
      expect(nameOf({ folder }).match(/photography/gi)).toHaveLength(1);
    },
  );

  test("raises the first letters of place and category and keeps capitals", () => {
    expect(nameOf({ location: "den helder_NL", folder: "urban_night" })).toBe(
      "Den_Helder_NL_Urban_Night_Photography_2026_001.JPG",
    );
  });

  test("loses words from the end of the subject when it is too long, and says so", () => {
    const { stem, shortened } = stemOf(DEFAULT_PATTERN, {
      ...parts,
      subject: "Word ".repeat(60),
      location: "Texel, Netherlands",
    });
    expect(shortened).toBe(true);
    expect(stem).toMatch(/^(Word_)+Texel_Netherlands_Nature_Photography_2026$/);
    expect(numbered(stem, 99_999).length).toBeLessThanOrEqual(MAX_NAME);
  });

  test("loses words of the place when the subject is down to one, and is cut when that is not enough", () => {
    const { stem } = stemOf(DEFAULT_PATTERN, { ...parts, subject: "Gulls", location: "Place ".repeat(60) });
    expect(stem).toMatch(/^Gulls_(Place_)+Nature_Photography_2026$/);
    const cut = stemOf(DEFAULT_PATTERN, { ...parts, subject: "X".repeat(300) });
    expect(cut.shortened).toBe(true);
    expect(numbered(cut.stem, 1)).toMatch(/^X+_001\.JPG$/);
  });

  test("that just fits is left as it is", () => {
    const fits = stemOf("{subject}_{seq}", { ...parts, subject: `Two ${"X".repeat(136)}` });
    expect(fits).toEqual({ stem: `Two_${"X".repeat(136)}`, shortened: false });
    expect(stemOf("{subject}_{seq}", { ...parts, subject: `Two ${"X".repeat(137)}` })).toEqual({
      stem: "Two",
      shortened: true,
    });
  });

  test("keeps its limit with 13,500 photos under one stem", () => {
    const { stem } = stemOf(DEFAULT_PATTERN, { ...parts, subject: "X".repeat(300) });
    expect(numbered(stem, 13_500).length).toBeLessThanOrEqual(MAX_NAME);
  });

  test("counts in three digits, and goes on in four", () => {
    expect([1, 999, 1000].map((n) => numbered("Gulls", n))).toEqual([
      "Gulls_001.JPG",
      "Gulls_999.JPG",
      "Gulls_1000.JPG",
    ]);
  });

  test("differs from another by more than case, on every system", () => {
    expect(foldedKey("GULLS_001.JPG")).toBe(foldedKey("Gulls_001.JPG"));
  });
});

describe("thousands of random texts", () => {
  const ALPHABETS = [
    [0x20, 0x7e],
    [0xa0, 0x24f],
    [0x300, 0x36f],
    [0x400, 0x4ff],
    [0x590, 0x6ff],
    [0x1e00, 0x1eff],
    [0x2000, 0x206f],
    [0x3040, 0x30ff],
    [0xd800, 0xdfff],
    [0xfb00, 0xfb4f],
    [0xff00, 0xffef],
    [0x1f300, 0x1faff],
    [0, 0x1f],
  ] as const;
  const random = randomFrom(20_261_014);
  const text = (most: number): string => {
    const [low, high] = ALPHABETS[Math.floor(random() * ALPHABETS.length)] ?? [0x20, 0x7e];
    return Array.from({ length: Math.floor(random() * most) }, () =>
      random() < 0.2 ? " " : String.fromCodePoint(low + Math.floor(random() * (high - low + 1))),
    ).join("");
  };

  test("all give names of plain characters, within the limit, that collide nowhere", () => {
    const database = memoryDatabase();
    const names = namesOn(database);
    const photos = seededPhotos(database, 5_000);
    for (const photo of photos) {
      const { stem } = stemOf(DEFAULT_PATTERN, {
        subject: random() < 0.1 ? null : text(80),
        location: random() < 0.3 ? null : text(80),
        folder: text(20),
        camera: random() < 0.5 ? null : text(30),
        year: yearOf(random() < 0.5 ? text(20) : "2026:10:14 08:12:33", random() < 0.5 ? undefined : text(10)),
      });
      const name = names.reserve(photo, stem);
      expect(name).toMatch(/^[A-Za-z0-9][A-Za-z0-9_-]*\.JPG$/);
      expect(name.length).toBeLessThanOrEqual(MAX_NAME);
      expect(nameFlaw(name)).toBeUndefined();
    }
    const keys = photos.map((photo) => foldedKey(names.of(photo) ?? ""));
    expect(new Set(keys).size).toBe(photos.length);
  });
});

describe("a name a person types", () => {
  test.each([
    ["Gulls_001.JPG", undefined],
    ["g.JPG", undefined],
    ["Gulls.jpg", "must end in .JPG"],
    ["Gulls", "must end in .JPG"],
    ["Müwe.JPG", "letters without accents, digits, _ and - only"],
    ["../up.JPG", "letters without accents, digits, _ and - only"],
    ["_a.JPG", "letters without accents, digits, _ and - only"],
    ["-a.JPG", "letters without accents, digits, _ and - only"],
    ["a b.JPG", "letters without accents, digits, _ and - only"],
    [".JPG", "letters without accents, digits, _ and - only"],
    ["CON.JPG", "Windows keeps this name for a device"],
    ["lpt1.JPG", "Windows keeps this name for a device"],
    [`${"a".repeat(147)}.JPG`, "151 characters, at most 150 are allowed"],
    [`${"a".repeat(146)}.JPG`, undefined],
  ])("%s: %s", (name, flaw) => {
    expect(nameFlaw(name)).toBe(flaw);
  });
});

describe("the rules for names", () => {
  const GOOD = "Grey_Heron_Texel_Nature_Photography_Canon_2026_001.JPG";
  test.each([
    ["FN-LEN", `${"a".repeat(MAX_NAME)}.JPG`],
    ["FN-ENDING", "Grey_Heron_001.png"],
    ["FN-CHARS", "Grey Heron é.JPG"],
    ["FN-RESERVED", "con.JPG"],
  ])("%s refuses %s and nothing else does", (id, bad) => {
    const by = (name: string) => NAME_RULES.filter(({ flaw }) => flaw(name) !== undefined).map((rule) => rule.id);
    expect(by(bad)).toEqual([id]);
    expect(by(GOOD)).toEqual([]);
  });

  test("FN-UNIQUE: names that differ in case only are one name, and the next gets another number", () => {
    const database = memoryDatabase();
    const [a = 0, b = 0] = seededPhotos(database, 2);
    const names = namesOn(database);
    const [one, other] = [names.reserve(a, "Heron"), names.reserve(b, "HERON")];
    expect(foldedKey(one)).not.toBe(foldedKey(other));
  });

  test("FN-SUBJECT, FN-DATE, FN-CAMERA: a name has subject and year, and nothing a camera called the file", () => {
    const name = nameOf({ subject: "Grey Heron", year: "2026" });
    expect(name).toMatch(/^Grey_Heron_.*_2026_001\.JPG$/);
    expect(name).not.toMatch(/^(?:img|dsc|dscf|p|mvi|_mg)[-_]?\d+/i);
  });
});

describe("a pattern", () => {
  test.each([
    [DEFAULT_PATTERN, undefined],
    ["{year}-{subject}_{seq}", undefined],
    ["{subject}", "must end in _{seq}"],
    ["{seq}_{subject}", "must end in _{seq}"],
    ["{subject}_{date}_{seq}", "knows no part {date}"],
    ["{subject} {year}_{seq}", "letters, digits, _ and -"],
    ["{subject}/{year}_{seq}", "letters, digits, _ and -"],
    ["a}b_{seq}", "a brace stands alone"],
    ["a{b_{seq}", "a brace stands alone"],
  ])("%s: %s", (pattern, flaw) => {
    if (flaw === undefined) expect(patternFlaw(pattern)).toBeUndefined();
    else expect(patternFlaw(pattern)).toContain(flaw);
  });
});

describe("a camera", () => {
  test.each([
    ["Canon", "Canon EOS R5m2", "Canon EOS R5 Mark II"],
    ["Canon", "EOS R5MarkII", "Canon EOS R5 Mark II"],
    ["Canon", "Canon EOS R5mark2", "Canon EOS R5 Mark II"],
    ["Canon", "Canon EOS R5 Mark II", "Canon EOS R5 Mark II"],
    ["Canon", "Canon EOS R5", "Canon EOS R5"],
    ["Canon", "Canon Canon EOS 5D Mark IV", "Canon EOS 5D Mark IV"],
    ["NIKON CORPORATION", "NIKON D850", "NIKON D850"],
    ["FUJIFILM", "X-T5", "FUJIFILM X-T5"],
    [null, "Pixel 9", "Pixel 9"],
    ["Leica", null, "Leica"],
    [" ", "", null],
    [null, null, null],
  ])("%j and %j is %j", (make, model, camera) => {
    expect(cameraOf(make, model)).toBe(camera);
  });
});

describe("the year", () => {
  test.each([
    ["2026:10:14 08:12:33", "2019", "2026"],
    [null, "2019-05-01", "2019"],
    [null, "2019", "2019"],
    ["0000:00:00 00:00:00", "2019", "2019"],
    ["0000:00:00 00:00:00", undefined, UNDATED],
    [null, undefined, UNDATED],
    ["", undefined, UNDATED],
  ])("of a camera date %j and a set date %j is %s", (takenAt, date, year) => {
    expect(yearOf(takenAt, date)).toBe(year);
  });

  test("is the same word in name, path and address", () => {
    const year = yearOf(null, undefined);
    const name = nameOf({ subject: "Gulls", year });
    const { full, thumb } = sitePaths({ name, folder: "Urban Night", year });
    expect(full).toBe(`undated/urban_night/${name}`);
    expect(thumb).toBe(`undated/thumbs/urban_night/${name}`);
    expect(name).toContain("_undated_");
  });

  test.each([
    ["Nature", "nature"],
    ["AUX", "aux_photos"],
    ["../../etc", "etc"],
    ["東京", "gallery"],
    ["", "gallery"],
  ])("category %j lies in the directory %s", (folder, key) => {
    expect(folderKey(folder)).toBe(key);
  });
});
