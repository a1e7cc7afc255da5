import { describe, expect, test } from "vitest";
import { duplicationOf } from "../../src/domain/duplication.ts";
import type { Member } from "../../src/domain/wording-set.ts";
import { english } from "../../src/language/english.ts";

const lexicon = english();
const animals = "heron gull tern stork swan goose duck coot grebe rail plover lapwing snipe ruff knot dunlin".split(
  " ",
);
const places = "reed ditch meadow dyke harbour pier beach dune field marsh roof bridge".split(" ");

/** No two say the same, until `repeated` of them all say one thing. */
const members = (count: number, repeated = 0, alike: readonly number[] = []): Member[] =>
  Array.from({ length: count }, (_, i) => {
    const [animal = "", place = ""] = [animals[i % animals.length], places[Math.floor(i / animals.length)]];
    const caption = i < repeated ? "Waves break on a rock." : `${animal} number${i} on the ${place}`;
    return { photo: i + 1, words: { caption, altText: "", keywords: [] }, alike: new Set(alike) };
  });

describe("how often a set repeats itself", () => {
  test("has no figure below 50 photos", () => {
    expect(duplicationOf(members(49, 49), lexicon)).toBeNull();
    expect(duplicationOf(members(50), lexicon)).toBe(0);
  });

  test("is the share that says what one before it said", () => {
    expect(duplicationOf(members(50, 50), lexicon)).toBe(0.98);
    expect(duplicationOf(members(50, 11), lexicon)).toBe(0.2);
  });

  test("does not grow with the set, as the plain share would", () => {
    // A tenth of them all say one thing: of 180 photos 17 repeat it, of 50 about four.
    const share = duplicationOf(members(180, 18), lexicon);
    expect(share).toBeGreaterThan(0.05);
    expect(share).toBeLessThan(0.11);
  });

  test("leaves out photos that are alike", () => {
    const alike = Array.from({ length: 11 }, (_, i) => i + 1);
    expect(duplicationOf(members(50, 11, alike), lexicon)).toBe(0);
  });

  test("is the same at every run", () => {
    const figures = [1, 2, 3].map(() => duplicationOf(members(120, 30), lexicon));
    expect(new Set(figures).size).toBe(1);
  });
});
