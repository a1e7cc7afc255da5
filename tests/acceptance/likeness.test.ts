import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Report, ReportSchema } from "../../src/domain/likeness-report.ts";
import { sharp } from "../../src/imaging/sharp.ts";
import { plugColourist, tinted } from "../fixtures/colourist.ts";
import { jpeg, writeJpeg } from "../fixtures/make.ts";
import { type Folder, makeFolder } from "./folder-verbs.ts";
import { AS_ORDINARY_USER } from "./home.ts";

let folder: Folder;
const at = (name: string): string => join(folder.path, name);
beforeEach(async () => {
  folder = makeFolder();
  const large = await writeJpeg(at("heron.jpg"), { seed: 1, width: 1200, height: 900, takenAt: null });
  copyFileSync(at("heron.jpg"), at("heron (copy).jpg"));
  writeFileSync(at("heron (copy).xmp"), "<x/>");
  await sharp(large).resize(600).jpeg({ quality: 70 }).toFile(at("heron small.jpg"));
  await writeJpeg(at("sub/gull.jpg"), { seed: 2, takenAt: null });
  await sharp(at("sub/gull.jpg")).flop().toFile(at("sub/gull mirrored.jpg"));
  await writeJpeg(at("alone.jpg"), { seed: 3, takenAt: null });
});
afterEach(() => folder.dispose());

const OUT = "report of likeness";
const reported = async (...args: string[]): Promise<Report> => {
  const { code, err } = await folder.cli(["likeness", folder.path, ...args, "--json", at(`../${OUT}.json`)]);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  return ReportSchema.parse(JSON.parse(readFileSync(at(`../${OUT}.json`), "utf8")));
};
const membersIn = ({ groups }: Report) =>
  groups.map(({ tier, keeper, files }) => [tier, keeper, files.map(({ file }) => file).sort()]);
const manifestIn = (out: string): string => /Manifest: (.*\.jsonl)/.exec(out)?.[1] ?? "";
const AFTER = [
  "_review_dupes/heron (copy).jpg",
  "_review_dupes/heron (copy).xmp",
  "_review_dupes/heron small.jpg",
  "_review_dupes/sub/gull mirrored.jpg",
  "alone.jpg",
  "heron.jpg",
  "sub/gull.jpg",
];

test("groups, keepers and what is like no other are reported, and nothing is touched", async () => {
  const before = folder.hashes();
  const report = await reported("--outliers", "1");
  expect(membersIn(report)).toEqual([
    ["exact", "heron.jpg", ["heron (copy).jpg", "heron.jpg"]],
    ["same-frame", "heron.jpg", ["heron (copy).jpg", "heron small.jpg", "heron.jpg"]],
    ["same-frame", "sub/gull.jpg", ["sub/gull mirrored.jpg", "sub/gull.jpg"]],
  ]);
  expect(report.outliers).toMatchObject([{ file: "alone.jpg" }]);
  expect(report.touched).toEqual({ groups: 0, of: 3, share: 0 });
  expect(folder.hashes()).toEqual(before);
});

test.each(["dhash", "ahash"])(
  "by %s copies and small ones are found too; mirrored ones only by phash",
  async (hash) => {
    expect(membersIn(await reported("--hash", hash, "--recipe", "2"))).toEqual([
      ["exact", "heron.jpg", ["heron (copy).jpg", "heron.jpg"]],
      ["same-frame", "heron.jpg", ["heron (copy).jpg", "heron small.jpg", "heron.jpg"]],
    ]);
  },
);

test("recipe 1 finds a crop, which the usual run leaves alone", async () => {
  await sharp(at("heron.jpg")).extract({ left: 60, top: 45, width: 1080, height: 810 }).toFile(at("heron crop.jpg"));
  const derived = (report: Report) =>
    report.groups.filter(({ tier }) => tier === "derived").map(({ keeper }) => keeper);
  expect(derived(await reported())).toEqual([]);
  const one = await reported("--recipe", "1");
  expect([
    ...derived(one),
    ...one.groups.filter(({ tier }) => tier === "same-frame").map(({ keeper }) => keeper),
  ]).toContain("heron.jpg");
  expect(one.groups.some(({ files }) => files.some(({ file }) => file === "heron crop.jpg"))).toBe(true);
});

test("all but the keepers go aside with what travels with them, and come back byte for byte", async () => {
  const before = folder.hashes();
  const applied = await folder.cli(["likeness", folder.path, "--apply"]);
  expect(applied).toMatchObject({ code: 0, err: "" });
  const after = folder.hashes();
  expect(Object.keys(after)).toEqual(AFTER);
  expect(Object.values(after).sort()).toEqual(Object.values(before).sort());
  expect((await folder.cli(["likeness", folder.path, "--apply"])).out).toContain("Nothing goes aside.");

  const undone = await folder.cli(["likeness", folder.path, "--undo", manifestIn(applied.out)]);
  expect(undone).toMatchObject({ code: 0, out: "3 photos are back in their place.\n" });
  expect(folder.hashes()).toEqual(before);
});

test("a table that a person edited is followed, and the share of groups they changed is said", async () => {
  const csv = at(`../${OUT}.csv`);
  await folder.cli(["likeness", folder.path, "--csv", csv]);
  const edited = readFileSync(csv, "utf8")
    .split("\r\n")
    .map((line) =>
      line.includes("gull") ? line.replace(/,(yes|no),/, (_, was) => (was === "yes" ? ",no," : ",yes,")) : line,
    )
    .join("\r\n");
  writeFileSync(csv, edited);
  const { code, out } = await folder.cli(["likeness", folder.path, "--from", csv, "--apply"]);
  expect(code).toBe(0);
  expect(out).toContain("A person changed 1 of 3 groups (33 %).");
  expect(Object.keys(folder.hashes())).toEqual(
    AFTER.map((name) => name.replace("sub/gull mirrored", "sub/gull"))
      .map((name) => (name === "sub/gull.jpg" ? "sub/gull mirrored.jpg" : name))
      .sort(),
  );
});

describe("groups of other programs", () => {
  test.each(["czkawka", "imagededup"])("as %s writes them are taken over, with our keepers", async (style) => {
    const file = at(`../${OUT} ${style}.json`);
    await folder.cli(["likeness", folder.path, "--tier", "same-frame", "--json", file, "--style", style]);
    const report = await reported("--from", file);
    expect(report.source).toBe(style);
    expect(membersIn(report)).toEqual([
      ["imported", "heron.jpg", ["heron (copy).jpg", "heron small.jpg", "heron.jpg"]],
      ["imported", "sub/gull.jpg", ["sub/gull mirrored.jpg", "sub/gull.jpg"]],
    ]);
    expect(report.touched).toBeNull();
    await folder.cli(["likeness", folder.path, "--from", file, "--apply"]);
    expect(Object.keys(folder.hashes())).toEqual(AFTER);
    rmSync(file);
  });

  test("a file that is not in the folder is left out of its group, and stays where it is", async () => {
    const file = at(`../${OUT} strange.json`);
    writeFileSync(
      file,
      JSON.stringify([[{ path: at("heron.jpg") }, { path: at("heron small.jpg") }, { path: "/etc/hosts" }]]),
    );
    const { out } = await folder.cli(["likeness", folder.path, "--from", file]);
    expect(out).toContain("/etc/hosts: no photo of this folder");
    expect(out).not.toMatch(/^ {2}.*\/etc\/hosts/m);
    rmSync(file);
  });
});

describe("shots right after one another", () => {
  const frame = async (name: string, second: number, exif: Readonly<Record<string, string>>, brightness = 1) => {
    const whole = await sharp(await jpeg({ seed: 9, width: 1260, height: 900 }))
      .modulate({ brightness })
      .toBuffer();
    await sharp(whole)
      .extract({ left: second * 9, top: 0, width: 1200, height: 900 })
      .withExif({
        IFD0: { Make: "Canon", Model: "Canon EOS R5" },
        IFD2: { DateTimeOriginal: `2026:10:14 08:00:0${second}`, ...exif },
      })
      .toFile(at(name));
  };
  beforeEach(() => {
    for (const name of readdirSync(folder.path)) rmSync(at(name), { recursive: true });
  });

  test("are a burst, of which nothing goes aside unless it is named", async () => {
    for (const second of [1, 2, 3]) await frame(`DSC_000${second}.JPG`, second, { ExposureTime: "1/250" });
    const report = await reported();
    expect(report.groups.map(({ tier, files }) => [tier, files.length])).toEqual([["burst", 3]]);
    expect((await folder.cli(["likeness", folder.path, "--apply"])).out).toContain("Nothing goes aside.");
    const named = await folder.cli(["likeness", folder.path, "--apply", "--tier", "burst"]);
    expect(named.out).toContain("2 photos are in _review_dupes.");
    expect(readdirSync(folder.path).sort()).toEqual([report.groups[0]?.keeper, "_review_dupes"]);
  });

  test("are a bracket where the exposure differs, and never go aside", async () => {
    for (const [i, bias] of ["0/1", "-2/1", "2/1"].entries())
      await frame(`DSC_000${i + 1}.JPG`, i + 1, { ExposureBiasValue: bias }, [1, 0.8, 1.2][i]);
    const [bracket] = (await reported()).groups;
    expect(bracket).toMatchObject({ tier: "bracket", keeper: null });
    expect(bracket?.files.map(({ keep }) => keep)).toEqual([true, true, true]);
    await folder.cli(["likeness", folder.path, "--apply", "--tier", "bracket,same-frame,burst,derived"]);
    expect(Object.keys(folder.hashes())).toEqual(["DSC_0001.JPG", "DSC_0002.JPG", "DSC_0003.JPG"]);
  });
});

describe("by a learned model of one's own, recipe 3", () => {
  beforeEach(async () => {
    for (const name of readdirSync(folder.path)) rmSync(at(name), { recursive: true });
    for (const [name, seed, tint] of [
      ["gull.jpg", 1, "red"],
      ["gull later.jpg", 2, "red"],
      ["sea.jpg", 3, "blue"],
    ] as const)
      writeFileSync(at(name), await tinted(seed, tint));
    copyFileSync(at("sea.jpg"), at("sea (1).jpg"));
  });

  test("lists what it calls alike, and moves none of it", async () => {
    plugColourist(join(folder.home, "plugins"));
    const before = folder.hashes();
    const report = await reported("--recipe", "3");
    expect(membersIn(report)).toEqual([
      ["semantic", null, ["sea (1).jpg", "sea.jpg"]],
      ["semantic", null, ["gull later.jpg", "gull.jpg"]],
    ]);
    expect(report.groups[1]?.files[0]).toMatchObject({ keep: true, distance: null, semantic: expect.closeTo(0.98, 1) });
    const { out } = await folder.cli(["likeness", folder.path, "--recipe", "3", "--tier", "semantic", "--apply"]);
    expect(out).toMatch(/group 2, semantic:\n {2}keep {2}gull.*cosine 0\.9\d {2}alike to colourist only/);
    expect(out).toContain("Nothing goes aside.");
    expect(folder.hashes()).toEqual(before);
    // Beside other tiers what those say of the same photos is not said again, and goes aside all the same.
    const both = ["--tier", "exact,semantic"];
    expect((await reported(...both)).groups.map(({ tier }) => tier)).toEqual(["exact", "semantic"]);
    expect((await folder.cli(["likeness", folder.path, ...both, "--apply"])).out).toContain(
      "1 photos are in _review_dupes.",
    );
  });

  test("by a cosine of one's own, which goes before that of the manifest", async () => {
    plugColourist(join(folder.home, "plugins"), { alike: 0.9999 });
    expect((await reported("--recipe", "3")).groups.map(({ files }) => files.length)).toEqual([2]);
    expect((await reported("--recipe", "3", "--cosine", "0.9")).groups.map(({ files }) => files.length)).toEqual([
      2, 2,
    ]);
  });

  test("is refused with the reason where there is no such model, or it does not work", async () => {
    const refused = () => folder.cli(["likeness", folder.path, "--recipe", "3"]);
    expect((await refused()).err).toMatch(/plugins holds no model that gives embeddings.*likeness\.no-embedding/s);
    plugColourist(join(folder.home, "plugins"));
    writeFileSync(join(folder.home, "plugins", "colourist", "model.onnx"), "no model");
    expect(await refused()).toMatchObject({ code: 1, err: expect.stringContaining("(plugin.invalid)") });
  });
});

test("a photo that cannot be read is named, and the others are compared", async () => {
  writeFileSync(at("broken.jpg"), Buffer.concat([readFileSync(at("alone.jpg")).subarray(0, 4_000)]));
  const { code, out } = await folder.cli(["likeness", folder.path]);
  expect(code).toBe(1);
  expect(out).toMatch(/broken\.jpg: left alone: .*\(photo\.truncated\)/);
  expect(out).toContain("6 photos, 3 groups");
});

test("what cannot be moved stays with its companions; the rest goes aside", async () => {
  chmodSync(at("sub"), 0o555);
  const { code, out } = await folder.cli(["likeness", folder.path, "--apply"], AS_ORDINARY_USER);
  chmodSync(at("sub"), 0o755);
  expect(code).toBe(1);
  expect(out).toContain("(moves.unwritable)");
  expect(Object.keys(folder.hashes())).toEqual(
    expect.arrayContaining(["sub/gull mirrored.jpg", "_review_dupes/heron small.jpg"]),
  );
});

describe("--apply that is killed", () => {
  const killed = (path: string, kill: Record<string, string>) =>
    spawnSync(
      process.execPath,
      ["--import", "./tests/fixtures/kill-at.ts", "dist/cli.js", "likeness", path, "--apply", "--home", `${path} home`],
      { env: { ...process.env, ...kill }, encoding: "utf8" },
    );
  const manifestOf = (path: string): string | undefined =>
    existsSync(join(path, "_review_dupes"))
      ? readdirSync(join(path, "_review_dupes")).find((name) => name.endsWith(".jsonl"))
      : undefined;

  test("is gone on with or taken back, at boundaries all through it", async () => {
    for (const name of ["sub/gull mirrored.jpg", "alone.jpg"]) rmSync(at(name));
    const before = folder.hashes();
    const rehearsal = `${folder.path} rehearsal`;
    cpSync(folder.path, rehearsal, { recursive: true });
    const whole = Number(/changes (\d+)/.exec(killed(rehearsal, {}).stderr)?.[1]);
    rmSync(rehearsal, { recursive: true });
    expect(whole).toBeGreaterThan(20);
    for (const back of [1, 6, 10, 14]) {
      const when = ["before", "amid", "after"][back % 3] ?? "";
      expect(killed(folder.path, { KILL_AT: String(whole - back), KILL_WHEN: when }).signal).toBe("SIGKILL");
      const manifest = manifestOf(folder.path);
      if (manifest !== undefined) {
        const again = await folder.cli(["likeness", folder.path, "--apply"]);
        expect(again, `${back}`).toMatchObject({ code: 1, err: expect.stringContaining("(moves.unfinished)") });
        const path = join(folder.path, "_review_dupes", manifest);
        if (back % 2 === 0) {
          expect(await folder.cli(["likeness", folder.path, "--resume", path]), `${back}`).toMatchObject({ code: 0 });
          expect(existsSync(at("heron small.jpg")) || existsSync(at("heron (copy).xmp")), `${back}`).toBe(false);
        }
        expect(await folder.cli(["likeness", folder.path, "--undo", path]), `${back}`).toMatchObject({ code: 0 });
      }
      expect(folder.hashes(), `${back}`).toEqual(before);
      rmSync(at("_review_dupes"), { recursive: true, force: true });
    }
  }, 180_000);
});

test.each([
  [["--recipe", "3"], "likeness.no-embedding"],
  [["--tier", "alike"], "likeness.option"],
  [["--hash", "md5"], "likeness.option"],
  [["--recipe", "3", "--cosine", "92"], "likeness.option"],
  [["--from", "package.json"], "likeness.import"],
  [["--undo", "package.json"], "moves.manifest"],
])("%j is refused as %s", async (args, code) => {
  expect(await folder.cli(["likeness", folder.path, ...args])).toMatchObject({
    code: 1,
    err: expect.stringContaining(`(${code})`),
  });
});
