import { describe, expect, test } from "vitest";
import {
  approvalText,
  EDIT_FIELDS,
  finalOf,
  isEditField,
  isVerdict,
  OpSchema,
  readEdits,
  standingVerdict,
} from "../../src/domain/review.ts";
import { aPhoto, factsAtGate, NOTHING_WRITTEN } from "../store/home.ts";

const photo = aPhoto({ facts: factsAtGate("Gulls_001.JPG") });

describe("what would be published", () => {
  test("is the machine's proposal where nobody changed anything", () => {
    expect(finalOf(photo, {})).toEqual({
      name: "Gulls_001.JPG",
      caption: "Gulls, Texel.",
      altText: "Gulls over Texel.",
      keywords: ["gulls", "texel"],
      subject: "Gulls",
      location: "Texel",
      folder: "nature",
      year: "2026",
      qr: 6.5,
      band: "Good",
      partial: true,
      crop: null,
    });
  });

  test("is the person's word where there is one, even an empty one", () => {
    const final = finalOf(photo, { caption: "", keywords: [], location: "", qr: 4.4, name: "Other.JPG" });
    expect(final).toMatchObject({
      caption: "",
      keywords: [],
      location: "",
      name: "Other.JPG",
      altText: "Gulls over Texel.",
    });
    expect(final).toMatchObject({ qr: 4.4, band: "Very Low", partial: false });
  });

  test("is nothing before the photo has reached the gate", () => {
    const { name: _, ...early } = photo.facts;
    expect(finalOf(aPhoto({ facts: early }), {})).toBeUndefined();
  });

  test("is not partial where every metric was there", () => {
    const quality = { ...factsAtGate("x").quality, missing: [] };
    expect(finalOf(aPhoto({ facts: { ...photo.facts, quality } }), {})?.partial).toBe(false);
  });

  test("is dated by the set where the camera wrote no date", () => {
    const exif = { ...factsAtGate("x").exif, takenAt: null };
    const undated = aPhoto({ facts: { ...photo.facts, exif } });
    expect(finalOf(undated, {})?.year).toBe("2025");
    expect(finalOf({ ...undated, context: { folder: "nature" } }, {})?.year).toBe("undated");
  });
});

test("the year is of the time with the camera's clock put right", () => {
  const exif = { ...factsAtGate("x").exif, takenAt: "2027:01:01 00:10:00" };
  const context = { folder: "nature", clock: [{ camera: null, aheadSeconds: 3_600 }] };
  expect(finalOf(aPhoto({ context, facts: { ...photo.facts, exif } }), {})?.year).toBe("2026");
});

describe("an approval is bound to", () => {
  const final = finalOf(photo, {});
  if (final === undefined) throw new Error("the photo is at the gate");
  const other: Record<keyof typeof final, unknown> = {
    name: "Other.JPG",
    caption: "x",
    altText: "x",
    keywords: ["gulls"],
    subject: "x",
    location: "x",
    folder: "x",
    year: "2025",
    qr: 1,
    band: "Top",
    partial: false,
    marks: { stars: 1, label: "" },
    crop: { x: 0, y: 0, width: 0.5, height: 1 },
  };

  test("the bytes of the picture", () => {
    expect(approvalText("a", final)).not.toBe(approvalText("b", final));
  });
  test.each(Object.keys(other))("%s", (field) => {
    const changed = { ...final, [field]: other[field as keyof typeof final] };
    expect(approvalText("a", changed)).not.toBe(approvalText("a", final));
  });
  test("stars and colour only where a person gave some: an approval of before there were any stands", () => {
    const rating = { value: 4, from: "file" } as const;
    const starred = { ...photo, facts: { ...photo.facts, iptc: { ...NOTHING_WRITTEN, rating } } };
    expect(finalOf(starred, {})).toEqual(final);
    expect(finalOf(starred, { label: "red" })?.marks).toEqual({ stars: 4, label: "red" });
    expect(finalOf(starred, { stars: 0 })?.marks).toEqual({ stars: 0, label: "" });
  });
  test("the order of keywords, and where one ends", () => {
    expect(approvalText("a", { ...final, keywords: ["a", "b"] })).not.toBe(
      approvalText("a", { ...final, keywords: ["a,b"] }),
    );
  });
  test("every side of a crop", () => {
    const crop = { x: 0.1, y: 0.1, width: 0.5, height: 0.5 };
    const texts = (["x", "y", "width", "height"] as const).map((side) =>
      approvalText("a", { ...final, crop: { ...crop, [side]: 0.2 } }),
    );
    expect(new Set(texts).size).toBe(4);
  });
  test("the text it was bound to before photos could be cropped", () => {
    const asItWas =
      '["a","Gulls_001.JPG","Gulls, Texel.","Gulls over Texel.",["gulls","texel"],"Gulls","Texel","nature","2026",6.5,"Good",true]';
    expect(approvalText("a", final)).toBe(asItWas);
  });
  test("nothing else", () => {
    expect(approvalText("a", { ...final })).toBe(approvalText("a", final));
  });
});

describe("a verdict", () => {
  test("of approval stands while nothing changed", () => {
    expect(standingVerdict({ verdict: "approved", approvedHash: "h" }, "h")).toBe("approved");
  });
  test("of approval counts for nothing once the photo is something else, or not at the gate", () => {
    expect(standingVerdict({ verdict: "approved", approvedHash: "h" }, "other")).toBeNull();
    expect(standingVerdict({ verdict: "approved", approvedHash: "h" }, undefined)).toBeNull();
  });
  test("of rejection or holding stands whatever changes", () => {
    expect(standingVerdict({ verdict: "rejected", approvedHash: null }, "any")).toBe("rejected");
    expect(standingVerdict({ verdict: "held", approvedHash: null }, undefined)).toBe("held");
  });
});

test("there are three verdicts; anything else is none", () => {
  expect(["approved", "rejected", "held"].map(isVerdict)).toEqual([true, true, true]);
  expect(["published", "", null, undefined, 1].map(isVerdict)).toEqual([false, false, false, false, false]);
});

describe("a crop", () => {
  const chosen = {
    x: 0.1,
    y: 0.2,
    width: 0.8,
    height: 0.75,
    aspect: "4:5",
    start: "proposed",
    proposal: "4:5",
    untouched: true,
  } as const;
  const read = (given: object): unknown => {
    const parsed = EDIT_FIELDS.crop.safeParse({ ...chosen, ...given });
    return parsed.success ? parsed.data : `refused: ${parsed.error.issues.map(({ message }) => message).join("; ")}`;
  };
  test("is kept to six decimals, within the picture", () => {
    expect(read({ x: 1 / 3, y: 0.25000009, width: 2 / 3 })).toMatchObject({ x: 0.333333, y: 0.25, width: 0.666667 });
  });
  test.each([
    [{ x: 0.3 }, "reaches beyond the right edge of the picture"],
    [{ y: 0.26 }, "reaches beyond the lower edge of the picture"],
    [{ x: 0, y: 0, width: 1, height: 1 }, "is the whole picture; null says that"],
    [{ width: 0 }, "Too small: expected number to be >=0.02"],
    [{ x: -0.1 }, "Too small: expected number to be >=0"],
  ])("of %j is refused", (given, why) => {
    expect(read(given)).toBe(`refused: ${why}`);
  });
  test("is published as its box alone; how it came about is kept beside it", () => {
    const edits = readEdits({ crop: chosen });
    expect(finalOf(photo, edits)?.crop).toEqual({ x: 0.1, y: 0.2, width: 0.8, height: 0.75 });
    expect(edits.crop).toEqual(chosen);
  });
});

describe("a value a person types", () => {
  const read = (field: keyof typeof EDIT_FIELDS, value: unknown): unknown => {
    const parsed = EDIT_FIELDS[field].safeParse(value);
    return parsed.success ? parsed.data : `refused: ${parsed.error.issues[0]?.message}`;
  };
  test.each([
    ["caption", "  two\n lines\u00a0here ", "two lines here"],
    ["caption", "Cafe\u0301", "Café"],
    ["caption", "x".repeat(300), "x".repeat(300)],
    ["keywords", ["gull", " gull ", "", "tern"], ["gull", "tern"]],
    ["qr", 7.499999, 7.5],
    ["qr", 0, 0],
    ["name", "Gulls_002.JPG", "Gulls_002.JPG"],
  ] as const)("%s %j is kept as %j", (field, typed, kept) => {
    expect(read(field, typed)).toEqual(kept);
  });

  test.each([
    ["caption", "x".repeat(301)],
    ["caption", "bell\u0007"],
    ["caption", "reversed \u202Egnp.exe"],
    ["caption", "hidden\u200bspace"],
    ["caption", 7],
    ["altText", "x".repeat(251)],
    ["keywords", "gull, tern"],
    ["keywords", ["x".repeat(65)]],
    ["keywords", Array.from({ length: 51 }, (_, i) => `w${i}`)],
    ["name", "Möwe.JPG"],
    ["name", ""],
    ["subject", "x".repeat(76)],
    ["location", "x".repeat(121)],
    ["qr", 10.01],
    ["qr", -1],
    ["qr", Number.NaN],
    ["qr", "7"],
  ] as const)("%s %j is refused", (field, typed) => {
    expect(read(field, typed)).toMatch(/^refused: ./);
  });

  test("that was stored and no longer fits is as if it had not been made", () => {
    expect(readEdits({ caption: "fine", qr: 99, nonsense: 1 })).toEqual({ caption: "fine" });
  });

  test("goes into a field there is", () => {
    expect(isEditField("caption")).toBe(true);
    expect(isEditField("folder")).toBe(false);
    expect(isEditField("toString")).toBe(false);
  });
});

describe("an op", () => {
  const op = { id: "1", client: "c", seq: 0, gesture: "g", photo: 1, field: "caption", to: "x", baseRev: 0 };
  test("is read as it stands", () => {
    expect(OpSchema.parse(op)).toEqual(op);
  });
  test.each([
    { id: "" },
    { seq: -1 },
    { photo: 0 },
    { photo: 1.5 },
    { baseRev: "0" },
    { seen: "short" },
    { client: "x".repeat(65) },
  ])("with %j is refused", (flaw) => {
    expect(OpSchema.safeParse({ ...op, ...flaw }).success).toBe(false);
  });
});
