import { beforeEach, describe, expect, test } from "vitest";
import type { SetId } from "../../src/domain/words.ts";
import type { Store } from "../../src/store/store.ts";
import { memoryStore, setAtGate } from "./home.ts";

let store: Store;
let set: SetId;
beforeEach(() => {
  ({ store } = memoryStore());
  ({ set } = setAtGate(store));
});
const wish = { moveOriginals: false, by: "page", bytes: 5_000 };
const linesOf = (kind: string): unknown[] =>
  store.journal.of(set).flatMap((line) => (line.kind === kind ? [JSON.parse(line.data)] : []));

describe("a clearing", () => {
  test("is asked for, with a line in the journal, and found at the next start", () => {
    store.clearings.ask(set, wish, 3);
    expect(store.clearings.asked(set)).toEqual(wish);
    expect(store.sets.underway()).toEqual([set]);
    expect(linesOf("set.clearing")).toEqual([wish]);
  });

  test("asked for again keeps the first figure and takes the last wish", () => {
    store.clearings.ask(set, { ...wish, moveOriginals: true }, 3);
    store.clearings.ask(set, { ...wish, by: "cli", bytes: 700 }, 4);
    expect(store.clearings.asked(set)).toEqual({ moveOriginals: false, by: "cli", bytes: 5_000 });
  });

  test("is over when it is finished; what was freed adds up over several", () => {
    store.clearings.ask(set, wish, 3);
    store.clearings.finish(set, 1_000, 4);
    expect([store.clearings.asked(set), store.clearings.of(set)]).toEqual([undefined, { bytes: 4_000, at: 4 }]);
    store.clearings.finish(set, 0, 5);
    expect(store.clearings.of(set)).toEqual({ bytes: 4_000, at: 4 });
    store.clearings.ask(set, { ...wish, bytes: 1_000 }, 6);
    store.clearings.finish(set, 200, 7);
    expect(store.clearings.of(set)).toEqual({ bytes: 4_800, at: 7 });
    expect(linesOf("set.cleared")).toEqual([
      { by: "page", bytes: 4_000, left: 1_000 },
      { by: "page", bytes: 800, left: 200 },
    ]);
    expect(store.journal.brokenAt()).toBeUndefined();
  });

  test("goes with its set", () => {
    store.clearings.ask(set, wish, 3);
    store.sets.remove(set, 4);
    expect(store.clearings.asked(set)).toBeUndefined();
  });
});

test("what clearing would free is the originals, companions and all previews but the small ones", () => {
  expect(store.clearings.clearable(set)).toEqual({ copies: 2, bytes: 2 * (1_000 + 3 * 9), keptBytes: 18 });
  expect(store.clearings.clearable("terns")).toEqual({ copies: 0, bytes: 0, keptBytes: 0 });
});

test("a set is whole until its clearing is asked for", () => {
  expect(() => store.clearings.assertWhole(set)).not.toThrow();
  store.clearings.ask(set, wish, 3);
  expect(() => store.clearings.assertWhole(set)).toThrow("are being cleared");
  store.clearings.finish(set, 0, 86_400_000);
  expect(() => store.clearings.assertWhole(set)).toThrow("were cleared on 1970-01-02");
});
