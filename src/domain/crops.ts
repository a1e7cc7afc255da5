/** Which part of a photo is left when it has to fit another shape; what speaks for it. Pure geometry, no pixels. */

export const ASPECTS = ["4:5", "16:9", "1:1", "3:2"] as const;
export type Aspect = (typeof ASPECTS)[number];

const SIDES: { readonly [A in Aspect]: readonly [width: number, height: number] } = {
  "4:5": [4, 5],
  "16:9": [16, 9],
  "1:1": [1, 1],
  "3:2": [3, 2],
};

/** Width and height of an aspect, in whole numbers. */
export const sidesOf = (aspect: Aspect): readonly [width: number, height: number] => SIDES[aspect];

/** `4:5 sure, 16:9 to review`; empty where nothing is proposed. */
export const cropsSaid = (crops: readonly { readonly aspect: Aspect; readonly confidence: number }[]): string =>
  crops.map(({ aspect, confidence }) => `${aspect} ${confidence >= SURE ? "sure" : "to review"}`).join(", ");

/** Anything that has two sides, in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A part of a picture, in fractions of its width and height, from its upper left corner. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Below it nothing is proposed: of 16:9 out of an upright photo, six of eight proposals cut off what mattered. */
export const LEAST_RETAINED = 0.45;
export const LEAST_CONFIDENCE = 0.45;
/** From here on a proposal may be taken without being looked at one by one. */
export const SURE = 0.75;

const clamp = (value: number): number => Math.min(1, Math.max(0, value));
const WEIGHTS = { agreement: 0.45, retained: 0.35, stability: 0.2 } as const;

/**
 * @returns 0 to 1. What a cropping method thinks of its own result does not tell good from bad ones; whether another method
 *   comes to the same, and how little is lost, does.
 */
export const confidenceOf = ({
  agreement,
  retained,
  stability,
}: Readonly<Record<"agreement" | "retained" | "stability", number>>): number =>
  WEIGHTS.agreement * clamp((agreement - 0.5) / 0.4) +
  WEIGHTS.retained * clamp((retained - LEAST_RETAINED) / 0.4) +
  WEIGHTS.stability * clamp(stability);

/** The largest part of a picture that has the aspect, as fractions of its sides. */
export function windowOf(aspect: Aspect, { width, height }: Size): Pick<Box, "width" | "height"> {
  const [across, down] = SIDES[aspect];
  const ratio = (across * height) / (down * width);
  return { width: Math.min(1, ratio), height: Math.min(1, 1 / ratio) };
}

export const areaOf = ({ width, height }: Pick<Box, "width" | "height">): number => width * height;

/** A wide crop of an upright photo is a strip: no method finds a good one. */
export const mayBeCropped = (aspect: Aspect, size: Size): boolean =>
  !(aspect === "16:9" && size.width < size.height) && areaOf(windowOf(aspect, size)) >= LEAST_RETAINED;

/** Shared area over covered area of two boxes: 1 where they are the same, 0 where they do not touch. */
export function overlapOf(one: Box, other: Box): number {
  const width = Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x);
  const height = Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y);
  const shared = Math.max(0, width) * Math.max(0, height);
  return shared === 0 ? 0 : shared / (areaOf(one) + areaOf(other) - shared);
}

const PLACES = 1e6;

/** To six decimals, never outside: fractions are rounded once, here, and pixels once, in `pixelsOf`. */
export function rounded({ x, y, width, height }: Box): Box {
  const near = (value: number): number => Math.round(clamp(value) * PLACES) / PLACES;
  const [w, h] = [near(width), near(height)];
  return { x: Math.min(near(x), near(1 - w)), y: Math.min(near(y), near(1 - h)), width: w, height: h };
}

/** Whole pixels of a picture, at least one, all of them inside. */
export function pixelsOf(box: Box, size: Size): Box {
  const [x, width] = span(box.x, box.width, size.width);
  const [y, height] = span(box.y, box.height, size.height);
  return { x, y, width, height };
}

function span(from: number, length: number, of: number): [from: number, length: number] {
  const pixels = Math.min(of, Math.max(1, Math.round(length * of)));
  return [Math.min(of - pixels, Math.max(0, Math.round(from * of))), pixels];
}

/**
 * Where a part of the upright picture lies in the picture as it is stored.
 *
 * @param orientation 1 to 8, as EXIF has it
 */
export function storedBox(box: Box, orientation: number): Box {
  const { x, y, width, height } = box;
  const fromRight = 1 - x - width;
  const fromBottom = 1 - y - height;
  const turned = { width: height, height: width };
  switch (orientation) {
    case 2:
      return { ...box, x: fromRight };
    case 3:
      return { ...box, x: fromRight, y: fromBottom };
    case 4:
      return { ...box, y: fromBottom };
    case 5:
      return { x: y, y: x, ...turned };
    case 6:
      return { x: y, y: fromRight, ...turned };
    case 7:
      return { x: fromBottom, y: fromRight, ...turned };
    case 8:
      return { x: fromBottom, y: x, ...turned };
    default:
      return box;
  }
}

/** Does the stored picture lie on its side? */
export const isTurned = (orientation: number): boolean => orientation >= 5 && orientation <= 8;
