import { describe, expect, test } from "vitest";
import { profileFor } from "../../src/domain/profile.ts";

const inbox = { category: "gallery", quietMs: 5, profiles: [] };
const withProfile = (match: string) => ({ ...inbox, profiles: [{ match, category: "fitting" }] });

describe("a profile's pattern", () => {
  test.each([
    ["Gulls", "Gulls", true],
    ["gulls", "GULLS", true],
    ["Gull", "Gulls", false],
    ["*", "anything", true],
    ["2026-* Gulls", "2026-10 Gulls", true],
    ["2026-* Gulls", "2026-10 Terns", false],
    ["*airport*", "2026 Schiphol Airport, day 2", true],
    ["IMG_????", "IMG_0001", true],
    ["IMG_????", "IMG_001", false],
    ["a*b*c", "aXbYbZc", true],
    ["a*b*c", "aXbYbZ", false],
    ["a.c", "abc", false],
    ["[ab]", "a", false],
    ["Te\u0301xel", "T\u00e9xel", true],
    ["??", "🦩x", true],
    ["x*", "x", true],
    ["x**", "x", true],
  ])("%j and a folder %j: %s", (match, folder, isFitting) => {
    expect(profileFor(withProfile(match), folder).category).toBe(isFitting ? "fitting" : "gallery");
  });

  test("is of a sub-folder: loose files fit none", () => {
    expect(profileFor(withProfile("*"), "").category).toBe("gallery");
  });

  test("cannot make it slow", () => {
    const name = "a".repeat(250);
    expect(profileFor(withProfile(`${"*a".repeat(99)}b`), name).category).toBe("gallery");
  });
});

describe("of several profiles", () => {
  test("the first that fits wins, and what it leaves open is the inbox's, not the next one's", () => {
    const profile = profileFor(
      {
        category: "gallery",
        subject: "Birds",
        quietMs: 5,
        profiles: [
          { match: "x", category: "other", quietMs: 9 },
          { match: "G*", location: "Texel" },
          { match: "Gulls", location: "Vlieland", copyright: "(c) A", quietMs: 7 },
        ],
      },
      "Gulls",
    );
    expect(profile).toEqual({ category: "gallery", subject: "Birds", location: "Texel", quietMs: 5 });
  });

  test("its quiet time wins over the inbox's", () => {
    expect(profileFor({ ...inbox, profiles: [{ match: "*", quietMs: 9 }] }, "x").quietMs).toBe(9);
  });
});
