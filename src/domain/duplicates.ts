/** What follows from groups of photos that are alike: which one goes aside, and which photo is like no other. */
import { bitsIn, type Fingerprint } from "./fingerprint.ts";
import type { GroupTier, ReportGroup } from "./likeness-report.ts";

/** The tiers of which all but the keeper may go aside without a person naming them. */
export const COPIES: ReadonlySet<GroupTier> = new Set<GroupTier>(["exact", "same-frame", "derived", "imported"]);

export interface Leaving {
  readonly file: string;
  /** the photo that stays in its place */
  readonly keeper: string;
}

/** A group of which nothing would be left: none of it leaves. */
export interface Refused {
  readonly group: number;
  readonly why: string;
}

/**
 * Which photos go aside. Each has a keeper that stays, or that goes aside for one that does; no two for one another. What
 * belongs to a bracket, a stack or a panorama stays, but for exact copies of it.
 */
export function leavingOf(
  groups: readonly ReportGroup[],
  tiers: ReadonlySet<GroupTier>,
): {
  readonly leaving: readonly Leaving[];
  readonly refused: readonly Refused[];
} {
  // What only a learned model calls alike says nothing about what belongs together.
  const wholes = groups.filter(({ keeper, tier }) => keeper === null && tier !== "semantic");
  const whole = new Set(wholes.flatMap(({ files }) => files.map(namesOf)));
  const keeperOf = new Map<string, string>();
  const refused: Refused[] = [];
  for (const { group, tier, files, keeper } of groups.filter((one) => tiers.has(one.tier) && one.keeper !== null)) {
    const kept = files.filter(({ keep }) => keep).map(namesOf);
    const stays = kept.find((file) => file === keeper) ?? kept[0];
    if (stays === undefined) {
      refused.push({ group, why: "no photo of it is to be kept" });
      continue;
    }
    for (const file of files.filter(({ keep }) => !keep).map(namesOf))
      if (!keeperOf.has(file) && (tier === "exact" || !whole.has(file)) && lastKeeper(stays, keeperOf) !== file)
        keeperOf.set(file, stays);
  }
  return {
    leaving: [...keeperOf].map(([file, keeper]) => ({ file, keeper: lastKeeper(keeper, keeperOf) })),
    refused,
  };
}

const namesOf = ({ file }: { readonly file: string }): string => file;

function lastKeeper(of: string, keeperOf: ReadonlyMap<string, string>): string {
  let keeper = of;
  for (let next = keeperOf.get(keeper); next !== undefined; next = keeperOf.get(keeper)) keeper = next;
  return keeper;
}

export interface Nearest {
  readonly place: number;
  /** bits of 64 that differ from its nearest neighbour's, mirrored or turned if that is nearer */
  readonly distance: number;
  /** place of that neighbour; null for the only photo there is */
  readonly nearest: number | null;
}

const BITS = 64;

/** The photos that are least like any other, the loneliest first. All are compared with all: 10,000 take some seconds. */
export function loneliest(prints: readonly Fingerprint[], most: number): Nearest[] {
  const found = prints.map((_, place): { place: number; distance: number; nearest: number | null } => ({
    place,
    distance: BITS,
    nearest: null,
  }));
  for (let i = 0; i < prints.length; i += 1)
    for (let j = i + 1; j < prints.length; j += 1) {
      const distance = leastDistance(prints[i]?.hashes, prints[j]?.hashes);
      for (const [one, other] of [
        [found[i], j],
        [found[j], i],
      ] as const)
        if (one !== undefined && (one.nearest === null || distance < one.distance))
          Object.assign(one, { distance, nearest: other });
    }
  return found.toSorted((a, b) => b.distance - a.distance || a.place - b.place).slice(0, most);
}

function leastDistance(turned: Uint32Array | undefined, still: Uint32Array | undefined): number {
  let least = BITS;
  if (turned === undefined || still === undefined) return least;
  const [high = 0, low = 0] = [still[0], still[1]];
  for (let i = 0; i < turned.length; i += 2)
    least = Math.min(least, bitsIn((turned[i] ?? 0) ^ high) + bitsIn((turned[i + 1] ?? 0) ^ low));
  return least;
}

const EDGE = 16;
const CELLS = 8;

/** 64-bit average hash: is each cell of an 8 x 8 reduction brighter than the mean? @returns its two words */
export function averageHash({ thumb }: Pick<Fingerprint, "thumb">): [number, number] {
  const words: [number, number] = [0, 0];
  for (let cell = 0; cell < CELLS * CELLS; cell += 1) {
    const corner = Math.floor(cell / CELLS) * 2 * EDGE + (cell % CELLS) * 2;
    const sum = [0, 1, EDGE, EDGE + 1].reduce((so, at) => so + (thumb[corner + at] ?? 0), 0);
    const word = cell < 32 ? 0 : 1;
    words[word] = ((words[word] << 1) | (sum > 0 ? 1 : 0)) >>> 0;
  }
  return words;
}
