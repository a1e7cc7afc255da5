import { expect, test } from "vitest";
import type { FirstSight } from "../../src/first-sight.ts";
import { sharp } from "../../src/imaging/sharp.ts";
import { rowsOf } from "../../src/review-server/rows.ts";
import { commit, drop, factsAtGate, setAtGate } from "../store/home.ts";
import { visit } from "./house.ts";

const JPEG = Uint8Array.of(0xff, 0xd8, 0xff, 0xd9);

/** A set that was taken in a moment ago: nothing is known of its photos but what they are made of. */
async function visitEarly(firstSight: FirstSight) {
  const page = await visit({}, undefined, { firstSight });
  const plain = drop({ files: ["IMG_1.JPG", "IMG_2.JPG"] });
  const shots = plain.shots.map(({ main }, i) => ({
    main: { ...main, sha256: String(i + 1).repeat(64) },
    companions: [],
  }));
  const set = page.store.sets.take({ ...plain, shots }, 10).set ?? "";
  const rows = () => rowsOf(page.store, set);
  return { ...page, set, rows, get: async (path: string) => page.get(path, { authorization: `Bearer ${page.cli}` }) };
}

test("a photo has an address for its first sight before a single stage has run, and none once there are previews", async () => {
  const { store, set, rows } = await visitEarly(async () => JPEG);
  const [first] = rows();
  expect(first?.previews).toBeNull();
  expect(first?.sight).toEqual({
    small: `/media/${first?.id}/sight/1111111111111111.jpg`,
    large: `/media/${first?.id}/sight-large/1111111111111111.jpg`,
  });
  commit(store, set, "look", [first?.id ?? 0], () => factsAtGate("").look);
  expect(rows()[0]?.sight).toBeNull();
});

test("a first sight is sent as a JPEG and nothing else, to be kept for ever", async () => {
  const asked: unknown[] = [];
  const { get, rows } = await visitEarly(async (photo, sight) => {
    asked.push([photo.id, sight]);
    return JPEG;
  });
  const [row] = rows();
  const response = await get(row?.sight?.large ?? "");
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toBe("image/jpeg");
  expect(response.headers.get("x-content-type-options")).toBe("nosniff");
  expect(response.headers.get("cache-control")).toContain("immutable");
  expect(new Uint8Array(await response.arrayBuffer())).toEqual(JPEG);
  expect(asked).toEqual([[row?.id, "sight-large"]]);
});

test("that a file has no picture in it is no error but a picture of nothing, asked for again after a reload", async () => {
  const { get, rows } = await visitEarly(async () => undefined);
  const response = await get(rows()[0]?.sight?.small ?? "");
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toBe("image/gif");
  const { width, height } = await sharp(Buffer.from(await response.arrayBuffer())).metadata();
  expect([width, height]).toEqual([1, 1]);
  expect(response.headers.get("cache-control")).toBe("no-store");
});

test("nothing is read for an address that is not the photo's own", async () => {
  const { get, rows } = await visitEarly(async () => {
    throw new Error("it was read");
  });
  const [first, second] = rows();
  for (const path of [
    `/media/${first?.id}/sight/${"0".repeat(16)}.jpg`,
    second?.sight?.small.replace(`/${second.id}/`, `/${first?.id}/`) ?? "",
    `/media/999/sight/${"1".repeat(16)}.jpg`,
    `/media/${first?.id}/sightless/${"1".repeat(16)}.jpg`,
  ])
    expect((await get(path)).status, path).toBe(404);
});

test("a part of a photo has an address by its numbers; one that is not wholly in the photo, or too large, has none", async () => {
  const asked: unknown[] = [];
  const page = await visit({}, undefined, {
    tile: async (photo, part) => {
      asked.push([photo.id, part]);
      return JPEG;
    },
  });
  const { set, photos } = setAtGate(page.store);
  const [row] = rowsOf(page.store, set);
  const at = (part: string, path = row?.previews?.large ?? "") =>
    page.get(`${path.replace("/large/", "/tile/")}?part=${part}`, { authorization: `Bearer ${page.cli}` });
  const { width = 0, height = 0 } = factsAtGate("").look;
  const good = await at(`0,0,${Math.min(width, 256)},${Math.min(height, 256)}`);
  expect([good.status, good.headers.get("content-type")]).toEqual([200, "image/jpeg"]);
  expect(good.headers.get("cache-control")).toContain("immutable");
  expect(asked).toEqual([[photos[0], { x: 0, y: 0, width: Math.min(width, 256), height: Math.min(height, 256) }]]);
  for (const part of ["", "1,2,3", "0,0,0,5", `1,0,${width},5`, "-1,0,5,5", "0,0,5e3,5", "0,0,9999,9999", "../../etc"])
    expect((await at(part)).status, part).toBe(404);
  expect((await at("0,0,5,5", `/media/${photos[0]}/large/${"0".repeat(16)}.jpg`)).status).toBe(404);
  expect(asked).toHaveLength(1);
});

test("a stranger sees nothing", async () => {
  const { app, rows } = await visitEarly(async () => JPEG);
  const path = rows()[0]?.sight?.small ?? "";
  const request = new Request(`http://127.0.0.1:4820${path}`);
  const response = await app.fetch(request, { incoming: { rawHeaders: ["host", "127.0.0.1:4820"] } });
  expect(response.status).toBe(401);
});
