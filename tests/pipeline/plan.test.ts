import { describe, expect, test } from "vitest";
import type { StageName } from "../../src/domain/facts.ts";
import { type Move, nextMove, nextPhotoStage, nextStage, type Progress, rewindReach } from "../../src/pipeline/plan.ts";
import { fakeStages } from "./fake-stages.ts";

const stages = fakeStages();
const ORDER = stages.map(({ name }) => name);

/** A photo that has been through everything before a stage. */
const standing = (id: number, stage: StageName | "end", marks: Partial<Progress> = {}): Progress => ({
  id,
  done: new Set(stage === "end" ? ORDER : ORDER.slice(0, ORDER.indexOf(stage))),
  culled: false,
  rejected: false,
  ...marks,
});
const culled = { culled: true };
const rejected = { rejected: true };

const told = (move: Move): string => {
  switch (move.kind) {
    case "run":
      return `run ${move.photos.join(" ")}`;
    case "run-set":
      return `${move.stage.name} over ${move.photos.join(" ")}`;
    case "park":
      return `park ${move.waiting}`;
    case "finish":
      return "finish";
  }
};

describe("the next move", () => {
  test.each<[string, Progress[], string]>([
    ["a new set: every photo begins", [standing(1, "validate"), standing(2, "validate")], "run 1 2"],
    ["no photo at all: finished", [], "finish"],
    ["one is behind: the set stage waits for it", [standing(1, "look"), standing(2, "likeness")], "run 1"],
    [
      "all have come up: the set stage judges all",
      [standing(1, "likeness"), standing(2, "likeness")],
      "likeness over 1 2",
    ],
    ["one is left out: nobody waits for it", [standing(1, "look", culled), standing(2, "likeness")], "likeness over 2"],
    ["all are left out: finished", [standing(1, "look", culled), standing(2, "name", culled)], "finish"],
    [
      "one was taken back behind the others: it catches up first",
      [standing(1, "look"), standing(2, "review"), standing(3, "review")],
      "run 1",
    ],
    [
      "and then the set stages judge it among the others",
      [standing(1, "likeness"), standing(2, "review"), standing(3, "archive")],
      "run 3",
    ],
    [
      "the earlier set stage comes first, over all live photos",
      [standing(1, "name"), standing(2, "likeness"), standing(3, "review")],
      "likeness over 1 2 3",
    ],
    ["all stand at the gate: a person is next", [standing(1, "review"), standing(2, "review")], "park 2"],
    [
      "some are released: they go on while others wait",
      [standing(1, "publish"), standing(2, "review"), standing(3, "archive")],
      "run 1 3",
    ],
    ["released ones are through: the others still wait", [standing(1, "end"), standing(2, "review")], "park 1"],
    ["a rejected photo is not waited for", [standing(1, "end"), standing(2, "review", rejected)], "finish"],
    ["rejected early, it still goes up to the gate", [standing(1, "words", rejected)], "run 1"],
    ["all rejected: finished", [standing(1, "review", rejected), standing(2, "review", rejected)], "finish"],
    ["all through: finished", [standing(1, "end"), standing(2, "end")], "finish"],
    [
      "a released photo that is left out holds nobody up",
      [standing(1, "publish", culled), standing(2, "end")],
      "finish",
    ],
    [
      "facts of an earlier stage were forgotten: that stage runs, whatever came later",
      [{ ...standing(1, "review"), done: new Set<StageName>(["validate", "likeness", "words", "name"]) }],
      "run 1",
    ],
  ])("%s", (_, photos, move) => {
    expect(told(nextMove(stages, photos))).toBe(move);
  });
});

describe("the next stage of one photo", () => {
  test("is the first whose facts are missing", () => {
    expect(nextStage(stages, standing(1, "words"))?.name).toBe("words");
    expect(nextStage(stages, standing(1, "end"))).toBeUndefined();
  });
  test("it can do by itself is none at a set stage, at the gate, at the end, or when left out", () => {
    expect(nextPhotoStage(stages, standing(1, "look"))?.name).toBe("look");
    for (const at of ["likeness", "review", "end"] as const)
      expect(nextPhotoStage(stages, standing(1, at))).toBeUndefined();
    expect(nextPhotoStage(stages, standing(1, "look", culled))).toBeUndefined();
  });
});

describe("a rewind", () => {
  test.each([
    ["archive", ["archive"], false],
    ["review", ["archive", "publish", "review"], false],
    ["name", ["archive", "publish", "review", "name"], true],
    ["words", ["archive", "publish", "review", "name", "words"], true],
    ["validate", [...ORDER].reverse(), true],
  ] as const)("to %s undoes %j", (to, undone, wholeSet) => {
    const reach = rewindReach(stages, to);
    expect(reach.stages.map(({ name }) => name)).toEqual(undone);
    expect(reach.wholeSet).toBe(wholeSet);
  });

  test("to a stage there is not undoes nothing", () => {
    expect(rewindReach(stages, "exif")).toEqual({ stages: [], wholeSet: false });
  });
});
