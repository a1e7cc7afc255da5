/** What fools measures and fingerprints, on whole files and through the real look. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { LookFacts } from "../../src/domain/facts.ts";
import { look } from "../../src/imaging/look.ts";
import { sharp } from "../../src/imaging/sharp.ts";
import { leaves } from "../fixtures/dead-leaves.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "photogate-traps-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function lookAt(bytes: Uint8Array) {
  const file = join(folder, "photo");
  writeFileSync(file, bytes);
  const facts = await look(file, join(folder, "look"), 50_000_000);
  return { facts, grey: readFileSync(join(folder, facts.grey)), patches: readFileSync(join(folder, facts.patches)) };
}

/** How a camera stores what its tag turns upright: mirrored first, then turned clockwise. */
const STORED: readonly (readonly [orientation: number, isMirrored: boolean, turn: number])[] = [
  [2, true, 0],
  [3, false, 180],
  [4, true, 180],
  [5, true, 270],
  [6, false, 270],
  [7, true, 90],
  [8, false, 90],
];

test.each(STORED)(
  "with orientation %i a photo is what it is upright, in every fact",
  async (orientation, isMirrored, turn) => {
    const whole = leaves(1).extract({ left: 0, top: 0, width: 600, height: 456 });
    const png = await whole.png().toBuffer();
    const lying = await sharp(png).flop(isMirrored).rotate(turn).withMetadata({ orientation }).png().toBuffer();
    expect(await lookAt(lying)).toEqual(await lookAt(png));
  },
);

describe("a picture that is hardly one", () => {
  test.each([
    ["20,000 pixels wide", 20_000, 40],
    ["20,000 pixels high", 40, 20_000],
    ["one pixel high", 3_000, 1],
    ["one tone, as large as a photo", 3_000, 2_000],
  ])("%s has facts that can be stored", async (_, width, height) => {
    const tone = { create: { width, height, channels: 3 as const, background: { r: 90, g: 90, b: 90 } } };
    const { facts } = await lookAt(await sharp(tone).jpeg().toBuffer());
    expect(LookFacts.parse(facts)).toEqual(facts);
    expect([facts.width, facts.height]).toEqual([width, height]);
  });
});
