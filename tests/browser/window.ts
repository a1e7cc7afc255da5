import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Locator,
  type Page,
} from "playwright-core";

/** The browser of the machine; `PHOTOGATE_CHROMIUM` says where it is if it is not in the usual place. */
const CHROMIUM = process.env["PHOTOGATE_CHROMIUM"] ?? "/usr/bin/chromium";

export const openBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: CHROMIUM,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });

export interface Window {
  readonly page: Page;
  readonly context: BrowserContext;
  /** everything that must not happen: errors, refused scripts, dialogs */
  readonly complaints: string[];
}

export async function openWindow(browser: Browser, options: BrowserContextOptions = {}): Promise<Window> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error.stack)));
  page.on("dialog", (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  return { page, context, complaints };
}

export const text = async (part: Locator): Promise<string> => ((await part.textContent()) ?? "").trim();

/** The cell that shows a photo, by its file name. */
export const cell = (page: Page, file: string) => page.locator(".cell", { hasText: file });

/** The photo that has the focus of the grid. */
export const focused = (page: Page): Promise<string> => text(page.locator(".cell.focus .file"));

/** Waits until the server has everything. */
export const saved = (page: Page): Promise<void> => page.locator('#chip[data-state="saved"]').waitFor();
