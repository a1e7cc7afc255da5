import { beforeEach, expect, test } from "vitest";
import type { Facts } from "../../src/domain/facts.ts";
import type { Attempt } from "../../src/domain/proof.ts";
import type { WordVersions } from "../../src/domain/versions.ts";
import type { PhotoId, SetId } from "../../src/domain/words.ts";
import type { Store } from "../../src/store/store.ts";
import { commit, factsAtGate, hand, op, setAtGate } from "../store/home.ts";
import { visit } from "./house.ts";

const BY_A_MODEL: NonNullable<Facts["words"]["evidence"]> = {
  model: "qwen",
  digest: "d1",
  version: "1",
  prompt: 1,
  shape: 1,
  key: "f".repeat(64),
  visible: [],
  uncertain: [],
  logprob: null,
  doneReason: "stop",
  said: "",
  tries: [],
};
const attempt = (field: Attempt["field"], before: string, after: string, accepted: boolean): Attempt => ({
  by: "model",
  field,
  rules: ["CAP-META"],
  before,
  after,
  accepted,
  seed: 1,
  ms: 3,
});

let house: Awaited<ReturnType<typeof visit>>;
let store: Store;
let set: SetId;
let photo: PhotoId;
beforeEach(async () => {
  house = await visit();
  ({ store } = house);
  const gate = setAtGate(store);
  set = gate.set;
  [photo = 0] = gate.photos;
});

const read = (path: string) => house.get(path, { authorization: `Bearer ${house.cli}` });
const versions = async (): Promise<WordVersions> =>
  (await (await read(`/api/sets/${set}/photos/${photo}/words`)).json()).words;
const write = (words: Partial<Facts["words"]>): void =>
  commit(store, set, "words", [photo], () => ({ ...factsAtGate("x").words, captioner: "ollama", ...words }));

test("of one photo the page hears what the machine said first, what mending made of it, and what was not taken", async () => {
  const attempts = [
    attempt("caption", "Image of gulls.", "Gulls.", true),
    attempt("caption", "Gulls.", "Gulls in Amsterdam.", false),
    attempt("keywords", "gull; bird; bird", "gull; bird", true),
  ];
  const proof: Facts["words"]["proof"] = { rules: "w", outcome: "repaired", found: [], flaws: [], attempts };
  write({ caption: "Gulls.", altText: "White gulls.", keywords: ["gull", "bird"], evidence: BY_A_MODEL, proof });
  store.desk.apply(set, [op(photo, "caption", "Two gulls.")], hand);

  const { caption, altText, keywords } = await versions();
  expect(caption).toMatchObject({ author: "model", first: "Image of gulls.", mended: "Gulls." });
  expect(caption.offers.map(({ text, from }) => `${from}: ${text}`)).toEqual([
    "now: Gulls.",
    "first: Image of gulls.",
    "try: Gulls in Amsterdam.",
    "earlier: Gulls, Texel.",
  ]);
  expect(altText.first).toBe("White gulls.");
  expect(keywords).toMatchObject({ first: "gull, bird, bird", mended: "gull, bird" });
});

test("words of before are offered with their time, the last first, and what a blind model said to nobody", async () => {
  write({ caption: "A blind guess.", evidence: BY_A_MODEL });
  store.distrusts.mark([BY_A_MODEL.key], "it named no colour", 70);
  store.distrusts.forget(80);
  write({ caption: "Gulls at sea.", evidence: BY_A_MODEL });

  expect((await versions()).caption.offers.map(({ text }) => text)).toEqual(["Gulls at sea.", "Gulls, Texel."]);
  expect(store.generations.of(photo).map(({ isDistrusted }) => isDistrusted)).toEqual([false, true]);
});

test("a photo without words has none, and one of another set is not spoken of", async () => {
  store.checkpoints.forget(set, "words", [photo], 60);
  expect(await versions()).toBeNull();
  const other = setAtGate(store, { name: "2026-11 Other", files: ["IMG_9.JPG"] });
  expect((await read(`/api/sets/${set}/photos/${other.photos[0]}/words`)).status).toBe(404);
});
