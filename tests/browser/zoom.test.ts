import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { type Home, makeHome } from "../acceptance/home.ts";
import { leaves } from "../fixtures/dead-leaves.ts";
import { cell, openBrowser, openWindow, text, type Window } from "./window.ts";

/** A machine that does much else takes its time. */
const PATIENCE_MS = 200_000;
const SOON = { timeout: 30_000 };
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const SIZE = { width: 3_600, height: 2_400 };

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

/** Two that are one picture, larger than their previews, and another. */
async function begin(): Promise<void> {
  home = makeHome();
  const folder = join(home.inbox, "Gulls, Texel");
  mkdirSync(folder);
  const large = await leaves(1).resize(SIZE).jpeg({ quality: 80 }).toBuffer();
  writeFileSync(join(folder, "a.jpg"), large);
  writeFileSync(join(folder, "b.jpg"), await leaves(1).resize(SIZE).jpeg({ quality: 60 }).toBuffer());
  writeFileSync(join(folder, "c.jpg"), await leaves(2).resize(SIZE).jpeg({ quality: 80 }).toBuffer());
  const { link } = await home.start();
  await home.until(
    () => home.json("status"),
    ({ sets }) => sets[0]?.state === "ready",
    "the set at the gate",
    PATIENCE_MS,
  );
  window = await openWindow(browser);
  await window.page.goto(link);
  await window.page.getByRole("link", { name: /^Review / }).click();
  await cell(window.page, "a.jpg").dblclick();
  await window.page.locator("#panel-file", { hasText: "a.jpg" }).waitFor();
}

/** Which point of the picture, in its pixels, lies under a point of the window; and how large a pixel is there. */
async function under(at: { x: number; y: number }): Promise<{ x: number; y: number; scale: number }> {
  const box = await window.page.locator("#photo").boundingBox();
  if (box === null) throw new Error("no picture");
  const scale = box.width / SIZE.width;
  return { x: (at.x - box.x) / scale, y: (at.y - box.y) / scale, scale };
}

test("a photo is looked at pixel by pixel about the pointer, moved by hand, and in a burst at the same place", async () => {
  await begin();
  const { page, complaints } = window;
  const at = { x: 300, y: 400 };
  await page.mouse.move(at.x, at.y);
  const before = await under(at);
  expect(before.scale).toBeLessThan(0.4);
  await page.keyboard.press("z");
  const after = await under(at);
  expect(after.scale).toBeCloseTo(1);
  expect(after.x).toBeCloseTo(before.x, 0);
  expect(after.y).toBeCloseTo(before.y, 0);
  expect(await text(page.locator("#zoom-level"))).toBe("100 %");

  // The pixels of the photo itself, of what is to be seen and not of all.
  const tile = page.locator("#tile");
  await tile.waitFor();
  const natural = await tile.evaluate((image: HTMLImageElement) => [image.naturalWidth, image.naturalHeight]);
  const box = await tile.boundingBox();
  expect([box?.width, box?.height].map((length) => Math.round(length ?? 0))).toEqual(natural);
  expect(natural[0]).toBeLessThan(SIZE.width);

  await page.mouse.wheel(0, -200);
  const closer = await under(at);
  expect(closer.scale).toBeGreaterThan(1.2);
  expect(closer.x).toBeCloseTo(before.x, 0);
  expect(closer.y).toBeCloseTo(before.y, 0);

  await page.mouse.down();
  await page.mouse.move(at.x + 120, at.y + 60);
  await page.mouse.up();
  const moved = await under({ x: at.x + 120, y: at.y + 60 });
  expect(moved.x).toBeCloseTo(closer.x, 0);
  expect(moved.y).toBeCloseTo(closer.y, 0);

  await page.keyboard.press("ArrowRight");
  await page.locator("#panel-file", { hasText: "b.jpg" }).waitFor();
  const beside = await under({ x: at.x + 120, y: at.y + 60 });
  expect(beside.scale).toBeCloseTo(moved.scale, 3);
  expect(beside.x).toBeCloseTo(moved.x, 0);
  expect(beside.y).toBeCloseTo(moved.y, 0);

  // Another picture is looked at whole first.
  await page.keyboard.press("ArrowRight");
  await page.locator("#panel-file", { hasText: "c.jpg" }).waitFor();
  expect((await under(at)).scale).toBeCloseTo(before.scale, 3);
  expect(await page.locator("#zoom-level").isVisible()).toBe(false);
  expect(complaints).toEqual([]);
});

test("for judging there is a mid grey surround without a word on it; the numbers can be put away, and stay away", async () => {
  await begin();
  const { page } = window;
  // Those around the one that is shown are fetched before they are asked for.
  const fetched = () =>
    page.evaluate(() =>
      performance.getEntriesByType("resource").flatMap(({ name }) => /\/media\/(\d+)\/large\//.exec(name)?.[1] ?? []),
    );
  await expect.poll(fetched, SOON).toHaveLength(3);
  await page.keyboard.press("v");
  expect(await page.locator("#panel").isVisible()).toBe(false);
  const colour = (selector: string, name: "backgroundColor" | "outline") =>
    page.locator(selector).evaluate((node, property) => getComputedStyle(node)[property], name);
  expect(await colour("#stage", "backgroundColor")).toBe("rgb(119, 119, 119)");
  expect(await colour("#photo", "outline")).toContain("2px");
  await page.keyboard.press("v");
  expect(await page.locator("#panel").isVisible()).toBe(true);

  expect(await page.locator("#facts").isVisible()).toBe(true);
  await page.keyboard.press("i");
  expect(await page.locator("#facts").isVisible()).toBe(false);
  await page.reload();
  await page.locator("#panel-file", { hasText: "a.jpg" }).waitFor();
  expect(await page.locator("#facts").isVisible()).toBe(false);
});
