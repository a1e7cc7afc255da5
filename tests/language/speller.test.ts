import { afterEach, expect, test, vi } from "vitest";
import { type EndableSpeller, startSpeller } from "../../src/language/speller.ts";

vi.setConfig({ testTimeout: 60_000 });

let speller: EndableSpeller;
afterEach(async () => speller.close());

const MINUTE = 60_000;

test("English of either side of the sea is right, a slip is told of with what was meant, a name without", async () => {
  speller = startSpeller(MINUTE, MINUTE);
  const words = ["grey", "gray", "harbour", "harbor", "kingfisher", "Kingfisher", "kingfsher", "Wxyzia", "sea-wall"];
  expect(await speller.unknown(words)).toEqual([
    { word: "kingfsher", suggestions: ["kingfisher"] },
    { word: "Wxyzia", suggestions: [] },
  ]);
});

test("one that was ended answers with nothing, and begins anew with the next question", async () => {
  speller = startSpeller(MINUTE, MINUTE);
  const cut = speller.unknown(["kingfsher"]);
  await speller.close();
  expect(await cut).toEqual([]);
  expect(await speller.unknown(["kingfsher"])).toHaveLength(1);
});

test("one that takes too long is not waited for; asked again it has the answer", async () => {
  speller = startSpeller(MINUTE, 100);
  expect(await speller.unknown(["kingfsher"])).toBeUndefined();
  await vi.waitFor(async () => expect(await speller.unknown(["kingfsher"])).toHaveLength(1), 50_000);
});
