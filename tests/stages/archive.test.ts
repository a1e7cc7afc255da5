import { createHash } from "node:crypto";
import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Facts } from "../../src/domain/facts.ts";
import { Fault } from "../../src/domain/fault.ts";
import type { LoadedPhoto, SetContext } from "../../src/domain/photo.ts";
import type { Originals } from "../../src/domain/ports.ts";
import { looksOf } from "../../src/files.ts";
import { durableCopy, readEnds, removeOriginal } from "../../src/originals.ts";
import { archive } from "../../src/stages/archive.ts";
import { cutAfter, mounted, protect, unmountAll } from "../disks.ts";
import { aPhoto, publishFacts, reviewFacts } from "../store/home.ts";

const BYTES = Buffer.from("a photo, more or less ".repeat(90_000));
let folder: string;
let inbox: string;
let store: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "photogate-archive-"));
  inbox = join(folder, "inbox");
  store = join(folder, "archive");
  mkdirSync(inbox);
});
afterEach(() => {
  unmountAll();
  rmSync(folder, { recursive: true });
});

const sha256 = (data: Uint8Array | string): string => createHash("sha256").update(data).digest("hex");
const fileOf = (name: string) => ({
  path: join(inbox, name),
  bytes: statSync(join(inbox, name), { throwIfNoEntry: false })?.size ?? 1,
  mtimeMs: 1,
  nameIsText: true,
});
const filesIn = (path: string): string[] =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .sort();

/** A published photo in its inbox, with our working copies of it and of what travels with it. */
function published(name = "IMG_1.JPG", along: readonly string[] = [], context: Partial<SetContext> = {}): LoadedPhoto {
  const dir = join(folder, "work");
  mkdirSync(join(dir, "ingest"), { recursive: true });
  writeFileSync(join(dir, "ingest", "original.jpg"), BYTES);
  writeFileSync(join(inbox, name), BYTES);
  const companions = along.map((own, i) => {
    writeFileSync(join(inbox, own), own);
    writeFileSync(join(dir, "ingest", `companion-${i + 1}`), own);
    return { file: `ingest/companion-${i + 1}`, name: own, bytes: own.length, sha256: sha256(own) };
  });
  return aPhoto({
    source: fileOf(name),
    companions: along.map(fileOf),
    context: { folder: "nature", ...context },
    dir,
    facts: {
      ingest: { file: "ingest/original.jpg", bytes: BYTES.length, sha256: sha256(BYTES), companions, uncopied: [] },
      review: reviewFacts("r1"),
      publish: publishFacts("x.JPG"),
    },
  });
}

/** As the stages get them from a process of their own. */
let originals: Originals;
beforeEach(() => {
  originals = { ends: readEnds, copy: durableCopy, looks: looksOf, remove: removeOriginal };
});

const MOVE = { originals: "move-to-archive" } as const;

async function archived(photo: LoadedPhoto, to: string | null = store): Promise<Facts["archive"]> {
  const stage = archive(originals, to);
  const outcome = await stage.run(photo, {
    signal: new AbortController().signal,
    dir: join(folder, "work", "archive"),
    now: () => 1,
  });
  if (outcome.kind !== "done" || !("copy" in outcome.facts)) throw new Error("not archived");
  return outcome.facts;
}

describe("the archive", () => {
  const first = (): string => join(store, "2026", "nature", "Gulls_001__IMG_1.JPG");

  test("keeps a copy under year and category, with both names, and twice is once", async () => {
    const { copy } = await archived(published());
    expect(copy).toBe(first());
    expect(readFileSync(first()).equals(BYTES)).toBe(true);
    expect(await archived(published())).toEqual({ copy, companions: [], moved: [], kept: [] });
    expect(filesIn(store)).toEqual(["Gulls_001__IMG_1.JPG"]);
  });

  test("keeps what travels with the photo beside it, under names that no disk takes for one", async () => {
    const long = `${"é".repeat(123)}.nef`;
    const facts = await archived(published("IMG_1.JPG", ["IMG_1.xmp", "IMG_1.XMP", long]));
    expect(facts.companions.map(({ name, copy }) => [name, copy.slice(dirname(first()).length + 1)])).toEqual([
      ["IMG_1.xmp", "Gulls_001__IMG_1.xmp"],
      ["IMG_1.XMP", "Gulls_001-2__IMG_1.XMP"],
      [long, "Gulls_001-3.nef"],
    ]);
    for (const { name, copy } of facts.companions) expect(readFileSync(copy, "utf8")).toBe(name);
  });

  test("keeps a copy of a photo whose own name is as long as a name can be", async () => {
    const { copy } = await archived(published(`${"é".repeat(125)}.jpg`));
    expect(copy).toMatch(/Gulls_001\.jpg$/);
    expect(readFileSync(copy ?? "").equals(BYTES)).toBe(true);
  });

  test("that is not set keeps none", async () => {
    expect(await archived(published(), null)).toEqual({ copy: null, companions: [], moved: [], kept: [] });
  });

  test("never overwrites another file, and says which", async () => {
    mkdirSync(dirname(first()), { recursive: true });
    writeFileSync(first(), "somebody else's");
    await expect(archived(published())).rejects.toMatchObject({
      code: "archive.collision",
      message: `${first()} is there with other content (15 bytes)`,
    });
    expect(readFileSync(first(), "utf8")).toBe("somebody else's");
  });

  test("does not keep a working copy that went bad meanwhile", async () => {
    const photo = published();
    writeFileSync(join(folder, "work", "ingest", "original.jpg"), "rotten");
    await expect(archived(photo)).rejects.toMatchObject({ code: "copy.mismatch" });
    expect(existsSync(first())).toBe(false);
  });

  test("takes the original itself where the working copy was cleared", async () => {
    const photo = published();
    rmSync(join(folder, "work"), { recursive: true });
    expect((await archived(photo)).copy).toBe(first());
  });
});

describe("originals", () => {
  const listing = () =>
    filesIn(inbox).map((name) => [name, statSync(join(inbox, name)).mtimeMs, readFileSync(join(inbox, name)).length]);

  test("stay untouched where nothing else is said", async () => {
    const photo = published("IMG_1.JPG", ["IMG_1.xmp"]);
    const before = listing();
    await archived(photo);
    await archived({ ...photo, context: { ...photo.context, originals: "leave" } });
    expect(listing()).toEqual(before);
  });

  test("are copied from an inbox that takes no writes, and stay in it", async () => {
    inbox = mounted(folder, "size=20m");
    const photo = published("IMG_1.JPG", ["IMG_1.xmp"], MOVE);
    protect(inbox);
    const { moved, kept, copy } = await archived(photo);
    expect(readFileSync(copy ?? "").equals(BYTES)).toBe(true);
    expect(moved).toEqual([]);
    expect(kept).toEqual(
      ["IMG_1.JPG", "IMG_1.xmp"].map((name) => ({
        path: join(inbox, name),
        why: `${join(inbox, name)}: the disk is read-only`,
      })),
    );
    expect(filesIn(inbox)).toEqual(["IMG_1.JPG", "IMG_1.xmp"]);
  });

  test("go to the archive with what travels with them, where the set wants it, and nothing else goes", async () => {
    const photo = published("IMG_1.JPG", ["IMG_1.xmp"], MOVE);
    writeFileSync(join(inbox, "IMG_2.JPG"), "another");
    const { moved, kept, copy, companions } = await archived(photo);
    expect(moved).toEqual([
      { path: join(inbox, "IMG_1.JPG"), copy, sha256: sha256(BYTES), found: "there" },
      { path: join(inbox, "IMG_1.xmp"), copy: companions[0]?.copy, sha256: sha256("IMG_1.xmp"), found: "there" },
    ]);
    expect(kept).toEqual([]);
    expect(filesIn(inbox)).toEqual(["IMG_2.JPG"]);
    expect((await archived(photo)).moved.map(({ found }) => found)).toEqual(["gone", "gone"]);
  });

  test("that could not be copied stay, and are named", async () => {
    const photo = published("IMG_1.JPG", ["IMG_1.xmp"], MOVE);
    const uncopied = [{ path: join(inbox, "IMG_1.wav"), code: "photo.read-error", why: "EIO" }];
    writeFileSync(join(inbox, "IMG_1.wav"), "sound");
    const ingest = { ...(photo.facts.ingest ?? expect.unreachable()), uncopied };
    const facts = await archived({
      ...photo,
      companions: [fileOf("IMG_1.wav"), ...photo.companions],
      facts: { ...photo.facts, ingest },
    });
    expect(facts.kept).toEqual([{ path: join(inbox, "IMG_1.wav"), why: "EIO" }]);
    expect(filesIn(inbox)).toEqual(["IMG_1.wav"]);
  });

  test.each<[string, RegExp, (original: string, copy: string) => void]>([
    ["edited since", /is not what was copied/, (original) => writeFileSync(original, "edited")],
    [
      "a link by now",
      /is a link/,
      (original) => {
        rmSync(original);
        symlinkSync("/etc/hostname", original);
      },
    ],
    [
      "the very file the archive has",
      /one and the same file/,
      (original, copy) => {
        rmSync(original);
        linkSync(copy, original);
      },
    ],
    [
      "in a folder that is not there",
      /not there any more/,
      (original) => rmSync(dirname(original), { recursive: true }),
    ],
  ])("that are %s stay", async (_, why, act) => {
    const photo = published("IMG_1.JPG");
    const { copy } = await archived(photo);
    act(photo.source.path, copy ?? "");
    const facts = await archived({ ...photo, context: { ...photo.context, ...MOVE } });
    expect(facts.moved).toEqual([]);
    expect(facts.kept).toEqual([{ path: photo.source.path, why: expect.stringMatching(why) }]);
    expect(existsSync(copy ?? "")).toBe(true);
  });

  test("stay where their inbox is away, and the photo is published all the same", async () => {
    const remove = async (): Promise<never> => {
      throw new Fault("inbox.offline", "/card is not there");
    };
    originals = { ...originals, remove };
    const { kept, copy } = await archived(published("IMG_1.JPG", [], MOVE));
    expect(kept).toEqual([{ path: join(inbox, "IMG_1.JPG"), why: "/card is not there" }]);
    expect(existsSync(copy ?? "")).toBe(true);
  });

  test("stay where no archive is set", async () => {
    const { kept } = await archived(published("IMG_1.JPG", [], MOVE), null);
    expect(kept).toEqual([{ path: join(inbox, "IMG_1.JPG"), why: "no archive folder is set" }]);
    expect(filesIn(inbox)).toEqual(["IMG_1.JPG"]);
  });

  test("are never without a whole copy, wherever it is killed, and go at the next run", async () => {
    for (let changes = 0; ; changes += 1) {
      for (const path of [store, join(folder, "work")]) rmSync(path, { recursive: true, force: true });
      const photo = published("IMG_1.JPG", ["IMG_1.xmp"], MOVE);
      const copies = [photo.source.path, join(store, "2026", "nature", "Gulls_001__IMG_1.JPG")];
      const end = await cutAfter(changes, photo.source.path);
      const cut = await archived(photo).then(
        () => false,
        () => true,
      );
      const seen = end();
      expect(copies.some((path) => existsSync(path) && readFileSync(path).equals(BYTES))).toBe(true);
      const facts = await archived(photo);
      expect(facts.moved).toHaveLength(2);
      expect(filesIn(inbox)).toEqual([]);
      if (seen <= changes) {
        expect([cut, seen > 15]).toEqual([false, true]);
        return;
      }
    }
  });
});
