import { beforeEach, describe, expect, test } from "vitest";
import { type Edits, finalOf, readEdits } from "../../src/domain/review.ts";
import type { PhotoId, SetId } from "../../src/domain/words.ts";
import type { Database } from "../../src/store/database.ts";
import type { Store } from "../../src/store/store.ts";
import { commit, factsAtGate, hand, memoryStore, op, setAtGate } from "./home.ts";

let store: Store;
let database: Database;
let set: SetId;
let a: PhotoId;
let b: PhotoId;
beforeEach(() => {
  ({ store, database } = memoryStore());
  const gate = setAtGate(store);
  set = gate.set;
  [a = 0, b = 0] = gate.photos;
});

const { words } = factsAtGate("");
const captions = (photo: PhotoId): (string | undefined)[] =>
  store.generations.of(photo).map((one) => one.words?.caption);

describe("words that are not a photo's any more are kept", () => {
  test("when they are redone", () => {
    expect(captions(a)).toEqual([]);
    store.checkpoints.forget(set, "words", [a], 60);
    expect(captions(a)).toEqual(["Gulls, Texel."]);
    commit(store, set, "words", [a], () => ({ ...words, caption: "Two gulls." }));
    store.checkpoints.forget(set, "words", [a], 70);
    expect(captions(a)).toEqual(["Gulls, Texel.", "Two gulls."]);
    expect([...store.generations.counts(set)]).toEqual([[a, 2]]);
    expect(captions(b)).toEqual([]);
  });

  test("when others are put in their place, but not when they are the same", () => {
    commit(store, set, "words", [a], () => words);
    expect(captions(a)).toEqual([]);
    commit(store, set, "words", [a], () => ({ ...words, caption: "Two gulls." }));
    expect(captions(a)).toEqual(["Gulls, Texel."]);
  });

  test("when the set is described anew", () => {
    store.descriptions.describe(set, { folder: "nature", subject: "Terns" }, ["words"], hand);
    expect([captions(a), captions(b)]).toEqual([["Gulls, Texel."], ["Gulls, Texel."]]);
  });

  test("when the set is rolled back", () => {
    store.sets.remove(set, 60);
    expect([captions(a), captions(b)]).toEqual([["Gulls, Texel."], ["Gulls, Texel."]]);
  });

  test("when an update cannot read them any more, as they are", () => {
    database.exec(`update checkpoints set facts = '{"caption":7}' where stage = 'words' and photo_id = ${a}`);
    expect(store.checkpoints.forgetUnreadable(60)).toBe(1);
    expect(store.generations.of(a)).toMatchObject([{ words: { caption: "Gulls, Texel." } }, { words: null }]);
  });

  test("with the time they were made, and the journal has the time they went", () => {
    store.checkpoints.forget(set, "words", [a], 60);
    expect(store.generations.of(a).map(({ at }) => at)).toEqual([10]);
    expect(store.journal.of(set).at(-1)).toMatchObject({ at: 60, kind: "stage.forgotten", photo_id: a });
  });

  test("and what other stages found is not kept twice", () => {
    store.checkpoints.forget(set, "name", [a], 60);
    store.checkpoints.forget(set, "look", [a], 60);
    expect(captions(a)).toEqual([]);
  });

  test("for ever", () => {
    store.checkpoints.forget(set, "words", [a], 60);
    expect(() => database.exec("update generations set facts = '{}'")).toThrow("append-only");
    expect(() => database.exec("delete from generations")).toThrow("append-only");
  });
});

describe("what stands is the fold of what was done", () => {
  /** Nothing but the lines of the journal, in their order. */
  const folded = (photo: PhotoId): Edits => {
    const edits = new Map<string, unknown>();
    for (const { kind, photo_id, data } of store.journal.of(set)) {
      if (photo_id !== photo || !["review.edit", "review.undone", "review.redone"].includes(kind)) continue;
      const { field, after, to } = JSON.parse(data);
      edits.set(field, kind === "review.edit" ? after : to);
    }
    return readEdits(Object.fromEntries([...edits].filter(([, value]) => value !== null)));
  };
  const stands = (photo: PhotoId) => store.desk.photos(set).find((one) => one.photo.id === photo);
  const finalByFold = (photo: PhotoId) => {
    const one = stands(photo);
    return one && finalOf(one.photo, folded(photo));
  };

  test.each([1, 2, 3])("after edits, undoing, redoing and redone words, run %i", (run) => {
    let chance = run * 2_654_435_761;
    const next = (most: number): number => {
      chance = (chance * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((chance / 2_147_483_648) * most);
    };
    for (let step = 0; step < 30; step += 1) {
      const photo = next(2) === 0 ? a : b;
      const acts = [
        () => store.desk.apply(set, [op(photo, "caption", `Gulls, take ${step}.`)], hand),
        () => store.desk.apply(set, [op(photo, "keywords", ["gull", `take ${step}`])], hand),
        () => store.desk.apply(set, [op(photo, "caption", null)], hand),
        () => store.desk.apply(set, [op(photo, "verdict", "approved")], hand),
        () => store.desk.undo(set, "tab-1", hand),
        () => store.desk.redo(set, "tab-1", hand),
        () => {
          store.checkpoints.forget(set, "words", [photo], 60);
          commit(store, set, "words", [photo], () => ({ ...words, caption: `Made anew ${step}.` }));
        },
      ];
      acts[next(acts.length)]?.();
      expect([a, b].map(finalByFold), `step ${step}`).toEqual([a, b].map((one) => stands(one)?.final));
    }
    expect(store.journal.brokenAt()).toBeUndefined();
  });
});
