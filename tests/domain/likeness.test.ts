import { describe, expect, it } from "vitest";
import { type Frame, type Group, groupsOf, mayBeDerived, samePicture } from "../../src/domain/likeness.ts";
import { COMPARING, frame, printOf } from "../fixtures/frames.ts";

const groups = (frames: readonly Frame[], comparing = {}): Group[] => groupsOf(frames, { ...COMPARING, ...comparing });
const short = (found: readonly Group[]) => found.map(({ tier, members, keeper }) => [tier, [...members], keeper]);

describe("the same picture", () => {
  it("is exact by bytes, and by pixels under other metadata", () => {
    const bytes = [frame(1), frame(2, { sha256: "bytes 1" })];
    const pixels = [frame(1), frame(2, { pixels: "pixels 1" })];
    expect(short(groups(bytes))).toEqual([["exact", [1, 2], 1]]);
    expect(short(groups(pixels))).toEqual([["exact", [1, 2], 1]]);
    expect(short(groups([frame(1, { pixels: null }), frame(2, { pixels: null })]))).toEqual([]);
  });

  it("is the same frame within 10 bits, if the thumbs agree", () => {
    const original = frame(1);
    expect(short(groups([original, frame(2, { print: printOf(1, 10), width: 3000, height: 2000 })]))).toEqual([
      ["same-frame", [1, 2], 1],
    ]);
    expect(groups([original, frame(2, { print: printOf(1, 11) })])).toEqual([]);
    const otherThumb = { ...printOf(1, 4), thumb: printOf(9).thumb, wide: printOf(9).wide };
    expect(groups([original, frame(2, { print: otherThumb })])).toEqual([]);
  });

  it("is found in a mirror and turned by quarters, with the thumb turned as well", () => {
    const original = printOf(1);
    const mirrored = {
      ...printOf(2),
      hashes: original.hashes.toReversed(),
      thumb: Int8Array.from({ length: 256 }, (_, i) => original.thumb[(i & 0xf0) + 15 - (i & 15)] ?? 0),
    };
    mirrored.hashes.set([original.hashes[4] ?? 0, original.hashes[5] ?? 0]);
    const [a, b] = [frame(1), frame(2, { print: mirrored })];
    expect(short(groups([a, b]))).toEqual([["same-frame", [1, 2], 1]]);
    expect(samePicture(a, b)).toEqual(samePicture(b, a));
    expect(samePicture(a, { ...b, print: { ...mirrored, thumb: printOf(9).thumb } })).toBeUndefined();
  });

  it("is never said of two flat tones", () => {
    const flat = { ...printOf(1), thumb: new Int8Array(256) };
    expect(groups([frame(1, { print: flat }), frame(2, { print: flat })])).toEqual([]);
    expect(mayBeDerived(flat, flat, [1.5, 0.8])).toBe(false);
  });

  it("does not run along a chain: each member matches the keeper itself", () => {
    const chain = [0, 8, 16].map((bits, i) => frame(i + 1, { print: printOf(1, bits), width: 6000 - i }));
    expect(short(groups(chain))).toEqual([["same-frame", [1, 2], 1]]);
  });

  it("is not said again of pairs that a person called no duplicates", () => {
    const pair = [frame(1), frame(2, { print: printOf(1, 2) })];
    expect(groups(pair)).toHaveLength(1);
    expect(groups(pair, { areDistinct: (a: number, b: number) => a + b === 3 })).toEqual([]);
  });
});

describe("a crop", () => {
  it("is derived from 0.92 on, and the larger one is kept", () => {
    const pair = [frame(1, { width: 3000, height: 2000 }), frame(2)];
    const [group] = groups(pair, { looked: [{ a: 1, b: 2, crop: 0.92, overlap: null }] });
    expect(short(group === undefined ? [] : [group])).toEqual([["derived", [1, 2], 2]]);
    expect(group?.reasons.get(2)).toBe("larger: 6000 × 4000 px against 3000 × 2000 px");
    expect(group?.evidence.get(1)?.ncc).toBe(0.92);
    expect(groups(pair, { looked: [{ a: 1, b: 2, crop: 0.919, overlap: null }] })).toEqual([]);
  });
});

describe("a burst", () => {
  const at = (seconds: number, detail = 100, id = Math.round(seconds * 10) + 1): Frame =>
    frame(id, { print: printOf(1, id % 5), detail, shutter: { atMs: seconds * 1000, isExact: true } });

  it("is shots in a row that are alike, and the sharpest is proposed with the reason in words", () => {
    const [group] = groups([at(0), at(0.5, 118), at(1)]);
    expect(short(group === undefined ? [] : [group])).toEqual([["burst", [1, 6, 11], 6]]);
    expect(group?.reasons.get(6)).toBe("sharper by 18 %");
    expect(group?.evidence.get(11)?.seconds).toBe(0.5);
  });

  it("is no duplicate: frames of it are not called the same frame", () => {
    expect(groups([at(0), at(0.2)]).map(({ tier }) => tier)).toEqual(["burst"]);
  });

  it("with a pause above two seconds is for a person to look at, and above five none", () => {
    expect(groups([at(0), at(4)])[0]?.reasons.get(1)).toContain("up to 4.0 s apart: look whether it is one burst");
    expect(groups([at(0), at(2)])[0]?.reasons.get(1)).not.toContain("apart");
    expect(groups([at(0), at(5.1)]).map(({ tier }) => tier)).toEqual(["same-frame"]);
  });

  it("needs the camera's own time: the time of a file is never believed", () => {
    const undated = (id: number, number: number): Frame =>
      frame(id, { path: `/in/DSC_${number}.jpg`, print: printOf(1, id), changedAt: 1000 });
    expect(groups([undated(1, 7), undated(2, 9)]).map(({ tier }) => tier)).toEqual(["same-frame"]);
    const [group] = groups([undated(1, 7), undated(2, 8)]);
    expect(group?.tier).toBe("burst");
    expect(group?.reasons.get(1)).toContain("the camera wrote no time");
    expect(group?.evidence.get(2)?.seconds).toBeUndefined();
  });

  it("does not link two cameras", () => {
    const other = { ...at(0.5), shutter: { ...at(0.5).shutter, camera: "Nikon Z 8" } };
    expect(groups([at(0), other]).map(({ tier }) => tier)).toEqual(["same-frame"]);
  });

  it("counts an edit of one of its frames once, and calls it the same frame", () => {
    const edit = frame(90, {
      path: "/in/edit.jpg",
      print: printOf(1, 1),
      width: 3000,
      height: 2000,
      shutter: at(0).shutter,
    });
    expect(short(groups([at(0), at(0.5), edit]))).toEqual([
      ["same-frame", [1, 90], 1],
      ["burst", [1, 6], 1],
    ]);
  });

  it("ends after 30 frames", () => {
    const many = Array.from({ length: 40 }, (_, i) => at(i * 0.1));
    expect(groups(many).map(({ members }) => members.length)).toEqual([30, 10]);
  });
});

describe("what is never culled", () => {
  const shots = (shutters: readonly Partial<Frame["shutter"]>[], alike = true): Frame[] =>
    shutters.map((shutter, i) =>
      frame(i + 1, {
        print: alike ? printOf(1, i) : printOf(i + 1),
        shutter: { atMs: i * 500, isExact: true, ...shutter },
      }),
    );

  it("a bracket: the exposure goes up and down", () => {
    const bracket = shots([{ exposureBias: 0 }, { exposureBias: -2 }, { exposureBias: 2 }]);
    expect(short(groups(bracket))).toEqual([["bracket", [1, 2, 3], null]]);
    const byTime = shots(
      [0.01, 0.0025, 0.04].map((exposureSeconds) => ({ exposureSeconds, aperture: "f/8.0", iso: 100 })),
    );
    expect(short(groups(byTime))).toEqual([["bracket", [1, 2, 3], null]]);
    const steady = shots(
      [0.01, 0.011, 0.01].map((exposureSeconds) => ({ exposureSeconds, aperture: "f/8.0", iso: 100 })),
    );
    expect(groups(steady).map(({ tier }) => tier)).toEqual(["burst"]);
  });

  it("a bracket whose ends look nothing like one another, if the camera says that it was one", () => {
    const bracket = shots(
      [0, -3, 3].map((exposureBias) => ({ exposureBias, isBracketed: true })),
      false,
    );
    expect(short(groups(bracket))).toEqual([["bracket", [1, 2, 3], null]]);
  });

  it("a focus stack: the distance moves in one direction", () => {
    const stack = shots([0.3, 0.32, 0.35].map((focusDistance) => ({ focusDistance })));
    expect(short(groups(stack))).toEqual([["stack", [1, 2, 3], null]]);
    const hunting = shots([0.3, 0.35, 0.31].map((focusDistance) => ({ focusDistance })));
    expect(groups(hunting).map(({ tier }) => tier)).toEqual(["burst"]);
  });

  it("a panorama: three and more that go on in one direction, with the same settings", () => {
    const set = { exposureSeconds: 0.01, aperture: "f/8.0", iso: 100 };
    const parts = shots([set, set, set], false);
    const overlap = { score: 0.9, towards: "right" as const };
    const looked = [1, 2].map((a) => ({ a, b: a + 1, crop: 0.1, overlap }));
    expect(short(groups(parts, { looked }))).toEqual([["panorama", [1, 2, 3], null]]);
    expect(groups(parts.slice(0, 2), { looked })).toEqual([]);
    expect(groups(shots([set, { ...set, iso: 200 }, set], false), { looked })).toEqual([]);
  });
});
