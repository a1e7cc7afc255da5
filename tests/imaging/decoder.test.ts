import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Fault } from "../../src/domain/fault.ts";
import { marksPacket, writtenMarks } from "../../src/domain/marks.ts";
import { type Decoder, type DecoderOptions, startDecoder } from "../../src/imaging/decoder.ts";
import { sharp } from "../../src/imaging/sharp.ts";
import { bomb } from "../fixtures/bomb.ts";
import { jpeg } from "../fixtures/make.ts";

const never = new AbortController().signal;
const SIZES = {
  full: { width: 300, height: 200, quality: 90 },
  thumb: { width: 30, height: 20, quality: 90 },
  crop: null,
};
const ENVIRONMENT = { PATH: "/usr/bin:/bin" };
const good = await jpeg();
let folder: string;
let decoder: Decoder;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "photogate-decoder-"));
});
afterEach(async () => {
  decoder.close();
  await allEnded();
  rmSync(folder, { recursive: true });
});

const start = (given: Partial<DecoderOptions> = {}): Decoder => {
  decoder = startDecoder({ children: 1, maxPixels: 200e6, limitMs: 30_000, environment: ENVIRONMENT, ...given });
  return decoder;
};
const written = (bytes: Uint8Array | string, name = "photo"): string => {
  const file = join(folder, name);
  writeFileSync(file, bytes);
  return file;
};
const look = (file: string, signal = never) => decoder.look(file, join(folder, "look"), signal);
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "well",
    (thrown: unknown) => (thrown instanceof Fault ? thrown.code : `no fault: ${String(thrown)}`),
  );

/** Decoder processes of this test. */
const children = (): number[] =>
  readFileSync(`/proc/self/task/${process.pid}/children`, "utf8")
    .split(" ")
    .filter((pid) => pid !== "")
    .map(Number)
    .filter((pid) => isDecoder(pid));
const isDecoder = (pid: number): boolean => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("imaging/child.ts");
  } catch {
    return false;
  }
};
const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 10));
/** Looks again until it is so; the test's own limit ends it otherwise. */
const until = async (is: () => boolean): Promise<void> => {
  while (!is()) await soon();
};
const allEnded = (): Promise<void> => until(() => children().length === 0);

describe("a photo", () => {
  test("is looked at, its tags read, and its files made, in another process", async () => {
    start();
    const file = written(good);
    expect(await look(file)).toMatchObject({ width: 640, height: 480 });
    expect(await decoder.exif(file, never)).toMatchObject({ camera: "Canon EOS R5", missing: [] });
    const { full } = await decoder.render(file, join(folder, "publish"), SIZES, never);
    expect([full.width, full.height]).toEqual([267, 200]);
    expect(children()).toHaveLength(1);
  });

  test("carries stars and colour to the site where somebody gave them, and nothing else", async () => {
    start();
    const xmp = marksPacket({ stars: 3, label: "red" });
    const { full } = await decoder.render(written(good), join(folder, "publish"), { ...SIZES, xmp }, never);
    const found = await decoder.iptc(full.path, { xmp: null, text: null }, join(folder, "iptc"), never);
    expect(writtenMarks(found)).toEqual({ stars: 3, label: "red" });
    expect((await decoder.exif(full.path, never)).camera).toBeNull();
    const plain = await decoder.render(written(good), join(folder, "publish-plain"), SIZES, never);
    expect((await sharp(plain.full.path).metadata()).xmp).toBeUndefined();
  });

  test.each<[string, () => Promise<Uint8Array | string> | Uint8Array | string, RegExp]>([
    ["truncated in its head", () => good.subarray(0, 500), /^photo\.(truncated|undecodable)$/],
    ["truncated in the middle", () => good.subarray(0, good.length >> 1), /^photo\.truncated$/],
    ["truncated by its last bytes", () => good.subarray(0, good.length - 20), /^photo\.truncated$/],
    ["a truncated PNG", async () => (await sharp(good).png().toBuffer()).subarray(0, 9_000), /^photo\.truncated$/],
    ["a truncated TIFF", async () => (await sharp(good).tiff().toBuffer()).subarray(0, 9_000), /^photo\.truncated$/],
    ["a truncated GIF", async () => (await sharp(good).gif().toBuffer()).subarray(0, 9_000), /^photo\.truncated$/],
    ["a bomb of 900 megapixels", () => bomb(30_000), /^photo\.too-many-pixels$/],
    ["SVG called .jpg", () => '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', /^photo\.undecodable$/],
    ["text called .jpg", () => "Dear diary", /^photo\.undecodable$/],
    ["nothing", () => "", /^photo\.undecodable$/],
    ["PDF", () => "%PDF-1.7\n%%EOF", /^photo\.undecodable$/],
  ])("that is %s is refused by name, and the next one is fine", async (_, made, code) => {
    start();
    expect(await codeOf(look(written(await made())))).toMatch(code);
    expect(await codeOf(look(written(good)))).toBe("well");
    expect(children()).toHaveLength(1);
  });

  test("over the limit of pixels is refused before it is decoded", async () => {
    start();
    const file = written(bomb(30_000));
    await codeOf(look(written(good, "warm")));
    const begun = performance.now();
    expect(await codeOf(look(file))).toBe("photo.too-many-pixels");
    expect(performance.now() - begun).toBeLessThan(1_000);
  });

  test("whose working folder is full is no fault of the photo", async () => {
    start();
    const file = written(good);
    expect(await codeOf(decoder.look(file, join(file, "look"), never))).toBe("disk.failed");
  });
});

describe("a decoder that dies", () => {
  test("costs the photo it was at, and no other", async () => {
    start();
    const dying = codeOf(look(written(bomb(12_000))));
    for (const pid of children()) process.kill(pid, "SIGSEGV");
    expect(await dying).toBe("photo.decoder-crash");
    expect(await codeOf(look(written(good)))).toBe("well");
  });

  test("while it has nothing to do costs nothing", async () => {
    start();
    await look(written(good));
    const [pid = 0] = children();
    process.kill(pid, "SIGKILL");
    await until(() => !existsSync(`/proc/${pid}`));
    expect(await codeOf(look(written(good)))).toBe("well");
  });
});

describe("a picture that takes too long", () => {
  test("is given up, and the next one is looked at in a new process", async () => {
    // Long enough for the next one on a busy machine, its process included; a pipe nobody writes to takes for ever.
    start({ limitMs: 10_000 });
    const pipe = written("", "pipe");
    rmSync(pipe);
    execFileSync("mkfifo", [pipe]);
    const hanging = codeOf(look(pipe));
    const next = codeOf(look(written(good)));
    expect(await hanging).toBe("photo.decode-timeout");
    expect(await next).toBe("well");
  });
});

describe("a picture that takes too much memory", () => {
  test("is given up, and the next one is looked at in a new process", async () => {
    // Lying on its side it has to be held whole: 243 MB, for longer than it takes to look at the memory once.
    start({ maxBytes: 150e6 });
    const whole = await sharp({ create: { width: 9_000, height: 9_000, channels: 3, background: "#456" } })
      .withMetadata({ orientation: 6 })
      .tiff({ compression: "deflate" })
      .toBuffer();
    const file = written(whole, "whole");
    await look(written(good));
    const [pid] = children();
    expect(await codeOf(look(file))).toBe("photo.too-much-memory");
    expect(await codeOf(look(written(good)))).toBe("well");
    expect(children()).not.toContain(pid);
  });
});

describe("a stop", () => {
  test("ends the picture at work with its own reason, and the next one works", async () => {
    start();
    const abort = new AbortController();
    const stopped = look(written(bomb(12_000)), abort.signal);
    const next = codeOf(look(written(good)));
    abort.abort(new Error("stopped"));
    await expect(stopped).rejects.toThrow("stopped");
    expect(await next).toBe("well");
  });

  test("before a picture's turn comes keeps it from being opened", async () => {
    start();
    const first = codeOf(look(written(good)));
    const abort = new AbortController();
    const second = look(written("no picture", "second"), abort.signal);
    abort.abort(new Error("stopped"));
    await expect(second).rejects.toThrow("stopped");
    expect(await first).toBe("well");
  });

  test("of the decoder ends its processes, and refuses what waits and what comes", async () => {
    start();
    const running = codeOf(look(written(bomb(12_000))));
    const queued = expect(look(written(good))).rejects.toThrow("closed");
    decoder.close();
    expect(await running).toBe("photo.decoder-crash");
    await queued;
    await expect(look(written(good))).rejects.toThrow("closed");
    await allEnded();
  });
});

describe("decoder processes", () => {
  test("are as many as allowed, and no more", async () => {
    start({ children: 2 });
    const looks = [1, 2, 3, 4].map((n) => look(written(good, `${n}`)));
    expect(children().length).toBeLessThanOrEqual(2);
    expect((await Promise.all(looks)).map(({ width }) => width)).toEqual([640, 640, 640, 640]);
    expect(children()).toHaveLength(2);
  });

  test("end when nothing was asked of them for a while", async () => {
    start({ idleMs: 50 });
    await look(written(good));
    expect(children()).toHaveLength(1);
    await allEnded();
    expect(await codeOf(look(written(good)))).toBe("well");
  });

  test("are there before the photos that are expected, as many as allowed, and end if none comes", async () => {
    start({ children: 2, idleMs: 50 });
    decoder.expect(1);
    expect(children()).toHaveLength(1);
    decoder.expect(5);
    expect(children()).toHaveLength(2);
    await allEnded();
  });

  test("serve the photos they were expected for", async () => {
    start({ children: 2 });
    decoder.expect(2);
    const expected = children();
    expect((await Promise.all([1, 2].map((n) => look(written(good, `${n}`))))).length).toBe(2);
    expect(children()).toEqual(expected);
  });

  test("know nothing of our environment but what they are given", async () => {
    start();
    await look(written(good));
    const [pid = 0] = children();
    const environment = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
    const names = environment.map((line) => line.split("=")[0]).filter((name) => name !== "");
    expect(names.filter((name) => !/^(PATH|MALLOC_.*|NODE_CHANNEL_.*)$/.test(name ?? ""))).toEqual([]);
  });

  test("end with the daemon, however it ends", async () => {
    start();
    await look(written(good));
    const [pid = 0] = children();
    expect(readdirSync(`/proc/${pid}/fd`).length).toBeGreaterThan(0);
    decoder.close();
    await until(() => !isDecoder(pid));
  });
});
