import { describe, expect, test } from "vitest";
import { chorusOf, type SetFlaw } from "../../src/domain/wording-set.ts";
import { english } from "../../src/language/english.ts";

const lexicon = english();
const PLACES = "pond reed street harbour garden bridge meadow forest canal roof".split(" ");

/** Flaws of captions that come one after the other. */
function flawsIn(captions: readonly string[]): SetFlaw[] {
  const chorus = chorusOf(lexicon);
  return captions.flatMap((caption, photo) => {
    const member = { photo, words: { caption, altText: "", keywords: [] }, alike: new Set<number>() };
    const flaws = chorus.flaws(member);
    chorus.add(member);
    return flaws;
  });
}

describe("BATCH-LEAD", () => {
  test("tells of captions that begin alike, once there are ten and every third does", () => {
    const same = PLACES.map((place, i) => `A grey heron waits by the ${place} with ${i} ducks.`);
    expect(flawsIn(same).map(({ rule, severity, photo }) => ({ rule, severity, photo }))).toEqual([
      { rule: "BATCH-LEAD", severity: "info", photo: 9 },
    ]);
    expect(flawsIn(same)[0]?.why).toBe("10 of 10 captions begin with “a grey heron”");
    expect(flawsIn(same.slice(0, 9))).toEqual([]);
  });

  test("says nothing of three in ten", () => {
    const birds = "Swan Owl Gull Tern Stork Crane Finch".split(" ");
    const some = PLACES.map((place, i) =>
      i < 7 ? `${birds[i]} number ${i} near the ${place}.` : `A grey heron at the ${place}.`,
    );
    expect(flawsIn(some).filter(({ rule }) => rule === "BATCH-LEAD")).toEqual([]);
  });
});
