import { describe, expect, test } from "vitest";
import type { Arrival } from "../../src/domain/arrival.ts";
import { Fault } from "../../src/domain/fault.ts";
import type { Actions, InboxView } from "../../src/review-server/deps.ts";
import { watchingOf } from "../../src/review-server/watching.ts";
import { hand, op, setAtGate } from "../store/home.ts";
import { visit } from "./house.ts";

const NOW = 1_800_000_000_000;
const GULLS: Arrival = {
  inbox: "/in",
  folder: "Gulls <b>",
  name: "Gulls <b>",
  files: 17,
  growing: 2,
  incomplete: 0,
  open: 0,
  unreadable: 0,
  quietSince: NOW - 3_000,
  newestAt: NOW - 40_000,
  numbers: { first: "0412", last: "0430", missing: ["0419"] },
  closesAt: NOW + 20_000,
  isHeld: false,
  trouble: null,
};
const INBOX: InboxView = {
  path: "/in",
  online: true,
  code: null,
  why: null,
  isNetwork: false,
  mode: "events",
  deaf: null,
  everyMs: 300_000,
  waiting: 17,
  missing: 0,
  arrivals: [GULLS],
  lookedAt: NOW - 5_000,
  card: null,
};

interface Visitor {
  readonly cookie: string;
  readonly csrf: string;
}

/** A visit that writes down what is asked of the inboxes. */
async function asked(overrides: Partial<Actions> = {}, inboxes: readonly InboxView[] = [INBOX]) {
  const calls: unknown[] = [];
  const call =
    (name: string, answer?: number) =>
    (...args: unknown[]) => {
      calls.push([name, ...args]);
      return answer ?? 0;
    };
  const house = await visit(
    { look: call("look"), go: call("go"), hold: call("hold"), letGo: call("letGo", 3), ...overrides },
    undefined,
    { inboxes: () => inboxes },
  );
  const cli = { authorization: `Bearer ${house.cli}` };
  return {
    ...house,
    calls,
    submit: (path: string, fields: Readonly<Record<string, string>>, { cookie, csrf }: Visitor) =>
      house.form(path, new URLSearchParams({ csrf, ...fields }).toString(), { cookie }),
    ask: async (path: string, body: unknown) => {
      const answer = await house.post(path, body, cli);
      return { status: answer.status, body: await answer.json() };
    },
    page: async (path: string) => {
      const { cookie } = await house.signIn();
      return (await house.get(path, { cookie })).text();
    },
  };
}

describe("what may be asked of an inbox", () => {
  test.each<[string, unknown, unknown]>([
    ["look", {}, ["look", undefined]],
    ["look", { inbox: "/in" }, ["look", "/in"]],
    ["go", { inbox: "/in", folder: "Gulls" }, ["go", "/in", "Gulls"]],
    ["go", { inbox: "/in", folder: "" }, ["go", "/in", ""]],
    ["hold", { inbox: "/in", folder: "Gulls", held: true }, ["hold", "/in", "Gulls", true]],
    ["hold", { inbox: "/in", folder: "", held: false }, ["hold", "/in", "", false]],
    ["let-go", { inbox: "/in" }, ["letGo", "/in"]],
  ])("%s %j", async (act, body, call) => {
    const house = await asked();
    expect((await house.ask(`/api/inboxes/${act}`, body)).status).toBe(200);
    expect(house.calls).toEqual([call]);
  });

  test.each<[string, unknown]>([
    ["look", { inbox: 5 }],
    ["go", { inbox: "/in" }],
    ["go", { folder: "Gulls" }],
    ["hold", { inbox: "/in", folder: "Gulls" }],
    ["hold", { inbox: "/in", folder: "Gulls", held: "yes" }],
    ["let-go", null],
  ])("not %s with %j: it is refused with a reason, and nothing is done", async (act, body) => {
    const house = await asked();
    const { status, body: answer } = await house.ask(`/api/inboxes/${act}`, body);
    expect([status, answer.code]).toEqual([400, "review.invalid-value"]);
    expect(house.calls).toEqual([]);
  });

  test("a folder that does not wait is told as such", async () => {
    const house = await asked({
      go: () => {
        throw new Fault("drop.unknown", "/in/None holds nothing that waits to be taken in");
      },
    });
    const { status, body } = await house.ask("/api/inboxes/go", { inbox: "/in", folder: "None" });
    expect([status, body.code]).toEqual([409, "drop.unknown"]);
    const visitor = await house.signIn();
    const answer = await house.submit(
      "/forms/inboxes/go",
      { inbox: "/in", folder: "None", back: "/problems" },
      visitor,
    );
    expect(answer.headers.get("location")).toBe("/problems?fault=drop.unknown");
  });

  test.each<[string, unknown]>([
    ["look", ["look", "/in"]],
    ["go", ["go", "/in", "Gulls"]],
    ["hold", ["hold", "/in", "Gulls", true]],
    ["let-close", ["hold", "/in", "Gulls", false]],
    ["let-go", ["letGo", "/in"]],
  ])("the form %s does it and goes back where it was", async (act, call) => {
    const house = await asked();
    const visitor = await house.signIn();
    const fields = { inbox: "/in", folder: "Gulls", back: "/problems" };
    const answer = await house.submit(`/forms/inboxes/${act}`, fields, visitor);
    expect([answer.status, answer.headers.get("location")]).toEqual([303, "/problems"]);
    expect(house.calls).toEqual([call]);
  });

  test("a form without the session's token does nothing", async () => {
    const house = await asked();
    const { cookie } = await house.signIn();
    for (const path of ["/forms/inboxes/go", "/forms/problems/ignore", "/forms/photos/1/redo"])
      expect((await house.submit(path, { inbox: "/in", path: "/in/1.xmp" }, { cookie, csrf: "guessed" })).status).toBe(
        403,
      );
    expect(house.calls).toEqual([]);
  });
});

describe("a problem on the page", () => {
  const orphan = { path: "/in/1.xmp", bytes: 1, mtimeMs: 2, code: "drop.orphan", why: "/in/1.xmp belongs to no photo" };

  test("can be ignored by its button, after which nothing needs a person", async () => {
    const house = await asked();
    house.store.intake.note("/in", [orphan], 1);
    expect(await house.page("/problems")).toContain('action="/forms/problems/ignore"');
    await house.submit("/forms/problems/ignore", { path: "/in/1.xmp" }, await house.signIn());
    expect(await house.page("/problems")).toContain("Nothing needs you.");
    expect(await house.page("/problems")).toContain("Ignored by you.");
  });

  test("can be ignored over the API, by file and by kind; what is not there is refused", async () => {
    const house = await asked();
    house.store.intake.note("/in", [orphan, { ...orphan, path: "/in/2.xmp" }, { ...orphan, path: "/in/3.xmp" }], 1);
    expect((await house.ask("/api/problems/ignore", { path: "/in/1.xmp" })).body).toEqual({ files: 1 });
    expect((await house.ask("/api/problems/ignore", { inbox: "/in", code: "drop.orphan" })).body).toEqual({ files: 2 });
    expect(await house.ask("/api/problems/ignore", { path: "/in/none" })).toMatchObject({
      status: 404,
      body: { code: "problem.unknown" },
    });
  });

  test("of thousands of one kind is one entry that names the first hundred", async () => {
    const house = await asked();
    const many = Array.from({ length: 5_000 }, (_, i) => ({
      ...orphan,
      path: `/in/${i}.xmp`,
      why: `/in/${i}.xmp is alone`,
    }));
    house.store.intake.note("/in", many, 1);
    const page = await house.page("/problems");
    expect(page).toContain("5,000 × ");
    expect(page).toContain("and 4,900 more");
    expect(page.length).toBeLessThan(150_000);
  });
});

test("a photo is reviewed again by form and API; the page goes back where it was", async () => {
  const redone: unknown[] = [];
  const house = await asked({
    redo: (photo, by) => {
      redone.push([photo, by.by]);
      return "gulls";
    },
  });
  expect((await house.ask("/api/photos/7/redo", {})).body).toEqual({ set: "gulls" });
  const answer = await house.submit("/forms/photos/8/redo", { back: "/problems" }, await house.signIn());
  expect(answer.headers.get("location")).toBe("/problems");
  expect(redone).toEqual([
    [7, "cli"],
    [8, "page"],
  ]);
});

describe("the home page", () => {
  test("shows what is arriving, as text, with the figures as of now and a button for either word", async () => {
    const page = await (await asked()).page("/");
    expect(page).toContain("Gulls &lt;b&gt;");
    expect(page).not.toContain("Gulls <b>");
    expect(page).toContain(
      "17 files, 2 still growing, no new file for 40 s, camera numbers 0412–0430 complete except 0419; closes in 20 s",
    );
    expect(page).toMatch(/action="\/forms\/inboxes\/go".*action="\/forms\/inboxes\/hold"/s);
  });

  test("offers to let go what a person held back", async () => {
    const page = await (await asked({}, [{ ...INBOX, arrivals: [{ ...GULLS, isHeld: true, closesAt: null }] }])).page(
      "/",
    );
    expect(page).toContain("held back by you");
    expect(page).toContain('action="/forms/inboxes/let-close"');
    expect(page).not.toContain('action="/forms/inboxes/hold"');
  });

  test("says what is wrong with an arrival, and what to do", async () => {
    const trouble = { code: "context.invalid", why: "photogate.yaml: subjekt is no key" };
    const page = await (await asked({}, [{ ...INBOX, arrivals: [{ ...GULLS, closesAt: null, trouble }] }])).page("/");
    expect(page).toContain("subjekt is no key");
    expect(page).toContain("Correct the lines it names");
  });

  test("leads from a set to the one it follows", async () => {
    const house = await asked();
    const { set, photos } = setAtGate(house.store);
    house.store.desk.apply(set, [op(photos[0] ?? 0, "verdict", "rejected")], hand);
    const late = { path: "/in/2026-10 Gulls, Texel/9.JPG", bytes: 7, mtimeMs: 5, nameIsText: true };
    const first = house.store.sets.get(set);
    if (first === undefined) throw new Error("no set");
    const { inbox, folder, name, context } = first;
    const drop = { inbox, folder, name, context, shots: [{ main: late, companions: [] }] };
    expect(house.store.sets.take(drop, 60, () => true).isNewSet).toBe(true);
    expect(await house.page("/")).toMatch(new RegExp(`Came after the review of <a href="/s/${set}">`));
  });
});

describe("how an inbox is", () => {
  const says = (given: Partial<InboxView>) => watchingOf({ ...INBOX, ...given }, NOW);

  test.each<[Partial<InboxView>, Partial<ReturnType<typeof says>>]>([
    [{}, { state: "Watching", reading: "events, and listings every 5 min", looked: "last looked at just now" }],
    [
      { mode: "listings", everyMs: 10_000, deaf: "it lies on another machine" },
      { reading: "listings every 10 s: it lies on another machine" },
    ],
    [{ lookedAt: NOW - 200_000 }, { looked: "last looked at 3 min ago" }],
    [
      { lookedAt: null, online: false },
      { state: "Not looked at yet", looked: "", why: "" },
    ],
    [
      { online: false, code: "inbox.offline", why: "/in is not there" },
      {
        state: "Not there",
        why: "/in is not there",
        remedy: "Plug the disk or card in, or mount the share; nothing was deleted.",
        reading: "",
      },
    ],
    [{ online: false, code: "inbox.not-answering", why: "/in" }, { state: "Not answering" }],
    [{ missing: 1 }, { missing: "1 original is missing" }],
    [{ missing: 1_200 }, { missing: "1,200 originals are missing" }],
    [{}, { card: "" }],
    [
      { card: { safe: true, files: 120, copied: 120, missing: [] } },
      { card: "Safe to format: all 120 files have an equal copy on another disk" },
    ],
    [
      {
        card: {
          safe: false,
          files: 120,
          copied: 119,
          missing: [{ path: "/in/MVI_1.MP4", why: "it was not taken in" }],
        },
      },
      {
        card: "Do not format: 1 of 120 files have no proven copy on another disk, among them MVI_1.MP4: it was not taken in",
      },
    ],
  ])("%j", (given, words) => {
    expect(says(given)).toMatchObject(words);
  });
});
