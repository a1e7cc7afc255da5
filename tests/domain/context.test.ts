import { describe, expect, test } from "vitest";
import { ContextSchema, contextOfFolder, mergeContext } from "../../src/domain/context.ts";

describe("a folder's name tells", () => {
  test.each([
    ["2026-10 Gulls, Texel", { date: "2026-10", subject: "Gulls", location: "Texel" }],
    [
      "2026-10-14 Grey Heron, Amsterdam, Netherlands",
      {
        date: "2026-10-14",
        subject: "Grey Heron",
        location: "Amsterdam, Netherlands",
      },
    ],
    ["2026_Grey_Heron", { date: "2026", subject: "Grey Heron" }],
    ["20261014 Gulls", { date: "2026-10-14", subject: "Gulls" }],
    ["Gulls", { subject: "Gulls" }],
    ["  Gulls ,  Texel , ", { subject: "Gulls", location: "Texel" }],
    ["2026-10-14", { date: "2026-10-14" }],
    [", Texel", { location: "Texel" }],
    ["1000 Islands, Canada", { subject: "1000 Islands", location: "Canada" }],
    ["2026-13 Gulls", { date: "2026", subject: "13 Gulls" }],
    ["747-400 at Schiphol", { subject: "747-400 at Schiphol" }],
    ["", {}],
  ])("%j", (name, context) => {
    expect(contextOfFolder(name)).toEqual(context);
  });

  test.each(["DCIM", "100CANON", "100_PANA", "New Folder (2)", "Neuer Ordner", "untitled folder", "Camera Roll", "SD"])(
    "nothing, if it is called %s",
    (name) => {
      expect(contextOfFolder(name)).toEqual({});
    },
  );

  test("its date even if the rest says nothing", () => {
    expect(contextOfFolder("2026-10 DCIM")).toEqual({ date: "2026-10" });
  });

  test("no more than a subject and a place may hold, cut after a whole word", () => {
    const { subject, location } = contextOfFolder(`${"Grey Heron ".repeat(20)}, ${"🦩".repeat(100)}`);
    expect(subject).toBe(`${"Grey Heron ".repeat(6)}Grey`);
    expect(location).toBe("🦩".repeat(60));
  });

  test("all of a subject that just fits", () => {
    const subject = `Two ${"x".repeat(71)}`;
    expect(contextOfFolder(subject)).toEqual({ subject });
    expect(contextOfFolder(`${subject}x`)).toEqual({ subject: "Two" });
  });

  test("plain text only: line breaks, controls and reversed writing do not come through", () => {
    expect(contextOfFolder("Gulls\n\u0007at\u202Esea\u200b, Te\u0301xel")).toEqual({
      subject: "Gulls atsea",
      location: "Téxel",
    });
  });
});

describe("photogate.yaml", () => {
  test("may say subject, location, folder and date", () => {
    const file = { subject: " Gulls ", location: "Texel", folder: "nature", date: "2026-10-14" };
    expect(ContextSchema.parse(file)).toEqual({ ...file, subject: "Gulls" });
  });

  test("may give the year as a number", () => {
    expect(ContextSchema.parse({ date: 2026 })).toEqual({ date: "2026" });
  });

  test.each([
    [{ subjekt: "Gulls" }, "subjekt"],
    [{ subject: "" }, "subject"],
    [{ subject: "x".repeat(76) }, "subject"],
    [{ location: 7 }, "location"],
    [{ folder: null }, "folder"],
    [{ date: "14.10.2026" }, "date"],
    [{ date: "2026-13-01" }, "date"],
    [{ date: "2026-10-32" }, "date"],
    [{ date: 26 }, "date"],
    ["Gulls", ""],
    [["Gulls"], ""],
  ])("%j is refused", (file, at) => {
    const issue = ContextSchema.safeParse(file).error?.issues[0];
    expect(JSON.stringify([issue?.path, issue?.message])).toContain(at);
    expect(issue).toBeDefined();
  });

  test("wins over the folder's name, and that over the setting", () => {
    expect(
      mergeContext("gallery", { subject: "Gulls", date: "2026" }, { subject: "Terns", location: undefined }),
    ).toEqual({ folder: "gallery", subject: "Terns", date: "2026" });
    expect(mergeContext("gallery", {}, { folder: "nature" })).toEqual({ folder: "nature" });
  });
});
