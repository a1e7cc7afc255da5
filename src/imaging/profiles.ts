import { sharp } from "./sharp.ts";

/** Colour profiles that sharp brings, taken out of a picture of one pixel, once a process. */
const profiles = new Map<string, Promise<Buffer>>();

const profile = (name: "srgb" | "p3"): Promise<Buffer> => {
  const known = profiles.get(name) ?? readProfile(name);
  profiles.set(name, known);
  return known;
};

export const srgbProfile = (): Promise<Buffer> => profile("srgb");

/** Display P3: the colours of iPhones and of most screens made since. */
export const p3Profile = (): Promise<Buffer> => profile("p3");

async function readProfile(name: string): Promise<Buffer> {
  const pixel = await sharp(Buffer.alloc(3), { raw: { width: 1, height: 1, channels: 3 } })
    .withIccProfile(name)
    .jpeg()
    .toBuffer();
  const { icc } = await sharp(pixel).metadata();
  if (icc === undefined) throw new Error(`sharp gave a picture without the profile ${name} it was asked for`);
  return icc;
}
