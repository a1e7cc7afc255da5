import { expect, test } from "vitest";
import { testCard } from "../../src/domain/model-answer.ts";
import { testCardPicture } from "../../src/imaging/test-card.ts";
import { lookAt } from "../fakes/pictures.ts";

test.each([0, 1, 2, 3, 4, 5])("test card %i shows its circle on the left and its square on the right", async (turn) => {
  const card = testCard(turn);
  const jpeg = await testCardPicture(card);
  expect(await lookAt(jpeg)).toEqual({ colours: [card.circle, card.square], longEdge: 896 });
  expect((await testCardPicture(card)).equals(jpeg)).toBe(true);
});
