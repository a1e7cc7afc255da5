import { Fault } from "../../domain/fault.ts";
import { type Edits, EditsSchema } from "../../domain/review.ts";

/** @throws Fault review.invalid-value */
export function textIn(body: unknown, key: string): string {
  const text = placeIn(body, key);
  if (text === "") throw new Fault("review.invalid-value", `the body lacks a text "${key}"`);
  return text;
}

/** @throws Fault review.invalid-value */
export function numberIn(body: unknown, key: string): number {
  const number = isRecord(body) ? body[key] : undefined;
  if (typeof number === "number" && Number.isSafeInteger(number) && number >= 0) return number;
  throw new Fault("review.invalid-value", `the body lacks a whole number "${key}"`);
}

/** A text that may be empty, as the folder of loose files is. @throws Fault review.invalid-value */
export function placeIn(body: unknown, key: string): string {
  const text = isRecord(body) ? body[key] : undefined;
  if (typeof text !== "string") throw new Fault("review.invalid-value", `the body lacks a text "${key}"`);
  return text;
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** What does not fit, one after the other, each with its place below `key`. */
export const issuesText = (key: string, { issues }: { readonly issues: readonly Issue[] }): string =>
  issues.map(({ path, message }) => `${[key, ...path].join(".")}: ${message}`).join("; ");

/** Fields as a person would have them. @throws Fault review.invalid-value */
export function editsIn(body: unknown): Edits {
  const read = EditsSchema.safeParse(body);
  if (read.success) return read.data;
  throw new Fault(
    "review.invalid-value",
    read.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; "),
  );
}
