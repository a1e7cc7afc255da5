import { beforeEach, describe, expect, test } from "vitest";
import type { Facts } from "../../src/domain/facts.ts";
import type { Identified } from "../../src/domain/identification.ts";
import { done } from "../../src/domain/stage.ts";
import type { PhotoId, SetId } from "../../src/domain/words.ts";
import type { Store } from "../../src/store/store.ts";
import { drop, factsAtGate, hand, memoryStore } from "./home.ts";

let store: Store;
let set: SetId;
let photos: PhotoId[];
beforeEach(() => {
  ({ store } = memoryStore());
  set = store.sets.open(drop({ files: ["A.JPG", "B.JPG", "C.JPG"] }), 2)?.id ?? "";
  photos = store.sets.photos(set).map(({ id }) => id);
});

const HERON: Identified = {
  generic: "heron",
  specific: null,
  specificity: "low",
  category: "bird",
  people: "0",
  visibleText: [],
  setting: "water",
  by: { model: "m", digest: "d", version: "1", prompt: 1, key: "0".repeat(64) },
};
const SUGGESTION = {
  generic: "Heron",
  specific: null,
  share: 1,
  category: "bird" as const,
  people: "0" as const,
  visibleText: [],
  setting: "water",
  frames: [1, 2],
  model: "m",
};
const seen = (over: readonly Partial<Facts["subject"]>[]): void => {
  const plain = factsAtGate("x").subject;
  store.checkpoints.commit(
    set,
    "subject",
    new Map(photos.map((photo, i) => [photo, done({ ...plain, ...over[i] })])),
    10,
  );
};
const triples = () =>
  store.journal
    .of(set)
    .filter(({ kind }) => kind === "set.subject")
    .map(({ data }) => JSON.parse(data));

describe("what a set shows", () => {
  test("is not known before anybody looked", () => {
    expect(store.subjects.of(set)).toBeUndefined();
  });

  test("is told once for all of its photos", () => {
    seen(photos.map(() => ({ suggestion: SUGGESTION, conflict: true })));
    expect(store.subjects.of(set)).toEqual({ suggestion: SUGGESTION, silence: null, conflict: true, parts: [] });
  });

  test("and why there is nothing", () => {
    seen(photos.map(() => ({ silence: "away (captioner.unreachable)" })));
    expect(store.subjects.of(set)).toMatchObject({ suggestion: null, silence: "away (captioner.unreachable)" });
  });

  test("of two things is told with the photos of each", () => {
    const mixed = [
      { subject: "Heron", photos: photos.slice(0, 1) },
      { subject: "Boat", photos: photos.slice(1, 2) },
    ];
    seen(["Heron", "Boat", null].map((part) => ({ mixed, part })));
    const [a = 0, b = 0] = photos;
    expect(store.subjects.of(set)?.parts).toEqual([
      { subject: "Heron", photos: [a] },
      { subject: "Boat", photos: [b] },
    ]);
  });
});

describe("the journal", () => {
  test("keeps suggestion, identification and subject together, once for the set", () => {
    seen([{ suggestion: SUGGESTION, seen: HERON }, { suggestion: SUGGESTION }, { suggestion: SUGGESTION }]);
    expect(triples()).toEqual([
      { suggestion: SUGGESTION, identification: [{ photo: photos[0], ...HERON }], final: "Gulls" },
    ]);
  });

  test("and again when a person says another subject, by whom", () => {
    seen([{ suggestion: SUGGESTION, seen: HERON }]);
    store.descriptions.describe(set, { subject: "Heron", folder: "nature" }, ["subject"], hand);
    expect(triples().slice(1)).toEqual([
      { by: "page", suggestion: SUGGESTION, identification: [{ photo: photos[0], ...HERON }], final: "Heron" },
    ]);
    store.descriptions.describe(set, { subject: "Heron", folder: "birds" }, [], hand);
    expect(triples()).toHaveLength(2);
  });

  test("has no such line where no model looked", () => {
    seen([]);
    store.descriptions.describe(set, { subject: "Terns", folder: "nature" }, ["subject"], hand);
    expect(triples()).toEqual([]);
  });
});
