import type { Crop } from "../../../domain/crop-proposal.ts";
import { get } from "../server.ts";

/** The machine's proposals, fetched for some photos ahead of those on the screen. */
export interface Proposals {
  /** @returns undefined while they are on their way */
  of(photo: number): readonly Crop[] | undefined;
  /** @throws Unreachable, Refused */
  fetch(photos: readonly number[]): Promise<void>;
}

export function proposalsOf(set: string): Proposals {
  const known = new Map<number, readonly Crop[]>();
  return {
    of: (photo) => known.get(photo),
    async fetch(photos) {
      const wanted = photos.filter((photo) => !known.has(photo));
      if (wanted.length === 0) return;
      const address = `/api/sets/${encodeURIComponent(set)}/crops?photos=${wanted.join(",")}`;
      const { crops } = await get<{ crops: Readonly<Record<string, readonly Crop[]>> }>(address);
      // Those the server has nothing about are asked for once.
      for (const photo of wanted) known.set(photo, crops[photo] ?? []);
    },
  };
}
