import { chmodSync, copyFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { Arrival } from "../../src/domain/arrival.ts";
import type { InboxView } from "../../src/review-server/deps.ts";
import { jpeg } from "../fixtures/make.ts";
import { AS_ORDINARY_USER, type Home, makeHome } from "./home.ts";

let home: Home;
afterEach(async () => home.dispose());

interface Status {
  readonly inboxes: readonly InboxView[];
  readonly sets: readonly {
    readonly id: string;
    readonly state: string;
    readonly counts: { readonly photos: number };
  }[];
}
const status = async (): Promise<Status> => JSON.parse((await home.cli("status", "--json")).out);
const arrivals = async (): Promise<readonly Arrival[]> => (await status()).inboxes[0]?.arrivals ?? [];
const arrivalThat = async (fits: (arrival: Arrival) => boolean, what: string): Promise<Arrival> => {
  const [one] = await home.until(arrivals, ([first]) => first !== undefined && fits(first), what);
  if (one === undefined) throw new Error(what);
  return one;
};
const readySet = async (photos: number): Promise<string> => {
  const { sets } = await home.until(
    status,
    ({ sets: [set] }) => set?.state === "ready" && set.counts.photos === photos,
    `a set of ${photos} at the gate`,
  );
  return sets[0]?.id ?? "";
};
const problem = async (code: string) => {
  const { problems } = await home.until(
    () => home.json("problems"),
    (found) => found.problems.some((one) => one.code === code),
    code,
  );
  return problems.find((one) => one.code === code);
};
const put = async (folder: string, name: string, seed: number): Promise<void> => {
  mkdirSync(join(home.inbox, folder), { recursive: true });
  writeFileSync(join(home.inbox, folder, name), await jpeg({ seed }));
};

test("a folder that comes slowly says what it waits for; held it does not close, and Go makes it a set", async () => {
  home = makeHome({ settle: { quietSeconds: 1, patienceSeconds: 600, rescanSeconds: 5 } });
  // The folder waits for the end of this file for as long as the test likes.
  const torn = await jpeg({ seed: 4 });
  mkdirSync(join(home.inbox, "Gulls"));
  writeFileSync(join(home.inbox, "Gulls", "IMG_0416.JPG"), torn.subarray(0, 3_000));
  await home.start();
  for (const [seed, name] of ["IMG_0412.JPG", "IMG_0413.JPG", "IMG_0415.JPG"].entries()) await put("Gulls", name, seed);
  const slow = await arrivalThat(({ incomplete, growing }) => incomplete === 1 && growing === 0, "all but one whole");
  expect(slow).toMatchObject({
    folder: "Gulls",
    files: 4,
    isHeld: false,
    closesAt: expect.any(Number),
    numbers: { first: "0412", last: "0416", missing: ["0414"] },
  });
  expect(await problem("drop.incomplete")).toMatchObject({ severity: "waiting", acts: ["go", "look"] });

  expect((await home.cli("wait", "Gulls")).out).toContain("held back until you say go");
  writeFileSync(join(home.inbox, "Gulls", "IMG_0416.JPG"), torn);
  // Whole and quiet all four of them: nothing but the hold is left to wait for.
  await home.until(
    () => home.json("problems"),
    ({ problems }) => problems.filter(({ code }) => code === "drop.held").length === 4,
    "four whole files that are held back",
  );
  expect((await status()).sets).toEqual([]);
  expect((await home.cli("status")).out).toMatch(
    /Gulls: 4 files, no new file for \d+ (s|min), camera numbers 0412–0416 complete except 0414; held back by you/,
  );

  expect((await home.cli("go", join(home.inbox, "Gulls/"))).out).toContain("Gulls: what is whole is taken in now.");
  await readySet(4);
  expect(await arrivals()).toEqual([]);
}, 120_000);

test("a picture that comes again is said to be here already; one that was rejected comes back by redo", async () => {
  home = makeHome();
  await put("Gulls", "IMG_1.JPG", 1);
  await put("Gulls", "IMG_2.JPG", 2);
  await home.start();
  const set = await readySet(2);
  copyFileSync(join(home.inbox, "Gulls", "IMG_1.JPG"), join(home.inbox, "another name.jpg"));
  const [first] = (await home.json("list", set)).photos;
  expect(await problem("drop.already-here")).toMatchObject({
    path: join(home.inbox, "another name.jpg"),
    set,
    photo: first?.id,
    acts: [],
  });
  expect((await home.json("list")).sets).toHaveLength(1);

  await home.cli("reject", set, "--filter", "file:IMG_1");
  copyFileSync(join(home.inbox, "Gulls", "IMG_1.JPG"), join(home.inbox, "once more.jpg"));
  expect(await problem("drop.again")).toMatchObject({ severity: "note", photo: first?.id, acts: ["redo"] });
  expect((await home.cli("problems")).out).toContain(`> photogate redo ${first?.id}`);
  expect((await home.cli("redo", String(first?.id))).out).toContain(`is to be reviewed again in ${set}`);
  expect((await home.json("list", set)).photos.map(({ verdict }) => verdict)).toEqual([null, null]);
  const { problems } = await home.json("problems");
  expect(problems.map(({ code }) => code)).toEqual(["drop.already-here", "drop.already-here"]);
});

test("an original that is missing is asked for until a person says that it is gone", async () => {
  home = makeHome();
  await put("Gulls", "IMG_1.JPG", 1);
  await home.start();
  const set = await readySet(1);
  rmSync(join(home.inbox, "Gulls", "IMG_1.JPG"));
  expect(await problem("photo.source-gone")).toMatchObject({ severity: "problem", acts: ["look", "let-go"] });
  await home.until(status, ({ inboxes: [inbox] }) => inbox?.missing === 1, "the missing original");
  expect((await home.cli("let-go", home.inbox)).out).toContain("1 missing original is not asked for again");
  await home.until(
    () => home.json("problems"),
    ({ problems }) => problems.length === 0,
    "nothing to see to",
  );
  expect((await home.json("list", set)).photos).toMatchObject([{ culled: null, verdict: null }]);
});

test("what could not be read is taken in once it can be, and a person says look; what is ignored is left alone", async () => {
  home = makeHome({ settle: { quietSeconds: 1, patienceSeconds: 1, rescanSeconds: 600 } });
  await put("Gulls", "IMG_1.JPG", 1);
  chmodSync(join(home.inbox, "Gulls", "IMG_1.JPG"), 0o000);
  writeFileSync(join(home.inbox, "alone.xmp"), "<x/>");
  await home.start(AS_ORDINARY_USER);
  expect(await problem("photo.unreadable")).toMatchObject({ acts: ["look", "ignore"], folder: "Gulls" });
  expect((await home.cli("status")).out).toMatch(/Gulls: 1 file, 1 cannot be read, .*; nothing in it can be read/);
  chmodSync(join(home.inbox, "Gulls", "IMG_1.JPG"), 0o644);
  await home.cli("look");
  await readySet(1);

  expect(await problem("drop.orphan")).toMatchObject({ severity: "problem", ignored: false });
  expect((await home.cli("ignore", join(home.inbox, "alone.xmp"))).out).toContain("1 file is ignored");
  expect(await problem("drop.orphan")).toMatchObject({ severity: "note", ignored: true });
});

test("a wish about what is not there is refused in words, and without a daemon there is nobody to ask", async () => {
  home = makeHome();
  expect((await home.cli("go", "Gulls")).code).toBe(3);
  await home.start();
  for (const [args, code] of [
    [["go", "Gulls"], "drop.unknown"],
    [["wait", "Gulls"], "drop.unknown"],
    [["look", "/nowhere"], "inbox.unknown"],
    [["let-go", "/nowhere"], "inbox.unknown"],
    [["ignore", "/nowhere"], "problem.unknown"],
    [["redo", "99"], "review.unknown-photo"],
    [["redo", "x"], "review.unknown-photo"],
  ] as const) {
    const { code: exit, err } = await home.cli(...args);
    expect([args, exit]).toEqual([args, 1]);
    expect(err).toContain(code);
  }
  // The daemon does not keep a wish either, for a folder that comes under the name some day.
  for (const [act, held] of [["go"], ["hold", true]] as const)
    expect(await home.post(`/api/inboxes/${act}`, { inbox: home.inbox, folder: "Gulls", held })).toMatchObject({
      code: "drop.unknown",
    });
});
