import { expect, test } from "vitest";
import { memoryStore } from "./home.ts";

test("what was never chosen is as it is by itself, and what no longer reads as well", () => {
  const { store, database } = memoryStore();
  expect(store.preferences.read()).toEqual({ theme: "dark", singleKeys: "on" });
  store.preferences.write({ theme: "light" });
  expect(store.preferences.read()).toEqual({ theme: "light", singleKeys: "on" });
  database.prepare("update preferences set value = 'mauve'").run();
  expect(store.preferences.read().theme).toBe("dark");
});
