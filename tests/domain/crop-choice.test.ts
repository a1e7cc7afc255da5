import { describe, expect, test } from "vitest";
import { type CropsAsked, chooseCrops, chosenOf } from "../../src/domain/crop-choice.ts";
import type { Crop, Framing } from "../../src/domain/crop-proposal.ts";
import { type Chosen, readSidecar, type Sidecar, sidecarText } from "../../src/domain/crop-sidecar.ts";
import { ASPECTS, type Aspect } from "../../src/domain/crops.ts";
import { sidecarContent } from "../fixtures/sidecar.ts";

const crop = (aspect: Aspect, confidence: number): Crop => ({
  aspect,
  x: 0.1,
  y: 0,
  width: 0.5,
  height: 1,
  confidence,
  agreement: 0.8,
  retained: 0.5,
  stability: 0.9,
});
const framing: Framing = {
  width: 6_000,
  height: 4_000,
  orientation: 1,
  isPreview: false,
  crops: [crop("4:5", 0.5), crop("16:9", 0.75), crop("1:1", 0.9)],
};
const sidecar = (change: Partial<Sidecar> = {}): Sidecar => {
  const read = readSidecar(sidecarText(sidecarContent(change), () => "b".repeat(64)));
  if (read === undefined) throw new Error("no sidecar");
  return read;
};
const asked = (change: Partial<CropsAsked> = {}): CropsAsked => ({
  acceptAbove: 0.75,
  aspects: ASPECTS,
  copied: null,
  ...change,
});
const aspects = (crops: readonly { readonly aspect: Aspect }[]): Aspect[] => crops.map(({ aspect }) => aspect);
const copiedSquare = (): Chosen[] =>
  sidecarContent().crops.map((one) => ({ ...one, origin: { kind: "copied", from: "DSC_0.JPG" } }));

describe("proposals", () => {
  test("that are sure are taken, in pixels too; the others are for a person", () => {
    const { chosen, review } = chooseCrops(framing, asked(), undefined);
    expect(aspects(chosen)).toEqual(["16:9", "1:1"]);
    expect(chosen[0]).toMatchObject({
      pixels: { x: 600, y: 0, width: 3_000, height: 4_000 },
      origin: { kind: "proposed", confidence: 0.75 },
    });
    expect(review).toEqual([{ aspect: "4:5", confidence: 0.5, why: "its confidence is 0.5" }]);
  });

  test("are only of the aspects that were asked for", () => {
    const { chosen, review } = chooseCrops(framing, asked({ aspects: ["4:5", "1:1"], acceptAbove: 0.95 }), undefined);
    expect([aspects(chosen), aspects(review)]).toEqual([[], ["4:5", "1:1"]]);
  });

  test("leave other aspects of an earlier run as they are, and take their own anew", () => {
    const { chosen } = chooseCrops(framing, asked({ aspects: ["16:9"] }), sidecar());
    expect(aspects(chosen)).toEqual(["16:9", "1:1"]);
    expect(chosenOf({ crops: [...chosen] }, "1:1")).toEqual(sidecar().crops[0]);
    const again = chooseCrops(framing, asked(), sidecar());
    expect(chosenOf({ crops: [...again.chosen] }, "1:1")?.x).toBe(0.1);
  });

  test("never replace what a person has chosen", () => {
    const { chosen } = chooseCrops(framing, asked(), sidecar({ crops: copiedSquare() }));
    expect(chosenOf({ crops: [...chosen] }, "1:1")).toEqual(copiedSquare()[0]);
  });
});

describe("a crop of another photo", () => {
  const copied = sidecar();

  test("is taken in fractions, in this photo's pixels, and says whose it is", () => {
    const { chosen, review } = chooseCrops({ ...framing, width: 3_000, height: 2_000 }, asked({ copied }), undefined);
    expect(review).toEqual([]);
    expect(chosen).toEqual([
      {
        ...copied.crops[0],
        pixels: { x: 750, y: 250, width: 1_500, height: 1_500 },
        origin: { kind: "copied", from: "DSC_1.JPG" },
      },
    ]);
  });

  test("wins over proposals and over what was copied before", () => {
    const before = sidecar({ crops: copiedSquare().map((one) => ({ ...one, x: 0 })) });
    const { chosen } = chooseCrops(framing, asked({ copied }), before);
    expect(chosenOf({ crops: [...chosen] }, "1:1")).toMatchObject({ x: 0.25, origin: { from: "DSC_1.JPG" } });
  });

  test("is for a person to decide where the photo has other proportions", () => {
    const upright = { ...framing, width: 4_000, height: 6_000 };
    const { chosen, review } = chooseCrops(upright, asked({ copied, aspects: ["1:1"] }), undefined);
    expect(chosen).toEqual([]);
    expect(review).toEqual([
      { aspect: "1:1", confidence: null, why: "4000 x 6000 has other proportions than DSC_1.JPG" },
    ]);
  });
});
