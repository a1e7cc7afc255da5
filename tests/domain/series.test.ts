import { describe, expect, test } from "vitest";
import { type Frame, type Group, groupsOf } from "../../src/domain/likeness.ts";
import { COMPARING, frame, printOf } from "../fixtures/frames.ts";

/** Shots of one scene, all alike, each so many seconds after the one before. */
const shots = (shutters: readonly (Partial<Frame["shutter"]> & { readonly after?: number })[]): Frame[] => {
  let atMs = 0;
  return shutters.map(({ after = 0.5, ...shutter }, i) => {
    atMs += after * 1000;
    return frame(i + 1, { print: printOf(1, i % 3), shutter: { atMs, isExact: true, ...shutter } });
  });
};
const groups = (frames: readonly Frame[]): Group[] => groupsOf(frames, COMPARING);
const short = (found: readonly Group[]) => found.map(({ tier, members, keeper }) => [tier, members.length, keeper]);
const times = <T>(count: number, one: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => one(i));
const EVS = [0, -2, 2];

describe("a long burst", () => {
  test("is shown in parts of 30 frames or 20 seconds, each with a keeper", () => {
    expect(groups(shots(times(65, () => ({ after: 0.1 })))).map(({ members }) => members.length)).toEqual([30, 30, 5]);
    expect(groups(shots(times(25, () => ({ after: 1 })))).map(({ members }) => members.length)).toEqual([21, 4]);
  });

  test("leaves no frame alone at its end, which would pass for a copy of its neighbours", () => {
    const found = groups(shots(times(31, () => ({ after: 0.1 }))));
    expect(found.map(({ tier, members }) => [tier, members.length])).toEqual([["burst", 31]]);
  });
});

describe("no limit of a burst divides", () => {
  test("a focus stack of a hundred frames", () => {
    expect(short(groups(shots(times(100, (i) => ({ focusDistance: 0.3 + i / 100 })))))).toEqual([["stack", 100, null]]);
  });

  test("two focus stacks right after one another", () => {
    const both = times(44, (i) => ({ focusDistance: 0.3 + (i % 22) / 100 }));
    expect(short(groups(shots(both)))).toEqual([["stack", 44, null]]);
    const hunting = [0.3, 0.35, 0.31, 0.34, 0.3].map((focusDistance) => ({ focusDistance }));
    expect(groups(shots(hunting)).map(({ tier }) => tier)).toEqual(["burst"]);
  });

  test("brackets one after another, by the bias, by the time, or by what the camera says", () => {
    const byBias = times(33, (i) => ({ exposureBias: EVS[i % 3] ?? 0 }));
    const byTime = times(33, (i) => ({ exposureSeconds: 0.01 * 2 ** (EVS[i % 3] ?? 0), aperture: "f/8", iso: 100 }));
    const byMode = times(33, () => ({ isBracketed: true }));
    for (const series of [byBias, byTime, byMode])
      expect(short(groups(shots(series)))).toEqual([["bracket", 33, null]]);
  });

  test("a bracket at night: while the shutter is open nobody waits", () => {
    const night = [1, 4, 15, 30, 8].map((exposureSeconds, i, all) => ({
      exposureSeconds,
      aperture: "f/8",
      iso: 100,
      after: (all[i - 1] ?? 0) + 1,
    }));
    expect(short(groups(shots(night)))).toEqual([["bracket", 5, null]]);
    // The same pauses between short exposures are no series.
    const slow = night.map((one) => ({ ...one, exposureSeconds: 0.01 }));
    expect(groups(shots(slow)).map(({ tier }) => tier)).not.toContain("bracket");
  });
});

describe("shots that were exposed otherwise are nobody's copies", () => {
  test("even where nothing links them: no frame of a bracket is the same frame as another", () => {
    const apart = EVS.map((exposureBias) => ({ exposureBias, after: 60 }));
    expect(groups(shots(apart))).toEqual([]);
    expect(groups(shots(apart.map(({ after }) => ({ exposureBias: 0, after })))).map(({ tier }) => tier)).toEqual([
      "same-frame",
    ]);
  });

  test("but an edit of one of them is, because it keeps the time of its shot", () => {
    const [first = expect.unreachable(), second = expect.unreachable()] = shots([
      { exposureBias: 0 },
      { exposureBias: 2, after: 60 },
    ]);
    const edit = frame(9, {
      path: "/in/edit.jpg",
      print: printOf(1, 1),
      width: 3000,
      height: 2000,
      shutter: first.shutter,
    });
    expect(short(groups([first, second, edit]))).toEqual([["same-frame", 2, 1]]);
  });
});
