import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Facts, StageName } from "../../src/domain/facts.ts";
import type { PhotoId, SetId } from "../../src/domain/words.ts";
import { metricLines, technicalText } from "../../src/review-server/client/quality.ts";
import { rowsOf } from "../../src/review-server/rows.ts";
import { commit, factsAtGate, hand, op, publishFacts, setAtGate } from "../store/home.ts";
import { visit } from "./house.ts";

const hex = (digit: string, length = 64): string => digit.repeat(length);
const preview = (size: string) => ({ file: `look/${size}.jpg`, width: 4, height: 3, bytes: 4, sha256: hex("a") });

/** Word for word what the first version stored: one hash, three metrics, nothing compared. */
const FIRST_VERSION: Readonly<Partial<Record<StageName, unknown>>> = {
  look: {
    width: 6_000,
    height: 4_000,
    previews: { large: preview("large"), medium: preview("medium"), small: preview("small") },
    phash: hex("2", 16),
    dhash: hex("3", 16),
    sharpness: 120,
    brightness: 110,
    contrast: 40,
  },
  likeness: { compared: false },
  quality: {
    metrics: factsAtGate("").quality.metrics,
    qr: 6.5,
    band: "Good",
    missing: ["clip", "nima", "brisque"],
  },
};

let workRoot: string;
let house: Awaited<ReturnType<typeof visit>>;
let set: SetId;
let published: PhotoId;
let released: PhotoId;
let open: PhotoId;
beforeEach(async () => {
  workRoot = mkdtempSync(join(tmpdir(), "photogate-remains-"));
  house = await visit({}, undefined, { workRoot });
  const gate = setAtGate(house.store, { files: ["1.JPG", "2.JPG", "3.JPG"] });
  ({ set } = gate);
  [published = 0, released = 0, open = 0] = gate.photos;
});
afterEach(() => rmSync(workRoot, { recursive: true }));

const become = (photo: PhotoId, facts: Readonly<Partial<Record<StageName, unknown>>>): void => {
  for (const [stage, value] of Object.entries(facts))
    commit(house.store, set, stage as "look", [photo], () => value as Facts["look"]);
};
const release = (): void => {
  const { desk, releases } = house.store;
  const verdicts = [published, released].map((photo) => op(photo, "verdict", "approved"));
  expect(desk.apply(set, verdicts, hand).every(({ ok }) => ok)).toBe(true);
  releases.release(set, releases.plan(set).hash, hand);
  commit(house.store, set, "publish", [published], () => publishFacts("Gulls_001.JPG"));
};
const rowOf = (photo: PhotoId) => rowsOf(house.store, set).find(({ id }) => id === photo) ?? expect.unreachable();

describe("after an update that reads the facts of a published photo no more", () => {
  beforeEach(() => {
    release();
    for (const photo of [published, released, open]) become(photo, FIRST_VERSION);
    house.store.checkpoints.forgetUnreadable(90);
  });

  test("the page shows its pictures, its size and its figures as they were", async () => {
    const row = rowOf(published);
    expect(row).toMatchObject({ width: 6_000, height: 4_000, sight: null, qr: 6.5, band: "Good", partial: true });
    expect(row.missingMetrics).toEqual(["clip", "nima", "brisque"]);
    expect(metricLines(row)).toContainEqual(["Brightness", "8.6, measured", false]);
    const dir = join(workRoot, String(published), "look");
    mkdirSync(dir, { recursive: true });
    for (const size of ["small", "medium", "large"] as const) {
      writeFileSync(join(dir, `${size}.jpg`), size);
      const response = await house.get(row.previews?.[size] ?? "", { authorization: `Bearer ${house.cli}` });
      expect([response.status, await response.text()]).toEqual([200, size]);
    }
  });

  test("what the older version did not find out is said to be unknown, and is not made up", () => {
    const row = rowOf(published);
    expect([row.technical, row.crops, row.alike.groups, row.plugins]).toEqual([null, "", [], []]);
    expect(technicalText(row)).toBe("not measured when it was released");
  });

  test("no stage is handed what remains of them", () => {
    const { facts } = house.store.sets.photo(published) ?? expect.unreachable();
    expect([facts.look, facts.likeness, facts.quality]).toEqual([undefined, undefined, undefined]);
    expect(facts.publish).toBeDefined();
  });

  test("a photo that is not published is looked at anew", () => {
    for (const photo of [released, open]) {
      expect(house.store.checkpoints.progressOf(photo)?.done).not.toContain("look");
      expect(rowOf(photo).previews).toBeNull();
    }
    expect(house.store.checkpoints.progressOf(released)?.done).toContain("review");
  });
});

test("a part that reads is shown though another one does not: groups of photos that are alike, the technical score", () => {
  const { quality } = factsAtGate("");
  const group = {
    tier: "same-frame",
    group: published,
    members: [published, open],
    keeper: published,
    isKeeper: true,
    reason: "larger",
    evidence: {},
  };
  release();
  become(published, {
    likeness: { groups: [group] },
    quality: { ...quality, metrics: { clip: "high" } },
  });
  const row = rowOf(published);
  expect(row.alike.groups.map(({ reason }) => reason)).toEqual(["larger"]);
  expect([row.technical?.score, row.metrics]).toEqual([97.2, null]);
});
