import { describe, expect, test } from "vitest";
import { dropOf, isPruned, readContext, sort } from "../../src/watchers/drop.ts";
import { entry } from "./entries.ts";

const names = (entries: readonly { relative: string }[]): string[] => entries.map(({ relative }) => relative).sort();
const asides = (...given: Parameters<typeof entry>[]): string[] =>
  sort(given.map((one) => entry(...one))).aside.map((one) => `${one.entry.relative}: ${one.code}`);
const settings = { profile: { category: "gallery" }, looseName: "loose" };
const dropFrom = (...relative: string[]) => {
  const [group] = sort(relative.map((one) => entry(one))).groups;
  if (group === undefined) throw new Error("no group");
  return dropOf("/in", group, settings, {});
};

describe("what is left aside, each with its reason", () => {
  test.each([
    [".DS_Store", "drop.system-file"],
    ["Thumbs.db", "drop.system-file"],
    ["desktop.ini", "drop.system-file"],
    ["Gulls/._IMG_1.JPG", "drop.system-file"],
    ["IMG_1.jpg.part", "drop.temporary"],
    ["IMG_1.jpg.crdownload", "drop.temporary"],
    ["IMG_1.jpg~", "drop.temporary"],
    ["upload.filepart", "drop.temporary"],
    ["notes.docx", "drop.other-file"],
    ["_review_dupes/IMG_1.JPG", "drop.review-folder"],
    ["_review_dupes/photogate-likeness-1.jsonl", "drop.review-folder"],
    ["Gulls/_review_dupes/sub/IMG_1.JPG", "drop.review-folder"],
  ])("%s: %s", (name, code) => {
    expect(asides([name])).toEqual([`${name}: ${code}`]);
  });

  test("what was put aside as a duplicate is no photo of any set, even beside one that is", () => {
    const { groups } = sort(
      ["_review_dupes/a.jpg", "Gulls/_review_dupes/b.jpg", "Gulls/c.jpg"].map((one) => entry(one)),
    );
    expect(groups.map(({ folder, photos }) => [folder, names(photos)])).toEqual([["Gulls", ["Gulls/c.jpg"]]]);
    const [{ photos } = { photos: [] }] = sort([entry("my_review_dupes/a.jpg")]).groups;
    expect(names(photos)).toEqual(["my_review_dupes/a.jpg"]);
  });

  test("links, pipes and folders called like photos, folders nobody may list", () => {
    expect(
      asides(
        ["link.jpg", { kind: "link" }],
        ["pipe.jpg", { kind: "other" }],
        ["folder.jpg", { kind: "folder" }],
        ["plain", { kind: "folder" }],
        ["secret", { kind: "unreadable-folder" }],
        ["@eaDir", { kind: "folder" }],
      ),
    ).toEqual([
      "link.jpg: drop.symlink",
      "pipe.jpg: drop.not-a-file",
      "folder.jpg: drop.not-a-file",
      "secret: drop.unreadable-folder",
      "@eaDir: drop.system-file",
    ]);
  });

  test("is everything that is no photo: nothing is dropped in silence", () => {
    const given = ["a.jpg", "a.xmp", "b.txt", ".hidden", "photogate.yaml", "x.tmp"].map((name) => entry(name));
    const { groups, aside, orphans } = sort(given);
    const photos = groups.flatMap((group) => group.photos);
    expect(names([...photos, ...aside.map((one) => one.entry), ...orphans])).toEqual(names(given));
  });
});

describe("folders whose content is nobody's photos", () => {
  test.each([".git", "@eaDir", "#recycle", "$RECYCLE.BIN", "System Volume Information", "lost+found"])("%s", (name) => {
    expect(isPruned(name)).toBe(true);
  });
  test.each(["DCIM", "2026-10 Gulls, Texel", "recycle"])("and %s is none of them", (name) => {
    expect(isPruned(name)).toBe(false);
  });
});

describe("a set", () => {
  test("is each folder of the inbox with all below it; loose files are one more", () => {
    const { groups } = sort(
      ["a.jpg", "Gulls/1.jpg", "Gulls/deep/2.jpg", "Terns/1.jpg", "Empty/notes.txt"].map((name) => entry(name)),
    );
    expect(groups.map(({ folder, photos }) => [folder, names(photos)])).toEqual([
      ["", ["a.jpg"]],
      ["Gulls", ["Gulls/1.jpg", "Gulls/deep/2.jpg"]],
      ["Terns", ["Terns/1.jpg"]],
    ]);
  });

  test("is called after its folder, and tells what the folder's name tells", () => {
    expect(dropFrom("2026-10 Gulls, Texel/1.jpg")).toMatchObject({
      inbox: "/in",
      folder: "/in/2026-10 Gulls, Texel",
      name: "2026-10 Gulls, Texel",
      context: { folder: "gallery", date: "2026-10", subject: "Gulls", location: "Texel" },
    });
  });

  test("is what the profile says where its name and its file say nothing", () => {
    const [group] = sort([entry("2026 Gulls/1.jpg")]).groups;
    if (group === undefined) throw new Error("no group");
    const profile = { category: "birds", subject: "Birds", location: "Texel", copyright: "(c) A" };
    expect(dropOf("/in", group, { profile, looseName: "" }, { copyright: "(c) B" }).context).toEqual({
      folder: "birds",
      subject: "Gulls",
      location: "Texel",
      date: "2026",
      copyright: "(c) B",
    });
  });

  test("of loose files has no context but the inbox's", () => {
    expect(dropFrom("a.jpg")).toMatchObject({ folder: "/in", name: "loose", context: { folder: "gallery" } });
  });

  test("has its photos in the order of the camera's names", () => {
    expect(dropFrom("G/IMG_10.jpg", "G/IMG_02.jpg", "G/IMG_1.jpg").shots.map(({ main }) => main.path)).toEqual([
      "/in/G/IMG_02.jpg",
      "/in/G/IMG_1.jpg",
      "/in/G/IMG_10.jpg",
    ]);
  });
});

describe("a companion travels with its photo", () => {
  const companionsOf = (...relative: string[]): Record<string, string[]> =>
    Object.fromEntries(
      dropFrom(...relative).shots.map(({ main, companions }) => [
        main.path.slice("/in/G/".length),
        companions.map(({ path }) => path.slice("/in/G/".length)).sort(),
      ]),
    );

  test("by its stem, in any case", () => {
    expect(companionsOf("G/DSC_1.JPG", "G/dsc_1.xmp", "G/DSC_1.JPG.XMP", "G/DSC_1.wav")).toEqual({
      "DSC_1.JPG": ["DSC_1.JPG.XMP", "DSC_1.wav", "dsc_1.xmp"],
    });
  });

  test("a RAW beside its JPEG, with the sidecar of the RAW", () => {
    expect(companionsOf("G/DSC_1.JPG", "G/DSC_1.NEF", "G/DSC_1.NEF.xmp")).toEqual({
      "DSC_1.JPG": ["DSC_1.NEF", "DSC_1.NEF.xmp"],
    });
  });

  test("a RAW alone is a photo, with its own sidecar", () => {
    expect(companionsOf("G/DSC_1.NEF", "G/DSC_1.xmp")).toEqual({ "DSC_1.NEF": ["DSC_1.xmp"] });
  });

  test("only in its own folder, and only with its own name", () => {
    expect(companionsOf("G/a/DSC_1.JPG", "G/b/DSC_1.JPG", "G/b/DSC_1.xmp", "G/a/DSC_11.xmp")).toEqual({
      "a/DSC_1.JPG": [],
      "b/DSC_1.JPG": ["b/DSC_1.xmp"],
    });
  });

  test("named after the whole file goes with that file only", () => {
    expect(companionsOf("G/1.jpg", "G/1.png", "G/1.png.crop.json", "G/1.JPG.CROP.JSON")).toEqual({
      "1.jpg": ["1.JPG.CROP.JSON"],
      "1.png": ["1.png.crop.json"],
    });
    expect(companionsOf("G/1.jpg", "G/1.png", "G/1.png.xmp")).toEqual({ "1.jpg": [], "1.png": ["1.png.xmp"] });
  });

  test("in a set of 13,500 pairs, found without comparing each with each", () => {
    const pairs = Array.from({ length: 13_500 }, (_, i) => [entry(`G/${i}.jpg`), entry(`G/${i}.xmp`)]).flat();
    const begun = performance.now();
    const [group] = sort(pairs).groups;
    const drop = group && dropOf("/in", group, settings, {});
    expect(drop?.shots.every(({ companions }) => companions.length === 1)).toBe(true);
    expect(performance.now() - begun).toBeLessThan(3_000);
  });
});

describe("photogate.yaml", () => {
  test("describes the set it lies in the first folder of", () => {
    const { groups, aside } = sort([entry("G/1.jpg"), entry("G/photogate.yaml"), entry("G/deep/photogate.yaml")]);
    expect(groups[0]?.contextFile?.relative).toBe("G/photogate.yaml");
    expect(aside.map((one) => `${one.entry.relative} ${one.code}`)).toEqual([
      "G/photogate.yaml drop.companion",
      "G/deep/photogate.yaml drop.other-file",
    ]);
  });

  test("is read, and may be empty", () => {
    expect(readContext("subject: Grey Heron\nlocation: Amsterdam, Netherlands\ndate: 2026-10-14\n")).toEqual({
      subject: "Grey Heron",
      location: "Amsterdam, Netherlands",
      date: "2026-10-14",
    });
    expect(readContext("date: 2026")).toEqual({ date: "2026" });
    expect(readContext("# nothing yet\n")).toEqual({});
  });

  test("may put a camera's clock right", () => {
    expect(readContext('clock: "+1h 2min"')).toEqual({ clock: [{ camera: null, aheadSeconds: 3_720 }] });
    expect(readContext('clock:\n  Canon EOS R5: "+1 h 2 min"\n  Nikon Z 8: "-45 s"\n')).toEqual({
      clock: [
        { camera: "Canon EOS R5", aheadSeconds: 3_720 },
        { camera: "Nikon Z 8", aheadSeconds: -45 },
      ],
    });
  });

  test("with mistakes is refused with all of them", () => {
    expect(() => readContext("clock: 3")).toThrow(/clock: must be "\+1 h 2 min"/);
    expect(() => readContext("clock:\n  Canon: 1 h\n  Nikon: soon\n")).toThrow(
      /clock\.Canon: "1 h" must be like .*; clock\.Nikon: "soon" must be like/,
    );
    expect(() => readContext("subjekt: x\nlocation: 7\n")).toThrow(/location: .*; .*subjekt/s);
    expect(() => readContext("subject: [")).toThrow("is no YAML");
    expect(() => readContext("just text")).toThrow("file:");
  });
});
