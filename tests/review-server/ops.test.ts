import { expect, test } from "vitest";
import { op, setAtGate } from "../store/home.ts";
import { visit } from "./house.ts";

test.each([
  ["approved", 0],
  ["held", 0],
  ["rejected", 1],
])("a photo that is %s sets its set going %i times", async (to, times) => {
  const woken: string[] = [];
  const { store, post, cli } = await visit({ wake: (set) => woken.push(set) });
  const { set, photos } = setAtGate(store, { files: ["IMG_1.JPG"] });
  const [shown] = store.desk.photos(set);
  const ops = [op(photos[0] ?? 0, "verdict", to, { seen: shown?.hash })];
  const response = await post(`/api/sets/${set}/ops`, { ops }, { authorization: `Bearer ${cli}` });
  expect(await response.json()).toMatchObject({ results: [{ ok: true }] });
  expect(woken).toHaveLength(times);
});
