import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { sharp } from "../../src/imaging/sharp.ts";
import { pictureWithSubject } from "../fixtures/subject.ts";
import { type Home, makeHome } from "./home.ts";

let home: Home;
afterEach(async () => home.dispose());

test("crops of any folder, without a daemon: the report on stdout, progress on stderr, the rest in the exit code", async () => {
  home = makeHome();
  const folder = join(home.path, "a folder");
  mkdirSync(folder);
  const { data } = pictureWithSubject({ width: 900, height: 600 }, { x: 0.7, y: 0.5, radius: 0.1 });
  const raw = { width: 900, height: 600, channels: 3 } as const;
  writeFileSync(join(folder, "gull.jpg"), await sharp(Buffer.from(data), { raw }).jpeg().toBuffer());

  const unsure = await home.cli("crops", folder, "--aspect", "1:1", "--accept-above", "1");
  expect(unsure).toMatchObject({ code: 10, err: "1 of 1 photos\n" });
  expect(unsure.out).toContain("gull.jpg: 1:1 to review");
  const sure = await home.cli("crops", folder, "--aspect", "1:1", "--accept-above", "0.45", "--xmp", "--json");
  expect([sure.code, JSON.parse(sure.out).counts.written]).toEqual([0, 1]);
  expect(readdirSync(folder)).toEqual(["gull.jpg", "gull.jpg.crop.json", "gull.xmp"]);
  const wrong = await home.cli("crops", folder, "--aspect", "5:4");
  expect([wrong.code, wrong.out]).toEqual([1, ""]);
  expect(wrong.err).toContain("(crop.asked)");
});
