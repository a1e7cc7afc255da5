import { describe, expect, test } from "vitest";
import { type Arrival, arrivalSays, cameraNumbers, span } from "../../src/domain/arrival.ts";

const NOW = 1_800_000_000_000;
const arrival = (given: Partial<Arrival> = {}): Arrival => ({
  inbox: "/in",
  folder: "Gulls",
  name: "Gulls",
  files: 17,
  growing: 0,
  incomplete: 0,
  open: 0,
  unreadable: 0,
  quietSince: NOW - 4_000,
  newestAt: NOW - 40_000,
  numbers: null,
  closesAt: NOW + 20_000,
  isHeld: false,
  trouble: null,
  ...given,
});
const says = (given: Partial<Arrival>): string => arrivalSays(arrival(given), NOW);

describe("what an arrival waits for, in a sentence", () => {
  test("with all there is to say", () => {
    const numbers = { first: "0412", last: "0430", missing: ["0419"] };
    expect(says({ growing: 2, numbers })).toBe(
      "17 files, 2 still growing, no new file for 40 s, camera numbers 0412–0430 complete except 0419; closes in 20 s",
    );
  });

  test.each<[string, Partial<Arrival>]>([
    ["1 file, no new file for 40 s; closes in 20 s", { files: 1 }],
    [
      "17 files, 1 not complete yet, no new file for 40 s; closes in 10 min",
      { incomplete: 1, closesAt: NOW + 600_000 },
    ],
    [
      "17 files, 1 still open in another program, no new file for 40 s; closes once that program is done",
      { open: 1, closesAt: null },
    ],
    ["17 files, no new file for 40 s; held back by you", { isHeld: true, closesAt: null }],
    [
      "1 file, 1 cannot be read, no new file for 40 s; nothing in it can be read",
      { files: 1, unreadable: 1, closesAt: null },
    ],
    [
      "17 files, no new file for 40 s; cannot be taken in as it is",
      { closesAt: null, trouble: { code: "context.invalid", why: "line 3" } },
    ],
    ["17 files, no new file for 3 min; closes in a moment", { newestAt: NOW - 180_000, closesAt: NOW - 300 }],
    [
      "17 files, no new file for 40 s, camera numbers 1–9 complete; closes in 20 s",
      { numbers: { first: "1", last: "9", missing: [] } },
    ],
    [
      "17 files, no new file for 40 s, camera numbers 1–19 complete except 2, 3, 4, 5, 6 and 2 more; closes in 20 s",
      { numbers: { first: "1", last: "19", missing: ["2", "3", "4", "5", "6", "8", "9"] } },
    ],
  ])("%s", (sentence, given) => {
    expect(says(given)).toBe(sentence);
  });

  test.each([
    [-5_000, "0 s"],
    [119_000, "119 s"],
    [120_000, "2 min"],
    [7_200_000, "2 h"],
  ])("%d ms is %s", (ms, words) => {
    expect(span(ms)).toBe(words);
  });
});

describe("the run of a camera's numbers", () => {
  const names = (...numbers: string[]): string[] => numbers.map((number) => `IMG_${number}.JPG`);

  test("names first, last and what is missing, and goes on after the camera has counted past its end", () => {
    expect(cameraNumbers(names("0412", "0414", "0413", "0416"))).toEqual({
      first: "0412",
      last: "0416",
      missing: ["0415"],
    });
    expect(cameraNumbers(names("9998", "9999", "0001"))).toEqual({ first: "9998", last: "0001", missing: ["0000"] });
  });

  test("is not spoken of where there is none: too few files, no numbers, or more gaps than files", () => {
    expect(cameraNumbers(names("0412", "0413"))).toBe(null);
    expect(cameraNumbers(["a.jpg", "b.jpg", "c.jpg"])).toBe(null);
    expect(cameraNumbers(names("0001", "0500", "0999"))).toBe(null);
  });
});
