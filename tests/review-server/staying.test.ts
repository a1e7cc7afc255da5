import { expect, test } from "vitest";
import { staying } from "../../src/review-server/client/staying.ts";

test("what has stayed for 400 ms was seen, and is said once", () => {
  const stay = staying();
  expect(stay.look(1_000, ["a", "b"])).toEqual([]);
  expect(stay.due()).toBe(1_400);
  expect(stay.look(1_399, ["a", "b"])).toEqual([]);
  expect(stay.look(1_400, ["a", "b"])).toEqual(["a", "b"]);
  expect(stay.look(1_500, ["a", "b"])).toEqual([]);
  expect(stay.due()).toBeUndefined();
});

test("what was away for a moment begins anew", () => {
  const stay = staying();
  stay.look(0, ["a"]);
  stay.look(300, []);
  expect(stay.look(500, ["a"])).toEqual([]);
  expect(stay.due()).toBe(900);
  expect(stay.look(900, ["a"])).toEqual(["a"]);
});

test("what comes later is due later", () => {
  const stay = staying();
  stay.look(0, ["a"]);
  expect(stay.look(400, ["a", "b"])).toEqual(["a"]);
  expect(stay.due()).toBe(800);
});
