import { describe, expect, test } from "vitest";
import { captureTime } from "../../src/imaging/time.ts";
import { NS, type Xmp } from "../../src/imaging/xmp.ts";

const xmpWith = (namespace: string, name: string, text: string): Xmp =>
  new Map([[`${namespace} ${name}`, { text, items: [], fields: new Map(), language: null }]]);
const NONE = { takenAt: null, timeSource: null, offset: null, subSec: null };
const ORIGINAL = "2026:10:14 08:12:33";

describe("the capture time", () => {
  test("is the camera's own, with zone and parts of the second", () => {
    const tags = { DateTimeOriginal: ORIGINAL, OffsetTimeOriginal: "+02:00", SubSecTimeOriginal: "42" };
    expect(captureTime(tags, xmpWith(NS.exif, "DateTimeOriginal", "2001-01-02T03:04:05"), undefined)).toEqual({
      takenAt: ORIGINAL,
      timeSource: "exif",
      offset: "+02:00",
      subSec: "42",
    });
  });

  test("gauntlet 13: of EXIF without a zone is taken as it stands, and no zone is made up", () => {
    expect(captureTime({ DateTimeOriginal: ORIGINAL }, new Map(), undefined)).toEqual({
      takenAt: ORIGINAL,
      timeSource: "exif",
      offset: null,
      subSec: null,
    });
  });

  test("is that of the scan where the original has none", () => {
    const tags = { CreateDate: ORIGINAL, ModifyDate: "2027:01:01 01:01:01" };
    expect(captureTime(tags, new Map(), undefined).takenAt).toBe(ORIGINAL);
  });

  test.each([
    [NS.exif, "DateTimeOriginal", "2026-10-14T08:12:33.421+02:00", ORIGINAL, "+02:00", "421"],
    [NS.photoshop, "DateCreated", "2026-10-14T08:12:33", ORIGINAL, null, null],
    [NS.xmp, "CreateDate", "2026-10-14T08:12:33Z", ORIGINAL, "+00:00", null],
    [NS.xmp, "CreateDate", "2026-10-14T08:12", "2026:10:14 08:12:00", null, null],
  ])(
    "comes from XMP (%s%s = %s) before the container's and that of the last change",
    (namespace, name, text, takenAt, offset, subSec) => {
      const tags = { ModifyDate: "2027:01:01 01:01:01" };
      const xmp = xmpWith(namespace, name, text);
      expect(captureTime(tags, xmp, "2028:01:01 01:01:01")).toEqual({ takenAt, timeSource: "xmp", offset, subSec });
    },
  );

  test("comes from the container, else from the last change", () => {
    const tags = { ModifyDate: "2027:01:01 01:01:01" };
    expect(captureTime(tags, new Map(), ORIGINAL)).toMatchObject({ takenAt: ORIGINAL, timeSource: "quicktime" });
    expect(captureTime(tags, new Map(), undefined)).toMatchObject({ takenAt: tags.ModifyDate, timeSource: "exif" });
  });

  test("is no date alone", () => {
    expect(captureTime({}, xmpWith(NS.photoshop, "DateCreated", "2026-10-14"), undefined)).toEqual(NONE);
  });

  test.each([
    "0000:00:00 00:00:00",
    "1904:01:01 00:00:00",
    "1970:01:01 00:00:00",
    "1980:01:01 00:00:00",
    "2000:01:01 00:00:00",
  ])("is not %s: that clock was never set", (never) => {
    expect(captureTime({ DateTimeOriginal: never }, new Map(), never)).toEqual(NONE);
    expect(captureTime({ DateTimeOriginal: never, CreateDate: ORIGINAL }, new Map(), never).takenAt).toBe(ORIGINAL);
  });

  test("may well be in the first night of the century", () => {
    expect(captureTime({ DateTimeOriginal: "2000:01:01 00:00:01" }, new Map(), undefined).takenAt).not.toBeNull();
  });

  test.each(["2026:10:14 24:00:00", "2026:10:14 08:60:00", "2026:10:14 08:12:61"])("is not %s", (date) => {
    expect(captureTime({ DateTimeOriginal: date }, new Map(), undefined)).toEqual(NONE);
  });
});
