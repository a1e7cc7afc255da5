import { join } from "node:path";
import Database from "better-sqlite3";
import type { Browser, BrowserContextOptions } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { Row } from "../../src/review-server/rows.ts";
import { type Home, makeHome } from "../acceptance/home.ts";
import { type Asked, type FakeOllama, MODEL, type Mode, replyText, sighted, startOllama } from "../fakes/ollama.ts";
import { writeJpeg } from "../fixtures/make.ts";
import { cell, focused, openBrowser, openWindow, saved, text, type Window } from "./window.ts";

/** A machine that does much else takes its time. */
const PATIENCE_MS = 200_000;
const SOON = { timeout: 30_000 };
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

// Nothing but a date is known of the set: the template has no words for a place, and what the model invents stays.
const SET = "2026-10";
const MONTHS = ["January", "February", "March"];

/** By the month of the photo: one good, one that is mended, one that names a place nobody knows of. */
const ANSWERS = [
  {
    visible: ["grey heron wading", "shallow water", "tall green reeds", "wetland marsh", "plumage", "beak and feather"],
    caption: "Grey heron wading through shallow water beside tall green reeds.",
    alt: "A tall grey bird stands in shallow water.",
    keywords: ["grey heron", "reed", "water", "wetland", "marsh", "plumage", "beak", "feather"],
  },
  {
    visible: ["wooden boat lying", "sandy beach", "heavy clouds", "hull", "shore and coast", "oar", "sand"],
    caption: "This image shows a wooden boat lying on a sandy beach under heavy clouds.",
    alt: "Small boat on sand with clouds above.",
    keywords: ["boat", "beach", "sand", "cloud", "hull", "shore", "coast", "oar"],
  },
  {
    visible: ["dark rocks standing", "foaming white water", "wild coast", "stone", "surf, wave, foam", "sea", "cliff"],
    caption: "Dark rocks standing in foaming white water on a wild coast.",
    alt: "Dark rocks and white water near Amsterdam.",
    keywords: ["rock", "surf", "coast", "foam", "sea", "cliff", "wave", "stone"],
  },
];
const HERON = "Grey heron wading through shallow water beside tall green reeds.";
const BOAT = "A wooden boat lying on a sandy beach under heavy clouds.";

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

async function begin(options: BrowserContextOptions = {}, settings: object = {}): Promise<void> {
  fake = await startOllama();
  fake.answer = (asked: Asked): Mode =>
    asked.isTestCard ? sighted(asked) : { text: replyText(ANSWERS[MONTHS.indexOf(String(asked.facts["month"]))]) };
  home = makeHome({
    inboxes: [{ path: "inbox", captioner: "ollama" }],
    captioner: { ollama: { hosts: [fake.url], model: MODEL } },
    ...settings,
  });
  for (const [i] of ANSWERS.entries())
    await writeJpeg(join(home.inbox, SET, `IMG_${i + 1}.jpg`), { seed: i + 1, takenAt: `2026:0${i + 1}:14 08:12:30` });
  const { link } = await home.start();
  window = await openWindow(browser, options);
  await home.until(
    () => home.json("list"),
    ({ sets }) => sets[0]?.state === "ready",
    "the set at the gate",
    PATIENCE_MS,
  );
  await window.page.goto(link);
  await window.page.getByRole("link", { name: /^Review / }).click();
  await cell(window.page, "IMG_1.jpg").waitFor();
}
const photosOf = async (): Promise<readonly Row[]> => (await home.json("list", SET)).photos;
const photoOf = async (file: string): Promise<Row> => {
  const found = (await photosOf()).find((row) => row.file === file);
  if (found === undefined) throw new Error(`no ${file}`);
  return found;
};
/** The chip may still speak of the change before. */
const stored = (file: string, caption: string): Promise<void> =>
  expect.poll(async () => (await photoOf(file)).caption, { timeout: 60_000 }).toBe(caption);
const field = (name: string) => window.page.locator(`#field-${name}`);
const openPhoto = async (file: string): Promise<void> => {
  await cell(window.page, file).dblclick();
  await window.page.locator("#panel-file", { hasText: file }).waitFor();
};
/** Puts the caret right after a word of the field that has the focus. */
const caretAfter = (word: string): Promise<void> =>
  window.page.evaluate((wanted) => {
    const area = document.activeElement;
    if (!(area instanceof HTMLTextAreaElement)) throw new Error("no field has the focus");
    const at = area.value.indexOf(wanted) + wanted.length;
    area.setSelectionRange(at, at);
  }, word);

describe("whose words stand in a field", () => {
  beforeEach(async () => begin({}, { snippets: { k1: "Common kingfisher" } }));

  test("check 15: an edit is told from the AI's words word by word, the alt text follows until it is edited", async () => {
    const { page, complaints } = window;
    await openPhoto("IMG_2.jpg");
    const caption = page.locator('[data-field="caption"]');
    expect(await caption.getAttribute("data-source")).toBe("machine");
    await page.keyboard.press("t");
    await caretAfter("wooden");
    for (const _ of "wooden") await page.keyboard.press("Backspace");
    await page.keyboard.type("steel");
    await page.keyboard.press("Escape");
    expect(await caption.getAttribute("data-source")).toBe("person");
    await caption.locator(".mark", { hasText: "edited" }).waitFor();

    await page.keyboard.press("\\");
    const columns = page.locator("#versions-body tr").first().locator("td");
    await columns.first().waitFor();
    expect(await columns.nth(0).textContent()).toBe(
      "This image shows a wooden boat lying on a sandy beach under heavy clouds.",
    );
    expect(await columns.nth(1).locator("del").allTextContents()).toEqual(["This image shows a "]);
    expect(await columns.nth(2).locator("del").allTextContents()).toEqual(["wooden "]);
    expect(await columns.nth(2).locator("ins").allTextContents()).toEqual(["steel "]);
    await page.keyboard.press("\\");
    expect(await page.locator("#versions").isVisible()).toBe(false);

    // The same mistake stood in the alt text of the first photo.
    await page.keyboard.press("k");
    await page.keyboard.press("ArrowLeft");
    await page.locator("#panel-file", { hasText: "IMG_1.jpg" }).waitFor();
    const follow = page.getByRole("button", { name: "follows caption" });
    expect(await follow.getAttribute("aria-pressed")).toBe("true");
    await page.keyboard.press("t");
    await caretAfter("shallow");
    for (const _ of "shallow") await page.keyboard.press("Backspace");
    await page.keyboard.type("deep");
    await page.keyboard.press("Escape");
    expect(await field("altText").inputValue()).toBe("A tall grey bird stands in deep water.");
    await saved(page);
    expect((await photoOf("IMG_1.jpg")).altText).toBe("A tall grey bird stands in deep water.");

    // Words of its own: it does not follow any more.
    await page.keyboard.press("y");
    await page.keyboard.press("Control+a");
    await page.keyboard.type("Bird in deep water.");
    await page.keyboard.press("Escape");
    expect(await page.locator("#follow").isVisible()).toBe(false);
    await page.keyboard.press("t");
    await caretAfter("deep");
    await page.keyboard.type("est");
    await page.keyboard.press("Escape");
    expect(await field("altText").inputValue()).toBe("Bird in deep water.");

    await caption.getByRole("button", { name: "Back to AI" }).click();
    await expect.poll(() => field("caption").inputValue(), SOON).toBe(HERON);
    await caption.locator(".mark", { hasText: "by ollama" }).waitFor();
    expect(await field("altText").inputValue()).toBe("Bird in deep water.");

    // A field that a person has emptied is another thing than one nobody has touched.
    await page.keyboard.press("t");
    await page.keyboard.press("Control+a");
    await page.keyboard.press("Delete");
    await page.keyboard.press("Escape");
    expect(await text(caption.locator(".mark"))).toBe("cleared by you");
    await saved(page);
    expect((await photoOf("IMG_1.jpg")).caption).toBe("");
    expect(complaints).toEqual([]);
  });

  test("another version is one key away, and one's own words come round again", async () => {
    const { page } = window;
    await openPhoto("IMG_2.jpg");
    await page.keyboard.press(";");
    await expect
      .poll(() => field("caption").inputValue(), SOON)
      .toBe("This image shows a wooden boat lying on a sandy beach under heavy clouds.");
    expect(await text(page.locator("#offer-caption"))).toBe("AI, before mending 2/2");
    await page.keyboard.press(";");
    await expect.poll(() => field("caption").inputValue(), SOON).toBe(BOAT);
    await page.locator('[data-field="caption"][data-source="machine"]').waitFor();

    await page.keyboard.press("t");
    await page.keyboard.press("Control+a");
    await page.keyboard.type("A boat of my own.");
    await page.keyboard.press("PageDown");
    await expect.poll(() => field("caption").inputValue(), SOON).toBe(BOAT);
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("field-caption");
    await page.keyboard.press("PageUp");
    await expect.poll(() => field("caption").inputValue(), SOON).toBe("A boat of my own.");
    expect(await text(page.locator("#offer-caption"))).toBe("yours 3/3");
    await page.keyboard.press("Escape");

    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("y");
    await page.keyboard.press("Escape");
    await page.keyboard.press(";");
    await page.locator("#last", { hasText: "No alternatives for the alt text" }).waitFor();
  });

  test("check 14: words that come from the machine while a field is typed in leave it alone, and are told of", async () => {
    const { page } = window;
    await openPhoto("IMG_1.jpg");
    const { id } = await photoOf("IMG_1.jpg");
    await page.keyboard.press("t");
    await page.keyboard.press("End");
    await page.keyboard.type(" Mine");
    const purple = { caption: "Purple heron wading through shallow water beside tall green reeds." };
    fake.answer = (asked: Asked): Mode => {
      const answer = ANSWERS[MONTHS.indexOf(String(asked.facts["month"]))];
      if (asked.isTestCard || answer === undefined) return sighted(asked);
      return { text: replyText(answer === ANSWERS[0] ? { ...answer, ...purple } : answer) };
    };
    await home.post(`/api/sets/${SET}/describe`, { subject: "Purple heron" });

    const news = page.locator('[data-field="caption"]').getByRole("button", { name: "New AI text. See" });
    await news.waitFor({ timeout: 60_000 });
    expect(await field("caption").inputValue()).toBe(`${HERON} Mine`);
    // The field was there all the while: letters that decide are typed.
    await page.keyboard.type(" axs");
    expect(await field("caption").inputValue()).toBe(`${HERON} Mine axs`);
    await page.keyboard.press("Escape");
    await saved(page);
    expect((await photoOf("IMG_1.jpg")).caption).toBe(`${HERON} Mine axs`);
    await news.click();
    await page.locator("#versions-body", { hasText: "Purple heron" }).waitFor();

    const store = new Database(join(home.path, "data", "photogate.db"), { readonly: true });
    const kept = store.prepare("select json_extract(facts, '$.caption') from generations where photo_id = ?").pluck();
    expect(kept.all(id)).toContain(HERON);
    store.close();
  });

  test("check 6: a blocked image is not approved; why is said and shown, and the focus goes where it can be put right", async () => {
    const { page } = window;
    await openPhoto("IMG_3.jpg");
    await page.keyboard.press("a");
    await page.locator("#alert", { hasText: "IMG_3.jpg is blocked: GEO-ALT" }).waitFor();
    expect(await page.locator("#alert").getAttribute("role")).toBe("alert");
    expect(await page.evaluate(() => document.activeElement?.closest("[data-field]")?.getAttribute("data-field"))).toBe(
      "altText",
    );
    expect(await text(page.locator("#panel-file"))).toBe("IMG_3.jpg");
    expect((await photoOf("IMG_3.jpg")).verdict).toBeNull();
  });

  test("check 16: words are kept, approved and the next is shown with the caret in the same field; letters decide nothing", async () => {
    const { page } = window;
    await page.keyboard.press("t");
    await page.locator("#panel-file", { hasText: "IMG_1.jpg" }).waitFor();
    await page.keyboard.press("Control+a");
    await page.keyboard.type("x, a and ?");
    expect((await photosOf()).map(({ verdict }) => verdict)).toEqual([null, null, null]);
    expect(await page.locator("dialog[open]").count()).toBe(0);
    await page.keyboard.press("Control+Enter");
    await page.locator("#panel-file", { hasText: "IMG_2.jpg" }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("field-caption");
    await saved(page);
    const rows = await photosOf();
    expect(rows.map(({ verdict }) => verdict)).toEqual(["approved", null, null]);
    expect(rows[0]?.caption).toBe("x, a and ?");
    await page.keyboard.press("Escape");
    await page.keyboard.press("g");
    expect(await focused(page)).toBe("IMG_2.jpg");
  });

  test("check 17: a name that is taken is told of while it is typed, and one click takes the next free one", async () => {
    const { page } = window;
    const { name: taken } = await photoOf("IMG_2.jpg");
    if (taken === null) throw new Error("no name");
    await page.keyboard.press("F2");
    await page.locator("#panel-file", { hasText: "IMG_1.jpg" }).waitFor();
    const said = page.locator("#name-said");
    await page.keyboard.press("Control+a");
    await page.keyboard.type("Kingfisher_001.JPG");
    await expect.poll(() => text(said), SOON).toBe("free");
    await page.keyboard.press("Control+a");
    await page.keyboard.type("Möwe am Meer");
    await page.getByRole("button", { name: "Take Mowe_am_Meer.JPG" }).waitFor();
    await page.keyboard.press("Control+a");
    await page.keyboard.type(taken.toLowerCase().replace(".jpg", ".JPG"));
    await expect.poll(() => text(said), SOON).toMatch(/^taken, next free is \w+_004\.JPG$/);
    const free = (await text(said)).replace("taken, next free is ", "");
    expect(await page.locator("dialog[open]").count()).toBe(0);
    await page.getByRole("button", { name: `Take ${free}` }).click();
    await saved(page);
    expect((await photoOf("IMG_1.jpg")).name).toBe(free);
    expect(await page.locator('[data-field="name"] .why').isVisible()).toBe(false);
  });

  test("what was half typed when the browser crashed stands in its field again, with its time, and is no edit yet", async () => {
    const { page, context } = window;
    await openPhoto("IMG_1.jpg");
    const address = page.url();
    await page.keyboard.press("t");
    await page.keyboard.press("End");
    await page.keyboard.type(" Half of a");
    await expect
      .poll(
        () => page.evaluate(() => Object.keys(localStorage).some((key) => key.startsWith("photogate-draft:"))),
        SOON,
      )
      .toBe(true);
    const session = await context.newCDPSession(page);
    const crashed = page.waitForEvent("crash");
    void session.send("Page.crash").catch(() => undefined);
    await crashed;

    const again = await context.newPage();
    await again.goto(address);
    const note = again.locator('[data-field="caption"] .draft');
    await note.waitFor();
    expect(await text(note)).toMatch(/^draft from \d\d:\d\d /);
    expect(await again.locator("#field-caption").inputValue()).toBe(`${HERON} Half of a`);
    await again.keyboard.press("ArrowRight");
    await again.locator("#panel-file", { hasText: "IMG_2.jpg" }).waitFor();
    expect((await photoOf("IMG_1.jpg")).edited).toEqual([]);
    await again.keyboard.press("ArrowLeft");
    await note.getByRole("button", { name: "Keep it" }).click();
    await saved(again);
    expect((await photoOf("IMG_1.jpg")).caption).toBe(`${HERON} Half of a`);
    expect(await note.count()).toBe(0);
  });

  test("a slip is marked and put right with one press, a snippet spelled out, and words carried to another photo", async () => {
    const { page } = window;
    await openPhoto("IMG_1.jpg");
    await page.keyboard.press("t");
    await page.keyboard.press("Control+a");
    await page.keyboard.type("A \\k1\\ wading through shalow water.");
    expect(await field("caption").inputValue()).toBe("A Common kingfisher wading through shalow water.");
    const marks = page.locator('[data-field="caption"] .spelling');
    await marks.getByRole("button", { name: "shallow in place of shalow" }).click();
    await expect
      .poll(() => field("caption").inputValue(), SOON)
      .toBe("A Common kingfisher wading through shallow water.");
    await stored("IMG_1.jpg", "A Common kingfisher wading through shallow water.");
    await expect.poll(() => text(marks), SOON).toBe("");
    expect(await marks.getAttribute("role")).toBe("status");

    await page.getByRole("button", { name: "Copy words" }).click();
    await page.keyboard.press("ArrowRight");
    await page.locator("#panel-file", { hasText: "IMG_2.jpg" }).waitFor();
    await page.getByRole("button", { name: "Paste words" }).click();
    await stored("IMG_2.jpg", "A Common kingfisher wading through shallow water.");
    const [lent, got] = await photosOf();
    expect([got?.caption, got?.altText, got?.keywords]).toEqual([lent?.caption, lent?.altText, lent?.keywords]);
    await page.keyboard.press("Control+z");
    await page.locator("#last", { hasText: "Undone: IMG_2.jpg" }).waitFor();
    expect((await photoOf("IMG_2.jpg")).edited).toEqual([]);
  });
});
