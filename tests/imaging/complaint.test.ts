import { describe, expect, test } from "vitest";
import { complaintOf } from "../../src/imaging/complaint.ts";

describe("what a loader says becomes a code and one line", () => {
  test.each([
    ["VipsJpeg: premature end of JPEG image", "photo.truncated", "premature end of JPEG image"],
    [
      "Input file has corrupt header: gifload: Unexpected end of GIF source data",
      "photo.truncated",
      "Unexpected end of GIF source data",
    ],
    // The file goes on behind the data that end too soon.
    [
      "VipsJpeg: Corrupt JPEG data: premature end of data segment",
      "photo.undecodable",
      "Corrupt JPEG data: premature end of data segment",
    ],
    ["Warning treated as error due to failOn setting\nIDAT: CRC error\n", "photo.undecodable", "IDAT: CRC error"],
    [
      'tiff2vips: source input: Bad value 0 for "Orientation" tag\ntiff2vips: source input: Bad value 0 for "Orientation" tag',
      "photo.undecodable",
      'Bad value 0 for "Orientation" tag',
    ],
    [
      "Input file has corrupt header: /home/x/kept/7/ingest/original.avif: bad seek to 1024\n/home/x/kept/7/ingest/original.avif: bad seek to 768\nheif: Invalid input: Invalid box size (2.101)",
      "photo.undecodable",
      "Invalid input: Invalid box size",
    ],
    ["one\ntwo\nthree", "photo.undecodable", "one; two"],
    [
      "Input file contains unsupported image format",
      "photo.undecodable",
      "it begins like a picture, but no decoder can read on",
    ],
    ["Input file has corrupt header: ", "photo.undecodable", "the decoder cannot read on"],
    ["/home/x/original.tiff: bad seek to 99", "photo.undecodable", "the decoder cannot read on"],
    ["Input image exceeds pixel limit", "photo.too-many-pixels", "it has more than 200 megapixels"],
  ])("%j", (message, code, line) => {
    expect(complaintOf(message, 200_000_000)).toEqual({ code, message: line });
  });

  test("however much it says, the line stays short", () => {
    expect(complaintOf("x".repeat(5_000), 1).message.length).toBe(200);
  });
});
