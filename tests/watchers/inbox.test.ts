import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Drop } from "../../src/domain/photo.ts";
import { profileFor } from "../../src/domain/profile.ts";
import { readDrop } from "../../src/watchers/handed.ts";
import { type Inbox, type Looked, watchInbox } from "../../src/watchers/inbox.ts";
import type { Entry } from "../../src/watchers/listing.ts";
import { type Reader, startReader } from "../../src/watchers/reader.ts";
import type { Volume } from "../../src/watchers/volume.ts";
import { jpeg } from "../fixtures/make.ts";

let home: string;
let root: string;
let inbox: Inbox | undefined;
let drops: Drop[];
let reader: Reader;
let volume: Volume | undefined;
let latest: Looked | undefined;
let news: string[];
let stills: number;
let held: Set<string>;
let asked: string[];
let waiting: { readonly until: () => boolean; readonly resolve: () => void }[];
const photo = await jpeg();

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "photogate-inbox-"));
  root = join(home, "in");
  mkdirSync(root);
  drops = [];
  latest = undefined;
  volume = undefined;
  news = [];
  stills = 0;
  held = new Set();
  asked = [];
  waiting = [];
});
afterEach(() => {
  inbox?.close();
  inbox = undefined;
  reader?.close();
  rmSync(home, { recursive: true, force: true });
});

const told = (): void => {
  for (const one of waiting.filter(({ until }) => until())) one.resolve();
};
/** Resolves when a report of the inbox makes it true. */
const until = (is: () => boolean): Promise<void> =>
  new Promise((resolve) => {
    waiting.push({ until: is, resolve });
    told();
  });
/** Of what was taken at a path, the newest counts. */
const taken = ({ path, bytes, mtimeMs }: Pick<Entry, "path" | "bytes" | "mtimeMs">): boolean => {
  const main = drops.flatMap(({ shots }) => shots.map((shot) => shot.main)).findLast((one) => one.path === path);
  return main?.bytes === bytes && main.mtimeMs === mtimeMs;
};

const nature = { category: "nature" };
const profile = { ...nature, profiles: [{ match: "* Gulls*", copyright: "(c) A", quietMs: 20 }] };

function watch(given: { patienceMs?: number; quietMs?: number } = {}): void {
  const { patienceMs = 100, quietMs = 150 } = given;
  reader = startReader({ root, environment: {} });
  const both = (ms: number) => ({ local: ms, network: ms });
  inbox = watchInbox(
    { quietMs: both(quietMs), patienceMs, rescanMs: both(500), profile: (folder) => profileFor(profile, folder) },
    reader,
    { now: () => Date.UTC(2026, 9, 14, 8, 12), elapsed: () => performance.now() },
    {
      isTaken: (file) => {
        asked.push(file.name);
        return taken(file);
      },
      held: () => held,
      volumes: {
        known: () => volume,
        saw: (seen) => {
          volume = seen;
        },
        newMarker: () => "7f1e3c1a-0000-4000-8000-000000000000",
      },
      looked: (looked) => {
        latest = looked;
        told();
      },
      still: () => {
        stills += 1;
        told();
      },
      settled: (drop) => {
        drops.push(drop);
        told();
      },
      lateCompanion: ({ entry }) => `${entry.name} is late`,
      state: ({ online, fault }) => {
        news.push(online ? "online" : (fault?.code ?? ""));
        told();
      },
      failed: (why) => {
        news.push(`failed ${String(why)}`);
        told();
      },
    },
  );
}
const waitingFiles = (): number | undefined => latest?.arrivals.reduce((sum, { files }) => sum + files, 0);
const asides = (): string[] => (latest?.aside ?? []).map(({ entry, code }) => `${entry.relative} ${code}`).sort();

describe("an inbox", () => {
  test("takes a folder as a set and loose files as another, once they were left alone", async () => {
    watch();
    mkdirSync(join(root, "2026-10 Gulls, Texel"));
    writeFileSync(join(root, "2026-10 Gulls, Texel", "IMG_1.JPG"), photo);
    writeFileSync(join(root, "2026-10 Gulls, Texel", "IMG_2.JPG"), photo);
    writeFileSync(join(root, "loose.jpg"), photo);
    await until(() => drops.length === 2);
    expect(drops.map(({ name, shots }) => [name, shots.length]).sort()).toEqual([
      ["2026-10 Gulls, Texel", 2],
      ["2026-10-14 08.12 loose photos", 1],
    ]);
    await until(() => waitingFiles() === 0);
    expect(latest?.arrivals).toEqual([]);
  });

  test("takes what already lay there when it began to look", async () => {
    mkdirSync(join(root, "Gulls"));
    writeFileSync(join(root, "Gulls", "1.jpg"), photo);
    watch();
    await until(() => drops.length === 1);
    expect(drops[0]?.context).toEqual({ folder: "nature", subject: "Gulls" });
  });

  test("waits as long as the profile of the folder says, and takes what it says", async () => {
    watch({ quietMs: 600_000 });
    mkdirSync(join(root, "2026 Gulls"));
    writeFileSync(join(root, "2026 Gulls", "1.jpg"), photo);
    await until(() => drops.length === 1);
    expect(drops[0]?.context).toEqual({ folder: "nature", subject: "Gulls", date: "2026", copyright: "(c) A" });
  });

  test("takes a file that comes to a set later as a set of its own", async () => {
    watch();
    mkdirSync(join(root, "Gulls"));
    writeFileSync(join(root, "Gulls", "1.jpg"), photo);
    await until(() => drops.length === 1);
    writeFileSync(join(root, "Gulls", "2.jpg"), photo);
    await until(() => drops.length === 2);
    expect(drops[1]?.shots.map(({ main }) => main.path)).toEqual([join(root, "Gulls", "2.jpg")]);
  });

  test("asks of a file whether it is taken once, once more when it was, and anew when a person wants a look", async () => {
    mkdirSync(join(root, "Gulls"));
    writeFileSync(join(root, "Gulls", "1.jpg"), photo);
    watch();
    await until(() => drops.length === 1 && waitingFiles() === 0);
    writeFileSync(join(root, "notes.docx"), "x");
    await until(() => asides().includes("notes.docx drop.other-file"));
    expect(asked).toEqual(["1.jpg", "1.jpg"]);
    inbox?.look();
    await until(() => asked.length === 3);
  });

  test("waits for a file that is still written, and says so", async () => {
    watch({ quietMs: 600 });
    const file = join(root, "growing.jpg");
    writeFileSync(file, photo.subarray(0, 1_000));
    await until(() => waitingFiles() === 1);
    expect(asides()).toContain("growing.jpg drop.waiting");
    expect(latest?.arrivals[0]).toMatchObject({ folder: "", files: 1, growing: 1, isHeld: false });
    appendFileSync(file, photo.subarray(1_000));
    await until(() => drops.length === 1);
    expect(drops[0]?.shots[0]?.main.bytes).toBe(photo.length);
  });

  test("takes a torn file as it is when patience ends: validation says what is wrong with it", async () => {
    watch({ patienceMs: 50 });
    writeFileSync(join(root, "torn.jpg"), photo.subarray(0, 5_000));
    writeFileSync(join(root, "empty.jpg"), "");
    await until(() => drops.length === 1);
    expect(drops[0]?.shots.map(({ main }) => main.bytes)).toEqual([0, 5_000]);
  });

  test("takes a name that is not UTF-8 as a photo that cannot be opened by name", async () => {
    watch();
    writeFileSync(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0xff, 0xfe]), Buffer.from(".jpg")]), photo);
    await until(() => drops.length === 1);
    expect(drops[0]?.shots[0]?.main).toMatchObject({ nameIsText: false, path: `${root}/\\xff\\xfe.jpg` });
  });

  test("notes everything else with its reason, and takes none of it", async () => {
    symlinkSync("/etc/passwd", join(root, "link.jpg"));
    execFileSync("mkfifo", [join(root, "pipe.jpg")]);
    writeFileSync(join(root, ".DS_Store"), "x");
    writeFileSync(join(root, "notes.docx"), "x");
    writeFileSync(join(root, "half.jpg.part"), "x");
    watch();
    await until(() => latest !== undefined);
    expect(asides()).toEqual([
      ".DS_Store drop.system-file",
      "half.jpg.part drop.temporary",
      "link.jpg drop.symlink",
      "notes.docx drop.other-file",
      "pipe.jpg drop.not-a-file",
    ]);
    expect(drops).toEqual([]);
  });

  test("reads photogate.yaml; with mistakes in it the set waits until they are corrected", async () => {
    const file = join(root, "Gulls", "photogate.yaml");
    mkdirSync(join(root, "Gulls"));
    writeFileSync(file, "subjekt: Terns\n");
    writeFileSync(join(root, "Gulls", "1.jpg"), photo);
    watch();
    await until(() => asides().includes("Gulls/1.jpg context.invalid"));
    expect(drops).toEqual([]);
    writeFileSync(file, "subject: Terns\nfolder: birds\n");
    await until(() => drops.length === 1);
    expect(drops[0]?.context).toEqual({ subject: "Terns", folder: "birds" });
  });

  test("that is taken away is offline, and nothing of it is deleted; back again it is online", async () => {
    writeFileSync(join(root, "1.jpg"), photo);
    watch();
    await until(() => drops.length === 1 && waitingFiles() === 0);
    const listed = latest;
    renameSync(root, join(home, "card"));
    await until(() => news.includes("inbox.offline"));
    expect(latest).toBe(listed);
    renameSync(join(home, "card"), root);
    await until(() => news.length === 3);
    writeFileSync(join(root, "2.jpg"), photo);
    await until(() => drops.length === 2);
    expect(news).toEqual(["online", "inbox.offline", "online"]);
  });

  test("is closed while it looks, and is heard of no more", async () => {
    watch();
    await until(() => latest !== undefined);
    inbox?.close();
    const before = latest;
    inbox?.look();
    writeFileSync(join(root, "1.jpg"), photo);
    await reader.list();
    expect([drops, latest]).toEqual([[], before]);
  });

  test("takes a file again that was another meanwhile, and is now as it was, time and all", async () => {
    const file = join(root, "1.jpg");
    const write = (bytes: Buffer): void => {
      writeFileSync(file, bytes);
      utimesSync(file, 1_790_000_000, 1_790_000_000);
    };
    watch();
    write(photo);
    await until(() => drops.length === 1 && waitingFiles() === 0);
    write(await jpeg({ seed: 2 }));
    await until(() => drops.length === 2 && waitingFiles() === 0);
    write(photo);
    await until(() => drops.length === 3);
    expect(drops[2]?.shots[0]?.main).toMatchObject({ path: file, bytes: photo.length });
  });

  test("in which all is as it was is not judged again, until something is other or a person asks", async () => {
    writeFileSync(join(root, "1.jpg"), photo);
    watch();
    await until(() => stills > 0);
    const before = latest;
    await until(() => stills > 2);
    expect(latest).toBe(before);
    inbox?.look();
    await until(() => latest !== before);
    writeFileSync(join(root, "2.jpg"), photo);
    await until(() => drops.length === 2);
  });

  test("forgets a file that was taken out before it settled", async () => {
    watch({ quietMs: 500 });
    writeFileSync(join(root, "1.jpg"), photo);
    await until(() => waitingFiles() === 1);
    unlinkSync(join(root, "1.jpg"));
    await until(() => waitingFiles() === 0);
    expect(drops).toEqual([]);
  });
});

describe("a folder a person hands over", () => {
  test("is taken as it is, at once, with its context", async () => {
    const folder = join(home, "2026 Terns, Vlieland");
    mkdirSync(join(folder, "deep"), { recursive: true });
    writeFileSync(join(folder, "1.jpg"), photo.subarray(0, 10));
    writeFileSync(join(folder, "deep", "2.jpg"), photo);
    writeFileSync(join(folder, "photogate.yaml"), "folder: birds\n");
    reader = startReader({ root: folder, environment: {} });
    expect(await readDrop(reader, nature)).toMatchObject({
      inbox: home,
      folder,
      name: "2026 Terns, Vlieland",
      context: { folder: "birds", date: "2026", subject: "Terns", location: "Vlieland" },
      shots: [{ main: { path: join(folder, "1.jpg") } }, { main: { path: join(folder, "deep", "2.jpg") } }],
    });
  });

  test("without a photo, or that is not there, is no drop", async () => {
    reader = startReader({ root, environment: {} });
    expect(await readDrop(reader, nature)).toBeUndefined();
    reader.close();
    reader = startReader({ root: join(home, "none"), environment: {} });
    expect(await readDrop(reader, nature)).toBeUndefined();
  });
});
