import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Problem } from "../../src/review-server/problems.ts";
import type { Row } from "../../src/review-server/rows.ts";
import { bomb } from "../fixtures/bomb.ts";
import { jpeg } from "../fixtures/make.ts";
import { AS_ORDINARY_USER, type Home, makeHome } from "./home.ts";

const FOLDER = "2026-10 Gulls, Texel";

let home: Home;
let photos: readonly Row[];
let problems: readonly Problem[];

beforeAll(async () => {
  home = makeHome();
  const folder = join(home.inbox, FOLDER);
  mkdirSync(folder);
  const good = await jpeg({ seed: 7, width: 1600, height: 1200 });
  const put = (name: string | Buffer, bytes: Buffer | string): void =>
    writeFileSync(
      typeof name === "string" ? join(folder, name) : Buffer.concat([Buffer.from(`${folder}/`), name]),
      bytes,
    );

  put("zero.jpg", "");
  put("truncated.jpg", good.subarray(0, Math.floor(good.length * 0.6)));
  put("zero-tail.jpg", Buffer.concat([good.subarray(0, good.length >> 1), Buffer.alloc(good.length >> 1)]));
  put("text.jpg", "Dear diary, this is no photo.\n".repeat(20));
  put(
    "svg.jpg",
    '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="file:///etc/passwd"/></svg>',
  );
  put("bomb.png", bomb(30_000));
  put("unreadable.jpg", good);
  chmodSync(join(folder, "unreadable.jpg"), 0o000);
  put(Buffer.from([0xff, 0xfe, 0x2e, 0x6a, 0x70, 0x67]), await jpeg({ seed: 8 }));
  put("<img src=x onerror=alert(1)>.jpg", await jpeg({ seed: 9 }));
  put("🦩 flamingo 🦩.jpg", await jpeg({ seed: 10 }));
  put(`${"n".repeat(251)}.jpg`, await jpeg({ seed: 11 }));
  put("good.jpg", await jpeg({ seed: 12 }));
  put("notes.docx", "no photo");
  put("half.jpg.part", "arriving");
  put(".DS_Store", "system");
  symlinkSync("/etc/passwd", join(folder, "link.jpg"));
  execFileSync("mkfifo", [join(folder, "pipe.jpg")]);
  mkdirSync(join(folder, "folder.jpg"));

  await home.start(AS_ORDINARY_USER);
  const { sets } = await home.until(
    () => home.json("list"),
    ({ sets: now }) => now[0]?.state === "ready",
    "the set at the gate",
  );
  ({ photos } = await home.json("list", sets[0]?.id ?? ""));
  ({ problems } = await home.json("problems"));
}, 90_000);

afterAll(async () => home.dispose());

const photo = (file: string): Row | undefined => photos.find((one) => one.file === file);
const problem = (end: string): Problem | undefined => problems.find(({ path }) => path.endsWith(end));

describe("a bad file ends as a visible refusal with code, sentence and remedy", () => {
  test.each([
    ["zero.jpg", "photo.empty"],
    ["truncated.jpg", "photo.truncated"],
    ["zero-tail.jpg", "photo.incomplete"],
    ["text.jpg", "photo.not-a-photo"],
    ["svg.jpg", "photo.not-a-photo"],
    ["bomb.png", "photo.too-many-pixels"],
    ["\\xff\\xfe.jpg", "photo.name-not-text"],
  ])("%s is %s, in the set and among the problems", (file, code) => {
    expect(photo(file)?.culled?.code).toBe(code);
    expect(photo(file)?.culled?.why).toContain(file);
    expect(photo(file)?.culled?.remedy).toMatch(/\w/);
    expect(problem(file)).toMatchObject({ code, severity: "problem" });
  });
});

test.each(["<img src=x onerror=alert(1)>.jpg", "🦩 flamingo 🦩.jpg", `${"n".repeat(251)}.jpg`, "good.jpg"])(
  "the rest of the set goes on: %s",
  (file) => {
    expect(photo(file)).toMatchObject({ culled: null, verdict: null });
    expect(photo(file)?.name).toMatch(/^Gulls_Texel_Gallery_Photography_Canon_EOS_R5_2026_\d{3}\.JPG$/);
  },
);

test.each([
  ["unreadable.jpg", "photo.unreadable"],
  ["notes.docx", "drop.other-file"],
  ["half.jpg.part", "drop.temporary"],
  [".DS_Store", "drop.system-file"],
  ["link.jpg", "drop.symlink"],
  ["pipe.jpg", "drop.not-a-file"],
  ["folder.jpg", "drop.not-a-file"],
])("what cannot be taken is left where it is, and said: %s is %s", (file, code) => {
  expect(problem(file)).toMatchObject({ code });
});

test("the daemon lives, and says that a person is wanted", async () => {
  const { code, out } = await home.cli("status", "--json");
  expect(code).toBe(10);
  expect(JSON.parse(out)).toMatchObject({ running: true, inboxes: [{ path: home.inbox, online: true, waiting: 1 }] });
});
