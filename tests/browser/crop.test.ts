import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { sharp } from "../../src/imaging/sharp.ts";
import type { Row } from "../../src/review-server/rows.ts";
import { type Home, makeHome } from "../acceptance/home.ts";
import { pictureWithSubject } from "../fixtures/subject.ts";
import { cell, openBrowser, openWindow, saved, text, type Window } from "./window.ts";

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

const SET = "2026-10-gulls-texel";
const SIZE = { width: 1_200, height: 900 };
const photosOf = async (): Promise<readonly Row[]> => (await home.json("list", SET)).photos;
const photoOf = async (file: string): Promise<Row> => {
  const found = (await photosOf()).find((row) => row.file === file);
  if (found === undefined) throw new Error(`no ${file}`);
  return found;
};

/** A home with some photos of one thing in different places at the gate, and their page. */
async function begin(count: number, settings: object = {}, own: Readonly<Record<string, Buffer>> = {}): Promise<void> {
  home = makeHome({
    inboxes: [{ path: "inbox", taxonomy: { locations: ["Texel"], categories: ["gallery"] } }],
    ...settings,
  });
  const folder = join(home.inbox, "2026-10 Gulls, Texel");
  mkdirSync(folder);
  for (let i = 1; i <= count; i += 1) {
    const file = `IMG_${i}.jpg`;
    writeFileSync(join(folder, file), own[file] ?? (await subjectAt(i)));
  }
  const { link } = await home.start();
  window = await openWindow(browser);
  await window.page.goto(link);
  await window.page.locator("#needs-you .card").waitFor({ timeout: 90_000 });
  await window.page.getByRole("link", { name: /^Review / }).click();
  await cell(window.page, "IMG_1.jpg").waitFor();
}
async function subjectAt(i: number): Promise<Buffer> {
  const { data, ...size } = pictureWithSubject(SIZE, { x: 0.3 + 0.05 * (i % 9), y: 0.5, radius: 0.14 }, i);
  return sharp(data, { raw: { ...size, channels: 3 } })
    .jpeg({ quality: 85 })
    .toBuffer();
}

const pane = (page: Page, number: number): Locator => page.locator(`.pane >> nth=${number - 1}`);
const filesIn = (page: Page): Promise<string[]> => page.locator(".pane:visible .file").allTextContents();
const labelIn = (page: Page, number: number): Promise<string> => text(pane(page, number).locator("p.muted"));
/** As the pane says it: left, top, wide, high in per cent. */
const placeIn = (page: Page, number: number): Promise<string> => text(pane(page, number).locator(".place"));
/** Until these photos stand in the panes, and in no more of them. */
async function panesWith(page: Page, ...files: readonly string[]): Promise<void> {
  for (const [i, file] of files.entries())
    await page.locator(`.pane >> nth=${i}`).locator(".file", { hasText: file }).waitFor();
  // Panes that are too many go after the first ones are there.
  await expect.poll(() => filesIn(page)).toEqual(files);
}
/** A key as a keyboard of another layout sends it. */
async function pressAs(page: Page, code: string, key: string): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send("Input.dispatchKeyEvent", { type: "keyDown", code, key, text: key });
  await session.send("Input.dispatchKeyEvent", { type: "keyUp", code, key });
  await session.detach();
}

// Nine photos come to the gate first: on a machine that is busy otherwise that takes its time.
describe("the crop page", { timeout: 180_000 }, () => {
  test("check 20: Enter takes three, the keys of a pane are its own, and they are places on any keyboard", async () => {
    await begin(9);
    const { page, complaints } = window;
    await page.keyboard.press("r");
    await panesWith(page, "IMG_1.jpg", "IMG_2.jpg", "IMG_3.jpg");
    for (const number of [1, 2, 3]) expect(await labelIn(page, number)).toMatch(/^Proposal 1 of \d/);
    await page.keyboard.press("Enter");
    await panesWith(page, "IMG_4.jpg", "IMG_5.jpg", "IMG_6.jpg");
    await saved(page);
    for (const { crop } of (await photosOf()).slice(0, 3))
      expect(crop).toMatchObject({ start: "proposed", untouched: true });

    const firstOf6 = await placeIn(page, 3);
    await page.keyboard.press("w");
    await page.keyboard.press("d");
    await page.keyboard.press("v");
    expect(await labelIn(page, 3)).toMatch(/^Proposal 2 of/);
    const secondOf6 = await placeIn(page, 3);
    expect(secondOf6).not.toBe(firstOf6);
    expect(await filesIn(page)).toEqual(["IMG_4.jpg", "IMG_5.jpg", "IMG_6.jpg"]);
    await page.keyboard.press("Enter");
    await panesWith(page, "IMG_7.jpg", "IMG_8.jpg", "IMG_9.jpg");
    await saved(page);
    const [, , , four, five, six] = await photosOf();
    expect([four?.crop, four?.verdict, five?.crop, five?.verdict]).toEqual([null, null, null, "rejected"]);
    expect(said(six?.crop ?? null)).toBe(secondOf6);

    expect(await text(pane(page, 1).getByRole("button", { name: "Leave whole" }).locator("kbd"))).toBe("W");
    await pressAs(page, "KeyW", "z");
    expect(await text(pane(page, 1).getByRole("button", { name: "Leave whole" }).locator("kbd"))).toBe("Z");
    expect(await text(pane(page, 1).locator(".state"))).toBe("Left whole");
    await page.keyboard.press("d");
    await page.keyboard.press("v");
    const secondOf9 = await placeIn(page, 3);
    await page.keyboard.press("Enter");
    await page.getByText("That was the last photo.").waitFor();
    await saved(page);
    const [seven, eight, nine] = (await photosOf()).slice(6);
    expect([seven?.crop, seven?.verdict, eight?.verdict]).toEqual([null, null, "rejected"]);
    expect(said(nine?.crop ?? null)).toBe(secondOf9);
    expect(await text(page.locator("#crop-tally"))).toMatch(/^5 cropped, 5 as proposed$/);
    expect(complaints).toEqual([]);
  });

  test("check 21: a corner that is dragged out of the picture stops at its edge, in shape, and the corner across stays", async () => {
    await begin(1);
    const { page, complaints } = window;
    await page.keyboard.press("r");
    await panesWith(page, "IMG_1.jpg");
    const one = pane(page, 1);
    // From proposal to 4:5, smaller, and away from the edges: there is room in all directions.
    while (!(await text(one.locator(".shape"))).startsWith("4:5")) await page.keyboard.press("q");
    for (let i = 0; i < 12; i += 1) await page.keyboard.press("[");
    const before = numbers(await placeIn(page, 1));
    const corner = one.locator(".handle.se");
    for (const handle of await one.locator(".handle").all()) {
      const box = await handle.boundingBox();
      expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThanOrEqual(48);
    }
    const at = await middleOf(corner);
    await page.mouse.move(at.x, at.y);
    await page.mouse.down();
    await page.mouse.move(at.x + 200, at.y + 100);
    await page.mouse.move(at.x + 900, at.y + 900);
    await page.mouse.up();
    const after = numbers(await placeIn(page, 1));
    expect(after.slice(0, 2)).toEqual(before.slice(0, 2));
    expect(after[2]).toBeGreaterThan(before[2] ?? 100);
    await page.keyboard.press("Enter");
    await saved(page);
    const { crop } = await photoOf("IMG_1.jpg");
    if (crop === null) throw new Error("nothing was stored");
    expect(crop.x + crop.width).toBeLessThanOrEqual(1);
    expect(crop.y + crop.height).toBeLessThanOrEqual(1);
    // What is stored is rounded to a millionth of either side.
    const ratio = (crop.width * SIZE.width) / (crop.height * SIZE.height);
    expect(Math.abs(ratio - 0.8)).toBeLessThan((1e-6 * 0.8) / Math.min(crop.width, crop.height));
    expect(crop).toMatchObject({ aspect: "4:5", untouched: false });
    expect(Math.min(1 - crop.x - crop.width, 1 - crop.y - crop.height)).toBeCloseTo(0, 5);

    await page.keyboard.press("Backspace");
    await panesWith(page, "IMG_1.jpg");
    await page.keyboard.press("Space");
    const slider = page.getByRole("slider", { name: "Left edge, pane 1" });
    await slider.focus();
    const left = Number(await slider.getAttribute("aria-valuenow"));
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Shift+ArrowRight");
    expect(Number(await slider.getAttribute("aria-valuenow"))).toBeCloseTo(left + 1.4, 5);
    expect(await slider.getAttribute("aria-valuetext")).toBe(`${Number((left + 1.4).toFixed(1))} percent from left`);
    expect(numbers(await placeIn(page, 1))[0]).toBeCloseTo(left + 1.4, 5);
    expect(numbers(await placeIn(page, 1))[1]).toBe(after[1]);
    await page.locator("#status", { hasText: "Pane 1: free" }).waitFor({ state: "attached" });
    expect(complaints).toEqual([]);
  });

  test("what was cropped and approved is what is published; the loupe shows it and the key shows what is around it", async () => {
    // Red on the left, blue on the right of x = 0.6.
    const halves = await sharp({ create: { ...SIZE, channels: 3, background: "#ff0000" } })
      .composite([
        { input: { create: { width: 480, height: 900, channels: 3, background: "#0000ff" } }, left: 720, top: 0 },
      ])
      .jpeg()
      .toBuffer();
    await begin(2, { review: { port: 0, crop: { start: "whole" } } }, { "IMG_1.jpg": halves });
    const { page, complaints } = window;
    await page.keyboard.press("a");
    await saved(page);
    await page.keyboard.press("k");
    await page.keyboard.press("r");
    await panesWith(page, "IMG_1.jpg", "IMG_2.jpg");
    expect(await placeIn(page, 1)).toBe("left 0.0, top 0.0, wide 100.0, high 100.0 %");
    // The right third, by the edge, without a shape held.
    await page.keyboard.press("Space");
    await page.getByRole("slider", { name: "Left edge, pane 1" }).focus();
    for (let i = 0; i < 14; i += 1) await page.keyboard.press("PageDown");
    await pane(page, 1).getByText("1080 px needed, 900 px left").waitFor();
    await page.keyboard.press("Shift+W");
    expect(await text(pane(page, 1).locator(".state"))).toBe("Cropped");
    await saved(page);
    expect(await photoOf("IMG_1.jpg")).toMatchObject({
      crop: { x: 0.7, y: 0, width: 0.3, height: 1, aspect: "free" },
      verdict: null,
    });

    await page.keyboard.press("Escape");
    // To the photo that was next; the one before it is the one that was cropped.
    await page.waitForURL(/\/i\/\d+$/);
    await page.locator("#panel-file", { hasText: "IMG_2.jpg" }).waitFor();
    await page.keyboard.press("ArrowLeft");
    const shown = page.locator("#photo");
    await page.locator("#facts", { hasText: "free, 360 × 900 px" }).waitFor({ state: "attached" });
    const clipped = (): Promise<string> => shown.evaluate((node: HTMLElement) => node.style.clipPath);
    await page.locator('#photo[style*="clip-path"]').waitFor();
    expect(await clipped()).toMatch(/^inset\(/);
    await page.keyboard.down("\\");
    expect(await clipped()).toBe("");
    await page.keyboard.up("\\");
    expect(await clipped()).toMatch(/^inset\(/);
    await page.keyboard.press("a");
    await saved(page);
    await page.getByRole("link", { name: "Publish 1 …" }).click();
    await page.getByText("Cropped to free, 360 × 900 px").waitFor();
    await page.getByRole("button", { name: "Publish 1 photo" }).click();
    await page.getByRole("heading", { name: "Published 1/1" }).waitFor();

    const [row] = mirrorRows();
    expect([row?.Width, row?.Height]).toEqual([360, 900]);
    for (const path of [row?.Path, row?.Thumb_Path]) {
      const { data, info } = await sharp(join(home.path, "site", path ?? ""))
        .raw()
        .toBuffer({ resolveWithObject: true });
      expect(info.width / info.height).toBeCloseTo(0.4, 1);
      const reds = Array.from({ length: info.width * info.height }, (_, i) => data[i * info.channels] ?? 0);
      expect(Math.max(...reds.slice(0, info.width * 3))).toBeLessThan(40);
    }
    expect(complaints).toEqual([]);
  });

  test("Backspace takes three back and brings them again; what was held down moves, but is accepted once", async () => {
    await begin(6);
    const { page } = window;
    await page.keyboard.press("r");
    await panesWith(page, "IMG_1.jpg", "IMG_2.jpg", "IMG_3.jpg");
    await page.keyboard.press("2");
    const start = numbers(await placeIn(page, 2));
    await page.keyboard.press("[");
    // A second "down" without an "up" is what a held key sends.
    await page.keyboard.down("ArrowUp");
    await page.keyboard.down("ArrowUp");
    await page.keyboard.up("ArrowUp");
    const moved = await placeIn(page, 2);
    expect(numbers(moved)[2]).toBeLessThan(start[2] ?? 0);
    await page.keyboard.press("g");
    expect(await labelIn(page, 1)).toBe("as IMG_2.jpg");
    expect([await placeIn(page, 1), await placeIn(page, 3)]).toEqual([moved, moved]);
    await page.keyboard.down("Enter");
    await page.keyboard.down("Enter");
    await page.keyboard.up("Enter");
    await panesWith(page, "IMG_4.jpg", "IMG_5.jpg", "IMG_6.jpg");
    await page.keyboard.press("Backspace");
    await panesWith(page, "IMG_1.jpg", "IMG_2.jpg", "IMG_3.jpg");
    expect(await placeIn(page, 2)).toBe(moved);
    await home.until(photosOf, (rows) => rows.every(({ crop }) => crop === null), "no crop");
    await page.keyboard.press("Control+Shift+z");
    await home.until(photosOf, (rows) => rows.filter(({ crop }) => crop !== null).length === 3, "three crops again");
  });

  test("there is one pane on a tablet, and on a telephone none, which is said; a finger drags as a mouse does", async () => {
    await begin(2);
    const { page } = window;
    await page.keyboard.press("r");
    await panesWith(page, "IMG_1.jpg", "IMG_2.jpg");
    await page.setViewportSize({ width: 820, height: 1_100 });
    await panesWith(page, "IMG_1.jpg");
    // The handles are laid anew once the pane has its new size, a frame or two later.
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    const before = numbers(await placeIn(page, 1));
    const at = await middleOf(pane(page, 1).locator(".handle.se"));
    const session = await page.context().newCDPSession(page);
    const touch = (type: "touchStart" | "touchMove" | "touchEnd", points: { x: number; y: number }[]) =>
      session.send("Input.dispatchTouchEvent", { type, touchPoints: points });
    await touch("touchStart", [at]);
    await touch("touchMove", [{ x: at.x - 60, y: at.y - 60 }]);
    await touch("touchMove", [{ x: at.x - 120, y: at.y - 120 }]);
    await touch("touchEnd", []);
    await expect.poll(async () => numbers(await placeIn(page, 1))[2]).toBeLessThan((before[2] ?? 0) - 5);
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByText("A crop cannot be drawn on a screen this narrow.").waitFor();
    await page.locator(".pane").first().waitFor({ state: "hidden" });
  });
});

const numbers = (place: string): number[] => [...place.matchAll(/\d+\.\d/g)].map(([number]) => Number(number));

/** A stored crop in the words of a pane. */
function said(crop: Row["crop"]): string {
  if (crop === null) return "none";
  const percent = (share: number): string => (share * 100).toFixed(1);
  return `left ${percent(crop.x)}, top ${percent(crop.y)}, wide ${percent(crop.width)}, high ${percent(crop.height)} %`;
}

async function middleOf(part: Locator): Promise<{ x: number; y: number }> {
  const box = await part.boundingBox();
  if (box === null) throw new Error("it is not on the screen");
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

interface Published {
  readonly Path: string;
  readonly Thumb_Path: string;
  readonly Width: number;
  readonly Height: number;
}
function mirrorRows(): Published[] {
  const mirror = new Database(join(home.path, "data", "photos_info_revamp.db"), { readonly: true });
  try {
    return mirror.prepare<[], Published>("select * from photos_info_revamp").all();
  } finally {
    mirror.close();
  }
}
