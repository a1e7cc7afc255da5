import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { sharp } from "../../src/imaging/sharp.ts";
import { familyMegabytes } from "./processes.ts";
import { makeStation, type Station } from "./station.ts";

const MANY = 10_000;
const LIMIT_MS = 150_000;
const MAX_MEGABYTES = 700;
const FOLDER = "2026-10 Gulls, Texel";

let station: Station;
afterEach(async () => station.dispose());

test("F49: ten thousand files dropped at once are all taken, and the daemon stays small and answers", {
  timeout: 2 * LIMIT_MS,
}, async () => {
  station = makeStation();
  const { child } = await station.home.start();
  const small = await sharp({ create: { width: 32, height: 24, channels: 3, background: "#345" } })
    .jpeg()
    .toBuffer();
  const folder = join(station.home.inbox, FOLDER);
  mkdirSync(folder);
  // A comment behind the end of the picture makes each a file of its own.
  for (let i = 1; i <= MANY; i += 1)
    writeFileSync(join(folder, `IMG_${String(i).padStart(5, "0")}.JPG`), Buffer.concat([small, Buffer.from(`#${i}`)]));

  await station.home.until(
    () => station.look(),
    ({ sets }) => sets[0]?.counts.photos === MANY && (sets[0]?.stages[0]?.done ?? 0) > MANY / 20,
    `${MANY} photos`,
    LIMIT_MS,
  );
  expect(familyMegabytes(child.pid)).toBeLessThan(MAX_MEGABYTES);
  const { sets } = await station.look();
  expect(sets[0]?.counts).toMatchObject({ photos: MANY, culled: 0 });
});
