import { expect, test } from "vitest";
import { type CatalogueLine, catalogueFigures } from "../../src/domain/catalogue-figures.ts";

const line = (name: string, camera: string | null, taken: string | null, band: string | null): CatalogueLine => ({
  name,
  camera,
  taken,
  band,
});

test("images are counted by band, camera and year, ours apart from those by hand", () => {
  const figures = catalogueFigures(
    [
      line("a.jpg", "R5", "2024-05-01 10:00:00", "Good"),
      line("b.jpg", "R5", "2025-01-02 10:00:00", "Top"),
      line("c.jpg", "D850", "2025-03-02 10:00:00", "Good"),
      line("d.jpg", null, "0000-00-00 00:00:00", null),
    ],
    (name) => name === "c.jpg",
  );
  expect(figures).toEqual({
    images: 4,
    ours: 1,
    bands: [
      { word: "Top", images: 1, share: 0.25 },
      { word: "Good", images: 2, share: 0.5 },
      { word: "no band", images: 1, share: 0.25 },
    ],
    cameras: [
      { word: "R5", images: 2, share: 0.5 },
      { word: "camera not known", images: 1, share: 0.25 },
      { word: "D850", images: 1, share: 0.25 },
    ],
    years: [
      { year: "2024", images: 1, byCamera: [1, 0, 0] },
      { year: "2025", images: 2, byCamera: [1, 0, 1] },
      { year: "undated", images: 1, byCamera: [0, 1, 0] },
    ],
    first: "2024-05-01",
    last: "2025-03-02",
  });
});

test("five cameras are told apart, what is left stands together, and nothing is counted twice", () => {
  const lines = Array.from({ length: 9 }, (_, camera) =>
    Array.from({ length: 10 - camera }, (_, i) => line(`${camera}-${i}`, `Camera ${camera}`, "2025-01-01", "Good")),
  ).flat();
  const { cameras, years } = catalogueFigures(lines, () => false);
  expect(cameras.map(({ word, images }) => [word, images])).toEqual([
    ["Camera 0", 10],
    ["Camera 1", 9],
    ["Camera 2", 8],
    ["Camera 3", 7],
    ["Camera 4", 6],
    ["others", 14],
  ]);
  expect(years).toEqual([{ year: "2025", images: 54, byCamera: [10, 9, 8, 7, 6, 14] }]);
});

test("six cameras need no others", () => {
  const lines = Array.from({ length: 6 }, (_, i) => line(String(i), `Camera ${i}`, null, null));
  expect(catalogueFigures(lines, () => true).cameras).toHaveLength(6);
});

test("an empty catalogue has no figures and divides by nothing", () => {
  expect(catalogueFigures([], () => true)).toEqual({
    images: 0,
    ours: 0,
    bands: [],
    cameras: [],
    years: [],
    first: null,
    last: null,
  });
});
