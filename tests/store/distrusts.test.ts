import { beforeEach, describe, expect, test } from "vitest";
import type { Facts } from "../../src/domain/facts.ts";
import type { PhotoId, SetId } from "../../src/domain/words.ts";
import type { Store } from "../../src/store/store.ts";
import { commit, factsAtGate, hand, memoryStore, op, reviewFacts, setAtGate } from "./home.ts";

const key = (n: number): string => String(n).padStart(64, "0");

let store: Store;
let set: SetId;
let photos: PhotoId[];
beforeEach(() => {
  ({ store } = memoryStore());
  ({ set, photos } = setAtGate(store, { files: ["1.JPG", "2.JPG", "3.JPG"] }));
  commit(store, set, "words", photos, (photo) => wordsWith(key(photos.indexOf(photo) + 1)));
});

const wordsWith = (answer: string): Facts["words"] => ({
  ...factsAtGate("").words,
  captioner: "ollama",
  evidence: {
    model: "m",
    digest: "d",
    version: "1",
    prompt: 3,
    shape: 1,
    key: answer,
    visible: [],
    uncertain: [],
    logprob: null,
    doneReason: "stop",
    said: "",
    tries: [],
  },
});
const at = (n: number): PhotoId => photos[n - 1] ?? 0;
const hasWords = (): boolean[] =>
  photos.map((photo) => store.checkpoints.progressOf(photo)?.done.has("words") ?? false);
const approve = (...wanted: PhotoId[]): void => {
  const rows = store.desk.photos(set);
  const ops = wanted.map((photo) =>
    op(photo, "verdict", "approved", { seen: rows.find((row) => row.photo.id === photo)?.hash ?? null }),
  );
  expect(store.desk.apply(set, ops, hand).map(({ ok }) => ok)).toEqual(wanted.map(() => true));
};

describe("words whose answer is marked", () => {
  test("are forgotten, with the approval that was of them; names, edits and the other photos stay", () => {
    store.desk.apply(set, [op(at(1), "caption", "A gull I know."), op(at(1), "name", "Mine.JPG")], hand);
    approve(at(1), at(3));
    store.distrusts.mark([key(1), key(2)], "it does not see", 60);
    expect(store.distrusts.forget(61)).toEqual([
      { set, photo: at(1), why: "it does not see", wasApproved: true },
      { set, photo: at(2), why: "it does not see", wasApproved: false },
    ]);
    expect(hasWords()).toEqual([false, false, true]);
    expect(store.distrusts.marked()).toEqual([]);
    expect(store.desk.photos(set).map(({ verdict }) => verdict)).toEqual([null, null, "approved"]);
    expect(store.desk.photos(set)[0]?.state.edits).toEqual({ caption: "A gull I know.", name: "Mine.JPG" });
    expect(store.names.of(at(1))).toBe("Mine.JPG");
    const told = store.journal.of(set).filter(({ kind }) => kind === "words.distrusted");
    expect(told.map(({ data }) => JSON.parse(data))).toEqual([
      { key: key(1), why: "it does not see", wasApproved: true },
      { key: key(2), why: "it does not see", wasApproved: false },
    ]);
    expect(store.distrusts.rewritten(set)).toEqual({ photos: 2, approvals: 1 });
  });

  test("leave a photo before the gate: the set is under way, and cannot be approved meanwhile", () => {
    store.distrusts.mark([key(2)], "x", 60);
    store.distrusts.forget(61);
    expect(store.sets.underway()).toEqual([set]);
    expect(store.sets.counts(set)).toMatchObject({ working: 1, undecided: 2 });
    expect(store.desk.apply(set, [op(at(2), "verdict", "approved", { seen: key(9) })], hand)).toMatchObject([
      { ok: false, code: "review.not-ready" },
    ]);
  });

  test("stay where the photo is released: what is out is not changed behind anybody's back", () => {
    commit(store, set, "review", [at(1)], () => reviewFacts("r1"));
    store.distrusts.mark([key(1)], "x", 60);
    expect(store.distrusts.forget(61)).toEqual([]);
    expect(hasWords()).toEqual([true, true, true]);
  });

  test("are found when they come later, until the marks are taken off", () => {
    store.distrusts.mark([key(7), key(8)], "x", 60);
    expect(store.distrusts.forget(61)).toEqual([]);
    expect(store.distrusts.marked()).toEqual([key(7), key(8)]);
    commit(store, set, "words", [at(2)], () => wordsWith(key(7)));
    expect(store.distrusts.forget(62)).toMatchObject([{ photo: at(2) }]);
    store.distrusts.clear();
    expect(store.distrusts.marked()).toEqual([]);
  });

  test("count no more once their photo is released", () => {
    store.distrusts.mark([key(1)], "x", 60);
    store.distrusts.forget(61);
    commit(store, set, "words", [at(1)], () => wordsWith(key(5)));
    commit(store, set, "review", [at(1)], () => reviewFacts("r1"));
    expect(store.distrusts.rewritten(set)).toEqual({ photos: 0, approvals: 0 });
  });
});

describe("what a set shows, by an answer that is marked", () => {
  const SEEN = {
    generic: "heron",
    specific: null,
    specificity: "low" as const,
    category: "bird" as const,
    people: "0" as const,
    visibleText: ["GOLDEN GATE"],
    setting: "water",
    by: { model: "m", digest: "d", version: "1", prompt: 1, key: key(9) },
  };
  /** The first photo was asked about; the second is the same scene; the third has nothing to do with it. */
  const seeing = (): void => {
    const { subject } = factsAtGate("");
    commit(store, set, "subject", photos, (photo) => ({
      ...subject,
      conflict: true,
      seen: photo === at(1) ? SEEN : null,
      readable: photo === at(3) ? [] : SEEN.visibleText,
    }));
  };
  const knows = (): boolean[] =>
    photos.map((photo) => store.checkpoints.progressOf(photo)?.done.has("subject") ?? false);

  test("is forgotten for all of it, with words that leaned on it; other words and their approvals stand", () => {
    seeing();
    approve(at(2), at(3));
    store.distrusts.mark([key(9)], "it does not see", 60);
    expect(store.distrusts.forgetSeen(61)).toEqual({
      sets: [set],
      rewritten: [
        { set, photo: at(1), why: "it does not see", wasApproved: false },
        { set, photo: at(2), why: "it does not see", wasApproved: true },
      ],
    });
    expect([knows(), hasWords()]).toEqual([
      [false, false, false],
      [false, false, true],
    ]);
    expect(store.distrusts.marked()).toEqual([]);
    expect(store.sets.underway()).toEqual([set]);
    commit(store, set, "subject", photos, () => factsAtGate("").subject);
    expect(store.desk.photos(set).map(({ verdict }) => verdict)).toEqual([null, null, "approved"]);
    const told = store.journal.of(set).filter(({ kind }) => kind === "subject.distrusted");
    expect(told.map(({ data }) => JSON.parse(data))).toEqual([{ key: key(9), why: "it does not see" }]);
  });

  test("leaves released photos as they went out, and is found when it comes later", () => {
    store.distrusts.mark([key(9)], "x", 60);
    expect(store.distrusts.forgetSeen(61)).toEqual({ sets: [], rewritten: [] });
    seeing();
    commit(store, set, "review", [at(2)], () => reviewFacts("r1"));
    expect(store.distrusts.forgetSeen(62)).toMatchObject({ sets: [set], rewritten: [{ photo: at(1) }] });
    expect([knows(), hasWords()]).toEqual([
      [false, true, false],
      [false, true, true],
    ]);
  });
});
