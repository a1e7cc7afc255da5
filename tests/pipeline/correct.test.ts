import { beforeEach, describe, expect, test } from "vitest";
import type { Correction } from "../../src/domain/correction.ts";
import { kindsWith } from "../../src/domain/kinds.ts";
import type { Captioner } from "../../src/domain/ports.ts";
import { gate } from "../../src/domain/stage.ts";
import type { PhotoId, SetId } from "../../src/domain/words.ts";
import { english } from "../../src/language/english.ts";
import { type Corrections, correctionsWith } from "../../src/pipeline/correct.ts";
import { type Ledger, name } from "../../src/stages/name.ts";
import { subject } from "../../src/stages/subject.ts";
import { words } from "../../src/stages/words.ts";
import type { Store } from "../../src/store/store.ts";
import { commit, hand, memoryStore, op, reviewFacts, setAtGate } from "../store/home.ts";

const lexicon = english();
const never = new AbortController().signal;

let store: Store;
let set: SetId;
let a: PhotoId;
let b: PhotoId;
let asked: number[];
/** says the same however often it is asked */
let isFixed: boolean;
let corrections: Corrections;
/** as high as no op of these tests is counted */
let seq = 10_000;
beforeEach(() => {
  ({ store } = memoryStore());
  const at = setAtGate(store);
  set = at.set;
  [a = 0, b = 0] = at.photos;
  asked = [];
  isFixed = false;
  corrections = correctionsWith({
    stages: stagesWith(store.names),
    onPaper: (ledger) => stagesWith(ledger),
    store,
    clock: { now: () => 100, elapsed: () => 100 },
    width: 2,
  });
});

/** Says what it was told, and how often it was asked before. */
const captioner: Captioner = {
  name: "template",
  async caption({ subject: told, context }) {
    asked.push(context.wordsTake ?? 0);
    const take = isFixed || context.wordsTake === undefined ? "" : ` once more ${context.wordsTake}`;
    return {
      caption: `${told} at ${context.location ?? "sea"}${take}.`,
      altText: `${told}.`,
      keywords: [String(told).toLowerCase()],
      captioner: "template",
      evidence: null,
      from: { caption: "captioner", altText: "captioner", keywords: "captioner" },
    };
  },
};
const captioners = { template: captioner, ollama: captioner, openai: captioner };
const stagesWith = (ledger: Ledger) => [
  subject({ captioners, kinds: kindsWith([]), lexicon, identifyMs: 0 }),
  words(
    captioners,
    lexicon,
    () => [],
    async () => undefined,
  ),
  name(ledger, "{subject}_{location}_{year}_{seq}"),
  gate("review", []),
];

const propose = (said: Omit<Correction, "photos">, photos = [a]) =>
  corrections.propose(set, { photos, ...said }, never);
const take = (id: string): PhotoId[] => {
  seq += 1;
  return corrections.take(set, id, { client: "tab-1", seq }, hand);
};
const finalOf = (photo: PhotoId) => store.desk.photos(set).find((one) => one.photo.id === photo)?.final;
const verdictOf = (photo: PhotoId) => store.desk.photos(set).find((one) => one.photo.id === photo)?.verdict;
const approve = (photo: PhotoId): void => {
  store.desk.apply(set, [op(photo, "verdict", "approved", { client: "tab-2" })], hand);
};

describe("a correction of one photo", () => {
  test("is shown as old and new before anything is written", async () => {
    const lines = store.journal.of(set).length;
    const { photos, unchanged } = await propose({ subject: "Terns", category: "birds" });
    expect(photos).toMatchObject([
      {
        photo: a,
        before: { subject: "Gulls", caption: "Gulls, Texel.", name: "Gulls_Texel_2026_001.JPG", category: "nature" },
        after: {
          subject: "Terns",
          caption: "Terns at Texel.",
          keywords: "terns",
          name: "Terns_Texel_2026_001.JPG",
          path: "2026/birds/Terns_Texel_2026_001.JPG",
          category: "birds",
        },
      },
    ]);
    expect(unchanged).toBe(0);
    expect(store.journal.of(set)).toHaveLength(lines);
    expect(finalOf(a)).toMatchObject({ subject: "Gulls", name: "Gulls_Texel_2026_001.JPG" });
    expect(store.names.of(a)).toBe("Gulls_Texel_2026_001.JPG");
  });

  test("is taken as it was shown: text, name and folder, and no other photo is touched", async () => {
    const other = finalOf(b);
    expect(take((await propose({ subject: "Terns", category: "birds" })).id)).toEqual([a]);
    expect(finalOf(a)).toMatchObject({
      subject: "Terns",
      caption: "Terns at Texel.",
      name: "Terns_Texel_2026_001.JPG",
      folder: "birds",
    });
    expect(store.names.of(a)).toBe("Terns_Texel_2026_001.JPG");
    expect(finalOf(b)).toEqual(other);
  });

  test("is one step of undo and of redo, with the approval it took back", async () => {
    approve(a);
    const before = finalOf(a);
    const { id, photos } = await propose({ subject: "Terns" });
    expect(photos[0]?.voids).toBe(true);
    take(id);
    const after = finalOf(a);
    expect(verdictOf(a)).toBeNull();
    expect(store.desk.undo(set, "tab-1", hand)).toEqual([a]);
    expect([finalOf(a), verdictOf(a), store.names.of(a)]).toEqual([before, "approved", "Gulls_Texel_2026_001.JPG"]);
    expect(store.sets.photo(a)?.own).toBeUndefined();
    store.desk.redo(set, "tab-1", hand);
    expect([finalOf(a), verdictOf(a)]).toEqual([after, null]);
  });

  test("leaves what a person has written, and takes the place of what they had typed as its subject", async () => {
    store.desk.apply(
      set,
      [op(a, "caption", "My own."), op(a, "subject", "Typed"), op(a, "name", "Mine_001.JPG")],
      hand,
    );
    const { id, photos } = await propose({ subject: "Terns" });
    expect(photos[0]?.kept).toEqual(["caption", "name"]);
    take(id);
    expect(finalOf(a)).toMatchObject({
      caption: "My own.",
      altText: "Terns.",
      subject: "Terns",
      name: "Mine_001.JPG",
    });
    store.desk.undo(set, "tab-1", hand);
    expect(finalOf(a)).toMatchObject({ subject: "Typed", altText: "Gulls over Texel.", name: "Mine_001.JPG" });
  });

  test("keeps the words that were there as evidence", async () => {
    take((await propose({ subject: "Terns" })).id);
    expect(store.generations.of(a).map((one) => one.words?.caption)).toEqual(["Gulls, Texel."]);
  });

  test("that says what the set says is no word of its own any more", async () => {
    take((await propose({ subject: "Terns" })).id);
    take((await propose({ subject: "Gulls" })).id);
    expect(store.sets.photo(a)?.own).toBeUndefined();
    expect(finalOf(a)?.caption).toBe("Gulls at Texel.");
  });

  test("can say that there is no location", async () => {
    take((await propose({ location: null })).id);
    expect(finalOf(a)).toMatchObject({ location: "", caption: "Gulls at sea.", name: "Gulls_2026_001.JPG" });
  });

  test("that changes nothing is said to, and the captioner is not asked", async () => {
    expect(await propose({ subject: "Gulls", location: "Texel" })).toMatchObject({ photos: [], unchanged: 1 });
    expect(asked).toEqual([]);
  });

  test("holds when the stages run again for the whole set", async () => {
    take((await propose({ subject: "Terns" })).id);
    const [first] = stagesWith(store.names);
    if (first?.kind !== "set") throw new Error("the first is a set stage");
    const outcomes = await first.run(store.sets.photos(set), { signal: never, dir: "/x", now: () => 1 });
    expect([a, b].map((id) => outcomes.get(id))).toMatchObject([
      { facts: { subject: "Terns" } },
      { facts: { subject: "Gulls" } },
    ]);
  });
});

describe("a correction of several photos", () => {
  test("gives each a name of its own", async () => {
    take((await propose({ subject: "Terns" }, [a, b])).id);
    expect([a, b].map((photo) => store.names.of(photo))).toEqual([
      "Terns_Texel_2026_001.JPG",
      "Terns_Texel_2026_002.JPG",
    ]);
    expect(store.desk.undo(set, "tab-1", hand).sort()).toEqual([a, b]);
    expect([a, b].map((photo) => finalOf(photo)?.subject)).toEqual(["Gulls", "Gulls"]);
  });

  test("leaves out what is released, and says so", async () => {
    commit(store, set, "review", [b], () => reviewFacts("r1"));
    const { photos, leftOut } = await propose({ subject: "Terns" }, [a, b]);
    expect([photos.map(({ photo }) => photo), leftOut]).toEqual([
      [a],
      [{ photo: b, file: "IMG_2.JPG", why: "released already" }],
    ]);
  });

  test("is taken whole or not at all", async () => {
    const { id } = await propose({ subject: "Terns" }, [a, b]);
    take((await propose({ location: "Vlieland" }, [b])).id);
    expect(() => take(id)).toThrow(expect.objectContaining({ code: "correction.stale" }));
    expect([a, b].map((photo) => finalOf(photo)?.subject)).toEqual(["Gulls", "Gulls"]);
  });

  test("is not taken twice, nor once a name of it went to another", async () => {
    const { id } = await propose({ subject: "Terns" });
    store.desk.apply(set, [op(b, "name", "Terns_Texel_2026_001.JPG")], hand);
    expect(() => take(id)).toThrow(expect.objectContaining({ code: "name.taken" }));
    const again = await propose({ subject: "Terns" });
    take(again.id);
    expect(store.names.of(a)).toBe("Terns_Texel_2026_002.JPG");
    expect(() => take(again.id)).toThrow(expect.objectContaining({ code: "correction.stale" }));
  });
});

describe("words and names can be had anew", () => {
  test("and what is the same again is no change, whatever was done anew before", async () => {
    take((await propose({ anew: ["name"] })).id);
    expect(store.desk.correctedNow(a).facts["words"]).toEqual(store.desk.correctedNow(b).facts["words"]);
    take((await propose({ anew: ["words"] })).id);
    isFixed = true;
    expect(await propose({ anew: ["words"] })).toMatchObject({ photos: [{ photo: a }] });
    take((await propose({ anew: ["words"] })).id);
    expect(await propose({ anew: ["words"] })).toMatchObject({ photos: [], unchanged: 1 });
  });

  test("words: the captioner is asked another time, and what it said before comes back with undo", async () => {
    const { id, photos } = await propose({ anew: ["words"] });
    expect(photos[0]?.after).toMatchObject({
      caption: "Gulls at Texel once more 1.",
      name: "Gulls_Texel_2026_001.JPG",
    });
    take(id);
    take((await propose({ anew: ["words"] })).id);
    expect(asked).toEqual([1, 2]);
    store.desk.undo(set, "tab-1", hand);
    store.desk.undo(set, "tab-1", hand);
    expect(finalOf(a)?.caption).toBe("Gulls, Texel.");
    expect(store.generations.of(a)).toHaveLength(4);
  });

  test("a name: the next one, and the one before is free, also where the person had chosen it", async () => {
    store.desk.apply(set, [op(a, "name", "Mine_001.JPG")], hand);
    take((await propose({ anew: ["name"] })).id);
    expect(store.names.of(a)).toBe("Gulls_Texel_2026_003.JPG");
    expect(asked).toEqual([]);
    store.desk.apply(set, [op(b, "name", "Mine_001.JPG", { client: "tab-2" })], hand);
    expect(() => store.desk.undo(set, "tab-1", hand)).toThrow(expect.objectContaining({ code: "name.taken" }));
    expect(store.names.of(a)).toBe("Gulls_Texel_2026_003.JPG");
  });
});
