import { describe, expect, test } from "vitest";
import type { InboxConfig } from "../src/config.ts";
import { kindsWith } from "../src/domain/kinds.ts";
import type { PhotoSet } from "../src/domain/photo.ts";
import { type InboxProfile, profileFor, type Taxonomy } from "../src/domain/profile.ts";
import { vocabularyOn } from "../src/vocabulary.ts";
import { drop, memoryStore } from "./store/home.ts";

const none: Taxonomy = { locations: [], categories: [] };
const said: InboxProfile = {
  category: "gallery",
  location: "At home",
  profiles: [{ match: "air*", category: "aviation", taxonomy: { locations: ["Schiphol"], categories: [] } }],
};
const times = { local: 1, network: 1 };
const inboxes: readonly InboxConfig[] = [
  { root: "/in", said, profile: (folder) => profileFor(said, folder), quietMs: times, patienceMs: 1, rescanMs: times },
];

const { store } = memoryStore();
const opened = (name: string, location: string, folder: string): PhotoSet => {
  const set = store.sets.open({ ...drop({ name }), context: { subject: name.slice(2), location, folder } }, 5);
  if (set === undefined) throw new Error("no set");
  return set;
};
const first = opened("a first", "Texel", "nature");
const second = opened("airport", "Texell", "aviation");

const words = (known: readonly Taxonomy[]): Taxonomy => ({
  locations: known.flatMap(({ locations }) => locations),
  categories: known.flatMap(({ categories }) => categories),
});

describe("what is known to a set", () => {
  test("is nothing for the first, so that nothing in it is new", () => {
    expect(words(vocabularyOn({ inboxes, kinds: kindsWith([]) }, store, () => none).knownTo(first))).toEqual(none);
  });

  test("is what its profile knows, what earlier sets and the site's rows say, and the profile's own words", () => {
    const published = { locations: ["Gouda", "TEXEL"], categories: ["birds"] };
    expect(words(vocabularyOn({ inboxes, kinds: kindsWith([]) }, store, () => published).knownTo(second))).toEqual({
      locations: ["Schiphol", "Texel", "Gouda", "TEXEL", "At home"],
      categories: ["nature", "birds", "aviation"],
    });
  });
});

test("what is offered where a person types is everything", () => {
  const all = vocabularyOn({ inboxes, kinds: kindsWith([]) }, store, () => ({
    locations: ["Gouda"],
    categories: ["birds"],
  })).all();
  expect(all).toEqual({
    locations: ["Schiphol", "At home", "Texel", "Texell", "Gouda"],
    categories: ["gallery", "aviation", "nature", "birds"],
    kinds: ["wildlife", "macro", "aviation", "travel", "water drops"],
    subjects: ["first", "rport"],
  });
});
