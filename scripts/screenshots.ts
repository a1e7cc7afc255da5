/**
 * Pictures of the running product: starts the built daemon on a home of its own with the practice set and visits its pages.
 * With no words, the ones the README shows go to docs/images; with --all every page in three sizes goes to .cache/screens.
 */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium, type Page } from "playwright-core";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const ALL = process.argv.includes("--all");
const SIZES = ALL
  ? [
      { width: 1440, height: 900 },
      { width: 1024, height: 768 },
      { width: 390, height: 844 },
    ]
  : [{ width: 1440, height: 900 }];
const OUT = join(ROOT, ALL ? ".cache/screens" : "docs/images");

const home = mkdtempSync(join(tmpdir(), "photogate-screens-"));
writeFileSync(
  join(home, "photogate.jsonc"),
  JSON.stringify({ settle: { quietSeconds: 2, patienceSeconds: 2 }, review: { port: 0 } }),
);
const daemon = spawn(
  process.execPath,
  [join(ROOT, "dist/cli.js"), "start", "--no-open", "--practice", "--home", home],
  { stdio: ["ignore", "pipe", "inherit"] },
);
const link = await new Promise<string>((resolve) => {
  let said = "";
  daemon.stdout.on("data", (chunk) => {
    said += String(chunk);
    const found = /http:\S+\/open\?t=\S+/.exec(said)?.[0];
    if (found !== undefined) resolve(found);
  });
});
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
const context = await browser.newContext();
const page = await context.newPage();
await page.goto(link);
const origin = new URL(page.url()).origin;

mkdirSync(OUT, { recursive: true });
const take = async (name: string): Promise<void> => {
  for (const size of SIZES) {
    await page.setViewportSize(size);
    await settled(page);
    await page.screenshot(
      ALL ? { path: join(OUT, `${name}-${size.width}.png`) } : { path: join(OUT, `${name}.jpg`), quality: 85 },
    );
  }
  await page.setViewportSize({ width: 1440, height: 900 });
};

await page.setViewportSize({ width: 1440, height: 900 });
const set = await cardIn((state) => state === "ready");
dropMore("2026-11 Herons, IJssel");
await cardIn((state) => state === "processing");
await page.waitForTimeout(2_000);
await take("home");
if (ALL) await page.goto(origin).then(() => take("home-ready"));
await page.goto(`${origin}/s/${set}`);
await page.waitForSelector('[role="gridcell"] img');
for (const key of ["a", "a", "x", "s", "a"]) await page.keyboard.press(key);
await page.locator('#chip[data-state="saved"]').waitFor();
await take("set");
await page.keyboard.press("Enter");
await take("photo");
await page.keyboard.press("Escape");
await page.goto(`${origin}/s/${set}/publish`);
await take("publish");
if (ALL) {
  await page.goto(`${origin}/s/${set}/groups`);
  await take("groups");
  await page.goto(`${origin}/s/${set}/groups/1`);
  await take("group");
}
await page.goto(`${origin}/problems`);
if (ALL) await take("problems");

await browser.close();
const gone = new Promise((resolve) => daemon.once("exit", resolve));
daemon.kill("SIGTERM");
await gone;
rmSync(home, { recursive: true, force: true });

/**
 * The practice photos six times over: a set that is at work long enough to be looked at. Each with a comment of its own,
 * since the same bytes again are the same photos, and no set.
 */
function dropMore(folder: string): void {
  const inbox = join(home, "inbox");
  const practice = readdirSync(inbox).find((name) => name.includes("Practice")) ?? "";
  mkdirSync(join(inbox, folder));
  for (const file of readdirSync(join(inbox, practice)))
    for (let copy = 1; copy <= 6; copy += 1) {
      const photo = readFileSync(join(inbox, practice, file));
      const comment = Buffer.from([0xff, 0xfe, 0, 3, copy]);
      const bytes = Buffer.concat([photo.subarray(0, 2), comment, photo.subarray(2)]);
      writeFileSync(join(inbox, folder, file.replace("_", `_${copy}`)), bytes);
    }
}

/** Waits until a set is in a state, as the API tells it. */
async function cardIn(fits: (state: string) => boolean): Promise<string> {
  for (;;) {
    const answer: { sets: { id: string; state: string }[] } = await page.evaluate(() =>
      fetch("/api/sets").then((response) => response.json()),
    );
    const card = answer.sets.find(({ state }) => fits(state));
    if (card !== undefined) return card.id;
    await page.waitForTimeout(200);
  }
}

/** All pictures on the screen are decoded. */
async function settled(of: Page): Promise<void> {
  await of.evaluate(async () => {
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    await Promise.all([...document.images].map((image) => image.decode().catch(() => undefined)));
  });
}
