import { beforeEach, describe, expect, test } from "vitest";
import type { Facts } from "../../src/domain/facts.ts";
import type { PhotoId, SetId } from "../../src/domain/words.ts";
import { looksOf } from "../../src/review-server/client/cell.ts";
import { hintsOf, metricLines, scoreLines, technicalText, troubleOf } from "../../src/review-server/client/quality.ts";
import { attentionOf } from "../../src/review-server/client/table.ts";
import { type Row, rowsOf } from "../../src/review-server/rows.ts";
import type { Store } from "../../src/store/store.ts";
import { commit, factsAtGate, hand, op, setAtGate } from "../store/home.ts";
import { visit } from "./house.ts";

type Quality = Facts["quality"];
const { quality, look } = factsAtGate("x");
let store: Store;
let house: Awaited<ReturnType<typeof visit>>;
let set: SetId;
let photos: PhotoId[];
let first: PhotoId;
beforeEach(async () => {
  house = await visit();
  ({ store } = house);
  ({ set, photos } = setAtGate(store, { files: Array.from({ length: 24 }, (_, i) => `IMG_${i + 1}.JPG`) }));
  [first = 0] = photos;
});

/** The row of the first photo, with other quality facts than the fixture's. */
function rowWith(given: Partial<Quality>): Row {
  commit(store, set, "quality", [first], () => ({ ...quality, ...given }));
  const [row] = rowsOf(store, set);
  if (row === undefined) throw new Error("no row");
  return row;
}
const technical = (given: Partial<Quality["technical"]>): Partial<Quality> => ({
  technical: { ...quality.technical, ...given },
});
const { scores } = quality.technical;

describe("the technical score", () => {
  test("is told with its band and what is wrong, apart from QR", () => {
    const row = rowWith(technical({ score: 43.6, band: "Poor", defect: "motion" }));
    expect(technicalText(row)).toBe("Poor 44, motion blur");
    expect([row.qr, row.band]).toEqual([6.5, "Good"]);
  });

  test("tells the place among the approved first, once there are twenty", () => {
    for (const photo of photos.slice(1, 20)) store.desk.apply(set, [op(photo, "verdict", "approved")], hand);
    expect(technicalText(rowWith({}))).toBe("Excellent 97");
    store.desk.apply(set, [op(photos[20] ?? 0, "verdict", "approved")], hand);
    expect(technicalText(rowWith({}))).toBe("as good as 100 % of what you approved; Excellent 97");
    expect(technicalText(rowWith(technical({ score: 10, band: "Poor" })))).toMatch(/^as good as 0 % of/);
  });

  test("has its parts, with doubts and with what cannot be told", () => {
    const lines = scoreLines(
      rowWith(technical({ scores: { ...scores, noise: 41 }, unreliable: ["sharp"], defect: "noise" })),
    );
    expect(lines).toContainEqual(["Sharpness", "97 (noise may pass for sharpness)", false]);
    expect(lines).toContainEqual(["Freedom from noise", "41", true]);
    expect(lines).toContainEqual(["Freedom from JPEG blocks", "cannot be told", false]);
    expect(lines).toHaveLength(7);
  });

  test("asks for attention by what is wrong, not by light that may be meant", () => {
    const dark = { ...scores, low: 5, sharp: 30 };
    const row = rowWith(technical({ scores: dark, defect: "low", needsAttention: true }));
    expect(troubleOf(row)).toBe("not sharp");
    expect(attentionOf(row)).toContain("not sharp");
    expect(attentionOf(rowWith(technical({ scores: { ...scores, low: 5 }, defect: "low" })))).toEqual([]);
  });
});

test("what wants a look is said in the order of its weight, and a group once: cells are narrow", () => {
  const { exif } = factsAtGate("x");
  commit(store, set, "exif", [first], () => ({ ...exif, missing: ["date", "camera"] }));
  const others = photos.slice(0, 3);
  const group = { tier: "burst" as const, group: first, members: others, keeper: first, evidence: {} };
  commit(store, set, "likeness", [first], () => ({
    groups: [{ ...group, isKeeper: true, reason: "sharper" }],
    elsewhere: [],
  }));
  const row = rowWith(technical({ scores: { ...scores, sharp: 30 }, defect: "sharp", needsAttention: true }));
  expect(attentionOf(row)).toEqual(["not sharp", "one of several", "no date or camera"]);
  expect(looksOf(row)).toEqual(["not sharp", "3 alike, keeper", "no date or camera"]);
  expect(looksOf({ ...row, verdict: "held" })).toEqual(["not sharp", "no date or camera", "3 alike, keeper"]);
});

describe("the metrics of the quality figure", () => {
  test("say where each comes from; one that is missing has no value", () => {
    const said = { kind: "score" as const, raw: 5.4, score01: null };
    const row = rowWith({
      metrics: { ...quality.metrics, nima: { source: "plugin", value: 5.4, plugin: "my-nima" } },
      plugins: [{ id: "my-nima", said }],
    });
    expect(metricLines(row)).toEqual([
      ["CLIP aesthetic", "missing", true],
      ["NIMA", "5.4, by my-nima", false],
      ["Sharpness", "6.0, measured", false],
      ["Brightness", "8.6, measured", false],
      ["Contrast", "6.3, measured", false],
      ["BRISQUE", "missing", true],
    ]);
  });

  test("stand above scorers that failed or give none of them; a fingerprint itself stays away from the page", () => {
    const row = rowWith({
      plugins: [
        { id: "a", said: { kind: "unavailable", code: "plugin.invalid", why: "other bytes" } },
        { id: "b", said: { kind: "score", raw: 3, score01: 0.25 } },
        { id: "c", said: { kind: "score", raw: 3, score01: null } },
        { id: "d", said: { kind: "embedding", vector: "AAAA", weights: "", alike: null } },
      ],
    });
    expect(metricLines(row).slice(6)).toEqual([
      ["a", "unavailable: other bytes (plugin.invalid)", true],
      ["b", "25 of 100", false],
      ["c", "3.00", false],
      ["d", "a fingerprint to compare by", false],
    ]);
    expect(JSON.stringify(row)).not.toContain("AAAA");
  });
});

test("a photo that stands out is hinted at: by its light in the set, and by the archive", () => {
  commit(store, set, "look", [first], () => ({ ...look, brightness: 30 }));
  expect(hintsOf(rowWith({ archive: { percentile: 100, unlike: true } }))).toEqual([
    "darker than the rest of this set",
    "unlike your archive",
  ]);
  expect(hintsOf(rowsOf(store, set)[1] ?? expect.unreachable())).toEqual([]);
  // Rows that are asked for alone know the rest of their set all the same.
  expect(rowsOf(store, set, new Set([first]))[0]?.uneven).toBe("darker");
});

test("before it was rated a photo has no figures and no lines", () => {
  const row = { ...rowWith({}), technical: null, metrics: null };
  expect([technicalText(row), scoreLines(row), metricLines(row)]).toEqual(["not measured yet", [], []]);
});

describe("without script", () => {
  const page = async (path: string): Promise<string> => {
    const { cookie } = await house.signIn();
    return (await house.get(path, { cookie })).text();
  };

  test("a photo shows the same lines", async () => {
    commit(store, set, "look", [first], () => ({ ...look, brightness: 30 }));
    rowWith(technical({ score: 43.6, band: "Poor", defect: "noise", scores: { ...scores, noise: 41 } }));
    const shown = await page(`/s/${set}/plain/${first}`);
    for (const text of [
      "6.50 Good (partial)",
      "<dt>— NIMA</dt><dd>missing</dd>",
      "<dd>6.0, measured</dd>",
      "<dt>Technical</dt><dd>Poor 44, noisy</dd>",
      "<dt>— Freedom from noise</dt><dd>41</dd>",
      "<dd>darker than the rest of this set</dd>",
    ])
      expect(shown).toContain(text);
  });

  test("a set's card counts full and partial figures apart", async () => {
    rowWith({ missing: [] });
    expect(await page("/")).toContain("Quality figures: 1 full, 23 partial");
    for (const photo of photos) commit(store, set, "quality", [photo], () => ({ ...quality, missing: [] }));
    expect(await page("/")).not.toContain("Quality figures");
  });
});
