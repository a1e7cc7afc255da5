import { z } from "zod";

const count = z.int().min(0).max(1_000_000_000);

/** One sitting at the review of a set, as its page counted it so far; times in milliseconds for each photo. */
export const SittingSchema = z.object({
  id: z.string().min(1).max(64),
  decided: count,
  /** approved with the words as they were proposed */
  accepted: count,
  /** keys that went down; a chord is as many as it has keys */
  keys: count,
  clicks: count,
  undos: count,
  /** from decision to decision, without pauses */
  activeMs: count,
  medianMs: count,
  p90Ms: count,
});
export type Sitting = z.infer<typeof SittingSchema>;
