import { describe, expect, test } from "vitest";
import type { StageName } from "../../src/domain/facts.ts";
import {
  type Move,
  nextMove,
  nextPhotoStage,
  nextStage,
  type Progress,
  rewindReach,
} from "../../src/pipeline/plan.ts";
import { fakeStages } from "./fake-stages.ts";

const stages = fakeStages();
const ORDER = stages.map(({ name }) => name);

/** A photo that has been through everything before a stage. */
const before = (id: number, stage: StageName | "end", marks: Partial<Progress> = {}): Progress => ({
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
    ["a new set: every photo begins", [before(1, "validate"), before(2, "validate")], "run 1 2"],
    ["no photo at all: finished", [], "finish"],
    ["one is behind: the set stage waits for it", [before(1, "look"), before(2, "likeness")], "run 1"],
    ["all have come up: the set stage judges all", [before(1, "likeness"), before(2, "likeness")], "likeness over 1 2"],
    ["one is left out: nobody waits for it", [before(1, "look", culled), before(2, "likeness")], "likeness over 2"],
    ["all are left out: finished", [before(1, "look", culled), before(2, "name", culled)], "finish"],
    [
      "one was taken back behind the others: it catches up first",
      [before(1, "look"), before(2, "review"), before(3, "review")],
      "run 1",
    ],
    [
      "and then the set stages judge it among the others",
      [before(1, "likeness"), before(2, "review"), before(3, "archive")],
      "run 3",
    ],
    [
      "the earlier set stage comes first, over all live photos",
      [before(1, "name"), before(2, "likeness"), before(3, "review")],
      "likeness over 1 2 3",
    ],
    ["all stand at the gate: a person is next", [before(1, "review"), before(2, "review")], "park 2"],
    [
      "some are released: they go on while others wait",
      [before(1, "publish"), before(2, "review"), before(3, "archive")],
      "run 1 3",
    ],
    ["released ones are through: the others still wait", [before(1, "end"), before(2, "review")], "park 1"],
    ["a rejected photo is not waited for", [before(1, "end"), before(2, "review", rejected)], "finish"],
    ["rejected early, it still goes up to the gate", [before(1, "words", rejected)], "run 1"],
    ["all rejected: finished", [before(1, "review", rejected), before(2, "review", rejected)], "finish"],
    ["all through: finished", [before(1, "end"), before(2, "end")], "finish"],
    ["a released photo that is left out holds nobody up", [before(1, "publish", culled), before(2, "end")], "finish"],
    [
      "facts of an earlier stage were forgotten: that stage runs, whatever came later",
      [{ ...before(1, "review"), done: new Set<StageName>(["validate", "likeness", "words", "name"]) }],
      "run 1",
    ],
  ])("%s", (_, photos, move) => {
    expect(told(nextMove(stages, photos))).toBe(move);
  });
});

describe("the next stage of one photo", () => {
  test("is the first whose facts are missing", () => {
    expect(nextStage(stages, before(1, "words"))?.name).toBe("words");
    expect(nextStage(stages, before(1, "end"))).toBeUndefined();
  });
  test("it can do by itself is none at a set stage, at the gate, at the end, or when left out", () => {
    expect(nextPhotoStage(stages, before(1, "look"))?.name).toBe("look");
    for (const at of ["likeness", "review", "end"] as const) expect(nextPhotoStage(stages, before(1, at))).toBeUndefined();
    expect(nextPhotoStage(stages, before(1, "look", culled))).toBeUndefined();
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
