import { expect, test } from "vitest";
import { runsOn } from "../../src/store/runs.ts";
import { memoryDatabase } from "./home.ts";

test("a run that did not end by itself is known to the next one, and an update too", () => {
  const runs = runsOn(memoryDatabase());
  expect(runs.latest()).toBeUndefined();
  expect(runs.begin("r1", 1, "1.0.0")).toEqual({ unclean: false, updated: false });
  expect(runs.begin("r2", 2, "1.0.0")).toEqual({ unclean: true, updated: false });
  runs.end("r2", 3);
  expect(runs.begin("r3", 4, "1.1.0")).toEqual({ unclean: false, updated: true });
  runs.resumed("r3", [{ set: "gulls", from: "words" }]);
  expect(runs.latest()).toEqual({
    id: "r3",
    startedAt: 4,
    endedAt: null,
    resumed: [{ set: "gulls", from: "words" }],
  });
});

test("two runs begun in the same millisecond are told apart by their order", () => {
  const runs = runsOn(memoryDatabase());
  runs.begin("b", 1, "1");
  runs.begin("a", 1, "1");
  expect(runs.latest()?.id).toBe("a");
});

test("a stage that no longer exists is left out of what was resumed", () => {
  const database = memoryDatabase();
  const runs = runsOn(database);
  runs.begin("r1", 1, "1");
  database.exec(`update runs set resumed = '[{"set":"a","from":"gone"},{"set":"b","from":"look"}]'`);
  expect(runs.latest()?.resumed).toEqual([{ set: "b", from: "look" }]);
});
