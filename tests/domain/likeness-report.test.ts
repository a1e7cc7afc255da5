import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { groupsFrom } from "../../src/domain/likeness-import.ts";
import {
  csvOf,
  czkawkaOf,
  imagededupOf,
  type Report,
  type ReportGroup,
  ReportSchema,
  touchedOf,
} from "../../src/domain/likeness-report.ts";

const member = (file: string, keep: boolean) => ({
  file,
  keep,
  proposed: keep,
  width: 600,
  height: 400,
  bytes: 12_345,
  modified: "2026-10-14T08:12:33.000Z",
  distance: keep ? null : 3,
  cosine: null,
  phash256: null,
  ncc: null,
  seconds: null,
  semantic: null,
  reason: 'larger: 600 × 400 px, "much"',
});
const GROUPS: ReportGroup[] = [
  { group: 1, tier: "exact", keeper: "a.jpg", files: [member("b, 2.jpg", false), member("a.jpg", true)] },
  { group: 2, tier: "bracket", keeper: null, files: [member("sub/c.jpg", true), member('"d".jpg', true)] },
];
const REPORT: Report = {
  schema: "photogate.likeness",
  version: 1,
  at: "2026-10-14T12:00:00.000Z",
  folder: "/photos",
  source: "folder",
  hash: "phash",
  photos: 5,
  groups: GROUPS,
  outliers: [],
  aside: [],
  touched: { groups: 0, of: 2, share: 0 },
};
const taken = (text: string) =>
  groupsFrom(text, "file").groups.map(({ tier, files }) => ({
    tier,
    files: files.map(({ file, keep, proposed }) => [file, keep, proposed]),
  }));
const OURS = GROUPS.map(({ tier, files }) => ({
  tier,
  files: files.map(({ file, keep, proposed }) => [file, keep, proposed]),
}));

describe("what is written can be read again", () => {
  test("as CSV, with commas, quotes and whatever else names hold", () => {
    expect(taken(csvOf(GROUPS))).toEqual(OURS);
  });

  test("as CSV that a spreadsheet has saved its own way", () => {
    const changed = csvOf(GROUPS)
      .split("\r\n")
      .map((line) => line.replaceAll(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/g, ";"))
      .join("\n");
    expect(changed).toContain("group;tier;file");
    expect(taken(`\ufeff${changed.replaceAll(";yes;", ";TRUE;")}`)).toEqual(OURS);
  });

  test("as JSON, which is what the schema says", () => {
    expect(ReportSchema.parse(REPORT)).toEqual(REPORT);
    expect(taken(JSON.stringify(REPORT))).toEqual(OURS);
  });

  test("as Czkawka saves similar images: the keeper first", () => {
    expect(czkawkaOf(REPORT)).toMatchObject([
      [
        { path: "/photos/a.jpg", size: 12_345, width: 600, height: 400, modified_date: 1_791_965_553, similarity: 0 },
        { path: "/photos/b, 2.jpg", similarity: 3 },
      ],
      [{ path: "/photos/sub/c.jpg" }, { path: '/photos/"d".jpg' }],
    ]);
    expect(taken(JSON.stringify(czkawkaOf(REPORT)))[0]).toEqual({
      tier: "imported",
      files: [
        ["/photos/a.jpg", null, null],
        ["/photos/b, 2.jpg", null, null],
      ],
    });
  });

  test("as imagededup writes duplicates: of every photo its likes", () => {
    const likes = imagededupOf(REPORT, ["a.jpg", "b, 2.jpg", "e.jpg", "sub/c.jpg", '"d".jpg']);
    expect(likes).toEqual({
      "a.jpg": ["b, 2.jpg"],
      "b, 2.jpg": ["a.jpg"],
      "e.jpg": [],
      "sub/c.jpg": ['"d".jpg'],
      '"d".jpg': ["sub/c.jpg"],
    });
    expect(taken(JSON.stringify(likes)).map(({ files }) => files.map(([file]) => file))).toEqual([
      ["a.jpg", "b, 2.jpg"],
      ["sub/c.jpg", '"d".jpg'],
    ]);
  });
});

describe("what others write", () => {
  test("Czkawka: duplicates by hash, and groups beside reference folders", () => {
    const entry = (path: string) => ({ path, size: 1, modified_date: 1, hash: "" });
    const byHash = { "77": [[entry("/p/a"), entry("/p/b")]], "1024": [[entry("/p/c"), entry("/p/d")]] };
    expect(groupsFrom(JSON.stringify(byHash), "f")).toMatchObject({
      source: "czkawka",
      groups: [{ files: [{ file: "/p/a" }, { file: "/p/b" }] }, { files: [{ file: "/p/c" }, { file: "/p/d" }] }],
    });
    const referenced = [[entry("/ref/a"), [entry("/p/b"), entry("/p/c")]]];
    expect(groupsFrom(JSON.stringify(referenced), "f").groups[0]?.files.map(({ file }) => file)).toEqual([
      "/ref/a",
      "/p/b",
      "/p/c",
    ]);
  });

  test("imagededup with scores: only those that are said to be alike match", () => {
    const { source, groups } = groupsFrom(
      JSON.stringify({
        a: [["b", 2]],
        b: [
          ["a", 2],
          ["c", 9],
        ],
        c: [],
      }),
      "f",
    );
    expect(source).toBe("imagededup");
    const [group] = groups;
    expect(group?.files.map(({ file }) => file)).toEqual(["a", "b", "c"]);
    expect([group?.areAlike("a", "b"), group?.areAlike("c", "b"), group?.areAlike("a", "c")]).toEqual([
      true,
      true,
      false,
    ]);
  });

  test.each([
    ["no JSON", "{"],
    ["JSON of something else", '[{"a": 1}]'],
    ["a report of another version", JSON.stringify({ ...REPORT, version: 2 })],
    ["a table without keep", "group,file\n1,a.jpg\n"],
    ["a keep that is neither yes nor no", "group,file,keep\n1,a.jpg,perhaps\n"],
    ["an empty file", ""],
  ])("%s is refused", (_, text) => {
    expect(() => groupsFrom(text, "f")).toThrow(expect.objectContaining({ code: "likeness.import" }));
  });
});

test("touched is a group in which a person decided otherwise", () => {
  expect(touchedOf(GROUPS)).toEqual({ groups: 0, of: 2, share: 0 });
  const swapped = GROUPS.map((group, i) =>
    i === 0 ? { ...group, files: group.files.map((file) => ({ ...file, keep: !file.keep })) } : group,
  );
  expect(touchedOf(swapped)).toEqual({ groups: 1, of: 2, share: 0.5 });
  expect(
    touchedOf(GROUPS.map((group) => ({ ...group, files: group.files.map((file) => ({ ...file, proposed: null })) }))),
  ).toBeNull();
});

test("docs/reports.md names every field and tier there is", () => {
  const page = readFileSync("docs/reports.md", "utf8");
  const { groups, outliers, aside } = ReportSchema.shape;
  const { files, tier } = groups.element.shape;
  const fields = [
    ReportSchema.shape,
    groups.element.shape,
    files.element.shape,
    outliers.element.shape,
    aside.element.shape,
  ];
  const known = [...fields.flatMap((shape) => Object.keys(shape)), ...tier.options];
  expect(known.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});
