import { expect, test } from "vitest";
import { chart } from "../../bench/chart.ts";
import type { Figure } from "../../bench/figures.ts";

const cpu = (peer: string, value: number): Figure => ({
  name: `peers.${peer}.cpu`,
  value,
  unit: "ms/photo",
  goal: null,
  better: "lower",
});
const widths = (svg: string): number[] =>
  [...svg.matchAll(/<rect [^>]*width="(\d+)"/g)].map(([, width]) => Number(width));

test("a bar is as long as its time, and the shortest comes first", () => {
  const svg = chart([cpu("imagemagick", 600), cpu("look", 150), cpu("vipsthumbnail", 300)]);
  const [first = 0, second = 0, third = 0] = widths(svg);
  expect(second / first).toBeCloseTo(2, 1);
  expect(third / first).toBeCloseTo(4, 1);
  expect(svg.indexOf("Photogate")).toBeLessThan(svg.indexOf("vipsthumbnail"));
  expect(svg).toContain("prefers-color-scheme: dark");
});

test("no chart is made of other figures", () => {
  expect(() => chart([{ ...cpu("look", 1), name: "pipeline.cpu" }])).toThrow("peers");
});
