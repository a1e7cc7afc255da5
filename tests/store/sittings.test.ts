import { expect, test } from "vitest";
import { memoryStore } from "./home.ts";

const FIGURES = { decided: 1, accepted: 1, keys: 2, clicks: 0, undos: 0, activeMs: 900, medianMs: 900, p90Ms: 900 };

test("the newest figures of a sitting take the place of those before, and when it began stays", () => {
  const { store } = memoryStore();
  store.sittings.note("gulls", { id: "b", ...FIGURES }, 200);
  store.sittings.note("gulls", { id: "a", ...FIGURES }, 100);
  store.sittings.note("gulls", { id: "b", ...FIGURES, decided: 7, keys: 9 }, 300);
  expect(store.sittings.all()).toEqual([
    { id: "a", set: "gulls", beganAt: 100, lastAt: 100, ...FIGURES },
    { id: "b", set: "gulls", beganAt: 200, lastAt: 300, ...FIGURES, decided: 7, keys: 9 },
  ]);
});
