import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Row } from "../../src/review-server/rows.ts";
import { type Home, makeHome } from "../acceptance/home.ts";
import { writeJpeg } from "../fixtures/make.ts";
import { cell, openBrowser, openWindow, saved, text, type Window } from "./window.ts";

const SET = "2026-10-gulls-texel";

let browser: Browser;
let home: Home;
let window: Window;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(async () => browser?.close());
beforeEach(async () => {
  home = makeHome({
    inboxes: [{ path: "inbox", taxonomy: { locations: ["Texel"], categories: ["gallery", "birds"] } }],
  });
  for (const i of [1, 2, 3])
    await writeJpeg(join(home.inbox, "2026-10 Gulls, Texel", `IMG_${i}.jpg`), {
      seed: i,
      takenAt: `2026:10:14 08:12:3${i}`,
    });
  const { link } = await home.start();
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
const changes = () => window.page.locator("#correct-photos section");

describe("one correction, and everything follows", () => {
  test("subject and category of one photo: shown first, taken in one step, undone in one step", async () => {
    const { page, complaints } = window;
    await page.keyboard.press("a");
    await page.keyboard.press("k");
    await page.keyboard.press("d");
    await page.keyboard.type("Terns");
    await page.locator("#correct-category").fill("birds");
    await page.keyboard.press("Enter");
    await changes().waitFor();
    expect(await text(page.locator("#correct-said"))).toBe("1 photo would change. It takes back 1 approval.");
    const said = await text(changes());
    for (const what of ["Terns, Texel", "Terns_Texel_Birds", "2026/birds/"]) expect(said).toContain(what);
    expect((await photos())[0]).toMatchObject({ subject: "Gulls", folder: "gallery", verdict: "approved" });

    await page.getByRole("button", { name: "Take it" }).click();
    await cell(page, "IMG_1.jpg").getByText("Terns, Texel").waitFor();
    expect((await photos()).map((row) => [row.subject, row.folder, row.verdict])).toEqual([
      ["Terns", "birds", null],
      ["Gulls", "gallery", null],
      ["Gulls", "gallery", null],
    ]);
    await page.keyboard.press("Control+z");
    await cell(page, "IMG_1.jpg").getByText("Gulls, Texel").waitFor();
    await cell(page, "IMG_1.jpg").getByText("Approved").waitFor();
    expect((await photos())[0]).toMatchObject({ subject: "Gulls", folder: "gallery", verdict: "approved" });
    expect(complaints).toEqual([]);
  });

  test("all on the grid at once; what a person has written stays, and is said to", async () => {
    const { page, complaints } = window;
    await page.keyboard.press("t");
    await page.keyboard.press("Control+a");
    await page.keyboard.type("My own words.");
    await page.keyboard.press("Escape");
    await saved(page);
    await page.keyboard.press("g");
    await page.keyboard.press("d");
    await page.locator("#correct-location").fill("Vlieland");
    await page.getByLabel("all 3 on the grid").check();
    await page.keyboard.press("Enter");
    await changes().nth(2).waitFor();
    expect(await text(changes().first())).toContain("Stays, because a person wrote it: caption.");
    await page.getByRole("button", { name: "Take it for 3 photos" }).click();
    await cell(page, "IMG_3.jpg").getByText("Gulls, Vlieland").waitFor();
    expect((await photos()).map(({ caption, location }) => [caption?.split(",")[0], location])).toEqual([
      ["My own words.", "Vlieland"],
      ["Gulls", "Vlieland"],
      ["Gulls", "Vlieland"],
    ]);
    expect(complaints).toEqual([]);
  });

  test("the same on the command line: shown with --dry-run, taken with --yes, names anew with redo", async () => {
    const dry = await home.cli("correct", SET, "--filter", "IMG_2", "--subject", "Terns", "--dry-run");
    expect(dry).toMatchObject({ code: 0, err: "" });
    expect(dry.out).toMatch(/IMG_2\.jpg.*- Subject: Gulls.*\+ Subject: Terns.*\+ File name: Terns_Texel/s);
    expect((await photos()).map(({ subject }) => subject)).toEqual(["Gulls", "Gulls", "Gulls"]);
    const [, second] = await photos();
    const taken = await home.cli(
      "correct",
      SET,
      "--photo",
      String(second?.id),
      "--subject",
      "Terns",
      "--yes",
      "--json",
    );
    expect(JSON.parse(taken.out)).toMatchObject({
      taken: true,
      photos: [{ after: { subject: "Terns" } }],
      unchanged: 0,
    });
    expect((await photos()).map(({ subject }) => subject)).toEqual(["Gulls", "Terns", "Gulls"]);

    const [before] = await photos();
    expect((await home.cli("redo", SET, "--photo", String(before?.id), "--name", "--yes")).code).toBe(0);
    const [after] = await photos();
    expect(after?.name).not.toBe(before?.name);
    expect(after).toMatchObject({ caption: before?.caption });
    const same = await home.cli("redo", SET, "--words", "--yes");
    expect(same.out).toContain("3 photos would stay as they are.");
    expect((await home.cli("correct", SET, "--photo", "9999", "--subject", "x")).err).toContain("review.unknown-photo");
  });
});
