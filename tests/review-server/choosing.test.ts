import { expect, test } from "vitest";
import {
  type Choosing,
  choosingOf,
  obstacleTo,
  shownOf,
  stayingOf,
  steppedFrom,
  withKeeper,
  withStay,
} from "../../src/review-server/client/choosing.ts";
import type { Group, Member } from "../../src/review-server/client/groups.ts";

const groupOf = (count: number, change: Partial<Group> = {}): Group => ({
  key: "burst-1",
  tier: "burst",
  members: Array.from({ length: count }, (_, i) => i + 1),
  elsewhere: [],
  keeper: 3,
  isChosen: false,
  reasons: new Map(),
  isParted: false,
  ...change,
});
const KIN = { photo: 90, set: "terns", setName: "Terns", file: "m.jpg", tier: "derived", evidence: {} } as const;

const row = (id: number, change: Partial<Member> = {}): Member => ({
  id,
  position: id,
  file: `${id}.jpg`,
  alike: { groups: [], parted: [], elsewhere: [], distinct: [], keptOver: [] },
  verdict: null,
  wished: false,
  released: false,
  culled: null,
  written: [],
  ...change,
});
const begun = (group: Group, said: Readonly<Record<number, Partial<Member>>> = {}): Choosing =>
  choosingOf(group, (id) => row(id, said[id]));

test("at first the keeper stays, with what a person has decided to keep; the first other frame is looked at", () => {
  const now = begun(groupOf(6), { 5: { verdict: "approved" }, 6: { verdict: "rejected" } });
  expect([now.keeper, stayingOf(now), now.active]).toEqual([3, [5, 3], 1]);
  // A keeper that a person has rejected is none.
  expect(begun(groupOf(6), { 3: { verdict: "rejected" } })).toMatchObject({ keeper: null, active: 1 });
});

test("another keeper replaces the one before; what was to stay beside it stays", () => {
  const now = withKeeper(withStay(begun(groupOf(6)), 5, true), 1);
  expect([now.keeper, stayingOf(now), now.isOwn]).toEqual([1, [5, 1], true]);
  // It is compared with another, never with itself.
  expect(now.active).toBe(2);
  expect(stayingOf(withStay(now, 5, false))).toEqual([1]);
  expect(withStay(now, 1, false).keeper).toBeNull();
});

test("the keeper is stepped over: it is what the others are compared with", () => {
  const steps = [begun(groupOf(4))];
  for (let i = 0; i < 3; i += 1) steps.push(steppedFrom(steps.at(-1) ?? begun(groupOf(4)), 1));
  expect(steps.map(({ active }) => active)).toEqual([1, 2, 4, 1]);
  expect(steppedFrom(begun(groupOf(4)), -1).active).toBe(4);
});

test("a photo of another set can be the keeper, and never goes or stays by what is said here", () => {
  const group = groupOf(1, { members: [1], elsewhere: [KIN], keeper: null });
  const now = begun(group);
  expect(obstacleTo(now)).toContain("which one stays");
  expect(obstacleTo(withKeeper(now, 90))).toBeUndefined();
  expect(stayingOf(withKeeper(now, 90))).toEqual([]);
  expect(withStay(now, 90, true)).toBe(now);
});

test("of a bracket nothing is settled", () => {
  expect(obstacleTo(begun(groupOf(3, { tier: "bracket", keeper: null })))).toContain("there is no keeper");
});

test("of a long burst the keeper is shown first, beside a part of the others that has the one looked at", () => {
  const now = begun(groupOf(20, { keeper: 12 }));
  expect(shownOf(now)).toEqual([12, 1, 2, 3, 4, 5, 6, 7, 8]);
  expect(shownOf({ ...now, active: 9 })).toEqual([12, 9, 10, 11, 13, 14, 15, 16, 17]);
  expect(shownOf({ ...now, active: 20 })).toEqual([12, 18, 19, 20]);
  expect(shownOf(begun(groupOf(9)))).toHaveLength(9);
});
