import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import type { Row } from "../../src/review-server/rows.ts";
import type { Home } from "../acceptance/home.ts";
import { homeAtGate, SET, type Stand } from "./gate-home.ts";
import { cell, focused, openBrowser, openWindow, saved, text, type Window } from "./window.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let browser: Browser;
let home: Home;
let window: Window;

beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(async () => browser?.close());
afterEach(async () => {
  await window?.context.close();
  await home?.dispose();
});

const fill = (length: number, stand: Stand = "passed"): Stand[] => Array.from({ length }, () => stand);

/** The page of a set at the gate. */
async function begin(stands: readonly Stand[], settings: object = {}): Promise<string> {
  home = await homeAtGate(stands, settings);
  const { link } = await home.start();
  window = await openWindow(browser);
  await window.page.goto(link);
  await window.page.locator("#needs-you .card").waitFor();
  return new URL(`/s/${SET}`, window.page.url()).href;
}
const photosOf = async (): Promise<readonly Row[]> => (await home.json("list", SET)).photos;
const last = () => text(window.page.locator("#last"));
const onScreen = (): Promise<number> =>
  window.page.locator(".cell:visible").evaluateAll((cells) => {
    const { top, bottom } = document.querySelector("#grid")?.getBoundingClientRect() ?? { top: 0, bottom: 0 };
    return cells.filter((one) => {
      const box = one.getBoundingClientRect();
      return Math.min(box.bottom, bottom) - Math.max(box.top, top) >= box.height / 2;
    }).length;
  });

/** Waits until the page has told the server of this many photos that they were seen. */
const seen = (count: number): Promise<unknown> =>
  home.until(photosOf, (rows) => rows.filter(({ looked }) => looked !== null).length >= count, `${count} seen`);

test("check 4: Shift+A approves what passed and was seen, leaves the rest and says so; one undo takes it back", async () => {
  const address = await begin([...fill(17), "repaired", "blocked", "template", ...fill(20)]);
  const { page, complaints } = window;
  await page.goto(address);
  await cell(page, "IMG_001.jpg").waitFor();
  await page.keyboard.press("-");
  const count = await onScreen();
  expect(count).toBe(24);
  await seen(count);
  await page.keyboard.press("Shift+A");
  expect(await last()).toBe("21 approved, 1 repaired, 1 blocked and 1 with template words left, 0 not seen yet");
  expect(await focused(page)).toBe("IMG_025.jpg");
  await saved(page);
  const verdicts = (await photosOf()).map(({ verdict }) => verdict);
  expect(verdicts.slice(0, 17)).toEqual(Array.from({ length: 17 }, () => "approved"));
  expect(verdicts.slice(17, 20)).toEqual([null, null, null]);
  expect(verdicts.filter((verdict) => verdict === "approved")).toHaveLength(21);
  await page.keyboard.press("Control+z");
  await page.locator("#left", { hasText: "40 left" }).waitFor();
  expect((await photosOf()).every(({ verdict }) => verdict === null)).toBe(true);
  expect(complaints).toEqual([]);
});

test("check 5: what is not there to be seen yet is not approved; once it is, it can be", async () => {
  const address = await begin(fill(12));
  const { page } = window;
  let isHeldBack = true;
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route("**/media/**", async (route) => {
    if (isHeldBack) await held;
    await route.continue();
  });
  await page.goto(address, { waitUntil: "commit" });
  await cell(page, "IMG_001.jpg").waitFor();
  const count = await onScreen();
  await page.keyboard.press("Shift+A");
  expect(await last()).toBe(`0 approved, ${count} not seen yet`);
  expect(await focused(page)).toBe("IMG_001.jpg");
  isHeldBack = false;
  release();
  await seen(count);
  // Captions that are not shown are not seen either.
  await page.keyboard.press("i");
  await page.keyboard.press("Shift+A");
  expect(await last()).toMatch(/^Show the captions first/);
  await page.keyboard.press("i");
  await page.keyboard.press("i");
  await page.keyboard.press("Shift+A");
  expect(await last()).toBe(`${count} approved, 0 not seen yet`);
  await saved(page);
  expect((await photosOf()).filter(({ verdict }) => verdict === "approved")).toHaveLength(count);
  await page.getByRole("link", { name: /^Publish/ }).click();
  expect(await text(page.locator("#looked"))).toBe(
    `Approved ${count}, of which 0 opened, ${count} seen in the grid, 0 not seen.`,
  );
});

test("when all is decided, a few of those approved by screen come back once, and what that finds is told", async () => {
  const address = await begin(fill(24));
  const { page, complaints } = window;
  await page.goto(address);
  await cell(page, "IMG_001.jpg").waitFor();
  await page.keyboard.press("-");
  await seen(24);
  expect(await page.locator("#second-look").isVisible()).toBe(false);
  await page.keyboard.press("Shift+A");
  await page.getByRole("button", { name: "Second look at 5 …" }).click();
  await page.locator("#where", { hasText: "Image 1/5" }).waitFor();
  for (const key of ["a", "a", "x", "a"]) await page.keyboard.press(key);
  await page.locator("#where", { hasText: "Image 5/5" }).waitFor();
  await page.keyboard.press("a");
  await page
    .locator("#last", { hasText: "Second looks: 1 of the latest 5 missed (20.0 %); of all, fewer than 65.7 %" })
    .waitFor();
  expect(await page.locator("#second-look").isVisible()).toBe(false);
  const rows = await photosOf();
  expect(rows.filter(({ screened }) => screened === "again")).toHaveLength(5);
  expect(rows.filter(({ verdict }) => verdict === "rejected")).toHaveLength(1);
  expect(rows.filter(({ verdict }) => verdict === "approved")).toHaveLength(23);
  expect(complaints).toEqual([]);
});

test("check 27: ten thousand photos are gone through, selected and decided with few nodes", async () => {
  const address = await begin(fill(3));
  const { page, complaints } = window;
  const many = Array.from({ length: 10_000 }, (_, i) => i);
  await page.route("**/api/sets/*/rows*", async (route) => {
    const { columns, ...rest } = await (await route.fetch()).json();
    const grown = Object.fromEntries(
      Object.entries(columns).map(([name, values]) => [
        name,
        many.map((i) => (name === "id" ? i + 1 : name === "file" ? `IMG_${i + 1}.jpg` : (values as unknown[])[i % 3])),
      ]),
    );
    await route.fulfill({ json: { ...rest, count: many.length, columns: columns.id === undefined ? {} : grown } });
  });
  let sent = 0;
  await page.route("**/ops", async (route) => {
    const { ops } = route.request().postDataJSON();
    sent += ops.length;
    await route.fulfill({ json: { results: ops.map(({ id }: { id: string }) => ({ id, ok: true, rev: 1 })), rev: 9 } });
  });
  await page.goto(address);
  await cell(page, "IMG_1.jpg").first().waitFor();
  for (let i = 0; i < 60; i += 1) await page.keyboard.press("ArrowRight");
  for (let i = 0; i < 60; i += 1) await page.keyboard.press("a");
  expect(await focused(page)).toBe("IMG_121.jpg");
  await page.keyboard.press("Control+End");
  expect(await focused(page)).toBe("IMG_10000.jpg");
  await page.keyboard.press("Control+a");
  expect(await text(page.locator("#selected"))).toMatch(/^10000 selected, 99\d\d not on screen$/);
  await page.locator("#grid").evaluate((grid) => {
    grid.scrollTop = 100_000;
  });
  await page.keyboard.press("/");
  await page.keyboard.type("IMG_77");
  await page.locator("#hides", { hasText: "Filter hides 9889 of 10000." }).waitFor();
  expect(await text(page.locator("#selected"))).toMatch(/^111 selected/);
  await page.getByRole("button", { name: "Clear the filter" }).click();
  expect(await page.locator("#grid").evaluate((grid) => grid.querySelectorAll("*").length)).toBeLessThan(600);
  await page.keyboard.press("Control+a");
  sent = 0;
  await page.keyboard.press("x");
  expect(await last()).toBe("10000 rejected");
  await saved(page);
  expect(sent).toBe(10_000);
  expect(complaints).toEqual([]);
});
