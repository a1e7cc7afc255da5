/**
 * What a person does to the box of a crop: moves, sizes, drags, and what becomes of it then. Whatever is done, the box lies
 * within the picture. Pure geometry: boxes are in fractions of the upright picture, ratios are width / height in pixels.
 */
import { type Box, rounded, type Size } from "./crops.ts";

/** No box is narrower or lower than this share of its picture: a smaller one could not be taken hold of. */
export const LEAST_SIDE = 0.02;

/** Shapes a person may hold a box to, in the order in which they come up. */
export const RATIOS = ["4:5", "1:1", "3:2", "16:9", "5:4", "2:3", "9:16"] as const;
export type Ratio = (typeof RATIOS)[number] | "original";

/** @returns width / height in pixels */
export function ratioOf(ratio: Ratio, { width, height }: Size): number {
  if (ratio === "original") return width / height;
  const [across = 1, down = 1] = ratio.split(":").map(Number);
  return across / down;
}

export const nextRatio = (ratio: Ratio): Ratio => {
  const all = [...RATIOS, "original"] as const;
  return all[(all.indexOf(ratio) + 1) % all.length] ?? "original";
};

export const WHOLE: Box = { x: 0, y: 0, width: 1, height: 1 };
export const isWhole = ({ width, height }: Box): boolean => width >= 1 && height >= 1;

const clamp = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value));

/** Moved by shares of the picture, as far as its edges let it. */
export const moved = (box: Box, dx: number, dy: number): Box => ({
  ...box,
  x: clamp(box.x + dx, 0, 1 - box.width),
  y: clamp(box.y + dy, 0, 1 - box.height),
});

/** Grown (or, below 0, shrunk) by a share of the picture about its centre; it keeps its shape. */
export function resized(box: Box, by: number): Box {
  const longer = Math.max(box.width, box.height);
  const shorter = Math.min(box.width, box.height);
  const factor = clamp((longer + by) / longer, LEAST_SIDE / shorter, 1 / longer);
  return about(box, box.width * factor, box.height * factor);
}

/** A box of another size with the same centre, pushed back into the picture. */
function about({ x, y, width, height }: Box, newWidth: number, newHeight: number): Box {
  return {
    x: clamp(x + (width - newWidth) / 2, 0, 1 - newWidth),
    y: clamp(y + (height - newHeight) / 2, 0, 1 - newHeight),
    width: newWidth,
    height: newHeight,
  };
}

/**
 * Put into another shape: about the same centre, as large as it was, as far as the picture allows.
 *
 * @param ratio width / height in pixels
 */
export function reshaped(box: Box, ratio: number, size: Size): Box {
  const area = box.width * box.height;
  const slope = sideRatio(ratio, size);
  const width = clamp(Math.sqrt(area * slope), ...widthsWithin(slope, 1, 1));
  return about(box, width, width / slope);
}

/** The largest box of a shape, in the middle. */
export const largest = (ratio: number, size: Size): Box => reshaped(WHOLE, ratio, size);

/** Width over height in fractions of the picture, of what has this ratio in pixels. */
const sideRatio = (ratio: number, { width, height }: Size): number => (ratio * height) / width;

/** Least and greatest width of a box of this shape that has that much room; a picture too narrow for the least is filled. */
function widthsWithin(slope: number, room: number, roomDown: number): [least: number, most: number] {
  const most = Math.min(room, roomDown * slope);
  return [Math.min(most, Math.max(LEAST_SIDE, LEAST_SIDE * slope)), most];
}

/** Handles by the sides they move: `nw` the left and the upper one. */
export const HANDLES = ["nw", "n", "ne", "e", "se", "s", "sw", "w"] as const;
export type Handle = (typeof HANDLES)[number];

/**
 * Dragged by a handle. With a shape that is held, the corner (or the middle of the side) across from the handle stays where
 * it is; without one, the sides the handle does not move do.
 *
 * @param point where the handle is wanted, in fractions; may lie anywhere
 * @param ratio width / height in pixels; null where no shape is held
 */
export function dragged(box: Box, handle: Handle, point: Point, ratio: number | null, size: Size): Box {
  const anchor = {
    across: handle.includes("w") ? -1 : handle.includes("e") ? 1 : 0,
    down: handle.includes("n") ? -1 : handle.includes("s") ? 1 : 0,
  };
  return ratio === null ? freely(box, anchor, point) : inShape(box, anchor, point, sideRatio(ratio, size));
}

interface Point {
  readonly x: number;
  readonly y: number;
}
/** On each axis: -1 the near side is moved, 1 the far one, 0 neither. */
interface Pull {
  readonly across: number;
  readonly down: number;
}

function freely(box: Box, pull: Pull, point: Point): Box {
  const [x, width] = stretched(box.x, box.width, pull.across, point.x);
  const [y, height] = stretched(box.y, box.height, pull.down, point.y);
  return { x, y, width, height };
}

function stretched(from: number, length: number, pull: number, wanted: number): [from: number, length: number] {
  const end = from + length;
  if (pull === 0) return [from, length];
  if (pull > 0) return [from, clamp(wanted, from + LEAST_SIDE, 1) - from];
  const start = clamp(wanted, 0, end - LEAST_SIDE);
  return [start, end - start];
}

function inShape(box: Box, { across, down }: Pull, point: Point, slope: number): Box {
  const fixed = {
    x: box.x + (box.width * (1 - across)) / 2,
    y: box.y + (box.height * (1 - down)) / 2,
  };
  const wide = across === 0 ? 0 : (point.x - fixed.x) * across;
  const high = down === 0 ? 0 : (point.y - fixed.y) * down;
  const room = roomFrom(fixed.x, across);
  const roomDown = roomFrom(fixed.y, down);
  const width = clamp(Math.max(wide, high * slope), ...widthsWithin(slope, room, roomDown));
  const height = width / slope;
  return {
    x: clamp(fixed.x - (width * (1 - across)) / 2, 0, 1 - width),
    y: clamp(fixed.y - (height * (1 - down)) / 2, 0, 1 - height),
    width,
    height,
  };
}

/** How long a side may become that is fixed at one end, or in its middle. */
const roomFrom = (fixed: number, pull: number): number =>
  pull > 0 ? 1 - fixed : pull < 0 ? fixed : 2 * Math.min(fixed, 1 - fixed);

/** Box and numbers as they are stored and shown; a box that is all but whole is the whole picture. */
export const settled = (box: Box): Box => (box.width > 1 - TINY && box.height > 1 - TINY ? WHOLE : rounded(box));
const TINY = 1e-6;

/** Are these two the same, but for rounding? */
export const isSame = (one: Box, other: Box): boolean =>
  (["x", "y", "width", "height"] as const).every((side) => Math.abs(one[side] - other[side]) <= 2 * TINY);
