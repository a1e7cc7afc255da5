import { join } from "node:path";
import type { Browser, BrowserContextOptions } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Home, makeHome } from "../acceptance/home.ts";
import { writeJpeg } from "../fixtures/make.ts";
import { violations } from "./axe.ts";
import { cell, openBrowser, openWindow, saved, type Window } from "./window.ts";

const SET = "2026-10-gulls-texel";
/** Every page there is, with one photo approved, one rejected, one undecided and one left out. */
const VIEWS = [
  "/",
  `/s/${SET}`,
  `/s/${SET}/i/1`,
  `/s/${SET}/crop`,
  `/s/${SET}/plain`,
  `/s/${SET}/plain/1`,
  `/s/${SET}/publish`,
  `/s/${SET}/groups`,
  `/s/${SET}/groups?photos=1,2`,
  "/runs",
  `/runs/${SET}`,
  "/catalogue",
  "/problems",
  "/settings",
];

let browser: Browser;
let home: Home;

beforeAll(async () => {
  browser = await openBrowser();
  home = makeHome();
  const folder = join(home.inbox, "2026-10 Gulls, Texel");
  for (const i of [1, 2, 3])
    await writeJpeg(join(folder, `IMG_${i}.jpg`), { seed: i, takenAt: `2026:10:14 08:12:3${i}` });
  await home.start();
  await home.until(
    () => home.json("status"),
    ({ sets }) => sets[0]?.state === "ready",
    "the set at the gate",
  );
  const { page, context } = await entered();
  await page.goto(`${origin(page)}/s/${SET}`);
  await cell(page, "IMG_1.jpg").waitFor();
  for (const key of ["a", "x"]) await page.keyboard.press(key);
  await saved(page);
  await context.close();
});
afterAll(async () => {
  await browser?.close();
  await home?.dispose();
});

const origin = (page: Window["page"]): string => new URL(page.url()).origin;
async function entered(options: BrowserContextOptions = {}): Promise<Window> {
  const window = await openWindow(browser, options);
  const { out } = await home.cli("review", "--no-open");
  await window.page.goto(/http\S+/.exec(out)?.[0] ?? "");
  return window;
}
/** The page is drawn, and what it asked for is there. */
async function visit({ page }: Window, view: string) {
  const answer = await page.goto(`${origin(page)}${view}`, { waitUntil: "load" });
  await page
    .locator("main h1, #desk:not([hidden]), #compare:not([hidden]), main form")
    .first()
    .waitFor({ state: "attached" });
  if (view.includes("/i/")) await page.locator("#loupe:not([hidden])").waitFor();
  if (view.endsWith("/crop")) await page.locator("#crop:not([hidden])").waitFor();
  return answer;
}

test("check 26: with the network unplugged every page works, and its policy lets nothing of others in", async () => {
  const window = await entered();
  const { page, complaints } = window;
  const left: string[] = [];
  await page.route("**/*", (route) => {
    const { hostname } = new URL(route.request().url());
    if (hostname === "127.0.0.1") return route.continue();
    left.push(route.request().url());
    return route.abort();
  });
  for (const view of VIEWS) {
    const answer = await visit(window, view);
    const policy = answer?.headers()["content-security-policy"] ?? "";
    expect(policy, view).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'/);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(await answer?.text(), view).not.toMatch(/<script(?![^>]* src=)|<style|<[a-z][^>]* (style|on[a-z]+)=/);
  }
  await visit(window, "/catalogue");
  // Each chart is drawn, and says the same as the table beneath it.
  for (const chart of await page.locator(".chart").all()) {
    const drawn = await chart.locator(".bars .muted li").allTextContents();
    const written = await chart.locator("tbody tr td:last-child").allTextContents();
    expect(await chart.locator(".bars svg rect").count()).toBeGreaterThan(0);
    expect(drawn).toEqual(written);
  }
  expect(await page.locator(".chart").count()).toBeGreaterThan(0);
  expect(left).toEqual([]);
  expect(complaints).toEqual([]);
  await window.context.close();
});

const LOOKS: readonly [string, BrowserContextOptions, "dark" | "light"][] = [
  ["dark", {}, "dark"],
  ["light", {}, "light"],
  ["reduced motion", { reducedMotion: "reduce" }, "dark"],
  ["forced colours", { forcedColors: "active" }, "dark"],
  ["a phone", { viewport: { width: 390, height: 844 } }, "dark"],
];

test.each(LOOKS)("check 28: no page has a fault that axe finds: %s", async (_, options, theme) => {
  const window = await entered(options);
  const { page } = window;
  await visit(window, "/settings");
  await page.locator(`input[name=theme][value=${theme}]`).check();
  await page.getByRole("button", { name: "Keep" }).click();
  await page.locator(`html[data-theme=${theme}]`).waitFor();
  const found: Record<string, string[]> = {};
  for (const view of VIEWS) {
    await visit(window, view);
    const faults = await violations(window, options.forcedColors === "active");
    if (faults.length > 0) found[view] = faults;
    if (options.reducedMotion === "reduce") expect(await moving(window), view).toEqual([]);
    expect(await tooWide(window), view).toEqual([]);
  }
  expect(found).toEqual({});
  await window.context.close();
});

/** What sticks out at the side, if the page is wider than the screen. */
const tooWide = ({ page }: Window): Promise<string[]> =>
  page.evaluate(() =>
    document.documentElement.scrollWidth <= innerWidth
      ? []
      : [...document.querySelectorAll("main *")]
          .filter((one) => one.getBoundingClientRect().right > innerWidth)
          .map(({ outerHTML }) => outerHTML.slice(0, 150)),
  );

/** What would move, of all that is on the page. */
const moving = ({ page }: Window): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll("*")].flatMap((one) => {
      const { transitionDuration, animationDuration, animationName } = getComputedStyle(one);
      const isStill =
        /^(0s(, )?)+$/.test(transitionDuration) && (animationName === "none" || animationDuration === "0s");
      return isStill ? [] : [`${one.tagName} ${one.className}`];
    }),
  );

test("letters decide nothing where single keys are off, and the long way does", async () => {
  const window = await entered();
  const { page } = window;
  await visit(window, "/settings");
  await page.locator("input[name=singleKeys][value=off]").check();
  await page.getByRole("button", { name: "Keep" }).click();
  await page.locator("html[data-single-keys=off]").waitFor();
  await visit(window, `/s/${SET}`);
  const third = cell(page, "IMG_3.jpg").locator(".state");
  await cell(page, "IMG_3.jpg").waitFor();
  await page.keyboard.press("End");
  await page.keyboard.press("s");
  expect(await third.textContent()).not.toContain("Held");
  await page.keyboard.press("Control+Alt+s");
  await cell(page, "IMG_3.jpg").getByText("Held").waitFor();
  await saved(page);
  await window.context.close();
});

test("every browser is signed out at once, and a new link brings one back", async () => {
  const window = await entered();
  const { page } = window;
  await visit(window, "/settings");
  await page.getByRole("button", { name: "Sign out every browser" }).click();
  await page.getByText("Every browser is signed out").waitFor();
  expect((await page.goto(`${origin(page)}/settings`))?.status()).toBe(401);
  await window.context.close();
  const again = await entered();
  expect((await visit(again, "/settings"))?.status()).toBe(200);
  await again.context.close();
});
