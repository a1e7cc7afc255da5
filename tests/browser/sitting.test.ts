import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import type { Row } from "../../src/review-server/rows.ts";
import type { SittingLine } from "../../src/store/sittings.ts";
import type { Home } from "../acceptance/home.ts";
import { homeAtGate, SET, type Stand } from "./gate-home.ts";
import { cell, focused, openBrowser, openWindow, saved, text, type Window } from "./window.ts";

vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });

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

async function begin(photos: number, withClock = false): Promise<void> {
  home = await homeAtGate(Array.from({ length: photos }, (): Stand => "passed"));
  const { link } = await home.start();
  window = await openWindow(browser);
  if (withClock) await window.page.clock.install();
  await window.page.goto(link);
  await window.page.locator("#needs-you .card").waitFor();
  await window.page.goto(new URL(`/s/${SET}`, window.page.url()).href);
  await cell(window.page, "IMG_001.jpg").waitFor();
}
const photosOf = async (): Promise<readonly Row[]> => (await home.json("list", SET)).photos;
const approved = async (): Promise<number> => (await photosOf()).filter(({ verdict }) => verdict === "approved").length;
/** What the page itself has counted, as the command line shows it. */
const sittingOf = async (decided: number): Promise<SittingLine> => {
  await window.page.goto("about:blank");
  const read = async (): Promise<readonly SittingLine[]> =>
    JSON.parse((await home.cli("sittings", "--json")).out).sittings;
  const [sitting] = await home.until(read, ([one]) => one?.decided === decided, `a sitting of ${decided}`);
  if (sitting === undefined) throw new Error("there is no sitting");
  return sitting;
};

test("120 photos are reviewed one by one with no more than a key each", async () => {
  await begin(120);
  for (let i = 0; i < 120; i += 1) await window.page.keyboard.press("a");
  await saved(window.page);
  expect(await approved()).toBe(120);
  const sitting = await sittingOf(120);
  expect([sitting.keys / 120, sitting.clicks, sitting.accepted]).toEqual([1, 0, 120]);
  expect((await home.cli("sittings", "--csv")).out.split("\n")[1]).toMatch(new RegExp(`^${SET},20.*,120,120,120,0,0,`));
});

test("120 photos are reviewed screen by screen with no more than 0.15 keys each, a chord being two", async () => {
  await begin(120);
  const { page } = window;
  await page.keyboard.press("-");
  for (let screen = 0; screen < 20; screen += 1) {
    const done = await approved();
    if (done === 120) break;
    const shown = Math.min(24, 120 - done);
    await home.until(photosOf, (rows) => rows.slice(done, done + shown).every(({ looked }) => looked !== null), "seen");
    await page.keyboard.press("Shift+A");
    await saved(page);
    expect(await approved()).toBe(done + shown);
  }
  expect(await text(page.locator("#left"))).toBe("Nothing left to decide");
  const sitting = await sittingOf(120);
  expect(sitting.clicks).toBe(0);
  expect(sitting.keys / 120).toBeLessThanOrEqual(0.15);
});

test("after ten minutes without a hand on it the page pauses; the first key wakes it and decides nothing", async () => {
  await begin(12, true);
  const { page, complaints } = window;
  for (let i = 0; i < 6; i += 1) await page.keyboard.press("a");
  expect(await text(page.locator("#pace"))).toMatch(/^\d+ img\/min · \d+\.\d s each$/);
  await page.clock.fastForward(9 * 60_000);
  expect(await page.locator("#paused").isVisible()).toBe(false);
  await page.clock.fastForward(2 * 60_000);
  await page.getByText("Paused. Any key continues").waitFor();
  await page.keyboard.press("x");
  expect(await page.locator("#paused").isVisible()).toBe(false);
  expect(await focused(page)).toBe("IMG_007.jpg");
  await page.keyboard.press("x");
  expect(await focused(page)).toBe("IMG_008.jpg");
  await home.until(approved, (n) => n === 6, "six approvals");
  expect((await photosOf()).filter(({ verdict }) => verdict === "rejected")).toHaveLength(1);
  expect(complaints).toEqual([]);
});
