import { describe, expect, test } from "vitest";
import { filterFrom } from "../../src/domain/filter.ts";

const photo = {
  name: "Grey_Heron_001.JPG",
  caption: "Grey Heron, Texel.",
  keywords: ["heron", "Bird"],
  band: "Very Low",
  verdict: null,
  edited: [],
  nothing: "",
  qr: 4.2,
  released: false,
};

describe("a filter", () => {
  test.each([
    ["", true],
    ["heron", true],
    ["HERON texel", true],
    ["heron gull", false],
    ["band:low", true],
    ["Band:Top", false],
    ["keywords:bird", true],
    ["keywords:gull", false],
    ["-gull", true],
    ["-heron", false],
    ["-band:Top heron", true],
    ["--heron", true],
    ["verdict:none", true],
    ["edited:none", true],
    ["-verdict:none", false],
    ["caption:none", false],
    ["keywords:none", false],
    ["nothing:none", true],
    ["-keywords:none", true],
    ["released:false", true],
    ["released:true", false],
    ["qr:4.2", true],
    ["qr:4", false],
    ["nofield:x", false],
    ["-nofield:x", true],
    ["-", false],
    ["caption:", true],
  ])("%j lets the photo through: %s", (filter, passes) => {
    expect(filterFrom(filter)(photo)).toBe(passes);
  });
});
