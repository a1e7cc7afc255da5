import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Decoder, startDecoder } from "../../src/imaging/decoder.ts";
import { sharp } from "../../src/imaging/sharp.ts";

let folder: string;
let decoder: Decoder;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "photogate tile "));
  decoder = startDecoder({
    children: 1,
    maxPixels: 30e6,
    limitMs: 30_000,
    environment: { PATH: process.env["PATH"] ?? "" },
  });
});
afterAll(() => {
  decoder?.close();
  rmSync(folder, { recursive: true, force: true });
});
const patience = () => AbortSignal.timeout(30_000);

/** 800 x 600 as it lies in the file: red left above, green right above, blue left below, white right below. */
async function quarters(orientation: number): Promise<string> {
  const file = join(folder, `${orientation}.jpg`);
  const quarter = (background: string) =>
    sharp({ create: { width: 400, height: 300, channels: 3, background } })
      .png()
      .toBuffer();
  const at = (left: number, top: number, input: Buffer) => ({ input, left, top });
  const [red, green, blue] = await Promise.all(["#f00", "#0f0", "#00f"].map(quarter));
  if (red === undefined || green === undefined || blue === undefined) throw new Error("no colours");
  await sharp({ create: { width: 800, height: 600, channels: 3, background: "#fff" } })
    .composite([at(0, 0, red), at(400, 0, green), at(0, 300, blue)])
    .withMetadata({ orientation })
    .jpeg({ quality: 95, chromaSubsampling: "4:4:4" })
    .toFile(file);
  return file;
}
const colourOf = async (jpeg: Uint8Array): Promise<number[]> => {
  const { channels } = await sharp(jpeg).stats();
  return channels.map(({ mean }) => Math.round(mean / 255));
};

test.each([
  [1, { x: 20, y: 320 }, "blue", [0, 0, 1]],
  // Turned a quarter to the right for the eye: what lies right above in the file is right below, left of it what is above.
  [6, { x: 320, y: 420 }, "green", [0, 1, 0]],
])("with orientation %i the part at %o is %s, as it is seen, in its own size", async (turn, at, _, colour) => {
  const part = { ...at, width: 200, height: 160 };
  const jpeg = await decoder.tile(await quarters(turn), part, patience());
  const { width, height, icc, exif, orientation } = await sharp(jpeg).metadata();
  expect([width, height, orientation ?? 1, exif]).toEqual([200, 160, 1, undefined]);
  expect(icc).toBeDefined();
  expect(await colourOf(jpeg)).toEqual(colour);
});

test("a file that is no picture costs nothing but this part", async () => {
  const file = join(import.meta.dirname, "tile.test.ts");
  const asked = decoder.tile(file, { x: 0, y: 0, width: 8, height: 8 }, patience());
  await expect(asked).rejects.toMatchObject({ code: "photo.undecodable" });
});
