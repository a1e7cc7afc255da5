import { beforeEach, describe, expect, test } from "vitest";
import type { SetId } from "../../src/domain/words.ts";
import type { Note } from "../../src/store/intake.ts";
import type { Store } from "../../src/store/store.ts";
import { drop, memoryStore, shot } from "./home.ts";

let store: Store;
let set: SetId;
const first = shot("/in/2026-10 Gulls, Texel/IMG_1.JPG").main;
beforeEach(() => {
  ({ store } = memoryStore());
  set = store.sets.open(drop(), 1)?.id ?? "";
});

const note = (path: string, code = "drop.other-file"): Note => ({ path, bytes: 3, mtimeMs: 4, code, why: "because" });
const noted = (): string[] => store.intake.all().map(({ path, code }) => `${path} ${code}`);

describe("what lies in an inbox and is no photo", () => {
  test("is noted with its reason, and gone from the notes when the listing no longer has it", () => {
    store.intake.note("/in", [note("/in/a.txt"), note("/in/b.txt")], 10);
    store.intake.note("/in", [note("/in/b.txt", "drop.temporary"), note("/in/c.txt")], 20);
    expect(noted()).toEqual(["/in/b.txt drop.temporary", "/in/c.txt drop.other-file"]);
  });

  test("keeps the time it was first seen while nothing about it changes", () => {
    store.intake.note("/in", [note("/in/a.txt")], 10);
    store.intake.note("/in", [note("/in/a.txt")], 20);
    expect(store.intake.all()[0]?.at).toBe(10);
  });

  test("of one inbox leaves the notes of another alone", () => {
    store.intake.note("/in", [note("/in/a.txt")], 10);
    store.intake.note("/card", [note("/card/b.txt")], 10);
    store.intake.note("/in", [], 20);
    expect(noted()).toEqual(["/card/b.txt drop.other-file"]);
  });
});

describe("a file", () => {
  test("is taken if it is a photo of a set with this path, size and time", () => {
    expect(store.intake.isTaken(first)).toBe(true);
    expect(store.intake.isTaken({ ...first, bytes: first.bytes + 1 })).toBe(false);
    expect(store.intake.isTaken({ ...first, mtimeMs: first.mtimeMs + 0.5 })).toBe(false);
    expect(store.intake.isTaken({ ...first, path: "/in/other.JPG" })).toBe(false);
  });
});

describe("the files of a rolled-back set", () => {
  beforeEach(() => {
    store.intake.setAside(set, 30);
    store.sets.remove(set, 30);
  });

  test("are set aside: not taken in again by themselves, and visible with their reason", () => {
    expect(store.intake.isTaken(first)).toBe(true);
    expect(store.intake.all().map(({ code, asideFor }) => [code, asideFor])).toEqual([
      ["drop.set-aside", set],
      ["drop.set-aside", set],
    ]);
    store.intake.note("/in", [], 40);
    expect(store.intake.all()).toHaveLength(2);
  });

  test("may be taken in again when a person starts again", () => {
    expect(store.intake.startAgain(set, 50)).toBe(2);
    expect(store.intake.isTaken(first)).toBe(false);
    expect(store.intake.startAgain(set, 60)).toBe(0);
    expect(store.journal.of(set).filter(({ kind }) => kind === "set.started-again")).toHaveLength(1);
  });

  test("are new photos once they were changed", () => {
    const changed = { ...first, bytes: 2_000 };
    expect(store.intake.isTaken(changed)).toBe(false);
    store.intake.note("/in", [{ ...changed, code: "drop.waiting", why: "arriving" }], 40);
    expect(noted()).toContain(`${first.path} drop.waiting`);
  });
});
