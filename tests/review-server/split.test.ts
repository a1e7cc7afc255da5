import { describe, expect, test } from "vitest";
import type { Description } from "../../src/domain/context.ts";
import { Fault } from "../../src/domain/fault.ts";
import { commit, factsAtGate, hand, op, reviewFacts, setAtGate } from "../store/home.ts";
import { visit } from "./house.ts";

const MIXED = [
  { subject: "Heron", photos: [1] },
  { subject: "Boat", photos: [2] },
];

/** A set at the gate that shows two things, and what was asked to be split off it. */
async function mixedSet(fails?: Fault) {
  const asked: (readonly [string, readonly number[], Description])[] = [];
  const house = await visit({
    split: async (set, { photos, said }) => {
      if (fails !== undefined) throw fails;
      asked.push([set, photos, said]);
      return house.store.splits.split(
        set,
        photos,
        { folder: "nature", ...said },
        { going: [], staying: [] },
        { ...hand, at: 60 },
      );
    },
  });
  const { set, photos } = setAtGate(house.store, { files: ["1.JPG", "2.JPG", "3.JPG"] });
  photos.forEach((photo, i) => {
    const part = i < 2 ? "Heron" : "Boat";
    commit(house.store, set, "subject", [photo], () => ({ ...factsAtGate("x").subject, mixed: MIXED, part }));
  });
  const { cookie, csrf } = await house.signIn();
  return {
    ...house,
    set,
    photos,
    asked,
    see: async (path: string) => (await house.get(path, { cookie })).text(),
    send: async (fields: Readonly<Record<string, string>>) =>
      house.form(`/forms/sets/${set}/split`, new URLSearchParams({ csrf, ...fields }).toString(), { cookie }),
    tell: async (body: unknown) => house.post(`/api/sets/${set}/split`, body, { authorization: `Bearer ${house.cli}` }),
    rowsSince: async (revision: number) =>
      house.get(`/api/sets/${set}/rows?since=${revision}`, { authorization: `Bearer ${house.cli}` }),
  };
}

describe("a set that shows two things", () => {
  test("offers each for a set of its own, says what becomes of it, and does it by a form", async () => {
    const { asked, photos, see, send, set, store } = await mixedSet();
    for (const path of [`/s/${set}`, `/s/${set}/plain`]) {
      const page = await see(path);
      expect(page).toContain("It seems to show different things: Heron (2 photos), Boat (1 photo)");
      expect(page).toContain("Undo does not put the two together again.");
      expect(page).toMatch(/name="part" value="Boat"/);
    }
    const answer = await send({ part: "Heron", back: `/s/${set}` });
    const made = store.sets.all()[1]?.id;
    expect([answer.status, answer.headers.get("location")]).toEqual([303, `/s/${made}`]);
    expect(asked).toEqual([[set, photos.slice(0, 2), { subject: "Heron" }]]);
    expect(await see("/")).toMatch(/Was split off <a [^>]*><bdi>2026-10 Gulls, Texel<\/bdi><\/a>\./);
    // What is left shows one thing.
    expect(await see(`/s/${set}`)).not.toContain("different things");
  });

  test("is split by numbers and a subject of the person's own, too", async () => {
    const { asked, photos, set, tell } = await mixedSet();
    const answer = await tell({ photos: [photos[2]], subject: "Fishing boat", location: "Oudeschild" });
    expect(await answer.json()).toEqual({ set: "2026-10-gulls-texel-fishing-boat", photos: 1 });
    expect(asked).toEqual([[set, [photos[2]], { subject: "Fishing boat", location: "Oudeschild" }]]);
  });

  test.each([
    [{ part: "Seal" }, "set.unsplittable", 'it does not seem to show "Seal"; it shows Heron (2), Boat (1)'],
    [{ subject: "Boat" }, "set.unsplittable", "undefined is no list of photos"],
    [{ photos: [null], subject: "Boat" }, "set.unsplittable", "[null] is no list of photos"],
    [{ part: "Boat", date: "soon" }, "set.description-invalid", "date: must be 2026, 2026-10 or 2026-10-14"],
  ])("is not split by %j, and says why", async (body, code, message) => {
    const { asked, tell } = await mixedSet();
    expect(JSON.parse(await (await tell(body)).text())).toMatchObject({ code, message });
    expect(asked).toEqual([]);
  });

  test("that cannot be split now leads back with the reason", async () => {
    const { send } = await mixedSet(new Fault("set.busy", "it is being rolled back"));
    expect((await send({ part: "Heron", back: "/" })).headers.get("location")).toBe("/?fault=set.busy");
  });

  test("still offers what is not released when the rest is", async () => {
    const { photos, see, set, store } = await mixedSet();
    commit(store, set, "review", photos.slice(0, 2), () => reviewFacts("r1"));
    expect(await see(`/s/${set}`)).toContain("different things: Boat (1 photo)");
  });
});

test("a page that was loaded before a split is told to load anew, and nothing is decided about what left", async () => {
  const { photos, post, cli, rowsSince, set, store, tell } = await mixedSet();
  const loaded = store.desk.revision(set);
  expect((await rowsSince(loaded)).status).toBe(200);
  await tell({ part: "Boat" });
  const rows = await rowsSince(loaded);
  expect([rows.status, JSON.parse(await rows.text()).code]).toEqual([409, "set.split"]);
  expect((await rowsSince(store.desk.revision(set))).status).toBe(200);
  const late = await post(
    `/api/sets/${set}/ops`,
    { ops: [op(photos[2] ?? 0, "verdict", "held")] },
    { authorization: `Bearer ${cli}` },
  );
  expect(JSON.parse(await late.text()).results).toMatchObject([{ ok: false, code: "review.unknown-photo" }]);
});
