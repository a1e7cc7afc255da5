import { describe, expect, test } from "vitest";
import { averageHash, COPIES, leavingOf, loneliest } from "../../src/domain/duplicates.ts";
import type { Fingerprint } from "../../src/domain/fingerprint.ts";
import type { GroupTier, ReportGroup } from "../../src/domain/likeness-report.ts";

const group = (tier: GroupTier, keeper: string | null, ...files: string[]): ReportGroup => ({
  group: 1,
  tier,
  keeper,
  files: files.map((file) => ({
    file,
    keep: keeper === null || file === keeper,
    proposed: null,
    width: null,
    height: null,
    bytes: null,
    modified: null,
    distance: null,
    cosine: null,
    phash256: null,
    ncc: null,
    seconds: null,
    semantic: null,
    reason: "",
  })),
});
const leaving = (groups: readonly ReportGroup[], tiers = COPIES) =>
  Object.fromEntries(leavingOf(groups, tiers).leaving.map(({ file, keeper }) => [file, keeper]));

describe("who goes aside", () => {
  test("all but the keeper, and for the one that stays in the end", () => {
    expect(leaving([group("exact", "a", "a", "b"), group("same-frame", "c", "a", "b", "c")])).toEqual({
      a: "c",
      b: "c",
    });
  });

  test("no two go for one another, so that one of each picture stays", () => {
    expect(leaving([group("same-frame", "a", "a", "b"), group("derived", "b", "a", "b")])).toEqual({ b: "a" });
    const circle = [group("exact", "a", "a", "b"), group("same-frame", "b", "b", "c"), group("derived", "c", "c", "a")];
    expect(Object.keys(leaving(circle))).toEqual(["b", "c"]);
  });

  test("frames of a bracket, stack or panorama stay, but for exact copies", () => {
    const bracket = group("bracket", null, "a", "b", "c");
    expect(leaving([group("same-frame", "x", "x", "a"), bracket])).toEqual({});
    expect(leaving([group("exact", "x", "x", "a"), bracket])).toEqual({ a: "x" });
  });

  test("what only a model calls alike stays, and keeps nothing else from going", () => {
    const semantic = group("semantic", null, "a", "b", "c");
    expect(leaving([group("same-frame", "a", "a", "b"), semantic])).toEqual({ b: "a" });
    expect(leaving([semantic], new Set<GroupTier>(["semantic"]))).toEqual({});
  });

  test("a burst stays whole unless it is named", () => {
    const burst = group("burst", "a", "a", "b");
    expect(leaving([burst])).toEqual({});
    expect(leaving([burst], new Set<GroupTier>(["burst"]))).toEqual({ b: "a" });
  });

  test("a group of which a person keeps none stays as it is, and is named", () => {
    const none = group("exact", "", "a", "b");
    expect(leavingOf([none], COPIES)).toEqual({
      leaving: [],
      refused: [{ group: 1, why: "no photo of it is to be kept" }],
    });
  });

  test("of two that a person keeps both stay", () => {
    const { files, ...rest } = group("exact", "a", "a", "b", "c");
    const both = { ...rest, files: files.map((one) => ({ ...one, keep: one.file !== "c" })) };
    expect(leaving([both])).toEqual({ c: "a" });
  });
});

const print = (high: number, low = 0): Fingerprint => ({
  hashes: Uint32Array.from({ length: 16 }, (_, i) => (i % 2 === 0 ? high : low)),
  wide: new Uint32Array(8),
  thumb: new Int8Array(256),
});

describe("photos like no other", () => {
  test("are those whose nearest neighbour is farthest", () => {
    const prints = [print(0), print(0b1), print(0xff00), print(0xffffffff, 0xffffffff)];
    expect(loneliest(prints, 2)).toEqual([
      { place: 3, distance: 56, nearest: 2 },
      { place: 2, distance: 8, nearest: 0 },
    ]);
  });

  test("a turned copy is a neighbour", () => {
    const turned = print(0xffffffff, 0xffffffff);
    turned.hashes.set([0, 0], 6);
    expect(loneliest([turned, print(0)], 1)).toEqual([{ place: 0, distance: 0, nearest: 1 }]);
  });

  test("the only photo there is has no neighbour", () => {
    expect(loneliest([print(5)], 3)).toEqual([{ place: 0, distance: 64, nearest: null }]);
  });
});

test("the average hash has a bit for each bright eighth of the picture", () => {
  const thumb = Int8Array.from({ length: 256 }, (_, i) => (i % 16 < 8 ? -100 : 100));
  expect(averageHash({ thumb })).toEqual([0x0f0f0f0f, 0x0f0f0f0f]);
  const lower = Int8Array.from({ length: 256 }, (_, i) => (i < 128 ? -100 : 100));
  expect(averageHash({ thumb: lower })).toEqual([0, 0xffffffff]);
});
