import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readConfig } from "../src/config.ts";
import { type CropsOptions, crops } from "../src/cropping.ts";
import { type Sidecar, SidecarSchema } from "../src/domain/crop-sidecar.ts";
import { Fault } from "../src/domain/fault.ts";
import { sharp } from "../src/imaging/sharp.ts";
import { dng } from "./fixtures/dng.ts";
import { heic } from "./fixtures/heic.ts";
import { pictureWithSubject, type Subject } from "./fixtures/subject.ts";

let home: string;
let folder: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "photogate-crops-"));
  folder = join(home, "gulls");
  mkdirSync(folder);
});
afterEach(() => rmSync(home, { recursive: true }));

const RIGHT: Subject = { x: 0.72, y: 0.5, radius: 0.09 };

async function photo(
  name: string,
  { width = 960, height = 640, subject = RIGHT, seed = 1, orientation = 1 } = {},
): Promise<string> {
  const { data } = pictureWithSubject({ width, height }, subject, seed);
  const path = join(folder, name);
  const jpeg = sharp(Buffer.from(data), { raw: { width, height, channels: 3 } }).withMetadata({ orientation });
  writeFileSync(path, await (name.toLowerCase().endsWith(".png") ? jpeg.png() : jpeg.jpeg({ quality: 92 })).toBuffer());
  return path;
}

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly notes: readonly string[];
}

async function run(options: CropsOptions = {}, where = folder): Promise<Ran> {
  const [out, notes]: [string[], string[]] = [[], []];
  const code = await crops(
    readConfig(home),
    where,
    options,
    (line) => out.push(line),
    (line) => notes.push(line),
  );
  return { code, out: out.join("\n"), notes };
}

const named = (name: string): Sidecar =>
  SidecarSchema.parse(JSON.parse(readFileSync(join(folder, `${name}.crop.json`), "utf8")));
const sidecarsThere = (): string[] => readdirSync(folder).filter((name) => name.endsWith(".crop.json"));
const bytesBelow = (): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder).map((name) => [
      name,
      createHash("sha256")
        .update(readFileSync(join(folder, name)))
        .digest("hex"),
    ]),
  );
const faultOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "none",
    (failure) => (failure instanceof Fault ? `${failure.code}: ${failure.message}` : String(failure)),
  );

describe("what is sure is written down, and the rest is listed", () => {
  test("beside each photo, with the hash of what it speaks of, and no photo is touched", async () => {
    await photo("DSC_1.JPG");
    await photo("DSC_2.JPG", { width: 640, height: 960, subject: { x: 0.5, y: 0.3, radius: 0.2 } });
    const before = bytesBelow();
    const { code, out, notes } = await run({ aspect: "16:9,1:1", acceptAbove: "0.6" });
    expect([code, sidecarsThere()]).toEqual([0, ["DSC_1.JPG.crop.json", "DSC_2.JPG.crop.json"]]);
    expect(bytesBelow()).toMatchObject(before);
    expect(out).toBe("2 photos: 2 written, 0 as they were, 0 to review, 0 left alone.");
    expect(notes).toEqual(["2 of 2 photos"]);

    const { image, crops: chosen } = named("DSC_1.JPG");
    expect(image).toEqual({
      name: "DSC_1.JPG",
      sha256: before["DSC_1.JPG"],
      width: 960,
      height: 640,
      orientation: 1,
      isPreview: false,
    });
    expect(chosen.map(({ aspect }) => aspect)).toEqual(["16:9", "1:1"]);
    expect(chosen[1]?.pixels).toMatchObject({ y: 0, width: 640, height: 640 });
    expect(named("DSC_2.JPG").crops.map(({ aspect }) => aspect)).toEqual(["1:1"]);
  });

  test("what is not sure waits for a person, and the exit code says so", async () => {
    await photo("DSC_1.JPG");
    const { code, out } = await run({ aspect: "1:1", acceptAbove: "1" });
    expect([code, sidecarsThere()]).toEqual([10, []]);
    expect(out).toMatch(/^DSC_1\.JPG: 1:1 to review: its confidence is 0\.\d+\n1 photos: 0 written.*1 to review/);
  });

  test("as JSON, for every photo, in the order of their names", async () => {
    for (const name of ["b.jpg", "a.jpg"]) await photo(name);
    writeFileSync(join(folder, "c.jpg"), "no picture");
    const { code, out } = await run({ aspect: "1:1", acceptAbove: "0.6", json: true });
    const report = JSON.parse(out);
    expect(code).toBe(1);
    expect(report).toMatchObject({
      schema: "photogate.crops-report",
      version: 1,
      folder,
      acceptAbove: 0.6,
      aspects: ["1:1"],
      copiedFrom: null,
      counts: { photos: 3, written: 2, unchanged: 0, toReview: 0, leftAlone: 1 },
    });
    expect(report.photos.map((one: { file: string; outcome: string }) => [one.file, one.outcome])).toEqual([
      ["a.jpg", "written"],
      ["b.jpg", "written"],
      ["c.jpg", "left-alone"],
    ]);
    expect(report.photos[2].problem.code).toMatch(/^photo\./);
  });

  test("a second run changes nothing", async () => {
    await photo("DSC_1.JPG");
    await run({ acceptAbove: "0.6" });
    const before = bytesBelow();
    const { out } = await run({ acceptAbove: "0.6" });
    expect(out).toContain("0 written, 1 as they were");
    expect((await run({ acceptAbove: "0.6", aspect: "1:1" })).out).toContain("0 written, 1 as they were");
    expect(bytesBelow()).toEqual(before);
  });

  test("a photo that was edited since gets a new sidecar, without what was said of the old one", async () => {
    await photo("DSC_1.JPG");
    await run({ acceptAbove: "0.6", aspect: "1:1" });
    const before = named("DSC_1.JPG");
    await photo("DSC_1.JPG", { subject: { ...RIGHT, x: 0.25 } });
    await run({ acceptAbove: "0.6", aspect: "16:9" });
    const after = named("DSC_1.JPG");
    expect(after.image.sha256).not.toBe(before.image.sha256);
    expect(after.crops.map(({ aspect }) => aspect)).toEqual(["16:9"]);
  });

  test("below the folder too; links are left alone and said", async () => {
    mkdirSync(join(folder, "second card"));
    await photo("second card/DSC_1.JPG");
    symlinkSync(join(folder, "second card/DSC_1.JPG"), join(folder, "link.jpg"));
    const { code, out } = await run({ aspect: "1:1", acceptAbove: "0.6" });
    expect(code).toBe(1);
    expect(out).toContain("link.jpg: left alone: link.jpg is a link (drop.symlink).");
    expect(readdirSync(join(folder, "second card"))).toEqual(["DSC_1.JPG", "DSC_1.JPG.crop.json"]);
  });
});

describe("a file that is there already is never lost", () => {
  test.each([
    ["somebody else's", () => '{"crop": [0, 0, 1, 1]}', "is not one of Photogate's"],
    ["ours, changed by hand", (text: string) => text.replace('"x": 0.', '"x": 0.0'), "was changed since"],
  ])("a sidecar that is %s: it is named, and the other photos go on", async (_, change, why) => {
    await photo("DSC_1.JPG");
    await run({ acceptAbove: "0.6", aspect: "1:1" });
    const path = join(folder, "DSC_1.JPG.crop.json");
    const changed = change(readFileSync(path, "utf8"));
    writeFileSync(path, changed);
    await photo("DSC_2.JPG", { seed: 2 });
    const { code, out } = await run({ acceptAbove: "0.6", aspect: "16:9,1:1" });
    expect(code).toBe(1);
    expect(out).toContain(`DSC_1.JPG: left alone: DSC_1.JPG.crop.json ${why}`);
    expect(out).toContain("(crop.sidecar-taken)");
    expect(readFileSync(path, "utf8")).toBe(changed);
    expect(named("DSC_2.JPG").crops).toHaveLength(2);
  });

  test("an XMP of another program: the crop is in the sidecar only", async () => {
    await photo("DSC_1.JPG");
    writeFileSync(join(folder, "dsc_1.XMP"), "<x/>");
    const { code, out } = await run({ acceptAbove: "0.6", aspect: "1:1", xmp: true });
    expect([code, readFileSync(join(folder, "dsc_1.XMP"), "utf8")]).toEqual([1, "<x/>"]);
    expect(out).toContain("dsc_1.XMP is there already (crop.xmp-taken)");
    expect(named("DSC_1.JPG")).toMatchObject({ xmp: null, crops: [{ aspect: "1:1" }] });
    expect(readdirSync(folder).filter((name) => /xmp$/i.test(name))).toEqual(["dsc_1.XMP"]);
  });

  test("a folder that is called like the sidecar: said, and nothing is left behind", async () => {
    await photo("DSC_1.JPG");
    mkdirSync(join(folder, "DSC_1.JPG.crop.json"));
    const { code, out } = await run({ acceptAbove: "0.6", aspect: "1:1" });
    expect([code, readdirSync(folder)]).toEqual([1, ["DSC_1.JPG", "DSC_1.JPG.crop.json"]]);
    expect(out).toContain("crop.sidecar-taken");
  });
});

describe("photos of every kind", () => {
  test("a RAW by the JPEG in it, and its twin, the JPEG beside it, as one photo", async () => {
    const { data } = pictureWithSubject({ width: 1_200, height: 800 }, RIGHT);
    const preview = await sharp(Buffer.from(data), { raw: { width: 1_200, height: 800, channels: 3 } })
      .jpeg()
      .toBuffer();
    writeFileSync(join(folder, "DSC_1.dng"), await dng({ preview, orientation: 8 }));
    await photo("DSC_2.JPG");
    writeFileSync(join(folder, "DSC_2.NEF"), "only its name is looked at");
    const { code } = await run({ acceptAbove: "0.45", aspect: "1:1,4:5" });
    expect([code, sidecarsThere()]).toEqual([0, ["DSC_1.dng.crop.json", "DSC_2.JPG.crop.json"]]);
    expect(named("DSC_1.dng").image).toMatchObject({ width: 800, height: 1_200, orientation: 8, isPreview: true });
  });

  test("a HEIC, a picture of one pixel, and one that was cut short", async () => {
    writeFileSync(join(folder, "a.heic"), heic(readFileSync(await photo("a.png"))));
    rmSync(join(folder, "a.png"));
    writeFileSync(
      join(folder, "b.png"),
      await sharp({ create: { width: 1, height: 1, channels: 3, background: "red" } })
        .png()
        .toBuffer(),
    );
    const whole = readFileSync(await photo("c.jpg"));
    writeFileSync(join(folder, "c.jpg"), whole.subarray(0, whole.length / 2));
    const { code, out } = await run({ json: true });
    const outcomes = JSON.parse(out).photos.map((one: { outcome: string; problem: { code: string } | null }) => [
      one.outcome,
      one.problem?.code ?? null,
    ]);
    expect(code).toBe(1);
    expect(outcomes.slice(1)).toEqual([
      ["nothing-sure", null],
      ["left-alone", "photo.truncated"],
    ]);
    expect(outcomes[0]?.[1]).toBeNull();
  });
});

test("a signal stops it; what is written is whole, and the same command goes on", async () => {
  for (let i = 1; i <= 30; i += 1) await photo(`DSC_${i}.png`, { width: 96, height: 64, seed: i });
  const [out, notes]: [string[], string[]] = [[], []];
  const asked = { acceptAbove: "0.45", aspect: "1:1" };
  const code = await crops(
    readConfig(home),
    folder,
    asked,
    (line) => out.push(line),
    (line) => {
      notes.push(line);
      process.emit("SIGINT");
    },
  );
  expect([code, notes[0], notes.at(-1)]).toEqual([
    130,
    "25 of 30 photos",
    "Stopped. What is written stays; the same command goes on.",
  ]);
  const written = sidecarsThere();
  expect(written.length).toBeGreaterThanOrEqual(25);
  expect(written.length).toBeLessThan(30);
  for (const name of written) expect(named(name.replace(".crop.json", "")).crops).toHaveLength(1);
  expect(readdirSync(folder).filter((name) => !/\.(png|crop\.json)$/.test(name))).toEqual([]);
  expect((await run(asked)).out).toContain("0 left alone");
  expect(sidecarsThere()).toHaveLength(30);
}, 60_000);

describe("XMP", () => {
  test("is written with the stored picture's fractions, belongs to its sidecar, and is replaced only as long as it is ours", async () => {
    await photo("DSC_1.JPG", { orientation: 6 });
    const first = await run({ acceptAbove: "0.45", aspect: "4:5", xmp: true });
    expect(first.out).toContain("1 written");
    const path = join(folder, "DSC_1.xmp");
    const text = readFileSync(path, "utf8");
    const {
      xmp,
      crops: [crop],
      image,
    } = named("DSC_1.JPG");
    if (crop === undefined) throw new Error("no crop");
    expect(image).toMatchObject({ width: 640, height: 960, orientation: 6 });
    expect(xmp).toEqual({ name: "DSC_1.xmp", sha256: createHash("sha256").update(text).digest("hex") });
    expect(text).toContain('tiff:ImageWidth="960"');
    // Stored left is upright top.
    expect(text).toContain(`crs:CropLeft="${crop.y}"`);

    expect((await run({ acceptAbove: "0.45", aspect: "4:5", xmp: true })).out).toContain("1 as they were");
    await run({ acceptAbove: "0.45", aspect: "1:1", xmp: true });
    expect(readFileSync(path, "utf8")).not.toBe(text);
    writeFileSync(path, `${text}<!-- mine -->`);
    const { out } = await run({ acceptAbove: "0.45", aspect: "4:5", xmp: true });
    expect(out).toContain("crop.xmp-taken");
    expect(readFileSync(path, "utf8")).toBe(`${text}<!-- mine -->`);
  });

  test("two pictures that would share one get none", async () => {
    await photo("DSC_1.JPG");
    await photo("DSC_1.png", { seed: 2 });
    const { out } = await run({ acceptAbove: "0.6", aspect: "1:1", xmp: true });
    expect(out).toContain("DSC_1.JPG and DSC_1.png would share one XMP file");
    expect(readdirSync(folder).sort()).toEqual([
      "DSC_1.JPG",
      "DSC_1.JPG.crop.json",
      "DSC_1.png",
      "DSC_1.png.crop.json",
    ]);
  });
});

describe("the crop of one photo for all", () => {
  test("is theirs in their own pixels; upright ones are for a person; the source stays as somebody made it", async () => {
    const source = await photo("DSC_1.JPG");
    await run({ acceptAbove: "0.6", aspect: "1:1" });
    const path = `${source}.crop.json`;
    const mine = readFileSync(path, "utf8").replace(/"x": 0\.\d+/, '"x": 0.125');
    writeFileSync(path, mine);
    await photo("DSC_2.JPG", { width: 480, height: 320, seed: 2 });
    await photo("DSC_3.JPG", { width: 640, height: 960, seed: 3 });
    const { code, out } = await run({ copyFrom: source });
    expect(code).toBe(10);
    expect(out).toContain("DSC_3.JPG: 1:1 to review: 640 x 960 has other proportions than DSC_1.JPG");
    expect(readFileSync(path, "utf8")).toBe(mine);
    expect(named("DSC_2.JPG").crops).toEqual([
      expect.objectContaining({
        x: 0.125,
        pixels: { x: 60, y: 0, width: 320, height: 320 },
        origin: { kind: "copied", from: "DSC_1.JPG" },
      }),
    ]);
    // A proposal does not take back what a person has chosen.
    await run({ acceptAbove: "0.45" });
    expect(named("DSC_2.JPG").crops.find(({ aspect }) => aspect === "1:1")?.origin.kind).toBe("copied");
  });

  test("may be said as the sidecar itself", async () => {
    const source = await photo("DSC_1.JPG");
    await run({ acceptAbove: "0.6", aspect: "1:1" });
    await photo("DSC_2.JPG", { seed: 2 });
    const { code } = await run({ copyFrom: `${source}.crop.json`, aspect: "1:1" });
    expect([code, named("DSC_2.JPG").crops[0]?.origin.kind]).toEqual([0, "copied"]);
  });
});

describe("what cannot be done is refused before anything is opened", () => {
  test.each([
    [{ acceptAbove: "0.3" }, "crop.asked: --accept-above is 0.3, not a number from 0.45 to 1"],
    [{ acceptAbove: "much" }, "crop.asked: --accept-above is much"],
    [{ aspect: "5:4" }, "crop.asked: --aspect is 5:4, not 4:5, 16:9"],
    [{ xmp: true }, "crop.asked: --xmp holds one crop, not 4:5, 16:9"],
    [{ copyFrom: "nobody.jpg" }, "nobody.jpg.crop.json is not there"],
  ])("%o", async (options, why) => {
    await photo("DSC_1.JPG");
    expect(await faultOf(run(options))).toContain(why);
    expect(readdirSync(folder)).toEqual(["DSC_1.JPG"]);
  });

  test("a folder that is not there", async () => {
    expect(await faultOf(run({}, join(folder, "nowhere")))).toMatch(/^folder\.unusable/);
  });

  test("a copy of an aspect the source does not have, or from what is no sidecar", async () => {
    const source = await photo("DSC_1.JPG");
    await run({ acceptAbove: "0.6", aspect: "1:1" });
    expect(await faultOf(run({ copyFrom: source, aspect: "16:9" }))).toContain("has no crop of 16:9");
    writeFileSync(`${source}.crop.json`, "{}");
    expect(await faultOf(run({ copyFrom: source }))).toContain("is no sidecar of a crop");
  });
});
