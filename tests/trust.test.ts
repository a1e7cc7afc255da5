import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Config } from "../src/config.ts";
import type { Event } from "../src/domain/events.ts";
import type { Facts } from "../src/domain/facts.ts";
import type { PhotoId, SetId } from "../src/domain/words.ts";
import { english } from "../src/language/english.ts";
import { openStore, type Store } from "../src/store/store.ts";
import { type Trust, trustIn } from "../src/trust.ts";
import { commit, factsAtGate, setAtGate } from "./store/home.ts";

const KEY = "ab".repeat(32);

let data: string;
let store: Store;
let set: SetId;
let photos: PhotoId[];
let events: Event[];
let woken: SetId[];
let trust: Trust;
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), "photogate-trust-"));
  store = openStore(data, 1, english());
  ({ set, photos } = setAtGate(store));
  events = [];
  woken = [];
  trust = trustNow();
  mkdirSync(join(data, "answers", "ab"), { recursive: true });
  writeFileSync(answer(), "{}");
});
afterEach(() => {
  store.close();
  rmSync(data, { recursive: true });
});

const answer = (): string => join(data, "answers", "ab", `${KEY}.json`);
const trustNow = (): Trust =>
  trustIn(
    { data } as Config,
    store,
    { now: () => 100, elapsed: () => 100 },
    (event) => events.push(event),
    (woke) => woken.push(woke),
  );
const answeredWith = (key: string): Facts["words"] => ({
  ...factsAtGate("").words,
  evidence: { ...EVIDENCE, key },
});
const EVIDENCE = {
  model: "m",
  digest: "d",
  version: "1",
  prompt: 3,
  shape: 1,
  visible: [],
  uncertain: [],
  logprob: null,
  doneReason: "stop",
  said: "",
  tries: [],
};
const give = (photo: number, key: string): void =>
  commit(store, set, "words", photos.slice(photo, photo + 1), () => answeredWith(key));
const hasWords = (): boolean[] =>
  photos.map((photo) => store.checkpoints.progressOf(photo)?.done.has("words") ?? false);
const storedWords = (photo: number): Event => ({
  kind: "stage.done",
  set,
  stage: "words",
  photos: photos.slice(photo, photo + 1),
});

test("distrusted answers are thrown away before their words are forgotten, and their sets are woken", async () => {
  give(0, KEY);
  const distrusting = trust.distrust([KEY], "it does not see");
  // Not while the answer could still be found: the photo would have the same words again.
  trust.hear(storedWords(1));
  expect(hasWords()).toEqual([true, true]);
  await distrusting;
  expect([existsSync(answer()), hasWords()]).toEqual([false, [false, true]]);
  expect(woken).toEqual([set]);
  expect(events).toEqual([
    { kind: "words.distrusted", set, photos: photos.slice(0, 1), approvals: 0, why: "it does not see" },
  ]);
});

test("words that were under way are forgotten when they are stored, and only once", async () => {
  await trust.distrust([KEY], "x");
  expect(events).toEqual([]);
  give(1, KEY);
  trust.hear(storedWords(1));
  expect(hasWords()).toEqual([true, false]);
  // Asked about anew, it has the same key, and is believed.
  give(1, KEY);
  trust.hear(storedWords(1));
  expect(hasWords()).toEqual([true, true]);
});

test("killed after the keys were marked, the next start goes on; a mark of nothing is taken off", async () => {
  give(0, KEY);
  store.distrusts.mark([KEY, "cd".repeat(32)], "x", 90);
  const next = trustNow();
  await next.goOn();
  expect([existsSync(answer()), hasWords(), woken]).toEqual([false, [false, true], [set]]);
  expect(store.distrusts.marked()).toEqual([]);
});

test("a set that was seen by a distrusted answer is looked at anew, whether its facts are stored or under way", async () => {
  const { subject } = factsAtGate("");
  const seen = {
    generic: "heron",
    specific: null,
    specificity: "low" as const,
    category: "bird" as const,
    people: "0" as const,
    visibleText: [],
    setting: "water",
    by: { model: "m", digest: "d", version: "1", prompt: 1, key: KEY },
  };
  const look = (): void =>
    commit(store, set, "subject", photos, (photo) => ({ ...subject, seen: photo === photos[0] ? seen : null }));
  const knows = (): boolean[] =>
    photos.map((photo) => store.checkpoints.progressOf(photo)?.done.has("subject") ?? false);
  look();
  await trust.distrust([KEY], "it does not see");
  expect([existsSync(answer()), knows(), hasWords()]).toEqual([false, [false, false], [false, true]]);
  expect([...new Set(woken)]).toEqual([set]);
  await trust.distrust([KEY], "again");
  look();
  trust.hear({ kind: "stage.done", set, stage: "subject", photos });
  expect(knows()).toEqual([false, false]);
});
