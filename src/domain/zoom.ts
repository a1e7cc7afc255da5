/** Where a picture lies on the stage that shows it. Pure geometry; x to the right, y down. */
import type { Size } from "./crops.ts";

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface View extends Point {
  /** pixels of the stage for one of the picture */
  readonly scale: number;
}

/** A part of a picture, in its pixels. */
export interface Part extends Point, Size {}

/** The whole picture, as large as it fits, in the middle. */
export function fitted(stage: Size, picture: Size): View {
  const scale = Math.min(stage.width / picture.width, stage.height / picture.height);
  return placed({ scale, x: 0, y: 0 }, stage, picture);
}

/** No edge of the picture inside the stage where the picture is larger than it; in the middle where it is smaller. */
export function placed({ scale, x, y }: View, stage: Size, picture: Size): View {
  return {
    scale,
    x: along(x, stage.width, picture.width * scale),
    y: along(y, stage.height, picture.height * scale),
  };
}

const along = (at: number, room: number, length: number): number =>
  length <= room ? (room - length) / 2 : Math.min(0, Math.max(room - length, at));

/** The same pixel stays under the pointer. */
export function scaledAbout({ scale, x, y }: View, at: Point, to: number): View {
  return { scale: to, x: at.x - ((at.x - x) * to) / scale, y: at.y - ((at.y - y) * to) / scale };
}

/** What lies in the middle of the stage, in fractions of the picture: another picture is shown there, too. */
export const middleOf = ({ scale, x, y }: View, stage: Size, picture: Size): Point => ({
  x: (stage.width / 2 - x) / scale / picture.width,
  y: (stage.height / 2 - y) / scale / picture.height,
});

/** A view with a point of the picture, in fractions, in the middle of the stage. */
export const about = (middle: Point, scale: number, stage: Size, picture: Size): View =>
  placed(
    {
      scale,
      x: stage.width / 2 - middle.x * picture.width * scale,
      y: stage.height / 2 - middle.y * picture.height * scale,
    },
    stage,
    picture,
  );

/** Steps in which a part begins and ends: a hand that trembles asks for the same part again. */
const GRID = 256;
/** Longest side of a part, in pixels of the picture. */
export const MOST_TILE = 4_096;

/**
 * The part of the picture that the stage shows, with a rim to pan into.
 *
 * @returns undefined where it would be too large to be asked for
 */
export function partShown({ scale, x, y }: View, stage: Size, picture: Size): Part | undefined {
  const span = (at: number, room: number, length: number): readonly [from: number, size: number] => {
    const from = Math.max(0, Math.floor(-at / scale / GRID - 0.5) * GRID);
    const to = Math.min(length, Math.ceil((room - at) / scale / GRID + 0.5) * GRID);
    return [from, to - from];
  };
  const [left, width] = span(x, stage.width, picture.width);
  const [top, height] = span(y, stage.height, picture.height);
  const isFine = width > 0 && height > 0 && width <= MOST_TILE && height <= MOST_TILE;
  return isFine ? { x: left, y: top, width, height } : undefined;
}
