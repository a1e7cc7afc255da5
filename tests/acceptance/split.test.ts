/** A set that shows two things, through the built daemon and a model that sees both: split by a person, and killed right after. */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { type Asked, type FakeOllama, identificationText, MODEL, startOllama } from "../fakes/ollama.ts";
import { scripted } from "../fakes/scripted.ts";
import { writeJpeg } from "../fixtures/make.ts";
import { type Home, makeHome } from "./home.ts";

vi.setConfig({ testTimeout: 240_000 });

let fake: FakeOllama;
let home: Home;
afterEach(async () => {
  await home?.dispose();
  await fake?.close();
});

/** The first picture it is shown blind is a gull to it, the second a boat; to those it is shown later it says gull again. */
function twoThings(): (asked: Asked) => ReturnType<FakeOllama["answer"]> {
  const shown: string[] = [];
  const words = scripted(["good"]);
  return (asked) => {
    if (!asked.isBlind) return words(asked);
    const picture = createHash("sha256").update(JSON.stringify(asked.body["messages"])).digest("hex");
    if (!shown.includes(picture)) shown.push(picture);
    const isBoat = shown.indexOf(picture) === 1;
    return {
      text: identificationText(
        isBoat ? { generic: "boat", category: "vehicle" } : { generic: "gull", category: "bird" },
      ),
    };
  };
}

const setsNow = async () => (await home.json("list")).sets;
const photosOf = async (set: string) => (await home.json("list", set)).photos;

test("a part becomes a set of its own; killed right after, both go on, and approvals of the others hold", async () => {
  fake = await startOllama();
  fake.answer = twoThings();
  home = makeHome({
    inboxes: [{ path: "inbox", captioner: "ollama" }],
    captioner: { ollama: { hosts: [fake.url], model: MODEL } },
  });
  for (const i of [1, 2, 3, 4])
    await writeJpeg(join(home.inbox, "2026-10 Gulls, Texel", `DSC_000${i}.JPG`), {
      seed: i * 7,
      takenAt: `2026:10:14 08:00:0${i}`,
    });
  await home.start();
  await home.until(setsNow, ([set]) => set?.state === "ready", "the set at the gate", 100_000);
  const set = "2026-10-gulls-texel";
  const lines = (await home.cli("split", set)).out.split("\n");
  const [boats = 0] = /Boat: photos ([\d,]+)/.exec(lines.join(" "))?.[1]?.split(",").map(Number) ?? [];
  const before = await photosOf(set);
  const stays = before.find(({ id }) => !lines.some((line) => line.includes("Boat") && line.includes(String(id))));
  expect([boats > 0, stays !== undefined]).toEqual([true, true]);
  await home.post(`/api/sets/${set}/ops`, {
    ops: [
      {
        id: "1",
        client: "c",
        seq: 1,
        gesture: "g",
        baseRev: 1_000,
        photo: stays?.id,
        field: "verdict",
        to: "approved",
        seen: stays?.hash,
      },
    ],
  });

  const refused = await home.cli("split", set, "--part", "Seal", "--yes");
  expect(refused.err).toContain("set.unsplittable");
  const done = await home.cli("split", set, "--part", "Boat", "--yes");
  expect(done.out).toMatch(/photos? of 2026-10-gulls-texel (is|are) 2026-10-gulls-texel-boat now/);
  await home.stop("SIGKILL");
  await home.start();

  const areReady = (sets: Awaited<ReturnType<typeof setsNow>>) =>
    sets.length === 2 && sets.every(({ state }) => state === "ready" || state === "in_review");
  const sets = await home.until(setsNow, areReady, "both sets at the gate", 100_000);
  expect(sets.map(({ id, follows, splitOff }) => [id, follows?.id, splitOff])).toEqual([
    [set, undefined, false],
    [`${set}-boat`, set, true],
  ]);
  const [stayed, gone] = [await photosOf(set), await photosOf(`${set}-boat`)];
  expect([...stayed, ...gone].map(({ id }) => id).toSorted()).toEqual(before.map(({ id }) => id).toSorted());
  // What stays has its name and its approval; what went has a name of its subject, and its old one is free.
  const kept = await home.until(
    () => photosOf(set),
    (rows) => rows.every(({ hash }) => hash !== null),
    "the others, judged anew",
  );
  const nameOf = (id: number) => before.find((row) => row.id === id)?.name;
  expect(kept.map(({ id, name }) => [id, name])).toEqual(kept.map(({ id }) => [id, nameOf(id)]));
  expect(kept.find(({ id }) => id === stays?.id)?.verdict).toBe("approved");
  expect(gone.map(({ name, subject }) => [name?.split("_")[0], subject])).toEqual(gone.map(() => ["Boat", "Boat"]));
  const late = await home.cli("split", `${set}-boat`, "--photos", gone.map(({ id }) => id).join(","));
  expect(late.err).toContain("set.unsplittable");
});
