/** A photo on the crop page while a person is at it. A value: what is done to it makes another, so that going back is easy. */
import {
  dragged,
  type Handle,
  isSame,
  isWhole,
  moved,
  nextRatio,
  type Ratio,
  ratioOf,
  reshaped,
  resized,
  settled,
  WHOLE,
} from "../../../domain/crop-box.ts";
import type { Cropped } from "../../../domain/cropped.ts";
import { type Box, pixelsOf, type Size } from "../../../domain/crops.ts";
import type { Row } from "../../rows.ts";
import { keptStart, type Start } from "./starts.ts";

export interface Work {
  readonly row: Row;
  readonly size: Size;
  readonly starts: readonly Start[];
  /** which of the starts it was taken from; -1 for the crop that was stored */
  readonly at: number;
  readonly start: Start;
  readonly box: Box;
  /** the shape that is held, or would be if one were */
  readonly ratio: Ratio;
  readonly isHeld: boolean;
  readonly isTouched: boolean;
  /** what became of it; empty while it is open */
  readonly end: "" | "Cropped" | "Left whole" | "Rejected";
}

export function workOn(row: Row, size: Size, starts: readonly Start[], wanted: "proposal" | "whole"): Work {
  const at = row.crop !== null ? -1 : wanted === "whole" ? starts.length - 1 : 0;
  const start = row.crop === null ? starts[at] : keptStart(row.crop);
  if (start === undefined) throw new Error("there is always the whole picture to start from");
  return startedFrom({ row, size, starts }, at, start);
}

const startedFrom = (photo: Pick<Work, "row" | "size" | "starts">, at: number, start: Start): Work => ({
  ...photo,
  at,
  start,
  box: start.box,
  ratio: start.aspect === "free" ? "original" : start.aspect,
  isHeld: start.aspect !== "free",
  isTouched: false,
  end: "",
});

/** Back to the first proposal; from a proposal nobody has touched, on to the next. */
export function reset(work: Work): Work {
  const at = work.isTouched || work.at < 0 ? 0 : (work.at + 1) % work.starts.length;
  const start = work.starts[at];
  return start === undefined ? work : startedFrom(work, at, start);
}

const touched = (work: Work, box: Box): Work => (isSame(box, work.box) ? work : { ...work, box, isTouched: true });

export const nudged = (work: Work, dx: number, dy: number): Work => touched(work, moved(work.box, dx, dy));
export const sized = (work: Work, by: number): Work => touched(work, resized(work.box, by));
export const pulled = (
  work: Work,
  from: Box,
  handle: Handle,
  point: { readonly x: number; readonly y: number },
): Work => touched(work, dragged(from, handle, point, heldRatio(work), work.size));
export const placed = (work: Work, box: Box): Work => touched(work, box);

const heldRatio = ({ isHeld, ratio, size }: Work): number | null => (isHeld ? ratioOf(ratio, size) : null);

/** The next shape: as it was proposed, if nobody has moved the box yet and it was, else about the same centre. */
export function turned(work: Work): Work {
  const ratio = work.isHeld ? nextRatio(work.ratio) : work.ratio;
  const at = work.starts.findIndex((one) => one.proposal === ratio);
  const proposed = work.starts[at];
  if (proposed !== undefined && !work.isTouched) return startedFrom(work, at, proposed);
  const box = reshaped(work.box, ratioOf(ratio, work.size), work.size);
  return { ...work, ratio, isHeld: true, box, isTouched: true };
}

/** Held again, the box takes the shape anew. */
export function locked(work: Work): Work {
  if (work.isHeld) return { ...work, isHeld: false };
  return touched({ ...work, isHeld: true }, reshaped(work.box, ratioOf(work.ratio, work.size), work.size));
}

/** The box of another photo; its shape in pixels where their proportions differ. */
export function copied(work: Work, from: Work): Work {
  const { ratio, isHeld, box } = from;
  const ratioThere = (box.width * from.size.width) / (box.height * from.size.height);
  const own = isHeld ? ratioOf(ratio, work.size) : ratioThere;
  const start: Start = {
    label: `as ${from.row.file}`,
    from: "copied",
    proposal: null,
    box: isAlike(work, from) ? box : reshaped(box, own, work.size),
    aspect: isHeld ? ratio : "free",
  };
  return startedFrom(work, -1, start);
}

const isAlike = (one: Work, other: Work): boolean =>
  Math.abs((one.size.width * other.size.height) / (one.size.height * other.size.width) - 1) < 0.01;

/** What would be stored: null for the whole picture. */
export function cropOf(work: Work): Cropped | null {
  const box = settled(work.box);
  if (isWhole(box)) return null;
  const { start, isTouched } = work;
  const aspect = work.isHeld ? work.ratio : "free";
  return { ...box, aspect, start: start.from, proposal: start.proposal, untouched: !isTouched };
}

/** Does storing it change what is published? */
export const isChange = ({ row }: Work, crop: Cropped | null): boolean => !isSame(row.crop ?? WHOLE, crop ?? WHOLE);

/** `4:5, 2400 × 3000 px` */
export function shapeText(work: Work): string {
  const { width, height } = pixelsOf(settled(work.box), work.size);
  return `${work.isHeld ? work.ratio : "free"}, ${width} × ${height} px`;
}

/** Why it may be too small; empty if it is not. @param least pixels of the longer side */
export function smallText(work: Work, least: number): string {
  const { width, height } = pixelsOf(settled(work.box), work.size);
  const longer = Math.max(width, height);
  return longer >= least || isWhole(work.box) ? "" : `${least} px needed, ${longer} px left`;
}

const percent = (share: number): string => (share * 100).toFixed(1);

/** `from left 10.0, from top 5.0, wide 80.0, high 90.0 %` */
export const placeText = ({ box }: Work): string =>
  `left ${percent(box.x)}, top ${percent(box.y)}, wide ${percent(box.width)}, high ${percent(box.height)} %`;
