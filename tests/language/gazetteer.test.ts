import { describe, expect, test } from "vitest";
import { openGazetteer } from "../../src/language/gazetteer.ts";

const gazetteer = openGazetteer();
const at = (latitude: number, longitude: number) => gazetteer.nearest({ latitude, longitude });

describe("a position is called by", () => {
  test.each([
    ["the town it is in", 52.373, 4.89, { city: "Amsterdam", country: "Netherlands", km: 0 }],
    ["the small town near it", 53.06, 4.83, { city: "Den Burg", country: "Netherlands", km: 2 }],
    ["a town on the other half of the world", -33.87, 151.21, { city: "Sydney", country: "Australia", km: 0 }],
  ])("%s", (_, latitude, longitude, place) => {
    expect(at(latitude, longitude)).toEqual(place);
  });

  test("a city rather than one of its quarters", () => {
    // Kreuzberg is a name, and no town.
    expect(at(52.4973, 13.3911)).toMatchObject({ city: "Berlin" });
    expect(gazetteer.inhabitants("Kreuzberg")).toBeGreaterThan(100_000);
  });

  test("a town without its country near a border", () => {
    // Konstanz and Kreuzlingen are one town but for the border.
    expect(at(47.655, 9.175)).toMatchObject({ country: null });
  });

  test("nothing at sea", () => {
    expect(at(45, -35)).toBeNull();
    expect(at(-89, 0)).toBeNull();
    expect(at(90, 180)).toBeNull();
  });
});

test("the nearest of all towns is found, not only the nearest in latitude", () => {
  // Den Helder lies farther south than Den Burg is north, but nearer.
  expect(at(52.98, 4.77)).toMatchObject({ city: "Den Helder" });
});

test("inhabitants are those of the largest town of a name, however it is written", () => {
  expect(gazetteer.inhabitants("AMSTERDAM")).toBeGreaterThan(700_000);
  expect(gazetteer.inhabitants("heron")).toBe(0);
});
