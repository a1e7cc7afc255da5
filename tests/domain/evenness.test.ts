import { expect, test } from "vitest";
import { unevenExposures } from "../../src/domain/evenness.ts";

/** Photos by their place from 1. */
const uneven = (brightness: readonly number[]) =>
  Object.fromEntries(unevenExposures(new Map(brightness.map((one, i) => [i + 1, one]))));
const even = [100, 104, 98, 101, 99, 103, 97];

test("a photo far from the middle of its set is darker or lighter than the rest", () => {
  expect(uneven([...even, 40, 190])).toEqual({ 8: "darker", 9: "lighter" });
});

test("in an even set a difference nobody sees is none", () => {
  expect(uneven([...even, 71, 129])).toEqual({});
  expect(uneven([...even, 69])).toEqual({ 8: "darker" });
});

test("in a set of many lights what lies within them is none", () => {
  expect(uneven([40, 60, 80, 100, 120, 140, 160, 180])).toEqual({});
});

test("several odd ones do not hide one another", () => {
  expect(uneven([...even, 20, 22, 25])).toEqual({ 8: "darker", 9: "darker", 10: "darker" });
});

test("five photos have no rest to differ from", () => {
  expect(uneven([100, 100, 100, 100, 10])).toEqual({});
  expect(uneven([100, 100, 100, 100, 100, 10])).toEqual({ 6: "darker" });
});
