import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { jpegQuality } from "../../src/imaging/jpeg-quality.ts";
import { leaves } from "../fixtures/dead-leaves.ts";

const folder = mkdtempSync(join(tmpdir(), "photogate-quality-"));
afterAll(() => rmSync(folder, { recursive: true }));
const qualityOf = async (bytes: Uint8Array): Promise<number | null> => {
  const file = join(folder, "photo");
  writeFileSync(file, bytes);
  return jpegQuality(file);
};
const made = (quality: number): Promise<Buffer> => leaves(1).resize(64, 64).jpeg({ quality }).toBuffer();

test.each([10, 40, 75, 90, 95, 100])("a JPEG written with quality %i is known by its tables", async (quality) => {
  expect(Math.abs(((await qualityOf(await made(quality))) ?? 0) - quality)).toBeLessThanOrEqual(0.6);
});

test("tables of 16 bits, behind a long segment, are read too", async () => {
  const jpeg = await made(60);
  const long = Buffer.alloc(60_002);
  long.set([0xff, 0xe2, 60_000 >> 8, 60_000 & 255]);
  const at = jpeg.indexOf(Buffer.from([0xff, 0xdb]));
  const narrow = jpeg.subarray(at + 5, at + 5 + 64);
  const wide = Buffer.from([0xff, 0xdb, 0, 131, 0x10, ...[...narrow].flatMap((value) => [0, value])]);
  expect(await qualityOf(Buffer.concat([jpeg.subarray(0, 2), long, wide, jpeg.subarray(at)]))).toBeCloseTo(60, 0);
});

test.each<[string, () => Promise<Uint8Array> | Uint8Array]>([
  ["a PNG", () => leaves(1).png().toBuffer()],
  ["nothing", () => Buffer.alloc(0)],
  ["a JPEG without tables", () => Buffer.from([0xff, 0xd8, 0xff, 0xda, 0, 8, 1, 2, 3, 4, 5, 6])],
  ["a JPEG that ends in its tables", async () => (await made(60)).subarray(0, 30)],
])("%s has no quality", async (_, bytes) => {
  expect(await qualityOf(await bytes())).toBeNull();
});
