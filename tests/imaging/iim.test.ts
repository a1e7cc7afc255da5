import { describe, expect, test } from "vitest";
import { readIim } from "../../src/imaging/iim.ts";

const dataset = (record: number, number: number, value: Buffer | string): Buffer => {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from([0x1c, record, number, bytes.length >> 8, bytes.length & 255]), bytes]);
};
const UTF8 = dataset(1, 90, "\x1b%G");
const resource = (id: number, name: string, data: Buffer): Buffer => {
  const padded = Buffer.from([name.length, ...Buffer.from(name)]);
  const head = Buffer.alloc(4);
  head.writeUInt32BE(data.length);
  return Buffer.concat([
    Buffer.from("8BIM"),
    Buffer.from([id >> 8, id & 255]),
    padded,
    Buffer.alloc(padded.length % 2),
    head,
    data,
    Buffer.alloc(data.length % 2),
  ]);
};

describe("IPTC-IIM", () => {
  test("gives the texts of its datasets, those that repeat in their order", () => {
    const block = Buffer.concat([
      dataset(2, 5, "Gull"),
      dataset(2, 25, "sea"),
      dataset(2, 25, "sky"),
      dataset(3, 5, "x"),
    ]);
    expect(readIim(block)).toEqual(
      new Map([
        [5, ["Gull"]],
        [25, ["sea", "sky"]],
      ]),
    );
  });

  test("says in which characters it is written", () => {
    const word = "Möwe – Ärmelkanal";
    expect(readIim(Buffer.concat([UTF8, dataset(2, 5, word)])).get(5)).toEqual([word]);
    expect(readIim(dataset(2, 5, Buffer.from("M\xf6we", "latin1"))).get(5)).toEqual(["Möwe"]);
    const latin1 = Buffer.concat([dataset(1, 90, "\x1b.A"), dataset(2, 5, Buffer.from("M\xf6we", "latin1"))]);
    expect(readIim(latin1).get(5)).toEqual(["Möwe"]);
  });

  test("that does not say so is read as UTF-8 where it is UTF-8", () => {
    expect(readIim(dataset(2, 5, "Möwe")).get(5)).toEqual(["Möwe"]);
  });

  test("that claims UTF-8 and is not loses the odd letter and no more", () => {
    const block = Buffer.concat([UTF8, dataset(2, 5, Buffer.from("M\xf6we", "latin1"))]);
    expect(readIim(block).get(5)).toEqual(["M\ufffdwe"]);
  });

  test("is found among Photoshop's resources, whatever stands before it", () => {
    const iptc = resource(0x0404, "", dataset(2, 5, "Gull"));
    const block = Buffer.concat([Buffer.from("Photoshop 3.0\0"), resource(0x03ed, "odd", Buffer.alloc(7)), iptc]);
    expect(readIim(block).get(5)).toEqual(["Gull"]);
  });

  test.each([
    ["nothing", Buffer.alloc(0)],
    ["noise", Buffer.from(Array.from({ length: 900 }, (_, i) => (i * 31) % 256))],
    ["a length beyond the end", dataset(2, 5, "Gull").subarray(0, 6)],
    ["an extended length", Buffer.from([0x1c, 2, 5, 0x80, 4, 0, 0, 0, 1, 65])],
    ["half a resource", Buffer.from("8BIM\x04\x04")],
    ["a resource longer than the block", Buffer.from("8BIM\x04\x04\0\0\xff\xff\xff\xff", "latin1")],
  ])("of %s holds nothing", (_, block) => {
    expect(readIim(block).size).toBe(0);
  });
});
