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
import { NameTaken, PUBLIC } from "../src/files.ts";
import { durableCopy, readEnds, readSource } from "../src/originals.ts";
import { failingReads, faultOf, unmountAll } from "./disks.ts";

const never = new AbortController().signal;
let folder: string;
let source: string;
let target: string;
const bytes = Buffer.from("a photo, more or less ".repeat(200_000));
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "photogate-originals-"));
  source = join(folder, "IMG_1.JPG");
  target = join(folder, "out", "original.jpg");
  writeFileSync(source, bytes);
});
afterEach(() => {
  unmountAll();
  rmSync(folder, { recursive: true });
});

const sha256 = (data: Uint8Array): string => createHash("sha256").update(data).digest("hex");
const filesIn = (path: string): string[] =>
  existsSync(path) ? readdirSync(path, { recursive: true }).map(String) : [];
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
    expect(await faultOf(durableCopy(source, target, meanwhile(act)))).toBe("photo.changed");
    expect(filesIn(join(folder, "out"))).toEqual([]);
  });

  test("is gone: refused as gone", async () => {
    expect(
      await faultOf(
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
    expect(await faultOf(durableCopy(pipe, target, never))).toBe("photo.not-a-photo");
    expect(filesIn(join(folder, "out"))).toEqual([]);
    expect(await readEnds(pipe, 10, 10)).toMatchObject({ bytes: 0 });
  });

  test("a link is not followed", async () => {
    const link = join(folder, "link.jpg");
    symlinkSync(source, link);
    expect(await faultOf(durableCopy(link, target, never))).toBe("photo.not-a-photo");
    expect(await faultOf(readEnds(link, 10, 10))).toBe("photo.not-a-photo");
  });

  test("a folder is refused", async () => {
    expect(await faultOf(durableCopy(folder, target, never))).toBe("photo.not-a-photo");
    expect(await faultOf(readEnds(folder, 10, 10))).toBe("photo.not-a-photo");
  });

  test("what is not there is gone, also where a folder on the way is a file", async () => {
    expect(await faultOf(durableCopy(join(folder, "none.jpg"), target, never))).toBe("photo.gone");
    expect(await faultOf(readEnds(join(source, "x.jpg"), 10, 10))).toBe("photo.gone");
  });
});

test("a card that fails while it is read is named with the place, and no half copy stays", async () => {
  const end = await failingReads(source, (read) => read >= 3);
  try {
    await expect(durableCopy(source, target, never)).rejects.toMatchObject({
      code: "photo.read-error",
      message: expect.stringContaining(`${source} at byte ${2 << 20}`),
    });
  } finally {
    end();
  }
  expect(filesIn(join(folder, "out"))).toEqual([]);
});

describe("a photo nobody may read", () => {
  test("is refused as unreadable", () => {
    chmodSync(source, 0o000);
    chmodSync(folder, 0o755);
    const module = new URL("../src/originals.ts", import.meta.url).href;
    const script = `import { readEnds } from "${module}";
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

describe("the ends of a file", () => {
  test("are its first and last bytes, and its length", async () => {
    writeFileSync(source, "0123456789");
    const { head, tail, bytes: length } = await readEnds(source, 3, 4);
    expect([head.toString(), tail.toString(), length]).toEqual(["012", "6789", 10]);
    const whole = await readEnds(source, 99, 99);
    expect([whole.head.toString(), whole.tail.toString()]).toEqual(["0123456789", "0123456789"]);
  });
});

describe("all that is wanted of a settled file", () => {
  const SMALL = 1 << 20;

  test("is the same of a small one and of a large one, up to the byte between them", async () => {
    for (const length of [0, 1, SMALL, SMALL + 1]) {
      const data = Buffer.alloc(length, "a photo, more or less ");
      writeFileSync(source, data);
      utimesSync(source, 1_700_000_000, 1_700_000_000);
      const { head, tail, ...seen } = await readSource(source, { head: 3, tail: 4 }, never);
      expect(seen).toEqual({ bytes: length, sha256: sha256(data), mtimeMs: 1_700_000_000_000 });
      expect([head, tail]).toEqual([data.subarray(0, 3), length === 0 ? data : data.subarray(-4)]);
    }
  });

  test("is read through no link, out of no folder, and not of what is gone", async () => {
    const link = join(folder, "link.jpg");
    symlinkSync(source, link);
    const read = async (path: string): Promise<string> => faultOf(readSource(path, { head: 3, tail: 4 }, never));
    expect(await read(link)).toBe("photo.not-a-photo");
    expect(await read(folder)).toBe("photo.not-a-photo");
    expect(await read(join(folder, "none.jpg"))).toBe("photo.gone");
  });
});
