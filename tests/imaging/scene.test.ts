import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readExif } from "../../src/imaging/exif.ts";
import { perceptualHashes } from "../../src/imaging/fingerprints.ts";
import { type Luma, laplacianVariance, lumaOf, meansOf } from "../../src/imaging/measures.ts";
import { type Frame, paint, photograph } from "../../src/imaging/scene.ts";
import { SCENES } from "../../src/imaging/scenery.ts";
import { sharp } from "../../src/imaging/sharp.ts";

const signal = new AbortController().signal;
const folder = mkdtempSync(join(tmpdir(), "scene-"));

const frame = (changes: Partial<Frame> = {}): Frame => ({
  scene: "gullOverSea",
  seed: 5,
  moment: 0,
  shaken: false,
  tags: {
    make: "NIKON CORPORATION",
    model: "NIKON Z 8",
    lens: "NIKKOR Z 24-200mm f/4-6.3 VR",
    takenAt: "2026:10:14 11:16:03",
    subSec: "05",
    exposure: "1/2000",
    aperture: 6.3,
    iso: 400,
    focalLength: 200,
  },
  ...changes,
});

const hashOf = (luma: Luma): string => perceptualHashes(meansOf(luma)).phash;

async function lumaOfFrame(changes: Partial<Frame>) {
  const { data, info } = await sharp(await photograph(frame(changes), signal))
    .resize(1024)
    .raw()
    .toBuffer({ resolveWithObject: true });
  return lumaOf(data, info.width, info.height);
}

/** How many of 64 bits differ. */
function distance(a: string, b: string): number {
  const bits = (BigInt(`0x${a}`) ^ BigInt(`0x${b}`)).toString(2);
  return bits.replaceAll("0", "").length;
}

describe("a painted scene", () => {
  test.each(Object.keys(SCENES))("%s has light and shade in every corner", async (name) => {
    const scene = Object.keys(SCENES).find((one): one is Frame["scene"] => one === name) ?? "daisy";
    const { data, width, height } = await paint({ scene, seed: 3, moment: 0 }, 240, signal);
    expect(data.length).toBe(width * height * 3);
    const { channels } = await sharp(data, { raw: { width, height, channels: 3 } }).stats();
    for (const { stdev, mean } of channels) {
      expect(stdev).toBeGreaterThan(10);
      expect(mean).toBeGreaterThan(20);
      expect(mean).toBeLessThan(235);
    }
  });

  test("is the same for the same seed, and another for another", async () => {
    const once = await paint(frame(), 120, signal);
    const again = await paint(frame(), 120, signal);
    const other = await paint(frame({ seed: 6 }), 120, signal);
    expect(Buffer.compare(once.data, again.data)).toBe(0);
    expect(Buffer.compare(once.data, other.data)).not.toBe(0);
  });

  test("is not finished when somebody says stop", async () => {
    await expect(paint(frame(), 1200, AbortSignal.abort())).rejects.toThrow("aborted");
  });
});

describe("a photo of a scene", () => {
  test("has the tags of the camera, and says that it is for practice", async () => {
    const file = join(folder, "tags.jpg");
    writeFileSync(file, await photograph(frame(), signal));
    expect(await readExif(file, 1e9)).toEqual({
      takenAt: "2026:10:14 11:16:03",
      timeSource: "exif",
      burst: null,
      offset: "+02:00",
      subSec: "05",
      camera: "NIKON Z 8",
      lens: "NIKKOR Z 24-200mm f/4-6.3 VR",
      exposure: "1/2000 sec",
      aperture: "f/6.3",
      iso: 400,
      focalLength: 200,
      shutter: {
        serial: null,
        exposureSeconds: 0.0005,
        exposureBias: null,
        focusDistance: null,
        isBracketed: false,
      },
      position: null,
      missing: [],
    });
    const { exif, width, height } = await sharp(file).metadata();
    expect(exif?.toString("latin1")).toContain("Photogate practice set");
    expect([width, height]).toEqual([2400, 1600]);
  });

  test("in portrait lies on its side in the file, with a tag that turns it upright", async () => {
    const { width, height, orientation, autoOrient } = await sharp(
      await photograph(frame({ scene: "daisy" }), signal),
    ).metadata();
    expect({ width, height, orientation }).toEqual({ width: 2400, height: 1600, orientation: 6 });
    expect(autoOrient).toEqual({ width: 1600, height: 2400 });
  });

  test("is less crisp when the camera was shaken", async () => {
    const still = laplacianVariance(await lumaOfFrame({ scene: "sheepOnTheDyke" }));
    const shaken = laplacianVariance(await lumaOfFrame({ scene: "sheepOnTheDyke", shaken: true }));
    expect(shaken).toBeLessThan(still / 3);
  });

  test("is like its neighbour in a burst, and unlike another scene", async () => {
    const [first, second, other] = [
      hashOf(await lumaOfFrame({})),
      hashOf(await lumaOfFrame({ moment: 0.2 })),
      hashOf(await lumaOfFrame({ scene: "eveningSea" })),
    ];
    expect(distance(first, second)).toBeLessThan(distance(first, other) / 2);
  });
});
