import { expect, test } from "vitest";
import { nextAlike } from "../../src/review-server/client/alike.ts";
import type { AlikeGroup } from "../../src/review-server/rows.ts";

const group = (members: number[]): AlikeGroup => ({
  tier: "burst",
  group: 1,
  members,
  keeper: null,
  isKeeper: false,
  reason: "",
  evidence: {},
  proposed: null,
  isChosen: false,
});
const photo = (id: number, ...groups: number[][]) => ({
  id,
  alike: { groups: groups.map(group), parted: [], elsewhere: [], distinct: [], keptOver: [] },
});

test("one goes through all groups of a photo, not through the first alone", () => {
  const one = photo(1, [1, 2], [1, 2, 4]);
  expect(nextAlike(one, 1)).toBe(2);
  expect(nextAlike(photo(2, [1, 2], [1, 2, 4]), 1)).toBe(4);
  expect(nextAlike(photo(4, [1, 2, 4]), 1)).toBe(1);
  expect(nextAlike(one, -1)).toBe(4);
  expect(nextAlike(photo(9), 1)).toBeUndefined();
});
