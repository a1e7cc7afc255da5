/** What becomes of the answers of a model that answers, and wrongly, over a real socket: each is marked, and mending ends. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { template } from "../../src/captioners/template.ts";
import type { Facts } from "../../src/domain/facts.ts";
import { english } from "../../src/language/english.ts";
import { words } from "../../src/stages/words.ts";
import { openStudio, type Studio } from "../captioners/studio.ts";
import { type Asked, type FakeOllama, replyText, sighted, startOllama } from "../fakes/ollama.ts";
import { aPhoto, factsAtGate } from "../store/home.ts";

const never = new AbortController().signal;
let studio: Studio;
let fake: FakeOllama;
beforeEach(async () => {
  studio = openStudio();
  fake = await startOllama();
});
afterEach(async () => {
  await studio.close();
  await fake.close();
});

const photosAsked = (): Asked[] => fake.asked.filter(({ isTestCard }) => !isTestCard);

/** Every question about a photo has this answer. */
async function saying(over: Parameters<typeof replyText>[0]): Promise<Facts["words"]> {
  fake.answer = (asked) => (asked.isTestCard ? sighted(asked) : { text: replyText({ ...GOOD, ...over }) });
  const ollama = studio.ollama([fake.url]);
  const stage = words(
    { template, ollama, openai: template },
    english(),
    () => [],
    async () => undefined,
  );
  const { picture } = await studio.request(1);
  const { look, ...facts } = factsAtGate("x.JPG");
  const previews = { ...look.previews, model: { ...look.previews.model, file: "1.jpg", sha256: picture.sha256 } };
  const context = { subject: "Gulls", location: "Texel", folder: "nature", captioner: "ollama" as const };
  const photo = { ...aPhoto({ dir: studio.folder, context }), facts: { ...facts, look: { ...look, previews } } };
  const outcome = await stage.run(photo, { signal: never, dir: studio.folder, now: () => 0 });
  if (outcome.kind !== "done") throw new Error("left out");
  return outcome.facts as Facts["words"];
}

const GOOD = {
  visible: ["gulls", "sand", "a line of foam", "wet stones"],
  caption: "Gulls stand on wet sand beside a line of foam on Texel.",
  alt: "White birds in a row at the edge of the water.",
  keywords: ["gull", "texel", "sand", "foam", "shore", "bird", "water", "stone", "tide", "beach"],
};

test("a good answer passes, and is asked for once", async () => {
  expect((await saying({})).proof).toMatchObject({ outcome: "passed", flaws: [], attempts: [] });
  expect(photosAsked()).toHaveLength(1);
});

test.each([
  [
    "is in another language",
    { caption: "Die Möwen stehen auf dem nassen Sand und warten auf das Wasser." },
    "GEN-LANG",
  ],
  [
    "gives the prompt back",
    { caption: "Gulls: one sentence, present tense, 8-25 words, main subject first, add the place from FACTS once." },
    "GEN-ECHO",
  ],
  ["describes another photo", { caption: "A steam train crosses the viaduct above a small village." }, "CAP-SUBJECT"],
  ["names a place nobody named", { caption: "Gulls circle the Eiffel Tower in Paris above a crowd." }, "GEO-CAPTION"],
  ["refuses", { caption: "I'm sorry, I cannot identify the birds in this photo." }, "GEN-REFUSAL"],
  [
    "thinks aloud",
    { caption: "<think>The user wants gulls</think> Gulls stand on wet sand on Texel." },
    "GEN-REASONING",
  ],
  ["was cut off", { caption: "Gulls stand on wet sand beside a line of foam and the" }, "GEN-TRUNC"],
  ["is a placeholder", { alt: "string" }, "GEN-PLACEHOLDER"],
  ["has no keywords", { keywords: [] }, "KW-NONE"],
  ["advertises", { caption: "Gulls stand on wet sand on Texel, see www.gulls.example for more." }, "GEN-URL"],
])("an answer that %s is found out", async (_, over, rule) => {
  const { proof, caption } = await saying(over);
  expect(proof?.found.map((flaw) => flaw.rule)).toContain(rule);
  expect(proof?.outcome).not.toBe("passed");
  if ("caption" in over && proof?.outcome === "repaired") expect(caption).not.toBe(over.caption);
});

test("a model that gives the same bad answer again is not asked a third time about it; the rest is the template's, marked", async () => {
  const { proof, from, caption } = await saying({
    caption: "A steam train crosses the viaduct above a small village.",
  });
  expect(photosAsked()).toHaveLength(2);
  expect(photosAsked()[1]?.again).toContain("PROBLEMS WITH caption");
  expect(proof?.outcome).toBe("partially-repaired");
  expect([from.caption, caption]).toEqual(["template", "Gulls, Texel, 14 October 2026."]);
  expect(proof?.flaws.map(({ rule }) => rule)).toContain("GEN-TEMPLATE");
});
