import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { captionerContract } from "../contracts/captioner.ts";
import { MODEL } from "../fakes/ollama.ts";
import { type FakeOpenAi, openAiSighted, startOpenAi } from "../fakes/openai.ts";
import { openStudio, type Studio } from "./studio.ts";

const never = new AbortController().signal;
let studio: Studio;
let fake: FakeOpenAi;
beforeEach(async () => {
  studio = openStudio();
  fake = await startOpenAi();
});
afterEach(async () => {
  await studio.close();
  await fake.close();
});

const photosAsked = () => fake.asked.filter(({ isTestCard }) => !isTestCard);

captionerContract("openai", async () => studio.openai([fake.url]));

describe("a server that speaks as OpenAI does", () => {
  test("is sent the same as Ollama, and its answer has the same evidence", async () => {
    const words = await studio.openai([fake.url]).caption(await studio.request(1), never);
    expect(fake.complaints).toEqual([]);
    expect(words).toMatchObject({
      captioner: "openai",
      evidence: {
        model: MODEL,
        version: "llama.cpp",
        logprob: { mean: -0.5, p10: -0.5 },
        doneReason: "stop",
        tries: [{ variant: "shape", flaw: null }],
      },
    });
  });

  test("is not asked twice, though it lists its models with another time; other weights are asked", async () => {
    const request = await studio.request(1);
    await studio.openai([fake.url]).caption(request, never);
    fake.models = [{ ...fake.models[0], id: MODEL, created: 2 }];
    await studio.openai([fake.url]).caption(request, never);
    expect(photosAsked()).toHaveLength(1);
    fake.models = [{ id: MODEL, created: 2, meta: { n_params: 8_000_000_000 } }];
    await studio.openai([fake.url]).caption(request, never);
    expect(photosAsked()).toHaveLength(2);
  });

  test("that takes no shape is told it in words", async () => {
    fake.answer = (asked) => (asked.variant === "shape" ? { text: "Two shapes." } : openAiSighted(asked));
    const words = await studio.openai([fake.url]).caption(await studio.request(1), never);
    expect(words.evidence?.tries).toMatchObject([{ variant: "in-words", flaw: null }]);
  });

  test("with a blind model is stopped before it sees a photo", async () => {
    fake.answer = (asked) => openAiSighted({ ...asked, isTestCard: false });
    const failed = studio.openai([fake.url]).caption(await studio.request(1), never);
    await expect(failed).rejects.toMatchObject({ code: "captioner.blind" });
    expect(photosAsked()).toEqual([]);
  });

  test.each([
    ["500", "captioner.failed", "failed to process image"],
    ["404", "captioner.no-model", "model not found"],
    ["error piece", "captioner.failed", "context size exceeded"],
    ["no end", "captioner.failed", "ended without its end"],
    ["piece that is none", "captioner.garbled", "not a piece of an answer"],
    ["hangs mid body", "captioner.timeout", "silence after 0.9 s"],
  ] as const)("and answers with %s holds the set", async (mode, code, why) => {
    fake.answer = (asked) => (asked.isTestCard ? openAiSighted(asked) : mode);
    const captioner = studio.openai([fake.url], { silenceMs: 900, loadMs: 900 });
    const failed = captioner.caption(await studio.request(1), never);
    await expect(failed).rejects.toMatchObject({ code, blame: "tool", message: expect.stringContaining(why) });
  });

  test("is hung up on when nobody waits for it any more", async () => {
    const stop = new AbortController();
    fake.answer = (asked) => {
      if (asked.isTestCard) return openAiSighted(asked);
      setTimeout(() => stop.abort(new Error("stopped")), 20);
      return "hangs mid body";
    };
    const failed = studio.openai([fake.url]).caption(await studio.request(1), stop.signal);
    await expect(failed).rejects.toThrow("stopped");
    await vi.waitFor(() => expect(fake.hungUpOn).toBe(1));
  });

  test("that does not have the model says what it has", async () => {
    fake.models = [{ id: "other", created: 1 }];
    const failed = studio.openai([fake.url]).caption(await studio.request(1), never);
    await expect(failed).rejects.toMatchObject({
      code: "captioner.no-model",
      message: `${fake.url} has other, not ${MODEL}`,
    });
  });

  test("and is in no setting holds the set until it is", async () => {
    const failed = studio.openai([]).caption(await studio.request(1), never);
    await expect(failed).rejects.toMatchObject({ code: "captioner.unset", blame: "set" });
  });
});
