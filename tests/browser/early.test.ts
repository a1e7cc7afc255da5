import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import type { Browser, BrowserContextOptions } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { sharp } from "../../src/imaging/sharp.ts";
import type { Row } from "../../src/review-server/rows.ts";
import { type Home, makeHome } from "../acceptance/home.ts";
import { bareJpeg } from "../fixtures/dng.ts";
import { busyJpeg, withPictures } from "../fixtures/embedded.ts";
import { jpeg } from "../fixtures/make.ts";
import { cell, focused, openBrowser, openWindow, saved, text, type Window } from "./window.ts";

const PATIENT = join(import.meta.dirname, "patient-daemon.ts");
const SET = "2026-10-gulls-texel";

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

/** A set that was taken in, of which not one stage has run: two with a thumbnail, one of them upright, and one without. */
async function begin(options: BrowserContextOptions = {}): Promise<void> {
  home = makeHome();
  const folder = join(home.inbox, "2026-10 Gulls, Texel");
  mkdirSync(folder);
  const [thumbnail, preview] = await Promise.all([bareJpeg(160, 120), busyJpeg(1_600, 1_200)]);
  for (const [i, orientation] of [1, 6].entries()) {
    const photo = await sharp(await jpeg({ seed: i + 1 }))
      .jpeg()
      .toBuffer();
    writeFileSync(join(folder, `IMG_${i + 1}.jpg`), withPictures(photo, { thumbnail, preview, orientation }));
  }
  writeFileSync(join(folder, "IMG_3.jpg"), await jpeg({ seed: 3 }));
  const { link } = await home.start([process.execPath, PATIENT]);
  await home.until(
    () => home.json("status"),
    ({ sets }) => sets.length > 0,
    "the set",
  );
  window = await openWindow(browser, options);
  await window.page.goto(link);
}
/** The stages go on. */
const goOn = (): void => writeFileSync(join(home.path, "go"), "");
const openSet = async (): Promise<void> => {
  await window.page.getByRole("link", { name: /^Look / }).click();
  await cell(window.page, "IMG_1.jpg").waitFor();
};
const photosOf = async (): Promise<readonly Row[]> => (await home.json("list", SET)).photos;
const stateOf = (file: string) => text(cell(window.page, file).locator(".state"));
const atGate = () => home.until(photosOf, (rows) => rows.every(({ hash }) => hash !== null), "the set at the gate");
const published = (): string[] => {
  const mirror = new Database(join(home.path, "data", "photos_info_revamp.db"), { readonly: true });
  try {
    return mirror.prepare<[], string>("select Original_File_Name from photos_info_revamp").pluck().all();
  } finally {
    mirror.close();
  }
};
const sizeOf = (file: string): Promise<string> =>
  cell(window.page, file)
    .locator("img")
    .evaluate(async (image: HTMLImageElement) => {
      await image.decode();
      return `${image.naturalWidth} x ${image.naturalHeight}`;
    });

test("before a single stage has run the grid shows every photo that has a picture in its file, upright", async () => {
  await begin();
  await openSet();
  const { page, complaints } = window;
  expect(await sizeOf("IMG_1.jpg")).toBe("160 x 120");
  expect(await sizeOf("IMG_2.jpg")).toBe("120 x 160");
  await cell(page, "IMG_3.jpg").locator("img:not([src])").waitFor({ state: "attached" });

  await page.keyboard.press("Enter");
  const large = page.locator("#photo[src*=sight-large]");
  await large.waitFor();
  expect(await large.evaluate((image: HTMLImageElement) => image.decode().then(() => image.naturalWidth))).toBe(1_600);
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await page.locator("#photo-missing", { hasText: "IMG_3.jpg: preview in line" }).waitFor();
  await page.keyboard.press("Escape");

  goOn();
  for (const file of ["IMG_1.jpg", "IMG_2.jpg", "IMG_3.jpg"])
    await cell(page, file).locator("img[src*=small]").waitFor();
  expect(await sizeOf("IMG_2.jpg")).toBe("300 x 400");
  expect(complaints).toEqual([]);
});

test("a photo that comes late joins those on the page, behind them", async () => {
  await begin();
  expect(await window.page.locator(".covers img[src*=sight]").count()).toBe(3);
  await openSet();
  const { page, complaints } = window;
  await page.keyboard.press("j");
  writeFileSync(join(home.inbox, "2026-10 Gulls, Texel", "IMG_0.jpg"), await jpeg({ seed: 9 }));
  await cell(page, "IMG_0.jpg").waitFor();
  expect(await page.locator(".cell:visible .file").allTextContents()).toEqual([
    "IMG_1.jpg",
    "IMG_2.jpg",
    "IMG_3.jpg",
    "IMG_0.jpg",
  ]);
  expect(await focused(page)).toBe("IMG_2.jpg");
  goOn();
  await atGate();
  await cell(page, "IMG_0.jpg").locator("img[src*=small]").waitFor();
  expect(complaints).toEqual([]);
});

test("what is decided early stands: rejected and held at once, approved when it is confirmed with its words", async () => {
  await begin();
  await openSet();
  const { page, complaints } = window;
  for (const key of ["a", "x", "s"]) await page.keyboard.press(key);
  expect([await stateOf("IMG_1.jpg"), await stateOf("IMG_2.jpg"), await stateOf("IMG_3.jpg")]).toEqual([
    "Wished",
    "Rejected",
    "Held",
  ]);
  await saved(page);
  expect((await photosOf()).map(({ verdict, wished }) => [verdict, wished])).toEqual([
    [null, true],
    ["rejected", false],
    ["held", false],
  ]);
  await page.keyboard.press("Shift+W");
  await page.locator('#shows [data-show="wished"][aria-pressed="true"]').waitFor();
  expect(await page.locator(".cell:visible").count()).toBe(1);
  await page.keyboard.press("Shift+W");
  expect(await text(page.locator("#last"))).toContain("Their words are not there yet");

  goOn();
  await atGate();
  await cell(page, "IMG_1.jpg").getByText("Wished: to confirm").waitFor();
  expect(await text(page.locator("#publish"))).toBe("Publish …");
  const plan = (await home.post(`/api/sets/${SET}/plan`, {})) as { hash: string; photos: unknown[] };
  expect(plan.photos).toEqual([]);
  expect(await home.post(`/api/plans/${SET}/run`, { hash: plan.hash })).toMatchObject({
    code: "release.empty",
  });

  await page.getByRole("button", { name: /^Approve the wished 1/ }).click();
  await cell(page, "IMG_1.jpg").getByText("Approved").waitFor();
  await page.keyboard.press("Control+z");
  await cell(page, "IMG_1.jpg").getByText("Wished: to confirm").waitFor();
  await page.keyboard.press("Shift+W");
  await cell(page, "IMG_1.jpg").getByText("Approved").waitFor();
  await saved(page);
  expect((await photosOf()).map(({ verdict }) => verdict)).toEqual(["approved", "rejected", "held"]);
  await home.cli("publish", SET, "--yes");
  await home.until(
    async () => published(),
    (files) => files.length > 0,
    "the row on the site",
  );
  expect(published()).toEqual(["IMG_1.jpg"]);
  expect(complaints).toEqual([]);
});

test("a wish can be taken back, and a photo whose words came is approved by the same key as any", async () => {
  await begin();
  await openSet();
  const { page } = window;
  await page.keyboard.press("a");
  await page.keyboard.press("a");
  await page.keyboard.press("k");
  await page.keyboard.press("u");
  expect([await stateOf("IMG_1.jpg"), await stateOf("IMG_2.jpg")]).toEqual(["Wished", "Working"]);
  await page.keyboard.press("Backspace");
  await cell(page, "IMG_2.jpg").getByText("Wished").waitFor();
  goOn();
  await cell(page, "IMG_1.jpg").getByText("Wished: to confirm").waitFor();
  await page.keyboard.press("k");
  await page.keyboard.press("a");
  await saved(page);
  expect((await photosOf()).map(({ verdict, wished }) => [verdict, wished])).toEqual([
    ["approved", false],
    [null, true],
    [null, false],
  ]);
});

test("without script the pictures are there, and an early approval is a wish as well", async () => {
  await begin({ javaScriptEnabled: false });
  const { page } = window;
  await page.goto(new URL(`/s/${SET}/plain`, page.url()).href);
  expect(await page.locator("li img[src*=sight]").count()).toBe(3);
  await page.getByRole("button", { name: "Approve when its words are there IMG_1.jpg" }).click();
  await page.locator("li", { hasText: "IMG_1.jpg" }).getByText("Wished", { exact: true }).waitFor();
  goOn();
  await atGate();
  await page.reload();
  await page.getByRole("button", { name: "Approve IMG_1.jpg" }).click();
  await page.locator("li", { hasText: "IMG_1.jpg" }).getByText("Approved").waitFor();
});
