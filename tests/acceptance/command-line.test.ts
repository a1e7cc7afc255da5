import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import Sqlite from "better-sqlite3";
import { afterEach, describe, expect, test } from "vitest";
import type { Card } from "../../src/review-server/cards.ts";
import { writeJpeg } from "../fixtures/make.ts";
import { type Home, makeHome } from "./home.ts";

let home: Home;
afterEach(async () => home.dispose());

const dropSet = async (folder: string, photos: number): Promise<void> => {
  for (let i = 1; i <= photos; i += 1)
    await writeJpeg(join(home.inbox, folder, `DSC_${String(i).padStart(4, "0")}.JPG`), {
      seed: i,
      takenAt: `2026:10:14 08:00:${String(i).padStart(2, "0")}`,
    });
};
const card = async (state: string): Promise<Card> => {
  const { sets } = await home.until(
    () => home.json("list"),
    ({ sets: now }) => now[0]?.state === state,
    `a set that is ${state}`,
  );
  const [first] = sets;
  if (first === undefined) throw new Error("no set");
  return first;
};
const namesIn = async (set: string): Promise<(string | null)[]> =>
  (await home.json("list", set)).photos.map(({ name }) => name);
const filesBelow = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name !== ".photogate-inbox")
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((file) => [file.slice(folder.length + 1), createHash("sha256").update(readFileSync(file)).digest("hex")]),
  );

test("part of a set goes out today and the rest tomorrow", async () => {
  home = makeHome();
  await dropSet("2026-10 Gulls, Texel", 12);
  await home.start();
  const { id } = await card("ready");
  const { photos } = await home.json("list", id);

  await home.cli("approve", id, "--filter", "file:DSC_000");
  const dry = await home.cli("publish", id, "--dry-run");
  expect(dry.out).toContain("9 to publish. Not in it: 3 undecided");
  expect((await home.cli("publish", id)).out).toContain("Nothing was published");
  await home.cli("publish", id, "--yes");
  await home.until(
    () => home.json("list"),
    ({ sets }) => sets[0]?.counts.archived === 9,
    "nine published photos",
  );
  expect((await card("in_review")).counts).toMatchObject({ published: 9, undecided: 3 });

  await home.cli("reject", id, "--filter", "file:DSC_0010");
  await home.cli("approve", id);
  await home.cli("publish", id, "--yes");
  expect((await card("done")).counts).toMatchObject({ photos: 12, published: 11, rejected: 1 });

  const names = photos
    .filter(({ file }) => file !== "DSC_0010.JPG")
    .map(({ name }) => name)
    .sort();
  const site = Object.keys(filesBelow(join(home.path, "site")));
  expect(site).toEqual([
    ...names.map((name) => `2026/gallery/${name}`),
    ...names.map((name) => `2026/thumbs/gallery/${name}`),
  ]);
  const mirror = new Sqlite(join(home.path, "data", "photos_info_revamp.db"), { readonly: true });
  expect(mirror.prepare("select File_Name from photos_info_revamp order by File_Name").pluck().all()).toEqual(names);
  mirror.close();
  expect(readdirSync(join(home.path, "logs", "releases")).sort()).toEqual([`${id}-r1.log`, `${id}-r2.log`]);
  expect((await home.cli("logs", "--run", `${id}-r1`)).out).toContain("set.released");
});

test("a photo whose name is taken on the site goes back to review, gets another, and is published", async () => {
  home = makeHome();
  await dropSet("2026-10 Gulls, Texel", 2);
  await home.start();
  const { id } = await card("ready");
  const [first = "", second = ""] = (await namesIn(id)).map(String);
  const taken = join(home.path, "site", "2026", "gallery", second);
  mkdirSync(dirname(taken), { recursive: true });
  writeFileSync(taken, "somebody else's");
  await home.cli("approve", id);
  await home.cli("publish", id, "--yes");
  expect((await card("held")).hold).toMatchObject({ stage: "publish", code: "site.collision", namesReserved: 2 });
  expect((await home.cli("status")).code).toBe(20);

  await home.cli("reopen", id);
  const { photos } = await home.json("list", id, "--filter", "verdict:none");
  const stuck = photos.find(({ name }) => name === second);
  expect(stuck).toMatchObject({ released: false, verdict: null });
  const op = {
    id: "1",
    client: "test",
    seq: 0,
    gesture: "g",
    photo: stuck?.id,
    field: "name",
    to: "Tern_001.JPG",
    baseRev: stuck?.rev,
  };
  expect(await home.post(`/api/sets/${id}/ops`, { ops: [op] })).toMatchObject({ results: [{ ok: true }] });
  await home.cli("approve", id);
  await home.cli("publish", id, "--yes");
  expect((await card("done")).counts).toMatchObject({ published: 2 });
  expect(Object.keys(filesBelow(join(home.path, "site")))).toEqual([
    `2026/gallery/${first}`,
    `2026/gallery/${second}`,
    "2026/gallery/Tern_001.JPG",
    `2026/thumbs/gallery/${first}`,
    "2026/thumbs/gallery/Tern_001.JPG",
  ]);
  expect(readFileSync(taken, "utf8")).toBe("somebody else's");
});

test("a set that is rolled back leaves the inbox as it was, and gets the same names when it is started again", async () => {
  home = makeHome();
  await dropSet("2026-10 Gulls, Texel", 4);
  const before = filesBelow(home.inbox);
  await home.start();
  const { id } = await card("ready");
  const names = await namesIn(id);

  await home.cli("rollback", id);
  expect((await home.json("list")).sets).toEqual([]);
  expect(filesBelow(home.inbox)).toEqual(before);
  expect(filesBelow(join(home.path, "data", "work"))).toEqual({});
  expect((await home.json("problems")).problems.map(({ code, asideFor }) => [code, asideFor])).toEqual(
    Array.from({ length: 4 }, () => ["drop.set-aside", id]),
  );

  await home.cli("start-again", id);
  const again = await card("ready");
  expect(await namesIn(again.id)).toEqual(names);
  expect((await home.json("problems")).problems).toEqual([]);
});

test("a finished set is cleared: the figure first, then the working copies; the inbox stays as it is", async () => {
  home = makeHome({ archive: { folder: "archive" } });
  await dropSet("2026-10 Gulls, Texel", 3);
  writeFileSync(join(home.inbox, "2026-10 Gulls, Texel", "DSC_0001.xmp"), "<xmp/>");
  await home.start();
  const { id } = await card("ready");
  expect((await home.cli("clear", id, "--yes")).err).toContain("set.unfinished");
  await home.cli("reject", id, "--filter", "file:DSC_0003");
  await home.cli("approve", id);
  await home.cli("publish", id, "--yes");
  await card("done");

  const dry = await home.cli("clear", id, "--dry-run");
  expect(dry.out).toMatch(/^frees .+: 3 working copies; small previews are kept \(\d+ kB\)\n$/);
  expect((await home.cli("clear", id)).out).toContain("Nothing was cleared.");
  const before = filesBelow(home.inbox);
  expect((await home.cli("clear", id, "--yes")).out).toMatch(/is cleared: \d+ kB freed\.\n$/);
  expect(filesBelow(home.inbox)).toEqual(before);
  expect(Object.keys(filesBelow(join(home.path, "data", "work"))).every((file) => file.endsWith("small.jpg"))).toBe(
    true,
  );
  const { clearedBytes, clearedAt, state } = await card("done");
  expect([clearedBytes, clearedAt, state]).toEqual([expect.any(Number), expect.any(Number), "done"]);
  expect((await home.cli("rewind", id, "--to", "look")).err).toContain("set.cleared");

  expect((await home.cli("clear", id, "--move-originals", "--yes")).code).toBe(0);
  expect(Object.keys(filesBelow(home.inbox))).toEqual(["2026-10 Gulls, Texel/DSC_0003.JPG"]);
  expect(Object.values(filesBelow(join(home.path, "archive"))).sort()).toEqual(
    Object.entries(before)
      .filter(([file]) => !file.endsWith("DSC_0003.JPG"))
      .map(([, hash]) => hash)
      .sort(),
  );
});

describe("the daemon", () => {
  test("says that it runs already, where, and exits 3", async () => {
    home = makeHome();
    await home.start();
    const second = await home.cli("start", "--no-open");
    expect(second.code).toBe(3);
    expect(second.out).toMatch(/Photogate is running already: http:\/\/127\.0\.0\.1:\d+\/open\?t=/);
    expect((await home.cli("status")).code).toBe(0);
  });

  test("stops when it is told to, and says so", async () => {
    home = makeHome();
    const { child } = await home.start();
    const gone = new Promise((resolve) => child.once("exit", resolve));
    expect((await home.cli("stop")).code).toBe(0);
    expect(await gone).toBe(0);
    const { code, out } = await home.cli("status", "--json");
    expect(code).toBe(3);
    expect(JSON.parse(out)).toMatchObject({ running: false, inboxes: [{ path: home.inbox }] });
    expect((await home.cli("stop")).code).toBe(3);
  });

  test("stops on SIGTERM within its grace, with work under way", async () => {
    home = makeHome();
    await dropSet("2026-10 Gulls, Texel", 12);
    const { child } = await home.start();
    await home.until(
      () => home.json("list"),
      ({ sets }) => sets.length === 1,
      "a set under way",
    );
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    expect(await gone).toBe(0);
  });

  test("says after an unclean end which sets it took up, and where", async () => {
    home = makeHome();
    await dropSet("2026-10 Gulls, Texel", 12);
    const { child } = await home.start();
    await home.until(
      () => home.json("list"),
      ({ sets }) => (sets[0]?.counts.working ?? 0) > 0,
      "a set under way",
    );
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await gone;
    await home.start();
    await card("ready");
    const { resumed } = await home.json("status");
    expect(resumed).toEqual([
      {
        set: "2026-10-gulls-texel",
        from: expect.stringMatching(/^(validate|ingest|exif|look|likeness|quality|subject|words|name)$/),
      },
    ]);
    expect((await home.cli("status")).out).toContain("The run before was cut off; 2026-10-gulls-texel was taken up at");
    expect((await home.cli("logs")).out).toContain("set.resumed");
  });
});

test("a settings file with mistakes is told all of them at once, with path, value and what is allowed", async () => {
  home = makeHome();
  writeFileSync(
    join(home.path, "photogate.jsonc"),
    '{ "settle": { "quietSeconds": 0 }, "inboxes": [], "look": { "children": "two" }, "naming": { "pattern": "{subjct}" }, "colour": "red" }',
  );
  const { code, err } = await home.cli("start", "--no-open");
  expect(code).toBe(1);
  for (const part of [
    "5 mistakes",
    "settle.quietSeconds = 0",
    ">=1",
    "inboxes = []",
    'look.children = "two"',
    "expected number",
    "must end in _{seq}",
    '"colour"',
  ])
    expect(err).toContain(part);
});

test("a mistake in photogate.yaml holds only its own folder, until it is mended", async () => {
  home = makeHome();
  await dropSet("Herons", 2);
  writeFileSync(join(home.inbox, "Herons", "photogate.yaml"), "subjekt: Heron\ndate: soon\n");
  await dropSet("2026-10 Gulls, Texel", 1);
  await home.start();
  expect((await card("ready")).id).toBe("2026-10-gulls-texel");
  const { problems } = await home.until(
    () => home.json("problems"),
    ({ problems: now }) => now.some(({ code }) => code === "context.invalid"),
    "the mistake",
  );
  const [mistake] = problems.filter(({ code }) => code === "context.invalid");
  expect(mistake?.why).toMatch(/subjekt/);
  expect(mistake?.why).toMatch(/date: must be 2026, 2026-10 or 2026-10-14/);

  writeFileSync(
    join(home.inbox, "Herons", "photogate.yaml"),
    "subject: Grey Heron\nlocation: Amsterdam, Netherlands\nfolder: nature\ndate: 2025-05-14\n",
  );
  await home.until(
    () => home.json("list"),
    ({ sets }) => sets.length === 2 && sets[1]?.state === "ready",
    "the other set",
  );
  const { photos } = await home.json("list", "herons");
  expect(photos[0]).toMatchObject({
    subject: "Grey Heron",
    location: "Amsterdam, Netherlands",
    folder: "nature",
    name: "Grey_Heron_Amsterdam_Netherlands_Nature_Photography_Canon_EOS_R5_2026_001.JPG",
  });
});

test("verbs that change something exit 3 without a daemon; verbs that look work", async () => {
  home = makeHome();
  for (const verb of [
    ["approve", "x"],
    ["publish", "x", "--yes"],
    ["rewind", "x", "--to", "look"],
    ["ingest", "."],
    ["review", "--no-open"],
  ])
    expect((await home.cli(...verb)).code, verb.join(" ")).toBe(3);
  expect((await home.cli("list", "--json")).out).toBe('{"sets":[]}\n');
  expect((await home.cli("problems", "--json")).out).toBe('{"problems":[]}\n');
  expect((await home.cli("version")).out).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test("a folder that is handed over is taken in at once, wherever it lies", async () => {
  home = makeHome();
  await writeJpeg(join(home.path, "elsewhere", "2026-11 Herons, IJssel", "A.JPG"));
  await home.start();
  expect((await home.cli("ingest", join(home.path, "elsewhere", "2026-11 Herons, IJssel"))).out).toContain(
    "2026-11-herons-ijssel",
  );
  expect((await card("ready")).counts.photos).toBe(1);
});

test("a rewound set goes on from the stage and asks for the approvals anew", async () => {
  home = makeHome();
  await dropSet("2026-10 Gulls, Texel", 3);
  await home.start();
  const { id } = await card("ready");
  await home.cli("approve", id);
  const before = (await home.json("list", id)).photos.map(({ name, hash }) => [name, hash]);
  expect((await home.cli("rewind", id, "--to", "quality")).code).toBe(0);
  const { sets } = await home.until(
    () => home.json("list"),
    ({ sets: now }) => now[0]?.state === "ready",
    "the set again",
  );
  expect(sets[0]?.counts.undecided).toBe(3);
  expect((await home.json("list", id)).photos.map(({ name, hash }) => [name, hash])).toEqual(before);
});

test("a set is described anew: asked about near spellings, its clocks put right, and refused once it is out", async () => {
  const taxonomy = { locations: ["Texel"], categories: ["nature", "gallery"] };
  home = makeHome({ inboxes: [{ path: "inbox", taxonomy, profiles: [{ match: "*gulls*", category: "nature" }] }] });
  await dropSet("2026-10 Gulls, Texell", 2);
  await home.start();
  const { id, newWords, context } = await card("ready");
  expect(context).toEqual({ subject: "Gulls", location: "Texell", date: "2026-10", folder: "nature" });
  expect(newWords).toEqual([{ field: "location", value: "Texell", near: ["Texel"] }]);
  for (const verb of ["list", "status"])
    expect((await home.cli(verb)).out).toContain('new location "Texell": did you mean "Texel"?');

  await home.cli("approve", id);
  const refused = await home.cli("describe", id, "--location", "Texel");
  expect([refused.code, refused.out]).toEqual([1, expect.stringContaining("it would take back 2 approvals")]);
  expect((await home.cli("describe", id, "--copyright", "(c) A")).out).toContain("copyright  (c) A");
  expect((await card("in_review")).counts).toMatchObject({ approved: 2 });

  const clock = ["--clock", "Canon EOS R5=+1 d 8 h 1 s", "--clock", "-45 s"];
  const told = await home.cli("describe", id, "--location", "Texel", ...clock, "--yes");
  expect(told.out.split("\n")).toEqual([
    "subject    Gulls",
    "location   Texel",
    "category   nature",
    "date       2026-10",
    "event      -",
    "kind       -",
    "copyright  (c) A",
    "captioner  template",
    "clock      Canon EOS R5 was 1 d 8 h 1 s ahead",
    "clock      every other camera was 45 s behind",
    "",
  ]);
  expect((await card("ready")).newWords).toEqual([]);
  const { photos } = await home.json("list", id);
  expect(photos.map(({ caption, takenAt }) => [caption, takenAt])).toEqual([
    ["Gulls, Texel, 13 October 2026.", "2026:10:13 00:00:00"],
    ["Gulls, Texel, 13 October 2026.", "2026:10:13 00:00:01"],
  ]);
  expect((await home.cli("describe", id)).out).toBe(told.out);
  const mistaken = await home.cli("describe", id, "--date", "soon");
  expect([mistaken.code, mistaken.err]).toEqual([1, expect.stringContaining("date: must be 2026, 2026-10")]);

  await home.cli("approve", id);
  await home.cli("publish", id, "--yes");
  await card("done");
  const mirror = new Sqlite(join(home.path, "data", "photos_info_revamp.db"), { readonly: true });
  expect(mirror.prepare("select DateTime from photos_info_revamp order by 1").pluck().all()).toEqual([
    "2026:10:13 00:00:00",
    "2026:10:13 00:00:01",
  ]);
  mirror.close();
  const late = await home.cli("describe", id, "--subject", "Terns");
  expect([late.code, late.err]).toEqual([1, expect.stringContaining("set.released")]);
});
