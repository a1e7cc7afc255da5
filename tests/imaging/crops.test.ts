import { describe, expect, test } from "vitest";
import { type Crop, CropSchema } from "../../src/domain/crop-proposal.ts";
import { overlapOf, type Size } from "../../src/domain/crops.ts";
import { proposeCrops, type SmallPicture } from "../../src/imaging/crops.ts";
import { pictureWithSubject, type Subject } from "../fixtures/subject.ts";

const LANDSCAPE = { width: 6_000, height: 4_000 };

async function cropsOf(size: Size, subject: Subject | null): Promise<Crop[]> {
  const crops = await proposeCrops(small(size, subject), size);
  for (const crop of crops) {
    expect(CropSchema.parse(crop)).toEqual(crop);
    expect(crop.x + crop.width).toBeLessThanOrEqual(1);
    expect(crop.y + crop.height).toBeLessThanOrEqual(1);
    const ratio = (crop.width * size.width) / (crop.height * size.height);
    const [across = 1, down = 1] = crop.aspect.split(":").map(Number);
    expect(ratio).toBeCloseTo(across / down, 3);
  }
  return crops;
}

function small({ width, height }: Size, subject: Subject | null): SmallPicture {
  const scale = Math.min(1, 400 / Math.max(width, height));
  return pictureWithSubject({ width: Math.round(width * scale), height: Math.round(height * scale) }, subject);
}

const named = (crops: readonly Crop[], aspect: Crop["aspect"]): Crop => {
  const found = crops.find((crop) => crop.aspect === aspect);
  if (found === undefined) throw new Error(`no ${aspect}`);
  return found;
};

/** Share of the subject that is inside. */
function kept(crop: Crop, { x, y, radius }: Subject, { width, height }: Size): number {
  const [rx, ry] = [radius, (radius * width) / height];
  const box = { x: x - rx, y: y - ry, width: 2 * rx, height: 2 * ry };
  const area = box.width * box.height;
  const union = (area + crop.width * crop.height) / (1 + overlapOf(crop, box));
  return (overlapOf(crop, box) * union) / area;
}

describe("a subject that is not in the middle is kept", () => {
  test.each([
    ["left", LANDSCAPE, { x: 0.2, y: 0.5, radius: 0.08 }, ["4:5", "1:1"]],
    ["right", LANDSCAPE, { x: 0.82, y: 0.45, radius: 0.08 }, ["4:5", "1:1"]],
    ["at the top", LANDSCAPE, { x: 0.5, y: 0.14, radius: 0.07 }, ["16:9"]],
    ["at the bottom", LANDSCAPE, { x: 0.5, y: 0.85, radius: 0.07 }, ["16:9"]],
    [
      "at the top of an upright photo",
      { width: 4_000, height: 6_000 },
      { x: 0.5, y: 0.15, radius: 0.12 },
      ["4:5", "1:1"],
    ],
    ["at the end of a panorama", { width: 12_000, height: 4_000 }, { x: 0.85, y: 0.5, radius: 0.05 }, ["16:9", "3:2"]],
  ] as const)("%s", async (_, size, subject, aspects) => {
    const crops = await cropsOf(size, subject);
    for (const aspect of aspects) {
      const crop = named(crops, aspect);
      expect(kept(crop, subject, size), aspect).toBeGreaterThan(0.9);
      expect(crop.agreement, aspect).toBeGreaterThan(0.5);
      expect(crop.stability, aspect).toBeGreaterThan(0.85);
    }
  });
});

describe("nothing is proposed", () => {
  test("that is wide, of an upright photo", async () => {
    const crops = await cropsOf({ width: 4_000, height: 5_000 }, { x: 0.5, y: 0.4, radius: 0.2 });
    expect(crops.map(({ aspect }) => aspect)).not.toContain("16:9");
    expect(crops.map(({ aspect }) => aspect)).toContain("4:5");
  });

  test("of a panorama that would lose more than half of it", async () => {
    const crops = await cropsOf({ width: 12_000, height: 4_000 }, { x: 0.5, y: 0.5, radius: 0.05 });
    expect(crops.map(({ aspect }) => aspect)).toContain("16:9");
    for (const { aspect } of crops) expect(["16:9", "3:2"]).toContain(aspect);
  });

  test.each([
    ["one pixel", { width: 1, height: 1 }],
    ["a stamp", { width: 40, height: 30 }],
  ])("of %s", async (_, size) => {
    expect(await cropsOf(size, null)).toEqual([]);
  });

  test("of a picture that shows nothing", async () => {
    const data = new Uint8Array(400 * 267 * 3).map((_, i) => [200, 60, 30][i % 3] ?? 0);
    expect(await proposeCrops({ data, width: 400, height: 267 }, LANDSCAPE)).toEqual([]);
  });
});

test("the shape a photo has already is the whole photo, trimmed evenly, and sure", async () => {
  const crops = await cropsOf({ width: 6_000, height: 4_060 }, { x: 0.2, y: 0.3, radius: 0.1 });
  const { height } = named(crops, "3:2");
  expect(named(crops, "3:2")).toMatchObject({ x: 0, width: 1, agreement: 1, stability: 1, confidence: 1 });
  expect(named(crops, "3:2").y).toBeCloseTo((1 - height) / 2, 5);
});

test("a square photo is cropped like any other", async () => {
  const size = { width: 3_000, height: 3_000 };
  const subject = { x: 0.25, y: 0.25, radius: 0.12 };
  const crops = await cropsOf(size, subject);
  for (const aspect of ["4:5", "3:2"] as const) expect(kept(named(crops, aspect), subject, size)).toBeGreaterThan(0.9);
});

test("the same picture gets the same proposals", async () => {
  const subject = { x: 0.7, y: 0.4, radius: 0.1 };
  expect(await cropsOf(LANDSCAPE, subject)).toEqual(await cropsOf(LANDSCAPE, subject));
});
