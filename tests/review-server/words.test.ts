import { beforeEach, describe, expect, test } from "vitest";
import type { WordEvidence } from "../../src/domain/evidence.ts";
import type { Facts } from "../../src/domain/facts.ts";
import type { Attempt, FoundFlaw } from "../../src/domain/proof.ts";
import { cull } from "../../src/domain/stage.ts";
import type { PhotoId, SetId } from "../../src/domain/words.ts";
import { attentionOf } from "../../src/review-server/client/table.ts";
import { type Row, rowsOf } from "../../src/review-server/rows.ts";
import type { Store } from "../../src/store/store.ts";
import { commit, factsAtGate, hand, op, setAtGate } from "../store/home.ts";
import { visit } from "./house.ts";

type Words = Facts["words"];

const ORIGIN = "http://127.0.0.1:4820";
const PLACE: FoundFlaw = { rule: "GEO-CAPTION", severity: "error", field: "caption", why: "“Amsterdam”" };
const SHORT: FoundFlaw = { rule: "ALT-SHORT", severity: "warning", field: "altText", why: "12 characters" };
const INVENTED: Words = {
  ...factsAtGate("x").words,
  caption: "Gulls over the harbour of Amsterdam on a grey morning.",
  altText: "White gulls above grey water.",
  keywords: ["gulls", "harbour"],
  captioner: "ollama",
  evidence: {
    model: "qwen",
    digest: "d1",
    version: "1",
    prompt: 1,
    shape: 1,
    key: "f".repeat(64),
    visible: ["gulls", "harbour", "grey morning"],
    uncertain: [],
    logprob: { mean: -0.5, p10: -3 },
    doneReason: "stop",
    said: "a".repeat(64),
    tries: [],
  },
};

let store: Store & { changes(): number };
let house: Awaited<ReturnType<typeof visit>>;
let set: SetId;
let photos: PhotoId[];
let first: PhotoId;
let second: PhotoId;
beforeEach(async () => {
  house = await visit();
  ({ store } = house);
  ({ set, photos } = setAtGate(store, { files: ["IMG_1.JPG", "IMG_2.JPG", "IMG_3.JPG"] }));
  [first = 0, second = 0] = photos;
});

function judged(
  photo: PhotoId,
  flaws: readonly FoundFlaw[],
  outcome: NonNullable<Words["proof"]>["outcome"],
  attempts: Attempt[] = [],
): void {
  commit(store, set, "words", [photo], () => ({
    ...INVENTED,
    proof: { rules: "wording-1", outcome, found: [...flaws], flaws: [...flaws], attempts },
  }));
}
const rowOf = (photo: PhotoId): Row => {
  const row = rowsOf(store, set).find(({ id }) => id === photo);
  if (row === undefined) throw new Error("no row");
  return row;
};
const overrule = (photo: PhotoId, reason = "it is in the picture") =>
  store.desk.apply(set, [op(photo, "overruled", [{ rule: "GEO-CAPTION", reason }])], hand)[0];

async function asPage() {
  const { cookie, csrf } = await house.signIn();
  const headers = { cookie, origin: ORIGIN, "x-photogate-csrf": csrf };
  return {
    csrf,
    headers,
    check: (photo: number, typed: unknown) => house.post(`/api/sets/${set}/photos/${photo}/check`, typed, headers),
    plain: async (path: string) => (await house.get(`/s/${set}/plain${path}`, { cookie })).text(),
    form: (act: string, fields: Readonly<Record<string, string | number>>) =>
      house.form(
        `/forms/sets/${set}/${act}`,
        new URLSearchParams(
          Object.entries({ csrf, ...fields }).map(([name, value]) => [name, String(value)]),
        ).toString(),
        { cookie },
      ),
  };
}
const rulesIn = async (answer: Response): Promise<string[]> => {
  const { flaws }: { flaws: FoundFlaw[] } = await answer.json();
  return flaws.map(({ rule }) => rule);
};

describe("a row says how far its words can be trusted", () => {
  test("whose they are, what is wrong, and where to look", () => {
    judged(first, [PLACE, SHORT], "blocked");
    expect(rowOf(first)).toMatchObject({
      blocked: true,
      authors: { caption: "model", altText: "model", keywords: "model" },
      attention: { points: 42, why: ["1 error", "1 warning", "the model guessed at some words"] },
    });
    expect(rowOf(second)).toMatchObject({ blocked: false, authors: { caption: "template" }, attention: null });
    judged(second, Array(4).fill(SHORT), "partially-repaired");
    expect([attentionOf(rowOf(first))[0], attentionOf(rowOf(second))[0]]).toEqual([undefined, "look closely"]);
  });

  test("what a person overruled speaks against them no more", () => {
    judged(first, [PLACE], "blocked");
    overrule(first);
    expect(rowOf(first)).toMatchObject({ blocked: false, flaws: [PLACE], attention: { points: 90 } });
  });
});

describe("words are judged while they are typed, by the rules the desk goes by", () => {
  test("and nothing of it is stored", async () => {
    judged(first, [PLACE], "blocked");
    const { check } = await asPage();
    const before = store.changes();
    expect(await rulesIn(await check(first, {}))).toEqual(["GEO-CAPTION"]);
    const typed = "Gulls over the harbour on a grey and windy morning.";
    const cured = await rulesIn(await check(first, { caption: typed }));
    expect(cured).not.toContain("GEO-CAPTION");
    expect(await rulesIn(await check(first, { caption: "CafÃ© on a grey and windy morning by the sea." }))).toContain(
      "GEN-MOJIBAKE",
    );
    expect(store.changes()).toBe(before);
    store.desk.apply(set, [op(first, "caption", typed)], hand);
    expect(rowOf(first).flaws.map(({ rule }) => rule)).toEqual(cured);
  });

  test("with who vouches for each word, for one photo and not in its row", async () => {
    judged(first, [PLACE], "blocked");
    const { check } = await asPage();
    const evidenceOf = async (typed: object): Promise<WordEvidence> =>
      (await (await check(first, typed)).json()).evidence;
    const from = (pieces: WordEvidence["caption"], text: string) => pieces.find((piece) => piece.text === text)?.from;
    const { caption, keywords } = await evidenceOf({});
    expect(caption.map(({ text }) => text).join("")).toBe(INVENTED.caption);
    expect([from(caption, "Amsterdam"), from(caption, "Gulls"), from(caption, "harbour")]).toEqual([
      "nothing",
      "context",
      "seen",
    ]);
    expect(keywords.map(({ text }) => text)).toEqual(INVENTED.keywords);
    const typed = await evidenceOf({ caption: "Gulls over Rotterdam on a grey morning." });
    expect(from(typed.caption, "Rotterdam")).toBe("person");
    expect(rowOf(first)).not.toHaveProperty("evidence");
  });

  test("what no edit could be is refused with the field and why", async () => {
    const { check } = await asPage();
    const long = await check(first, { caption: "x".repeat(301) });
    expect([long.status, await long.json()]).toMatchObject([
      400,
      { code: "review.invalid-value", message: expect.stringContaining("caption: ") },
    ]);
    expect((await check(first, "no fields")).status).toBe(400);
  });

  test("a photo of no set, or of another, is unknown", async () => {
    const { check } = await asPage();
    const other = setAtGate(store, { name: "Other", files: ["IMG_9.JPG"] }).photos[0] ?? 0;
    for (const photo of [other, 999, Number.NaN]) expect((await check(photo, {})).status).toBe(404);
  });

  test("only by our own page", async () => {
    const { headers } = await asPage();
    const { "x-photogate-csrf": _, ...without } = headers;
    const path = `/api/sets/${set}/photos/${first}/check`;
    expect((await house.post(path, {}, without)).status).toBe(403);
    expect((await house.post(path, {}, { ...headers, origin: "http://evil.com" })).status).toBe(403);
    expect((await house.get(path, headers)).status).toBe(404);
  });
});

describe("a rule is overruled", () => {
  test.each(["", "no", "   ", " \u200b ab ", "a\u0007bc"])("never without a reason: %j", (reason) => {
    judged(first, [PLACE], "blocked");
    expect(overrule(first, reason)).toMatchObject({ ok: false, code: "review.invalid-value" });
    expect(rowOf(first).blocked).toBe(true);
  });

  test("and undone in one step", () => {
    judged(first, [PLACE], "blocked");
    expect(overrule(first, "  the sign says so ")).toMatchObject({ ok: true });
    expect(rowOf(first)).toMatchObject({
      blocked: false,
      overruled: [{ rule: "GEO-CAPTION", reason: "the sign says so" }],
    });
    store.desk.undo(set, "tab-1", hand);
    expect(rowOf(first)).toMatchObject({ blocked: true, overruled: [] });
  });
});

describe("without script", () => {
  test("what blocks a photo stands beside it, and approving it is refused in words", async () => {
    judged(first, [PLACE, SHORT], "blocked");
    const { form, plain } = await asPage();
    expect(await plain("")).toMatch(/Error<\/b> <code>GEO-CAPTION<\/code> caption:\s*“Amsterdam”/);
    const { hash, rev } = rowOf(first);
    const back = `/s/${set}/plain`;
    const answer = await form("decide", { photo: first, verdict: "approved", rev, seen: hash ?? "", back });
    expect(answer.headers.get("location")).toBe(`${back}?fault=review.blocked`);
    expect(await plain("?fault=review.blocked")).toContain("overrule the rule that is named and say why");
    expect(rowOf(first).verdict).toBeNull();
  });

  test("a rule is overruled by a form with a reason, which is shown, and then the photo is approved", async () => {
    judged(first, [PLACE], "blocked");
    const { form, plain } = await asPage();
    const fields = { photo: first, rev: 0, rule: "GEO-CAPTION", back: `/s/${set}/plain/${first}` };
    await form("overrule", { ...fields, reason: "no" });
    expect(rowOf(first).blocked).toBe(true);
    await form("overrule", { ...fields, reason: "<b>seen</b> on the sign" });
    expect(await plain(`/${first}`)).toContain("Overruled: &lt;b&gt;seen&lt;/b&gt; on the sign");
    const { hash, rev } = rowOf(first);
    // A session of its own: the clock of this house stands still, and two forms of one moment are one form sent twice.
    const again = await asPage();
    await again.form("decide", { photo: first, verdict: "approved", rev, seen: hash ?? "", back: "/" });
    expect(rowOf(first).verdict).toBe("approved");
  });
});

describe("a card counts where the words of its photos stand", () => {
  const proofOf = async () => {
    const { headers } = await asPage();
    const { sets }: { sets: { proof: object }[] } = await (await house.get("/api/sets", headers)).json();
    return sets[0]?.proof;
  };
  const none = { passed: 0, repaired: 0, repairedInPart: 0, cured: 0, blocked: 0, unjudged: 0 };

  test("as the machine left them, and as a person has changed them since", async () => {
    expect(await proofOf()).toEqual({ ...none, unjudged: 3 });
    judged(first, [PLACE], "blocked");
    judged(second, [], "repaired");
    expect(await proofOf()).toEqual({ ...none, repaired: 1, blocked: 1, unjudged: 1 });
    overrule(first);
    expect(await proofOf()).toEqual({ ...none, repaired: 1, cured: 1, unjudged: 1 });
    store.desk.apply(set, [op(second, "caption", "CafÃ© by the sea on a grey and windy morning.")], hand);
    expect(await proofOf()).toEqual({ ...none, cured: 1, blocked: 1, unjudged: 1 });
  });

  test("of photos that are left out nothing", async () => {
    judged(first, [PLACE], "blocked");
    store.checkpoints.commit(set, "name", new Map([[first, cull("photo.undecodable", "broken")]]), 20);
    expect(await proofOf()).toEqual({ ...none, unjudged: 2 });
  });

  test("and the home page says it", async () => {
    judged(first, [PLACE], "blocked");
    const { headers } = await asPage();
    expect(await (await house.get("/", headers)).text()).toMatch(
      /Words: 0 passed, 0 repaired, 1 blocked, 2 not by a model/,
    );
  });
});

test("a set whose words are far worse than those of the others says so, on its card and on its pages", async () => {
  const many = (n: number, folder: string) => Array.from({ length: n }, (_, i) => `${folder}_${i}.JPG`);
  const good = setAtGate(store, { name: "2026-01 Good", files: many(50, "GOOD") });
  const bad = setAtGate(store, { name: "2026-02 Bad", files: many(10, "BAD") });
  const proof = { rules: "wording-1", found: [], flaws: [], attempts: [] };
  commit(store, good.set, "words", good.photos, () => ({ ...INVENTED, proof: { ...proof, outcome: "passed" } }));
  commit(store, bad.set, "words", bad.photos, () => ({ ...INVENTED, proof: { ...proof, outcome: "repaired" } }));
  const { plain } = await asPage();
  const { cookie } = await house.signIn();
  const see = async (path: string) => (await house.get(path, { cookie })).text();
  const why = "10 of 10 photos were not right at once; in other sets it is 0 in 100";
  expect((await see("/")).split(why)).toHaveLength(2);
  expect(await see(`/s/${bad.set}/plain`)).toContain(why);
  expect(await see(`/s/${good.set}/plain`)).not.toContain("BATCH-RATE");
  expect(await plain("")).not.toContain("BATCH-RATE");
});
