import { describe, expect, test } from "vitest";
import { isSame, WHOLE } from "../../src/domain/crop-box.ts";
import type { Crop } from "../../src/domain/crop-proposal.ts";
import type { Cropped } from "../../src/domain/cropped.ts";
import { type Bench, isOpenWork, onward, refilled } from "../../src/review-server/client/crop/bench.ts";
import { startsOf } from "../../src/review-server/client/crop/starts.ts";
import {
  copied,
  cropOf,
  isChange,
  locked,
  nudged,
  reset,
  shapeText,
  sized,
  smallText,
  turned,
  type Work,
  workOn,
} from "../../src/review-server/client/crop/work.ts";
import type { Row } from "../../src/review-server/rows.ts";
import { setAtGate } from "../store/home.ts";
import { visit } from "./house.ts";

const SIZE = { width: 6_000, height: 4_000 };
const proposal = (aspect: Crop["aspect"], confidence: number, box: Partial<Crop> = {}): Crop => ({
  aspect,
  x: 0.1,
  y: 0,
  width: 0.5,
  height: 1,
  confidence,
  agreement: 1,
  retained: 0.5,
  stability: 1,
  ...box,
});
const PROPOSALS = [proposal("4:5", 0.6), proposal("1:1", 0.9, { x: 0.2, width: 0.666667 })];
const CROP: Cropped = {
  x: 0.3,
  y: 0.1,
  width: 0.4,
  height: 0.75,
  aspect: "4:5",
  start: "proposed",
  proposal: "4:5",
  untouched: true,
};
const row = (given: Partial<Row> = {}): Row => ({ file: "IMG_1.jpg", id: 1, crop: null, ...given }) as Row;
const work = (given: Partial<Row> = {}, wanted: "proposal" | "whole" = "proposal"): Work =>
  workOn(row(given), SIZE, startsOf(SIZE, PROPOSALS, undefined), wanted);

describe("what a photo can start from", () => {
  const fromOf = (last: Cropped | undefined, size = SIZE) =>
    startsOf(SIZE, PROPOSALS, last && { crop: last, size }).map(({ from, aspect }) => `${from} ${aspect}`);
  test("is the surest proposal first, at the end the whole picture", () => {
    expect(fromOf(undefined)).toEqual(["proposed 1:1", "proposed 4:5", "largest 4:5", "whole original"]);
  });
  test("is first of the shape that was used last, then the same box again where the picture has the same proportions", () => {
    expect(fromOf(CROP)).toEqual(["proposed 4:5", "proposed 1:1", "last 4:5", "largest 4:5", "whole original"]);
    expect(fromOf(CROP, { width: 4_000, height: 6_000 })).not.toContain("last 4:5");
  });
});

describe("a photo at work", () => {
  test("taken as it was proposed says so, and moved it does not", () => {
    expect(cropOf(work())).toMatchObject({ start: "proposed", proposal: "1:1", untouched: true, aspect: "1:1" });
    expect(cropOf(nudged(work(), 0.01, 0))).toMatchObject({ x: 0.21, proposal: "1:1", untouched: false });
    // Against an edge nothing moves, and nobody has touched it.
    expect(cropOf(nudged(work(), 0, -0.05))).toMatchObject({ untouched: true });
  });
  test("is reset to its first proposal, then goes on to the next, last to the whole picture, and round", () => {
    const names = (one: Work, times: number): string[] =>
      times === 0 ? [] : [one.start.label, ...names(reset(one), times - 1)];
    const moved = sized(reset(work()), -0.1);
    expect(reset(moved).start.proposal).toBe("1:1");
    expect(names(work(), 5)).toEqual([
      "sure",
      "to be looked at",
      "the largest of its shape",
      "the whole picture",
      "sure",
    ]);
  });
  test("begins with the crop it has, or with the whole picture where that is wanted", () => {
    expect(cropOf(work({ crop: CROP }))).toMatchObject({ x: 0.3, start: "kept" });
    expect(isChange(work({ crop: CROP }), cropOf(work({ crop: CROP })))).toBe(false);
    expect(reset(work({ crop: CROP })).start.proposal).toBe("1:1");
    expect(cropOf(work({}, "whole"))).toBeNull();
    expect(isChange(work({}, "whole"), null)).toBe(false);
    expect(isChange(work({ crop: CROP }), null)).toBe(true);
  });
  test("turned to another shape takes the proposal there is for it, or keeps its centre", () => {
    const square = work();
    expect(turned(square)).toMatchObject({ ratio: "3:2", isTouched: true });
    expect(shapeText(turned(square))).toMatch(/^3:2, \d+ × \d+ px$/);
    const free = locked(square);
    expect(cropOf(free)).toMatchObject({ aspect: "free" });
    expect(locked(sized(free, -0.1)).isHeld).toBe(true);
  });
  test("copied to a picture of other proportions keeps its shape in pixels", () => {
    const upright = workOn(row({ id: 2 }), { width: 4_000, height: 6_000 }, startsOf(SIZE, [], undefined), "proposal");
    expect(copied(work({ id: 3 }), work()).box).toEqual(work().box);
    const there = copied(upright, work());
    expect((there.box.width * 4_000) / (there.box.height * 6_000)).toBeCloseTo(1, 9);
    expect(cropOf(there)).toMatchObject({ start: "copied", aspect: "1:1" });
  });
  test("is warned of where too few pixels are left, and never when nothing is cut", () => {
    expect(smallText(work(), 4_001)).toBe("4001 px needed, 4000 px left");
    expect(smallText(work(), 4_000)).toBe("");
    expect(smallText(work({}, "whole"), 9_000)).toBe("");
  });
  test("all but whole is whole", () => {
    expect(isSame(sized(work({}, "whole"), 0.5).box, WHOLE)).toBe(true);
  });
});

describe("panes", () => {
  const ended = (one: Work): Work => ({ ...one, end: "Cropped" });
  const take = (place: number): Work | undefined => (place < 5 ? work({ id: place }) : undefined);
  const ids = ({ works }: Bench) => works.map((one) => one?.row.id);
  const first = refilled({ works: [undefined, undefined, undefined], active: 0, next: 0, done: 0 }, "together", take);

  test("are filled together when all are done, or one by one", () => {
    expect(ids(first)).toEqual([0, 1, 2]);
    const one = { ...first, works: first.works.map((each, i) => (i === 1 && each !== undefined ? ended(each) : each)) };
    expect(ids(refilled(one, "together", take))).toEqual([0, 1, 2]);
    expect(ids(refilled(one, "one-by-one", take))).toEqual([0, 3, 2]);
    expect(onward({ ...one, active: 1 }).active).toBe(0);
    const all = { ...first, works: first.works.map((each) => (each === undefined ? each : ended(each))) };
    const last = refilled(all, "together", take);
    expect([ids(last), last.next]).toEqual([[3, 4, undefined], 5]);
    expect(last.works.filter(isOpenWork).length).toBe(2);
  });
});

test("proposals are told for photos of the set, and for no others", async () => {
  const house = await visit();
  const { set, photos } = setAtGate(house.store);
  const [a = 0] = photos;
  const { cookie } = await house.signIn();
  const answer = await house.get(`/api/sets/${set}/crops?photos=${a},999,x`, { cookie });
  const { crops }: { crops: Record<string, Crop[]> } = await answer.json();
  expect(Object.keys(crops)).toEqual([String(a)]);
  expect(crops[a]?.map(({ aspect }) => aspect)).toEqual(["16:9", "1:1"]);
});
