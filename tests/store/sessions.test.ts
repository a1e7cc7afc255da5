import { expect, test } from "vitest";
import { sessionsOn } from "../../src/store/sessions.ts";
import { memoryDatabase } from "./home.ts";

const IDLE = 1_000_000;

test("a session lasts while it is used, and ends when it is not", () => {
  const sessions = sessionsOn(memoryDatabase(), IDLE);
  sessions.add("token", "csrf", 0);
  expect(sessions.check("token", IDLE)).toBe("csrf");
  expect(sessions.check("token", 2 * IDLE)).toBe("csrf");
  expect(sessions.check("token", 3 * IDLE + 1)).toBeUndefined();
  expect(sessions.check("other", 0)).toBeUndefined();
});

test("sessions that ended are swept when a new one begins", () => {
  const database = memoryDatabase();
  const sessions = sessionsOn(database, IDLE);
  sessions.add("old", "a", 0);
  sessions.add("new", "b", IDLE + 1);
  expect(database.prepare("select csrf from sessions").pluck().all()).toEqual(["b"]);
});

test("the token itself is stored nowhere", () => {
  const database = memoryDatabase();
  sessionsOn(database, IDLE).add("secret-token", "csrf", 0);
  expect(JSON.stringify(database.prepare("select * from sessions").all())).not.toContain("secret-token");
});

test("all sessions can be ended at once", () => {
  const sessions = sessionsOn(memoryDatabase(), IDLE);
  sessions.add("a", "x", 0);
  sessions.dropAll();
  expect(sessions.check("a", 0)).toBeUndefined();
});
