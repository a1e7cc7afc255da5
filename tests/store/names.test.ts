import { beforeEach, describe, expect, test } from "vitest";
import type { PhotoId } from "../../src/domain/words.ts";
import { type Names, namesOn } from "../../src/store/names.ts";
import { memoryDatabase, seededPhotos } from "./home.ts";

let names: Names;
let photos: [PhotoId, PhotoId, PhotoId, PhotoId];
beforeEach(() => {
  const database = memoryDatabase();
  names = namesOn(database);
  const [a = 0, b = 0, c = 0, d = 0] = seededPhotos(database, 4);
  photos = [a, b, c, d];
});

describe("the ledger", () => {
  test("counts on within a stem, whatever its case", () => {
    const [a, b, c] = photos;
    expect([names.reserve(a, "Gulls"), names.reserve(b, "GULLS"), names.reserve(c, "Terns")]).toEqual([
      "Gulls_001.JPG",
      "GULLS_002.JPG",
      "Terns_001.JPG",
    ]);
    expect(names.of(b)).toBe("GULLS_002.JPG");
  });

  test("gives the same photo the same name again", () => {
    const [a, b] = photos;
    names.reserve(a, "Gulls");
    names.reserve(b, "Gulls");
    expect(names.reserve(a, "Gulls")).toBe("Gulls_001.JPG");
    expect(names.reserve(a, "Terns")).toBe("Terns_001.JPG");
    expect(names.of(a)).toBe("Terns_001.JPG");
  });

  test("starts over when a set is taken back: the same set gets the same names", () => {
    const [a, b] = photos;
    for (const photo of [a, b]) names.reserve(photo, "Gulls");
    for (const photo of [a, b]) names.release(photo);
    names.release(b);
    expect(names.of(a)).toBeUndefined();
    expect([names.reserve(a, "Gulls"), names.reserve(b, "Gulls")]).toEqual(["Gulls_001.JPG", "Gulls_002.JPG"]);
  });

  test("does not fill a gap below the highest number", () => {
    const [a, b, c] = photos;
    for (const photo of [a, b]) names.reserve(photo, "Gulls");
    names.release(a);
    expect(names.reserve(c, "Gulls")).toBe("Gulls_003.JPG");
  });

  test("steps over a name another stem or a person has taken", () => {
    const [a, b, c] = photos;
    names.reserve(a, "Terns");
    names.rename(a, "gulls_001.JPG");
    expect(names.reserve(b, "Gulls")).toBe("Gulls_002.JPG");
    names.rename(b, "Gulls_002_001.JPG");
    expect(names.reserve(c, "Gulls_002")).toBe("Gulls_002_002.JPG");
  });
});

describe("a name a person chose", () => {
  test("is refused if another photo has it in any case, and the next free one is named", () => {
    const [a, b] = photos;
    names.reserve(a, "Gulls");
    names.reserve(b, "Gulls");
    expect(() => names.rename(b, "GULLS_001.JPG")).toThrow(
      "GULLS_001.JPG belongs to another photo; GULLS_003.JPG is free",
    );
    expect(names.of(b)).toBe("Gulls_002.JPG");
  });

  test("may differ from its own only in case", () => {
    const [a] = photos;
    names.reserve(a, "Gulls");
    names.rename(a, "GULLS_001.JPG");
    expect(names.of(a)).toBe("GULLS_001.JPG");
  });

  test("stays the person's when the machine asks again for its own", () => {
    const [a] = photos;
    names.reserve(a, "Gulls");
    names.rename(a, "My_Gull.JPG");
    expect(names.reserve(a, "Gulls")).toBe("Gulls_001.JPG");
    expect(names.of(a)).toBe("My_Gull.JPG");
  });

  test("cannot be given to a photo that has none yet", () => {
    const [a] = photos;
    expect(() => names.rename(a, "My_Gull.JPG")).toThrow(/no name yet/);
    expect(names.of(a)).toBeUndefined();
  });

  test("leaves the number of the old one taken, so that nobody else gets it by counting", () => {
    const [a, b] = photos;
    names.reserve(a, "Gulls");
    names.rename(a, "My_Gull.JPG");
    expect(names.reserve(b, "Gulls")).toBe("Gulls_002.JPG");
    names.rename(a, "Gulls_001.JPG");
    expect(names.of(a)).toBe("Gulls_001.JPG");
  });
});

test("the next free name beside a taken one goes on from its number", () => {
  const [a, b] = photos;
  names.reserve(a, "Gulls");
  names.reserve(b, "Gulls");
  expect(names.freeBeside("Gulls_001.JPG")).toBe("Gulls_003.JPG");
  expect(names.freeBeside("Terns.JPG")).toBe("Terns_001.JPG");
});
