import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, BrowserContextOptions } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type Home, makeHome } from "../acceptance/home.ts";
import { jpeg } from "../fixtures/make.ts";
import { openBrowser, openWindow, text, type Window } from "./window.ts";

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

/** The home page, with a folder on it that waits for the end of one of its files for as long as the test likes. */
async function begin(options: BrowserContextOptions = {}): Promise<void> {
  home = makeHome({ settle: { quietSeconds: 1, patienceSeconds: 600, rescanSeconds: 5 } });
  const folder = join(home.inbox, "2026-10 Gulls, Texel");
  mkdirSync(folder);
  const photo = await jpeg({ seed: 1 });
  writeFileSync(join(folder, "IMG_0412.JPG"), photo);
  writeFileSync(join(folder, "IMG_0413.JPG"), photo.subarray(0, 3_000));
  writeFileSync(join(home.inbox, "alone.docx"), "no photo");
  const { link } = await home.start();
  await home.until(
    async () => (await home.cli("status")).out,
    (said) => said.includes("2 files, 1 not complete yet"),
    "the arrival",
  );
  window = await openWindow(browser, options);
  await window.page.goto(link);
}
const arrival = () => window.page.locator(".arriving", { hasText: "2026-10 Gulls, Texel" });
const sentence = () => text(arrival().locator("[data-arrival]"));

test("Hold keeps an arrival from closing, Go takes in what is whole; the seconds run on by themselves", async () => {
  await begin();
  const { page, complaints } = window;
  const before = await sentence();
  expect(before).toMatch(/^2 files, 1 not complete yet, no new file for \d+ (s|min); closes in \d+ (s|min)$/);
  await page.waitForFunction((old) => document.querySelector("[data-arrival]")?.textContent !== old, before);
  expect(await text(page.locator("#status"))).toBe("");

  await arrival().getByRole("button", { name: "Hold 2026-10 Gulls, Texel" }).click();
  await arrival().getByText("held back by you").waitFor();
  await arrival().getByRole("button", { name: "Let it close" }).click();
  await arrival().getByRole("button", { name: "Hold" }).waitFor();
  await page.locator(".inboxes", { hasText: "last looked at just now" }).waitFor();

  await arrival().getByRole("button", { name: "Go 2026-10 Gulls, Texel" }).click();
  await page.locator("#needs-you .card", { hasText: "1 photo" }).waitFor();
  // What was not whole stays behind, and says so.
  await arrival().getByText("1 file, 1 not complete yet").waitFor();
  expect(complaints).toEqual([]);
});

test("without script the same is said, and the same can be done", async () => {
  await begin({ javaScriptEnabled: false });
  const { page } = window;
  expect(await sentence()).toContain("2 files, 1 not complete yet");
  await arrival().getByRole("button", { name: "Hold" }).click();
  await arrival().getByText("held back by you").waitFor();
  await page.getByRole("link", { name: "Problems" }).click();
  await page.getByText("Not a photo by its name.").click();
  await page.getByRole("button", { name: "Ignore alone.docx" }).click();
  await page.getByText("Ignored by you.").waitFor();
  expect(new URL(page.url()).pathname).toBe("/problems");
});
