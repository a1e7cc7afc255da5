import { describe, expect, test } from "vitest";
import { inOrder, type Manifest, manifestText, readManifest, recordText } from "../../src/domain/moves.ts";
import { randomFrom } from "../../src/imaging/brushes.ts";

const HASH = "0".repeat(64);
const HEADER = {
  schema: "photogate.moves",
  version: 1,
  verb: "rename",
  at: "2026-10-14T12:00:00.000Z",
  folder: "/photos",
  moves: 2,
} as const;
const MOVES = [
  { n: 0, shot: 0, from: "a.jpg", to: "x.jpg", bytes: 1, sha256: HASH },
  { n: 1, shot: 1, from: "b.jpg", to: "y.jpg", bytes: 1, sha256: HASH },
];
const TEXT = manifestText(HEADER, MOVES);
const read = (text: string): Manifest => readManifest(text, "m.jsonl");
const played = (...records: Parameters<typeof recordText>[0][]): Manifest =>
  read(TEXT + records.map(recordText).join(""));

describe("what a manifest says was done", () => {
  test("a move is done when something follows it, and in doubt when it is the last word", () => {
    expect(played()).toMatchObject({ done: new Set(), inDoubt: null, ended: false });
    expect(played({ doing: 0 })).toMatchObject({ done: new Set(), inDoubt: { n: 0, way: "do" } });
    expect(played({ doing: 0 }, { doing: 1 })).toMatchObject({ done: new Set([0]), inDoubt: { n: 1, way: "do" } });
    expect(played({ doing: 0 }, { left: 0 }, { doing: 1 }, { ended: "do" })).toMatchObject({
      done: new Set([1]),
      inDoubt: null,
      ended: true,
    });
    expect(played({ doing: 0 }, { ended: "do" }, { undoing: 0 })).toMatchObject({
      done: new Set([0]),
      inDoubt: { n: 0, way: "undo" },
      ended: false,
    });
    expect(played({ doing: 0 }, { ended: "do" }, { undoing: 0 }, { ended: "undo" }).done).toEqual(new Set());
  });

  test("a torn line says nothing, whether it is the last or another was begun after it", () => {
    expect(read(`${TEXT}{"doing":0}\n{"doi`)).toMatchObject({ isTorn: true, inDoubt: { n: 0, way: "do" } });
    expect(read(`${TEXT}{"doing":0}\n{"doi\n{"doing":1}\n`)).toMatchObject({ isTorn: false, done: new Set([0]) });
  });

  test.each([
    ["is cut short", TEXT.slice(0, -20)],
    ["is of another version", TEXT.replace('"version":1', '"version":2')],
    ["leads out of the folder", TEXT.replace("x.jpg", "../x.jpg")],
    ["leads to the root", TEXT.replace("x.jpg", "/etc/x.jpg")],
    ["leads to another drive", TEXT.replace("x.jpg", "C:x.jpg")],
    ["leads back by a backslash", TEXT.replace("x.jpg", "a\\\\..\\\\x.jpg")],
    ["counts wrongly", TEXT.replace('"n":1', '"n":7')],
    ["has a record nobody knows", `${TEXT}{"deleting":0}\n`],
    ["is no manifest", "hello\n"],
  ])("one that %s is refused", (_, text) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ code: "moves.manifest" }));
  });
});

describe("the order of moves", () => {
  const detour = ({ from }: { from: string }): string => `${from}.moving`;
  /** Makes the moves in a folder that is a map of names; a name that is taken is a failure. */
  const made = (moves: readonly { from: string; to: string }[], names: Map<string, string>): Map<string, string> => {
    for (const { from, to } of moves) {
      expect(names.has(to.toLowerCase()), `${from} to ${to}`).toBe(false);
      names.set(to.toLowerCase(), names.get(from.toLowerCase()) ?? "lost");
      names.delete(from.toLowerCase());
    }
    return names;
  };

  test("finds every name free, whatever circles and chains there are", () => {
    for (let seed = 1; seed <= 200; seed += 1) {
      const random = randomFrom(seed);
      const shuffled = (names: string[]): string[] =>
        names
          .map((name) => ({ name, at: random() }))
          .toSorted((a, b) => a.at - b.at)
          .map(({ name }) => name);
      const from = Array.from({ length: 12 }, (_, i) => `n${i}`);
      const to = shuffled([...from, "m1", "m2", "m3"]).slice(0, from.length);
      const moves = from.map((name, i) => ({ from: name, to: (to[i] ?? "").replace("n3", "N3") }));
      const names = made(inOrder(moves, detour), new Map(from.map((name) => [name, `content of ${name}`])));
      expect(names, `seed ${seed}`).toEqual(
        new Map(moves.map((move) => [move.to.toLowerCase(), `content of ${move.from}`])),
      );
    }
  });

  test("a change of case goes by a detour, for on many disks it is no other name", () => {
    expect(inOrder([{ from: "a.JPG", to: "a.jpg" }], detour)).toEqual([
      { from: "a.JPG", to: "a.JPG.moving" },
      { from: "a.JPG.moving", to: "a.jpg" },
    ]);
  });

  test("a chain of ten thousand is put in order", () => {
    const moves = Array.from({ length: 10_000 }, (_, i) => ({ from: `${i}`, to: `${i + 1}` }));
    expect(inOrder(moves, detour)[0]).toEqual({ from: "9999", to: "10000" });
  });
});
