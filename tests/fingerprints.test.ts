import { beforeEach, expect, test } from "vitest";
import type { Comparable } from "../src/domain/frame.ts";
import type { Catalogue } from "../src/domain/ports.ts";
import { hasFacts } from "../src/domain/stage.ts";
import type { SetId } from "../src/domain/words.ts";
import { fingerprintsOn } from "../src/fingerprints.ts";
import type { Store } from "../src/store/store.ts";
import { commit, factsAtGate, memoryStore, setAtGate } from "./store/home.ts";

const { look: flat } = factsAtGate("x");
const look = {
  ...flat,
  thumb: Buffer.from(Int8Array.from({ length: 256 }, (_, i) => i - 128).buffer).toString("base64"),
};
const NEVER = new AbortController().signal;
const FAR = "f".repeat(16);
let store: Store;
let catalogue: Catalogue;
beforeEach(() => {
  store = memoryStore().store;
  catalogue = fingerprintsOn(store);
});

/** A set of two photos: one like all others here, one unlike them. */
function twoPhotos(name: string): { set: SetId; photos: Comparable[] } {
  const { set, photos } = setAtGate(store, { name });
  commit(store, set, "exif", photos, () => ({ ...factsAtGate("x").exif, takenAt: null }));
  commit(store, set, "look", photos.slice(0, 1), () => look);
  commit(store, set, "look", photos.slice(1), (photo) => {
    const own = `${FAR.slice(0, 10)}${String(photo).padStart(6, "0")}`;
    return { ...look, phash: own, phashes: [own, ...Array.from({ length: 7 }, () => FAR)] };
  });
  return {
    set,
    photos: store.sets.photos(set).filter((photo) => hasFacts(photo, ["validate", "ingest", "exif", "iptc", "look"])),
  };
}
const ids = (pairs: readonly (readonly Comparable[])[]): number[][] => pairs.map((pair) => pair.map(({ id }) => id));

test("a photo meets those of the sets before it, never its own", async () => {
  const [first, second] = [twoPhotos("gulls"), twoPhotos("terns")];
  const [a] = first.photos;
  const [b] = second.photos;
  expect(ids(await catalogue.meet(second.photos.slice(0, 1), NEVER))).toEqual([[b?.id, a?.id]]);
  expect(ids(await catalogue.meet(first.photos.slice(0, 1), NEVER))).toEqual([[a?.id, b?.id]]);
});

test("of two sets that are compared at the same time, at least one sees the other", async () => {
  await catalogue.meet([], NEVER);
  const [first, second] = [twoPhotos("gulls"), twoPhotos("terns")];
  const met = await Promise.all([catalogue.meet(first.photos, NEVER), catalogue.meet(second.photos, NEVER)]);
  expect(met.flat().length).toBeGreaterThanOrEqual(1);
});

test("a photo that is gone since is met no more", async () => {
  const [first, second] = [twoPhotos("gulls"), twoPhotos("terns")];
  await catalogue.meet(first.photos, NEVER);
  store.sets.remove(first.set, 9);
  expect(await catalogue.meet(second.photos, NEVER)).toEqual([]);
});

test("there is room for more than a thousand", async () => {
  const { photos } = twoPhotos("gulls");
  const [own] = photos;
  if (own === undefined) return expect.unreachable();
  const many = Array.from({ length: 1_200 }, (_, i) => {
    const phash = `${FAR.slice(0, 10)}${String(i).padStart(6, "0")}`;
    const phashes = Array.from({ length: 8 }, () => phash);
    return { ...own, id: 10_000 + i, facts: { ...own.facts, look: { ...look, thumb: flat.thumb, phash, phashes } } };
  });
  await catalogue.meet(many, NEVER);
  const later = twoPhotos("terns");
  expect(ids(await catalogue.meet(later.photos.slice(0, 1), NEVER))).toEqual([[later.photos[0]?.id, own.id]]);
});
