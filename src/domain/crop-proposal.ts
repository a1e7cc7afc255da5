/** The shape of a proposal, apart from the rules: a decoder child needs these, and no schema library. */
import { z } from "zod";
import { ASPECTS } from "./crops.ts";

const fraction = z.number().min(0).max(1);

/** A proposal, in fractions of the upright picture. */
export const CropSchema = z.object({
  aspect: z.enum(ASPECTS),
  x: fraction,
  y: fraction,
  width: fraction,
  height: fraction,
  /** how sure it is that a person would take it; never below `LEAST_CONFIDENCE` */
  confidence: fraction,
  /** overlap of two methods that know nothing of each other */
  agreement: fraction,
  /** share of the picture that is left */
  retained: fraction,
  /** overlap with what is proposed when the picture is mirrored, and a twentieth smaller and larger */
  stability: fraction,
});
export type Crop = z.infer<typeof CropSchema>;

/** A photo of any folder, and how it could be cropped. */
export const FramingSchema = z.object({
  /** pixels of the upright picture */
  width: z.int().positive(),
  height: z.int().positive(),
  /** 1 to 8, as EXIF has it */
  orientation: z.int().min(1).max(8),
  /** it is of the JPEG that stands for a RAW */
  isPreview: z.boolean(),
  crops: z.array(CropSchema),
});
export type Framing = z.infer<typeof FramingSchema>;
