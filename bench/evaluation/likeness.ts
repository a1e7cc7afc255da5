import { availableParallelism } from "node:os";
import { cosine } from "../../src/domain/fingerprint.ts";
import { pool } from "../../src/pipeline/pool.ts";
import { EDITS } from "./edits.ts";
import { areDerived, areSame, areWorthLooking, type Seen, seen } from "./seen.ts";

export interface Recall {
  readonly edit: string;
  /** share of pictures that were found again, 0-1 */
  readonly share: number;
  /** the same, had the pixels of every pair been compared, and not only of those whose fingerprints are near */
  readonly shareByPixels: number;
  readonly goal: number;
  /** names of those that were not found */
  readonly missed: readonly string[];
}

export interface Picture {
  readonly name: string;
  /** upright */
  readonly jpeg: Buffer;
}

/** Edits each picture in each way, and asks whether it is still known. */
export async function recalls(pictures: readonly Picture[]): Promise<Recall[]> {
  const missed = new Map(EDITS.map(({ name }) => [name, { at: [] as string[], byPixels: 0 }]));
  await pool(pictures, availableParallelism(), new AbortController().signal, async ({ name, jpeg }) => {
    const original = await seen(name, jpeg);
    for (const edit of EDITS) {
      const edited = await seen(`${name}, ${edit.name}`, await edit.apply(jpeg));
      const lost = missed.get(edit.name);
      if (lost === undefined || areSame(original, edited)) continue;
      const isDerived = areDerived(original, edited);
      if (!isDerived) lost.byPixels += 1;
      if (!isDerived || !areWorthLooking(original, edited)) lost.at.push(name);
    }
  });
  return EDITS.map(({ name, recall }) => {
    const { at, byPixels } = missed.get(name) ?? { at: [], byPixels: 0 };
    const share = (lost: number): number => 1 - lost / pictures.length;
    return { edit: name, share: share(at.length), shareByPixels: share(byPixels), goal: recall, missed: at };
  });
}

type Pair = readonly [string, string];

export interface Confusions {
  readonly pairs: number;
  readonly same: readonly Pair[];
  /** of the pairs whose thumbs are most alike: that many were looked at for a crop, and these were taken for one */
  readonly looked: number;
  readonly derived: readonly Pair[];
}

/**
 * @param pictures of which no two show the same
 * @param looks pairs whose pixels are compared, the most alike first
 */
export function confusions(pictures: readonly Seen[], looks: number): Confusions {
  const same: Pair[] = [];
  const near: { readonly a: Seen; readonly b: Seen; readonly likeness: number }[] = [];
  pictures.forEach((a, i) => {
    for (const b of pictures.slice(i + 1)) {
      if (areSame(a, b)) same.push([a.name, b.name]);
      else if (areWorthLooking(a, b)) near.push({ a, b, likeness: cosine(a.print, b.print) });
    }
  });
  const hardest = near.toSorted((one, other) => other.likeness - one.likeness).slice(0, looks);
  const derived = hardest.filter(({ a, b }) => areDerived(a, b)).map(({ a, b }): Pair => [a.name, b.name]);
  return { pairs: (pictures.length * (pictures.length - 1)) / 2, same, looked: hardest.length, derived };
}
