import { expect, test } from "vitest";
import { paceOf } from "../../src/domain/pace.ts";
import { MINUTE, SECOND } from "../../src/domain/words.ts";

const at = (ms: number, photos = 1, client = "tab") => ({ client, at: ms, photos });

test("time runs from one decision to the next, and a pause is no part of it", () => {
  const pace = paceOf([at(0), at(2 * SECOND), at(5 * SECOND), at(60 * MINUTE), at(60 * MINUTE + 4 * SECOND)]);
  expect(pace).toEqual({ photos: 5, median: 3, p90: 4, perHour: 1_200 });
});

test("a screenful decided at once shares its time", () => {
  expect(paceOf([at(0), at(10 * SECOND, 20)])).toEqual({ photos: 21, median: 0.5, p90: 0.5, perHour: 7_200 });
});

test("two windows are two hands", () => {
  expect(paceOf([at(0), at(1 * SECOND, 1, "other"), at(4 * SECOND)]).median).toBe(4);
});

test("one decision has no pace", () => {
  expect(paceOf([at(0)])).toEqual({ photos: 1, median: null, p90: null, perHour: null });
});
