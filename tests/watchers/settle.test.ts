import { describe, expect, test } from "vitest";
import { type Group, sort } from "../../src/watchers/drop.ts";
import type { Entry } from "../../src/watchers/listing.ts";
import { type Memory, remember, type Seen, settling } from "../../src/watchers/settle.ts";
import { entry } from "./entries.ts";

const settings = { quietMs: 5_000, patienceMs: 15_000 };
const groupOf = (...files: Entry[]): Group => {
  const [group] = sort(files).groups;
  if (group === undefined) throw new Error("no photo");
  return group;
};

/** An inbox in simulated time: what lies there at each look, and what the watcher would say. */
function inbox() {
  let memory: Memory = new Map();
  let members = "";
  let changedAt = 0;
  return {
    look(now: number, files: readonly Entry[], end: Seen["end"] = "whole"): string {
      const group = groupOf(...files);
      memory = remember(memory, [...group.photos, ...group.companions], now);
      const paths = files.map(({ path, bytes, mtimeMs }) => `${path} ${bytes} ${mtimeMs}`).join("|");
      if (paths !== members) changedAt = now;
      members = paths;
      let state = settling(group, memory, changedAt, settings, now);
      if (state.kind === "read-ends") {
        const read = new Set(state.files.map(({ path }) => path));
        memory = new Map([...memory].map(([path, seen]) => [path, read.has(path) ? { ...seen, end } : seen]));
        state = settling(group, memory, changedAt, settings, now);
      }
      return state.kind === "waiting" ? `waits ${state.closesInMs}` : state.kind;
    },
  };
}

describe("a drop settles", () => {
  test("once nothing in it changed for the quiet time", () => {
    const drop = inbox();
    const files = [entry("G/1.jpg"), entry("G/2.jpg")];
    expect(drop.look(0, files)).toBe("waits 5000");
    expect(drop.look(4_999, files)).toBe("waits 1");
    expect(drop.look(5_000, files)).toBe("settled");
  });

  test("not while a file still grows", () => {
    const drop = inbox();
    const growing = (bytes: number): Entry[] => [entry("G/1.jpg", { bytes }), entry("G/2.jpg")];
    drop.look(0, growing(1));
    expect(drop.look(4_000, growing(2))).toBe("waits 5000");
    expect(drop.look(8_000, growing(3))).toBe("waits 5000");
    expect(drop.look(12_999, growing(3))).toBe("waits 1");
    expect(drop.look(13_000, growing(3))).toBe("settled");
  });

  test("not while a file is rewritten with the same length", () => {
    const drop = inbox();
    drop.look(0, [entry("G/1.jpg", { mtimeMs: 1 })]);
    expect(drop.look(4_000, [entry("G/1.jpg", { mtimeMs: 2 })])).toBe("waits 5000");
  });

  test("not while files still come", () => {
    const drop = inbox();
    drop.look(0, [entry("G/1.jpg")]);
    expect(drop.look(4_000, [entry("G/1.jpg"), entry("G/2.jpg")])).toBe("waits 5000");
    expect(drop.look(9_000, [entry("G/1.jpg"), entry("G/2.jpg")])).toBe("settled");
  });

  test("not right after a file was taken out of it", () => {
    const drop = inbox();
    drop.look(0, [entry("G/1.jpg"), entry("G/2.jpg")]);
    expect(drop.look(4_000, [entry("G/1.jpg")])).toBe("waits 5000");
    expect(drop.look(9_000, [entry("G/1.jpg")])).toBe("settled");
  });

  test("not while a companion is still written", () => {
    const drop = inbox();
    drop.look(0, [entry("G/1.jpg"), entry("G/1.xmp", { bytes: 1 })]);
    expect(drop.look(4_000, [entry("G/1.jpg"), entry("G/1.xmp", { bytes: 2 })])).toBe("waits 5000");
  });

  test.each(["no-end-marker", "zeros"] as const)(
    "later if a file is quiet but has %s: when patience ends, too",
    (flaw) => {
      const drop = inbox();
      const files = [entry("G/1.jpg")];
      drop.look(1_000, files);
      expect(drop.look(6_000, files, flaw)).toBe("waits 15000");
      expect(drop.look(20_999, files)).toBe("waits 1");
      expect(drop.look(21_000, files)).toBe("settled");
    },
  );

  test("at once if the missing end arrives: it is another file then, quiet for the quiet time", () => {
    const drop = inbox();
    drop.look(0, [entry("G/1.jpg")]);
    expect(drop.look(5_000, [entry("G/1.jpg")], "no-end-marker")).toBe("waits 15000");
    expect(drop.look(6_000, [entry("G/1.jpg", { bytes: 2_000 })])).toBe("waits 5000");
    expect(drop.look(11_000, [entry("G/1.jpg", { bytes: 2_000 })])).toBe("settled");
  });

  test("with a file that cannot be read: it is for validation to refuse", () => {
    const drop = inbox();
    drop.look(0, [entry("G/1.jpg")]);
    expect(drop.look(5_000, [entry("G/1.jpg")], "unread")).toBe("settled");
  });
});

describe("what is remembered of a file", () => {
  test("is forgotten when it is gone, and begins anew when it is back", () => {
    const file = entry("1.jpg");
    const first = remember(new Map(), [file], 10);
    expect(first.get(file.path)).toEqual({ bytes: 1_000, mtimeMs: 5, since: 10, end: undefined });
    const kept = remember(
      new Map([[file.path, { bytes: 1_000, mtimeMs: 5, since: 10, end: "whole" as const }]]),
      [file],
      20,
    );
    expect(kept.get(file.path)).toMatchObject({ since: 10, end: "whole" });
    expect(remember(kept, [], 30).size).toBe(0);
    expect(remember(remember(kept, [], 30), [file], 40).get(file.path)).toMatchObject({ since: 40, end: undefined });
  });

  test("asks for the ends only once everything is quiet, and of photos only", () => {
    const files = [entry("G/1.jpg"), entry("G/1.xmp")];
    const group = groupOf(...files);
    const memory = remember(new Map(), files, 0);
    expect(settling(group, memory, 0, settings, 4_999).kind).toBe("waiting");
    const asked = settling(group, memory, 0, settings, 5_000);
    expect(asked.kind === "read-ends" && asked.files.map(({ relative }) => relative)).toEqual(["G/1.jpg"]);
  });
});
