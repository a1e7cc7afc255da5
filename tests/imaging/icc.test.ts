import { describe, expect, test } from "vitest";
import { isSrgb } from "../../src/imaging/icc.ts";
import { p3Profile, srgbProfile } from "../../src/imaging/profiles.ts";
import { sharp } from "../../src/imaging/sharp.ts";
import { adobeRgbProfile } from "../fixtures/adobe-rgb.ts";

/** The profile sharp writes, with a tag of it changed. */
async function changed(tag: string, change: (body: Buffer) => void): Promise<Buffer> {
  const profile = Buffer.from(await srgbProfile());
  const at = profile.indexOf(tag, 132, "latin1");
  const [from, bytes] = [profile.readUInt32BE(at + 4), profile.readUInt32BE(at + 8)];
  change(profile.subarray(from, from + bytes));
  return profile;
}

describe("a colour profile", () => {
  test("that is sRGB is known for it", async () => {
    expect(isSrgb(await srgbProfile())).toBe(true);
  });

  test.each([
    ["P3", p3Profile],
    ["Adobe RGB", async () => adobeRgbProfile()],
    ["other primaries", async () => changed("gXYZ", (body) => body.writeInt32BE(0.39 * 65_536, 8))],
    ["another tone", async () => changed("rTRC", (body) => body.writeUInt32BE(0x00020000, 12))],
    [
      "a table above its matrix",
      async () => changed("cprt", () => undefined).then((it) => renamed(it, "cprt", "A2B0")),
    ],
    ["no end", async () => (await srgbProfile()).subarray(0, 200)],
    ["nothing in it", async () => Buffer.alloc(0)],
  ])("of %s is not taken for it", async (_, profile) => {
    expect(isSrgb(await profile())).toBe(false);
  });

  test("that is sRGB changes no pixel by being left aside", async () => {
    const noise = {
      width: 64,
      height: 48,
      channels: 3,
      background: "#000",
      noise: { type: "gaussian", mean: 128, sigma: 60 },
    } as const;
    const tagged = await sharp({ create: noise }).withIccProfile("srgb").png().toBuffer();
    const raw = (ignoreIcc: boolean) => sharp(tagged, { ignoreIcc }).toColourspace("srgb").raw().toBuffer();
    const [with_, without] = [await raw(false), await raw(true)];
    const most = Math.max(...with_.map((value, i) => Math.abs(value - (without[i] ?? 0))));
    expect(most).toBeLessThanOrEqual(1);
  });
});

function renamed(profile: Buffer, from: string, to: string): Buffer {
  profile.write(to, profile.indexOf(from, 132, "latin1"), "latin1");
  return profile;
}
