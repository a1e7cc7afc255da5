import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Event } from "../../src/domain/events.ts";
import type { Facts } from "../../src/domain/facts.ts";
import { Fault } from "../../src/domain/fault.ts";
import type { PhotoStage, Stage } from "../../src/domain/stage.ts";
import type { PhotoId, SetId } from "../../src/domain/words.ts";
import { hashFile, looksOf } from "../../src/files.ts";
import { english } from "../../src/language/english.ts";
import { durableCopy, readEnds, removeOriginal } from "../../src/originals.ts";
import { type Drivers, startDrivers } from "../../src/pipeline/drivers.ts";
import { archive } from "../../src/stages/archive.ts";
import { openStore, type Store } from "../../src/store/store.ts";
import { cutAfter, faultOf } from "../disks.ts";
import { archiveFacts, commit, factsAtGate, hand, op, publishFacts, reviewFacts } from "../store/home.ts";
import { fakeStages } from "./fake-stages.ts";

const BYTES = 9_000;
const PREVIEW = 500;
let home: string;
let inbox: string;
let store: Store;
let set: SetId;
let photos: PhotoId[];
let drivers: Drivers;
let events: Event[];
let heard: ((event: Event) => void)[];

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), "photogate-clear-"));
  inbox = join(home, "inbox");
  mkdirSync(inbox);
  events = [];
  heard = [];
  store = openStore(home, 1, english());
  const files = ["1.JPG", "2.JPG", "3.JPG"].map((name, i) => {
    writeFileSync(join(inbox, name), Buffer.alloc(BYTES, i + 1));
    utimesSync(join(inbox, name), 5, 5);
    return { path: join(inbox, name), bytes: BYTES, mtimeMs: 5_000, nameIsText: true };
  });
  const shots = files.map((main) => ({ main, companions: [] }));
  const opened = store.sets.open({ inbox, folder: inbox, name: "Gulls", context: { folder: "nature" }, shots }, 1);
  set = opened?.id ?? "";
  photos = store.sets.photos(set).map(({ id }) => id);
  for (const photo of photos) await ready(photo);
  start();
});
afterEach(async () => {
  await drivers.stop();
  store.close();
  rmSync(home, { recursive: true });
});

/** Facts to the gate, and the working files they name. */
async function ready(id: PhotoId): Promise<void> {
  const photo = store.sets.photo(id) ?? expect.unreachable();
  for (const folder of ["ingest", "look"]) mkdirSync(join(photo.dir, folder), { recursive: true });
  for (const size of ["large", "medium", "small"])
    writeFileSync(join(photo.dir, "look", `${size}.jpg`), Buffer.alloc(PREVIEW));
  const file = "ingest/original.jpg";
  writeFileSync(join(photo.dir, file), readFileSync(photo.source.path));
  const { bytes, sha256 } = await hashFile(join(photo.dir, file), new AbortController().signal);
  const { validate, look, likeness, subject, words } = factsAtGate("x");
  for (const [stage, facts] of Object.entries({ validate, look, likeness, subject, words }))
    commit(store, set, stage as "look", [id], () => facts as Facts["look"]);
  commit(store, set, "ingest", [id], () => ({ file, bytes, sha256, companions: [], uncopied: [] }));
  commit(store, set, "name", [id], () => ({ name: store.names.reserve(id, "Gulls"), shortened: false }));
}

/** Photo 1 is published, 2 rejected, 3 left out. */
function finish(): void {
  const [published = 0, rejected = 0, culled = 0] = photos;
  const review = reviewFacts("r1");
  commit(store, set, "review", [published], () => review);
  commit(store, set, "publish", [published], () => publishFacts("Gulls_001.JPG"));
  commit(store, set, "archive", [published], archiveFacts);
  store.desk.apply(set, [op(rejected, "verdict", "rejected")], hand);
  store.checkpoints.commit(set, "look", new Map([[culled, { kind: "cull", code: "photo.undecodable", why: "?" }]]), 9);
}

const originals = { ends: readEnds, copy: durableCopy, looks: looksOf, remove: removeOriginal };
const archiveFolder = (): string => join(home, "archive");
function start(given: { archive?: PhotoStage } = {}): void {
  const real = given.archive ?? archive(originals, archiveFolder());
  const stages: readonly Stage[] = fakeStages().map((stage) => (stage.name === "archive" ? real : stage));
  drivers = startDrivers({
    stages,
    store,
    clock: { now: () => 1_000, elapsed: () => 1_000 },
    announce: (event) => {
      events.push(event);
      for (const hear of heard) hear(event);
    },
    width: 2,
    rollBackOnFault: false,
    gone: async () => [],
    looks: looksOf,
    hasArchive: true,
    onPaper: () => [],
  });
}
const event = (kind: Event["kind"]): Promise<Event> =>
  new Promise((resolve) => {
    heard.push((one) => {
      if (one.kind === kind) resolve(one);
    });
  });
const dirOf = (photo: PhotoId | undefined): string => store.sets.photo(photo ?? 0)?.dir ?? "";
const filesIn = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
        .sort()
    : [];
const WISH = { moveOriginals: false, by: "page" };
const cleared = async (wish = WISH): Promise<void> => {
  const done = event("set.cleared");
  await drivers.clear(set, wish);
  await done;
};
const looks = () => filesIn(inbox).map((name) => [name, statSync(join(inbox, name)).mtimeMs]);

describe("clearing a set", () => {
  test("says first what it frees, and nothing is gone by then", async () => {
    finish();
    expect(await drivers.planClear(set)).toEqual({
      copies: 3,
      bytes: 3 * (BYTES + 2 * PREVIEW),
      keptBytes: 3 * PREVIEW,
      onlyCopies: 0,
      published: 1,
      allBytes: 3 * (BYTES + 3 * PREVIEW),
    });
    expect(filesIn(dirOf(photos[0]))).toHaveLength(4);
    expect(store.clearings.clearable(set)).toMatchObject({ copies: 3 });
  });

  test("removes the working copies; previews, facts, names and the inbox stay", async () => {
    finish();
    const before = looks();
    await cleared();
    for (const photo of photos) expect(filesIn(dirOf(photo))).toEqual(["look/small.jpg"]);
    expect(looks()).toEqual(before);
    expect(store.clearings.of(set)).toEqual({ bytes: 3 * (BYTES + 2 * PREVIEW), at: 1_000 });
    expect(store.clearings.asked(set)).toBeUndefined();
    expect(store.sets.photos(set).every(({ facts }) => facts.ingest !== undefined)).toBe(true);
    expect(store.journal.of(set).map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(["set.clearing", "set.cleared"]),
    );
    expect(events.filter(({ kind }) => kind === "set.cleared")).toEqual([
      { kind: "set.cleared", set, bytes: 3 * (BYTES + 2 * PREVIEW) },
    ]);
  });

  test.each<[string, () => void]>([
    ["undecided photos", () => undefined],
    [
      "a hold",
      () => {
        finish();
        store.checkpoints.hold(set, { stage: "publish", code: "disk.full", why: "no room", retryAt: null, at: 1 });
      },
    ],
  ])("is refused for a set with %s", async (_, act) => {
    act();
    expect(await faultOf(drivers.clear(set, WISH))).toBe("set.unfinished");
    expect(store.clearings.asked(set)).toBeUndefined();
    expect(filesIn(dirOf(photos[0]))).toHaveLength(4);
  });

  test("is refused for a set that is not there", async () => {
    expect(await faultOf(drivers.clear("terns", WISH))).toBe("set.unknown");
  });

  test("lets a working copy be where the inbox has another file by now, or none, and says so", async () => {
    finish();
    rmSync(join(inbox, "2.JPG"));
    writeFileSync(join(inbox, "3.JPG"), Buffer.alloc(BYTES, 9));
    expect(await drivers.planClear(set)).toMatchObject({ copies: 1, onlyCopies: 2 });
    await cleared();
    expect(photos.map((photo) => filesIn(dirOf(photo)))).toEqual([
      ["look/small.jpg"],
      ["ingest/original.jpg", "look/small.jpg"],
      ["ingest/original.jpg", "look/small.jpg"],
    ]);
  });

  test("does not count on an archive that lost its copy", async () => {
    finish();
    rmSync(join(inbox, "1.JPG"));
    const copy = join(home, "elsewhere.jpg");
    commit(store, set, "archive", photos.slice(0, 1), () => ({ ...archiveFacts(), copy }));
    expect(await drivers.planClear(set)).toMatchObject({ onlyCopies: 1 });
    writeFileSync(copy, Buffer.alloc(BYTES));
    expect(await drivers.planClear(set)).toMatchObject({ onlyCopies: 0 });
  });

  test("twice frees nothing more", async () => {
    finish();
    await cleared();
    const before = store.clearings.of(set);
    await cleared();
    expect(store.clearings.of(set)).toEqual(before);
  });

  test("that was cut off goes on at the next start, and counts what it freed by then", async () => {
    finish();
    const end = await cutAfter(4, join(inbox, "1.JPG"));
    const cut = event("stage.crashed");
    await drivers.clear(set, WISH);
    await cut;
    await drivers.stop();
    end();
    expect(photos.map((photo) => filesIn(dirOf(photo)).length)).not.toEqual([1, 1, 1]);
    expect(store.clearings.asked(set)).toBeDefined();
    store.checkpoints.resume(set, 1, "person");
    expect(store.sets.underway()).toEqual([set]);
    start();
    const done = event("set.cleared");
    drivers.wake(set);
    await done;
    expect(photos.map((photo) => filesIn(dirOf(photo)))).toEqual([1, 2, 3].map(() => ["look/small.jpg"]));
    expect(store.clearings.of(set)?.bytes).toBe(3 * (BYTES + 2 * PREVIEW));
    expect(store.sets.underway()).toEqual([]);
  });
});

describe("clearing with the wish to move originals", () => {
  const MOVE = { moveOriginals: true, by: "cli" };

  test("moves those of published photos to the archive, and no other", async () => {
    finish();
    await cleared(MOVE);
    const copy = join(archiveFolder(), "2026", "nature", "Gulls_001__1.JPG");
    expect(readFileSync(copy).equals(Buffer.alloc(BYTES, 1))).toBe(true);
    expect(filesIn(inbox)).toEqual(["2.JPG", "3.JPG"]);
    const [line, ...more] = store.journal.of(set).filter(({ kind }) => kind === "original.moved");
    expect(JSON.parse(line?.data ?? "")).toMatchObject({ path: join(inbox, "1.JPG"), archive: copy, found: "there" });
    expect(more).toEqual([]);
    expect(filesIn(dirOf(photos[0]))).toEqual(["look/small.jpg"]);
  });

  test("is possible after the set was cleared", async () => {
    finish();
    await cleared();
    await cleared(MOVE);
    expect(filesIn(archiveFolder())).toEqual(["2026/nature/Gulls_001__1.JPG"]);
    expect(filesIn(inbox)).toEqual(["2.JPG", "3.JPG"]);
  });

  test("is refused where there is no archive", async () => {
    finish();
    await drivers.stop();
    drivers = startDrivers({
      stages: fakeStages(),
      store,
      clock: { now: () => 1, elapsed: () => 1 },
      announce: () => undefined,
      width: 1,
      rollBackOnFault: false,
      gone: async () => [],
      looks: looksOf,
      hasArchive: false,
      onPaper: () => [],
    });
    expect(await faultOf(drivers.clear(set, MOVE))).toBe("archive.unset");
    expect(store.clearings.asked(set)).toBeUndefined();
  });

  test("waits for an archive that is away, and can be asked again without moving", async () => {
    finish();
    await drivers.stop();
    const away = archive(originals, archiveFolder());
    const run = async (): Promise<never> => {
      throw new Fault("disk.failed", "the archive is away");
    };
    start({ archive: { ...away, run } });
    const held = event("set.held");
    await drivers.clear(set, MOVE);
    expect(await held).toMatchObject({ code: "disk.failed", stage: "archive", retryAt: 6_000 });
    expect(filesIn(dirOf(photos[0]))).toHaveLength(4);
    await cleared();
    expect(store.checkpoints.holdOf(set)).toBeUndefined();
    expect(filesIn(inbox)).toEqual(["1.JPG", "2.JPG", "3.JPG"]);
    expect(filesIn(dirOf(photos[0]))).toEqual(["look/small.jpg"]);
  });
});

describe("a cleared set", () => {
  test("cannot be rewound, taken back or decided anew; that is said, and nothing changes", async () => {
    finish();
    await cleared();
    const [, rejected = 0, culled = 0] = photos;
    expect(await faultOf(drivers.rewind(set, "look"))).toBe("set.cleared");
    expect(await faultOf(drivers.reopen(set))).toBe("set.cleared");
    expect(() => drivers.takeBack(set, culled)).toThrow("cleared on 1970-01-01");
    const [result] = store.desk.apply(set, [op(rejected, "verdict", null)], hand);
    expect(result).toMatchObject({ ok: false, code: "set.cleared" });
    expect(() => store.desk.undo(set, "tab-1", hand)).toThrow("cleared");
    expect(store.sets.counts(set)).toMatchObject({ rejected: 1, culled: 1, published: 1 });
  });

  test("lets a rejected photo be worked on again, from its original; only that one, and it can be cleared again", async () => {
    finish();
    await cleared();
    const [published = 0, rejected = 0, culled = 0] = photos;
    const restore = (photo: PhotoId): void => drivers.restore(store.sets.photo(photo) ?? expect.unreachable());
    restore(rejected);
    restore(rejected);
    expect(Object.keys(store.sets.photo(rejected)?.facts ?? {}).sort()).toEqual([
      "likeness",
      "name",
      "subject",
      "validate",
      "words",
    ]);
    expect(store.sets.underway()).toEqual([set]);
    const [result] = store.desk.apply(set, [op(rejected, "verdict", null)], hand);
    expect(result).toMatchObject({ ok: true });
    expect(() => drivers.takeBack(set, culled)).toThrow("cleared");
    expect(() => restore(published)).toThrow("is released");
    expect(store.clearings.lost(set)).toEqual(new Set([published, culled]));
    await ready(rejected);
    expect(store.clearings.clearable(set).copies).toBe(1);
    store.desk.apply(set, [op(rejected, "verdict", "rejected")], hand);
    await cleared();
    expect(store.clearings.lost(set)).toEqual(new Set(photos));
    expect(filesIn(dirOf(rejected))).toEqual(["look/small.jpg"]);
    expect(store.sets.underway()).toEqual([]);
  });

  test("goes on with a copy that was the only one: it is not taken in anew", async () => {
    finish();
    rmSync(join(inbox, "2.JPG"));
    await cleared();
    drivers.restore(store.sets.photo(photos[1] ?? 0) ?? expect.unreachable());
    expect(store.sets.photo(photos[1] ?? 0)?.facts.ingest).toBeDefined();
    expect(store.sets.photo(photos[1] ?? 0)?.facts.look).toBeUndefined();
  });

  test("does not restore a photo while it is being cleared", async () => {
    finish();
    store.clearings.ask(set, { ...WISH, bytes: 1 }, 1);
    expect(() => drivers.restore(store.sets.photo(photos[1] ?? 0) ?? expect.unreachable())).toThrow("being cleared");
  });

  test("keeps facts that an update cannot read: there is nothing to look at anew", async () => {
    finish();
    commit(store, set, "words", photos.slice(1, 2), () => ({}) as Facts["words"]);
    await cleared();
    expect(store.checkpoints.forgetUnreadable(1)).toBe(0);
  });

  test("finds out anew what an update cannot read, once a photo is to be worked on again", async () => {
    finish();
    const [published = 0, rejected = 0] = photos;
    for (const photo of [published, rejected]) commit(store, set, "likeness", [photo], () => ({}) as Facts["likeness"]);
    await cleared();
    drivers.restore(store.sets.photo(rejected) ?? expect.unreachable());
    expect(store.checkpoints.progressOf(rejected)?.done).not.toContain("likeness");
    expect(store.checkpoints.progressOf(published)?.done).toContain("likeness");
  });

  test("keeps the small preview of a photo whose look an update cannot read", async () => {
    finish();
    const { model: _, ...previews } = factsAtGate("").look.previews;
    commit(store, set, "look", photos.slice(0, 1), () => ({ width: 4, height: 3, previews }) as Facts["look"]);
    await cleared();
    expect(filesIn(dirOf(photos[0]))).toEqual(["look/small.jpg"]);
  });
});
