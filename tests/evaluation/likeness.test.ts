import { describe, expect, test } from "vitest";
import { leafPictures, manyLeaves, scenes } from "../../bench/evaluation/generated.ts";
import { confusions, type Recall, recalls } from "../../bench/evaluation/likeness.ts";

/** 456 pictures, six of each seed. */
const SEEDS = 76;
const LOOKS = 50;

test("none of 100,000 pairs of unrelated pictures is called the same, and none of the nearest a crop", () => {
  const { pairs, same, looked, derived } = confusions(manyLeaves(SEEDS), LOOKS);
  expect(pairs).toBeGreaterThan(100_000);
  expect(same).toEqual([]);
  expect(looked).toBe(LOOKS);
  expect(derived).toEqual([]);
});

const named = (found: readonly Recall[]) => found.map((recall) => [recall.edit, recall] as const);

describe("a scene that somebody has edited is found again", async () => {
  test.each(named(await recalls(await scenes(1))))("%s", (_, { share, goal, missed }) => {
    expect(share, missed.join(", ")).toBeGreaterThanOrEqual(goal);
  });
});

// Leaves are everywhere alike: the fingerprints of a crop are far from those of the whole, which no photograph's are.
describe("a picture without composition is found again where its pixels are looked at", async () => {
  test.each(named(await recalls(await leafPictures(8))))("%s", (_, { shareByPixels, goal }) => {
    expect(shareByPixels).toBeGreaterThanOrEqual(goal);
  });
});
