import { readFile } from "node:fs/promises";
import { cropScore, GREY_BYTES, type Grey, overlapOf } from "../domain/crop-match.ts";
import type { PixelwiseAnswer } from "../domain/facts.ts";
import type { GreyFile, GreyPair } from "../domain/ports.ts";

/** Compares grey reductions; every file is read once, however many pairs it is in. */
export async function alike(pairs: readonly GreyPair[]): Promise<PixelwiseAnswer[]> {
  const files = new Map(pairs.flatMap(({ a, b }) => [a, b]).map((grey) => [grey.file, grey]));
  const greys = new Map(
    await Promise.all([...files].map(async ([file, grey]) => [file, await readGrey(grey)] as const)),
  );
  return pairs.map(({ a, b, isStep }) => {
    const [first, second] = [greys.get(a.file), greys.get(b.file)];
    if (first === undefined || second === undefined) return { crop: null, overlap: null };
    return { crop: cropScore(first, second), overlap: isStep ? (overlapOf(first, second) ?? null) : null };
  });
}

/** @returns undefined if it is not there any more: a cleared set keeps only its small previews */
async function readGrey({ file, aspect }: GreyFile): Promise<Grey | undefined> {
  const data = await readFile(file).catch(() => undefined);
  return data?.length === GREY_BYTES ? { data, aspect } : undefined;
}
