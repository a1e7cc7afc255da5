import { beforeEach, describe, expect, test } from "vitest";
import type { FoundFlaw, Outcome } from "../../src/domain/proof.ts";
import { cull } from "../../src/domain/stage.ts";
import type { PhotoId, SetId } from "../../src/domain/words.ts";
import { ROLLING_BACK } from "../../src/store/checkpoints.ts";
import type { Plan } from "../../src/store/releases.ts";
import type { Store } from "../../src/store/store.ts";
import { archiveFacts, commit, factsAtGate, hand, memoryStore, op, publishFacts, setAtGate } from "./home.ts";

let store: Store;
let set: SetId;
let photos: PhotoId[];
let a: PhotoId;
let b: PhotoId;
let c: PhotoId;
beforeEach(() => {
  ({ store } = memoryStore());
  ({ set, photos } = setAtGate(store, { files: ["1.JPG", "2.JPG", "3.JPG", "4.JPG", "5.JPG"] }));
  [a = 0, b = 0, c = 0] = photos;
});

const decide = (photo: PhotoId, verdict: string): void => {
  store.desk.apply(set, [op(photo, "verdict", verdict)], hand);
};
const plan = (): Plan => store.releases.plan(set);
const planned = (): PhotoId[] => plan().photos.map(({ photo }) => photo);

describe("the plan", () => {
  test("holds the approved, and counts why the others are not in it", () => {
    decide(a, "approved");
    decide(b, "rejected");
    decide(c, "held");
    store.checkpoints.commit(set, "look", new Map([[photos[3] ?? 0, cull("photo.undecodable", "torn")]]), 1);
    expect(planned()).toEqual([a]);
    expect(plan().leftOut).toEqual({ undecided: 1, rejected: 1, held: 1, culled: 1, published: 0 });
  });

  test("says how the words were proved that would go out, which are blocked, and what was overruled", () => {
    const { words } = factsAtGate("");
    const wrong = { rule: "GEO-CAPTION", severity: "error" as const, field: "caption" as const, why: "Paris" };
    const proved = (photo: PhotoId, outcome: Outcome, flaws: FoundFlaw[]): void =>
      commit(store, set, "words", [photo], () => ({
        ...words,
        proof: { rules: "wording-1", outcome, found: [], flaws, attempts: [] },
      }));
    proved(a, "passed", []);
    proved(b, "blocked", [wrong]);
    proved(c, "blocked", [wrong]);
    store.desk.apply(set, [op(b, "overruled", [{ rule: "GEO-CAPTION", reason: "a café of that name" }])], hand);
    for (const photo of photos) decide(photo, "approved");
    expect(plan().words).toEqual({
      summary: "1 passed, 0 repaired, 1 put right by you, 0 blocked, 2 not by a model",
      blocked: 1,
      overruled: [{ photo: b, file: "2.JPG", rule: "GEO-CAPTION", reason: "a café of that name" }],
    });
  });

  test("names the paths on the site", () => {
    decide(a, "approved");
    expect(plan().photos[0]).toMatchObject({
      full: "2026/nature/Gulls_Texel_2026_001.JPG",
      thumb: "2026/thumbs/nature/Gulls_Texel_2026_001.JPG",
    });
  });

  test("leaves out an approved photo that was culled since", () => {
    decide(a, "approved");
    store.checkpoints.commit(set, "look", new Map([[a, cull("photo.undecodable", "torn")]]), 1);
    expect(planned()).toEqual([]);
  });

  test.each([
    ["caption", "x"],
    ["altText", "x"],
    ["keywords", ["x"]],
    ["subject", "x"],
    ["location", "x"],
    ["qr", 1],
    ["name", "Other.JPG"],
  ])("becomes another with an edit of %s, approved anew", (field, to) => {
    decide(a, "approved");
    const before = plan().hash;
    store.desk.apply(set, [op(a, field, to)], hand);
    decide(a, "approved");
    expect(plan().hash).not.toBe(before);
  });

  test("is the same while nothing changes", () => {
    decide(a, "approved");
    expect(plan()).toEqual(plan());
  });
});

describe("publish the approved", () => {
  test("is refused when nothing is", () => {
    expect(() => store.releases.release(set, plan().hash, hand)).toThrow("nothing in");
  });

  test("is refused when the list changed since it was shown, and releases nothing", () => {
    decide(a, "approved");
    const seen = plan().hash;
    decide(b, "approved");
    expect(() => store.releases.release(set, seen, hand)).toThrow("not the one that was shown");
    expect(store.sets.counts(set).released).toBe(0);
    expect(store.releases.of(set)).toEqual([]);
  });

  test("gives exactly what the plan shows, under one release", () => {
    decide(a, "approved");
    decide(c, "approved");
    const { hash, photos: shown } = plan();
    const made = store.releases.release(set, hash, hand);
    expect(made).toEqual({ release: `${set}-r1`, photos: 2 });
    for (const { photo, hash: approved, final } of shown)
      expect(store.sets.photo(photo)?.facts.review).toEqual({ release: made.release, hash: approved, final });
    expect(store.sets.photo(b)?.facts.review).toBeUndefined();
    expect(store.releases.of(set)).toEqual([{ id: made.release, by: "page", at: 50, photos: 2 }]);
  });

  test("takes the rest the next time, and the first stay as they are", () => {
    decide(a, "approved");
    store.releases.release(set, plan().hash, hand);
    expect(planned()).toEqual([]);
    expect(plan().leftOut.published).toBe(1);
    decide(b, "approved");
    expect(store.releases.release(set, plan().hash, hand)).toEqual({ release: `${set}-r2`, photos: 1 });
    expect(store.sets.photo(a)?.facts.review?.release).toBe(`${set}-r1`);
  });

  test("is refused while the set is being rolled back: it would be taken away with it", () => {
    decide(a, "approved");
    store.checkpoints.hold(set, { stage: "validate", code: ROLLING_BACK, why: "asked", retryAt: null, at: 1 });
    expect(() => store.releases.release(set, plan().hash, hand)).toThrow("being rolled back");
    expect(store.releases.of(set)).toEqual([]);
  });

  test("twice by a double click is once", () => {
    decide(a, "approved");
    const { hash } = plan();
    store.releases.release(set, hash, hand);
    expect(() => store.releases.release(set, hash, hand)).toThrow();
    expect(store.releases.of(set)).toHaveLength(1);
  });
});

test("the counts of a set follow a photo from the gate to the site", () => {
  const counts = () => store.sets.counts(set);
  expect(counts()).toMatchObject({ photos: 5, undecided: 5, working: 0 });
  decide(a, "approved");
  decide(b, "rejected");
  decide(c, "held");
  expect(counts()).toMatchObject({ undecided: 2, approved: 1, rejected: 1, held: 1, released: 0 });
  store.releases.release(set, plan().hash, hand);
  expect(counts()).toMatchObject({ undecided: 2, approved: 0, released: 1, published: 0 });
  commit(store, set, "publish", [a], () => publishFacts("x.JPG"));
  commit(store, set, "archive", [a], archiveFacts);
  expect(counts()).toMatchObject({ released: 1, published: 1, archived: 1 });
  expect(counts().stages).toMatchObject({ name: 5, review: 1, publish: 1 });
});

test("a set that was released and taken back again can be removed", () => {
  decide(a, "approved");
  store.releases.release(set, plan().hash, hand);
  store.checkpoints.forget(set, "review", [a], 60);
  store.sets.remove(set, 70);
  expect(store.sets.get(set)).toBeUndefined();
  expect(store.journal.of(set).map(({ kind }) => kind)).toContain("release.made");
});
