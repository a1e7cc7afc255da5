import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Fault } from "../../src/domain/fault.ts";
import { type Decoder, type DecoderOptions, startDecoder } from "../../src/imaging/decoder.ts";
import { sharp } from "../../src/imaging/sharp.ts";
import { bareJpeg, dng } from "../fixtures/dng.ts";
import { jpeg } from "../fixtures/make.ts";

const never = new AbortController().signal;
const NO_SIDECARS = { xmp: null, text: null };
const PATH = "/usr/bin:/bin";
const raw = await dng();
let folder: string;
let decoder: Decoder;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "photogate-raw 100%d é-"));
});
afterEach(async () => {
  decoder.close();
  await until(() => perls().length === 0);
  rmSync(folder, { recursive: true });
});

const start = (given: Partial<DecoderOptions> = {}): Decoder => {
  decoder = startDecoder({ children: 1, maxPixels: 200e6, limitMs: 60_000, environment: { PATH }, ...given });
  return decoder;
};
const written = (bytes: Uint8Array, name = "original.dng"): string => {
  const file = join(folder, name);
  writeFileSync(file, bytes);
  return file;
};
const look = (bytes: Uint8Array, name?: string, signal = never) =>
  decoder.look(written(bytes, name), join(folder, "look"), signal);
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "well",
    (thrown: unknown) => (thrown instanceof Fault ? thrown.code : `no fault: ${String(thrown)}`),
  );
/** ExifTool processes of this test. */
const perls = (): number[] =>
  readFileSync(`/proc/self/task/${process.pid}/children`, "utf8")
    .split(" ")
    .filter((pid) => pid !== "")
    .map(Number)
    .filter((pid) => commandOf(pid).includes("exiftool"));
const commandOf = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
};
/** Looks again until it is so; the test's own limit ends it otherwise. */
const until = async (is: () => boolean): Promise<void> => {
  while (!is()) await new Promise((resolve) => setTimeout(resolve, 10));
};

describe("a RAW photo", () => {
  test("is seen by the largest JPEG in it, which stays with the photo", async () => {
    start();
    const preview = await bareJpeg(1_620, 1_080);
    const seen = await look(await dng({ preview, thumbnail: await bareJpeg(320, 213) }));
    expect(seen).toMatchObject({
      width: 1_620,
      height: 1_080,
      embedded: { file: "look/embedded.jpg", width: 1_620, height: 1_080, isSmall: false },
    });
    expect(readdirSync(join(folder, "look")).sort()).toEqual([
      "embedded.jpg",
      "grey.bin",
      "large.jpg",
      "medium.jpg",
      "model.jpg",
      "patches.bin",
      "small.jpg",
    ]);
    expect(seen.embedded?.bytes).toBe(readFileSync(join(folder, "look", "embedded.jpg")).length);
  });

  test("whose preview is smaller than its other one is seen by the other", async () => {
    start();
    const seen = await look(await dng({ preview: await bareJpeg(160, 120), thumbnail: await bareJpeg(800, 600) }));
    expect(seen.embedded).toMatchObject({ width: 800, height: 600, isSmall: true });
  });

  test("is upright by its own tag where the JPEG in it has none, and by the JPEG's where it has one", async () => {
    start();
    const turned = await look(await dng({ orientation: 6 }));
    expect([turned.width, turned.height]).toEqual([1_080, 1_620]);
    expect((await sharp(join(folder, "look", "embedded.jpg")).metadata()).orientation).toBe(6);
    const own = await sharp(await jpeg({ width: 1_200, height: 800 }))
      .withMetadata({ orientation: 1 })
      .jpeg()
      .toBuffer();
    const asItIs = await look(await dng({ orientation: 6, preview: own }));
    expect([asItIs.width, asItIs.height]).toEqual([1_200, 800]);
  });

  test("is rendered from that JPEG, without the camera's tags", async () => {
    start();
    await look(await dng({ orientation: 6 }));
    const size = { width: 300, height: 300, quality: 90 };
    const picture = join(folder, "look", "embedded.jpg");
    const { full } = await decoder.render(
      picture,
      join(folder, "publish"),
      { full: size, thumb: size, crop: null },
      never,
    );
    expect([full.width, full.height]).toEqual([200, 300]);
    expect((await sharp(full.path).metadata()).exif).toBeUndefined();
  });

  test("gives the camera's tags, and what somebody wrote into it", async () => {
    start();
    const xmp = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
      <rdf:Description xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="4"/></rdf:RDF></x:xmpmeta>`;
    const file = written(await dng({ xmp, takenAt: "2026:05:04 10:11:12" }));
    expect(await decoder.exif(file, never)).toEqual({
      takenAt: "2026:05:04 10:11:12",
      timeSource: "exif",
      offset: "+02:00",
      subSec: "042",
      burst: null,
      camera: "Trial One",
      lens: null,
      exposure: "1/250 sec",
      aperture: "f/2.8",
      iso: 400,
      focalLength: 85,
      shutter: {
        serial: null,
        exposureSeconds: 0.004,
        exposureBias: null,
        focusDistance: null,
        isBracketed: false,
      },
      position: null,
      missing: [],
    });
    const found = await decoder.iptc(file, NO_SIDECARS, join(folder, "iptc"), never);
    expect(found.rating).toEqual({ value: 4, from: "file" });
  });

  test("without a preview is refused by name, and the next one is fine", async () => {
    start();
    expect(await codeOf(look(await dng({ preview: null })))).toBe("photo.no-preview");
    expect(await codeOf(look(raw.subarray(0, 5_000)))).toBe("photo.truncated");
    expect(await codeOf(look(raw))).toBe("well");
    expect(perls()).toHaveLength(1);
  });

  test("whose preview is damaged or too large is refused for that", async () => {
    start({ maxPixels: 1_000_000 });
    const half = (await bareJpeg(800, 600)).subarray(0, 9_000);
    expect(await codeOf(look(await dng({ preview: half })))).toBe("photo.truncated");
    expect(await codeOf(look(raw))).toBe("photo.too-many-pixels");
  });
});

describe("where Perl is missing", () => {
  test("a RAW photo is left out with what to do, and others are read", async () => {
    start({ environment: { PATH: "/nowhere" } });
    await expect(look(raw)).rejects.toMatchObject({ code: "photo.needs-perl", blame: "photo" });
    expect(await codeOf(decoder.exif(written(raw), never))).toBe("photo.needs-perl");
    expect(await codeOf(look(await bareJpeg(64, 48), "photo.jpg"))).toBe("well");
  });
});

describe("the ExifTool process", () => {
  test("is one, comes with the first RAW, and goes when nothing is asked of it", async () => {
    start({ children: 2, idleMs: 100 });
    await look(await bareJpeg(64, 48), "photo.jpg");
    expect(perls()).toHaveLength(0);
    await Promise.all(["a", "b", "c"].map((name) => decoder.exif(written(raw, name), never)));
    expect(perls()).toHaveLength(1);
    await until(() => perls().length === 0);
    expect(await codeOf(decoder.exif(written(raw), never))).toBe("well");
  });

  test("knows nothing of our environment but what it is given", async () => {
    start();
    await decoder.exif(written(raw), never);
    const names = readFileSync(`/proc/${perls()[0]}/environ`, "utf8")
      .split("\0")
      .map((line) => line.split("=")[0]);
    expect(names.filter((name) => name !== "").sort()).toEqual(["LANG", "PATH"]);
  });

  test("that dies costs the photo it was at, and no other", async () => {
    start({ children: 2 });
    await decoder.exif(written(raw), never);
    const [pid = 0] = perls();
    process.kill(pid, "SIGSTOP");
    const dying = codeOf(decoder.exif(written(raw), never));
    const next = codeOf(decoder.exif(written(raw, "next"), never));
    await decoder.exif(written(await bareJpeg(64, 48), "passed-on.jpg"), never);
    process.kill(pid, "SIGKILL");
    expect(await dying).toBe("photo.decoder-crash");
    expect(await next).toBe("well");
  });

  test("that hangs is given up, and the next photo is read by a new one", async () => {
    start({ limitMs: 3_000 });
    await decoder.exif(written(raw), never);
    const [hung = 0] = perls();
    process.kill(hung, "SIGSTOP");
    expect(await codeOf(decoder.exif(written(raw), never))).toBe("photo.decode-timeout");
    expect(await codeOf(decoder.exif(written(raw), never))).toBe("well");
    expect(perls()).not.toContain(hung);
  });

  test("that is stopped ends its photo with the reason for the stop", async () => {
    start();
    await decoder.exif(written(raw), never);
    for (const pid of perls()) process.kill(pid, "SIGSTOP");
    const abort = new AbortController();
    const stopped = expect(decoder.exif(written(raw), abort.signal)).rejects.toThrow("stopped");
    // The picture decoder has passed it on by the time it has answered another one.
    await decoder.exif(written(await bareJpeg(64, 48), "next.jpg"), never);
    abort.abort(new Error("stopped"));
    await stopped;
    expect(await codeOf(decoder.exif(written(raw), never))).toBe("well");
  });
});
