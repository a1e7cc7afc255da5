import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import {
  aspectsIn,
  cropXmp,
  haveSameProportions,
  isSealed,
  readSidecar,
  SidecarSchema,
  sidecarText,
} from "../../src/domain/crop-sidecar.ts";
import { property, readXmp } from "../../src/imaging/xmp.ts";
import { sidecarContent } from "../fixtures/sidecar.ts";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const content = sidecarContent();
const text = sidecarText(content, sha256);

describe("a sidecar", () => {
  test("says what it was given, and is the same each time", () => {
    expect(readSidecar(text)).toMatchObject({ schema: "photogate.crop", version: 1, ...content });
    expect(sidecarText(content, sha256)).toBe(text);
    expect(SidecarSchema.parse(JSON.parse(text)).seal).not.toMatch(/^0+$/);
  });

  test.each([
    ["a figure", (all: string) => all.replace('"x": 0.25', '"x": 0.26')],
    ["a blank", (all: string) => all.replace("  ", "   ")],
    ["its seal", (all: string) => all.replace(/"seal": "(.)/, (_, first) => `"seal": "${first === "a" ? "b" : "a"}`)],
    ["something added", (all: string) => all.replace('"version": 1,', '"version": 1, "mine": true,')],
  ])("shows that somebody changed %s", (_, change) => {
    const changed = change(text);
    const read = readSidecar(changed);
    if (read === undefined) throw new Error("no sidecar");
    expect(changed).not.toBe(text);
    expect([isSealed(text, SidecarSchema.parse(JSON.parse(text)), sha256), isSealed(changed, read, sha256)]).toEqual([
      true,
      false,
    ]);
  });

  test.each([
    "",
    "{",
    "[]",
    '{"crop": {"x": 1}}',
    text.replace("photogate.crop", "other.crop"),
    text.replace('"version": 1', '"version": 2'),
    text.replace('"width": 0.5', '"width": 1.5'),
  ])("of somebody else is none: %#", (other) => {
    expect(readSidecar(other)).toBeUndefined();
  });
});

describe("the XMP of a crop", () => {
  const CRS = "http://ns.adobe.com/camera-raw-settings/1.0/";
  const TIFF = "http://ns.adobe.com/tiff/1.0/";
  const said = (orientation: number, size = { width: 6_000, height: 4_000 }) => {
    const xmp = cropXmp({ x: 0.1, y: 0.2, width: 0.5, height: 0.4 }, size, orientation, "Photogate 1");
    const read = readXmp(Buffer.from(xmp));
    const value = (namespace: string, name: string) => property(read, namespace, name)?.text;
    return {
      has: value(CRS, "HasCrop"),
      sides: ["Left", "Top", "Right", "Bottom"].map((side) => Number(value(CRS, `Crop${side}`))),
      angle: value(CRS, "CropAngle"),
      tiff: ["ImageWidth", "ImageLength", "Orientation"].map((name) => Number(value(TIFF, name))),
    };
  };

  test("is of the picture as it is stored, and says how that lies", () => {
    expect(said(1)).toEqual({ has: "True", sides: [0.1, 0.2, 0.6, 0.6], angle: "0", tiff: [6_000, 4_000, 1] });
    expect(said(6, { width: 4_000, height: 6_000 })).toEqual({
      has: "True",
      sides: [0.2, 0.4, 0.6, 0.9],
      angle: "0",
      tiff: [6_000, 4_000, 6],
    });
  });

  // darktable, lightroom.c: mirrors by two bits of the orientation, then swaps the axes.
  const BITS: Readonly<Record<number, string>> = { 1: "", 2: "x", 3: "xy", 4: "y", 5: "s", 6: "ys", 7: "xys", 8: "xs" };
  test.each([1, 2, 3, 4, 5, 6, 7, 8])("read as darktable does it is the upright crop again: orientation %i", (n) => {
    let [left = 0, top = 0, right = 0, bottom = 0] = said(n).sides;
    const bits = BITS[n] ?? "";
    if (bits.includes("x")) [left, right] = [1 - right, 1 - left];
    if (bits.includes("y")) [top, bottom] = [1 - bottom, 1 - top];
    if (bits.includes("s")) [left, top, right, bottom] = [top, left, bottom, right];
    for (const [i, side] of [left, top, right, bottom].entries())
      expect(side).toBeCloseTo([0.1, 0.2, 0.6, 0.6][i] ?? 9, 6);
  });
});

test.each([
  ["16:9, 4:5", ["4:5", "16:9"]],
  ["1:1", ["1:1"]],
  ["1:1,1:1", ["1:1"]],
  ["5:4", undefined],
  ["1:1,", undefined],
  ["", undefined],
])("--aspect %s", (list, aspects) => {
  expect(aspectsIn(list)).toEqual(aspects);
});

test.each([
  [{ width: 6_000, height: 4_000 }, { width: 3_000, height: 2_001 }, true],
  [{ width: 6_000, height: 4_000 }, { width: 4_000, height: 6_000 }, false],
  [{ width: 4_000, height: 3_000 }, { width: 6_000, height: 4_000 }, false],
])("%o and %o have the same proportions: %s", (one, other, are) => {
  expect(haveSameProportions(one, other)).toBe(are);
});
