import { expect, test } from "vitest";
import type { Outcome } from "../../src/domain/proof.ts";
import { commit, factsAtGate, hand, op, setAtGate } from "../store/home.ts";
import { visit } from "./house.ts";

test("the confirmation says how the words were proved, which are blocked, and what was overruled", async () => {
  const house = await visit();
  const { cookie } = await house.signIn();
  const { store } = house;
  const { set, photos } = setAtGate(store, { files: ["1.JPG", "2.JPG", "3.JPG"] });
  const [a = 0, b = 0, c = 0] = photos;
  const { words } = factsAtGate("");
  const wrong = { rule: "GEO-CAPTION", severity: "error" as const, field: "caption" as const, why: "Paris" };
  const proved = (photo: number, outcome: Outcome): void =>
    commit(store, set, "words", [photo], () => ({
      ...words,
      proof: { rules: "wording-1", outcome, found: [], flaws: outcome === "blocked" ? [wrong] : [], attempts: [] },
    }));
  proved(a, "passed");
  proved(b, "blocked");
  proved(c, "blocked");
  const overruled = [{ rule: "GEO-CAPTION", reason: "a <b>café</b> of that name" }];
  store.desk.apply(set, [op(b, "overruled", overruled), ...photos.map((one) => op(one, "verdict", "approved"))], hand);

  const page = await (await house.get(`/s/${set}/publish`, { cookie })).text();
  const shown = page
    .replaceAll(/<[^>]*>/g, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">");
  expect(shown).toContain("Words: 1 passed, 0 repaired, 1 put right by you, 0 blocked. 1 photo left out because of");
  expect(shown).toContain("2.JPG: GEO-CAPTION, because: a <b>café</b> of that name");
  expect(page).not.toContain("<b>café");
  expect(house.errors).toEqual([]);
});
