import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { laneTo } from "../../src/captioners/lane.ts";
import { notebookIn } from "../../src/captioners/notebook.ts";
import type { Identity, ModelServer } from "../../src/captioners/server.ts";
import { DESCRIBE } from "../../src/domain/model-answer.ts";

const MODEL: Identity = { model: "m", digest: "d", version: "1" };
const never = new AbortController().signal;

/** A server whose model names what a card shows, which is all that these pictures are. */
function lane(testEvery: number) {
  const folder = mkdtempSync(join(tmpdir(), "photogate-lane-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const notebook = notebookIn(folder);
  const server: ModelServer = {
    host: "http://here",
    variants: ["no-think"],
    options: {},
    identify: async () => MODEL,
    load: async () => undefined,
    unload: async () => undefined,
    async ask({ picture }) {
      const caption = Buffer.from(picture).toString();
      const content = JSON.stringify({ visible: [], caption, alt: caption, keywords: [], uncertain: [] });
      return { content, thinking: "", doneReason: "stop", tokens: [] };
    },
  };
  let writes = 0;
  /** answers that were noted while no key on the disk stood for them */
  const unforetold: string[] = [];
  const opened = laneTo(server, {
    notebook: {
      ...notebook,
      async noteUnproved(unproved) {
        await notebook.noteUnproved(unproved);
        writes += 1;
      },
      async noteAnswer(key, noted) {
        const onDisk = await notebook.unproved(server.host, MODEL.model);
        if (onDisk?.keys.includes(key) !== true) unforetold.push(key);
        await notebook.noteAnswer(key, noted);
      },
    },
    draw: async ({ circle, square }) => Buffer.from(`a ${circle} circle beside a ${square} square`),
    testEvery,
    distrusted: async () => undefined,
    elapsed: () => 0,
    closing: never,
  });
  const ask = (number: number) =>
    opened.answer(
      {
        task: DESCRIBE,
        facts: `${number}`,
        attempt: 0,
        picture: async () => Buffer.from("Gulls."),
        mends: `${number}`,
      },
      (_, facts) => facts.padStart(64, "0"),
      never,
    );
  return { notebook, ask, unforetold, writes: () => writes, prove: () => opened.prove(never) };
}

test("the keys of all questions that wait are on the disk before the first answer, in one write", async () => {
  const { ask, unforetold, writes, notebook } = lane(25);
  await Promise.all(Array.from({ length: 8 }, async (_, i) => ask(i)));
  expect(unforetold).toEqual([]);
  expect(writes()).toBe(1);
  expect((await notebook.unproved("http://here", "m"))?.keys).toHaveLength(8);
});

test("every answer has its key on the disk before it is noted, over cards and one by one", async () => {
  const { ask, unforetold, writes } = lane(5);
  await Promise.all(Array.from({ length: 12 }, async (_, i) => ask(i)));
  for (let i = 12; i < 20; i += 1) await ask(i);
  expect(unforetold).toEqual([]);
  expect(writes()).toBeGreaterThan(8);
});

test("when a card was seen nothing is unproved any more, and keys that were only foretold are gone with it", async () => {
  const { ask, prove, notebook } = lane(25);
  await Promise.all([ask(1), ask(2)]);
  await prove();
  expect((await notebook.unproved("http://here", "m"))?.keys).toEqual([]);
});
