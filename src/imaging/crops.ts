import type { Crop } from "../domain/crop-proposal.ts";
import {
  ASPECTS,
  type Aspect,
  areaOf,
  type Box,
  confidenceOf,
  LEAST_CONFIDENCE,
  mayBeCropped,
  overlapOf,
  rounded,
  type Size,
  windowOf,
} from "../domain/crops.ts";
import { sharp } from "./sharp.ts";
import { bestPlace, type Rgba } from "./smartcrop.ts";

/**
 * Long edge in pixels of what is judged. On 18 photographs its boxes overlap with those at 384 px by 0.89; those at 384 px with
 * one another, by half the step, by 0.95.
 */
const EDGE = 128;
/** Scales at which a good proposal stays where it is. */
const JITTER = [0.95, 1.05] as const;
/** Below this short edge, in pixels, there is nothing to choose from. */
const LEAST_EDGE = 48;
/** Standard deviation of each colour, 0 to 128, below which a picture shows nothing, and every place is as good as any other. */
const LEAST_CONTRAST = 2;
/** A crop that leaves out less is the whole picture, trimmed evenly. */
const TRIM = 0.03;

/** Three bytes a pixel, upright, sRGB. */
export interface SmallPicture extends Size {
  readonly data: Uint8Array;
}

/**
 * Proposes how to crop a photo to each aspect. Two methods that know nothing of each other look for the part that matters,
 * smartcrop by skin, detail and colour, libvips by what draws the eye; where they agree, they are believed.
 *
 * @param small the photo at about 400 pixels
 * @param full its size in pixels, by which fractions are exact
 * @returns at most one an aspect, in the order of `ASPECTS`; none for pictures that are tiny or show nothing
 */
export async function proposeCrops(small: SmallPicture, full: Size): Promise<Crop[]> {
  const aspects = ASPECTS.filter((aspect) => mayBeCropped(aspect, full));
  if (aspects.length === 0 || Math.min(small.width, small.height) < LEAST_EDGE) return [];
  const picture = await within(small, EDGE);
  if (!showsSomething(picture)) return [];
  const focus = await focusOf(small);
  const others = variantsOf(small, picture);
  const proposals: (Crop | undefined)[] = [];
  for (const aspect of aspects) proposals.push(await propose(aspect, full, picture, focus, others));
  return proposals.filter((crop) => crop !== undefined);
}

async function propose(
  aspect: Aspect,
  full: Size,
  picture: Rgba,
  focus: Point,
  others: Variants,
): Promise<Crop | undefined> {
  const window = windowOf(aspect, full);
  const retained = areaOf(window);
  if (1 - retained <= TRIM) return cropOf(aspect, around(CENTRE, window), { agreement: 1, retained, stability: 1 });
  const place = { ...(await bestPlace(picture, aspect)), ...window };
  const box = { ...place, x: Math.min(place.x, 1 - window.width), y: Math.min(place.y, 1 - window.height) };
  const agreement = overlapOf(box, around(focus, window));
  // Three further runs are for those that could still be believed.
  if (confidenceOf({ agreement, retained, stability: 1 }) < LEAST_CONFIDENCE) return undefined;
  const stability = await stabilityOf(box, aspect, others);
  const crop = cropOf(aspect, box, { agreement, retained, stability });
  return crop.confidence < LEAST_CONFIDENCE ? undefined : crop;
}

const cropOf = (aspect: Aspect, box: Box, why: Pick<Crop, "agreement" | "retained" | "stability">): Crop => ({
  aspect,
  ...rounded(box),
  confidence: twoPlaces(confidenceOf(why)),
  agreement: twoPlaces(why.agreement),
  retained: twoPlaces(why.retained),
  stability: twoPlaces(why.stability),
});

const twoPlaces = (value: number): number => Math.round(value * 100) / 100;

async function stabilityOf(box: Box, aspect: Aspect, others: Variants): Promise<number> {
  const mirrored = await bestPlace(others.mirrored, aspect);
  const scaled = await Promise.all((await others.scaled()).map((picture) => bestPlace(picture, aspect)));
  const places = [{ ...mirrored, x: 1 - mirrored.x - mirrored.width }, ...scaled];
  return places.reduce((sum, place) => sum + overlapOf(box, place), 0) / places.length;
}

/** The same picture, not quite. */
interface Variants {
  readonly mirrored: Rgba;
  scaled(): Promise<readonly Rgba[]>;
}

function variantsOf(small: SmallPicture, picture: Rgba): Variants {
  let scaled: Promise<readonly Rgba[]> | undefined;
  return {
    mirrored: mirroredOf(picture),
    scaled() {
      scaled ??= Promise.all(JITTER.map((scale) => within(small, Math.round(EDGE * scale))));
      return scaled;
    },
  };
}

/** In fractions of the picture. */
interface Point {
  readonly x: number;
  readonly y: number;
}

const CENTRE: Point = { x: 0.5, y: 0.5 };

/** A window with a point in its middle, as far as the picture reaches. */
function around({ x, y }: Point, { width, height }: Pick<Box, "width" | "height">): Box {
  const from = (at: number, length: number): number => Math.min(1 - length, Math.max(0, at - length / 2));
  return { x: from(x, width), y: from(y, height), width, height };
}

/**
 * What draws the eye, by libvips. Asked once, for a square: its answers for other shapes are the same within 1 % of overlap,
 * and each costs 6 ms whatever the size of the picture.
 */
async function focusOf(small: SmallPicture): Promise<Point> {
  const side = Math.min(small.width, small.height);
  // Of a square there is no square to be chosen, and libvips would not look.
  const height = small.width === small.height ? Math.round(side * 0.8) : side;
  const { info } = await fromRaw(small)
    .resize({ width: side, height, fit: "cover", position: sharp.strategy.attention })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { attentionX, attentionY } = info;
  if (attentionX === undefined || attentionY === undefined) return CENTRE;
  return { x: attentionX / small.width, y: attentionY / small.height };
}

const fromRaw = ({ data, width, height }: SmallPicture): ReturnType<typeof sharp> =>
  sharp(data, { raw: { width, height, channels: 3 } });

async function within(small: SmallPicture, edge: number): Promise<Rgba> {
  const { data, info } = await fromRaw(small)
    .resize({ width: edge, height: edge, fit: "inside" })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  // A Buffer among plain arrays would make smartcrop's loops slower for both.
  return {
    data: new Uint8Array(data.buffer, data.byteOffset, data.length),
    width: info.width,
    height: info.height,
  };
}

function mirroredOf({ data, width, height }: Rgba): Rgba {
  const from = new Uint32Array(Uint8Array.from(data).buffer);
  const to = new Uint32Array(width * height);
  for (let row = 0; row < height * width; row += width)
    for (let x = 0; x < width; x += 1) to[row + x] = from[row + width - 1 - x] ?? 0;
  return { data: new Uint8Array(to.buffer), width, height };
}

const showsSomething = (picture: Rgba): boolean =>
  [0, 1, 2].some((channel) => deviationOf(picture, channel) >= LEAST_CONTRAST);

function deviationOf({ data }: Rgba, channel: number): number {
  let sum = 0;
  let squares = 0;
  for (let at = channel; at < data.length; at += 4) {
    const value = data[at] ?? 0;
    sum += value;
    squares += value * value;
  }
  const count = data.length / 4;
  const mean = sum / count;
  return Math.sqrt(Math.max(0, squares / count - mean * mean));
}
