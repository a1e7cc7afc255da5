import { describe, expect, it } from "vitest";
import { keeperOfBurst, keeperOfFrame, keptAmong } from "../../src/domain/keeper.ts";
import { frame } from "../fixtures/frames.ts";

const small = { width: 3000, height: 2000 };

describe("the keeper of one picture", () => {
  it.each([
    ["stars before size", frame(1), frame(2, { ...small, rating: 4 }), "rated 4 of 5"],
    [
      "size before format",
      frame(1, { type: "raw", ...small }),
      frame(2),
      "larger: 6000 × 4000 px against 3000 × 2000 px",
    ],
    ["format before quality", frame(1), frame(2, { type: "raw", jpegQuality: null }), "RAW rather than JPEG"],
    ["quality before bytes", frame(1, { jpegQuality: 79.938, bytes: 9e6 }), frame(2), "JPEG quality 95 against 79.9"],
    [
      "bytes before age",
      frame(1, { bytes: 3_100_000 }),
      frame(2, { bytes: 4_200_000 }),
      "larger file: 4 MB against 3 MB",
    ],
  ])("goes by %s", (_, other, better, reason) => {
    const { keeper, reasons } = keeperOfFrame([other, better], "largest");
    expect(keeper).toBe(2);
    expect(reasons.get(1)).toBe(reason);
    expect(reasons.get(2)).toBe(reason);
    expect(keeperOfFrame([better, other], "largest").keeper).toBe(2);
  });

  it("is the one taken in first where nothing tells them apart", () => {
    expect(keeperOfFrame([frame(8), frame(3)], "largest")).toMatchObject({ keeper: 3 });
  });

  it("is the newest edit where that is wanted, if it has nine tenths of the pixels", () => {
    const edit = frame(2, { changedAt: 5, width: 5700, height: 3800 });
    expect(keeperOfFrame([frame(1), edit], "newest")).toMatchObject({ keeper: 2 });
    expect(keeperOfFrame([frame(1), edit], "largest")).toMatchObject({ keeper: 1 });
    const reduced = keeperOfFrame([frame(1), frame(2, { changedAt: 5, ...small })], "newest");
    expect(reduced.keeper).toBe(1);
    expect(reduced.reasons.get(2)).toContain("larger");
  });
});

describe("the keeper of a burst", () => {
  it("is the sharpest by five per cent and more", () => {
    expect(keeperOfBurst([frame(1), frame(2, { detail: 118 }), frame(3)]).reasons.get(3)).toBe("sharper by 18 %");
    expect(keeperOfBurst([frame(1), frame(2, { detail: 104, clipped: 0.2 })])).toMatchObject({ keeper: 1 });
  });

  it("has fewer blown highlights, then less noise, then stands nearer the middle", () => {
    expect(keeperOfBurst([frame(1, { clipped: 0.1 }), frame(2)]).reasons.get(2)).toBe("fewer blown highlights");
    expect(keeperOfBurst([frame(1, { noise: 2 }), frame(2)]).reasons.get(2)).toBe("less noise");
    expect(keeperOfBurst([frame(1), frame(2, { noise: null }), frame(3, { noise: 9 })])).toMatchObject({ keeper: 2 });
    expect(keeperOfBurst([frame(1), frame(2), frame(3)]).reasons.get(1)).toBe("nearer the middle of the burst");
  });
});

describe("the keeper a person chose", () => {
  const choices = [
    { keeper: 1, over: 2 },
    { keeper: 3, over: 1 },
    { keeper: 2, over: 9 },
  ];

  it("is the latest choice among those that are there", () => {
    expect(keptAmong([1, 2, 3], choices)).toBe(3);
    expect(keptAmong([1, 2], choices)).toBe(1);
  });

  it("is nobody where a choice was made over another photo", () => {
    expect(keptAmong([2, 3], choices)).toBeUndefined();
    expect(keptAmong([1, 2, 3], [])).toBeUndefined();
  });
});
