import { beforeEach, describe, expect, test } from "vitest";
import { cull, done } from "../../src/domain/stage.ts";
import type { PhotoId, SetId } from "../../src/domain/words.ts";
import type { Database } from "../../src/store/database.ts";
import type { Store } from "../../src/store/store.ts";
import { commit, drop, factsAtGate, hand, memoryStore, op, publishFacts, setAtGate } from "./home.ts";

const COLUMNS =
  `id Folder File_Name Path ollama_path Thumb_Path DateTime Camera Lens_model Width Height Exposure Aperture
  ISO Focal_length Keywords Caption alt_text Location Subject nima_score blur_score brightness_score contrast_score QR
  QC_Status Review_Status Original_File_Name brisque_score clip_aesthetic_score identifier_route identifier_category
  identifier_subject identifier_confidence subject_seed subject_seed_mode subject_seed_confidence subject_seed_reason
  identifier_raw_json ai_suggested_subject final_subject batch_set_index batch_set_total series_key series_cluster_index
  series_position series_count series_similarity_score series_reason visual_hash visual_variant metadata_version`.split(
    /\s+/,
  );

// What the scripts of the system before ask of the table.
const WORKLIST = `select id, File_Name, Review_Status from review_queue
  where Review_Status in ('Pending', 'Metadata_Needs_Work', 'FAIL_BLOCKED', 'Approved')
  order by case when Review_Status in ('Metadata_Needs_Work', 'FAIL_BLOCKED') then 0 else 1 end, id desc`;
const PUBLISHABLE = "select * from review_queue where Review_Status = 'Approved' order by id";

let store: Store;
let database: Database;
let set: SetId;
let photos: PhotoId[];
let a: PhotoId;
let b: PhotoId;
beforeEach(() => {
  ({ store, database } = memoryStore());
  ({ set, photos } = setAtGate(store, { files: ["1.JPG", "2.JPG", "3.JPG"] }));
  [a = 0, b = 0] = photos;
});

const rows = (sql = "select * from review_queue order by id"): Record<string, unknown>[] =>
  database.prepare<[], Record<string, unknown>>(sql).all();
const edit = (field: string, to: unknown): void => {
  store.desk.apply(set, [op(a, field, to)], hand);
};

describe("review_queue", () => {
  test("has the 52 columns of the system before, in their order", () => {
    expect(COLUMNS).toHaveLength(52);
    expect(rows("select name from pragma_table_info('review_queue') order by cid").map(({ name }) => name)).toEqual(
      COLUMNS,
    );
  });

  test("shows a photo at the gate with everything known of it", () => {
    expect(rows()[0]).toMatchObject({
      id: a,
      Folder: "nature",
      File_Name: "Gulls_Texel_2026_001.JPG",
      Path: "/in/2026-10 Gulls, Texel/1.JPG",
      ollama_path: `/home/kept/${a}/look/medium.jpg`,
      Thumb_Path: null,
      DateTime: "2026:10:14 08:12:33",
      Camera: "Canon EOS R5",
      Lens_model: "RF 100-500mm",
      Width: 6_000,
      Height: 4_000,
      Exposure: "1/250 sec",
      Aperture: "f/2.8",
      ISO: 400,
      Focal_length: 200,
      Keywords: "gulls, texel",
      Caption: "Gulls, Texel.",
      alt_text: "Gulls over Texel.",
      Location: "Texel",
      Subject: "Gulls",
      nima_score: null,
      blur_score: 6,
      QR: 6.5,
      QC_Status: "Good",
      Review_Status: "Pending",
      Original_File_Name: "1.JPG",
      subject_seed: "Gulls",
      subject_seed_mode: "manual",
      final_subject: "Gulls",
      batch_set_index: 1,
      batch_set_total: 3,
      visual_hash: "3".repeat(16),
      metadata_version: 1,
    });
  });

  test("shows a person's words in place of the machine's", () => {
    edit("caption", 'A "quoted", caption.');
    edit("altText", "Alt.");
    edit("keywords", ["one", "two"]);
    edit("location", "Vlieland");
    edit("subject", "Terns");
    edit("name", "My_Gull.JPG");
    expect(rows()[0]).toMatchObject({
      Caption: 'A "quoted", caption.',
      alt_text: "Alt.",
      Keywords: "one, two",
      Location: "Vlieland",
      Subject: "Terns",
      final_subject: "Terns",
      subject_seed: "Gulls",
      File_Name: "My_Gull.JPG",
    });
  });

  test.each([
    [9, "Top"],
    [7.5, "Top"],
    [7, "Good"],
    [6, "Average"],
    [5, "Low"],
    [1, "Very Low"],
  ])("gives a QR of %f, set by a person, the band %s", (qr, band) => {
    edit("qr", qr);
    expect(rows()[0]).toMatchObject({ QR: qr, QC_Status: band });
    expect(store.desk.photos(set)[0]?.final?.band).toBe(band);
  });

  test("uses the status words of the system before, and no others", () => {
    const early = store.sets.open(drop({ name: "Early", files: ["1.JPG", "2.JPG"] }), 1)?.id ?? "";
    const [torn] = store.sets.photos(early);
    store.checkpoints.commit(early, "look", new Map([[torn?.id ?? 0, cull("photo.undecodable", "torn")]]), 1);
    edit("verdict", "approved");
    store.desk.apply(set, [op(b, "verdict", "held")], hand);
    expect(rows().map(({ Review_Status, QC_Status }) => [Review_Status, QC_Status])).toEqual([
      ["Approved", "Good"],
      ["Pending", "Good"],
      ["Pending", "Good"],
      ["Error", "NA"],
      ["Queued", "NA"],
    ]);
  });

  test("loses a photo when it is rejected or published, and not when it is released", () => {
    store.desk.apply(set, [op(b, "verdict", "rejected")], hand);
    expect(rows()).toHaveLength(2);
    edit("verdict", "approved");
    store.releases.release(set, store.releases.plan(set).hash, hand);
    expect(rows()).toHaveLength(2);
    commit(store, set, "publish", [a], () => publishFacts("x.JPG"));
    expect(rows().map(({ id }) => id)).toEqual([photos[2]]);
  });

  test("cannot be written", () => {
    expect(() => database.exec("update review_queue set Review_Status = 'Approved'")).toThrow("view");
    expect(() => database.exec("delete from review_queue")).toThrow("view");
  });
});

describe("the owner's own queries", () => {
  test("find the worklist, newest first", () => {
    edit("verdict", "approved");
    const early = store.sets.open(drop({ name: "Early" }), 1)?.id ?? "";
    store.checkpoints.commit(
      early,
      "exif",
      new Map([[store.sets.photos(early)[0]?.id ?? 0, done(factsAtGate("x").exif)]]),
      1,
    );
    expect(rows(WORKLIST).map(({ id, Review_Status }) => [id, Review_Status])).toEqual([
      [photos[2], "Pending"],
      [photos[1], "Pending"],
      [photos[0], "Approved"],
    ]);
  });

  test("find what may be published, with what was approved", () => {
    edit("caption", "Mine.");
    edit("verdict", "approved");
    const found = rows(PUBLISHABLE);
    const final = store.releases.plan(set).photos[0]?.final;
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({
      File_Name: final?.name,
      Caption: final?.caption,
      alt_text: final?.altText,
      Keywords: final?.keywords.join(", "),
      Location: final?.location,
      QC_Status: final?.band,
    });
  });
});
