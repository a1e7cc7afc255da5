import { beforeEach, describe, expect, test } from "vitest";
import type { Outcome } from "../../src/domain/proof.ts";
import type { Op } from "../../src/domain/review.ts";
import { rulesVersion } from "../../src/domain/wording.ts";
import type { PhotoId, SetId } from "../../src/domain/words.ts";
import { english } from "../../src/language/english.ts";
import { rowsOf } from "../../src/review-server/rows.ts";
import type { Store } from "../../src/store/store.ts";
import { commit, drop, factsAtGate, hand, memoryStore, op, setAtGate } from "./home.ts";

let store: Store;
let set: SetId;
let a: PhotoId;
let b: PhotoId;
beforeEach(() => {
  ({ store } = memoryStore());
  const gate = setAtGate(store);
  set = gate.set;
  [a = 0, b = 0] = gate.photos;
  for (const photo of gate.photos) proved(photo, "passed");
});

/** Words of a model, as its proof left them. */
function proved(photo: PhotoId, outcome: Outcome | null): void {
  const { words } = factsAtGate("");
  const evidence = {
    ...{ model: "seer", digest: "d", version: "1", prompt: 1, shape: 1, key: "0".repeat(64), visible: [] },
    ...{ uncertain: [], logprob: null, doneReason: "stop", said: "", tries: [] },
  };
  const proof = outcome && { rules: rulesVersion(english()), outcome, found: [], flaws: [], attempts: [] };
  commit(store, set, "words", [photo], () => ({ ...words, caption: `Gull ${photo}.`, evidence, proof }));
}
const hashOf = (photo: PhotoId): string => store.desk.photos(set).find((one) => one.photo.id === photo)?.hash ?? "";
const rowOf = (photo: PhotoId) => rowsOf(store, set, new Set([photo]))[0];
const look = (photo: PhotoId, given: { opened?: boolean; dwellMs?: number; hash?: string } = {}): void =>
  store.looks.note(set, [{ photo, hash: hashOf(photo), opened: false, dwellMs: 0, ...given }], 70);
const byScreen = (photo: PhotoId, given: Partial<Op> = {}): Op =>
  op(photo, "verdict", "approved", { seen: hashOf(photo), screen: true, ...given });
const apply = (...ops: Op[]): (string | true)[] =>
  store.desk.apply(set, ops, hand).map((result) => (result.ok ? true : result.code));

describe("what was seen", () => {
  test("stands in the row of its photo, and being opened is more", () => {
    expect(rowOf(a)?.looked).toBeNull();
    look(a);
    expect([rowOf(a)?.looked, rowOf(b)?.looked]).toEqual(["seen", null]);
    look(a, { opened: true, dwellMs: 1_200 });
    look(a);
    expect(rowOf(a)?.looked).toBe("opened");
  });

  test("is unseen again when its words change, and seen again when they change back", () => {
    look(a);
    apply(op(a, "caption", "Other words."));
    expect(rowOf(a)?.looked).toBeNull();
    apply(op(a, "caption", null));
    expect(rowOf(a)?.looked).toBe("seen");
  });

  test("leaves no line in the journal, and the set's revision as it was", () => {
    const before = store.desk.revision(set);
    look(a);
    expect(store.desk.revision(set)).toBe(before);
  });

  test("of a photo of another set, or of none, is passed over", () => {
    const other = store.sets.open(drop({ name: "Other", files: ["IMG_9.JPG"] }), 1)?.id ?? "";
    const [photo = 0] = store.sets.photos(other).map(({ id }) => id);
    look(photo, { hash: "1".repeat(64) });
    look(4_711, { hash: "1".repeat(64) });
    expect(store.looks.isSeen(photo, "1".repeat(64))).toBe(false);
  });

  test("is counted where the set is published, each photo once", () => {
    apply(op(a, "verdict", "approved"), op(b, "verdict", "approved"));
    expect(store.releases.plan(set).looked).toEqual({ opened: 0, seen: 0, unseen: 2 });
    look(a);
    look(a, { opened: true });
    expect(store.releases.plan(set).looked).toEqual({ opened: 1, seen: 0, unseen: 1 });
  });
});

describe("an approval by screen", () => {
  test("is refused for what was not seen, and taken for what was", () => {
    look(a);
    expect(apply(byScreen(a), byScreen(b))).toEqual([true, "review.unseen"]);
    expect([rowOf(a)?.verdict, rowOf(b)?.verdict]).toEqual(["approved", null]);
  });

  test("is refused for words that were seen before they were others", () => {
    look(a);
    apply(op(a, "caption", "Other words."));
    expect(apply(byScreen(a))).toEqual(["review.unseen"]);
  });

  test.each(["repaired", "partially-repaired", null] as const)(
    "is refused for the outcome %s, seen or not",
    (outcome) => {
      proved(a, outcome);
      look(a);
      expect(apply(byScreen(a))).toEqual(["review.unproved"]);
      expect(apply(op(a, "verdict", "approved"))).toEqual([true]);
    },
  );

  test("is asked for a second look for as long as it stands", () => {
    look(a);
    apply(byScreen(a), op(b, "verdict", "approved"));
    expect([rowOf(a)?.screened, rowOf(b)?.screened]).toEqual(["once", null]);
    store.desk.undo(set, "tab-1", hand);
    store.desk.undo(set, "tab-1", hand);
    expect(rowOf(a)?.screened).toBeNull();
    store.desk.redo(set, "tab-1", hand);
    expect(rowOf(a)?.screened).toBe("once");
    apply(op(a, "verdict", "rejected"));
    expect(rowOf(a)?.screened).toBeNull();
    apply(op(a, "verdict", "approved"));
    expect(rowOf(a)?.screened).toBeNull();
  });
});

describe("a second look", () => {
  test("is an op: what it found is kept, counted, and undone", () => {
    look(a);
    look(b);
    apply(byScreen(a), byScreen(b));
    apply(
      op(a, "recheck", "kept"),
      op(b, "recheck", "missed", { gesture: "g" }),
      op(b, "verdict", "rejected", { gesture: "g" }),
    );
    expect([rowOf(a)?.screened, rowOf(b)?.screened]).toEqual(["again", "again"]);
    expect(rowOf(a)?.verdict).toBe("approved");
    expect(store.looks.found(300)).toEqual({ looked: 2, misses: 1 });
    store.desk.undo(set, "tab-1", hand);
    expect(store.looks.found(300)).toEqual({ looked: 1, misses: 0 });
    expect([rowOf(b)?.screened, rowOf(b)?.verdict]).toEqual(["once", "approved"]);
  });

  test("finds nothing else", () => expect(apply(op(a, "recheck", "perhaps"))).toEqual(["review.invalid-value"]));
});
