import { expect, test } from "vitest";
import { missingRoom } from "../../src/domain/room.ts";
import { sizeText } from "../../src/domain/words.ts";

const GIB = 2 ** 30;

test("a set needs twice its size, and leaves a gibibyte for everybody else", () => {
  expect(missingRoom(5_000, 10_000 + GIB)).toBe(0);
  expect(missingRoom(5_000, 9_999 + GIB)).toBe(1);
  expect(missingRoom(0, 0)).toBe(GIB);
});

test("bytes are said as people say them", () => {
  expect([1, 999_000, 3_400_000, 1_234_000_000].map(sizeText)).toEqual(["1 kB", "999 kB", "3 MB", "1.2 GB"]);
});
