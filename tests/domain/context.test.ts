import { describe, expect, test } from "vitest";
import {
  ContextSchema,
  changedFields,
  contextOfFolder,
  DescriptionSchema,
  described,
  mergeContext,
} from "../../src/domain/context.ts";
import { type InboxProfile, profileFor } from "../../src/domain/profile.ts";

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

  test("may say what happened, and of which kind the set is", () => {
    expect(ContextSchema.parse({ event: " Texel Bird  Week ", kind: "Wildlife" })).toEqual({
      event: "Texel Bird Week",
      kind: "wildlife",
    });
    expect(ContextSchema.safeParse({ event: "" }).success).toBe(false);
  });

  test("may say whose the photos are, and how far the cameras' clocks were off", () => {
    expect(ContextSchema.parse({ copyright: " (c)  A ", clock: { "Canon  EOS R5": "+1h", Other: "-0 s" } })).toEqual({
      copyright: "(c) A",
      clock: [{ camera: "Canon  EOS R5", aheadSeconds: 3_600 }],
    });
    const many = Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`camera ${i}`, "+1 s"]));
    expect(ContextSchema.safeParse({ clock: many }).error?.issues[0]?.message).toBe("at most 20 cameras");
  });
});

describe("what is said about a set, from the strongest: photogate.yaml, the folder's name, a profile, the inbox", () => {
  const inbox: InboxProfile = {
    subject: "of the inbox",
    location: "of the inbox",
    category: "of the inbox",
    copyright: "of the inbox",
    quietMs: 1,
    profiles: [
      {
        match: "a*",
        subject: "of the profile",
        location: "of the profile",
        category: "of the profile",
        copyright: "of the profile",
        quietMs: 2,
      },
      { match: "b" },
    ],
  };
  const named = { subject: "of the name", location: "of the name", date: "2026" };
  const file = {
    subject: "of the file",
    location: "of the file",
    folder: "of the file",
    date: "2025",
    copyright: "of the file",
  };

  test("file over name", () => {
    expect(mergeContext(profileFor(inbox, "b"), named, file)).toEqual(file);
  });
  test("file over profile", () => {
    expect(mergeContext(profileFor(inbox, "a"), {}, file)).toEqual(file);
  });
  test("file over inbox", () => {
    expect(mergeContext(profileFor(inbox, ""), {}, file)).toEqual(file);
  });
  test("name over profile", () => {
    expect(mergeContext(profileFor(inbox, "a"), named, {})).toEqual({
      ...named,
      folder: "of the profile",
      copyright: "of the profile",
    });
  });
  test("name over inbox", () => {
    expect(mergeContext(profileFor(inbox, "b"), named, {})).toEqual({
      ...named,
      folder: "of the inbox",
      copyright: "of the inbox",
    });
  });
  test("profile over inbox", () => {
    expect(mergeContext(profileFor(inbox, "a"), {}, {})).toEqual({
      subject: "of the profile",
      location: "of the profile",
      folder: "of the profile",
      copyright: "of the profile",
    });
  });

  test("field by field: a gap lets the next one speak", () => {
    expect(
      mergeContext(
        profileFor({ ...inbox, profiles: [{ match: "*", location: "of the profile" }] }, "x"),
        { subject: "of the name" },
        { folder: "of the file", subject: undefined },
      ),
    ).toEqual({
      folder: "of the file",
      subject: "of the name",
      location: "of the profile",
      copyright: "of the inbox",
    });
  });

  test("settings also choose captioner, targets and what becomes of originals", () => {
    const chosen = { captioner: "template", targets: ["site"], originals: "leave" } as const;
    expect(mergeContext({ category: "x", ...chosen }, {}, {})).toEqual({ folder: "x", ...chosen });
  });

  test("a clock that was right after all is no correction", () => {
    expect(mergeContext(profileFor(inbox, ""), {}, ContextSchema.parse({ clock: "+0 s" }))).not.toHaveProperty("clock");
  });
});

describe("what a person says about a set", () => {
  const before = { subject: "Gulls", location: "Texell", folder: "nature", date: "2026", originals: "leave" } as const;
  const saying = (said: unknown) => described(before, DescriptionSchema.parse(said));

  test("takes the place of what was said before; what is not mentioned stays", () => {
    expect(saying({ location: " Texel ", category: "birds" })).toEqual({
      ...before,
      location: "Texel",
      folder: "birds",
    });
    expect(saying({})).toEqual(before);
  });

  test("takes back what is left empty, but not the category", () => {
    expect(saying({ subject: "", location: " ", date: "" })).toEqual({ folder: "nature", originals: "leave" });
    expect(DescriptionSchema.safeParse({ category: "" }).success).toBe(false);
  });

  test("may put clocks right, and take that back", () => {
    const clock = [{ camera: null, aheadSeconds: 60 }];
    expect(saying({ clock: "+1 min" })).toEqual({ ...before, clock });
    expect(described({ ...before, clock }, DescriptionSchema.parse({ clock: "" }))).toEqual(before);
    expect(described({ ...before, clock }, DescriptionSchema.parse({ clock: {} }))).toEqual(before);
    expect(described({ ...before, clock }, {})).toEqual({ ...before, clock });
  });

  test("may name another captioner and model, and a model is of one captioner only", () => {
    const asking = { ...before, captioner: "ollama" as const, model: "gemma4:e4b" };
    const others = (said: unknown) => described(asking, DescriptionSchema.parse(said));
    expect(others({ model: "qwen3.5:4b" })).toEqual({ ...asking, model: "qwen3.5:4b" });
    expect(others({ captioner: "template" })).toEqual({ ...before, captioner: "template" });
    expect(others({ captioner: "openai", model: "m" })).toEqual({ ...asking, captioner: "openai", model: "m" });
    expect(others({ captioner: "ollama" })).toEqual(asking);
    expect(others({ model: "" })).toEqual({ ...before, captioner: "ollama" });
  });

  test.each([
    [{ captioner: "magic" }, "must be one of template, ollama, openai"],
    [{ model: "x".repeat(201) }, "model"],
    [{ subject: "x".repeat(76) }, "subject"],
    [{ date: "14.10." }, "must be 2026, 2026-10 or 2026-10-14"],
    [{ clock: "1 h" }, "must be like"],
    [{ clock: { Canon: "soon" } }, "Canon"],
    [{ folder: "nature" }, "folder"],
    [{ originals: "leave" }, "originals"],
  ])("%j is refused", (said, told) => {
    expect(JSON.stringify(DescriptionSchema.safeParse(said).error?.issues)).toContain(told);
  });

  test("changes the fields it changes and no others", () => {
    const clock = [{ camera: "Canon", aheadSeconds: 1 }];
    expect([...changedFields(before, { ...before, location: "Texel", clock })].sort()).toEqual(["clock", "location"]);
    expect([...changedFields({ folder: "x", clock }, { clock: [...clock], folder: "x", date: undefined })]).toEqual([]);
    expect([...changedFields(before, { folder: "nature" })].sort()).toEqual([
      "date",
      "location",
      "originals",
      "subject",
    ]);
  });
});
