import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { Row } from "../../src/review-server/rows.ts";
import { plugColourist, tinted } from "../fixtures/colourist.ts";
import { type Home, makeHome } from "./home.ts";

/** A machine with other things to do takes a minute for three photos. */
const PATIENCE_MS = 90_000;

let home: Home;
afterEach(() => home?.dispose());

const rows = async (): Promise<readonly Row[]> => (await home.json("list", "gulls-texel")).photos;
const groupsIn = (photos: readonly Row[]) =>
  photos.map(({ file, alike }) => [
    file,
    alike.groups.map(({ tier, members, keeper }) => [
      tier,
      members.map((member) => photos.find(({ id }) => id === member)?.file),
      photos.find(({ id }) => id === keeper)?.file ?? null,
    ]),
  ]);

// A daemon takes a set in, with a learned model at work.
test(
  "what a model of one's own calls alike is shown on the page, without a keeper, and a new model is asked on rewinding",
  async () => {
    home = makeHome();
    mkdirSync(join(home.inbox, "Gulls, Texel"));
    const drop = (file: string, bytes: Buffer): void => writeFileSync(join(home.inbox, "Gulls, Texel", file), bytes);
    drop("a red.jpg", await tinted(1, "red"));
    drop("b red.jpg", await tinted(2, "red"));
    drop("c blue.jpg", await tinted(3, "blue"));
    const { link } = await home.start();
    await home.until(
      () => home.json("status"),
      ({ sets }) => sets.some(({ state }) => state === "ready"),
      "the set at the gate",
      PATIENCE_MS,
    );
    expect(groupsIn(await rows())).toEqual([
      ["a red.jpg", []],
      ["b red.jpg", []],
      ["c blue.jpg", []],
    ]);

    plugColourist(join(home.path, "plugins"));
    expect(await home.cli("rewind", "gulls-texel", "--to", "quality")).toMatchObject({ code: 0 });
    const alike = ["semantic", ["a red.jpg", "b red.jpg"], null];
    const photos = await home.until(
      rows,
      (all) => all.every(({ hash, alike: { groups } }, i) => hash !== null && (groups.length > 0 || i === 2)),
      "alike to the model",
      PATIENCE_MS,
    );
    expect(groupsIn(photos)).toEqual([
      ["a red.jpg", [alike]],
      ["b red.jpg", [alike]],
      ["c blue.jpg", []],
    ]);

    const opened = await fetch(link, { redirect: "manual" });
    const cookie = opened.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    const plain = await fetch(new URL(`/s/gulls-texel/plain/${photos[0]?.id}`, link), { headers: { cookie } });
    const page = await plain.text();
    expect(page).toContain("Same subject, 2 alike");
    expect(page).toContain("Nothing is proposed to go: alike to colourist only: look for yourself");
  },
  3 * PATIENCE_MS,
);
