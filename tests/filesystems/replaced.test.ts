import { renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { Row } from "../../src/review-server/rows.ts";
import { makeStation, type Station } from "./station.ts";

const FOLDER = "2026-10 Gulls, Texel";

let station: Station;
afterEach(async () => station.dispose());

/** Every read of one file takes a second, so that there is time to do something to it between two of them. */
const slowly = (path: string): readonly string[] => [
  ...["strace", "-D", "-f", "--seccomp-bpf", "-qqq", "-o", "/dev/null"],
  ...["-P", path, "-e", "inject=read,pread64:delay_enter=1000000", "--"],
];
const allRows = async (): Promise<readonly Row[]> =>
  (await Promise.all((await station.look()).sets.map(({ id }) => station.rows(id)))).flat();
const untilTaken = (): Promise<unknown> =>
  station.home.until(
    () => station.look(),
    ({ sets }) => sets.length > 0,
    "the set under way",
  );

test("F34: a file that is replaced while it is read is taken as what it is now, and nothing of before is shown", async () => {
  station = makeStation();
  const path = join(station.home.inbox, FOLDER, "IMG_1.JPG");
  await station.drop(path, { seed: 1 });
  await station.home.start(slowly(path));
  await untilTaken();
  await station.drop(join(station.home.path, "new.jpg"), { seed: 2, width: 800, height: 600 });
  renameSync(join(station.home.path, "new.jpg"), path);
  const rows = await station.home.until(
    allRows,
    (seen) => seen.some(({ name, culled }) => name !== null && culled === null),
    "the photo at the gate",
  );
  expect(rows.filter(({ culled }) => culled === null).map(({ width }) => width)).toEqual([800]);
}, 120_000);

test("F36: a file that is deleted before its turn is left out with its reason; the rest of the set goes on", async () => {
  station = makeStation();
  const path = join(station.home.inbox, FOLDER, "IMG_2.JPG");
  await station.drop(join(FOLDER, "IMG_1.JPG"), { seed: 1 });
  await station.drop(path, { seed: 2 });
  await station.home.start(slowly(path));
  await untilTaken();
  rmSync(path);
  const { id, counts } = await station.set(FOLDER, "ready");
  expect(counts).toMatchObject({ photos: 2, culled: 1, undecided: 1 });
  const culled = (await station.rows(id)).find(({ file }) => file === "IMG_2.JPG")?.culled;
  expect(culled).toMatchObject({ code: "photo.gone" });
}, 120_000);
