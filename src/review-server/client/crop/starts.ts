/** What a photo can come with on the crop page, in the order in which it is offered. Pure. */
import { isSame, largest, type Ratio, ratioOf, WHOLE } from "../../../domain/crop-box.ts";
import type { Crop } from "../../../domain/crop-proposal.ts";
import type { Cropped } from "../../../domain/cropped.ts";
import { type Aspect, type Box, type Size, SURE } from "../../../domain/crops.ts";

export interface Start {
  /** in words, for the person */
  readonly label: string;
  readonly from: Cropped["start"];
  readonly proposal: Aspect | null;
  readonly box: Box;
  /** the shape that is held; `free` for none */
  readonly aspect: Cropped["aspect"];
}

/** The crop that was accepted last, of a picture of this size. */
export interface Last {
  readonly crop: Pick<Cropped, "aspect" | "x" | "y" | "width" | "height">;
  readonly size: Size;
}

/** Crops of pictures of other proportions mean another part of them. */
const SAME_PROPORTIONS = 0.01;
const FIRST_RATIO = "4:5";

/**
 * Proposals first, those of the shape used last before the others and the surest before the less sure; then the same box as last
 * time; the largest of that shape; at the end the whole picture.
 */
export function startsOf(size: Size, proposals: readonly Crop[], last: Last | undefined): readonly Start[] {
  const wanted = last?.crop.aspect;
  const proposed = proposals
    .toSorted((a, b) => Number(b.aspect === wanted) - Number(a.aspect === wanted) || b.confidence - a.confidence)
    .map(({ aspect, confidence, x, y, width, height }): Start => {
      const label = confidence >= SURE ? "sure" : "to be looked at";
      return { label, from: "proposed", proposal: aspect, box: { x, y, width, height }, aspect };
    });
  const others = [...again(size, last), biggest(size, wanted)].filter(
    ({ box }) => !proposed.some((one) => isSame(one.box, box)),
  );
  return [...proposed, ...others, whole];
}

const whole: Start = { label: "the whole picture", from: "whole", proposal: null, box: WHOLE, aspect: "original" };

function again(size: Size, last: Last | undefined): readonly Start[] {
  if (last === undefined || !isAlike(size, last.size)) return [];
  const { aspect, x, y, width, height } = last.crop;
  return [{ label: "as the crop before", from: "last", proposal: null, box: { x, y, width, height }, aspect }];
}

const isAlike = (one: Size, other: Size): boolean =>
  Math.abs(Math.log((one.width * other.height) / (one.height * other.width))) <= SAME_PROPORTIONS;

function biggest(size: Size, wanted: Cropped["aspect"] | undefined): Start {
  const ratio: Ratio = wanted === undefined || wanted === "free" || wanted === "original" ? FIRST_RATIO : wanted;
  const box = largest(ratioOf(ratio, size), size);
  return { label: "the largest of its shape", from: "largest", proposal: null, box, aspect: ratio };
}

/** A crop that is stored already. */
export const keptStart = ({ x, y, width, height, aspect, proposal }: Cropped): Start => ({
  label: "as you cropped it",
  from: "kept",
  proposal,
  box: { x, y, width, height },
  aspect,
});
