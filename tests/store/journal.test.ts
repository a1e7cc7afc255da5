import { beforeEach, describe, expect, test } from "vitest";
import type { Database } from "../../src/store/database.ts";
import { type Journal, journalOn } from "../../src/store/journal.ts";
import { memoryDatabase } from "./home.ts";

let database: Database;
let journal: Journal;
beforeEach(() => {
  database = memoryDatabase();
  journal = journalOn(database);
  for (const n of [1, 2, 3, 4]) journal.write(n, { kind: "stage.done", set: "gulls", photo: n, data: { n } });
});

const tamper = (sql: string): void => {
  database.exec("drop trigger journal_keeps_lines; drop trigger journal_keeps_all");
  database.exec(sql);
};

describe("the journal", () => {
  test("keeps every line in order, with its set", () => {
    journal.write(9, { kind: "daemon.started" });
    expect(journal.of("gulls").map(({ seq, at, data }) => [seq, at, data])).toEqual(
      [1, 2, 3, 4].map((n) => [n, n, JSON.stringify({ n })]),
    );
    expect(journal.knows("gulls")).toBe(true);
    expect(journal.knows("terns")).toBe(false);
  });

  test("can only grow", () => {
    expect(() => database.exec("update journal set data = '{}' where seq = 2")).toThrow("append-only");
    expect(() => database.exec("delete from journal where seq = 4")).toThrow("append-only");
    expect(() => database.exec("delete from journal")).toThrow("append-only");
    expect(journal.brokenAt()).toBeUndefined();
  });

  test("of an untouched store is unbroken, an empty one too", () => {
    expect(journal.brokenAt()).toBeUndefined();
    expect(journalOn(memoryDatabase()).brokenAt()).toBeUndefined();
  });

  test.each([
    ["data was changed", "update journal set data = '{\"n\":99}' where seq = 2", 2],
    ["time was moved", "update journal set at = 0 where seq = 3", 3],
    ["photo was changed", "update journal set photo_id = 7 where seq = 1", 1],
    ["kind was changed", "update journal set kind = 'review.verdict' where seq = 4", 4],
    ["set was changed", "update journal set set_id = null where seq = 2", 2],
    ["line was dropped", "delete from journal where seq = 2", 3],
    ["first line was dropped", "delete from journal where seq = 1", 2],
    ["hash was mended without the next line", "update journal set hash = 'x', prev = prev where seq = 2", 2],
  ])("shows where its %s", (_, sql, line) => {
    tamper(sql);
    expect(journal.brokenAt()).toBe(line);
  });
});
