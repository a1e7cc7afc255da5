/** What a person can do where a model is missing, and where a set shows two things; and what is said of words that are shared. */
import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import type { Row } from "../../src/review-server/rows.ts";
import { type Home, makeHome } from "../acceptance/home.ts";
import { type Asked, type FakeOllama, identificationText, MODEL, startOllama } from "../fakes/ollama.ts";
import { scripted } from "../fakes/scripted.ts";
import { writeJpeg } from "../fixtures/make.ts";
import { violations } from "./axe.ts";
import { cell, openBrowser, openWindow, text, type Window } from "./window.ts";

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const NAME = "2026-10 Gulls, Texel";
const SET = "2026-10-gulls-texel";

let browser: Browser;
let home: Home;
let fake: FakeOllama;
let window: Window;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(async () => browser?.close());
afterEach(async () => {
  await window?.context.close();
  await home?.dispose();
  await fake?.close();
});

/** @param model the one the settings name; the server has one, and it sees */
async function begin(model: string, answer: FakeOllama["answer"], seeds: readonly number[] = [1]): Promise<void> {
  fake = await startOllama();
  fake.answer = answer;
  home = makeHome({
    inboxes: [{ path: "inbox", captioner: "ollama" }],
    captioner: { ollama: { hosts: [fake.url], model } },
  });
  for (const [i, seed] of seeds.entries())
    await writeJpeg(join(home.inbox, NAME, `IMG_${i + 1}.jpg`), { seed, takenAt: `2026:10:14 08:0${i}:30` });
  const { link } = await home.start();
  window = await openWindow(browser);
  await window.page.goto(link);
}
const becomes = (state: string) =>
  home.until(
    () => home.json("list"),
    ({ sets }) => sets[0]?.state === state,
    `a set that is ${state}`,
    100_000,
  );
const photosOf = async (set = SET): Promise<readonly Row[]> => (await home.json("list", set)).photos;
const card = () => window.page.locator(`#set-${SET}`);

describe("a set whose model is missing", () => {
  const held = async (): Promise<void> => {
    await begin("nobody:1b", scripted(["good"]));
    await becomes("held");
    await card().getByText("captioner.no-model").waitFor();
    expect(await violations(window)).toEqual([]);
    expect(await text(card().locator(".hold"))).toMatch(/photogate model pull|ollama pull/);
  };

  test("goes on with the template by one button; its words are marked, found by their chip, and come from what was said", async () => {
    await held();
    await card().getByRole("button", { name: "Go on with the template" }).click();
    await becomes("ready");
    expect((await photosOf()).map(({ captioner }) => captioner)).toEqual(["template"]);
    const { page, complaints } = window;
    await page.goto(new URL(`/s/${SET}`, page.url()).href);
    await page.locator('[data-show="template"]').click();
    expect(await page.locator(".cell:visible .file").allTextContents()).toEqual(["IMG_1.jpg"]);
    await cell(page, "IMG_1.jpg").dblclick();
    await page.locator("#proof-said", { hasText: "Template words" }).waitFor();
    const sources = page.locator("#sources-caption summary");
    await sources.filter({ hasText: "by date" }).waitFor();
    expect(await text(sources)).toBe("Words: 2 from what you said, 3 by date");
    await sources.click();
    expect(await violations(window)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test("asks another model that is named on its card", async () => {
    await held();
    await card().getByLabel("Another model").fill(MODEL);
    await card().getByRole("button", { name: "Ask it" }).click();
    await becomes("ready");
    expect((await photosOf()).map(({ captioner }) => captioner)).toEqual(["ollama"]);
    expect((await home.json("list")).sets[0]?.context.model).toBe(MODEL);
    expect(window.complaints).toEqual([]);
  });

  test("is rolled back after a question; nothing is left of it but the files", async () => {
    await held();
    await card()
      .getByRole("button", { name: /^Roll back …/ })
      .click();
    await card()
      .getByRole("dialog")
      .getByRole("button", { name: /^Roll back/ })
      .click();
    await home.until(
      () => home.json("list"),
      ({ sets }) => sets.length === 0,
      "no set",
    );
    await card().waitFor({ state: "detached" });
    expect((await home.json("problems")).problems).toMatchObject([{ asideFor: SET }]);
    expect(window.complaints).toEqual([]);
  });
});

test("photos of one scene say whose words they have", async () => {
  await begin(MODEL, scripted(["good"]), [1, 1]);
  // Two files with one picture in them, and another date: an exact copy for the eye, another photo for the house.
  await becomes("ready");
  const rows = await photosOf();
  const { page, complaints } = window;
  // Whichever of them came first was asked about.
  const [shared, ...others] = rows.toSorted((one) => (one.derivedFrom === null ? 1 : -1));
  expect(shared?.derivedFrom).toBe(others[0]?.file);
  await page.goto(new URL(`/s/${SET}`, page.url()).href);
  await cell(page, shared?.file ?? "").dblclick();
  await page.locator("#mark-caption", { hasText: `words of ${shared?.derivedFrom}` }).waitFor();
  expect(complaints).toEqual([]);
});

describe("a set that shows two things", () => {
  /** The first picture it is shown blind is a gull, the second a boat, later ones gulls again. */
  const twoThings = (): FakeOllama["answer"] => {
    const shown: string[] = [];
    const words = scripted(["good"]);
    return (asked: Asked) => {
      if (!asked.isBlind) return words(asked);
      const picture = createHash("sha256").update(JSON.stringify(asked.body["messages"])).digest("hex");
      if (!shown.includes(picture)) shown.push(picture);
      const boat = { generic: "boat", category: "vehicle" };
      return {
        text: identificationText(shown.indexOf(picture) === 1 ? boat : { generic: "gull", category: "bird" }),
      };
    };
  };

  test("is split by a press that says first what becomes of it; a window that was open is told to load anew", async () => {
    await begin(MODEL, twoThings(), [7, 14, 21]);
    await becomes("ready");
    const { page, context, complaints } = window;
    const review = new URL(`/s/${SET}`, page.url()).href;
    await page.goto(review);
    await cell(page, "IMG_1.jpg").waitFor();
    const other = await context.newPage();
    await other.goto(review);
    await cell(other, "IMG_1.jpg").waitFor();

    await page.getByRole("button", { name: /^Split off “Boat”/ }).click();
    const asking = page.getByRole("dialog", { name: /Make “Boat” a set of its own/ });
    expect(await text(asking)).toContain("Undo does not put the two together again.");
    expect(await violations(window)).toEqual([]);
    await asking.getByRole("button", { name: "Split off “Boat”" }).click();
    await page.waitForURL(new URL(`/s/${SET}-boat`, review).href);
    await cell(page, (await photosOf(`${SET}-boat`))[0]?.file ?? "").waitFor();
    await other.locator("#alert", { hasText: "Photos of this set are one of their own now." }).waitFor();
    await other.getByRole("link", { name: "Load the set anew" }).click();
    await other.locator(".cell").first().waitFor();
    expect((await other.locator(".cell:visible .file").allTextContents()).length).toBe((await photosOf()).length);
    // The page was told no, which the browser tells as well.
    expect(complaints.filter((one) => !one.includes("409"))).toEqual([]);
  });
});
