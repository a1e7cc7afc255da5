import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { exiftoolPath } from "exiftool-vendored";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sharp } from "../../src/imaging/sharp.ts";
import type { Row } from "../../src/review-server/rows.ts";
import { openBrowser, openWindow } from "../browser/window.ts";
import { dng } from "../fixtures/dng.ts";
import { heic, rotation } from "../fixtures/heic.ts";
import { jpeg } from "../fixtures/make.ts";
import { type Home, makeHome } from "./home.ts";

const FOLDER = "2026-10 Gulls, Texel";

let home: Home;
let set: string;
let photos: readonly Row[];
let link: string;

beforeAll(async () => {
  home = makeHome();
  const folder = join(home.inbox, FOLDER);
  mkdirSync(folder);
  const put = (name: string, bytes: Uint8Array): string => {
    writeFileSync(join(folder, name), bytes);
    return join(folder, name);
  };
  put("phone.HEIC", heic(await jpeg({ seed: 1, width: 1_200, height: 900 }), [rotation(3)]));
  put("raw.DNG", await dng({ orientation: 8 }));
  put("jpeg.HEIC", await jpeg({ seed: 2 }));
  put("heic.jpg", heic(await jpeg({ seed: 3 })));
  put(
    "png.jpg",
    await sharp(await jpeg({ seed: 4 }))
      .png()
      .toBuffer(),
  );
  put("picture.jxl", Buffer.from([0xff, 0x0a, 0xfa, 0x1f, 1, 2, 3]));
  put("layers.jpg", Buffer.from("8BPS\0\x01\0\0", "latin1"));
  const undated = put("undated.jpg", await jpeg({ seed: 5, takenAt: null }));
  utimesSync(undated, Date.UTC(2020, 0, 2) / 1_000, Date.UTC(2020, 0, 2) / 1_000);
  const described = put("described.jpg", await jpeg({ seed: 6 }));
  execFileSync("perl", [
    await exiftoolPath(),
    "-q",
    "-overwrite_original",
    "-XMP-dc:Description=A gull, flying low",
    "-XMP-dc:Subject=gull",
    "-XMP-xmp:Rating=4",
    described,
  ]);
  const sidecar = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    xmlns:dc="http://purl.org/dc/elements/1.1/"><rdf:Description><dc:description><rdf:Alt><rdf:li xml:lang="x-default">A tern
    </rdf:li></rdf:Alt></dc:description></rdf:Description></rdf:RDF></x:xmpmeta>`;
  put("heic.XMP", Buffer.from(sidecar));
  ({ link } = await home.start());
  const { sets } = await home.until(
    () => home.json("list"),
    ({ sets: now }) => now[0]?.state === "ready",
    "the set at the gate",
  );
  set = sets[0]?.id ?? "";
  ({ photos } = await home.json("list", set));
}, 120_000);
afterAll(async () => home.dispose());

const photo = (file: string): Row | undefined => photos.find((one) => one.file === file);

test.each([
  ["phone.HEIC", 900, 1_200],
  ["raw.DNG", 1_080, 1_620],
  ["jpeg.HEIC", 640, 480],
  ["heic.jpg", 640, 480],
  ["png.jpg", 640, 480],
])("%s comes to the gate by its content, upright", (file, width, height) => {
  expect(photo(file)).toMatchObject({ culled: null, width, height });
  expect(photo(file)?.name).toMatch(/\.JPG$/);
});

test("a RAW says what it is shown by, and has the camera's tags", () => {
  expect(photo("raw.DNG")).toMatchObject({
    embedded: { width: 1_620, height: 1_080, isSmall: false },
    camera: "Trial One",
    takenAt: "2026:10:14 08:12:33",
  });
});

test.each([
  ["picture.jxl", /JPEG XL; .*GIMP 3/],
  ["layers.jpg", /Photoshop document; .*Photoshop/],
])("%s is refused with the name of a program that reads it", (file, why) => {
  expect(photo(file)?.culled).toMatchObject({ code: "photo.unsupported", why: expect.stringMatching(why) });
});

test("what was written is there beside the fields, and proposed unchanged", () => {
  expect(photo("described.jpg")).toMatchObject({
    caption: "A gull, flying low",
    keywords: ["gull"],
    wordsFrom: { caption: "file", altText: "captioner", keywords: "file" },
    written: [
      { what: "Caption", value: "A gull, flying low", from: "file" },
      { what: "Keywords", value: "gull", from: "file" },
      { what: "Rating", value: "4 of 5", from: "file" },
    ],
  });
  expect(photo("heic.jpg")).toMatchObject({
    caption: "A tern",
    wordsFrom: { caption: "sidecar" },
    written: [{ what: "Caption", value: "A tern", from: "sidecar" }],
  });
  expect(photo("png.jpg")?.written).toEqual([]);
});

test("gauntlet 13: a file without a date has none, and its file's time only under that name", () => {
  expect(photo("undated.jpg")).toMatchObject({ takenAt: null, timeSource: null, fileTime: "2020-01-02T00:00:00.000Z" });
  expect(photo("undated.jpg")?.name).not.toContain("2020");
  expect(photo("png.jpg")?.timeSource).toBeNull();
});

test("the panel shows all of it", async () => {
  const browser = await openBrowser();
  try {
    const { page, complaints } = await openWindow(browser);
    await page.goto(link);
    await page.getByRole("link", { name: /^Review / }).click();
    const open = async (file: string): Promise<string> => {
      await page.locator(".cell", { hasText: file }).dblclick();
      await page.locator("#panel-file", { hasText: file }).waitFor();
      const shown = await page.locator("#panel").innerText();
      await page.keyboard.press("Escape");
      return shown;
    };
    const described = await open("described.jpg");
    expect(described).toContain("Already in the file");
    expect(described).toContain("4 of 5");
    expect(described).toContain("already in the file");
    const undated = await open("undated.jpg");
    expect(undated).toContain("no date in the file; 2020-01-02 00:00 UTC is the file's time, not the camera's");
    expect(undated).not.toContain("Already in the file");
    expect(await open("raw.DNG")).toContain("the JPEG in the RAW, 1620 × 1080");
    expect(complaints).toEqual([]);
  } finally {
    await browser.close();
  }
});

test("HEIC and RAW are published upright, with nothing of the camera in them", async () => {
  await home.cli("approve", set, "--filter", "file:phone");
  await home.cli("approve", set, "--filter", "file:raw");
  await home.cli("publish", set, "--yes");
  await home.until(
    () => home.json("list"),
    ({ sets }) => sets[0]?.counts.archived === 2,
    "two published photos",
  );
  const published = (await home.json("list", set)).photos.flatMap(({ published: one }) => (one === null ? [] : [one]));
  const pictures = await Promise.all(published.map(({ path }) => sharp(path).metadata()));
  expect(pictures.map(({ width, height }) => width < height).every(Boolean)).toBe(true);
  expect(pictures.every(({ exif, xmp }) => exif === undefined && xmp === undefined)).toBe(true);
});

/** ExifTool processes of a daemon. */
const perlsOf = (daemon: number): string[] =>
  readFileSync(`/proc/${daemon}/task/${daemon}/children`, "utf8")
    .split(" ")
    .filter((pid) => pid !== "" && commandOf(pid).includes("exiftool"));
const commandOf = (pid: string): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
};

test("a killed daemon leaves no ExifTool behind", async () => {
  const { pid }: { pid: number } = JSON.parse(readFileSync(join(home.path, "data", "daemon.json"), "utf8"));
  writeFileSync(join(home.inbox, "late.DNG"), await dng({ takenAt: "2026:01:01 01:01:01" }));
  const perls = await home.until(
    async () => perlsOf(pid),
    ({ length }) => length > 0,
    "an ExifTool process",
  );
  process.kill(pid, "SIGKILL");
  await home.until(
    async () => perls.filter((one) => commandOf(one) !== ""),
    ({ length }) => length === 0,
    "the end of the ExifTool process",
  );
});
