import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
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
const file = (n: number): string => `IMG_${String(n).padStart(3, "0")}.jpg`;

async function begin(stands: readonly Stand[]): Promise<void> {
  home = await homeAtGate(stands);
  const { link } = await home.start();
  window = await openWindow(browser);
  await window.page.goto(link);
  await window.page.locator("#needs-you .card").waitFor();
  await window.page.goto(new URL(`/s/${SET}`, window.page.url()).href);
  await cell(window.page, file(1)).waitFor();
}
const photosOf = async (): Promise<readonly Row[]> => (await home.json("list", SET)).photos;
const counted = async (): Promise<Record<string, number>> => {
  const all = (await photosOf()).map(({ verdict }) => verdict ?? "undecided");
  return Object.fromEntries([...Map.groupBy(all, (one) => one)].map(([verdict, { length }]) => [verdict, length]));
};
const last = () => text(window.page.locator("#last"));
const selected = () => text(window.page.locator("#selected"));
const stateOf = (n: number) => text(cell(window.page, file(n)).locator(".state"));
const press = async (...keys: readonly string[]): Promise<void> => {
  for (const key of keys) await window.page.keyboard.press(key);
};

describe("one key at a time", () => {
  test("check 1: a approves the first, goes to the second, and sends one op", async () => {
    await begin(fill(12));
    const { page } = window;
    const sent: unknown[][] = [];
    page.on("request", (request) => {
      if (request.url().endsWith("/ops")) sent.push(request.postDataJSON().ops);
    });
    await press("a");
    expect([await stateOf(1), await focused(page)]).toEqual(["Approved", file(2)]);
    await saved(page);
    expect(sent.map((ops) => ops.length)).toEqual([1]);
  });

  test("check 2: a hundred presses without waiting are a hundred approvals", async () => {
    await begin(fill(110));
    const { page } = window;
    for (let i = 0; i < 100; i += 1) await press("a");
    expect(await focused(page)).toBe(file(101));
    await saved(page);
    expect(await counted()).toEqual({ approved: 100, undecided: 10 });
    expect((await photosOf()).findIndex(({ verdict }) => verdict === null)).toBe(100);
  });

  test("check 3: a key that is held approves once", async () => {
    await begin(fill(12));
    const { page } = window;
    for (let i = 0; i < 20; i += 1) await page.keyboard.down("a");
    await page.keyboard.up("a");
    expect(await focused(page)).toBe(file(2));
    await saved(page);
    expect(await counted()).toEqual({ approved: 1, undecided: 11 });
  });

  test("check 7: n goes to the blocked, then to the repaired, then to those of low quality, one key each", async () => {
    const stands: Stand[] = fill(12);
    for (const n of [3, 9]) stands[n - 1] = "blocked";
    for (const n of [2, 6, 11]) stands[n - 1] = "repaired";
    await begin(stands);
    const { page } = window;
    await press("ArrowRight", "ArrowRight", "ArrowRight", "1", "Home");
    await page.locator("#chip", { hasText: "Saved" }).waitFor();
    const visited: string[] = [];
    for (let i = 0; i < 7; i += 1) {
      await press("n");
      visited.push(await focused(page));
    }
    expect(visited).toEqual([3, 9, 2, 6, 11, 4, 3].map(file));
    await press("Shift+N");
    expect(await focused(page)).toBe(file(4));
    // What is decided is not gone back to, and what was passed over is not either.
    await press("n", "n", "n", "a", "n");
    expect(await focused(page)).toBe(file(6));
  });

  test("check 8: x and then Backspace leave it undecided, in focus, and the file where it was", async () => {
    await begin(fill(12));
    const { page } = window;
    const original = join(home.inbox, "2026-10 Gulls, Texel", file(1));
    await press("x");
    await saved(page);
    expect([await stateOf(1), existsSync(original)]).toEqual(["Rejected", true]);
    await press("Backspace");
    await page.locator(".cell.focus", { hasText: file(1) }).waitFor();
    await cell(page, file(1)).getByText("Undecided").waitFor();
    expect(existsSync(original)).toBe(true);
    expect(await counted()).toEqual({ undecided: 12 });
  });
});

describe("a selection", () => {
  test("check 9: twenty approved at once are undone by one key, and done again after a reload", async () => {
    await begin(fill(30));
    const { page } = window;
    await press(" ", "Shift+ArrowDown", "Shift+ArrowDown", "Shift+ArrowDown");
    await press("Shift+ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight");
    expect(await selected()).toMatch(/^20 selected/);
    await press("a");
    expect(await last()).toBe("20 approved");
    await saved(page);
    expect(await counted()).toEqual({ approved: 20, undecided: 10 });
    await press("Control+z");
    await page.locator("#left", { hasText: "30 left" }).waitFor();
    expect(await counted()).toEqual({ undecided: 30 });
    await page.reload();
    await cell(page, file(20)).waitFor();
    await press("Control+Shift+Z");
    await page.locator("#left", { hasText: "10 left" }).waitFor();
    expect(await counted()).toEqual({ approved: 20, undecided: 10 });
  });

  test("of all that the filter shows is told with what is not on the screen; blocked ones are passed over", async () => {
    await begin([...fill(28), ...fill(2, "blocked")]);
    const { page } = window;
    await press("Control+a");
    expect(await selected()).toMatch(/^30 selected, \d+ not on screen$/);
    expect(await page.locator('.cell[aria-selected="true"]:visible').count()).toBeGreaterThan(10);
    await press("ArrowRight", "a");
    expect(await last()).toBe("28 approved, 2 skipped (2 blocked)");
    expect(await page.locator("#selection").isVisible()).toBe(false);
    await saved(page);
    expect(await counted()).toEqual({ approved: 28, undecided: 2 });
  });

  test("in the loupe a key is about the photo that is shown, and the page says so", async () => {
    await begin(fill(12));
    const { page } = window;
    await press(" ", "Shift+ArrowRight", "Shift+ArrowRight", "Enter");
    expect(await selected()).toBe("1 of 3 selected, keys act on this one");
    await press("x", "g");
    await saved(page);
    expect([await stateOf(1), await stateOf(2), await stateOf(3)]).toEqual(["Undecided", "Undecided", "Rejected"]);
    expect(await selected()).toBe("3 selected");
    await press("Escape");
    expect(await page.locator('.cell[aria-selected="true"]').count()).toBe(0);
  });

  test("is made by the mouse as well: tick, range, and forgotten where the filter hides it", async () => {
    await begin(fill(12));
    const { page } = window;
    await cell(page, file(2)).click({ position: { x: 15, y: 15 } });
    await cell(page, file(4)).click({ modifiers: ["Shift"] });
    expect(await selected()).toBe("3 selected");
    await cell(page, file(7)).click({ position: { x: 15, y: 15 } });
    await cell(page, file(3)).click({ modifiers: ["Control"] });
    expect(await selected()).toBe("3 selected");
    await press("/");
    await page.keyboard.type("IMG_004");
    expect(await selected()).toBe("1 selected");
  });

  test("has its words changed after a look at each change, as one step that is undone at once", async () => {
    await begin(fill(12));
    const { page, complaints } = window;
    await press(" ", "Shift+ArrowRight", "Shift+ArrowRight");
    await page.getByRole("button", { name: "Change words …" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Keyword").fill("Gulls");
    expect(await text(dialog.locator("#bulk-sum"))).toBe("0 photos will change, 3 skipped (3 have it already).");
    expect(await dialog.locator("#bulk-apply").isDisabled()).toBe(true);
    await dialog.getByLabel("What").selectOption("replace-caption");
    await dialog.getByLabel("Find, letter by letter").fill("number 2 ");
    await dialog.getByLabel("Replace it with").fill("");
    expect(await dialog.locator("#bulk-preview li").allInnerTexts()).toEqual([
      expect.stringMatching(/IMG_002\.jpg Gull number 2 flies over the beach\./),
    ]);
    expect(await text(dialog.locator("#bulk-preview del"))).toBe("number 2");
    await dialog.getByLabel("Find, letter by letter").fill("beach");
    await dialog.getByLabel("Replace it with").fill("dunes");
    await dialog.getByRole("button", { name: "Change 3 photos" }).click();
    expect(await last()).toBe("caption of 3 photos changed");
    await saved(page);
    const captions = async (): Promise<(string | null)[]> =>
      (await photosOf()).slice(0, 4).map(({ caption }) => caption);
    expect((await captions()).map((caption) => caption?.endsWith("dunes."))).toEqual([true, true, true, false]);
    await press("Control+z");
    await cell(page, file(1)).getByText("over the beach").waitFor();
    expect((await captions()).every((caption) => caption?.endsWith("beach."))).toBe(true);
    expect(await selected()).toBe("3 selected");
    await page.getByLabel("Quality of the selected photos").selectOption("Top");
    await saved(page);
    expect((await photosOf()).map(({ band }) => band).slice(0, 4)).toEqual(["Top", "Top", "Top", "Good"]);
    expect(complaints).toEqual([]);
  });
});

describe("what was done is kept", () => {
  test("check 10: five decisions, a reload at once: all are kept, and the page is where it was", async () => {
    await begin(fill(120));
    const { page } = window;
    await press("-");
    await page.locator('#shows [data-show="undecided"]').click();
    await page.locator("#grid").evaluate((grid) => {
      grid.scrollTop = 1_000;
    });
    await cell(page, file(41)).click();
    await press("a", "x", "s", "a", "a");
    const here = await focused(page);
    const top = await page.locator("#grid").evaluate((grid) => grid.scrollTop);
    await page.reload();
    await cell(page, here).waitFor();
    expect(await focused(page)).toBe(here);
    expect(new URL(page.url()).searchParams.get("show")).toBe("undecided");
    expect(await page.locator("#grid").getAttribute("data-size")).toBe("S");
    const line = await page
      .locator(".line")
      .first()
      .evaluate((node) => node.clientHeight);
    const now = await page.locator("#grid").evaluate((grid) => grid.scrollTop);
    expect(Math.abs(now - top)).toBeLessThanOrEqual(line + 8);
    await home.until(counted, (now) => now["undecided"] === 115, "five decisions");
    expect(await counted()).toEqual({ approved: 3, rejected: 1, held: 1, undecided: 115 });
  });

  test("check 11: fourteen decisions that could not be sent are told, kept, and sent once", async () => {
    await begin(fill(30));
    const { page } = window;
    let isDown = true;
    await page.route("**/ops", (route) => (isDown ? route.abort() : route.continue()));
    for (let i = 0; i < 14; i += 1) await press("a");
    await page.locator("#chip", { hasText: "Not saved: 14 changes kept here. Retry" }).waitFor();
    isDown = false;
    await saved(page);
    expect(await counted()).toEqual({ approved: 14, undecided: 16 });
    const { gestures } = JSON.parse(
      await page.evaluate(async (set) => (await fetch(`/api/sets/${set}/history`)).text(), SET),
    );
    expect(gestures).toHaveLength(14);
  });
});

test("check 29: by the keyboard alone from the first Tab to the publish dialog; the focus is never lost in the grid", async () => {
  await begin(fill(120));
  const { page } = window;
  await page.locator("#grid").evaluate((grid) => {
    grid.scrollTop = grid.scrollHeight;
  });
  await cell(page, file(120)).waitFor();
  await page.locator("#grid").focus();
  await press("ArrowRight");
  expect(await focused(page)).toBe(file(2));
  const at = await page.locator("#grid").evaluate((grid) => {
    const id = grid.getAttribute("aria-activedescendant") ?? "";
    const [cell, frame] = [document.getElementById(id)?.getBoundingClientRect(), grid.getBoundingClientRect()];
    return { id, isIn: cell !== undefined && cell.top >= frame.top - 1 && cell.bottom <= frame.bottom + 1 };
  });
  expect(at).toEqual({ id: "cell-1", isIn: true });
  await press("?");
  const shown = await page
    .locator("#sheet-body section", { has: page.getByRole("heading", { name: "Grid" }) })
    .locator("dt")
    .count();
  const { default: keymap } = await import("../../src/review-server/keymap.json", { with: { type: "json" } });
  expect(shown).toBe(keymap.scopes.grid.length);
  await press("Escape", "a");
  await saved(page);
  for (let i = 0; i < 40; i += 1) {
    if (await page.evaluate(() => document.activeElement?.id === "publish")) break;
    await press("Tab");
  }
  await press("Enter");
  await page.getByRole("heading", { name: "1 photo to publish" }).waitFor();
});
