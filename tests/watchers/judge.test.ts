import { describe, expect, test } from "vitest";
import { type Judgement, judge, NOTHING_SEEN, type Wishes } from "../../src/watchers/judge.ts";
import type { Entry } from "../../src/watchers/listing.ts";
import { type Examination, forgetFaults, learn } from "../../src/watchers/settle.ts";
import { entry } from "./entries.ts";

const settings = { quietMs: 5_000, patienceMs: 15_000 };
const WHOLE: Examination = { flaw: null, hasProvenEnd: true, sha256: "a", fault: null, at: 0 };

/** An inbox in simulated time: what lies there at each look, what its bytes say, and what becomes of it. */
function inbox(wishes: Partial<{ [K in keyof Wishes]: Set<string> }> = {}) {
  let standing = NOTHING_SEEN;
  const all = { held: new Set<string>(), go: new Set<string>(), open: new Set<string>(), ...wishes };
  const turn = (now: number, files: readonly Entry[], taken: readonly Entry[]): Judgement => {
    const judgement = judge(standing, files, {
      isTaken: (file) => taken.some(({ path }) => path === file.path),
      wishes: all,
      settings: () => settings,
      now,
    });
    standing = judgement.standing;
    return judgement;
  };
  return {
    /** looks, reads what is asked for, and looks again */
    look(now: number, files: readonly Entry[], found: Partial<Examination> = {}, taken: readonly Entry[] = []) {
      const { examine } = turn(now, files, taken);
      const examined = examine.map(({ path, bytes, mtimeMs }) => ({ path, bytes, mtimeMs, ...WHOLE, ...found }));
      standing = { ...standing, memory: learn(standing.memory, examined, now) };
      return turn(now, files, taken);
    },
    forgetFaults() {
      standing = { ...standing, memory: forgetFaults(standing.memory) };
    },
  };
}
/** The files of the groups that close; or how long until the first does. */
const told = ({ closing, waiting }: Judgement): string =>
  closing.length > 0
    ? closing.flatMap(({ photos }) => photos.map(({ relative }) => relative)).join(" ")
    : `in ${waiting[0]?.closesInMs}`;
const reasons = ({ aside }: Judgement): string[] => aside.map((one) => `${one.entry.relative} ${one.code}`);

describe("a drop closes", () => {
  test("once nothing in it changed for the quiet time", () => {
    const drop = inbox();
    const files = [entry("G/1.jpg"), entry("G/2.jpg")];
    expect(told(drop.look(0, files))).toBe("in 5000");
    expect(told(drop.look(4_999, files))).toBe("in 1");
    expect(told(drop.look(5_000, files))).toBe("G/1.jpg G/2.jpg");
  });

  test("not while a file grows, is rewritten with the same length, or is exchanged for another", () => {
    for (const change of [{ bytes: 2 }, { mtimeMs: 2 }, { inode: "1:2" }]) {
      const drop = inbox();
      drop.look(0, [entry("G/1.jpg")]);
      expect(told(drop.look(4_000, [entry("G/1.jpg", change)]))).toBe("in 5000");
      expect(told(drop.look(9_000, [entry("G/1.jpg", change)]))).toBe("G/1.jpg");
    }
  });

  test("not while files still come, are taken away, or a companion is written", () => {
    const [one, two] = [entry("G/1.jpg"), entry("G/2.jpg")];
    for (const [before, after] of [
      [[one], [one, two]],
      [[one, two], [one]],
      [[one], [one, entry("G/1.xmp")]],
    ] as const) {
      const drop = inbox();
      drop.look(0, before);
      expect(told(drop.look(4_000, after))).toBe("in 5000");
    }
  });

  test.each(["no-end-marker", "zeros", "short"] as const)("later if a quiet file has the flaw %s", (flaw) => {
    const drop = inbox();
    const files = [entry("G/1.jpg")];
    drop.look(1_000, files);
    expect(told(drop.look(6_000, files, { flaw, hasProvenEnd: false }))).toBe("in 15000");
    const patient = drop.look(20_999, files);
    expect([told(patient), reasons(patient)]).toEqual(["in 1", ["G/1.jpg drop.incomplete"]]);
    expect(told(drop.look(21_000, files))).toBe("G/1.jpg");
  });

  test("at the quiet time after a missing end has come: it is another file then", () => {
    const drop = inbox();
    drop.look(0, [entry("G/1.jpg")]);
    drop.look(5_000, [entry("G/1.jpg")], { flaw: "no-end-marker", hasProvenEnd: false });
    const whole = [entry("G/1.jpg", { bytes: 2_000 })];
    expect(told(drop.look(6_000, whole))).toBe("in 5000");
    expect(told(drop.look(11_000, whole))).toBe("G/1.jpg");
  });

  test("not while another program holds a file open", () => {
    const drop = inbox({ open: new Set(["/in/G/1.jpg"]) });
    drop.look(0, [entry("G/1.jpg")]);
    const judgement = drop.look(5_000, [entry("G/1.jpg")]);
    expect(judgement.closing).toEqual([]);
    expect(judgement.waiting[0]).toMatchObject({ open: 1, closesInMs: null });
    expect(judgement.againInMs).toBe(5_000);
  });

  test("without a file that cannot be read, which stays behind with its reason", () => {
    const drop = inbox();
    const files = [entry("G/1.jpg")];
    drop.look(0, files);
    const judgement = drop.look(5_000, files, { fault: { code: "photo.unreadable", why: "permission denied" } });
    expect(judgement.closing).toEqual([]);
    expect(reasons(judgement)).toEqual(["G/1.jpg photo.unreadable"]);
    expect(judgement.waiting[0]).toMatchObject({ unreadable: 1, closesInMs: null });
  });

  test("with that file once it can be read, though it looks as before", () => {
    const drop = inbox();
    const files = [entry("G/1.jpg")];
    drop.look(0, files);
    drop.look(5_000, files, { fault: { code: "photo.unreadable", why: "permission denied" } });
    expect(drop.look(6_000, files).closing).toEqual([]);
    drop.forgetFaults();
    expect(told(drop.look(7_000, files))).toBe("G/1.jpg");
  });

  test("and says since when no new file has come, however long the others grow", () => {
    const drop = inbox();
    drop.look(0, [entry("G/1.jpg")]);
    drop.look(1_000, [entry("G/1.jpg"), entry("G/2.jpg")]);
    const { waiting } = drop.look(4_000, [entry("G/1.jpg"), entry("G/2.jpg", { bytes: 2 })]);
    expect(waiting[0]).toMatchObject({ newestAt: 1_000, quietSince: 4_000, growing: 2 });
  });

  test("by itself as soon as a sign says that all is there; what came after the sign waits its time", () => {
    for (const sign of ["G/_DONE", "G/photogate.yaml"]) {
      const drop = inbox();
      const files = [entry("G/1.jpg"), entry("G/2.jpg"), entry(sign)];
      expect(told(drop.look(0, files))).toBe("in 5000");
      expect(told(drop.look(1_000, files))).toBe("G/1.jpg G/2.jpg");
      const late = inbox();
      late.look(0, files);
      expect(told(late.look(1_000, [...files, entry("G/3.jpg")]))).toBe("in 5000");
    }
  });

  test("a sign does not hurry a file whose end cannot be told", () => {
    const drop = inbox();
    const files = [entry("G/1.tif"), entry("G/_DONE")];
    drop.look(0, files, { hasProvenEnd: false });
    expect(told(drop.look(1_000, files, { hasProvenEnd: false }))).toBe("in 4000");
  });
});

describe("a person", () => {
  test("holds a folder back until they say go", () => {
    const held = new Set(["G"]);
    const go = new Set<string>();
    const drop = inbox({ held, go });
    const files = [entry("G/1.jpg")];
    drop.look(0, files);
    const waits = drop.look(99_000, files);
    expect([waits.closing, reasons(waits)]).toEqual([[], ["G/1.jpg drop.held"]]);
    expect(waits.waiting[0]).toMatchObject({ isHeld: true, closesInMs: null });
    go.add("G");
    expect(told(drop.look(99_001, files))).toBe("G/1.jpg");
  });

  test("who says go gets what is whole now; the rest stays behind", () => {
    const drop = inbox({ go: new Set(["G"]) });
    const files = [entry("G/1.jpg"), entry("G/2.jpg")];
    const torn = drop.look(0, [entry("G/2.jpg")], { flaw: "zeros", hasProvenEnd: false });
    expect(torn.closing).toEqual([]);
    const judgement = drop.look(100, files);
    expect(told(judgement)).toBe("G/1.jpg");
    expect(reasons(judgement)).toEqual(["G/2.jpg drop.waiting"]);
  });
});

describe("a companion", () => {
  test("alone waits for its photo, then is shown as an orphan", () => {
    const drop = inbox();
    const files = [entry("G/1.xmp")];
    expect(reasons(drop.look(0, files))).toEqual(["G/1.xmp drop.waiting"]);
    const orphan = drop.look(20_000, files);
    expect([reasons(orphan), orphan.againInMs]).toEqual([["G/1.xmp drop.orphan"], null]);
  });

  test("that comes after its photo was taken is late", () => {
    const photo = entry("G/1.jpg");
    const { late, closing } = inbox().look(0, [photo, entry("G/1.xmp")], {}, [photo]);
    expect(late.map(({ entry: one, owner }) => [one.name, owner.name])).toEqual([["1.xmp", "1.jpg"]]);
    expect(closing).toEqual([]);
  });
});

test("a file that is gone is forgotten, and begins anew when it is back", () => {
  const drop = inbox();
  drop.look(0, [entry("G/1.jpg")]);
  drop.look(4_000, []);
  expect(told(drop.look(6_000, [entry("G/1.jpg")]))).toBe("in 5000");
});
