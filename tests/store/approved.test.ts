import { beforeEach, describe, expect, test } from "vitest";
import type { Facts } from "../../src/domain/facts.ts";
import type { PhotoId, SetId } from "../../src/domain/words.ts";
import type { Store } from "../../src/store/store.ts";
import { commit, factsAtGate, hand, memoryStore, op, reviewFacts, setAtGate } from "./home.ts";

let store: Store;
let set: SetId;
let photos: PhotoId[];
beforeEach(() => {
  ({ store } = memoryStore());
  ({ set, photos } = setAtGate(store, { files: ["1.JPG", "2.JPG", "3.JPG", "4.JPG"] }));
});
const decide = (photo: PhotoId | undefined, verdict: string | null): void => {
  store.desk.apply(set, [op(photo ?? 0, "verdict", verdict)], hand);
};
/** Other technical facts for a photo than the fixture's. */
function judge(photo: PhotoId | undefined, given: Partial<Facts["quality"]["technical"]>): void {
  const { technical, ...quality } = factsAtGate("x").quality;
  commit(store, set, "quality", [photo ?? 0], () => ({ ...quality, technical: { ...technical, ...given } }));
}

describe("scores of approved photos", () => {
  test("are there once they are approved, ascending, and gone when that is taken back", () => {
    for (const [i, score] of [90, 70, 80, 60].entries()) judge(photos[i], { score });
    expect([...store.approved.scores()]).toEqual([]);
    for (const photo of photos.slice(0, 3)) decide(photo, "approved");
    decide(photos[3], "rejected");
    expect([...store.approved.scores()]).toEqual([70, 80, 90]);
    decide(photos[1], null);
    expect([...store.approved.scores()]).toEqual([80, 90]);
  });

  test("stay when the photo is released", () => {
    decide(photos[0], "approved");
    commit(store, set, "review", photos.slice(0, 1), () => reviewFacts("r1"));
    expect(store.approved.scores()).toHaveLength(1);
  });

  test("of other rules are not compared", () => {
    judge(photos[0], { scorer: "technical-0" });
    for (const photo of photos.slice(0, 2)) decide(photo, "approved");
    expect(store.approved.scores()).toHaveLength(1);
  });
});

describe("a photo that may stand for the archive", () => {
  const { scores } = factsAtGate("x").quality.technical;

  test("is approved, sharp, without noise and without blocks", () => {
    judge(photos[0], { scores: { ...scores, sharp: 79.9 } });
    judge(photos[1], { scores: { ...scores, noise: 69.9 } });
    judge(photos[2], { scores: { ...scores, block: 69.9 } });
    expect(store.approved.sound()).toEqual([]);
    for (const photo of photos) decide(photo, "approved");
    expect(store.approved.sound()).toEqual([
      { sha256: "1".repeat(64), patches: `/home/kept/${photos[3]}/look/patches.bin` },
    ]);
  });

  test("comes in an order that says nothing about when it was taken", () => {
    const hashes = ["d", "b", "a", "c"];
    photos.forEach((photo, i) => {
      const sha256 = (hashes[i] ?? "").repeat(64);
      commit(store, set, "ingest", [photo], () => ({ ...factsAtGate("x").ingest, sha256 }));
      decide(photo, "approved");
    });
    expect(store.approved.sound().map(({ sha256 }) => sha256[0])).toEqual(["a", "b", "c", "d"]);
  });
});

describe("a set", () => {
  test("counts the figures it has, and those without all of their metrics; a person's own is whole", () => {
    const { quality } = factsAtGate("x");
    commit(store, set, "quality", photos.slice(0, 1), () => ({ ...quality, missing: [] }));
    expect(store.sets.counts(set)).toMatchObject({ rated: 4, partial: 3 });
    store.desk.apply(set, [op(photos[1] ?? 0, "qr", 7)], hand);
    expect(store.sets.counts(set)).toMatchObject({ rated: 4, partial: 2 });
  });

  test("knows how bright its photos are", () => {
    const { look } = factsAtGate("x");
    commit(store, set, "look", photos.slice(0, 1), () => ({ ...look, brightness: 31.5 }));
    expect([...store.sets.exposures(set).values()]).toEqual([31.5, 110, 110, 110]);
    store.checkpoints.commit(set, "look", new Map([[photos[1] ?? 0, { kind: "cull", code: "x", why: "y" }]]), 1);
    expect([...store.sets.exposures(set).keys()]).toEqual([photos[0], photos[2], photos[3]]);
  });
});
