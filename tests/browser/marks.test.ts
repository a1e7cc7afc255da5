import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { Row } from "../../src/review-server/rows.ts";
import { type Home, makeHome } from "../acceptance/home.ts";
import { writeJpeg } from "../fixtures/make.ts";
import { cell, focused, openBrowser, openWindow, saved, text, type Window } from "./window.ts";

const SET = "2026-10-gulls-texel";

let browser: Browser;
let home: Home;
let window: Window;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(async () => browser?.close());
beforeEach(async () => {
  home = makeHome({ inboxes: [{ path: "inbox", taxonomy: { locations: ["Texel"], categories: ["gallery"] } }] });
  for (const i of [1, 2])
    await writeJpeg(join(home.inbox, "2026-10 Gulls, Texel", `IMG_${i}.jpg`), {
      seed: i,
      takenAt: `2026:10:14 08:12:3${i}`,
    });
  const { link } = await home.start();
  window = await openWindow(browser);
  await window.page.goto(link);
  await window.page.getByRole("link", { name: /^Review / }).click();
  await cell(window.page, "IMG_2.jpg").getByText("Undecided").waitFor();
});
afterEach(async () => {
  await window?.context.close();
  await home?.dispose();
});
const photos = async (): Promise<readonly Row[]> => (await home.json("list", SET)).photos;

test("stars and colour by key, found by the filter, undone like all else, apart from the quality", async () => {
  const { page, complaints } = window;
  const band = (await photos())[0]?.band;
  await page.keyboard.press("Shift+Digit3");
  await page.keyboard.press("Shift+Digit6");
  await cell(page, "IMG_1.jpg").getByText("★★★ red").waitFor();
  await saved(page);
  expect((await photos())[0]).toMatchObject({ stars: 3, label: "red", band, verdict: null });
  await page.keyboard.press("/");
  await page.keyboard.type("stars:3 label:red");
  await cell(page, "IMG_2.jpg").waitFor({ state: "hidden" });
  expect(await page.locator(".cell:visible").count()).toBe(1);
  await page.keyboard.press("Enter");
  await page.keyboard.press("Control+z");
  await cell(page, "IMG_1.jpg").getByText("★★★", { exact: false }).waitFor();
  await saved(page);
  expect((await photos())[0]).toMatchObject({ stars: 3, label: "" });
  await page.keyboard.press("Enter");
  await page.locator("#marks").getByRole("button", { name: "No stars" }).click();
  await saved(page);
  await page.locator('#marks button[aria-label="No stars"][aria-pressed="true"]').waitFor();
  expect((await photos())[0]).toMatchObject({ stars: 0, label: "" });
  expect(complaints).toEqual([]);
});

test("a reason is asked for with Shift+X, shown on the grid and in the list, and needed by nobody", async () => {
  const { page, complaints } = window;
  await page.keyboard.press("Shift+X");
  await page.keyboard.type("out of focus");
  await page.keyboard.press("Enter");
  await cell(page, "IMG_1.jpg").getByText("Rejected").waitFor();
  expect(await text(cell(page, "IMG_1.jpg").locator(".look"))).toContain("out of focus");
  expect(await text(page.locator("#last"))).toBe("Rejected (out of focus) IMG_1.jpg");
  await page.keyboard.press("j");
  expect(await focused(page)).toBe("IMG_2.jpg");
  await page.keyboard.press("x");
  await saved(page);
  expect((await photos()).map(({ verdict, reason }) => [verdict, reason])).toEqual([
    ["rejected", "out of focus"],
    ["rejected", null],
  ]);
  expect((await home.cli("list", SET)).out).toContain("rejected (out of focus)");
  await home.cli("reject", SET, "--filter", "IMG_2", "--reason", "wrong subject");
  await cell(page, "IMG_2.jpg").locator(".look", { hasText: "wrong subject" }).waitFor();
  expect(complaints).toEqual([]);
});
