/** The crop a person has chosen for a photo: a schema for what is stored, and what of it is published. */
import { z } from "zod";
import { LEAST_SIDE, RATIOS } from "./crop-box.ts";
import { ASPECTS, type Box, rounded } from "./crops.ts";

const along = z.number().min(0).max(1);
const side = z.number().min(LEAST_SIDE).max(1);

/** A part of the upright picture, in fractions of its sides. Beyond its edge only by what rounding takes away again. */
const BoxSchema = z
  .object({ x: along, y: along, width: side, height: side })
  .refine(({ x, width }) => x + width <= 1 + ROUNDING, "reaches beyond the right edge of the picture")
  .refine(({ y, height }) => y + height <= 1 + ROUNDING, "reaches beyond the lower edge of the picture")
  .transform(rounded);
const ROUNDING = 1e-6;

/** What is published of a photo that is cropped. */
export const FinalCropSchema = BoxSchema.nullable();

/** Where a box came from before a person touched it. */
const CROP_STARTS = ["proposed", "largest", "last", "copied", "kept", "whole"] as const;

/** Of the whole picture there is none: a photo without a crop is published whole. */
export const CroppedSchema = z
  .object({
    x: along,
    y: along,
    width: side,
    height: side,
    /** the shape that was held while it was drawn; `free` where none was */
    aspect: z.enum([...RATIOS, "original", "free"]),
    /**
     * What the box was when it came on the screen: Photogate's proposal, the largest of its shape, that of the photo before,
     * of the pane beside it, the one that was stored, or the whole picture.
     */
    start: z.enum(CROP_STARTS),
    /** which of the proposals it was; null where it was none */
    proposal: z.enum(ASPECTS).nullable(),
    /** taken as it was proposed: how often that is so tells what proposals are worth */
    untouched: z.boolean(),
  })
  .refine(({ width, height }) => width < 1 || height < 1, "is the whole picture; null says that")
  .transform(({ x, y, width, height, ...why }, context) => {
    const box = BoxSchema.safeParse({ x, y, width, height });
    if (box.success) return { ...box.data, ...why };
    for (const { message } of box.error.issues) context.addIssue({ code: "custom", message });
    return z.NEVER;
  });
export type Cropped = z.infer<typeof CroppedSchema>;

export const boxOf = ({ x, y, width, height }: Box): Box => ({ x, y, width, height });
