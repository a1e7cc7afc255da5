/** Colour profiles, as far as it takes to know one that changes nothing. @see ICC.1:2022, 7.2, 9.2 and 10 */

/** Of sRGB, adapted to D50, as profiles store them: x, y, z of red, green and blue. @see IEC 61966-2-1 */
const SRGB = {
  rXYZ: [0.4361, 0.2225, 0.0139],
  gXYZ: [0.3851, 0.7169, 0.0971],
  bXYZ: [0.1431, 0.0606, 0.7141],
} as const;
/** Makers round differently; a channel is off by less than one step of 255 for it. */
const TOLERANCE = { colorant: 0.002, tone: 0.003 };
const TONES = Array.from({ length: 17 }, (_, i) => i / 16);

/**
 * Is it sRGB under whatever name? Then its pixels need no conversion, which costs half as much as the decode itself.
 *
 * @param profile as embedded in a file; of anything but a plain matrix with tone curves the answer is no
 */
export function isSrgb(profile: Buffer): boolean {
  try {
    if (textAt(profile, 16) !== "RGB " || textAt(profile, 20) !== "XYZ ") return false;
    const tags = tagsOf(profile);
    // A table of its own stands above matrix and curves.
    if (tags.has("A2B0")) return false;
    return (
      Object.entries(SRGB).every(([name, wanted]) => isNear(tags.get(name), wanted)) &&
      CURVES.every((name) => isToned(tags.get(name)))
    );
  } catch (failure) {
    // A profile that points beyond its own end.
    if (failure instanceof RangeError) return false;
    throw failure;
  }
}

const CURVES = ["rTRC", "gTRC", "bTRC"];

const textAt = (bytes: Buffer, at: number): string => bytes.toString("latin1", at, at + 4);

function tagsOf(profile: Buffer): ReadonlyMap<string, Buffer> {
  const tags = new Map<string, Buffer>();
  const count = Math.min(profile.readUInt32BE(128), 100);
  for (let i = 0, at = 132; i < count; i += 1, at += 12) {
    const [from, bytes] = [profile.readUInt32BE(at + 4), profile.readUInt32BE(at + 8)];
    tags.set(textAt(profile, at), profile.subarray(from, from + bytes));
  }
  return tags;
}

/** A number of 16 bits before the point and 16 after it. */
const fixed = (bytes: Buffer, at: number): number => bytes.readInt32BE(at) / 65_536;

const isNear = (tag: Buffer | undefined, wanted: readonly number[]): boolean =>
  tag !== undefined &&
  textAt(tag, 0) === "XYZ " &&
  wanted.every((value, i) => Math.abs(fixed(tag, 8 + 4 * i) - value) <= TOLERANCE.colorant);

function isToned(tag: Buffer | undefined): boolean {
  const curve = tag && curveOf(tag);
  return curve !== undefined && TONES.every((tone) => Math.abs(curve(tone) - linear(tone)) <= TOLERANCE.tone);
}

/** From a value of sRGB to light, both 0 to 1. */
const linear = (value: number): number => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);

function curveOf(tag: Buffer): ((value: number) => number) | undefined {
  const kind = textAt(tag, 0);
  if (kind === "curv") return sampled(tag, tag.readUInt32BE(8));
  if (kind !== "para" || tag.readUInt16BE(8) !== 3) return undefined;
  const [g = 1, a = 1, b = 0, c = 0, d = 0] = Array.from({ length: 5 }, (_, i) => fixed(tag, 12 + 4 * i));
  return (value) => (value >= d ? (a * value + b) ** g : c * value);
}

/** Points of 16 bits at equal distances, straight lines between them; fewer than two say a mere power, and sRGB is none. */
function sampled(tag: Buffer, count: number): ((value: number) => number) | undefined {
  if (count < 2) return undefined;
  const at = (i: number): number => tag.readUInt16BE(12 + 2 * i) / 65_535;
  return (value) => {
    const place = value * (count - 1);
    const below = Math.min(Math.floor(place), count - 2);
    return at(below) + (at(below + 1) - at(below)) * (place - below);
  };
}
