/** The fingerprints of all photos, in memory: twelve bytes each, read once, when the first set is compared. */
import { setImmediate } from "node:timers/promises";
import { fingerprintOf, isFlat, wordsOf } from "./domain/fingerprint.ts";
import type { Comparable } from "./domain/frame.ts";
import { mayBeDerived, SAME_HASH } from "./domain/likeness.ts";
import { nearTo } from "./domain/nearby.ts";
import type { Catalogue } from "./domain/ports.ts";
import { hasFacts } from "./domain/stage.ts";
import type { PhotoId } from "./domain/words.ts";
import type { Store } from "./store/store.ts";

const ROWS_AT_ONCE = 500;
const COMPARED = ["validate", "ingest", "exif", "iptc", "look"] as const;

export function fingerprintsOn({ sets, likenesses }: Pick<Store, "sets" | "likenesses">): Catalogue {
  let hashes = new Uint32Array(2 * 1024);
  let ids = new Uint32Array(1024);
  let count = 0;
  const places = new Map<PhotoId, number>();

  const put = (id: PhotoId, phash: string): void => {
    const place = places.get(id) ?? count;
    if (place === ids.length) [ids, hashes] = [grown(ids), grown(hashes)];
    hashes.set(wordsOf(phash), 2 * place);
    ids[place] = id;
    places.set(id, place);
    count = Math.max(count, place + 1);
  };
  const fill = async (): Promise<void> => {
    for (let after: PhotoId = 0; ; ) {
      const rows = likenesses.hashes(after, ROWS_AT_ONCE);
      for (const { id, phash } of rows) put(id, phash);
      const last = rows.at(-1);
      if (last === undefined) return;
      after = last.id;
      await setImmediate();
    }
  };
  let filled: Promise<void> | undefined;

  const nearTurned = (photo: Comparable): Set<PhotoId> => {
    const print = fingerprintOf(photo.facts.look);
    const near = new Set<PhotoId>();
    if (isFlat(print)) return near;
    const { hashes: own } = print;
    for (let i = 0; i < own.length; i += 2)
      nearTo(hashes, count, own[i] ?? 0, own[i + 1] ?? 0, SAME_HASH, (place) => near.add(ids[place] ?? 0));
    return near;
  };
  /** Edits keep the time of the shot: among those a crop is worth looking for. */
  const ofTheSameMoment = ({ facts: { exif, look } }: Comparable): PhotoId[] => {
    if (exif.takenAt === null) return [];
    const print = fingerprintOf(look);
    return likenesses
      .takenAt(exif.takenAt)
      .filter((other) => mayBeDerived(print, fingerprintOf(other), [look.width / look.height, other.aspect]))
      .map(({ id }) => id);
  };
  /** What memory says is looked up: a photo may be gone since, or have been looked at anew. */
  const stillThere = (own: Comparable, id: PhotoId): [Comparable, Comparable][] => {
    const other = sets.photo(id);
    return other !== undefined && other.setId !== own.setId && hasFacts(other, COMPARED) ? [[own, other]] : [];
  };

  return {
    async meet(photos, signal) {
      filled ??= fill().catch((failure: unknown) => {
        // The next set tries again.
        filled = undefined;
        throw failure;
      });
      await filled;
      for (const { id, facts } of photos) put(id, facts.look.phash);
      const pairs: [Comparable, Comparable][] = [];
      for (const photo of photos) {
        const near = new Set([...nearTurned(photo), ...ofTheSameMoment(photo)]);
        pairs.push(...[...near].flatMap((id) => stillThere(photo, id)));
        await setImmediate();
        signal.throwIfAborted();
      }
      return pairs;
    },
    areDistinct: likenesses.areDistinct,
  };
}

function grown(words: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(2 * words.length);
  larger.set(words);
  return larger;
}
