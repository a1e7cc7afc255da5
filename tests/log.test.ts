import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Event } from "../src/domain/events.ts";
import { Fault } from "../src/domain/fault.ts";
import { CRASHES, LATEST, type Log, type LogSettings, openLog, RELEASES } from "../src/log.ts";

let folder: string;
let log: Log;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "photogate-log-"));
});
afterEach(() => {
  log.close();
  rmSync(folder, { recursive: true });
});

const open = (run = "run-1", given: Partial<LogSettings> = {}): Log => {
  log = openLog({ folder, level: "info", keepRuns: 2, maxBytes: 1e6, ...given }, run);
  return log;
};
const lines = (...path: string[]): Record<string, unknown>[] =>
  readFileSync(join(folder, ...path), "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
const messages = (...path: string[]): unknown[] => lines(...path).map(({ msg }) => msg);
const released: Event = { kind: "set.released", set: "gulls", release: "gulls-r1", photos: 2 };
const done: Event = { kind: "stage.done", set: "gulls", stage: "publish", photos: [1, 2] };
const finished: Event = { kind: "set.finished", set: "gulls" };

describe("the log of the latest run", () => {
  test("has a line for each event, with run, time and what it says", () => {
    open().event({ kind: "set.opened", set: "gulls", photos: 3 });
    const [line] = lines(LATEST);
    expect(line).toMatchObject({ run: "run-1", msg: "set.opened", set: "gulls", photos: 3, level: 30 });
    expect(String(line?.["time"])).toMatch(/^\d{4}-\d\d-\d\dT/);
    expect(statSync(join(folder, LATEST)).mode & 0o777).toBe(0o600);
  });

  test.each<[string, string[]]>([
    ["debug", ["stage.done", "set.opened", "photo.culled", "stage.crashed"]],
    ["info", ["set.opened", "photo.culled", "stage.crashed"]],
    ["warn", ["photo.culled", "stage.crashed"]],
    ["error", ["stage.crashed"]],
  ])("at level %s tells %j", (level, told) => {
    open("run-1", { level });
    log.event(done);
    log.event({ kind: "set.opened", set: "gulls", photos: 3 });
    log.event({ kind: "photo.culled", set: "gulls", photo: 1, code: "photo.empty", why: "x" });
    log.event({ kind: "stage.crashed", set: "gulls", photo: 1, stage: "look", error: new Error("torn") });
    expect(messages(LATEST)).toEqual(told);
  });

  test("tells why, not only that", () => {
    open().event({ kind: "stage.crashed", set: "gulls", photo: 1, stage: "look", error: new Error("torn") });
    log.warn("watching failed", new Error("too many folders"));
    expect(lines(LATEST)).toMatchObject([{ error: "torn" }, { why: "too many folders", level: 40 }]);
  });

  test("is turned over at each start; as many as wanted are kept", () => {
    for (const run of ["1", "2", "3", "4"]) {
      open(run).event(finished);
      log.close();
    }
    expect(
      readdirSync(folder)
        .filter((name) => name.startsWith("latest"))
        .sort(),
    ).toEqual(["latest.1.log", "latest.2.log", LATEST]);
    expect([lines(LATEST)[0]?.["run"], lines("latest.1.log")[0]?.["run"]]).toEqual(["4", "3"]);
    open("5");
  });

  test("is turned over when it is full, and no line is lost on the way", () => {
    open("run-1", { maxBytes: 1_000, keepRuns: 50 });
    for (let n = 0; n < 100; n += 1) log.event({ kind: "set.opened", set: `set-${n}`, photos: n });
    log.close();
    const files = readdirSync(folder).filter((name) => name.startsWith("latest"));
    expect(files.length).toBeGreaterThan(5);
    for (const file of files) expect(statSync(join(folder, file)).size).toBeLessThanOrEqual(1_000);
    const sets = files.flatMap((file) => lines(file).map(({ set }) => set));
    expect(new Set(sets).size).toBe(100);
    open("run-2");
  });
});

describe("a release", () => {
  test("has a file of its own, from the button to the last photo", () => {
    open();
    log.event({ kind: "set.opened", set: "gulls", photos: 2 });
    log.event(released);
    log.event(done);
    log.event({ kind: "set.opened", set: "terns", photos: 2 });
    log.event(finished);
    log.event(done);
    expect(messages(RELEASES, "gulls-r1.log")).toEqual(["set.released", "stage.done", "set.finished"]);
  });

  test("of a set that is released again goes on in another", () => {
    open();
    log.event(released);
    log.event({ ...released, release: "gulls-r2" });
    log.event(done);
    expect(messages(RELEASES, "gulls-r1.log")).toEqual(["set.released"]);
    expect(messages(RELEASES, "gulls-r2.log")).toEqual(["set.released", "stage.done"]);
  });
});

describe("a crash", () => {
  test("is told with stack and cause in a file that outlives the run", () => {
    const cause = new Error("the disk said no");
    open().crash("stage", new Fault("disk.failed", "could not write", { cause }), { set: "gulls", stage: "look" });
    log.close();
    open("run-2").crash("uncaught", "just text", {});
    const [first, second] = lines(CRASHES);
    expect(first).toMatchObject({ kind: "stage", set: "gulls", msg: "could not write", cause: "the disk said no" });
    expect(String(first?.["stack"])).toContain("log.test.ts");
    expect(second).toMatchObject({ run: "run-2", msg: "just text" });
    expect(messages(LATEST)).toEqual(["just text"]);
  });

  test("file does not grow for ever, over however many runs", () => {
    for (let run = 0; run < 20; run += 1) {
      open(`run-${run}`, { maxBytes: 2_000 }).crash("uncaught", new Error("x".repeat(300)), {});
      log.close();
    }
    for (const file of readdirSync(folder).filter((name) => name.startsWith("crashes")))
      expect(statSync(join(folder, file)).size).toBeLessThanOrEqual(2_000);
    expect(existsSync(join(folder, "crashes.1.log"))).toBe(true);
    open();
  });
});
