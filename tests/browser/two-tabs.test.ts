import { join } from "node:path";
import Database from "better-sqlite3";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { Row } from "../../src/review-server/rows.ts";
import { type Home, makeHome } from "../acceptance/home.ts";
import { writeJpeg } from "../fixtures/make.ts";
import { cell, openBrowser, openWindow, saved, text, type Window } from "./window.ts";

const SET = "2026-10-gulls-texel";

let browser: Browser;
let home: Home;
let window: Window;
let address: string;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(async () => browser?.close());
beforeEach(async () => {
  home = makeHome({ inboxes: [{ path: "inbox", taxonomy: { locations: ["Texel"], categories: ["gallery"] } }] });
  for (const i of [1, 2, 3])
    await writeJpeg(join(home.inbox, "2026-10 Gulls, Texel", `IMG_${i}.jpg`), {
      seed: i,
      takenAt: `2026:10:14 08:12:3${i}`,
    });
  const { link } = await home.start();
  address = `${new URL(link).origin}/s/${SET}`;
  window = await openWindow(browser);
  await window.page.goto(link);
  await window.page.getByRole("link", { name: /^Review / }).click();
  await cell(window.page, "IMG_3.jpg").getByText("Undecided").waitFor();
});
afterEach(async () => {
  await window?.context.close();
  await home?.dispose();
});

const photos = async (): Promise<readonly Row[]> => (await home.json("list", SET)).photos;
const another = async (): Promise<Page> => {
  const page = await window.context.newPage();
  await page.goto(address);
  await cell(page, "IMG_3.jpg").waitFor();
  return page;
};
const write = async (page: Page, words: string): Promise<void> => {
  await page.keyboard.press("t");
  await page.keyboard.press("Control+a");
  await page.keyboard.type(words);
};
const caption = (page: Page) => page.locator("#field-caption");
const choice = (page: Page) => page.locator("#why-caption");

test("check 13: two tabs edit one caption, and nobody's text is lost", async () => {
  const first = window.page;
  const second = await another();
  await second.bringToFront();
  await write(second, "Typed in the second.");
  await first.bringToFront();
  await write(first, "Typed in the first.");
  await first.keyboard.press("Escape");
  await saved(first);
  await second.bringToFront();
  // What comes in while it is typed changes nothing of what is typed, and is not overwritten by it either.
  await second.locator("#chip").waitFor({ state: "attached" });
  await second.keyboard.press("Escape");
  await choice(second).getByRole("button", { name: "Keep mine" }).waitFor();
  expect(await text(choice(second).locator("del"))).toBe("first.");
  expect(await text(choice(second).locator("ins"))).toBe("second.");
  expect(await caption(second).inputValue()).toBe("Typed in the second.");
  expect((await photos())[0]?.caption).toBe("Typed in the first.");

  await choice(second).getByRole("button", { name: "Edit both" }).click();
  expect(await caption(second).inputValue()).toBe("Typed in the first. Typed in the second.");
  await second.keyboard.press("Escape");
  await saved(second);
  expect((await photos())[0]?.caption).toBe("Typed in the first. Typed in the second.");
  const store = new Database(join(home.path, "data", "photogate.db"), { readonly: true });
  const told = store
    .prepare(
      "select kind, coalesce(data ->> 'after', data ->> 'to') said from journal where data ->> 'field' = 'caption'",
    )
    .all();
  store.close();
  expect(told).toEqual([
    { kind: "review.edit", said: "Typed in the first." },
    { kind: "review.refused", said: "Typed in the second." },
    { kind: "review.edit", said: "Typed in the first. Typed in the second." },
  ]);
  expect(window.complaints).toEqual([]);
});

test("check 13: mine is kept, or theirs is taken, as the person says", async () => {
  const first = window.page;
  const second = await another();
  for (const [name, wanted] of [
    ["Keep mine", "Mine"],
    ["Take theirs", "Theirs"],
  ] as const) {
    await second.bringToFront();
    await write(second, `Mine, to ${name}.`);
    await first.bringToFront();
    await write(first, `Theirs, to ${name}.`);
    await first.keyboard.press("Escape");
    await saved(first);
    await second.bringToFront();
    await second.keyboard.press("Escape");
    await choice(second).getByRole("button", { name }).click();
    await choice(second).waitFor({ state: "hidden" });
    await saved(second);
    expect(await caption(second).inputValue()).toBe(`${wanted}, to ${name}.`);
    await home.until(photos, ([row]) => row?.caption === `${wanted}, to ${name}.`, `the caption of ${name}`);
    await first.locator("#field-caption").evaluate((area, said) => {
      const isThere = (): boolean => area instanceof HTMLTextAreaElement && area.value === said;
      return new Promise<void>((resolve) => {
        const look = (): void => (isThere() ? resolve() : void requestAnimationFrame(look));
        look();
      });
    }, `${wanted}, to ${name}.`);
  }
});

test("check 30: seven tabs have one stream in all, each shows its pictures, and all hear of a decision", async () => {
  const streams: string[] = [];
  // The first tab listens before there is a second.
  const listens = () => window.page.evaluate(async () => (await navigator.locks.query()).held?.length ?? 0);
  await expect.poll(listens).toBe(1);
  window.context.on("request", (request) => {
    if (request.url().endsWith("/api/events")) streams.push(request.url());
  });
  const pages = [window.page];
  for (let i = 0; i < 6; i += 1) pages.push(await another());
  for (const page of pages)
    await cell(page, "IMG_3.jpg")
      .locator("img")
      .evaluate((image: HTMLImageElement) => image.decode());
  expect(streams).toEqual([]);
  await pages[6]?.keyboard.press("x");
  for (const page of pages) await cell(page, "IMG_1.jpg").getByText("Rejected").waitFor();
  // Who listens for all goes: the next in line does.
  await pages[0]?.close();
  await pages[5]?.bringToFront();
  await pages[5]?.keyboard.press("u");
  for (const page of pages.slice(1)) await cell(page, "IMG_1.jpg").getByText("Undecided").waitFor();
  expect(streams).toHaveLength(1);
});

test("check 12: a killed daemon that is started again has what it acknowledged, and the page finds it by itself", async () => {
  const { page } = window;
  await page.keyboard.press("a");
  await saved(page);
  await home.stop("SIGKILL");
  await page.locator("#alert", { hasText: "photogate is not answering" }).waitFor();
  await page.keyboard.press("x");
  await home.start();
  await page.locator("#alert").waitFor({ state: "hidden", timeout: 10_000 });
  await saved(page);
  expect((await photos()).map(({ verdict }) => verdict)).toEqual(["approved", "rejected", null]);
});

test("a visit that has ended is called that, with the way back", async () => {
  const { page } = window;
  await home.stop();
  const store = new Database(join(home.path, "data", "photogate.db"));
  store.exec("delete from sessions");
  store.close();
  await home.start();
  await page.locator("#alert", { hasText: "Your visit has ended" }).waitFor();
  expect(await text(page.locator("#alert"))).toContain("photogate review");
  const { out } = await home.cli("review", "--no-open");
  const anew = await window.context.newPage();
  await anew.goto(out.trim());
  await page.getByRole("link", { name: "Reload to go on" }).waitFor();
});

test("after an update the page says so, and a reload is all it takes", async () => {
  const { page } = window;
  await page.route("**/rows?*", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, headers: { ...response.headers(), "x-photogate-build": "another" } });
  });
  await page.keyboard.press("a");
  await page.locator("#updated", { hasText: "Photogate was updated." }).waitFor();
  // One that is on its way is let through, not answered twice.
  await page.unrouteAll({ behavior: "ignoreErrors" });
  await page.getByRole("button", { name: "Reload" }).click();
  await cell(page, "IMG_1.jpg").getByText("Approved").waitFor();
  expect(await page.locator("#updated").isHidden()).toBe(true);
});
