import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Decoder, startDecoder } from "../../src/imaging/decoder.ts";
import { jpeg } from "../fixtures/make.ts";

const never = new AbortController().signal;
let folder: string;
let decoder: Decoder;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "photogate-alike-"));
  decoder = startDecoder({
    children: 1,
    maxPixels: 100_000_000,
    limitMs: 60_000,
    environment: { PATH: process.env["PATH"] ?? "" },
  });
});
afterEach(() => {
  decoder.close();
  rmSync(folder, { recursive: true });
});

test("the greys that look left are compared in a child; one that is gone is told by nulls", async () => {
  const file = join(folder, "photo.jpg");
  writeFileSync(file, await jpeg({ width: 600, height: 400 }));
  const look = await decoder.look(file, join(folder, "look"), never);
  const grey = { file: join(folder, look.grey), aspect: look.width / look.height };
  const gone = { file: join(folder, "gone.bin"), aspect: 1.5 };
  const [same, missing] = await decoder.alike(
    [
      { a: grey, b: grey, isStep: true },
      { a: grey, b: gone, isStep: false },
    ],
    never,
  );
  expect(same?.crop).toBeCloseTo(1, 3);
  expect(missing).toEqual({ crop: null, overlap: null });
});

test("a grey of the wrong size is as if it were not there", async () => {
  const short = { file: join(folder, "short.bin"), aspect: 1.5 };
  writeFileSync(short.file, Buffer.alloc(9));
  expect(await decoder.alike([{ a: short, b: short, isStep: true }], never)).toEqual([{ crop: null, overlap: null }]);
});
