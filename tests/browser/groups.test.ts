import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import axe from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Row } from "../../src/review-server/rows.ts";
import { type Home, makeHome } from "../acceptance/home.ts";
import { burst, commented, shutterPress } from "../fixtures/series.ts";
import { cell, openBrowser, openWindow, saved, text, type Window } from "./window.ts";

const SET = "gulls-texel";
/** Each of these waits for a daemon several times. */
const LIMIT_MS = 120_000;

let browser: Browser;
let home: Home;
let window: Window;
let origin: string;
// One home for all of it: to make it is dear, and each test leaves the groups of the next alone.
beforeAll(async () => {
  browser = await openBrowser();
  home = makeHome();
  const { link } = await home.start();
  await dropAll();
  window = await openWindow(browser);
  await window.page.goto(link);
  origin = new URL(window.page.url()).origin;
}, 150_000);
afterAll(async () => {
  await window?.context.close();
  await browser?.close();
  await home?.dispose();
});

type Files = Readonly<Record<string, Uint8Array>>;

async function drop(folder: string, set: string, files: Files): Promise<void> {
  mkdirSync(join(home.inbox, folder));
  for (const [file, bytes] of Object.entries(files)) writeFileSync(join(home.inbox, folder, file), bytes);
  await atGate(set);
}
const atGate = (set: string) =>
  home.until(
    () => home.json("status"),
    ({ sets }) => sets.some(({ id, state }) => id === set && (state === "ready" || state === "in_review")),
    `${set} at the gate`,
    90_000,
  );
const rows = async (set = SET): Promise<readonly Row[]> => (await home.json("list", set)).photos;
const verdicts = async (): Promise<Record<string, string | null>> =>
  Object.fromEntries((await rows()).map(({ file, verdict }) => [file, verdict]));

const goTo = (path: string) => window.page.goto(`${origin}${path}`);

const numbered = (first: number, frames: readonly Buffer[]): Files =>
  Object.fromEntries(frames.map((frame, i) => [`IMG_${first + i}.jpg`, frame]));

/** Three bursts of six, a picture saved again, a copy of one, three exposures of a scene. */
async function dropAll(): Promise<void> {
  const original = await shutterPress({ seed: 3, at: "08:40:00" }).toBuffer();
  const small = await shutterPress({ seed: 3, at: "08:40:00" }).resize(500).toBuffer();
  const exact = await shutterPress({ seed: 4, at: "08:50:00" }).toBuffer();
  const exposures = [
    ["1/1000", -2],
    ["1/250", 0],
    ["1/60", 2],
  ] as const;
  const bracket = await Promise.all(
    exposures.map(([exposure, bias], i) =>
      shutterPress({ seed: 5, at: `08:55:0${i}`, moved: i, exposure, bias }).toBuffer(),
    ),
  );
  await drop("Gulls, Texel", SET, {
    ...numbered(101, await burst(1, "08:10", 3)),
    ...numbered(201, await burst(2, "08:20", 4)),
    ...numbered(301, await burst(6, "08:30", 5)),
    "IMG_401.jpg": original,
    "IMG_402_small.jpg": small,
    "IMG_501 copy.jpg": exact,
    "IMG_502.jpg": commented(exact, "again"),
    ...numbered(601, bracket),
  });
}

const keeperSaid = (page: Page) => text(page.locator("#keeper"));
const at = (page: Page, place: string) => page.locator("#where", { hasText: place }).waitFor();
const left = (page: Page) => text(page.locator("#left"));
const pane = (page: Page, file: string) => page.locator(".pane:visible", { hasText: file });
const active = (page: Page) => text(page.locator(".pane.active .file"));
const pictures = (page: Page) =>
  page.locator(".pane:visible img").evaluateAll((all) =>
    all.map((one) => {
      const { style } = one as HTMLImageElement;
      return [style.left, style.top, style.width];
    }),
  );
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { violations: found }: axe.AxeResults = await Reflect.get(globalThis, "axe").run(document);
    return found.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
  });
}
const rejected = async (): Promise<string[]> =>
  Object.entries(await verdicts()).flatMap(([file, verdict]) => (verdict === "rejected" ? [file] : []));

test(
  "B opens the group of a photo: its keeper with the reason, and only the figures that differ",
  async () => {
    const { page } = window;
    await goTo(`/s/${SET}`);
    await cell(page, "IMG_201.jpg").click();
    await page.keyboard.press("b");
    await at(page, "Group 2/6");
    expect(await text(page.locator("#kind"))).toBe("Burst of 6");
    expect(await keeperSaid(page)).toMatch(/^Keeper: IMG_204\.jpg, sharper by \d+ % \(proposed\)$/);
    expect(await left(page)).toBe("5 of 6 to settle");
    expect(await page.locator(".pane:visible").count()).toBe(6);
    expect(await text(pane(page, "IMG_204.jpg").locator(".state"))).toBe("Keeper");
    expect(await text(pane(page, "IMG_203.jpg").locator(".differs"))).toContain("Exposure 1/400");
    expect(await text(pane(page, "IMG_203.jpg").locator(".differs"))).not.toMatch(/Camera|ISO|Aperture/);
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await cell(page, "IMG_201.jpg").waitFor();
  },
  LIMIT_MS,
);

test(
  "check 18: in a zoomed group arrows move the frame and the picture, never the group",
  async () => {
    const { page } = window;
    await goTo(`/s/${SET}/groups/1`);
    await at(page, "Group 1/6");
    expect(await active(page)).toBe("IMG_101.jpg");
    await page.keyboard.press("ArrowRight");
    expect(await active(page)).toBe("IMG_102.jpg");
    // The keeper stays where it is: it is what the others are compared with.
    await page.keyboard.press("ArrowRight");
    expect(await active(page)).toBe("IMG_104.jpg");
    await page.keyboard.press("z");
    await page.locator(".panes.zoomed").waitFor();
    const zoomed = await pictures(page);
    expect(new Set(zoomed.map(String)).size).toBe(1);
    expect(zoomed[0]?.[2]).toBe("752px");
    await page.keyboard.press("ArrowLeft");
    expect(await active(page)).toBe("IMG_102.jpg");
    for (const key of ["ArrowDown", "ArrowUp", "ArrowUp", "Shift+ArrowRight"]) await page.keyboard.press(key);
    await at(page, "Group 1/6");
    const moved = await pictures(page);
    expect(new Set(moved.map(String)).size).toBe(1);
    expect(moved[0]).not.toEqual(zoomed[0]);
    // By hand as well, and all of them.
    const box = await pane(page, "IMG_105.jpg").locator(".picture").boundingBox();
    expect(box?.height).toBeGreaterThan(200);
    const [x, y] = [(box?.x ?? 0) + 100, (box?.y ?? 0) + 100];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + 30, y, { steps: 3 });
    await page.mouse.up();
    const dragged = await pictures(page);
    expect(new Set(dragged.map(String)).size).toBe(1);
    expect(dragged[0]).not.toEqual(moved[0]);
    expect(await active(page)).toBe("IMG_105.jpg");

    const source = () => pane(page, "IMG_105.jpg").locator("img").getAttribute("src");
    const own = await source();
    await page.keyboard.down("\\");
    await page.locator(".pane.flipped").waitFor();
    expect(await source()).toBe(await pane(page, "IMG_103.jpg").locator("img").getAttribute("src"));
    await page.keyboard.up("\\");
    await expect.poll(source).toBe(own);
    await page.keyboard.press("Escape");
    await page.locator(".panes:not(.zoomed)").waitFor();
    await at(page, "Group 1/6");
    await page.keyboard.press("ArrowDown");
    await at(page, "Group 2/6");
    await page.reload();
    await at(page, "Group 2/6");
    expect(await rejected()).toEqual([]);
  },
  LIMIT_MS,
);

test(
  "nothing is rejected until Enter; Backspace takes the last group back and returns to it; of a bracket nothing goes",
  async () => {
    const { page } = window;
    await goTo(`/s/${SET}/groups/1`);
    await at(page, "Group 1/6");
    await page.keyboard.press("a");
    expect(await text(pane(page, "IMG_101.jpg").locator(".state"))).toBe("Stays");
    await page.keyboard.press("x");
    expect(await text(pane(page, "IMG_101.jpg").locator(".state"))).toBe("Goes");
    await page.keyboard.press("a");
    await page.keyboard.press("6");
    expect(await keeperSaid(page)).toBe("Keeper: IMG_106.jpg, chosen by you");
    expect(await text(pane(page, "IMG_103.jpg").locator(".state"))).toBe("Goes");
    expect(await rejected()).toEqual([]);
    await page.keyboard.press("Enter");
    await at(page, "Group 2/6");
    await saved(page);
    expect(await rejected()).toEqual(["IMG_102.jpg", "IMG_103.jpg", "IMG_104.jpg", "IMG_105.jpg"]);
    await page.keyboard.press("Backspace");
    await at(page, "Group 1/6");
    await page.locator("#keeper", { hasText: "IMG_103.jpg" }).waitFor();
    expect(await rejected()).toEqual([]);
    expect(await left(page)).toBe("5 of 6 to settle");

    await goTo(`/s/${SET}/groups/6`);
    await at(page, "Group 6/6");
    expect(await text(page.locator("#kind"))).toBe("Exposure bracket of 3");
    for (const key of ["1", "x", "Enter"]) await page.keyboard.press(key);
    await page.getByRole("alert").getByText("so there is no keeper").waitFor();
    await at(page, "Group 6/6");
    expect(await rejected()).toEqual([]);
    await page.keyboard.press("s");
    await at(page, "Group 1/6");
  },
  LIMIT_MS,
);

test(
  "check 19: kept by one key, by two, or all; none comes back after a reload and another comparison; a burst of six costs 1.4 keys at most",
  async () => {
    const { page, complaints } = window;
    let keys = 0;
    const press = async (key: string): Promise<void> => {
      keys += 1;
      await page.keyboard.press(key);
    };
    await goTo(`/s/${SET}/groups/1`);
    await at(page, "Group 1/6");
    await press("Enter");
    await at(page, "Group 2/6");
    await press("2");
    await press("Enter");
    await at(page, "Group 3/6");
    await press("Enter");
    await at(page, "Group 4/6");
    expect(keys / 3).toBeLessThanOrEqual(1.4);
    expect(await left(page)).toBe("2 of 6 to settle");
    await press("Shift+Enter");
    await at(page, "Group 5/6");
    expect(await left(page)).toBe("1 of 6 to settle");
    await saved(page);
    const kept = ["IMG_103.jpg", "IMG_202.jpg", "IMG_305.jpg", "IMG_401.jpg", "IMG_402_small.jpg"];
    const bursts = [101, 201, 301].flatMap((first) => Array.from({ length: 6 }, (_, i) => `IMG_${first + i}.jpg`));
    const wanted = bursts.filter((file) => !kept.includes(file));
    expect(await rejected()).toEqual(wanted);

    await page.reload();
    await at(page, "Group 5/6");
    expect(await left(page)).toBe("1 of 6 to settle");
    await home.post(`/api/sets/${SET}/rewind`, { to: "likeness" });
    await atGate(SET);
    await goTo(`/s/${SET}/groups/1`);
    // The two that are no duplicates are no group any more.
    await at(page, "Group 1/5");
    await page.locator("#left", { hasText: "1 of 5 to settle" }).waitFor();
    expect(await text(page.locator("#standing"))).toBe("Settled");
    expect(await rejected()).toEqual(wanted);
    expect(complaints).toEqual([]);
  },
  LIMIT_MS,
);

test(
  "all exact copies at once, by the best name, and one undo; a photo of another set is shown and left alone",
  async () => {
    const { page, complaints } = window;
    const before = await rejected();
    await goTo(`/s/${SET}/groups`);
    expect(await violations(page)).toEqual([]);
    await page.getByRole("button", { name: /^Keep 1, reject 1 of exact copies/ }).click();
    await page.getByText("5 groups, none waits for you").waitFor();
    expect(await rejected()).toEqual([...before, "IMG_501 copy.jpg"]);
    await page.getByRole("button", { name: "Undo the last decision" }).click();
    await page.getByText("5 groups, 1 to settle").waitFor();
    expect(await rejected()).toEqual(before);

    await drop("Terns, Texel", "terns-texel", {
      "m.jpg": await shutterPress({ seed: 3, at: "09:40:00" }).flop().toBuffer(),
    });
    await goTo("/s/terns-texel/groups/1");
    await pane(page, "IMG_401.jpg").getByText("Undecided, in Gulls, Texel").waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("alert").getByText("Say first which one stays").waitFor();
    await page.keyboard.press("2");
    await page.keyboard.press("Enter");
    await saved(page);
    expect((await rows("terns-texel")).map(({ verdict }) => verdict)).toEqual(["rejected"]);
    expect(await rejected()).toEqual(before);

    // Photos that were chosen, alike or not.
    await goTo(`/s/${SET}`);
    await cell(page, "IMG_101.jpg").waitFor();
    await page.keyboard.press("Control+End");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("c");
    await page.locator("#last", { hasText: "Select 2 to 9 photos" }).waitFor();
    for (const key of [" ", "ArrowLeft", " ", "c"]) await page.keyboard.press(key);
    await pane(page, "IMG_602.jpg").waitFor();
    expect(await text(page.locator("#kind"))).toBe("2 photos side by side");
    await page.keyboard.press("2");
    await page.keyboard.press("Enter");
    await page.waitForURL(new RegExp(`/s/${SET}$`));
    expect(await rejected()).toEqual([...before, "IMG_601.jpg"]);
    expect(complaints).toEqual([]);
  },
  LIMIT_MS,
);
