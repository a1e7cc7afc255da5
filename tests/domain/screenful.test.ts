import { describe, expect, test } from "vitest";
import { lookedText, missRate, sampleOf, sweepOf } from "../../src/domain/screenful.ts";

const MODEL = { caption: "model", altText: "model", keywords: "model" } as const;

describe("an approval by screen takes along", () => {
  test("what has passed the proof as a model wrote it, and nothing else", () => {
    const sweep = (given: Partial<Parameters<typeof sweepOf>[0]>) =>
      sweepOf({ blocked: false, outcome: "passed", authors: MODEL, ...given });
    expect(sweep({})).toBe("passed");
    expect(sweep({ blocked: true })).toBe("blocked");
    expect(sweep({ outcome: "repaired" })).toBe("repaired");
    expect(sweep({ outcome: "partially-repaired" })).toBe("repaired");
    expect(sweep({ outcome: "blocked" })).toBe("unproved");
    expect(sweep({ outcome: null })).toBe("unproved");
    expect(sweep({ authors: { ...MODEL, altText: "template" } })).toBe("template");
    expect(sweep({ authors: { ...MODEL, caption: "person" } })).toBe("passed");
  });
});

describe("the sample for the second look", () => {
  const photos = Array.from({ length: 1_000 }, (_, i) => i + 1);

  test("is the share that is asked for, five at least, and all where there are fewer", () => {
    expect(sampleOf(photos, 5)).toHaveLength(50);
    expect(sampleOf(photos.slice(0, 40), 5)).toHaveLength(5);
    expect(sampleOf([7, 8], 5).toSorted()).toEqual([7, 8]);
    expect(sampleOf(photos, 0)).toEqual([]);
  });

  test("is the same whatever the order, and is spread over the set", () => {
    const sample = sampleOf(photos, 5);
    expect(sampleOf(photos.toReversed(), 5)).toEqual(sample);
    const tenths = new Set(sample.map((id) => Math.floor((id - 1) / 100)));
    expect(tenths.size).toBe(10);
  });
});

describe("the miss rate", () => {
  test("is nothing where nothing was looked at", () => expect(missRate(0, 0)).toBeNull());

  test("has a bound of about three in n where none was missed", () => {
    expect(missRate(0, 100)?.bound).toBeCloseTo(0.0295, 4);
    expect(missRate(0, 300)?.bound).toBeCloseTo(0.00994, 4);
  });

  // Values of the binomial distribution as tables of it give them.
  test.each([
    [1, 100, 0.0466],
    [2, 20, 0.2826],
    [5, 5, 1],
  ])("%i of %i is below %f with a certainty of 95 %%", (misses, looked, bound) => {
    expect(missRate(misses, looked)?.rate).toBe(misses / looked);
    expect(missRate(misses, looked)?.bound).toBeCloseTo(bound, 3);
  });
});

test("what publishing prints adds up", () =>
  expect(lookedText({ opened: 31, seen: 73, unseen: 0 })).toBe(
    "Approved 104, of which 31 opened, 73 seen in the grid, 0 not seen.",
  ));
