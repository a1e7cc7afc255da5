import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Row } from "../../src/review-server/rows.ts";
import { type Home, makeHome } from "../acceptance/home.ts";
import { leaves } from "../fixtures/dead-leaves.ts";
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

const drop = (folder: string, files: Readonly<Record<string, Uint8Array>>): void => {
  mkdirSync(join(home.inbox, folder));
  for (const [file, bytes] of Object.entries(files)) writeFileSync(join(home.inbox, folder, file), bytes);
};
const rowsOf = async (set: string): Promise<readonly Row[]> => (await home.json("list", set)).photos;
const atGate = (set: string) =>
  home.until(
    () => home.json("status"),
    ({ sets }) => sets.some(({ id, state }: { id: string; state: string }) => id === set && state === "ready"),
    `${set} at the gate`,
  );

// Two sets have to settle, one after the other.
test("photos that are alike say so, in their set and in another, and can be called no duplicates", async () => {
  home = makeHome();
  const picture = await leaves(1).jpeg({ quality: 95 }).toBuffer();
  const reduced = await leaves(1).resize(512).jpeg({ quality: 60 }).toBuffer();
  const mirrored = await leaves(1).flop().jpeg({ quality: 90 }).toBuffer();
  const cropped = await leaves(1).extract({ left: 60, top: 40, width: 640, height: 427 }).jpeg().toBuffer();
  const other = await leaves(2).jpeg().toBuffer();
  const { link } = await home.start();
  drop("Gulls, Texel", { "a.jpg": picture, "b.jpg": reduced, "c.jpg": other, "d.jpg": cropped });
  await atGate("gulls-texel");
  drop("Terns, Texel", { "m.jpg": mirrored });
  await atGate("terns-texel");

  const [a, b, c, d] = await rowsOf("gulls-texel");
  expect(a?.alike.groups.map(({ tier, members }) => [tier, members])).toEqual([
    ["same-frame", [a?.id, b?.id]],
    ["derived", [a?.id, b?.id, d?.id]],
  ]);
  expect(c?.alike.groups).toEqual([]);
  // The first set was compared before the second came: what that one found is read from both sides.
  const [mirror] = await rowsOf("terns-texel");
  expect(mirror?.alike.elsewhere.map(({ file }) => file)).toEqual(["a.jpg", "b.jpg"]);
  expect(a?.alike.elsewhere.map(({ file, setName }) => [file, setName])).toEqual([["m.jpg", "Terns, Texel"]]);

  window = await openWindow(browser);
  const { page, complaints } = window;
  await page.goto(link);
  await page.goto(new URL("/s/gulls-texel", page.url()).href);
  await cell(page, "a.jpg").waitFor();
  expect(await text(cell(page, "a.jpg").locator(".look"))).toContain("2 alike, keeper");
  expect(await text(cell(page, "b.jpg").locator(".look"))).toContain("2 alike");

  // On a telephone, too, on a line of its own.
  await page.setViewportSize({ width: 390, height: 844 });
  const badge = cell(page, "b.jpg").locator(".look");
  expect(await badge.isVisible()).toBe(true);
  expect((await badge.boundingBox())?.width).toBeGreaterThan(140);
  await page.setViewportSize({ width: 1440, height: 900 });

  await page.keyboard.press("Enter");
  const alike = page.locator("#alike");
  await alike.getByText("Same picture, 2 alike").waitFor();
  await alike.getByText("Keeper: this one, larger: 768 × 512 px against 512 × 341 px").first().waitFor();
  await page.keyboard.press("ArrowDown");
  await page.locator("#panel-file", { hasText: "b.jpg" }).waitFor();
  await alike
    .getByText(/Keeper: a\.jpg/)
    .first()
    .waitFor();
  // Through all groups of the photo, not round in the first.
  await page.keyboard.press("ArrowDown");
  await page.locator("#panel-file", { hasText: "d.jpg" }).waitFor();
  await page.keyboard.press("ArrowDown");
  await page.locator("#panel-file", { hasText: "a.jpg" }).waitFor();

  // Another keeper, by key: for the machine the larger one was it.
  await page.keyboard.press("ArrowDown");
  await page.locator("#panel-file", { hasText: "b.jpg" }).waitFor();
  await page.keyboard.press("Shift+K");
  await alike.getByText("Keeper: this one, chosen by you").first().waitFor();
  await saved(page);
  expect((await rowsOf("gulls-texel")).map(({ verdict }) => verdict)).toEqual([null, null, null, null]);
  await page.keyboard.press("g");
  await cell(page, "b.jpg").getByText("2 alike, keeper").waitFor();
  expect(await text(cell(page, "a.jpg").locator(".look"))).not.toContain("keeper");
  await page.reload();
  await cell(page, "d.jpg").getByText("3 alike").waitFor();
  await cell(page, "d.jpg").dblclick();
  await alike.getByText("Keeper: b.jpg, chosen by you").waitFor();
  // Chosen by mouse after that; undone, it is the one before.
  await alike.getByRole("button", { name: "Keep this one" }).click();
  await alike.getByText("Keeper: this one, chosen by you").waitFor();
  await saved(page);
  await page.keyboard.press("Control+z");
  await alike.getByText("Keeper: b.jpg, chosen by you").waitFor();
  await alike.getByRole("button", { name: "Back to the proposal" }).click();
  await alike.getByText("Keeper: a.jpg, larger").waitFor();
  await saved(page);
  await page.keyboard.press("ArrowDown");
  await page.locator("#panel-file", { hasText: "a.jpg" }).waitFor();
  await alike.getByText("Keeper: this one, larger: 768 × 512 px against 512 × 341 px").first().waitFor();

  await alike.getByRole("button", { name: "Not duplicates" }).first().click();
  await alike.getByText("Same picture, 2 alike").waitFor({ state: "detached" });
  await saved(page);
  await page.reload();
  await alike.getByText("Crop or edit, 2 alike").waitFor();
  expect(await alike.getByText("Same picture, 2 alike").count()).toBe(0);
  await page.keyboard.press("Control+z");
  await alike.getByText("Same picture, 2 alike").waitFor();

  await alike.getByRole("link", { name: "m.jpg in Terns, Texel" }).click();
  await page.locator("#panel-file", { hasText: "m.jpg" }).waitFor();
  expect(complaints).toEqual([]);

  await page.goto(new URL(`/s/gulls-texel/plain/${b?.id}`, page.url()).href);
  await page.getByText("Keeper: a.jpg, larger: 768 × 512 px against 512 × 341 px").first().waitFor();
}, 120_000);
