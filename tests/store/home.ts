/** What store, pipeline and publisher suites put into a home before they look. */
import type { Crop } from "../../src/domain/crop-proposal.ts";
import type { Facts, StageName } from "../../src/domain/facts.ts";
import type { Drop, LoadedPhoto, Shot } from "../../src/domain/photo.ts";
import type { Op } from "../../src/domain/review.ts";
import { done } from "../../src/domain/stage.ts";
import { SCORER } from "../../src/domain/technical.ts";
import type { PhotoId, SetId } from "../../src/domain/words.ts";
import { english } from "../../src/language/english.ts";
import { type Database, openDatabase } from "../../src/store/database.ts";
import { type Store, storeOn } from "../../src/store/store.ts";

export const memoryDatabase = (): Database => openDatabase(":memory:", { workRoot: "/home/kept", now: 1 });

/** A store, and the database under it for what only SQL can see. */
export function memoryStore(): { store: Store; database: Database } {
  const database = memoryDatabase();
  return { store: storeOn(database, english()), database };
}

/** Bare rows for suites that need ids and nothing else. */
export function seededPhotos(database: Database, count: number): PhotoId[] {
  const { sets } = storeOn(database, english());
  const set = sets.open(drop({ files: Array.from({ length: count }, (_, i) => `IMG_${i}.JPG`) }), 1);
  return sets.photos(set?.id ?? "").map(({ id }) => id);
}

export const shot = (path: string, bytes = 1_000, mtimeMs = 5): Shot => ({
  main: { path, bytes, mtimeMs, nameIsText: true },
  companions: [],
});

export function drop(given: { name?: string; folder?: string; files?: readonly string[] } = {}): Drop {
  const { name = "2026-10 Gulls, Texel", folder = `/in/${name}`, files = ["IMG_1.JPG", "IMG_2.JPG"] } = given;
  return {
    inbox: "/in",
    folder,
    name,
    context: { subject: "Gulls", location: "Texel", folder: "nature", date: "2025-10" },
    shots: files.map((file) => shot(`${folder}/${file}`)),
  };
}

const crop = (aspect: Crop["aspect"], confidence: number): Crop => ({
  aspect,
  x: 0,
  y: 0.08,
  width: 1,
  height: 0.84,
  confidence,
  agreement: 0.9,
  retained: 0.84,
  stability: 0.95,
});

const hex = (digit: string, length = 64): string => digit.repeat(length);
const preview = (size: string) => ({ file: `look/${size}.jpg`, width: 4, height: 3, bytes: 9, sha256: hex("a") });

export const NOTHING_WRITTEN: Facts["iptc"] = {
  title: null,
  headline: null,
  caption: null,
  altText: null,
  keywords: null,
  hierarchy: null,
  rating: null,
  label: null,
  copyright: null,
  creator: null,
  sublocation: null,
  city: null,
  state: null,
  country: null,
  persons: null,
};

/** Facts of every stage before the gate, as a run over a small camera JPEG would leave them. */
export const factsAtGate = (name: string) =>
  ({
    validate: { type: "jpeg", extension: "jpg", bytes: 1_000 },
    ingest: { file: "ingest/original.jpg", bytes: 1_000, sha256: hex("1"), companions: [], uncopied: [] },
    exif: {
      takenAt: "2026:10:14 08:12:33",
      timeSource: "exif",
      fileTime: "2026-11-01T12:00:00.000Z",
      burst: null,
      offset: null,
      subSec: null,
      camera: "Canon EOS R5",
      lens: "RF 100-500mm",
      exposure: "1/250 sec",
      aperture: "f/2.8",
      iso: 400,
      focalLength: 200,
      shutter: { serial: null, exposureSeconds: 0.004, exposureBias: null, focusDistance: null, isBracketed: false },
      place: null,
      missing: [],
    },
    iptc: NOTHING_WRITTEN,
    look: {
      width: 6_000,
      height: 4_000,
      previews: {
        large: preview("large"),
        medium: preview("medium"),
        model: preview("model"),
        small: preview("small"),
      },
      embedded: null,
      phash: hex("2", 16),
      phashes: Array.from({ length: 8 }, () => hex("2", 16)),
      phash256: hex("2"),
      dhash: hex("3", 16),
      thumb: Buffer.alloc(256).toString("base64"),
      grey: "look/grey.bin",
      pixels: hex("4"),
      patches: "look/patches.bin",
      measures: {
        reblur: 0.94,
        noise: 0.6,
        anisotropy: 1.3,
        smear: 0.2,
        blockiness: null,
        clipped: 0.01,
        p95: 205,
        range: 213,
        detail: 40,
        jpegQuality: 90,
      },
      crops: [crop("16:9", 0.9), crop("1:1", 0.5)],
      sharpness: 120,
      brightness: 110,
      contrast: 40,
    },
    likeness: { groups: [], elsewhere: [] },
    quality: {
      metrics: {
        clip: { source: "missing" },
        nima: { source: "missing" },
        blur: { source: "measured", value: 6 },
        brightness: { source: "measured", value: 8.59 },
        contrast: { source: "measured", value: 6.25 },
        brisque: { source: "missing" },
      },
      technical: {
        score: 97.2,
        scores: { sharp: 97, noise: 96, motion: 100, block: null, high: 100, low: 100, contrast: 100 },
        defect: null,
        band: "Excellent",
        needsAttention: false,
        unreliable: [],
        scorer: SCORER,
      },
      archive: null,
      plugins: [],
      qr: 6.5,
      band: "Good",
      missing: ["clip", "nima", "brisque"],
    },
    subject: {
      subject: "Gulls",
      source: "context",
      kind: null,
      suggestion: null,
      silence: null,
      conflict: false,
      mixed: null,
      part: null,
      seen: null,
      readable: [],
    },
    words: {
      caption: "Gulls, Texel.",
      altText: "Gulls over Texel.",
      keywords: ["gulls", "texel"],
      captioner: "template",
      evidence: null,
      from: { caption: "captioner", altText: "captioner", keywords: "captioner" },
      proof: null,
      derivedFrom: null,
    },
    name: { name, shortened: false },
  }) satisfies { readonly [K in StageName]?: Facts[K] };

export const reviewFacts = (release: string): Facts["review"] => ({
  release,
  hash: hex("0"),
  final: {
    name: "Gulls_001.JPG",
    caption: "Gulls, Texel.",
    altText: "Gulls over Texel.",
    keywords: ["gulls", "texel"],
    subject: "Gulls",
    location: "Texel",
    folder: "nature",
    year: "2026",
    qr: 6.5,
    band: "Good",
    partial: true,
    crop: null,
  },
});

export const publishFacts = (name: string): Facts["publish"] => {
  const file = { width: 4, height: 3, bytes: 9, sha256: hex("b") };
  return {
    target: "folder",
    full: { ...file, path: `/site/2026/nature/${name}`, url: `/2026/nature/${name}` },
    thumb: { ...file, path: `/site/2026/thumbs/nature/${name}`, url: `/2026/thumbs/nature/${name}` },
    rowId: -1,
  };
};

export const archiveFacts = (): Facts["archive"] => ({ copy: null, companions: [], moved: [], kept: [] });

export const aPhoto = (given: Partial<LoadedPhoto>): LoadedPhoto => ({
  id: 1,
  setId: "gulls",
  position: 1,
  source: { path: "/in/gulls/IMG_1.JPG", bytes: 1_000, mtimeMs: 5, nameIsText: true },
  companions: [],
  revises: null,
  context: { subject: "Gulls", location: "Texel", folder: "nature", date: "2025-10" },
  dir: "/home/kept/1",
  facts: {},
  ...given,
});

export function commit<K extends StageName>(
  store: Store,
  set: SetId,
  stage: K,
  photos: readonly PhotoId[],
  facts: (photo: PhotoId) => Facts[K],
): void {
  store.checkpoints.commit(set, stage, new Map(photos.map((photo) => [photo, done(facts(photo))])), 10);
}

/** A set whose photos all stand at the gate, with names in the ledger. */
export function setAtGate(store: Store, given: Parameters<typeof drop>[0] = {}): { set: SetId; photos: PhotoId[] } {
  const opened = store.sets.open(drop(given), 2);
  if (opened === undefined) throw new Error("nothing in the drop is new");
  const photos = store.sets.photos(opened.id).map(({ id }) => id);
  toGate(store, opened.id, photos);
  return { set: opened.id, photos };
}

export function toGate(store: Store, set: SetId, photos: readonly PhotoId[]): void {
  for (const photo of photos) {
    const { name: _, ...early } = factsAtGate("");
    for (const [stage, facts] of Object.entries(early))
      store.checkpoints.commit(set, stage as keyof typeof early, new Map([[photo, done(facts)]]), 10);
    const name = store.names.reserve(photo, "Gulls_Texel_2026");
    commit(store, set, "name", [photo], () => ({ name, shortened: false }));
  }
}

let lastOp = 0;
/** One op as the page sends it; every one with an id, a number and a gesture of its own where nothing else is said. */
export function op(photo: PhotoId, field: string, to: unknown, given: Partial<Op> = {}): Op {
  lastOp += 1;
  const id = `op-${lastOp}`;
  return { id, client: "tab-1", seq: lastOp, gesture: `gesture-${id}`, photo, field, to, baseRev: 1_000, ...given };
}

export const hand = { by: "page", at: 50 };
