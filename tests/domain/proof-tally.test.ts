import { expect, test } from "vitest";
import { type Judgement, tallyLine, tallyOf } from "../../src/domain/proof-tally.ts";

const many = (count: number, outcome: Judgement["outcome"], blocked = false): Judgement[] =>
  Array.from({ length: count }, () => ({ outcome, blocked }));
const lineOf = (...photos: Judgement[][]): string => tallyLine(tallyOf(photos.flat()));

test.each([
  ["118 passed, 2 repaired, 0 blocked", [many(118, "passed"), many(2, "repaired")]],
  ["0 passed, 0 repaired, 1 blocked", [many(1, "blocked", true)]],
  ["1 passed, 0 repaired, 2 repaired in part, 0 blocked", [many(1, "passed"), many(2, "partially-repaired")]],
  ["3 passed, 0 repaired, 0 blocked, 4 not by a model", [many(3, "passed"), many(4, null)]],
  ["4 not by a model", [many(4, null)]],
  ["no words yet", []],
])("%s", (line, photos) => expect(lineOf(...photos)).toBe(line));

test("what was blocked counts as put right once nothing blocks it any more, never as passed", () => {
  expect(lineOf(many(1, "passed"), many(1, "blocked"))).toBe("1 passed, 0 repaired, 1 put right by you, 0 blocked");
});

test("what a person's own words block is blocked, whatever the machine's were", () => {
  expect(tallyOf([...many(1, "passed", true), ...many(1, null, true)])).toMatchObject({ passed: 0, blocked: 2 });
});
