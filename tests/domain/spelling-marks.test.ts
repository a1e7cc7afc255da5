import { expect, test } from "vitest";
import { marksOf, ownWords, type Speller, wordsIn } from "../../src/domain/spelling-marks.ts";

test.each([
  ["A gull's wing, over the sea-wall.", ["gull's", "wing", "over", "the", "sea-wall"]],
  ["Boeing 737-800 of KLM at EHAM", ["Boeing"]],
  ["IMG_0412 by me@example.com", []],
  ["Gulls and gulls and Gulls", ["Gulls", "and", "gulls"]],
  ["Möwen am Meer’s Rand", ["Möwen", "Meer's", "Rand"]],
])("of “%s” what could be misspelt is looked up, and each word once", (text, words) => {
  expect(wordsIn(text)).toEqual(words);
});

test("while a speller is still at it nothing is said of any word", async () => {
  const slow: Speller = { unknown: async () => undefined };
  expect(await marksOf({ caption: "gul" }, ownWords([]), slow)).toBeNull();
  expect(await marksOf({ caption: "" }, ownWords([]), slow)).toEqual({ caption: [] });
});

const noWord: Speller = { unknown: async (words) => words.map((word) => ({ word, suggestions: [] })) };

test("what the photographer calls a place or a subject is right, however it is written", async () => {
  const own = ownWords(["Den Burg, Texel", "Oystercatcher"]);
  const marks = await marksOf({ caption: "Texel's oystercatcher near den Burg wadeing" }, own, noWord);
  expect(marks?.["caption"]?.map(({ word }) => word)).toEqual(["near", "wadeing"]);
});

test("a word is told of in every field it stands in, and nobody is asked where nothing is new", async () => {
  const asked: string[][] = [];
  const speller: Speller = {
    unknown: async (words) => {
      asked.push([...words]);
      return words.filter((word) => word === "gul").map((word) => ({ word, suggestions: ["gull"] }));
    },
  };
  const own = ownWords(["sea"]);
  const marks = await marksOf({ caption: "gul sea", altText: "the gul", keywords: "sea" }, own, speller);
  expect(asked).toEqual([["gul", "the"]]);
  const found = [{ word: "gul", suggestions: ["gull"] }];
  expect(marks).toEqual({ caption: found, altText: found, keywords: [] });
  expect(await marksOf({ caption: "sea" }, own, speller)).toEqual({ caption: [] });
  expect(asked).toHaveLength(1);
});
