import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Problem } from "../../src/review-server/problems.ts";
import type { Row } from "../../src/review-server/rows.ts";
import { AS_ORDINARY_USER } from "../acceptance/home.ts";
import { jpeg } from "../fixtures/make.ts";
import { makeStation, type Station } from "./station.ts";

const FOLDER = "2026-10 Gulls, Texel";
/** A name each that something on the way to the site could trip over. */
const NAMES = [
  "🦩 flamingo 🦩.jpg",
  "gnp.\u202Etxet.jpg",
  "tab\there.jpg",
  "line\nbreak.jpg",
  "bell\u0007.jpg",
  "quote'quote\"`$(reboot)`.jpg",
  "<img src=x onerror=alert(1)>.jpg",
  "semi;colon & %2e%2e 100%.jpg",
  "up..%2f..%2fetc.jpg",
  "back\\slash.jpg",
  "CON.jpg",
  "a:b.jpg",
  "dot..jpg",
  "--help.jpg",
  `${"n".repeat(251)}.jpg`,
] as const;

const composed = "caf\u00e9.jpg";
const decomposed = "cafe\u0301.jpg";

let station: Station;
let rows: readonly Row[];
let problems: readonly Problem[];

beforeAll(async () => {
  station = makeStation();
  const { home } = station;
  const folder = join(home.inbox, FOLDER);
  let seed = 100;
  const drop = async (name: string): Promise<void> => {
    seed += 1;
    await station.drop(join(folder, name), { seed });
  };
  for (const name of [...NAMES, composed, decomposed, "good.jpg"]) await drop(name);
  writeFileSync(
    Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0xff, 0xfe]), Buffer.from(".jpg")]),
    await jpeg({ seed: 99 }),
  );
  await drop("shut.jpg");
  chmodSync(join(folder, "shut.jpg"), 0o000);
  plantWhatIsNoFile(folder);
  await plantDeepTree(folder, "deep.jpg", 78, 97);
  await plantDeepTree(folder, "too-deep.jpg", 90, 98);
  await drop(join("..", "2026-11 Shut", "IMG_1.JPG"));
  chmodSync(join(home.inbox, "2026-11 Shut"), 0o000);

  await home.start(AS_ORDINARY_USER);
  const { id } = await station.set(FOLDER, "ready");
  rows = await station.rows(id);
  ({ problems } = await home.json("problems"));
}, 120_000);
afterAll(async () => {
  // What is too deep for us is too deep for whoever tidies up, too.
  execFileSync("rm", ["-rf", join(station.home.inbox, FOLDER)]);
  await station.dispose();
});

function plantWhatIsNoFile(folder: string): void {
  symlinkSync("..", join(folder, "up"));
  symlinkSync("/etc", join(folder, "etc"));
  symlinkSync("/etc/passwd", join(folder, "passwd.jpg"));
  symlinkSync("nowhere", join(folder, "dangling.jpg"));
  for (let i = 1; i <= 4; i += 1) execFileSync("mkfifo", [join(folder, `pipe${i}.jpg`)]);
  execFileSync("mknod", [join(folder, "zero.jpg"), "c", "1", "5"]);
  spawnSync(process.execPath, ["-e", SOCKET], { cwd: folder });
  mkdirSync(join(folder, "folder.jpg"));
}
// The socket stays where it is when nobody is left to take it away.
const SOCKET =
  'require("net").createServer().listen("socket.jpg", () => process.kill(process.pid, "SIGKILL")); setInterval(() => 0, 1e9)';

/** Fifty folders in one another, built from the innermost out: no call needs the whole path, which may be too long for any. */
async function plantDeepTree(folder: string, name: string, lengthOfEach: number, seed: number): Promise<void> {
  const [inner, outer] = [join(folder, "inner"), join(folder, "outer")];
  await station.drop(join(inner, name), { seed });
  for (let depth = 1; depth < 50; depth += 1) {
    mkdirSync(outer);
    renameSync(inner, join(outer, "d".repeat(lengthOfEach)));
    renameSync(outer, inner);
  }
  renameSync(inner, join(folder, "d".repeat(lengthOfEach)));
}

const row = (file: string): Row | undefined => rows.find((one) => one.file === file);
const problem = (end: string): Problem | undefined => problems.find(({ path }) => path.endsWith(end));

test.each(NAMES)("F51: a photo called %j comes to the gate, under a name of letters and digits", (name) => {
  expect(row(name)).toMatchObject({ culled: null });
  expect(row(name)?.name).toMatch(/^[A-Za-z0-9_]+_\d{3}\.JPG$/);
});

test("F50: two names that look the same are two photos with two published names", () => {
  const [one, two] = [row(composed), row(decomposed)];
  expect(one).toMatchObject({ culled: null });
  expect(two).toMatchObject({ culled: null });
  expect(one?.name).not.toBe(two?.name);
  expect(one?.hash).not.toBe(two?.hash);
});

test("F52: a name that is not UTF-8 is refused by what can be seen of it", () => {
  expect(row("\\xff\\xfe.jpg")?.culled).toMatchObject({ code: "photo.name-not-text" });
  expect(row("\\xff\\xfe.jpg")?.culled?.remedy).toContain("Rename");
});

test("F25: a file that may not be read is said with its path; the rest of the set goes on", () => {
  expect(problem(`/${FOLDER}/shut.jpg`)).toMatchObject({ code: "photo.unreadable", severity: "problem" });
  expect(problem(`/${FOLDER}/shut.jpg`)?.remedy).toContain("right to read");
  expect(row("good.jpg")).toMatchObject({ culled: null, verdict: null });
});

test("F25: a folder that may not be listed is said", () => {
  expect(problem("2026-11 Shut")).toMatchObject({ code: "drop.unreadable-folder", severity: "problem" });
});

test.each(["up", "etc", "passwd.jpg", "dangling.jpg"])("F39: the link %s is said and not followed", (name) => {
  expect(problem(`/${FOLDER}/${name}`)).toMatchObject({ code: "drop.symlink" });
  expect(problems.filter(({ path }) => path.includes(`/${name}/`))).toEqual([]);
  expect(row(name)).toBeUndefined();
});

test.each(["pipe1.jpg", "pipe2.jpg", "pipe3.jpg", "pipe4.jpg", "zero.jpg", "socket.jpg", "folder.jpg"])(
  "F40: %s is no file; it is said and blocks nobody",
  (name) => {
    expect(problem(`/${FOLDER}/${name}`)).toMatchObject({ code: "drop.not-a-file", severity: "problem" });
    expect(row(name)).toBeUndefined();
  },
);

test("F56: a photo fifty folders down, at a path of 4,000 bytes, comes to the gate", () => {
  expect(row("deep.jpg")).toMatchObject({ culled: null });
  expect(row("deep.jpg")?.source.length).toBeGreaterThan(3_900);
});

test("F56: what lies too deep to be named is said; the rest of the set goes on", () => {
  expect(row("too-deep.jpg")).toBeUndefined();
  expect(problems.filter(({ path, severity }) => path.length > 3_900 && severity === "problem")).toHaveLength(1);
  expect(row("good.jpg")).toMatchObject({ culled: null });
});

test("F25: a file that may be read by now is taken without being asked for", async () => {
  chmodSync(join(station.home.inbox, FOLDER, "shut.jpg"), 0o644);
  await station.home.until(
    async () => Promise.all((await station.look()).sets.map(({ id }) => station.rows(id))),
    (sets) => sets.flat().some(({ file, culled, name }) => file === "shut.jpg" && culled === null && name !== null),
    "the file at the gate",
  );
});

test("F40, F51: nothing of it was touched, and the daemon lives", async () => {
  expect(readdirSync(join(station.home.inbox, FOLDER))).toEqual(expect.arrayContaining([...NAMES, "pipe1.jpg"]));
  expect((await station.look()).inboxes).toMatchObject([{ online: true }]);
});
