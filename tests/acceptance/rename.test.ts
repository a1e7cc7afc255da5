import { chmodSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writeJpeg } from "../fixtures/make.ts";
import { type Folder, makeFolder } from "./folder-verbs.ts";
import { AS_ORDINARY_USER } from "./home.ts";

let folder: Folder;
beforeEach(async () => {
  folder = makeFolder();
  await writeJpeg(join(folder.path, "DSC_2.JPG"), { seed: 1, takenAt: "2026:10:14 08:00:00" });
  await writeJpeg(join(folder.path, "day two/DSC_9.JPG"), { seed: 2, takenAt: "2026:10:15 08:00:00" });
  await writeJpeg(join(folder.path, "DSC_1.JPG"), { seed: 3, takenAt: "2026:10:14 09:00:00" });
  writeFileSync(join(folder.path, "DSC_1.JPG.xmp"), "<x/>");
  writeFileSync(join(folder.path, "notes.docx"), "not a photo's");
});
afterEach(() => folder.dispose());

const manifestIn = (out: string): string => /Manifest: (.*\.jsonl)/.exec(out)?.[1] ?? "";

test("photos get names by their time, with what travels with them, and their old names back", async () => {
  const before = folder.hashes();
  const dry = await folder.cli(["rename", folder.path, "--dry-run"]);
  expect(dry).toMatchObject({ code: 0 });
  expect(dry.out).toContain("DSC_1.JPG.xmp -> 2026-10-14_002.JPG.xmp");
  expect(await folder.cli(["rename", folder.path])).toMatchObject({ code: 1 });
  expect(folder.hashes()).toEqual(before);

  const done = await folder.cli(["rename", folder.path, "--yes"]);
  expect(done).toMatchObject({ code: 0, err: "" });
  expect(folder.hashes()).toEqual({
    "2026-10-14_001.JPG": before["DSC_2.JPG"],
    "2026-10-14_002.JPG": before["DSC_1.JPG"],
    "2026-10-14_002.JPG.xmp": before["DSC_1.JPG.xmp"],
    "day two/2026-10-15_001.JPG": before["day two/DSC_9.JPG"],
    "notes.docx": before["notes.docx"],
  });
  expect((await folder.cli(["rename", folder.path, "--yes"])).out).toContain("0 of 3 photos get another name");

  const undone = await folder.cli(["rename", folder.path, "--undo", manifestIn(done.out)]);
  expect(undone).toMatchObject({ code: 0, out: "3 photos have their old name.\n" });
  expect(folder.hashes()).toEqual(before);
});

test("what cannot be named is said, and the others get their name", async () => {
  const odd = Buffer.concat([Buffer.from(`${folder.path}/caf`), Buffer.from([0xe9]), Buffer.from(".jpg")]);
  writeFileSync(odd, "whatever it is");
  symlinkSync("DSC_1.JPG", join(folder.path, "link.jpg"));
  const { code, out } = await folder.cli(["rename", folder.path, "--yes", "--pattern", "{camera} {stem}"]);
  expect(code).toBe(1);
  expect(out).toContain("caf\\xe9.jpg: left alone");
  expect(out).toContain("(photo.name-not-text)");
  expect(out).toContain("link.jpg: left alone: link.jpg is a link (drop.symlink)");
  expect(readdirSync(folder.path, { encoding: "latin1" })).toEqual(
    expect.arrayContaining(["caf\xe9.jpg", "link.jpg", "Canon_EOS_R5 DSC_1.JPG", "Canon_EOS_R5 DSC_1.JPG.xmp"]),
  );
});

test("a folder nobody may write to is as it was, and the reason is said", async () => {
  const before = folder.hashes();
  chmodSync(folder.path, 0o555);
  const { code, err } = await folder.cli(["rename", folder.path, "--yes"], AS_ORDINARY_USER);
  chmodSync(folder.path, 0o755);
  expect({ code, err }).toMatchObject({ code: 1, err: expect.stringContaining("(moves.unwritable)") });
  expect(folder.hashes()).toEqual(before);
});

test("a photo whose own folder is read-only stays where it is, and the others get their name", async () => {
  const before = folder.hashes();
  chmodSync(join(folder.path, "day two"), 0o555);
  const { code, out } = await folder.cli(["rename", folder.path, "--yes"], AS_ORDINARY_USER);
  chmodSync(join(folder.path, "day two"), 0o755);
  expect(code).toBe(1);
  expect(out).toContain("day two/DSC_9.JPG: left alone");
  expect(folder.hashes()).toMatchObject({
    "2026-10-14_001.JPG": before["DSC_2.JPG"],
    "day two/DSC_9.JPG": before["day two/DSC_9.JPG"],
  });
});

test.each([
  [["rename", "/nowhere/at/all", "--dry-run"], "folder.unusable"],
  [["rename", ".", "--dry-run", "--pattern", "{year}"], "rename.pattern"],
  [["rename", ".", "--undo", "package.json"], "moves.manifest"],
])("%j is refused as %s", async (args, code) => {
  expect(await folder.cli(args)).toMatchObject({ code: 1, err: expect.stringContaining(`(${code})`) });
});
