import { describe, expect, test } from "vitest";
import type { PluginSaid } from "../../src/domain/facts.ts";
import { directionsOf, type Kindred, kindredOf, semanticGroups, strangersAlike } from "../../src/domain/semantic.ts";

const base64 = (vector: readonly number[]): string => Buffer.from(Int8Array.from(vector).buffer).toString("base64");
const said = (
  vector: readonly number[],
  { model = "clip", weights = "a", alike = null as number | null } = {},
): PluginSaid => ({ id: model, said: { kind: "embedding", vector: base64(vector), weights, alike } });
const directions = (...photos: PluginSaid[][]) => directionsOf(photos.map((plugins, i) => ({ id: i + 1, plugins })));
const pairs = (usual: number, ...photos: PluginSaid[][]): Kindred[] =>
  directions(...photos).flatMap((same) => same.flatMap((_, at) => kindredOf(same, at, usual)));
const named = (found: readonly Kindred[]) => found.map(({ a, b }) => [a, b]);
const never = (): boolean => false;

describe("two photos are alike to a model", () => {
  test("from its cosine on, whatever the length of its vectors", () => {
    const [[one, other] = []] = directions([said([100, 0])], [said([4, 3])]);
    expect(one?.unit).toEqual(Float32Array.from([1, 0]));
    expect(other?.unit[0]).toBeCloseTo(0.8, 6);
    expect(named(pairs(0.79, [said([100, 0])], [said([4, 3])]))).toEqual([[1, 2]]);
    expect(named(pairs(0.81, [said([100, 0])], [said([4, 3])]))).toEqual([]);
  });

  test("by the figure of its manifest, where that names one; of two the stricter holds", () => {
    const like = [said([100, 0], { alike: 0.7 })];
    expect(named(pairs(0.92, like, [said([4, 3], { alike: 0.7 })]))).toEqual([[1, 2]]);
    expect(named(pairs(0.92, like, [said([4, 3], { alike: 0.9 })]))).toEqual([]);
    expect(named(pairs(0.92, like, [said([4, 3])]))).toEqual([]);
  });

  test("never by what another model, or another version of it, has said", () => {
    expect(pairs(0.5, [said([9, 0])], [said([9, 0], { model: "dino" })])).toEqual([]);
    expect(pairs(0.5, [said([9, 0])], [said([9, 0], { weights: "b" })])).toEqual([]);
    expect(pairs(0.5, [said([9, 0])], [said([9, 0, 0])])).toEqual([]);
  });

  test("not where one was not asked, gave a figure, or has no direction", () => {
    const unavailable: PluginSaid = { id: "clip", said: { kind: "unavailable", code: "plugin.failed", why: "no" } };
    const score: PluginSaid = { id: "clip", said: { kind: "score", raw: 5, score01: null } };
    expect(pairs(0.5, [said([9, 0])], [], [unavailable], [score], [said([0, 0])])).toEqual([]);
  });
});

describe("a group of them", () => {
  const like = (a: number, b: number, cosine = 0.95, model = "clip"): Kindred => ({ a, b, cosine, model });

  test("has no keeper, whoever is in it, and says by which model", () => {
    const [group] = semanticGroups([like(2, 5, 0.987), like(2, 9)], never);
    expect(group).toMatchObject({ tier: "semantic", members: [2, 5, 9], keeper: null });
    expect(group?.reasons.get(5)).toBe("alike to clip only: look for yourself");
    expect(group?.evidence).toEqual(
      new Map([
        [2, { semantic: 0.98 }],
        [5, { semantic: 0.98 }],
        [9, { semantic: 0.95 }],
      ]),
    );
  });

  test("does not run along a chain: each is like the one in the middle", () => {
    const chain = [like(1, 2), like(2, 3), like(3, 4), like(4, 5)];
    expect(semanticGroups(chain, never).map(({ members }) => members)).toEqual([
      [1, 2, 3],
      [4, 5],
    ]);
    const star = [like(1, 2), like(3, 4), like(2, 9), like(3, 9)];
    expect(semanticGroups(star, never).map(({ members }) => members)).toEqual([
      [1, 2, 9],
      [3, 4],
    ]);
  });

  test("does not know pairs that a person called no duplicates", () => {
    const distinct = (a: number, b: number): boolean => a + b === 3;
    expect(semanticGroups([like(1, 2), like(2, 3)], distinct).map(({ members }) => members)).toEqual([[2, 3]]);
  });

  test("is of one model: what two models say is not put together", () => {
    const found = semanticGroups([like(1, 2), like(2, 3, 0.95, "dino")], never);
    expect(found.map(({ members }) => members)).toEqual([
      [1, 2],
      [2, 3],
    ]);
  });
});

describe("how alike strangers are to a model", () => {
  /** As many photos in each of two sets; those of the first point one way, those of the second nearly so, each by its own angle. */
  const placed = (each: number, day = (set: number) => `2026:10:1${set}`) =>
    [0, 1].flatMap((set) =>
      Array.from({ length: each }, (_, i) => {
        const angle = set === 0 ? 0 : 0.1 + i / each;
        const unit = Float32Array.from([Math.cos(angle), Math.sin(angle)]);
        return { direction: { photo: i, model: "clip", alike: null, unit }, set: String(set), day: day(set) };
      }),
    );

  test("is the cosine that one pair in a hundred thousand reaches, and no more", () => {
    const { pairs, cosine } = strangersAlike(placed(400));
    expect(pairs).toBe(160_000);
    // All 400 of the first set are as near to the nearest of the second: nothing below it may pass, for it would be 400 pairs.
    expect(cosine).toBeGreaterThan(Math.cos(0.1));
    expect(cosine).toBeLessThan(Math.cos(0.1) + 0.001);
  });

  test("cannot be told of fewer pairs, and pairs of one set or one day are no strangers", () => {
    expect(strangersAlike(placed(300))).toEqual({ pairs: 90_000, cosine: null });
    expect(strangersAlike(placed(400, () => "2026:10:14"))).toEqual({ pairs: 0, cosine: null });
    expect(strangersAlike(placed(400).map((one) => ({ ...one, set: "a" })))).toEqual({ pairs: 0, cosine: null });
  });
});
