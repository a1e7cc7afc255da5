import { describe, expect, test } from "vitest";
import type { Facts, PluginSaid } from "../../src/domain/facts.ts";
import type { Comparable } from "../../src/domain/frame.ts";
import { kindsWith } from "../../src/domain/kinds.ts";
import type { Catalogue, GreyPair, Images } from "../../src/domain/ports.ts";
import type { SetStage } from "../../src/domain/stage.ts";
import { likeness } from "../../src/stages/likeness.ts";
import { chance } from "../fixtures/chance.ts";
import { aPhoto, factsAtGate } from "../store/home.ts";

const { validate, ingest, exif, iptc, look, quality } = factsAtGate("x");
const hex = (digits: number, seed: number): string => {
  const next = chance(seed);
  return Array.from({ length: digits }, () => (next() % 16).toString(16)).join("");
};
const thumb = (seed: number): string => {
  const next = chance(seed + 500);
  return Buffer.from(Int8Array.from({ length: 256 }, () => (next() % 255) - 127).buffer).toString("base64");
};

/** Photos of one look number show the same picture. */
function photo(
  id: number,
  show: number,
  given: { exif?: Partial<Facts["exif"]>; width?: number; setId?: string; plugins?: readonly PluginSaid[] } = {},
) {
  const phash = hex(16, show);
  return aPhoto({
    id,
    setId: given.setId ?? "gulls",
    dir: `/home/set/${id}`,
    facts: {
      validate,
      iptc,
      quality: { ...quality, plugins: [...(given.plugins ?? [])] },
      ingest: { ...ingest, sha256: hex(64, 100 + id) },
      exif: { ...exif, takenAt: null, ...given.exif },
      look: {
        ...look,
        width: given.width ?? 6000,
        pixels: hex(64, 200 + id),
        phash,
        phashes: [phash, ...Array.from({ length: 7 }, (_, i) => hex(16, 1000 * show + i))],
        phash256: hex(64, show),
        thumb: thumb(show),
      },
    },
  }) as Comparable;
}

const nobody: Catalogue = { meet: async () => [], areDistinct: () => false };
const noLook: Pick<Images, "alike"> = { alike: async () => expect.unreachable() };
const settings = { burstSeconds: 2, burstReviewSeconds: 5, semanticCosine: 0.92, kinds: kindsWith([]) };
const context = { signal: new AbortController().signal, dir: "/home/set/likeness", now: () => 1 };

async function factsOf(stage: SetStage, photos: readonly Comparable[]): Promise<Facts["likeness"][]> {
  const outcomes = await stage.run(photos, context);
  return photos.map(({ id }) => {
    const outcome = outcomes.get(id);
    if (outcome?.kind !== "done" || !("groups" in outcome.facts)) return expect.unreachable();
    return outcome.facts;
  });
}

describe("likeness", () => {
  test("says to each photo of a group what the group is and why another is kept", async () => {
    const stage = likeness(noLook, nobody, settings);
    const [small, large, other] = await factsOf(stage, [photo(1, 1, { width: 3000 }), photo(2, 1), photo(3, 3)]);
    const shared = { tier: "same-frame", group: 1, members: [1, 2], keeper: 2 };
    expect(small?.groups).toMatchObject([
      { ...shared, isKeeper: false, evidence: { phash: 0, cosine: 1, phash256: 0 } },
    ]);
    expect(small?.groups[0]?.reason).toBe("larger: 6000 × 4000 px against 3000 × 4000 px");
    expect(large?.groups).toMatchObject([{ ...shared, isKeeper: true }]);
    expect(other).toEqual({ groups: [], elsewhere: [] });
  });

  test("has pixels compared only of pairs that may be crops and of shots in a row, some at a time", async () => {
    const asked: GreyPair[][] = [];
    const images: Pick<Images, "alike"> = {
      alike: async (pairs) => {
        asked.push([...pairs]);
        return pairs.map(() => ({ crop: 0.95, overlap: null }));
      },
    };
    const at = (second: number) => ({ takenAt: `2026:10:14 08:12:0${second}`, subSec: "0" });
    const photos = [photo(1, 1, { exif: at(1) }), photo(2, 2, { exif: at(4) }), photo(3, 3)];
    const [first] = await factsOf(likeness(images, nobody, settings), photos);
    expect(asked).toEqual([
      [
        {
          a: { file: "/home/set/1/look/grey.bin", aspect: 1.5 },
          b: { file: "/home/set/2/look/grey.bin", aspect: 1.5 },
          isStep: true,
        },
      ],
    ]);
    expect(first?.groups[0]).toMatchObject({ tier: "burst", evidence: { ncc: 0.95, seconds: 3 } });
    expect(first?.groups[0]?.reason).toContain("look whether it is one burst");
  });

  test("names the photos of other sets, and looks at the pixels of those that may be crops", async () => {
    const earlier = [photo(90, 1, { setId: "terns" }), photo(91, 9, { setId: "terns" })];
    const [own = expect.unreachable(), ...rest] = [photo(1, 1)];
    const catalogue: Catalogue = {
      meet: async (photos) => {
        expect(photos).toEqual([own, ...rest]);
        return earlier.map((other) => [own, other]);
      },
      areDistinct: () => false,
    };
    const images = { alike: async () => [{ crop: 0.93, overlap: null }] };
    const [facts] = await factsOf(likeness(images, catalogue, settings), [own]);
    expect(facts?.elsewhere).toMatchObject([
      { photo: 90, tier: "same-frame", evidence: { phash: 0 } },
      { photo: 91, tier: "derived", evidence: { ncc: 0.93 } },
    ]);
    const distinct = { ...catalogue, areDistinct: () => true };
    expect((await factsOf(likeness(noLook, distinct, settings), [own]))[0]?.elsewhere).toEqual([]);
  });

  test("shows what a learned model calls alike, beside what is alike for other reasons", async () => {
    const by = (id: string, ...vector: number[]): PluginSaid => {
      const bytes = Buffer.from(Int8Array.from(vector).buffer).toString("base64");
      return { id, said: { kind: "embedding", vector: bytes, weights: "1", alike: null } };
    };
    const photos = [
      photo(1, 1, { plugins: [by("clip", 127, 0), by("other", 1, 0)] }),
      photo(2, 1, { plugins: [by("clip", 127, 1)] }),
      photo(3, 3, { plugins: [by("clip", 127, 2)] }),
      photo(4, 4, { plugins: [by("clip", 0, 127)] }),
    ];
    const stage = likeness(noLook, nobody, settings);
    const [first, , third, fourth] = await factsOf(stage, photos);
    const semantic = { tier: "semantic", group: 1, members: [1, 2, 3], keeper: null, isKeeper: false };
    expect(first?.groups).toMatchObject([{ tier: "same-frame", members: [1, 2], keeper: 1 }, semantic]);
    expect(third?.groups).toMatchObject([{ ...semantic, evidence: { semantic: 0.99 } }]);
    expect(fourth?.groups).toEqual([]);
    // Two copies are alike to every model: nobody has to be told twice.
    expect((await factsOf(stage, photos.slice(0, 2)))[0]?.groups.map(({ tier }) => tier)).toEqual(["same-frame"]);
    const strict = likeness(noLook, nobody, { ...settings, semanticCosine: 1 });
    expect((await factsOf(strict, photos))[2]?.groups).toEqual([]);
  });

  test("asks how long a burst pauses of the kind of the set", async () => {
    const images: Pick<Images, "alike"> = { alike: async (pairs) => pairs.map(() => ({ crop: 0.95, overlap: null })) };
    const at = (second: number) => ({ takenAt: `2026:10:14 08:12:0${second}`, subSec: "0" });
    const groupsIn = async (kind: string | undefined) => {
      const shots = [photo(1, 1, { exif: at(1) }), photo(2, 2, { exif: at(4) })];
      const photos = shots.map((one) => ({ ...one, context: { ...one.context, kind } }));
      return (await factsOf(likeness(images, nobody, settings), photos))[0]?.groups.map(({ tier }) => tier);
    };
    expect(await groupsIn(undefined)).toContain("burst");
    expect(await groupsIn("water drops")).not.toContain("burst");
  });

  test("stops when it is told to", async () => {
    const stopped = likeness(noLook, nobody, settings).run([photo(1, 1)], {
      ...context,
      signal: AbortSignal.abort(new Error("stop")),
    });
    await expect(stopped).rejects.toThrow("stop");
  });
});
