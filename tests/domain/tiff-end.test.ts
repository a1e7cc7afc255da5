import { describe, expect, test } from "vitest";
import { isTiffCut } from "../../src/domain/tiff-end.ts";

const ENDS = 200;
const STRIP = 300;
const STRIPS = 3;

interface Made {
  readonly order: "II" | "MM";
  /** where the directory lies */
  readonly directory: "front" | "end";
  readonly numbers: "short" | "long";
}

/** Three strips of 300 bytes, and a directory that says where they are, in lists too long to stand in it. */
function tiff({ order, directory, numbers }: Made): Buffer {
  const [little, isShort] = [order === "II", numbers === "short"];
  const width = isShort ? 2 : 4;
  const entries = 3;
  const indexBytes = 2 + entries * 12 + 4 + 2 * STRIPS * width;
  const [index, data] = directory === "front" ? [8, 8 + indexBytes] : [8 + STRIPS * STRIP, 8];
  const bytes = Buffer.alloc(8 + indexBytes + STRIPS * STRIP, 0x55);
  const put = (at: number, value: number, size: number): void => {
    if (little) bytes.writeUIntLE(value, at, size);
    else bytes.writeUIntBE(value, at, size);
  };
  bytes.write(order, 0, "latin1");
  put(2, 42, 2);
  put(4, index, 4);
  put(index, entries, 2);
  const lists = index + 2 + entries * 12 + 4;
  const entry = (i: number, tag: number, count: number, value: number): void => {
    const at = index + 2 + i * 12;
    put(at, tag, 2);
    put(at + 2, isShort ? 3 : 4, 2);
    put(at + 4, count, 4);
    put(at + 8, value, 4);
  };
  entry(0, 273, STRIPS, lists);
  entry(1, 278, 1, 0);
  entry(2, 279, STRIPS, lists + STRIPS * width);
  for (let strip = 0; strip < STRIPS; strip += 1) {
    put(lists + strip * width, data + strip * STRIP, width);
    put(lists + (STRIPS + strip) * width, STRIP, width);
  }
  return bytes;
}

const isCut = (file: Buffer): boolean =>
  isTiffCut(file.subarray(0, ENDS), file.subarray(Math.max(0, file.length - ENDS)), file.length);

describe.each<Made>(
  (["II", "MM"] as const).flatMap((order) =>
    (["front", "end"] as const).flatMap((directory) =>
      (["short", "long"] as const).map((numbers) => ({ order, directory, numbers })),
    ),
  ),
)("a TIFF ($order, directory at the $directory, $numbers numbers)", (made) => {
  const whole = tiff(made);

  test("is whole, with or without something after it", () => {
    expect(isCut(whole)).toBe(false);
    expect(isCut(Buffer.concat([whole, Buffer.alloc(70, 1)]))).toBe(false);
  });

  test("is cut wherever it is cut", () => {
    for (let at = 8; at < whole.length; at += 1) expect(isCut(whole.subarray(0, at)), `at ${at}`).toBe(true);
  });
});

test("a directory between the two ends is taken to be as it should", () => {
  const long = Buffer.concat([tiff({ order: "II", directory: "front", numbers: "long" }), Buffer.alloc(2_000, 1)]);
  long.writeUInt32LE(1_000, 4);
  expect(isCut(long)).toBe(false);
});

test("a directory of nothing was reserved and not written", () => {
  const whole = tiff({ order: "II", directory: "end", numbers: "long" });
  whole.fill(0, whole.readUInt32LE(4));
  expect(isCut(whole)).toBe(true);
});

test("less than a header is cut", () => {
  expect(isCut(Buffer.from("II*\0", "latin1"))).toBe(true);
});

describe("a RAW, built like a TIFF", () => {
  type Entry = readonly [tag: number, count: number, value: number];

  /** Directories at given places in a file of 1000 bytes, each with the place of the next one. */
  function raw(...directories: readonly { at: number; entries: readonly Entry[]; next?: number }[]): Buffer {
    const bytes = Buffer.alloc(1_000, 0x55);
    bytes.write("II*\0", 0, "latin1");
    bytes.writeUInt32LE(directories[0]?.at ?? 0, 4);
    for (const { at, entries, next = 0 } of directories) {
      bytes.writeUInt16LE(entries.length, at);
      for (const [i, [tag, count, value]] of entries.entries()) {
        bytes.writeUInt16LE(tag, at + 2 + i * 12);
        bytes.writeUInt16LE(4, at + 4 + i * 12);
        bytes.writeUInt32LE(count, at + 6 + i * 12);
        bytes.writeUInt32LE(value, at + 10 + i * 12);
      }
      bytes.writeUInt32LE(next, at + 2 + entries.length * 12);
    }
    return bytes;
  }
  const SUB_DIRECTORIES = 330;
  const preview: readonly Entry[] = [
    [513, 1, 500],
    [514, 1, 500],
  ];

  test.each([
    ["a sub-directory", raw({ at: 8, entries: [[SUB_DIRECTORIES, 1, 100]] }, { at: 100, entries: preview })],
    ["the next directory", raw({ at: 8, entries: [[256, 1, 9]], next: 100 }, { at: 100, entries: preview })],
  ])("is cut where the preview of %s is", (_, whole) => {
    expect(isTiffCut(whole, whole, whole.length)).toBe(false);
    const cut = whole.subarray(0, 999);
    expect(isTiffCut(cut, cut, cut.length)).toBe(true);
  });

  test("is cut where a sub-directory lies beyond its end", () => {
    const file = raw({ at: 8, entries: [[SUB_DIRECTORIES, 1, 5_000]] });
    expect(isTiffCut(file, file, file.length)).toBe(true);
  });

  test("is cut where a text or a profile does not fit into it", () => {
    const profile = (bytes: number): Buffer => raw({ at: 8, entries: [[34_675, bytes / 4, 500]] });
    expect(isTiffCut(profile(500), profile(500), 1_000)).toBe(false);
    expect(isTiffCut(profile(504), profile(504), 1_000)).toBe(true);
  });

  test("is whole though the last directory names a next one that cannot be", () => {
    const file = raw({ at: 8, entries: [[256, 1, 9]], next: 0xff_00_00_00 });
    expect(isTiffCut(file, file, file.length)).toBe(false);
  });

  test("whose directories point at each other comes to an end", () => {
    const file = raw(
      { at: 8, entries: [[SUB_DIRECTORIES, 1, 100]], next: 8 },
      { at: 100, entries: [[SUB_DIRECTORIES, 1, 8]], next: 100 },
    );
    expect(isTiffCut(file, file, file.length)).toBe(false);
  });
});
