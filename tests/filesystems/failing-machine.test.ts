import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { jpeg } from "../fixtures/make.ts";
import { childrenOf, tracerOf } from "./processes.ts";
import { makeStation, type Station } from "./station.ts";

const FOLDER = "2026-10 Gulls, Texel";

let station: Station;
beforeEach(() => {
  station = makeStation();
});
afterEach(async () => station.dispose());

/** Runs what follows with failures the kernel does not have at hand; the tracer is a grandchild, so that signals reach us. */
const failing = (...injections: readonly string[]): readonly string[] => [
  ...["strace", "-D", "-f", "--seccomp-bpf", "-qqq", "-o", "/dev/null"],
  ...injections,
  "--",
];

test("F27: a file the disk cannot read is said, with what to do now; the rest of the card goes on", async () => {
  const bad = join(station.home.inbox, FOLDER, "IMG_2.JPG");
  for (let i = 1; i <= 3; i += 1) await station.drop(join(FOLDER, `IMG_${i}.JPG`), { seed: i });
  await station.home.start(failing("-P", bad, "-e", "inject=read,pread64:error=EIO"));
  expect((await station.set(FOLDER, "ready")).counts).toMatchObject({ photos: 2, culled: 0 });
  const said = await station.problem("IMG_2.JPG", "photo.read-error");
  expect(said).toMatchObject({ path: bad, severity: "problem" });
  expect(said.remedy).toContain("Copy everything from that card now");
});

test("F27: a file the disk cannot read to its end keeps nobody else waiting", async () => {
  const bad = join(station.home.inbox, FOLDER, "IMG_2.JPG");
  for (let i = 1; i <= 3; i += 1) await station.drop(join(FOLDER, `IMG_${i}.JPG`), { seed: i });
  // Head and tail are read at their place, the whole file one piece after the other.
  await station.home.start(failing("-P", bad, "-e", "inject=read:error=EIO"));
  await station.home.until(
    async () => Promise.all((await station.look()).sets.map(({ id }) => station.rows(id))),
    (sets) => sets.flat().filter(({ culled, name }) => culled === null && name !== null).length === 2,
    "the two others at the gate",
  );
  await station.problem("IMG_2.JPG", "photo.read-error");
});

test("F28: a flush that fails is not asked again: the copy is thrown away and made anew from the original", async () => {
  const folder = join(station.home.path, "out");
  mkdirSync(folder);
  const source = join(station.home.path, "IMG_1.JPG");
  const bytes = await jpeg();
  writeFileSync(source, bytes);
  const originals = new URL("../../src/originals.ts", import.meta.url).href;
  const target = join(folder, "original.jpg");
  const script = `import { readdirSync } from "node:fs";
    import { durableCopy } from ${JSON.stringify(originals)};
    const copy = () => durableCopy(${JSON.stringify(source)}, ${JSON.stringify(target)}, new AbortController().signal);
    const first = await copy().catch(({ code }) => code);
    const left = readdirSync(${JSON.stringify(folder)});
    process.stdout.write(JSON.stringify({ first, left, second: await copy() }));`;
  const trace = join(station.home.path, "trace");
  const said = execFileSync(
    "strace",
    [
      ...["-f", "-qqq", "-o", trace, "-e", "trace=fsync,openat", "-e", "inject=fsync:error=EIO:when=1"],
      ...[process.execPath, "--input-type=module", "-e", script],
    ],
    // Counted by thread: with one, the first flush is the copy's.
    { encoding: "utf8", env: { ...process.env, UV_THREADPOOL_SIZE: "1" } },
  );
  expect(JSON.parse(said)).toMatchObject({ first: "disk.failed", left: [], second: { bytes: bytes.length } });
  expect(readFileSync(target).equals(bytes)).toBe(true);
  const calls = readFileSync(trace, "utf8")
    .split("\n")
    .filter((line) => /fsync|original.*O_EXCL/.test(line));
  const failed = calls.findIndex((line) => line.includes("EIO"));
  expect(calls[failed + 1]).toMatch(/openat\(.*\.part".*O_EXCL/);
});

describe("F57: a file that a virus scanner of Windows holds", () => {
  const files = new URL("../../src/files.ts", import.meta.url).href;
  const write = (platform: string, target: string): unknown => {
    const script = `Object.defineProperty(process, "platform", { value: ${JSON.stringify(platform)} });
      const { durableWrite } = await import(${JSON.stringify(files)});
      const said = await durableWrite(${JSON.stringify(target)}, "new").then(() => "written", ({ code }) => code);
      process.stdout.write(JSON.stringify(said));`;
    const held = ["-e", "trace=rename", "-e", "inject=rename:error=EBUSY:when=1..4"];
    return JSON.parse(
      execFileSync(
        "strace",
        ["-f", "-qqq", "-o", "/dev/null", ...held, process.execPath, "--input-type=module", "-e", script],
        { encoding: "utf8", env: { ...process.env, UV_THREADPOOL_SIZE: "1" } },
      ),
    );
  };

  test("F57: gets its name as soon as it is let go", () => {
    const target = join(station.home.path, "facts.json");
    expect(write("win32", target)).toBe("written");
    expect(readFileSync(target, "utf8")).toBe("new");
  });

  test("F57: is not waited for where nobody holds files so", () => {
    expect(write("linux", join(station.home.path, "facts.json"))).toBe("disk.failed");
  });
});

test("F28: a folder of ours that cannot be flushed holds the set, which is done again by itself", async () => {
  await station.drop(join(FOLDER, "IMG_1.JPG"));
  const ingest = join(station.data, "work", "1", "ingest");
  // Without a filter in the kernel, so that the calls succeed again when the tracer is gone.
  const flush = ["strace", "-D", "-I1", "-f", "-qqq", "-o", "/dev/null", "-P", ingest, "-e", "inject=fsync:error=EIO"];
  const { child } = await station.home.start(flush);
  expect((await station.set(FOLDER, "held")).hold).toMatchObject({ code: "disk.failed", stage: "ingest" });
  process.kill(tracerOf(child.pid), "SIGTERM");
  await station.set(FOLDER, "ready");
  expect(readdirSync(ingest)).toEqual(["original.jpg"]);
});

test("F29: with no file left to open the set waits, no photo is left out, and it goes on when there is room", async () => {
  const { child } = await station.home.start();
  await station.home.until(
    () => station.look(),
    ({ inboxes }) => inboxes[0]?.online === true,
    "the inbox online",
  );
  const processes = [Number(child.pid), ...childrenOf(child.pid)];
  const limit = (pid: number, files: number): void => {
    execFileSync("prlimit", ["--pid", String(pid), `--nofile=${files}:1024`]);
  };
  for (const pid of processes) limit(pid, readdirSync(`/proc/${pid}/fd`).length + 4);
  for (let i = 1; i <= 40; i += 1) await station.drop(join(FOLDER, `IMG_${i}.JPG`), { seed: i });
  const { hold, counts } = await station.set(FOLDER, "held");
  expect(hold).toMatchObject({ code: "machine.open-files", retryAt: expect.any(Number) });
  expect(counts).toMatchObject({ photos: 40, culled: 0 });
  for (const pid of processes) limit(pid, 1024);
  expect((await station.set(FOLDER, "ready")).counts).toMatchObject({ photos: 40, culled: 0, undecided: 40 });
});

test("F30: on a disk that takes 300 ms for a flush every question is answered, and the set comes to the gate", async () => {
  await station.drop(join(FOLDER, "IMG_1.JPG"));
  await station.home.start(failing("-e", "inject=fsync,fdatasync:delay_exit=300000"));
  let asked = 0;
  await station.home.until(
    async () => {
      asked += 1;
      return station.look();
    },
    ({ sets }) => sets[0]?.state === "ready",
    "the set at the gate",
  );
  expect(asked).toBeGreaterThan(10);
});
