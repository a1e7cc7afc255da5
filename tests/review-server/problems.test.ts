import { beforeEach, describe, expect, test } from "vitest";
import { isFaultCode } from "../../src/domain/fault.ts";
import { cull } from "../../src/domain/stage.ts";
import { offerOf } from "../../src/review-server/acts.ts";
import {
  type Act,
  countProblems,
  groupsOf,
  ignoreProblems,
  MOST_SHOWN,
  type Problem,
  problemsOf,
} from "../../src/review-server/problems.ts";
import type { Note } from "../../src/store/intake.ts";
import type { Store } from "../../src/store/store.ts";
import { drop, hand, memoryStore, op } from "../store/home.ts";

let store: Store;
beforeEach(() => {
  ({ store } = memoryStore());
});

const IN = "/in";
const note = (path: string, code: string, why = `${path} is so`): Note => ({ path, bytes: 1, mtimeMs: 2, code, why });
const noted = (...notes: Note[]): void => store.intake.note(IN, notes, 10);
const problems = (): Problem[] => problemsOf(store);
const only = (): Problem => {
  const [one, ...more] = problems();
  if (one === undefined || more.length > 0) throw new Error(`there are ${more.length + (one ? 1 : 0)}`);
  return one;
};

describe("what lies in an inbox", () => {
  test.each<[string, string, Problem["severity"], readonly Act[]]>([
    ["/in", "inbox.offline", "problem", ["look"]],
    ["/in", "inbox.not-answering", "problem", ["look"]],
    ["/in", "inbox.many-missing", "problem", ["look", "let-go"]],
    ["/in/G/1.jpg", "photo.source-gone", "problem", ["look", "let-go"]],
    ["/in/G/1.jpg", "photo.unreadable", "problem", ["look", "ignore"]],
    ["/in/G/1.jpg", "context.invalid", "problem", ["look"]],
    ["/in/G/1.xmp", "drop.orphan", "problem", ["look", "ignore"]],
    ["/in/G/1.jpg", "drop.waiting", "waiting", ["go", "look"]],
    ["/in/G/1.xmp", "drop.waiting", "waiting", ["look"]],
    ["/in/G/1.jpg", "drop.incomplete", "waiting", ["go", "look"]],
    ["/in/G/1.jpg", "drop.held", "waiting", ["go"]],
    ["/in/a.docx", "drop.other-file", "note", ["ignore"]],
    ["/in/.DS_Store", "drop.system-file", "note", []],
    ["/in/_review_dupes/1.jpg", "drop.review-folder", "note", []],
  ])("%s with %s is a %s and offers %j", (path, code, severity, acts) => {
    expect(isFaultCode(code)).toBe(true);
    noted(note(path, code));
    expect(only()).toMatchObject({ severity, acts, inbox: IN });
    expect(countProblems(store)).toBe(severity === "problem" ? 1 : 0);
  });

  test("is named by the folder a person can let go; loose files have none", () => {
    noted(note("/in/G/deep/1.jpg", "drop.held"), note("/in/2.jpg", "drop.held"));
    expect(problems().map(({ folder }) => folder)).toEqual(["", "G"]);
  });

  test("comes after what concerns the inbox as a whole, which explains it", () => {
    noted(note("/in", "inbox.many-missing"), note("/in/G/1.xmp", "drop.orphan"));
    store.intake.note("/away", [], 1);
    expect(problems().map(({ code }) => code)).toEqual(["inbox.many-missing", "drop.orphan"]);
  });

  test("is only told of once a person ignores it, until it changes", () => {
    noted(note("/in/1.xmp", "drop.orphan"));
    expect(ignoreProblems(store, { path: "/in/1.xmp" }, 11)).toBe(1);
    expect(only()).toMatchObject({ severity: "note", ignored: true, acts: [] });
    noted({ ...note("/in/1.xmp", "drop.orphan"), bytes: 5 });
    expect(only()).toMatchObject({ severity: "problem", ignored: false });
  });

  test("can be ignored by kind, in one inbox only", () => {
    noted(note("/in/1.xmp", "drop.orphan"), note("/in/2.xmp", "drop.orphan"), note("/in/a.docx", "drop.other-file"));
    store.intake.note("/other", [note("/other/1.xmp", "drop.orphan")], 10);
    expect(ignoreProblems(store, { inbox: IN, code: "drop.orphan" }, 11)).toBe(2);
    expect(
      problems()
        .filter(({ ignored }) => ignored)
        .map(({ path }) => path),
    ).toEqual(["/in/1.xmp", "/in/2.xmp"]);
  });

  test("cannot be ignored where it still has to be seen to, or is not there", () => {
    noted(note("/in/1.jpg", "drop.waiting"));
    for (const path of ["/in/1.jpg", "/in/none.jpg"])
      expect(() => ignoreProblems(store, { path }, 11)).toThrow("nothing that can be ignored");
  });
});

describe("the same picture again", () => {
  const sha256 = "a".repeat(64);
  const taken = (folder: string, file: string) => {
    const given = drop({ name: folder, files: [file] });
    const shots = given.shots.map(({ main }) => ({ main: { ...main, sha256 }, companions: [] }));
    return store.sets.take({ ...given, shots }, 10, () => true);
  };
  let set: string;
  let photo: number;
  beforeEach(() => {
    set = taken("Gulls", "1.JPG").set ?? "";
    photo = store.sets.photos(set)[0]?.id ?? 0;
    taken("Terns", "9.JPG");
  });

  test("is a note that leads to its photo", () => {
    expect(only()).toMatchObject({
      path: "/in/Terns/9.JPG",
      code: "drop.already-here",
      why: "/in/Terns/9.JPG is 1.JPG byte for byte",
      severity: "note",
      set,
      photo,
      acts: [],
    });
  });

  test("is offered for another review when it was rejected or left out", () => {
    store.desk.apply(set, [op(photo, "verdict", "rejected")], hand);
    expect(only()).toMatchObject({ code: "drop.again", acts: ["redo"], photo });
    expect(only().why).toContain("which was rejected");
  });

  test("does not count as a problem, however often it comes", () => {
    for (let i = 0; i < 300; i += 1) taken("Again", `${i}.JPG`);
    expect(countProblems(store)).toBe(0);
    const [group] = groupsOf(problems());
    expect([group?.count, group?.shown.length]).toEqual([301, MOST_SHOWN]);
  });
});

describe("a set", () => {
  test("that is held offers to try again, one of its photos that is left out to take it back", () => {
    const set = store.sets.open(drop(), 1)?.id ?? "";
    const photo = store.sets.photos(set)[0]?.id ?? 0;
    store.checkpoints.commit(set, "validate", new Map([[photo, cull("photo.truncated", "ends early")]]), 2);
    store.checkpoints.hold(set, { stage: "ingest", code: "disk.full", why: "no room", retryAt: null, at: 3 });
    expect(problems().map(({ code, acts, inbox }) => [code, acts, inbox])).toEqual([
      ["disk.full", ["retry"], null],
      ["photo.truncated", ["take-back"], null],
    ]);
  });
});

describe("problems of one kind are read together", () => {
  test("by folder while they wait, by inbox otherwise", () => {
    noted(
      note("/in/G/1.jpg", "drop.waiting"),
      note("/in/G/2.jpg", "drop.waiting"),
      note("/in/T/1.jpg", "drop.waiting"),
      note("/in/G/1.xmp", "drop.orphan"),
      note("/in/T/1.xmp", "drop.orphan"),
    );
    expect(groupsOf(problems()).map(({ code, count }) => [code, count])).toEqual([
      ["drop.orphan", 2],
      ["drop.waiting", 2],
      ["drop.waiting", 1],
    ]);
  });

  test("with the reason once where it is the same for all", () => {
    noted(note("/in/G/1.jpg", "context.invalid", "line 3"), note("/in/G/2.jpg", "context.invalid", "line 3"));
    expect(groupsOf(problems())[0]).toMatchObject({ why: "line 3", acts: ["look"] });
    noted(note("/in/1.xmp", "drop.orphan"), note("/in/2.xmp", "drop.orphan"));
    expect(groupsOf(problems())[0]).toMatchObject({ why: null, acts: ["look", "ignore"] });
  });
});

describe("an act is the same on page and command line", () => {
  const about = {
    path: "/in/It's here/1.xmp",
    code: "drop.orphan",
    set: "gulls",
    photo: 7,
    inbox: IN,
    folder: "It's here",
    asideFor: "terns",
  };
  test.each<[Act, string, string]>([
    ["retry", "/sets/gulls/retry", "photogate retry gulls"],
    ["take-back", "/sets/gulls/take-back", "photogate take-back gulls 7"],
    ["redo", "/photos/7/redo", "photogate redo 7"],
    ["go", "/inboxes/go", "photogate go '/in/It'\\''s here'"],
    ["look", "/inboxes/look", "photogate look /in"],
    ["let-go", "/inboxes/let-go", "photogate let-go /in"],
    ["ignore", "/problems/ignore", "photogate ignore '/in/It'\\''s here/1.xmp'"],
    ["start-again", "/start-again", "photogate start-again terns"],
  ])("%s", (act, to, command) => {
    expect(offerOf(act, about)).toMatchObject({ to, command });
  });

  test("and can be about all of a kind", () => {
    expect(offerOf("ignore", about, true)).toMatchObject({
      values: { inbox: IN, code: "drop.orphan" },
      command: "photogate ignore /in --all drop.orphan",
    });
  });
});
