import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Decoder, startDecoder } from "../../src/imaging/decoder.ts";
import { sharp } from "../../src/imaging/sharp.ts";
import { bareJpeg, dng } from "../fixtures/dng.ts";
import { heic } from "../fixtures/heic.ts";
import { jpeg } from "../fixtures/make.ts";

const never = new AbortController().signal;
let folder: string;
let decoder: Decoder;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "photogate-prints-"));
  const environment = { PATH: process.env["PATH"] ?? "" };
  decoder = startDecoder({ children: 1, maxPixels: 200e6, limitMs: 60_000, environment });
});
afterEach(() => {
  decoder.close();
  rmSync(folder, { recursive: true });
});

test.each([
  [
    "a JPEG that lies on its side",
    "jpeg",
    async () =>
      sharp(await jpeg({ width: 1800 }))
        .withMetadata({ orientation: 6 })
        .toBuffer(),
  ],
  [
    "a PNG",
    "png",
    async () =>
      sharp(await jpeg())
        .png()
        .toBuffer(),
  ],
  ["a HEIC", "heic", async () => heic(await jpeg())],
  ["a RAW, of its preview", "raw", async () => dng({ preview: await bareJpeg(1_620, 1_080) })],
])("the fingerprint of %s is that of its look, without the previews", async (_, type, make) => {
  const file = join(folder, "photo");
  writeFileSync(file, await make());
  const prints = await decoder.fingerprint(file, join(folder, "prints"), true, never);
  const seen = await decoder.look(file, join(folder, "look"), never);
  const { grey, model, measures, type: sniffed, ...rest } = prints;
  expect(sniffed).toBe(type);
  expect(seen).toMatchObject(rest);
  expect(seen.measures).toMatchObject(measures);
  expect(readFileSync(join(folder, "prints", grey))).toEqual(readFileSync(join(folder, "look", "grey.bin")));
  const read = (preview: string | null): Buffer => readFileSync(join(folder, preview ?? "none"));
  expect(read(`prints/${model}`)).toEqual(read("look/model.jpg"));
  expect((await decoder.fingerprint(file, join(folder, "prints"), false, never)).model).toBeNull();
  expect(readdirSync(join(folder, "prints"))).not.toContain("large.jpg");
});
