import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Fault } from "../src/domain/fault.ts";
import {
  durableCopy,
  durableRemove,
  durableWrite,
  freeBytes,
  hashFile,
  isPart,
  makeFolder,
  NameTaken,
  PUBLIC,
  partName,
  readEnds,
  removeFolder,
  sweepParts,
  turnOver,
} from "../src/files.ts";

const never = new AbortController().signal;
let folder: string;
let source: string;
let target: string;
const bytes = Buffer.from("a photo, more or less ".repeat(200_000));
const mounts: string[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "photogate-files-"));
  source = join(folder, "IMG_1.JPG");
  target = join(folder, "out", "original.jpg");
  writeFileSync(source, bytes);
});
afterEach(() => {
  for (const mount of mounts.splice(0)) execFileSync("umount", [mount]);
  rmSync(folder, { recursive: true });
});

const sha256 = (data: Uint8Array): string => createHash("sha256").update(data).digest("hex");
const filesIn = (path: string): string[] =>
  existsSync(path) ? readdirSync(path, { recursive: true }).map(String) : [];
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "nothing",
    (thrown: unknown) => (thrown instanceof Fault ? thrown.code : `no fault: ${String(thrown)}`),
  );
/** A file system of its own: root is not held by mode bits, but by size and by read-only. */
function mounted(options: string): string {
  const at = mkdtempSync(join(folder, "disk-"));
  execFileSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", at]);
  mounts.push(at);
  return at;
}

describe("a copy", () => {
  test("has the bytes of its source, says their hash, and is for its owner only", async () => {
    expect(await durableCopy(source, target, never)).toEqual({ bytes: bytes.length, sha256: sha256(bytes) });
    expect(readFileSync(target).equals(bytes)).toBe(true);
    expect(statSync(target).mode & 0o777).toBe(0o600);
    expect(filesIn(join(folder, "out"))).toEqual(["original.jpg"]);
  });

  test("for the site can be read by everybody, whatever the umask", async () => {
    const before = process.umask(0o077);
    try {
      await durableCopy(source, target, never, PUBLIC);
    } finally {
      process.umask(before);
    }
    expect(statSync(target).mode & 0o777).toBe(0o644);
  });

  test("leaves the source as it was", async () => {
    const before = statSync(source);
    await durableCopy(source, target, never);
    expect(statSync(source)).toMatchObject({ size: before.size, mtimeMs: before.mtimeMs, ino: before.ino });
  });

  test("made twice is one: equal bytes are adopted", async () => {
    await durableCopy(source, target, never);
    const first = statSync(target).ino;
    await durableCopy(source, target, never);
    expect(statSync(target).ino).toBe(first);
    expect(filesIn(join(folder, "out"))).toEqual(["original.jpg"]);
  });

  test("never overwrites other bytes", async () => {
    mkdirSync(join(folder, "out"));
    writeFileSync(target, "somebody else's");
    await expect(durableCopy(source, target, never)).rejects.toBeInstanceOf(NameTaken);
    expect(readFileSync(target, "utf8")).toBe("somebody else's");
    expect(filesIn(join(folder, "out"))).toEqual(["original.jpg"]);
  });

  test("of a name with 255 bytes, many of them accents, is possible", async () => {
    const long = join(folder, "out", `${"é".repeat(125)}.jpg`);
    await durableCopy(source, long, never);
    expect(existsSync(long)).toBe(true);
  });

  test("that is aborted leaves nothing", async () => {
    await expect(durableCopy(source, target, AbortSignal.abort(new Error("stopped")))).rejects.toThrow("stopped");
    expect(filesIn(join(folder, "out"))).toEqual([]);
  });
});

describe("a source that changes while it is copied", () => {
  /** Does something at the first block, in the middle of the copy. */
  const meanwhile = (act: () => void): AbortSignal => {
    const { signal } = new AbortController();
    let asked = 0;
    signal.throwIfAborted = () => {
      asked += 1;
      if (asked === 2) act();
    };
    return signal;
  };

  test.each<[string, () => void]>([
    ["it grows", () => appendFileSync(source, "more")],
    ["it is rewritten with the same length", () => writeFileSync(source, Buffer.alloc(bytes.length, 1))],
    [
      "another file takes its name",
      () => {
        rmSync(source);
        writeFileSync(source, bytes);
      },
    ],
    ["only its time is changed", () => utimesSync(source, 1, 1)],
  ])("is refused: %s", async (_, act) => {
    expect(await codeOf(durableCopy(source, target, meanwhile(act)))).toBe("photo.changed");
    expect(filesIn(join(folder, "out"))).toEqual([]);
  });

  test("is gone: refused as gone", async () => {
    expect(
      await codeOf(
        durableCopy(
          source,
          target,
          meanwhile(() => rmSync(source)),
        ),
      ),
    ).toBe("photo.gone");
    expect(filesIn(join(folder, "out"))).toEqual([]);
  });
});

describe("a source that is no file", () => {
  test("a pipe called .jpg is refused and blocks nobody", async () => {
    const pipe = join(folder, "pipe.jpg");
    execFileSync("mkfifo", [pipe]);
    expect(await codeOf(durableCopy(pipe, target, never))).toBe("photo.not-a-photo");
    expect(filesIn(join(folder, "out"))).toEqual([]);
    expect(await readEnds(pipe, 10, 10)).toMatchObject({ bytes: 0 });
  });

  test("a link is not followed", async () => {
    const link = join(folder, "link.jpg");
    symlinkSync(source, link);
    expect(await codeOf(durableCopy(link, target, never))).toBe("photo.not-a-photo");
    expect(await codeOf(readEnds(link, 10, 10))).toBe("photo.not-a-photo");
  });

  test("a folder is refused", async () => {
    expect(await codeOf(durableCopy(folder, target, never))).toBe("photo.not-a-photo");
    expect(await codeOf(readEnds(folder, 10, 10))).toBe("photo.not-a-photo");
  });

  test("what is not there is gone, also where a folder on the way is a file", async () => {
    expect(await codeOf(durableCopy(join(folder, "none.jpg"), target, never))).toBe("photo.gone");
    expect(await codeOf(readEnds(join(source, "x.jpg"), 10, 10))).toBe("photo.gone");
  });
});

describe("a disk", () => {
  test("that is full is named, and no half file stays", async () => {
    const disk = mounted("size=1m");
    expect(await codeOf(durableCopy(source, join(disk, "new", "a.jpg"), never))).toBe("disk.full");
    expect(await codeOf(durableWrite(join(disk, "b.jpg"), bytes))).toBe("disk.full");
    expect(filesIn(disk)).toEqual(["new"]);
    expect(await freeBytes(disk)).toBeGreaterThan(900_000);
  });

  test("that is full keeps what was written before under a name", async () => {
    const disk = mounted("size=1m");
    await durableWrite(join(disk, "b.json"), "old");
    expect(await codeOf(durableWrite(join(disk, "b.json"), bytes))).toBe("disk.full");
    expect(readFileSync(join(disk, "b.json"), "utf8")).toBe("old");
  });

  test("that takes no writes is named", async () => {
    const disk = mounted("size=1m,ro");
    expect(await codeOf(durableCopy(source, join(disk, "a.jpg"), never))).toBe("disk.failed");
    expect(await codeOf(durableCopy(source, join(disk, "new", "a.jpg"), never))).toBe("disk.failed");
    expect(await codeOf(durableWrite(join(disk, "a.jpg"), "x"))).toBe("disk.failed");
  });

  test("other than the source's is no matter", async () => {
    const disk = mounted("size=20m");
    await durableCopy(source, join(disk, "a.jpg"), never);
    expect(readFileSync(join(disk, "a.jpg")).equals(bytes)).toBe(true);
  });

  test("a file where a folder should be is named too", async () => {
    expect(await codeOf(durableCopy(source, join(source, "a.jpg"), never))).toBe("disk.failed");
  });
});

describe("a photo nobody may read", () => {
  test("is refused as unreadable", () => {
    chmodSync(source, 0o000);
    chmodSync(folder, 0o755);
    const files = new URL("../src/files.ts", import.meta.url).href;
    const script = `import { readEnds } from "${files}";
      await readEnds(${JSON.stringify(source)}, 9, 9).catch((fault) => process.stdout.write(fault.code));`;
    // Root may read everything; without these rights it is a user like any other.
    const rights = "-dac_override,-dac_read_search";
    const asUser = ["setpriv", `--bounding-set=${rights}`, `--inh-caps=${rights}`];
    const command = [
      ...(process.getuid?.() === 0 ? asUser : []),
      process.execPath,
      "--input-type=module",
      "-e",
      script,
    ];
    const [program = "", ...args] = command;
    expect(execFileSync(program, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] })).toBe(
      "photo.unreadable",
    );
  });
});

describe("a write", () => {
  test("replaces what has the name, whole", async () => {
    await durableWrite(target, "one");
    await durableWrite(target, Buffer.from("two"));
    expect(readFileSync(target, "utf8")).toBe("two");
    expect(statSync(target).mode & 0o777).toBe(0o600);
    expect(filesIn(join(folder, "out"))).toEqual(["original.jpg"]);
  });
});

describe("the ends of a file", () => {
  test("are its first and last bytes, and its length", async () => {
    writeFileSync(source, "0123456789");
    const { head, tail, bytes: length } = await readEnds(source, 3, 4);
    expect([head.toString(), tail.toString(), length]).toEqual(["012", "6789", 10]);
    const whole = await readEnds(source, 99, 99);
    expect([whole.head.toString(), whole.tail.toString()]).toEqual(["0123456789", "0123456789"]);
  });
});

describe("what an interrupted run left", () => {
  test("is swept where nothing refers to it; everything else stays, another program's too", async () => {
    const ours = partName(join(folder, "out", "deep", "a.jpg"));
    mkdirSync(join(folder, "out", "deep"), { recursive: true });
    writeFileSync(ours, "half");
    for (const name of ["a.jpg", "b.jpg.part", ".c.part", ".d"]) writeFileSync(join(folder, "out", name), "theirs");
    expect(await sweepParts(join(folder, "out"))).toBe(1);
    expect(filesIn(join(folder, "out")).sort()).toEqual([".c.part", ".d", "a.jpg", "b.jpg.part", "deep"]);
    expect(await sweepParts(join(folder, "nowhere"))).toBe(0);
  });

  test("has another name at each attempt", () => {
    expect(partName(target)).not.toBe(partName(target));
    expect(isPart(partName(target).split("/").at(-1) ?? "")).toBe(true);
    expect(isPart("a.part")).toBe(false);
  });
});

test("a folder is made with its parents, removed with what is in it, and both twice without harm", async () => {
  const deep = join(folder, "a", "b", "c");
  await makeFolder(deep);
  await makeFolder(deep);
  writeFileSync(join(deep, "x"), "x");
  await removeFolder(join(folder, "a"));
  await removeFolder(join(folder, "a"));
  expect(existsSync(join(folder, "a"))).toBe(false);
});

test("a file is removed once, and removing it again is no failure, nor where its folder is gone", async () => {
  await durableRemove(source);
  await durableRemove(source);
  await durableRemove(join(folder, "none", "x.jpg"));
  expect(existsSync(source)).toBe(false);
});

test("a hash is over the whole file and stops when asked to", async () => {
  expect(await hashFile(source, never)).toEqual({ bytes: bytes.length, sha256: sha256(bytes) });
  await expect(hashFile(source, AbortSignal.abort(new Error("stopped")))).rejects.toThrow("stopped");
});

describe("a log that is turned over", () => {
  const log = (): string => join(folder, "latest.log");
  const kept = (): string[] =>
    readdirSync(folder)
      .filter((name) => name.endsWith(".log"))
      .map((name) => `${name}=${readFileSync(join(folder, name), "utf8")}`);
  test("keeps as many earlier ones as wanted, the newest first", () => {
    for (const run of ["1", "2", "3", "4"]) {
      turnOver(log(), 2);
      writeFileSync(log(), run);
    }
    expect(kept()).toEqual(["latest.1.log=3", "latest.2.log=2", "latest.log=4"]);
  });
  test("keeps none if none is wanted, and does nothing where there is none", () => {
    turnOver(log(), 0);
    writeFileSync(log(), "1");
    turnOver(log(), 0);
    expect(kept()).toEqual([]);
  });
});
