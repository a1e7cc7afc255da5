import { z } from "zod";
import { CropSchema } from "./crop-proposal.ts";
import { ASPECTS, type Aspect, type Box, isTurned, type Size, storedBox } from "./crops.ts";

/** The file beside a photo that says how it is cropped, and the XMP that RAW developers read. `docs/crops.md` describes both. */

/** Follows the whole name of the photo: `DSC_0101.JPG.crop.json`. */
export const SIDECAR_SUFFIX = ".crop.json";

const SCHEMA = "photogate.crop";
const SCHEMA_VERSION = 1;

const fraction = z.number().min(0).max(1);
const hash = z.string().regex(/^[0-9a-f]{64}$/);

/** Whose choice a crop is, and what speaks for it. */
const OriginSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("proposed"),
    ...CropSchema.pick({ confidence: true, agreement: true, retained: true, stability: true }).shape,
  }),
  /** `from`: name of the photo whose crop it is */
  z.object({ kind: z.literal("copied"), from: z.string() }),
]);

const ChosenSchema = z.object({
  aspect: z.enum(ASPECTS),
  /** fractions of the upright picture */
  x: fraction,
  y: fraction,
  width: fraction.positive(),
  height: fraction.positive(),
  /** the same in whole pixels of the upright picture */
  pixels: z.object({
    x: z.int().nonnegative(),
    y: z.int().nonnegative(),
    width: z.int().positive(),
    height: z.int().positive(),
  }),
  origin: OriginSchema,
});
/** A crop that was taken. */
export type Chosen = z.infer<typeof ChosenSchema>;

export const SidecarSchema = z.object({
  schema: z.literal(SCHEMA),
  version: z.literal(SCHEMA_VERSION),
  /** what of our programs wrote it */
  madeBy: z.string(),
  image: z.object({
    name: z.string(),
    sha256: hash,
    width: z.int().positive(),
    height: z.int().positive(),
    orientation: z.int().min(1).max(8),
    isPreview: z.boolean(),
  }),
  crops: z.array(ChosenSchema).min(1),
  /** the XMP file that was written with it; null where there is none */
  xmp: z.object({ name: z.string(), sha256: hash }).nullable(),
  /** of the whole text, with zeros where it stands itself: tells what was changed by hand */
  seal: hash,
});
export type Sidecar = z.infer<typeof SidecarSchema>;

const NO_SEAL = "0".repeat(64);

/** @param sha256 of a text, in hex */
export function sidecarText(
  content: Omit<Sidecar, "schema" | "version" | "seal">,
  sha256: (text: string) => string,
): string {
  // Through the schema, which puts every field into its place: what was read and what was made give the same text.
  const sidecar = SidecarSchema.parse({ schema: SCHEMA, version: SCHEMA_VERSION, ...content, seal: NO_SEAL });
  const text = `${JSON.stringify(sidecar, null, 2)}\n`;
  return text.replace(`"${NO_SEAL}"`, `"${sha256(text)}"`);
}

/** @returns undefined for what is no sidecar of this schema */
export function readSidecar(text: string): Sidecar | undefined {
  try {
    const read = SidecarSchema.safeParse(JSON.parse(text));
    return read.success ? read.data : undefined;
  } catch {
    return undefined;
  }
}

/** Is it as we wrote it, to the byte? */
export const isSealed = (text: string, { seal }: Sidecar, sha256: (text: string) => string): boolean =>
  sha256(text.replace(`"${seal}"`, `"${NO_SEAL}"`)) === seal;

/** Crops of other proportions than their photo's mean another part of the picture. */
const SAME_PROPORTIONS = 0.01;

export const haveSameProportions = (one: Size, other: Size): boolean =>
  Math.abs(Math.log((one.width * other.height) / (one.height * other.width))) <= SAME_PROPORTIONS;

/**
 * A crop as Adobe's `crs` properties: fractions of the picture as it is stored, before it is turned. darktable multiplies
 * them with the stored width and height and turns them by the orientation, so all three are said.
 *
 * @param size of the upright picture, in pixels
 */
export function cropXmp(box: Box, size: Size, orientation: number, madeBy: string): string {
  const stored = isTurned(orientation) ? { width: size.height, height: size.width } : size;
  const { x, y, width, height } = storedBox(box, orientation);
  const properties = {
    "tiff:ImageWidth": stored.width,
    "tiff:ImageLength": stored.height,
    "tiff:Orientation": orientation,
    "crs:HasCrop": "True",
    "crs:CropTop": sixPlaces(y),
    "crs:CropLeft": sixPlaces(x),
    "crs:CropBottom": sixPlaces(y + height),
    "crs:CropRight": sixPlaces(x + width),
    "crs:CropAngle": 0,
    "crs:CropConstrainToWarp": 0,
  };
  return [
    '<?xpacket begin="\u{feff}" id="W5M0MpCehiHzreSzNTczkc9d"?>',
    `<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="${madeBy}">`,
    ' <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">',
    '  <rdf:Description rdf:about=""',
    '    xmlns:tiff="http://ns.adobe.com/tiff/1.0/"',
    '    xmlns:crs="http://ns.adobe.com/camera-raw-settings/1.0/"',
    ...Object.entries(properties).map(([name, value]) => `    ${name}="${value}"`),
    "  />",
    " </rdf:RDF>",
    "</x:xmpmeta>",
    '<?xpacket end="w"?>',
    "",
  ].join("\n");
}

const sixPlaces = (value: number): number => Math.round(Math.min(1, Math.max(0, value)) * 1e6) / 1e6;

/** `4:5,16:9`, in the order of `ASPECTS` and each once; undefined where a word of it is no aspect. */
export function aspectsIn(text: string): readonly Aspect[] | undefined {
  const words = text.split(",").map((word) => word.trim());
  const wanted = ASPECTS.filter((aspect) => words.includes(aspect));
  return words.every((word) => ASPECTS.some((aspect) => aspect === word)) ? wanted : undefined;
}
