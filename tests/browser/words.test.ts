import { join } from "node:path";
import type { Browser, BrowserContextOptions } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { Row } from "../../src/review-server/rows.ts";
import { type Home, makeHome } from "../acceptance/home.ts";
import { type Asked, type FakeOllama, MODEL, type Mode, replyText, sighted, startOllama } from "../fakes/ollama.ts";
import { writeJpeg } from "../fixtures/make.ts";
import { violations } from "./axe.ts";
import { cell, focused, openBrowser, openWindow, saved, text, type Window } from "./window.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

// Nothing but a date is known of the set: the template has no words for a place, and what the model invents stays.
const SET = "2026-10";
const MONTHS = ["January", "February", "March", "April"];

/** By the month of the photo: one good, one that can be mended, two that name a place nobody knows of. */
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
  {
    visible: ["tall mast", "sailing ship", "pale evening sky", "sail", "rope and rigging", "harbour"],
    caption: "Tall mast of a sailing ship against a pale evening sky.",
    alt: "Tall mast against the sky over Rotterdam.",
    keywords: ["mast", "ship", "sky", "sail", "rope", "rigging", "evening", "harbour"],
  },
];

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

async function begin(options: BrowserContextOptions = {}): Promise<void> {
  fake = await startOllama();
  fake.answer = (asked: Asked): Mode =>
    asked.isTestCard ? sighted(asked) : { text: replyText(ANSWERS[MONTHS.indexOf(String(asked.facts["month"]))]) };
  home = makeHome({
    inboxes: [{ path: "inbox", captioner: "ollama" }],
    captioner: { ollama: { hosts: [fake.url], model: MODEL } },
  });
  for (const [i] of ANSWERS.entries())
    await writeJpeg(join(home.inbox, SET, `IMG_${i + 1}.jpg`), { seed: i + 1, takenAt: `2026:0${i + 1}:14 08:12:30` });
  const { link } = await home.start();
  window = await openWindow(browser, options);
  await home.until(
    () => home.json("list"),
    ({ sets }) => sets[0]?.state === "ready",
    "the set at the gate",
    100_000,
  );
  await window.page.goto(link);
}
const photosOf = async (): Promise<readonly Row[]> => (await home.json("list", SET)).photos;
const verdicts = async () => (await photosOf()).map(({ verdict }) => verdict);
const stateOf = (file: string) => text(cell(window.page, file).locator(".state"));
const openSet = async (): Promise<void> => {
  await window.page.getByRole("link", { name: /^Review / }).click();
  await cell(window.page, "IMG_1.jpg").waitFor();
};
/** Opens the loupe at a photo of the grid. */
const openPhoto = async (file: string): Promise<void> => {
  await cell(window.page, file).dblclick();
  await window.page.locator("#panel-file", { hasText: file }).waitFor();
};
const flaw = (rule: string) => window.page.locator(".panel .flaw:visible", { hasText: rule });

describe("what the rules say is on the page", () => {
  beforeEach(async () => begin());

  test("passed, repaired and blocked are told by word and shape, counted, and found by their chips", async () => {
    const { page, complaints } = window;
    await page.locator(".card", { hasText: "Words: 1 passed, 1 repaired, 2 blocked" }).waitFor();
    await openSet();
    expect(await text(page.locator("#proved"))).toBe("1 passed, 1 repaired, 2 blocked");
    expect(await text(cell(page, "IMG_3.jpg").locator(".badge"))).toBe("Blocked");
    expect(await cell(page, "IMG_3.jpg").locator(".badge use").getAttribute("href")).toBe("#i-blocked");
    expect(await cell(page, "IMG_1.jpg").locator(".badge").isHidden()).toBe(true);
    await page.locator('[data-show="repaired"]').click();
    expect(await page.locator(".cell:visible .file").allTextContents()).toEqual(["IMG_2.jpg"]);
    await page.locator('[data-show="blocked"]').click();
    expect(await page.locator(".cell:visible .file").allTextContents()).toEqual(["IMG_3.jpg", "IMG_4.jpg"]);
    expect(await page.locator('[data-show="template"]').isHidden()).toBe(true);

    await page.locator('[data-show="repaired"]').click();
    await page.keyboard.press("Enter");
    expect(await text(page.locator("#proof-said"))).toMatch(/^Repaired/);
    expect(await page.locator("#attempts-list").isVisible()).toBe(false);
    await page.locator("#attempts-head").click();
    expect(await page.locator("#attempts-list li").first().innerText()).toMatch(
      /Caption, by rule, taken: CAP-META-LEAD\s+This image shows a → A wooden boat lying on a sandy beach/,
    );
    expect(complaints).toEqual([]);
  });

  test("each word says where it comes from, on hover and by arrow keys", async () => {
    const { page, complaints } = window;
    await openSet();
    await openPhoto("IMG_3.jpg");
    const sources = page.locator("#sources-altText");
    await sources.locator("summary", { hasText: "1 from nothing" }).click();
    await sources.getByRole("button", { name: "Amsterdam" }).hover();
    expect(await text(sources.locator(".from"))).toBe(
      "“Amsterdam”: nobody said it and the model did not list it as seen",
    );
    await sources.locator("summary").focus();
    await page.keyboard.press("Tab");
    await page.keyboard.press("ArrowRight");
    expect(await text(sources.locator(".from"))).toMatch(/^“rocks”: the model says it sees this/);
    expect(await text(page.locator("#panel-file"))).toBe("IMG_3.jpg");
    // The words with their sources, beside what blocks them; then the same photos as rows.
    expect(await violations(window)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.locator('[data-show="blocked"]').click();
    expect(await violations(window)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test("what wants attention first is an order of its own, by key, and it stays over a reload", async () => {
    const { page } = window;
    await openSet();
    const order = () => page.locator(".cell:visible .file").allTextContents();
    await page.keyboard.press("q");
    expect((await order()).slice(0, 2)).toEqual(["IMG_3.jpg", "IMG_4.jpg"]);
    await page.reload();
    await cell(page, "IMG_1.jpg").waitFor();
    expect((await order()).slice(0, 2)).toEqual(["IMG_3.jpg", "IMG_4.jpg"]);
    await page.keyboard.press("q");
    expect(await order()).toEqual(["IMG_1.jpg", "IMG_2.jpg", "IMG_3.jpg", "IMG_4.jpg"]);
  });
});

describe("a blocked photo", () => {
  beforeEach(async () => {
    await begin();
    await openSet();
  });

  test("is not approved by key or button, and the page says what blocks it and what to do", async () => {
    const { page } = window;
    await cell(page, "IMG_3.jpg").click();
    await page.keyboard.press("a");
    await page
      .getByRole("alert")
      .getByText(/IMG_3\.jpg is blocked: GEO-ALT in the alt text: .*Amsterdam/)
      .waitFor();
    expect(await text(page.locator("#alert"))).toContain("overrule the rule with a reason (O)");
    expect([await stateOf("IMG_3.jpg"), await focused(page)]).toEqual(["Undecided", "IMG_3.jpg"]);
    await page.getByRole("button", { name: "Approve A" }).click();
    expect(await stateOf("IMG_3.jpg")).toBe("Undecided");
    await openPhoto("IMG_3.jpg");
    await page.keyboard.press("a");
    // What blocks it has the focus, and is no field: the next key is a command, and not typed.
    expect(await page.evaluate(() => document.activeElement?.getAttribute("data-rule"))).toBe("GEO-ALT");
    await page.keyboard.press("x");
    await page.locator("#panel-file", { hasText: "IMG_4.jpg" }).waitFor();
    await saved(page);
    expect(await page.locator("#alert").isVisible()).toBe(false);
    expect(await verdicts()).toEqual([null, null, "rejected", null]);
  });

  test("that was wished is left when the wished ones are approved, which says so", async () => {
    const { page } = window;
    const ops = (await photosOf()).map(({ id, rev }, i) => ({
      id: `wish-${id}`,
      client: "early",
      seq: i,
      gesture: "wish",
      photo: id,
      field: "verdict",
      to: "wished",
      baseRev: rev,
    }));
    await home.post(`/api/sets/${SET}/ops`, { ops });
    await cell(page, "IMG_4.jpg").getByText("Wished: to confirm").waitFor();
    await page.keyboard.press("Shift+W");
    await page.locator('[data-show="wished"][aria-pressed="true"]').waitFor();
    await page.keyboard.press("Shift+W");
    await page.getByRole("alert").getByText("2 are blocked: IMG_3.jpg, IMG_4.jpg.").waitFor();
    await saved(page);
    expect(await verdicts()).toEqual(["approved", "approved", null, null]);
  });

  test("is cured by an edit, at once, while it is typed", async () => {
    const { page, complaints } = window;
    await openPhoto("IMG_3.jpg");
    await flaw("GEO-ALT").waitFor();
    expect(await text(page.locator("#proof-said"))).toContain("Blocked: 1 error");
    await page.keyboard.press("y");
    await page.keyboard.press("Control+a");
    await page.keyboard.type("Dark rocks and white water near the shore of Rotterdam");
    await flaw("GEO-ALT").waitFor({ state: "detached" });
    expect((await photosOf())[2]?.altText).toContain("Amsterdam");
    await page.keyboard.press("Control+Enter");
    await page.locator("#panel-file", { hasText: "IMG_4.jpg" }).waitFor();
    await saved(page);
    expect((await photosOf())[2]).toMatchObject({ verdict: "approved", blocked: false });
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("field-altText");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+z");
    await page.locator("#panel-file", { hasText: "IMG_3.jpg" }).waitFor();
    await flaw("GEO-ALT").waitFor();
    expect((await photosOf())[2]).toMatchObject({ verdict: null, blocked: true });
    expect(complaints).toEqual([]);
  });

  test("typed into a new error is refused by the server, and the words are kept", async () => {
    const { page } = window;
    await openPhoto("IMG_1.jpg");
    await page.keyboard.press("t");
    await page.keyboard.press("Control+a");
    await page.keyboard.type("CafÃ© terraces line the water in the evening light.");
    await page.keyboard.press("Control+Enter");
    await page
      .getByRole("alert")
      .getByText(/IMG_1\.jpg: GEN-MOJIBAKE in the caption/)
      .waitFor();
    expect((await photosOf())[0]).toMatchObject({
      verdict: null,
      blocked: true,
      caption: expect.stringContaining("Ã"),
    });
  });

  test("is approved once its rule is overruled with a reason, which is shown; undo takes both back", async () => {
    const { page, complaints } = window;
    await openPhoto("IMG_3.jpg");
    await page.keyboard.press("o");
    const dialog = page.getByRole("dialog", { name: /Overrule a rule for IMG_3\.jpg/ });
    expect(await dialog.getByRole("radio", { name: /GEO-ALT/ }).isChecked()).toBe(true);
    for (const reason of ["", "no", "    "]) {
      await dialog.getByLabel("Why", { exact: true }).fill(reason);
      await page.keyboard.press("Enter");
      expect(await dialog.isVisible()).toBe(true);
    }
    await dialog.getByLabel("Why", { exact: true }).fill("it is the Amsterdam");
    await page.keyboard.press("Enter");
    await flaw("GEO-ALT").getByText("Overruled: it is the Amsterdam").waitFor();
    await page.keyboard.press("a");
    await saved(page);
    expect((await photosOf())[2]).toMatchObject({
      verdict: "approved",
      overruled: [{ rule: "GEO-ALT", reason: "it is the Amsterdam" }],
    });
    await page.keyboard.press("Control+z");
    await page.keyboard.press("Control+z");
    await page.locator("#proof-said", { hasText: "Blocked" }).waitFor();
    await saved(page);
    expect((await photosOf())[2]).toMatchObject({ verdict: null, blocked: true, overruled: [] });
    expect(complaints).toEqual([]);
  });

  test("is overruled by the button at the flaw, and the rule counts again by the same one", async () => {
    const { page } = window;
    await openPhoto("IMG_4.jpg");
    await flaw("GEO-ALT").getByRole("button", { name: "Overrule … GEO-ALT" }).click();
    await page.getByLabel("Why", { exact: true }).fill("seen on the hull");
    await page.getByRole("button", { name: "Overrule", exact: true }).click();
    await flaw("GEO-ALT").getByRole("button", { name: "Let it count GEO-ALT" }).click();
    await page.locator("#proof-said", { hasText: "Blocked" }).waitFor();
    await page.keyboard.press("o");
    await page.locator("dialog[open]").getByRole("button", { name: "Cancel" }).click();
    await saved(page);
    expect((await photosOf())[3]).toMatchObject({ blocked: true, overruled: [] });
  });
});
