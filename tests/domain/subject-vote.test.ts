import { describe, expect, test } from "vitest";
import type { Identified } from "../../src/domain/identification.ts";
import { kindOf, kindsWith } from "../../src/domain/kinds.ts";
import { diverse, framesFor, nearestTo, votesOf } from "../../src/domain/subject-vote.ts";
import { english } from "../../src/language/english.ts";

const lexicon = english();
const wildlife = kindOf(kindsWith([]), "wildlife");

const seen = (generic: string, over: Partial<Identified> = {}): Identified => ({
  generic,
  specific: null,
  specificity: "low",
  category: "bird",
  people: "0",
  visibleText: [],
  setting: "shallow water",
  by: { model: "m", digest: "d", version: "1", prompt: 1, key: "0".repeat(64) },
  ...over,
});
const votes = (all: readonly Identified[], subject: string | null = null, kind = wildlife) =>
  votesOf(
    all.map((one, i) => ({ photo: i + 1, seen: one })),
    subject,
    kind,
    lexicon,
  );

describe("which photos are asked about", () => {
  test.each([
    [1, 1],
    [2, 2],
    [9, 3],
    [10, 4],
    [25, 5],
    [900, 5],
  ])("of %i photos, %i", (photos, frames) => {
    expect(framesFor(photos)).toBe(frames);
  });

  const at = (id: number, ...thumb: number[]) => ({ id, print: { thumb: Int8Array.from(thumb) } });
  test("those that are least alike, whatever there is most of", () => {
    const gulls = [1, 2, 3, 4].map((id) => at(id, 100, id));
    const photos = [...gulls, at(5, -100, 3), at(6, 0, 100)];
    expect(diverse(photos, 3).map(({ id }) => id)).toEqual([1, 5, 6]);
  });

  test("never one twice, and never more than there are", () => {
    expect(diverse([at(1, 0), at(2, 0)], 5).map(({ id }) => id)).toEqual([1, 2]);
    expect(diverse([], 5)).toEqual([]);
  });

  test("a photo belongs to the one it is most like", () => {
    expect(nearestTo(at(9, 90, 5), [at(1, -90, 0), at(2, 80, 1)])?.id).toBe(2);
  });
});

describe("the vote", () => {
  test("is by the thing, not by its spelling: heron, herons and a heron in the reeds are one", () => {
    const { suggestion } = votes([seen("heron"), seen("Herons"), seen("heron in the reeds"), seen("duck")]);
    expect(suggestion).toMatchObject({ generic: "Heron", share: 0.75, frames: [1, 2, 3, 4], model: "m" });
  });

  test("has no winner without a majority", () => {
    expect(votes([seen("heron"), seen("duck")]).suggestion).toBeNull();
    expect(votes([seen("heron"), seen("heron"), seen("duck"), seen("coot")]).suggestion).toBeNull();
  });

  const sure = { specific: "grey heron", specificity: "high" } as const;
  test("offers an exact name where three of five agree on it and are sure", () => {
    const three = [seen("heron", sure), seen("heron", sure), seen("heron", { ...sure, specific: "Grey Herons" })];
    expect(votes([...three, seen("heron"), seen("heron")]).suggestion).toMatchObject({ specific: "Grey heron" });
  });

  test("offers none where two of five do, or where they are not sure", () => {
    const rest = [seen("heron"), seen("heron"), seen("heron")];
    expect(votes([seen("heron", sure), seen("heron", sure), ...rest]).suggestion?.specific).toBeNull();
    const unsure = { ...sure, specificity: "medium" } as const;
    expect(votes([seen("heron", unsure), seen("heron", unsure)]).suggestion?.specific).toBeNull();
  });

  test("gathers what can be read in any of them", () => {
    const { suggestion } = votes([
      seen("boat", { visibleText: ["TX 19"] }),
      seen("boat", { visibleText: ["TX 19", "Texel"] }),
    ]);
    expect(suggestion?.visibleText).toEqual(["TX 19", "Texel"]);
  });
});

describe("what speaks against the photographer's word", () => {
  test("nothing, where the model names it in its own words", () => {
    for (const subject of ["Grey heron", "Birds", "Heron and young"])
      expect(votes([seen("heron"), seen("wading heron")], subject).conflict).toBe(false);
  });

  test("nothing, where one of five shows something else", () => {
    const herons = [seen("heron"), seen("heron"), seen("heron"), seen("heron")];
    expect(votes([...herons, seen("boat", { category: "boat" })], "Heron").conflict).toBe(false);
  });

  test("two of five that show something else", () => {
    const boats = [seen("boat", { category: "boat" }), seen("boat", { category: "boat" })];
    expect(votes([seen("heron"), seen("heron"), seen("heron"), ...boats], "Heron").conflict).toBe(true);
  });

  test("that both are birds makes no gull of a heron", () => {
    expect(votes([seen("gull"), seen("gull")], "Grey heron").conflict).toBe(true);
  });

  test("nothing, where nothing was said", () => {
    expect(votes([seen("gull")], null).conflict).toBe(false);
  });
});

describe("a mixed set", () => {
  const plane = (over: Partial<Identified> = {}) => seen("airliner", { category: "aircraft", ...over });
  test("shows clearly different things, each more than once", () => {
    const { mixed, partOf } = votes([seen("heron"), plane(), seen("heron"), plane(), seen("heron")]);
    expect(mixed).toEqual([
      { subject: "Heron", photos: [1, 3, 5] },
      { subject: "Airliner", photos: [2, 4] },
    ]);
    expect(partOf.get(4)).toBe("Airliner");
  });

  test("is none because of one frame of five", () => {
    expect(votes([seen("heron"), seen("heron"), seen("heron"), seen("heron"), plane()]).mixed).toBeNull();
  });

  test("is none where a bird is a heron once and a bird the next time", () => {
    expect(votes([seen("heron"), seen("bird"), seen("heron"), seen("bird")]).mixed).toBeNull();
  });

  test("is none where a model wavers between two birds it is not sure of", () => {
    expect(votes([seen("heron"), seen("egret"), seen("heron"), seen("egret")]).mixed).toBeNull();
  });

  test("is one of two birds that it names surely", () => {
    const sure = (generic: string, specific: string) => seen(generic, { specific, specificity: "high" });
    const { mixed } = votes([sure("heron", "grey heron"), sure("avocet", "pied avocet")]);
    expect(mixed?.map(({ subject }) => subject)).toEqual(["Grey heron", "Pied avocet"]);
  });
});
