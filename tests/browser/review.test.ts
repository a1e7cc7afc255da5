import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import type { Browser, BrowserContextOptions } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Row } from "../../src/review-server/rows.ts";
import { type Home, makeHome } from "../acceptance/home.ts";
import { writeJpeg } from "../fixtures/make.ts";
import { cell, focused, openBrowser, openWindow, saved, text, type Window } from "./window.ts";

const HOSTILE = "<img src=x onerror=alert(1)>.jpg";
const FILES = ["IMG_1.jpg", "IMG_2.jpg", "IMG_3.jpg"];

let browser: Browser;
let home: Home;
let daemon: ChildProcess;
let window: Window;

beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(async () => browser?.close());

const INBOX = { path: "inbox", taxonomy: { locations: ["Texel"], categories: ["gallery"] } };

/** A home with one set at the gate, opened through the link that start prints. */
async function begin(
  files: readonly string[],
  options: BrowserContextOptions = {},
  settings: object = {},
): Promise<void> {
  home = makeHome({ inboxes: [INBOX], ...settings });
  for (const [i, file] of files.entries())
    await writeJpeg(join(home.inbox, "2026-10 Gulls, Texel", file), {
      seed: i + 1,
      takenAt: `2026:10:14 08:12:3${i}`,
    });
  const { link, child } = await home.start();
  daemon = child;
  window = await openWindow(browser, options);
  await window.page.goto(link);
  // A page without script does not draw itself anew.
  if (options.javaScriptEnabled === false) {
    await home.until(status, ({ sets }) => sets[0]?.state === "ready", "the set at the gate");
    await window.page.reload();
  }
  await window.page.locator("#needs-you .card").waitFor();
}
const status = (): Promise<{ sets: readonly { state: string }[] }> => home.json("status");
const photosOf = async (): Promise<readonly Row[]> => (await home.json("list", "2026-10-gulls-texel")).photos;

interface Published {
  readonly Original_File_Name: string;
  readonly Caption: string;
  readonly Path: string;
  readonly Thumb_Path: string;
}
function mirrorRows(): Published[] {
  const mirror = new Database(join(home.path, "data", "photos_info_revamp.db"), { readonly: true });
  try {
    return mirror.prepare<[], Published>("select * from photos_info_revamp order by Original_File_Name").all();
  } finally {
    mirror.close();
  }
}
const openSet = async (): Promise<void> => {
  await window.page.getByRole("link", { name: /^Review / }).click();
  await cell(window.page, "IMG_1.jpg").waitFor();
};
const verdictOf = (file: string) => text(cell(window.page, file).locator(".state"));

afterEach(async () => {
  await window?.context.close();
  await home?.dispose();
});

describe("a set goes from the inbox to the site through the page", () => {
  beforeEach(async () => begin(FILES));

  test("approved, undone, approved again, described, published: the site has exactly that", async () => {
    const { page, complaints } = window;
    const words = `A gull at ${Math.random().toString(36).slice(2)}`;
    await openSet();
    for (const file of FILES) {
      const picture = cell(page, file).locator("img");
      await picture.evaluate((image: HTMLImageElement) => image.decode());
      expect(await picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(100);
    }

    await page.keyboard.press("a");
    expect(await verdictOf("IMG_1.jpg")).toBe("Approved");
    expect(await focused(page)).toBe("IMG_2.jpg");
    await page.keyboard.press("Control+z");
    await cell(page, "IMG_1.jpg").getByText("Undecided").waitFor();
    await page.locator(".cell.focus", { hasText: "IMG_1.jpg" }).waitFor();
    await page.keyboard.press("a");

    await page.keyboard.press("t");
    await page.keyboard.press("Control+a");
    await page.keyboard.type(words);
    await page.keyboard.press("Control+Enter");
    expect(await text(page.locator("#panel-file"))).toBe("IMG_3.jpg");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("field-caption");
    expect(await text(page.locator("#facts"))).toMatch(/Crops.*(4:5|16:9|1:1|3:2) (sure|to review)/s);
    await saved(page);

    await page.getByRole("link", { name: "Publish 2 …" }).click();
    await page.getByRole("heading", { name: "2 photos to publish" }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.textContent?.trim())).toBe("Cancel");
    expect(await page.getByText(words).count()).toBe(1);
    await page.getByRole("button", { name: "Publish 2 photos" }).click();
    await page.getByText("Done. Every file was read back").waitFor();
    await page.getByRole("heading", { name: "Published 2/2" }).waitFor();

    const rows = mirrorRows();
    expect(rows.map((row) => row.Original_File_Name)).toEqual(["IMG_1.jpg", "IMG_2.jpg"]);
    expect(rows[1]?.Caption).toBe(words);
    for (const row of rows)
      for (const path of [row.Path, row.Thumb_Path]) {
        const file = join(home.path, "site", path);
        expect(existsSync(file), file).toBe(true);
        expect(readFileSync(file).subarray(0, 3)).toEqual(Buffer.from([0xff, 0xd8, 0xff]));
      }
    expect(complaints).toEqual([]);
  });

  test("an edit takes back the approval it changes, and one undo takes back both", async () => {
    const { page } = window;
    await openSet();
    await page.keyboard.press("a");
    await page.keyboard.press("k");
    await page.keyboard.press("t");
    await page.keyboard.type(" with more words");
    await page.keyboard.press("Escape");
    expect(await text(page.locator("#panel-state"))).toBe("Undecided");
    await page.keyboard.press("Control+z");
    await page.locator("#panel-state", { hasText: "Approved" }).waitFor();
    expect(await page.locator("#field-caption").inputValue()).not.toContain("more words");
  });

  test("a file name that is taken is refused beside the field, with the one that is free", async () => {
    const { page } = window;
    await openSet();
    const photos = await photosOf();
    await page.keyboard.press("F2");
    await page.keyboard.press("Control+a");
    await page.keyboard.type(photos[1]?.name ?? "");
    await page.keyboard.press("Enter");
    await page.locator("#why-name", { hasText: "is free" }).waitFor();
    expect(await page.locator("#field-name").inputValue()).toBe(photos[1]?.name);
    expect((await photosOf())[0]?.name).toBe(photos[0]?.name);
  });

  test("a list that is not true any more is not published, but shown anew", async () => {
    const { page } = window;
    await openSet();
    await page.keyboard.press("a");
    await page.getByRole("link", { name: "Publish 1 …" }).click();
    await page.getByRole("heading", { name: "1 photo to publish" }).waitFor();
    await home.cli("approve", "2026-10-gulls-texel");
    await page.getByRole("button", { name: "Publish 1 photo" }).click();
    await page.getByRole("alert").getByText("Something changed since the list was shown.").waitFor();
    await page.getByRole("heading", { name: "3 photos to publish" }).waitFor();
    expect(existsSync(join(home.path, "site", "2026"))).toBe(false);
  });

  test("what a set is, is said anew: the dialog says first what it costs, and a near spelling is one press", async () => {
    const { page, complaints } = window;
    await openSet();
    await page.keyboard.press("a");
    await saved(page);
    await page.getByRole("button", { name: /^About/ }).click();
    const dialog = page.getByRole("dialog");
    expect(await text(dialog.locator("[data-voids]"))).toBe("It takes back 1 approval.");
    // Keys of the page are letters here.
    await dialog.getByLabel("Subject").fill("");
    await page.keyboard.type("axs Terns");
    await dialog.getByLabel("Canon EOS R5 was").fill("soon");
    await dialog.getByRole("button", { name: /^Save/ }).click();
    expect(await dialog.isVisible()).toBe(true);
    await dialog.getByLabel("Canon EOS R5 was").fill("1 h 2 min");
    await dialog.getByLabel("Location").fill("Texell");
    await dialog.getByRole("button", { name: /^Save/ }).click();
    await home.until(photosOf, ([one]) => one?.caption === "axs Terns, Texell, 14 October 2026.", "the new words");
    expect((await photosOf()).map(({ verdict, takenAt }) => [verdict, takenAt])).toEqual([
      [null, "2026:10:14 07:10:30"],
      [null, "2026:10:14 07:10:31"],
      [null, "2026:10:14 07:10:32"],
    ]);

    await page.getByText("New location “Texell”: did you mean").waitFor();
    await page.getByRole("button", { name: /^Use it \(Texel\) in / }).click();
    await home.until(photosOf, ([one]) => one?.location === "Texel" && one.hash !== null, "the known place");
    await page.waitForURL(/\/s\/2026-10-gulls-texel$/);
    expect(await page.getByText("did you mean").count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  test("a set that is rolled back asks first, and leaves the files where they were", async () => {
    const { page } = window;
    await page.getByRole("button", { name: /^Roll back …/ }).click();
    const dialog = page.getByRole("dialog");
    expect(await text(dialog)).toContain("3 reserved names are given free");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Cancel");
    await dialog.getByRole("button", { name: "Roll back" }).click();
    await page.getByText("Nothing to review.").waitFor();
    expect(existsSync(join(home.inbox, "2026-10 Gulls, Texel", "IMG_1.jpg"))).toBe(true);

    await page.goto(new URL("/problems", page.url()).href);
    await page.getByRole("button", { name: "Start again" }).click();
    await page.goto(new URL("/", page.url()).href);
    await page.locator("#needs-you .card").waitFor();
  });
});

test("a finished set is cleared after its card said what that frees, and can still be looked at", async () => {
  await begin(["IMG_1.jpg", "IMG_2.jpg"], {}, { archive: { folder: "archive" } });
  const { page, complaints } = window;
  await home.cli("approve", "2026-10-gulls-texel", "--filter", "file:IMG_1");
  await home.cli("reject", "2026-10-gulls-texel");
  await home.cli("publish", "2026-10-gulls-texel", "--yes");
  await page.locator("#done .card").waitFor();
  await page.getByRole("button", { name: /^Clear …/ }).click();
  const dialog = page.getByRole("dialog");
  expect(await text(dialog)).toMatch(/Frees \d+ kB: 2 working copies\. Small previews are kept \(\d+ kB\)/);
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Cancel");
  await dialog.getByRole("checkbox", { name: /Move the originals of the 1 published photo/ }).check();
  await dialog.getByRole("button", { name: "Clear" }).click();
  await page.getByText(/Cleared on \d{4}-\d\d-\d\d: \d+ kB freed/).waitFor();
  const there = (name: string): boolean => existsSync(join(home.inbox, "2026-10 Gulls, Texel", name));
  expect([there("IMG_1.jpg"), there("IMG_2.jpg")]).toEqual([false, true]);

  await page.getByRole("link", { name: /^Look/ }).click();
  await cell(page, "IMG_1.jpg").waitFor();
  await page.keyboard.press("Enter");
  const shown = page.locator("#loupe img").first();
  await shown.waitFor();
  expect(
    await shown.evaluate((image: HTMLImageElement) => image.decode().then(() => image.naturalWidth)),
  ).toBeGreaterThan(100);
  expect(complaints).toEqual([]);
});

describe("keys do what is meant and nothing else", () => {
  beforeEach(async () => {
    await begin(FILES);
    await openSet();
  });

  test("a key that is held down moves, but decides once at most", async () => {
    const { page } = window;
    // A second "down" without an "up" is what a held key sends.
    await page.keyboard.down("a");
    await page.keyboard.down("a");
    await page.keyboard.down("a");
    await page.keyboard.up("a");
    expect([await verdictOf("IMG_1.jpg"), await verdictOf("IMG_2.jpg"), await focused(page)]).toEqual([
      "Approved",
      "Undecided",
      "IMG_2.jpg",
    ]);
    await page.keyboard.down("ArrowLeft");
    await page.keyboard.down("ArrowLeft");
    await page.keyboard.up("ArrowLeft");
    expect(await focused(page)).toBe("IMG_1.jpg");
  });

  test("letters typed into the caption are letters", async () => {
    const { page } = window;
    await page.keyboard.press("t");
    await page.keyboard.press("Control+a");
    await page.keyboard.type("xa?");
    expect(await page.locator("#sheet").isVisible()).toBe(false);
    expect(await page.locator("#field-caption").inputValue()).toBe("xa?");
    await page.keyboard.press("Escape");
    await page.keyboard.press("g");
    expect(await Promise.all(FILES.map(verdictOf))).toEqual(["Undecided", "Undecided", "Undecided"]);
  });

  test("Backspace undoes the last decision and goes back to it", async () => {
    const { page } = window;
    await page.keyboard.press("x");
    await page.keyboard.press("s");
    expect(await focused(page)).toBe("IMG_3.jpg");
    await page.keyboard.press("Backspace");
    await cell(page, "IMG_2.jpg").getByText("Undecided").waitFor();
    // The row may be drawn anew by the event before the answer moves the focus.
    await page.locator(".cell.focus", { hasText: "IMG_2.jpg" }).waitFor();
    expect(await verdictOf("IMG_1.jpg")).toBe("Rejected");
    await page.keyboard.press("Control+y");
    await cell(page, "IMG_2.jpg").getByText("Held").waitFor();
  });

  test("a decision pressed right after Backspace is of the photo it goes back to", async () => {
    const { page } = window;
    await page.keyboard.press("x");
    await page.keyboard.press("s");
    await page.keyboard.press("Backspace");
    await page.keyboard.press("a");
    await cell(page, "IMG_2.jpg").getByText("Approved").waitFor();
    expect([await verdictOf("IMG_1.jpg"), await verdictOf("IMG_3.jpg")]).toEqual(["Rejected", "Undecided"]);
  });

  test("no letter decides while the sheet of keys is open, and Shift+A is not A", async () => {
    const { page } = window;
    await page.keyboard.press("?");
    await page.keyboard.press("x");
    expect(await text(page.locator("#sheet"))).toContain("Approve, then advance");
    await page.keyboard.press("Escape");
    await page.locator("#sheet").waitFor({ state: "hidden" });
    await page.keyboard.press("Shift+A");
    expect(await Promise.all(FILES.map(verdictOf))).toEqual(["Undecided", "Undecided", "Undecided"]);
  });
});

test("the panel tells the technical score beside the quality figure, and where each of its metrics comes from", async () => {
  await begin(FILES);
  await openSet();
  const { page } = window;
  await page.keyboard.press("t");
  const summary = page.locator("#technical summary");
  await summary.getByText(/Technical: (Excellent|Good|Fair|Poor) \d+/).waitFor();
  expect(await page.locator("#quality").innerText()).toMatch(/partial; without clip, nima, brisque$/);
  expect(await page.locator("#scores").isVisible()).toBe(false);
  await summary.click();
  expect((await page.locator("#scores dt").allInnerTexts()).length).toBe(7);
  const metrics = await page.locator("#metrics").innerText();
  expect(metrics).toMatch(/NIMA\s+missing/);
  expect(metrics).toMatch(/Contrast\s+\d+\.\d, measured/);
});

describe("what is not sent yet is kept", () => {
  beforeEach(async () => {
    await begin(FILES);
    await openSet();
  });

  const killAndWait = async (): Promise<void> => {
    daemon.kill("SIGKILL");
    await once(daemon, "exit");
    await window.page.keyboard.press("a");
    await window.page.keyboard.press("x");
    await window.page.keyboard.press("t");
    await window.page.keyboard.press("Control+a");
    await window.page.keyboard.type("Written while nobody listened");
    await window.page.keyboard.press("Control+Enter");
    await window.page.locator("#chip", { hasText: "Not saved: 4 changes kept here. Retry" }).waitFor();
  };
  const all = async () => (await photosOf()).map(({ verdict, caption }) => [verdict, caption]);
  const WANTED = [
    ["approved", expect.any(String)],
    ["rejected", expect.any(String)],
    ["approved", "Written while nobody listened"],
  ];

  test("and sent when the daemon was killed and comes back", async () => {
    await killAndWait();
    await home.start();
    await saved(window.page);
    expect(await all()).toEqual(WANTED);
    expect((await status()).sets).toHaveLength(1);
  });

  test("even if the page was loaded anew meanwhile", async () => {
    await killAndWait();
    await window.page.goto("about:blank");
    await home.start();
    await window.page.goBack();
    await home.until(
      all,
      (now) => JSON.stringify(now.map(([verdict]) => verdict)) === '["approved","rejected","approved"]',
      "the kept decisions",
    );
    expect(await all()).toEqual(WANTED);
  });
});

test("after the daemon was killed the page says which sets were taken up, and where", async () => {
  home = makeHome();
  for (let i = 0; i < 24; i += 1)
    await writeJpeg(join(home.inbox, "2026-10 Gulls, Texel", `IMG_${i}.jpg`), { seed: i, width: 2400, height: 1600 });
  const { child } = await home.start();
  await home.until(status, ({ sets }) => sets[0]?.state === "processing", "a set under way");
  child.kill("SIGKILL");
  await once(child, "exit");
  const { link } = await home.start();
  window = await openWindow(browser);
  await window.page.goto(link);
  await window.page.getByText("The last run was cut off. Nothing was lost; 1 set was taken up again:").waitFor();
  expect(await window.page.locator(".banner li").textContent()).toMatch(/^2026-10 Gulls, Texel at \w+$/);
  await window.page.locator("#needs-you .card").waitFor();
});

describe("the page is safe and whole", () => {
  test("a file name made of HTML is text, and runs nothing", async () => {
    await begin([HOSTILE, "IMG_1.jpg", `${"n".repeat(251)}.jpg`, "🦩 flamingo 🦩.jpg"]);
    await openSet();
    const { page, complaints } = window;
    expect(await text(cell(page, HOSTILE).locator(".file"))).toBe(HOSTILE);
    const widths = await page.locator(".cell:visible").evaluateAll((cells) => cells.map((one) => one.clientWidth));
    expect(new Set(widths).size).toBe(1);
    await cell(page, HOSTILE).dblclick();
    await page.locator("#panel-file", { hasText: HOSTILE }).waitFor();
    await page.goto(new URL("/problems", page.url()).href);
    await page.goto(new URL("/s/2026-10-gulls-texel/plain", page.url()).href);
    await page.getByText(HOSTILE).first().waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    expect(complaints).toEqual([]);
  });

  test("without script one can list, look, approve, reject and undo", async () => {
    await begin(FILES, { javaScriptEnabled: false });
    const { page } = window;
    await page.getByRole("link", { name: /^Review / }).click();
    await page.getByRole("button", { name: "Approve IMG_1.jpg" }).click();
    await page.locator("li", { hasText: "IMG_1.jpg" }).getByText("Approved").waitFor();
    await page.getByRole("link", { name: "IMG_2.jpg", exact: true }).click();
    await page.getByRole("button", { name: "Reject IMG_2.jpg" }).click();
    await page.getByRole("heading", { name: "IMG_3.jpg" }).waitFor();
    await page.getByRole("button", { name: "Undo the last decision" }).click();
    await page.locator("li", { hasText: "IMG_2.jpg" }).getByText("Undecided").waitFor();
    expect((await photosOf()).map(({ verdict }) => verdict)).toEqual(["approved", null, null]);
    await page.getByRole("button", { name: /^About/ }).click();
    await page.getByLabel("Subject").fill("Terns");
    await page.getByRole("button", { name: /^Save/ }).click();
    await home.until(photosOf, ([one]) => one?.subject === "Terns" && one.hash !== null, "the new subject");
  });

  test("a form without the session's token changes nothing", async () => {
    await begin(FILES, { javaScriptEnabled: false });
    const { page } = window;
    await page.goto(new URL("/s/2026-10-gulls-texel/plain", page.url()).href);
    const answer = await page.request.post(new URL("/forms/sets/2026-10-gulls-texel/roll-back", page.url()).href, {
      form: { csrf: "guessed" },
      headers: { origin: new URL(page.url()).origin },
    });
    expect(answer.status()).toBe(403);
    expect((await status()).sets).toHaveLength(1);
  });

  test("ten thousand photos need few nodes, and the focus comes along", async () => {
    await begin(FILES);
    const { page } = window;
    await page.route("**/api/sets/*/rows*", async (route) => {
      const { columns, ...rest } = await (await route.fetch()).json();
      const many = Array.from({ length: 10_000 }, (_, i) => i);
      const grown = Object.fromEntries(
        Object.entries(columns).map(([name, values]) => [
          name,
          many.map((i) =>
            name === "id" ? i + 1 : name === "file" ? `IMG_${i + 1}.jpg` : (values as unknown[])[i % 3],
          ),
        ]),
      );
      await route.fulfill({ json: { ...rest, count: many.length, columns: columns.id === undefined ? {} : grown } });
    });
    await openSet();
    await page.keyboard.press("Control+End");
    await cell(page, "IMG_10000.jpg").waitFor();
    expect(await focused(page)).toBe("IMG_10000.jpg");
    await page.locator("#grid").evaluate((grid) => {
      grid.scrollTop = 0;
    });
    await cell(page, "IMG_1.jpg").first().waitFor();
    expect(await page.locator("#grid").evaluate((grid) => grid.querySelectorAll("*").length)).toBeLessThan(600);
    // However far one scrolls, the keyboard keeps its place.
    expect(await focused(page)).toBe("IMG_10000.jpg");
    await page.keyboard.press("k");
    expect(await focused(page)).toBe("IMG_9999.jpg");
  });
});
