import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Browser, chromium, type Page } from "playwright-core";
import { firstSightOf } from "../src/first-sight.ts";
import { sharp } from "../src/imaging/sharp.ts";
import { readEnds } from "../src/originals.ts";
import { readRuntime } from "../src/runtime.ts";
import { busyJpeg, withPictures } from "../tests/fixtures/embedded.ts";
import { aPhoto } from "../tests/store/home.ts";
import { CACHE, corpus } from "./corpus.ts";
import { drop, endDaemon, linesOf, makeHome, removeHome, startDaemon, timeToGate } from "./daemon.ts";
import type { Figure, Suite } from "./figures.ts";

const SET = 500;
const BEFORE = 40;
const VISITS = 600;
const PAUSE_MS = 5;
const POLL_MS = 10;

/** The first sight of a set of 500 that was dropped a moment ago, and what the page is like while it is worked on. */
export const sight: Suite = {
  name: "sight",
  async measure({ note }) {
    const files = await photosWithPictures(note);
    const home = makeHome();
    const daemon = await startDaemon(home);
    const browser = await chromium.launch({
      executablePath: process.env["PHOTOGATE_CHROMIUM"] ?? "/usr/bin/chromium",
      args: ["--no-sandbox", "--disable-gpu"],
    });
    try {
      drop(home, "before", files.slice(SET));
      await timeToGate(home, "before", BEFORE);
      const page = await signedIn(home, browser);
      note("idle …");
      const idle = await visits(home, () => true);
      note(`${SET} photos …`);
      drop(home, "sight", files.slice(0, SET));
      const screen = await firstScreen(home, page);
      await browser.close();
      const running = await visits(home, () => !isAtGate(home));
      note(`${running.length} answers while it was worked on, ${idle.length} before`);
      return [
        ...(await cpuOf(files.slice(0, SET))),
        { name: "sight.screen", value: screen / 1_000, unit: "s to the first screen", goal: 2, better: "lower" },
        { name: "sight.idle-p99", value: p99(idle), unit: "ms", goal: null, better: "lower" },
        { name: "sight.run-p99", value: p99(running), unit: "ms", goal: null, better: "lower" },
        { name: "sight.page-p99", value: p99(running) / p99(idle), unit: "x idle", goal: 1.5, better: "lower" },
      ];
    } finally {
      await browser.close();
      await endDaemon(daemon);
      removeHome(home);
    }
  },
};

/** One photo in as many files as are wanted, no two alike, each with a thumbnail and a preview as cameras write them. */
async function photosWithPictures(note: (line: string) => void): Promise<string[]> {
  const folder = join(CACHE, "sight-1");
  mkdirSync(folder, { recursive: true });
  const files = Array.from({ length: SET + BEFORE }, (_, i) =>
    join(folder, `DSC_${String(i + 1).padStart(4, "0")}.JPG`),
  );
  if (files.every((file) => existsSync(file))) return files;
  const [model = ""] = await corpus(1, { note, corpus: undefined });
  const photo = await sharp(model).resize(2_400).jpeg({ quality: 90 }).toBuffer();
  const [thumbnail, preview] = [await sharp(photo).resize(160).jpeg().toBuffer(), await busyJpeg(1_600, 1_200)];
  for (const [i, file] of files.entries()) {
    const comment = Buffer.from([0xff, 0xfe, 0, 4, i >> 8, i & 0xff]);
    const other = Buffer.concat([photo.subarray(0, 2), comment, photo.subarray(2)]);
    writeFileSync(`${file}.part`, withPictures(other, { thumbnail, preview, orientation: i % 5 === 0 ? 6 : 1 }));
    renameSync(`${file}.part`, file);
  }
  return files;
}

async function cpuOf(files: readonly string[]): Promise<Figure[]> {
  const firstSight = firstSightOf({ ends: readEnds });
  const figures: Figure[] = [];
  for (const kind of ["sight", "sight-large"] as const) {
    const before = process.cpuUsage();
    for (const path of files) {
      const { bytes } = await readEnds(path, 0, 0);
      const jpeg = await firstSight(aPhoto({ source: { path, bytes, mtimeMs: 0, nameIsText: true } }), kind);
      if (jpeg === undefined) throw new Error(`${path} has no ${kind}`);
    }
    const { user, system } = process.cpuUsage(before);
    const value = (user + system) / 1_000 / files.length;
    figures.push({ name: `${kind}.cpu`, value, unit: "ms CPU a photo", goal: 10, better: "lower" });
  }
  return figures.map((figure) => ({ ...figure, name: figure.name.replace("sight-large.cpu", "sight.large-cpu") }));
}

interface Door {
  readonly origin: string;
  readonly headers: Readonly<Record<string, string>>;
}

function doorOf(home: string): Door {
  const runtime = readRuntime(join(home, "data"));
  if (runtime === undefined) throw new Error("the daemon does not run");
  return { origin: `http://127.0.0.1:${runtime.port}`, headers: { authorization: `Bearer ${runtime.token}` } };
}

async function signedIn(home: string, browser: Browser): Promise<Page> {
  const { origin, headers } = doorOf(home);
  const answer = await fetch(`${origin}/api/cli/link`, {
    method: "POST",
    body: "{}",
    headers: { ...headers, "content-type": "application/json" },
  });
  const { token } = (await answer.json()) as { token: string };
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(`${origin}/open?t=${token}`);
  return page;
}

const isAtGate = (home: string): boolean =>
  linesOf(home).some(({ msg, set }) => msg === "set.awaits-review" && set === "sight");

/** @returns ms from the moment the set was taken in until every picture on the screen is drawn */
async function firstScreen(home: string, page: Page): Promise<number> {
  for (;;) {
    const opened = linesOf(home).find(({ msg, set }) => msg === "set.opened" && set === "sight");
    if (opened !== undefined) {
      await page.goto(`${doorOf(home).origin}/s/sight`);
      await page.waitForFunction(() => {
        const pictures = [...document.querySelectorAll<HTMLImageElement>(".cell:not([hidden]) img")];
        return pictures.length > 8 && pictures.every((image) => image.complete && image.naturalWidth > 0);
      });
      return Date.now() - Date.parse(opened.time);
    }
    await sleep(POLL_MS);
  }
}

/** What a person does who reviews one set while another is worked on: pages, rows, pictures. @returns ms of each answer */
async function visits(home: string, goesOn: () => boolean): Promise<number[]> {
  const { origin, headers } = doorOf(home);
  const get = async (path: string): Promise<Response> => fetch(`${origin}${path}`, { headers });
  const { columns } = (await (await get("/api/sets/before/rows")).json()) as {
    columns: { previews: { small: string; large: string }[] };
  };
  const paths = columns.previews.flatMap(({ small, large }) => [
    "/",
    "/s/before",
    "/api/sets/before/rows",
    small,
    large,
  ]);
  const times: number[] = [];
  for (let i = 0; i < VISITS && goesOn(); i += 1) {
    const from = performance.now();
    await (await get(paths[i % paths.length] ?? "/")).arrayBuffer();
    times.push(performance.now() - from);
    await sleep(PAUSE_MS);
  }
  return times;
}

const p99 = (times: readonly number[]): number =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? Number.NaN;
