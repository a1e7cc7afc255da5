import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Event } from "../src/domain/events.ts";
import { sortedJson } from "../src/domain/proof-text.ts";
import type { PhotoId, SetId } from "../src/domain/words.ts";
import { english } from "../src/language/english.ts";
import { keepProofs, type Proofs, proofOf } from "../src/proofs.ts";
import type { Store } from "../src/store/store.ts";
import {
  archiveFacts,
  commit,
  drop,
  factsAtGate,
  hand,
  memoryStore,
  op,
  publishFacts,
  setAtGate,
} from "./store/home.ts";

const lexicon = english();
let data: string;
let store: Store;
let set: SetId;
let photos: PhotoId[];
let heard: Event[];
let failures: unknown[];
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), "photogate-proofs-"));
  ({ store } = memoryStore());
  ({ set, photos } = setAtGate(store));
  heard = [];
  failures = [];
});
afterEach(() => rmSync(data, { recursive: true }));

const keeping = (): Proofs =>
  keepProofs(
    { data },
    store,
    lexicon,
    (event) => heard.push(event),
    (_, why) => failures.push(why),
  );
const once = async (...events: Event[]): Promise<void> => {
  const proofs = keeping();
  for (const event of events) proofs.hear(event);
  await proofs.close();
};
const file = (name = "proof.json"): string => readFileSync(join(data, "proofs", set, name), "utf8");
const again = (): string => sortedJson(proofOf(store, set, lexicon));
const ready: () => Event = () => ({ kind: "set.awaits-review", set, undecided: 2 });
const publishAll = (): void => {
  store.desk.apply(
    set,
    photos.map((photo) => op(photo, "verdict", "approved")),
    hand,
  );
  store.releases.release(set, store.releases.plan(set).hash, hand);
  commit(store, set, "publish", photos, (photo) => publishFacts(`Gulls_${photo}.JPG`));
};

describe("the proof of a set is written", () => {
  test("when it comes to the gate, for programs and for the photographer", async () => {
    await once(ready());
    expect(readdirSync(join(data, "proofs", set)).sort()).toEqual(["proof.json", "proof.md"]);
    expect(JSON.parse(file())).toMatchObject({
      set: { id: set },
      summary: "2 not by a model",
      review: { undecided: 2 },
    });
    expect(file("proof.md")).toContain("# Proof of the words of 2026-10 Gulls, Texel");
    expect(heard).toEqual([{ kind: "set.proved", set, summary: "2 not by a model" }]);
  });

  test("when a part of it is released, and when it is done: completed by what was decided", async () => {
    await once(ready());
    publishAll();
    await once({ kind: "set.released", set, release: `${set}-r1`, photos: 2 });
    expect(JSON.parse(file())).toMatchObject({ review: { approved: 2, accepted: 2, published: 2, undecided: 0 } });
    await once({ kind: "set.finished", set });
    expect(JSON.parse(file()).releases).toMatchObject([{ id: `${set}-r1`, photos: 2 }]);
  });

  test("and says its line once, and again when it is another", async () => {
    const proofs = keeping();
    proofs.hear(ready());
    proofs.hear(ready());
    await proofs.close();
    const { words } = factsAtGate("");
    const passed = { rules: "wording-1", outcome: "passed" as const, found: [], flaws: [], attempts: [] };
    commit(store, set, "words", photos.slice(0, 1), () => ({ ...words, proof: passed }));
    proofs.hear(ready());
    await proofs.close();
    expect(heard.map((event) => "summary" in event && event.summary)).toEqual([
      "2 not by a model",
      "1 passed, 0 repaired, 0 blocked, 1 not by a model",
    ]);
  });

  test("not for what was rolled back in the meantime", async () => {
    store.sets.remove(set, 70);
    await once(ready());
    expect([readdirSync(data), heard, failures]).toEqual([[], [], []]);
  });

  test("and where that fails it is told, and the next is written", async () => {
    mkdirSync(join(data, "proofs"));
    writeFileSync(join(data, "proofs", set), "in the way");
    const other = setAtGate(store, { name: "Terns" }).set;
    await once(ready(), { kind: "set.awaits-review", set: other, undecided: 2 });
    expect(failures).toMatchObject([{ code: "disk.failed" }]);
    expect(readdirSync(join(data, "proofs", other))).toHaveLength(2);
  });
});

describe("made again, it has the same bytes", () => {
  test("at any later time, whatever else became of the set", async () => {
    publishAll();
    await once({ kind: "set.finished", set });
    const written = file();
    expect(again()).toBe(written);
    commit(store, set, "archive", photos, archiveFacts);
    store.checkpoints.hold(set, { stage: "archive", code: "disk.full", why: "full", retryAt: null, at: 9_999 });
    store.checkpoints.resume(set, 10_000, "person");
    expect(again()).toBe(written);
  });

  test("until something is decided", async () => {
    await once(ready());
    store.desk.apply(set, [op(photos[0] ?? 0, "caption", "Two gulls on a post by the sea.")], hand);
    expect(again()).not.toBe(file());
    expect(JSON.parse(again()).review.edited).toEqual({ caption: 1 });
    store.desk.undo(set, "tab-1", hand);
    const undone = JSON.parse(again());
    expect(undone.review.edited).toEqual({});
    expect(undone.asOf.line).toBeGreaterThan(JSON.parse(file()).asOf.line);
  });

  test("and words that were redone are counted", () => {
    store.checkpoints.forget(set, "words", photos.slice(0, 1), 60);
    commit(store, set, "words", photos.slice(0, 1), () => factsAtGate("").words);
    expect(JSON.parse(again()).rows.map(({ redone }: { redone: number }) => redone)).toEqual([1, 0]);
  });
});

describe("after a kill", () => {
  const madeUp = async (): Promise<void> => {
    const proofs = keeping();
    proofs.makeUp();
    await proofs.close();
  };

  test.each([
    ["is missing", () => rmSync(join(data, "proofs"), { recursive: true })],
    ["cannot be read", () => writeFileSync(join(data, "proofs", set, "proof.json"), "{")],
    ["is behind", () => store.desk.apply(set, [op(photos[0] ?? 0, "verdict", "rejected")], hand)],
  ])("a proof that %s is made up", async (_, hurt) => {
    await once(ready());
    hurt();
    const proofs = keeping();
    proofs.makeUp();
    await new Promise((resolve) => setImmediate(resolve));
    await proofs.close();
    expect(file()).toBe(again());
  });

  test("one that is not behind is left alone, and so is a set without words", async () => {
    store.sets.open(drop({ name: "Early" }), 1);
    await once(ready());
    heard = [];
    await madeUp();
    expect(heard).toEqual([]);
    expect(readdirSync(join(data, "proofs"))).toEqual([set]);
  });
});

test("a photo is called by its number, its path, its file or its published name", () => {
  const [a = 0] = photos;
  const name = store.sets.photo(a)?.facts.name?.name ?? "";
  for (const called of [String(a), "/in/2026-10 Gulls, Texel/IMG_1.JPG", "IMG_1.JPG", "img_1.jpg", name])
    expect(store.sets.called(called), called).toEqual([a]);
  expect(store.sets.called("IMG_9.JPG")).toEqual([]);
});
