import { beforeEach, describe, expect, test } from "vitest";
import type { Op, OpResult } from "../../src/domain/review.ts";
import { rulesVersion } from "../../src/domain/wording.ts";
import type { PhotoId, SetId } from "../../src/domain/words.ts";
import { english } from "../../src/language/english.ts";
import type { DeskPhoto } from "../../src/store/standing.ts";
import type { Store } from "../../src/store/store.ts";
import { commit, drop, factsAtGate, hand, memoryStore, op, setAtGate } from "./home.ts";

let store: Store;
let set: SetId;
let a: PhotoId;
let b: PhotoId;
beforeEach(() => {
  ({ store } = memoryStore());
  const gate = setAtGate(store);
  set = gate.set;
  [a = 0, b = 0] = gate.photos;
});

const apply = (...ops: Op[]): OpResult[] => store.desk.apply(set, ops, hand);
const codes = (...ops: Op[]): string[] => apply(...ops).map((result) => (result.ok ? "ok" : result.code));
const shown = (photo: PhotoId): DeskPhoto => {
  const found = store.desk.photos(set).find((one) => one.photo.id === photo);
  if (found === undefined) throw new Error(`no photo ${photo}`);
  return found;
};
const captionOf = (photo: PhotoId): string | undefined => shown(photo).final?.caption;
const undo = (client = "tab-1"): PhotoId[] => store.desk.undo(set, client, hand);
const redo = (client = "tab-1"): PhotoId[] => store.desk.redo(set, client, hand);
const release = (): void => {
  store.releases.release(set, store.releases.plan(set).hash, hand);
};

describe("a decision", () => {
  test.each(["approved", "rejected", "held"] as const)("%s stands, and can be cleared", (verdict) => {
    expect(codes(op(a, "verdict", verdict))).toEqual(["ok"]);
    expect(shown(a).verdict).toBe(verdict);
    expect(shown(b).verdict).toBeNull();
    apply(op(a, "verdict", null));
    expect(shown(a).verdict).toBeNull();
  });

  test("of approval is bound to the hash of what is shown", () => {
    apply(op(a, "verdict", "approved", { seen: shown(a).hash }));
    expect(shown(a).state.approvedHash).toBe(shown(a).hash);
    apply(op(b, "verdict", "rejected"));
    expect(shown(b).state.approvedHash).toBeNull();
  });

  test("of approval is refused if something else was on screen", () => {
    expect(codes(op(a, "verdict", "approved", { seen: "0".repeat(64) }))).toEqual(["review.stale"]);
    expect(shown(a).verdict).toBeNull();
  });

  test("of approval is refused before the photo is at the gate; rejecting early is not", () => {
    const early = store.sets.open(drop({ name: "Early" }), 1)?.id ?? "";
    const [photo = 0] = store.sets.photos(early).map(({ id }) => id);
    const results = store.desk.apply(early, [op(photo, "verdict", "approved"), op(photo, "verdict", "rejected")], hand);
    expect(results.map((result) => result.ok || result.code)).toEqual(["review.not-ready", true]);
  });

  test.each(["maybe", 7, undefined, { verdict: "approved" }])("of %j is no decision", (to) => {
    expect(codes(op(a, "verdict", to))).toEqual(["review.invalid-value"]);
  });
});

describe("why a photo is rejected", () => {
  const why = (photo: PhotoId): string | undefined => shown(photo).state.edits.reason;
  const reject = (gesture: string, reason?: string): OpResult[] =>
    apply(
      ...(reason === undefined ? [] : [op(a, "reason", reason, { gesture })]),
      op(a, "verdict", "rejected", { gesture }),
    );

  test("is kept with the rejection, and undone with it", () => {
    reject("g1", "out of focus");
    expect([shown(a).verdict, why(a)]).toEqual(["rejected", "out of focus"]);
    undo();
    expect([shown(a).verdict, why(a)]).toEqual([null, undefined]);
    redo();
    expect([shown(a).verdict, why(a)]).toEqual(["rejected", "out of focus"]);
  });

  test("goes with the next decision, and comes back with its undo", () => {
    reject("g2", "out of focus");
    reject("g3");
    expect([shown(a).verdict, why(a)]).toEqual(["rejected", undefined]);
    undo();
    expect([shown(a).verdict, why(a)]).toEqual(["rejected", "out of focus"]);
  });
});

describe("an edit", () => {
  test("takes the place of the machine's word, which is kept", () => {
    apply(op(a, "caption", "  Two   gulls. "));
    expect(captionOf(a)).toBe("Two gulls.");
    expect(store.sets.photo(a)?.facts.words?.caption).toBe("Gulls, Texel.");
    apply(op(a, "caption", null));
    expect(captionOf(a)).toBe("Gulls, Texel.");
  });

  test("voids an approval within the same gesture; undo brings both back", () => {
    const hash = shown(a).hash;
    apply(op(a, "verdict", "approved"));
    apply(op(a, "caption", "Two gulls."));
    expect(shown(a).state.verdict).toBeNull();
    expect(undo()).toEqual([a]);
    expect(captionOf(a)).toBe("Gulls, Texel.");
    expect(shown(a)).toMatchObject({ verdict: "approved", hash });
    expect(redo()).toEqual([a]);
    expect([captionOf(a), shown(a).verdict]).toEqual(["Two gulls.", null]);
  });

  test("is answered with the photo's revision, the void of an approval included", () => {
    apply(op(a, "verdict", "approved"));
    const [answer] = apply(op(a, "caption", "Two gulls."));
    expect(answer).toEqual({ id: answer?.id, ok: true, rev: 3 });
    expect(shown(a).state.rev).toBe(3);
  });

  test("of the crop voids an approval too, and is undone with it", () => {
    const crop = {
      x: 0.1,
      y: 0,
      width: 0.8,
      height: 1,
      aspect: "4:5",
      start: "proposed",
      proposal: "4:5",
      untouched: true,
    };
    apply(op(a, "verdict", "approved", { seen: shown(a).hash }));
    expect(codes(op(a, "crop", crop, { baseRev: 99 }))).toEqual(["ok"]);
    expect([shown(a).verdict, shown(a).final?.crop]).toEqual([null, { x: 0.1, y: 0, width: 0.8, height: 1 }]);
    undo();
    expect([shown(a).verdict, shown(a).final?.crop]).toEqual(["approved", null]);
    expect(codes(op(a, "crop", { ...crop, width: 2 }, { baseRev: 99 }))).toEqual(["review.invalid-value"]);
    apply(op(b, "crop", crop, { baseRev: 99 }));
    apply(op(b, "verdict", "approved", { seen: shown(b).hash }));
    release();
    expect(shown(b).photo.facts.review?.final.crop).toEqual({ x: 0.1, y: 0, width: 0.8, height: 1 });
  });

  test("leaves a rejection standing", () => {
    apply(op(a, "verdict", "rejected"), op(a, "caption", "x"));
    expect(shown(a).verdict).toBe("rejected");
  });

  test("is refused when the field was changed in another window meanwhile, with what stands there now", () => {
    const seen = shown(a).state.rev;
    apply(op(a, "caption", "Mine.", { baseRev: seen }));
    const [theirs] = apply(op(a, "caption", "Theirs.", { baseRev: seen, client: "tab-2" }));
    expect(theirs).toMatchObject({ ok: false, code: "review.stale", current: "Mine." });
    expect(captionOf(a)).toBe("Mine.");
    expect(codes(op(a, "altText", "Another field.", { baseRev: seen, client: "tab-2" }))).toEqual(["ok"]);
    expect(codes(op(a, "caption", "Again.", { baseRev: shown(a).state.rev, client: "tab-2" }))).toEqual(["ok"]);
  });

  test("is refused when the field was changed back by an undo meanwhile", () => {
    apply(op(a, "caption", "Mine."));
    const seen = shown(a).state.rev;
    undo();
    expect(codes(op(a, "caption", "Theirs.", { baseRev: seen, client: "tab-2" }))).toEqual(["review.stale"]);
    expect(captionOf(a)).toBe("Gulls, Texel.");
  });

  test.each([
    ["caption", "x".repeat(301)],
    ["keywords", "not a list"],
    ["qr", 11],
    ["name", "Möwe.JPG"],
    ["folder", "nature"],
    ["nonsense", 1],
  ])("of %s with a value that does not fit is refused in a sentence", (field, to) => {
    const [result] = apply(op(a, field, to));
    expect(result).toMatchObject({ ok: false, code: "review.invalid-value" });
    expect(result?.ok === false && result.message.length > field.length && result.remedy).toBe(
      "Correct it; what was there before still holds.",
    );
    expect(shown(a).state.edits).toEqual({});
  });

  test("one refused op does not stop the others of its batch", () => {
    expect(codes(op(a, "caption", "x"), op(a, "qr", 99), op(b, "caption", "y"), op(4_711, "caption", "z"))).toEqual([
      "ok",
      "review.invalid-value",
      "ok",
      "review.unknown-photo",
    ]);
    expect([captionOf(a), captionOf(b)]).toEqual(["x", "y"]);
  });

  test("of a photo of another set is refused", () => {
    const other = setAtGate(store, { name: "Terns" });
    expect(codes(op(other.photos[0] ?? 0, "caption", "x"))).toEqual(["review.unknown-photo"]);
  });
});

describe("a name", () => {
  test("goes through the ledger", () => {
    expect(codes(op(a, "name", "My_Gull.JPG"))).toEqual(["ok"]);
    expect(store.names.of(a)).toBe("My_Gull.JPG");
    expect(shown(a).final?.name).toBe("My_Gull.JPG");
    undo();
    expect(store.names.of(a)).toBe("Gulls_Texel_2026_001.JPG");
    redo();
    expect(store.names.of(a)).toBe("My_Gull.JPG");
    apply(op(a, "name", null));
    expect(store.names.of(a)).toBe("Gulls_Texel_2026_001.JPG");
  });

  test("that another photo has is refused, in any case, and nothing changes", () => {
    const [result] = apply(op(a, "name", "GULLS_Texel_2026_002.JPG"));
    expect(result).toMatchObject({ ok: false, code: "name.taken" });
    expect(shown(a).state.edits).toEqual({});
    expect(store.names.of(a)).toBe("Gulls_Texel_2026_001.JPG");
  });

  test("cannot be chosen before the photo has one: nobody would hold it", () => {
    const early = store.sets.open(drop({ name: "Early" }), 1)?.id ?? "";
    const [photo = 0] = store.sets.photos(early).map(({ id }) => id);
    const [result] = store.desk.apply(early, [op(photo, "name", "My_Gull.JPG")], hand);
    expect(result).toMatchObject({ ok: false, code: "review.not-ready" });
    expect(codes(op(a, "name", "My_Gull.JPG"))).toEqual(["ok"]);
  });
});

describe("an op that is sent again", () => {
  test("by its id, or by client and number, is answered again and not done again", () => {
    const first = op(a, "caption", "Once.");
    const [answer] = apply(first);
    const lines = store.journal.of(set).length;
    expect(apply(first, { ...first, id: "another id" })).toEqual([answer, { ...answer, id: "another id" }]);
    expect(store.journal.of(set)).toHaveLength(lines);
  });

  test("after something else changed the field, does not change it back", () => {
    const first = op(a, "caption", "First.");
    apply(first);
    apply(op(a, "caption", "Second."));
    apply(first);
    expect(captionOf(a)).toBe("Second.");
  });

  test("after it was refused, is judged anew", () => {
    const early = op(a, "verdict", "approved", { seen: "0".repeat(64) });
    expect(codes(early)).toEqual(["review.stale"]);
    expect(codes({ ...early, seen: shown(a).hash })).toEqual(["ok"]);
  });
});

describe("undo", () => {
  test("takes back a whole gesture over many photos", () => {
    apply(op(a, "verdict", "approved", { gesture: "bulk" }), op(b, "verdict", "approved", { gesture: "bulk" }));
    expect(undo().sort()).toEqual([a, b]);
    expect([shown(a).verdict, shown(b).verdict]).toEqual([null, null]);
    expect(redo().sort()).toEqual([a, b]);
    expect([shown(a).verdict, shown(b).verdict]).toEqual(["approved", "approved"]);
  });

  test("of a gesture that changed a field twice goes all the way back, and redo all the way forward", () => {
    apply(op(a, "caption", "1", { gesture: "twice" }), op(a, "caption", "2", { gesture: "twice" }));
    undo();
    expect(captionOf(a)).toBe("Gulls, Texel.");
    redo();
    expect(captionOf(a)).toBe("2");
  });

  test("goes back gesture by gesture, and redo forward in the same order", () => {
    apply(op(a, "caption", "1"));
    apply(op(a, "caption", "2"));
    apply(op(a, "caption", "3"));
    undo();
    undo();
    expect(captionOf(a)).toBe("1");
    redo();
    expect(captionOf(a)).toBe("2");
    redo();
    expect(captionOf(a)).toBe("3");
    expect(redo()).toEqual([]);
  });

  test("with nothing to take back touches nothing", () => {
    expect([undo(), redo()]).toEqual([[], []]);
  });

  test("ends its redo when something new is done", () => {
    apply(op(a, "caption", "1"));
    undo();
    apply(op(b, "caption", "other"));
    expect(redo()).toEqual([]);
    expect(captionOf(a)).toBe("Gulls, Texel.");
    undo();
    expect(captionOf(b)).toBe("Gulls, Texel.");
    redo();
    expect(captionOf(b)).toBe("other");
  });

  test("is each window's own", () => {
    apply(op(a, "caption", "mine"));
    expect(undo("tab-2")).toEqual([]);
    expect(captionOf(a)).toBe("mine");
  });

  test("leaves alone what another window changed since", () => {
    apply(op(a, "caption", "mine", { gesture: "g" }), op(b, "caption", "mine", { gesture: "g" }));
    apply(op(a, "caption", "theirs", { client: "tab-2" }));
    expect(undo()).toEqual([b]);
    expect([captionOf(a), captionOf(b)]).toEqual(["theirs", "Gulls, Texel."]);
  });

  test("of a released photo is refused, and nothing of the gesture is undone", () => {
    apply(op(a, "verdict", "approved", { gesture: "g" }), op(b, "verdict", "held", { gesture: "g" }));
    release();
    expect(() => undo()).toThrow("released");
    expect(shown(b).verdict).toBe("held");
  });

  test("and redo never approve what is not what was approved", () => {
    apply(op(a, "verdict", "approved"));
    undo();
    apply(op(a, "caption", "theirs", { client: "tab-2" }));
    redo();
    expect(shown(a).state.verdict).toBeNull();
    expect(store.sets.counts(set).approved).toBe(0);
  });
});

describe("a released photo", () => {
  beforeEach(() => {
    apply(op(a, "verdict", "approved"));
    release();
  });
  test.each([
    ["verdict", "rejected"],
    ["verdict", null],
    ["caption", "x"],
    ["name", "Other.JPG"],
  ])("refuses %s %j", (field, to) => {
    expect(codes(op(a, field, to))).toEqual(["review.published"]);
  });
  test("does not lock the others", () => {
    expect(codes(op(b, "caption", "x"))).toEqual(["ok"]);
  });
});

describe("the history", () => {
  test("tells every gesture, newest first, with before and after, and what was undone", () => {
    store.desk.apply(set, [op(a, "caption", "1", { gesture: "g1" })], { by: "page", at: 100 });
    store.desk.apply(set, [op(a, "verdict", "held", { gesture: "g2", client: "cli" })], { by: "cli", at: 200 });
    undo();
    expect(store.desk.history(set, 10)).toEqual([
      {
        gesture: "g2",
        at: 200,
        by: "cli",
        client: "cli",
        undone: false,
        ops: [{ photo: a, field: "verdict", before: null, after: { verdict: "held", hash: null } }],
      },
      {
        gesture: "g1",
        at: 100,
        by: "page",
        client: "tab-1",
        undone: true,
        ops: [{ photo: a, field: "caption", before: null, after: "1" }],
      },
    ]);
    expect(store.desk.history(set, 1).map(({ gesture }) => gesture)).toEqual(["g2"]);
  });

  test("is in the journal too, undo and redo included", () => {
    apply(op(a, "caption", "1"));
    undo();
    redo();
    expect(
      store.journal
        .of(set)
        .map(({ kind }) => kind)
        .slice(-3),
    ).toEqual(["review.edit", "review.undone", "review.redone"]);
    expect(store.journal.brokenAt()).toBeUndefined();
  });
});

describe("what changed since", () => {
  test("is the photos of newer journal lines", () => {
    const before = store.desk.revision(set);
    apply(op(a, "caption", "1"));
    expect(store.desk.revision(set)).toBeGreaterThan(before);
    expect([...store.desk.touchedSince(set, before)]).toEqual([a]);
    expect([...store.desk.touchedSince(set, store.desk.revision(set))]).toEqual([]);
    expect(store.desk.revision("other")).toBe(0);
  });

  test("includes what the machine did", () => {
    const before = store.desk.revision(set);
    commit(store, set, "likeness", [b], () => ({ groups: [], elsewhere: [] }));
    expect([...store.desk.touchedSince(set, before)]).toEqual([b]);
  });
});

describe("words with an error", () => {
  const BRIDGE = "Gulls over the Golden Gate Bridge.";
  const flaw = { rule: "GEO-CAPTION", severity: "error", field: "caption", why: "“Golden Gate Bridge”" } as const;
  beforeEach(() => {
    const { words } = factsAtGate("x.JPG");
    const proof = { rules: "1", outcome: "blocked" as const, found: [flaw], flaws: [flaw], attempts: [] };
    const evidence = {
      model: "m",
      digest: "d",
      version: "1",
      prompt: 3,
      shape: 1,
      key: "0".repeat(64),
      visible: [],
      uncertain: [],
      logprob: null,
      doneReason: "stop",
      said: "",
      tries: [],
    };
    commit(store, set, "words", [a], () => ({ ...words, caption: BRIDGE, evidence, proof }));
  });

  test("keep a photo from being approved, alone and with others, but not from being rejected", () => {
    const [blocked, other] = apply(op(a, "verdict", "approved"), op(b, "verdict", "approved"));
    expect(blocked).toMatchObject({
      ok: false,
      code: "review.blocked",
      message: expect.stringContaining("GEO-CAPTION"),
    });
    expect(other).toMatchObject({ ok: true });
    expect(shown(a).verdict).toBeNull();
    expect(codes(op(a, "verdict", "rejected"))).toEqual(["ok"]);
  });

  test("may be approved once a person has written others, and are checked again by the same rules", () => {
    expect(codes(op(a, "caption", `${BRIDGE} At noon.`), op(a, "verdict", "approved"))).toEqual([
      "ok",
      "review.blocked",
    ]);
    expect(shown(a).flaws).toContainEqual(expect.objectContaining({ rule: "GEO-CAPTION", severity: "error" }));
    expect(codes(op(a, "caption", "Gulls over a red bridge."), op(a, "verdict", "approved"))).toEqual(["ok", "ok"]);
  });

  test("may name what a person names: it is known then", () => {
    const caption = "Gulls over the harbour of Rotterdam.";
    expect(codes(op(a, "caption", caption), op(a, "verdict", "approved"))).toEqual(["ok", "ok"]);
  });

  test("may be approved where a person overrules the very rule and says why, and not when that is taken back", () => {
    const overrule = (rule: string, reason: string) => op(a, "overruled", [{ rule, reason }], { client: "tab-9" });
    expect(codes(overrule("CAP-CLAIM", "not this one"))).toEqual(["ok"]);
    expect(codes(op(a, "verdict", "approved"))).toEqual(["review.blocked"]);
    expect(codes(overrule("GEO-CAPTION", ""))).toEqual(["review.invalid-value"]);
    expect(codes(overrule("GEO-CAPTION", "I stood there"))).toEqual(["ok"]);
    expect(codes(op(a, "verdict", "approved"))).toEqual(["ok"]);
    undo("tab-9");
    expect(shown(a).verdict).toBeNull();
    expect(codes(op(a, "verdict", "approved"))).toEqual(["review.blocked"]);
  });

  test("that are another photo's may be approved once the other has got others, though both were shown before", () => {
    const flaw = {
      rule: "DUP-CAPTION",
      severity: "error" as const,
      field: "caption" as const,
      why: "the same",
      like: b,
    };
    const proof = {
      rules: rulesVersion(english()),
      outcome: "blocked" as const,
      found: [flaw],
      flaws: [flaw],
      attempts: [],
    };
    commit(store, set, "words", [a], () => ({ ...factsAtGate("").words, proof }));
    const seen = shown(a).hash;
    expect(codes(op(a, "verdict", "approved", { seen }))).toEqual(["review.blocked"]);
    expect(shown(a).flaws).toHaveLength(1);
    expect(codes(op(b, "caption", "Two gulls."), op(a, "verdict", "approved", { seen }))).toEqual(["ok", "ok"]);
  });
});

test("an approval is held against what a photo is now, however it came to be after it was shown", () => {
  const { store: own, database } = memoryStore();
  const { set: one, photos } = setAtGate(own);
  const [first, second] = own.desk.photos(one);
  database.exec(
    `update checkpoints set facts = json_set(facts, '$.caption', 'Another.') where photo_id = ${photos[0]}`,
  );
  const results = own.desk.apply(
    one,
    [first, second].map((each, i) => op(photos[i] ?? 0, "verdict", "approved", { seen: each?.hash })),
    hand,
  );
  expect(results.map((result) => result.ok || result.code)).toEqual(["review.stale", true]);
});

describe("of two photos that said the same", () => {
  const SAME = "Gulls stand in a row on the wet sand of Texel at low tide.";
  const flaw = {
    rule: "BATCH-DUP-CAP",
    severity: "error" as const,
    field: "caption" as const,
    why: "the same as another photo's",
  };
  const OWN = "Gulls rest on wooden posts along a grassy dyke on Texel.";
  beforeEach(() => {
    const { words } = factsAtGate("");
    for (const photo of [a, b])
      commit(store, set, "words", [photo], () => ({
        ...words,
        caption: SAME,
        proof: {
          rules: "an earlier one",
          outcome: photo === b ? ("blocked" as const) : ("passed" as const),
          found: [],
          flaws: photo === b ? [{ ...flaw, like: a }] : [],
          attempts: [],
        },
      }));
    expect(codes(op(b, "verdict", "approved"))).toEqual(["review.blocked"]);
    apply(op(a, "caption", OWN));
    expect(codes(op(b, "verdict", "approved", { client: "tab-2" }))).toEqual(["ok"]);
  });

  test("the second stays approved while the first says something else", () => {
    apply(op(a, "altText", "A bird."));
    expect(shown(b).verdict).toBe("approved");
  });

  test.each([
    ["by an undo", () => void undo()],
    ["by an edit", () => void apply(op(a, "caption", SAME, { client: "tab-3" }))],
    ["because an edit is taken back", () => void apply(op(a, "caption", null, { client: "tab-3" }))],
  ])("it is not when the first gets the words back %s, and the journal tells so", (_, back) => {
    const before = store.desk.revision(set);
    back();
    const errors = shown(b).flaws.filter(({ severity }) => severity === "error");
    expect([shown(b).verdict, errors.map(({ rule }) => rule)]).toEqual([null, ["BATCH-DUP-CAP"]]);
    expect(store.releases.plan(set).photos).toEqual([]);
    expect(store.sets.counts(set).approved).toBe(0);
    expect(store.journal.of(set).at(-1)).toMatchObject({ kind: "approval.voided", photo_id: b });
    expect(store.desk.touchedSince(set, before)).toContain(b);
  });
});
