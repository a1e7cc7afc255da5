import { describe, expect, test } from "vitest";
import { METRICS, type MetricName, type Metrics } from "../../src/domain/facts.ts";
import { bandOf, blurScore, brightnessScore, contrastScore, rate, twoDecimals } from "../../src/domain/quality.ts";

const metrics = (values: Partial<Record<MetricName, number>>): Metrics => {
  const metric = (name: MetricName): Metrics[MetricName] => {
    const value = values[name];
    return value === undefined ? { source: "missing" } : { source: "measured", value };
  };
  return {
    clip: metric("clip"),
    nima: metric("nima"),
    blur: metric("blur"),
    brightness: metric("brightness"),
    contrast: metric("contrast"),
    brisque: metric("brisque"),
  };
};
const all = (clip: number, nima: number, blur: number, brightness: number, contrast: number, brisque: number) =>
  metrics({ clip, nima, blur, brightness, contrast, brisque });

describe("QR with all six metrics", () => {
  test.each([
    [all(6, 5, 10, 8, 7, 20), 7.15, "Good"],
    [all(5.5, 4.8, 2.1, 9, 6.2, 35), 5.57, "Average"],
    [all(6.2, 5.4, 10, 9.1, 8.8, 18.5), 7.71, "Top"],
    [all(10, 10, 10, 10, 10, 0), 10, "Top"],
    [all(0, 0, 0, 0, 0, 100), 0, "Very Low"],
  ])("vector %#: %f is %s", (given, qr, band) => {
    expect(rate(given)).toEqual({ qr, band, missing: [] });
  });

  test("never leaves 0 to 10, whatever a model says", () => {
    expect(rate(all(14, 12, 10, 10, 10, -30)).qr).toBe(10);
    expect(rate(all(-3, -1, 0, 0, 0, 170)).qr).toBe(0);
  });
});

describe("QR with metrics missing", () => {
  test("is the weighted mean of those there are, and names the others", () => {
    const rated = rate(metrics({ blur: 8, brightness: 9, contrast: 7 }));
    expect(rated.qr).toBe(twoDecimals((0.17 * 8 + 0.17 * 9 + 0.13 * 7) / 0.47));
    expect(rated.missing).toEqual(["clip", "nima", "brisque"]);
  });

  test("puts no value in the place of a missing one: only what is there moves it", () => {
    expect(rate(metrics({ blur: 5, brightness: 5, contrast: 5 })).qr).toBe(5);
    expect(rate(metrics({ brisque: 20 })).qr).toBe(8);
  });

  test("is 0 and Very Low with none at all", () => {
    expect(rate(metrics({}))).toEqual({ qr: 0, band: "Very Low", missing: [...METRICS] });
  });
});

describe("a band", () => {
  test.each([
    [10, "Top"],
    [7.5, "Top"],
    [7.49, "Good"],
    [6.5, "Good"],
    [6.49, "Average"],
    [5.5, "Average"],
    [5.49, "Low"],
    [4.5, "Low"],
    [4.49, "Very Low"],
    [0, "Very Low"],
  ] as const)("of %f is %s", (qr, band) => {
    expect(bandOf(qr)).toBe(band);
  });
});

describe("a measure becomes points", () => {
  test.each([
    ["Laplacian variance 50", blurScore(50), 2.5],
    ["Laplacian variance 100", blurScore(100), 5],
    ["Laplacian variance 900", blurScore(900), 10],
    ["mean 64", brightnessScore(64), 5],
    ["mean 255", twoDecimals(brightnessScore(255)), 0.08],
    ["mean 128", brightnessScore(128), 10],
    ["mean 0", brightnessScore(0), 0],
    ["deviation 32", contrastScore(32), 5],
    ["deviation 128", contrastScore(128), 10],
  ])("%s", (_, points, expected) => {
    expect(points).toBe(expected);
  });
});
