import { describe, expect, test } from "vitest";
import {
  aheadSecondsIn,
  capturedAt,
  MOST_AHEAD_S,
  secondsIn,
  spokenAhead,
  spokenSeconds,
} from "../../src/domain/captured.ts";

const shot = (takenAt: string | null, camera: string | null = "Canon EOS R5") => ({ takenAt, camera });

describe("the time of a photo", () => {
  test("is the camera's where nobody corrects it", () => {
    expect(capturedAt(shot("2026:10:14 08:12:33"))).toEqual({
      at: "2026:10:14 08:12:33",
      day: "2026-10-14",
      source: null,
    });
  });

  test("is unknown where the file has none, whatever the clock", () => {
    expect(capturedAt(shot(null), [{ camera: null, aheadSeconds: 5 }])).toEqual({
      at: null,
      day: null,
      source: null,
    });
  });

  test("says where it comes from, if that is not the camera's clock", () => {
    const xmp = { ...shot("2026:10:14 08:12:33"), timeSource: "xmp" } as const;
    expect(capturedAt(xmp).source).toBe("from XMP, not from the camera");
    expect(capturedAt({ ...xmp, timeSource: "quicktime" }, [{ camera: null, aheadSeconds: 60 }]).source).toBe(
      "from the container; put right: the camera's clock was 1 min ahead",
    );
    expect(capturedAt({ ...xmp, timeSource: "exif" }).source).toBeNull();
  });

  test.each([
    ["2026:10:14 08:12:33", 3_720, "2026:10:14 07:10:33", "1 h 2 min ahead"],
    ["2026:10:14 08:12:33", -45, "2026:10:14 08:13:18", "45 s behind"],
    ["2027:01:01 00:00:10", 11, "2026:12:31 23:59:59", "11 s ahead"],
    ["2024:02:28 23:59:59", -1, "2024:02:29 00:00:00", "1 s behind"],
    ["2026:03:29 03:30:00", 3_600, "2026:03:29 02:30:00", "1 h ahead"],
    ["2000:01:01 00:01:00", -841_536_000, "2026:09:01 00:01:00", "9740 d behind"],
  ])("%s with a clock %i s ahead is %s", (takenAt, aheadSeconds, at, said) => {
    expect(capturedAt(shot(takenAt), [{ camera: null, aheadSeconds }])).toEqual({
      at,
      day: at.slice(0, 10).replaceAll(":", "-"),
      source: `put right: the camera's clock was ${said}`,
    });
  });

  test("is corrected by its own camera's difference before everybody's", () => {
    const clock = [
      { camera: null, aheadSeconds: 1 },
      { camera: "canon  eos r5 ", aheadSeconds: 2 },
      { camera: "NIKON Z 8", aheadSeconds: 3 },
    ];
    expect(capturedAt(shot("2026:10:14 08:00:10"), clock).at).toBe("2026:10:14 08:00:08");
    expect(capturedAt(shot("2026:10:14 08:00:10", "Leica"), clock).at).toBe("2026:10:14 08:00:09");
    expect(capturedAt(shot("2026:10:14 08:00:10", null), clock).at).toBe("2026:10:14 08:00:09");
    expect(capturedAt(shot("2026:10:14 08:00:10", "Leica"), clock.slice(1)).at).toBe("2026:10:14 08:00:10");
  });

  test("that does not read stays as it is", () => {
    expect(capturedAt(shot("yesterday"), [{ camera: null, aheadSeconds: 9 }]).at).toBe("yesterday");
    expect(capturedAt(shot("0000:00:00 00:00:00"), [{ camera: null, aheadSeconds: 9 }]).at).toBe("0000:00:00 00:00:00");
  });
});

describe("a difference of clocks", () => {
  test.each([
    ["1h 2min", 3_720],
    ["1 h 2 min", 3_720],
    ["2 days 3 hours 4 minutes 5 seconds", 183_845],
    ["45s", 45],
    ["90 MIN", 5_400],
    ["1 min 1 h", 3_660],
    ["0 s", 0],
    ["3d", 259_200],
  ])("may be written as %j", (text, seconds) => {
    expect(secondsIn(text)).toBe(seconds);
  });

  test.each(["", "soon", "1", "1 hh", "1 month", "h", "1 h and 2 min", "1:02", "-1 h", "1.5 h", "99999 days"])(
    "%j is none",
    (text) => {
      expect(secondsIn(text)).toBeUndefined();
    },
  );

  test("has a sign: ahead or behind", () => {
    expect(["+1h 2min", "-45 s", " + 1 min", "−1 h", "-0 s"].map(aheadSecondsIn)).toEqual([3_720, -45, 60, -3_600, 0]);
    expect(["1 h", "", "+", "+-1 h"].map(aheadSecondsIn)).toEqual([undefined, undefined, undefined, undefined]);
  });

  test("is at most fifty years", () => {
    expect(secondsIn(`${MOST_AHEAD_S} s`)).toBe(MOST_AHEAD_S);
    expect(secondsIn(`${MOST_AHEAD_S + 1} s`)).toBeUndefined();
  });

  test.each([0, 1, 59, 60, 3_600, 3_720, 86_399, 86_400, 90_061, MOST_AHEAD_S])(
    "of %i s reads back as it is said",
    (n) => {
      expect(secondsIn(spokenSeconds(n))).toBe(n);
    },
  );

  test("is said in words", () => {
    expect([spokenAhead(3_720), spokenAhead(-45), spokenSeconds(90_061)]).toEqual([
      "1 h 2 min ahead",
      "45 s behind",
      "1 d 1 h 1 min 1 s",
    ]);
  });
});
