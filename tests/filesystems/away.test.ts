import { mkdirSync, readdirSync, readFileSync, rmSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { InboxView } from "../../src/review-server/deps.ts";
import { scannerOf } from "./processes.ts";
import { makeStation, type Station } from "./station.ts";

const FOLDER = "2026-10 Gulls, Texel";
const SETTLE = {
  quietSeconds: 1,
  networkQuietSeconds: 1,
  patienceSeconds: 1,
  rescanSeconds: 5,
  networkRescanSeconds: 5,
};

let station: Station;
beforeEach(() => {
  station = makeStation({ settle: SETTLE });
});
afterEach(async () => station.dispose());

const inbox = async (path: string, is: Partial<InboxView>): Promise<InboxView> => {
  const viewOf = (views: readonly InboxView[]) => views.find((one) => one.path === path);
  const { inboxes } = await station.home.until(
    () => station.look(),
    (seen) => Object.entries(is).every(([key, value]) => viewOf(seen.inboxes)?.[key as keyof InboxView] === value),
    `${path} ${JSON.stringify(is)}`,
  );
  const view = viewOf(inboxes);
  if (view === undefined) throw new Error(`${path} is no inbox`);
  return view;
};
const dropPhotos = async (folder: string, count: number, from = 1): Promise<void> => {
  for (let i = from; i < from + count; i += 1) await station.drop(join(folder, `IMG_${i}.JPG`), { seed: i });
};
const saidOf = async (code: string) =>
  (await station.home.json("problems")).problems.filter((one) => one.code === code);

test("F41: a card that is pulled out in the middle of the copy costs no photo; put back, the set is finished", async () => {
  const { home, disks } = station;
  const card = join(home.path, "card");
  await dropPhotos(join(card, FOLDER), 40);
  const first = await disks.share(card, home.inbox);
  await home.start();
  await home.until(
    () => station.look(),
    ({ sets }) => sets.length === 1,
    "the set under way",
  );
  first.hang();
  const { sets } = await station.look();
  expect(sets[0]?.stages.find(({ name }) => name === "ingest")?.done).toBeLessThan(40);
  first.die();
  await inbox(home.inbox, { online: false });
  expect((await station.look()).sets).toMatchObject([{ counts: { photos: 40, culled: 0 } }]);
  expect(await saidOf("photo.source-gone")).toEqual([]);

  disks.unmount(home.inbox);
  await disks.share(card, home.inbox);
  await inbox(home.inbox, { online: true });
  expect((await station.set(FOLDER, "ready")).counts).toMatchObject({ photos: 40, culled: 0, undecided: 40 });
});

test("F42, gauntlet 7: an inbox that is not mounted is away, not empty, while it runs and when it starts", async () => {
  const { home, disks } = station;
  const card = join(home.path, "card");
  disks.memory(card, "size=20m");
  await dropPhotos(join(card, FOLDER), 3);
  disks.bind(card, home.inbox);
  await home.start();
  const { id } = await station.set(FOLDER, "ready");

  disks.unmount(home.inbox);
  expect(readdirSync(home.inbox)).toEqual([]);
  expect((await inbox(home.inbox, { online: false })).code).toBe("inbox.offline");
  expect(await saidOf("photo.source-gone")).toEqual([]);
  await home.stop();
  await home.start();
  expect((await inbox(home.inbox, { online: false, code: "inbox.offline" })).why).toContain("mounted");
  expect((await station.look()).sets).toMatchObject([{ id, counts: { photos: 3, culled: 0, undecided: 3 } }]);

  await dropPhotos(join(card, "2026-11 Terns"), 1, 50);
  disks.bind(card, home.inbox);
  await inbox(home.inbox, { online: true });
  await station.set("2026-11 Terns", "ready");
  expect(await saidOf("photo.source-gone")).toEqual([]);
  expect((await station.look()).sets).toHaveLength(2);
});

test("F43: another card at the same place is another card, also with the same names in it", async () => {
  const { home, disks } = station;
  const [one, two] = [join(home.path, "card one"), join(home.path, "card two")];
  for (const card of [one, two]) disks.memory(card, "size=20m");
  await dropPhotos(join(one, "100CANON"), 2, 1);
  for (const i of [1, 2])
    await station.drop(join(two, "100CANON", `IMG_${i}.JPG`), { seed: 60 + i, width: 800, height: 600 });
  disks.bind(one, home.inbox);
  await home.start();
  const first = await station.set("100CANON", "ready");
  disks.unmount(home.inbox);
  disks.bind(two, home.inbox);
  const { sets } = await home.until(
    () => station.look(),
    (seen) => seen.sets.reduce((sum, { counts }) => sum + counts.undecided, 0) === 4,
    "four photos at the gate",
  );
  expect(sets).toHaveLength(2);
  expect((await station.rows(first.id)).map(({ width }) => width)).toEqual([640, 640]);
});

test("F44: a share that hangs is said to, and nobody else waits for it; when it answers, it is taken up again", {
  timeout: 120_000,
}, async () => {
  await station.dispose();
  station = makeStation({ settle: SETTLE, inboxes: [{ path: "inbox" }, { path: "share" }] });
  const share = join(station.home.path, "share");
  const server = join(station.home.path, "server");
  mkdirSync(server);
  const hanging = await station.disks.share(server, share);
  await station.home.start();
  await inbox(share, { online: true });
  hanging.hang();
  await dropPhotos(FOLDER, 2);
  await station.drop(join(server, "2026-11 Terns", "IMG_9.JPG"), { seed: 9 });
  await station.set(FOLDER, "ready");
  expect((await inbox(share, { online: false })).code).toBe("inbox.not-answering");
  await inbox(station.home.inbox, { online: true });

  hanging.wake();
  await inbox(share, { online: true });
  await station.set("2026-11 Terns", "ready");
});

test("F45: a share that comes back with other times has the same photos", async () => {
  const { home, disks } = station;
  const server = join(home.path, "server");
  await dropPhotos(join(server, FOLDER), 2);
  await disks.share(server, home.inbox);
  await home.start();
  await station.set(FOLDER, "ready");
  disks.unmount(home.inbox);
  for (const i of [1, 2]) utimesSync(join(server, FOLDER, `IMG_${i}.JPG`), 1_600_000_000, 1_600_000_000 + i);
  await disks.share(server, home.inbox);
  await dropPhotos("2026-11 Terns", 1, 70);
  await station.set("2026-11 Terns", "ready");
  expect((await station.look()).sets.map(({ counts }) => counts.photos).sort()).toEqual([1, 2]);
});

test("F46: where many files vanish at once a person is asked, and nothing is given up", async () => {
  const { home } = station;
  await dropPhotos(FOLDER, 12);
  await home.start();
  await station.set(FOLDER, "ready");
  rmSync(join(home.inbox, FOLDER), { recursive: true });
  const asked = await station.problem(home.inbox, "inbox.many-missing");
  expect(asked).toMatchObject({ severity: "problem" });
  expect(asked.why).toContain("12 of 12");
  expect(await saidOf("photo.source-gone")).toEqual([]);
  expect((await station.set(FOLDER, "ready")).counts).toMatchObject({ photos: 12, undecided: 12 });
});

test("F47: where the system watches no more folders the inbox is listed instead, and it is said", async () => {
  const { home } = station;
  for (let i = 1; i <= 20; i += 1) mkdirSync(join(home.inbox, `Folder ${i}`));
  const few = 'echo 5 > /proc/sys/user/max_inotify_watches && exec "$@"';
  await home.start(["unshare", "--user", "--map-root-user", "sh", "-c", few, "sh"]);
  const { deaf } = await inbox(home.inbox, { mode: "listings" });
  expect(deaf).toMatch(/watch/);
  await dropPhotos("Folder 19", 1);
  expect((await station.set("Folder 19", "ready")).counts).toMatchObject({ photos: 1, culled: 0 });
});

test("F48, gauntlet 6: files whose events were lost are found by the next listing", async () => {
  const { home } = station;
  const { child } = await home.start();
  await inbox(home.inbox, { online: true });
  await dropPhotos("Before", 1, 90);
  await station.set("Before", "ready");
  const scanner = scannerOf(child.pid);
  process.kill(scanner, "SIGSTOP");
  try {
    overflow(join(home.inbox, "Before"));
    for (let i = 1; i <= 40; i += 1) await dropPhotos(`Folder ${i}`, 1, 100 + i);
  } finally {
    process.kill(scanner, "SIGCONT");
  }
  await home.until(
    () => station.look(),
    ({ sets }) => sets.filter(({ state }) => state === "ready").length === 41,
    "41 sets at the gate",
  );
});

/** More events than the system keeps for one who does not fetch them; two files in turn, as equal ones count once. */
function overflow(folder: string): void {
  const kept = Number(readFileSync("/proc/sys/fs/inotify/max_queued_events", "utf8"));
  for (let i = 0; i <= kept; i += 1)
    utimesSync(i % 2 === 0 ? folder : join(folder, "IMG_90.JPG"), 1_700_000_000, 1_700_000_000);
}
