import { execFile } from "node:child_process";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type FakeOllama, MODEL, replyText, startOllama } from "../fakes/ollama.ts";
import { scripted } from "../fakes/scripted.ts";

vi.setConfig({ testTimeout: 300_000 });

let fake: FakeOllama;
beforeEach(async () => {
  fake = await startOllama();
});
afterEach(() => fake.close());

const tryModel = (): Promise<{ code: number; out: string }> =>
  new Promise((resolve) => {
    execFile(process.execPath, ["scripts/try-model.ts", "--host", fake.url, "--model", MODEL], (failure, out, err) =>
      resolve({ code: typeof failure?.code === "number" ? failure.code : 0, out: `${out}${err}` }),
    );
  });

test("trying a model shows twelve pictures to it, and prints what it said, what was tried and what is left", async () => {
  fake.answer = scripted(["good", "weak", "wrong", "half", "good", "weak", "wrong", "half"]);
  const { code, out } = await tryModel();
  expect([code, fake.complaints]).toEqual([0, []]);
  expect(out.match(/^\d\d\.JPG {2}shows /gm)).toHaveLength(12);
  // The fake names the colours of cards, and knows nothing of scenes.
  for (const card of ["a red circle beside a green square", "a blue circle beside a yellow square"])
    expect(out).toContain(`shows ${card}: named;`);
  expect(out).toMatch(/shows a daisy: NOT NAMED/);
  expect(out).toMatch(/tried {5}\w+ for [A-Z-, ]+ in caption: (taken|no better)/);
  expect(out).toMatch(/error {5}GEO-ALT: “Golden Gate Bridge”/);
  expect(out).toMatch(/\d+ passed, \d+ repaired, \d+ partially repaired, [1-9]\d* blocked/);
  expect(out).toMatch(/\d+ answers, \d+\.\d s in the middle/);
});

test("a model that does not see is stopped, and told apart from a bad one", async () => {
  fake.answer = () => ({ text: replyText() });
  const { code, out } = await tryModel();
  expect([code, out]).toEqual([1, expect.stringMatching(/^Stopped: .*\(captioner\.blind\)/)]);
});
