import smartcrop from "smartcrop";
import { type Aspect, type Box, type Size, sidesOf, windowOf } from "../domain/crops.ts";

/** The one door to smartcrop: it gets pixels that are there already instead of a browser's canvas. */

/** Four bytes a pixel; the last of them is not looked at. */
export interface Rgba extends Size {
  readonly data: Uint8Array;
}

/** Pixels between two places that are tried. */
const STEP = 4;

const pixels = {
  open: async (picture: Rgba): Promise<Rgba> => picture,
  resample: async (picture: Rgba): Promise<Rgba> => picture,
  getData: async (picture: Rgba): Promise<Rgba> => picture,
};

/**
 * The place where an aspect keeps most of skin, detail and colour.
 *
 * @param picture best of about 128 pixels: it takes 0.15 µs a pixel
 */
export async function bestPlace(picture: Rgba, aspect: Aspect): Promise<Box> {
  const [width, height] = sidesOf(aspect);
  const { topCrop } = await smartcrop.crop(picture, {
    width,
    height,
    imageOperations: pixels,
    prescale: false,
    step: STEP,
    scoreDownSample: STEP,
  });
  const window = windowOf(aspect, picture);
  if (topCrop === null) return { x: (1 - window.width) / 2, y: (1 - window.height) / 2, ...window };
  return {
    x: along(topCrop.x, picture.width - topCrop.width, 1 - window.width),
    y: along(topCrop.y, picture.height - topCrop.height, 1 - window.height),
    ...window,
  };
}

/** Places are tried from the left in whole steps: the last one stands for the right edge. */
function along(at: number, room: number, most: number): number {
  const last = Math.floor(room / STEP) * STEP;
  return last <= 0 ? most / 2 : (Math.min(at, last) / last) * most;
}
