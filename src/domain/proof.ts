import { z } from "zod";
import { SEVERITIES } from "./wording-rule.ts";
import { isDevious, plainText } from "./words.ts";

/** What was wrong with the words of a photo, what was tried, and what is left of it, as it is kept. */

export const OUTCOMES = ["passed", "repaired", "partially-repaired", "blocked"] as const;
/** `blocked`: an error is left, and nobody may approve the photo before a person has edited or overruled it. */
export type Outcome = (typeof OUTCOMES)[number];

const FieldSchema = z.enum(["caption", "altText", "keywords"]);

const FlawSchema = z.object({
  rule: z.string(),
  severity: z.enum(SEVERITIES),
  field: FieldSchema,
  /** what is wrong, with the very words */
  why: z.string(),
  /** the photo whose words are the same */
  like: z.int().optional(),
});
/** A flaw of these words, or beside those of another photo of the set. */
export type FoundFlaw = z.infer<typeof FlawSchema>;

const AttemptSchema = z.object({
  by: z.enum(["rule", "model", "template"]),
  field: FieldSchema,
  /** the rules it was made for */
  rules: z.array(z.string()),
  before: z.string(),
  after: z.string(),
  /** it was taken only if it was better */
  accepted: z.boolean(),
  /** null where no model was asked */
  seed: z.int().nullable(),
  ms: z.number().nonnegative(),
});
export type Attempt = z.infer<typeof AttemptSchema>;

export const ProofSchema = z.object({
  /** version of the catalogue that judged */
  rules: z.string(),
  outcome: z.enum(OUTCOMES),
  /** before anything was mended */
  found: z.array(FlawSchema),
  /** what is left */
  flaws: z.array(FlawSchema),
  attempts: z.array(AttemptSchema),
});
export type Proof = z.infer<typeof ProofSchema>;

/** A rule that a person has set aside for a photo, and why. */
export const OverruledSchema = z.object({
  rule: z.string().min(1).max(40),
  reason: z
    .string()
    .max(300)
    .refine((reason) => !isDevious(reason), "may not hold control characters or invisible ones")
    .transform(plainText)
    .pipe(z.string().min(3, "a reason has three letters at least")),
});
export type Overruled = z.infer<typeof OverruledSchema>;
