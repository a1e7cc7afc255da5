/** A model that goes blind after its last photo, through the built daemon: its words are taken back, whenever it is killed. */
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Asked, type FakeOllama, MODEL, type Mode, replyText, sighted, startOllama } from "../fakes/ollama.ts";
import { scripted } from "../fakes/scripted.ts";
import { writeJpeg } from "../fixtures/make.ts";
import { type Home, makeHome } from "./home.ts";

vi.setConfig({ testTimeout: 240_000 });

const BLIND: Mode = { text: replyText({ caption: "A beautiful bird sits on a branch in the evening light." }) };
/** The opening of every answer: whether the way of asking works, and whether it sees. */
const OPENING = 2;

/** Other words for each picture: the same for two would be blocked. */
const seeing = scripted(["good"]);

let fake: FakeOllama;
let home: Home;
let cards: number;
let last: PromiseWithResolvers<Mode>;
beforeEach(async () => {
  fake = await startOllama();
  cards = 0;
  last = Promise.withResolvers();
  fake.answer = (asked: Asked) => {
    if (!asked.isTestCard) return seeing(asked);
    cards += 1;
    return cards > OPENING ? last.promise : sighted(asked);
  };
  home = makeHome({
    inboxes: [{ path: "inbox", captioner: "ollama" }],
    // Cards are counted here: what a set shows is not asked.
    captioner: { identifySeconds: 0, ollama: { hosts: [fake.url], model: MODEL } },
  });
  for (const i of [1, 2])
    await writeJpeg(join(home.inbox, "2026-10 Gulls, Texel", `DSC_000${i}.JPG`), {
      seed: i,
      width: 1_200,
      height: 900,
      takenAt: `2026:10:14 08:00:0${i}`,
    });
  await home.start();
});
afterEach(async () => {
  last.resolve(BLIND);
  await home.dispose();
  await fake.close();
});

const becomes = async (state: string) => {
  const { sets } = await home.until(
    () => home.json("list"),
    ({ sets: now }) => now[0]?.state === state,
    `a set that is ${state}`,
    100_000,
  );
  if (sets[0] === undefined) throw new Error("no set");
  return sets[0];
};
const rows = async (set: string) => (await home.json("list", set)).photos;
/** The second photo is approved, the first has a caption of a person's. */
const reviewed = async (): Promise<string> => {
  const { id } = await becomes("ready");
  const [first, second] = await rows(id);
  const op = { client: "c", gesture: "g", baseRev: 1_000 };
  await home.post(`/api/sets/${id}/ops`, {
    ops: [
      {
        ...op,
        id: "1",
        seq: 1,
        photo: first?.id,
        field: "caption",
        to: "A gull I know stands on the grey beach at low tide.",
      },
      { ...op, id: "2", seq: 2, photo: second?.id, field: "verdict", to: "approved", seen: second?.hash },
    ],
  });
  expect((await rows(id)).map(({ verdict }) => verdict)).toEqual([null, "approved"]);
  return id;
};
const isTakenBack = async (id: string): Promise<void> => {
  const held = await becomes("held");
  expect(held.hold?.code).toBe("captioner.blind");
  expect(held.rewritten).toEqual({ photos: 2, approvals: 1 });
  expect((await rows(id)).map(({ verdict, hash }) => [verdict, hash])).toEqual(Array(2).fill([null, null]));
  fake.answer = seeing;
  await home.cli("retry", id);
  const again = await becomes("ready");
  const photos = await rows(id);
  expect(photos.map(({ captioner, verdict }) => [captioner, verdict])).toEqual(Array(2).fill(["ollama", null]));
  expect(photos[0]?.caption).toBe("A gull I know stands on the grey beach at low tide.");
  expect(again.counts.undecided).toBe(2);
};

test("a model that fails its card after the last photo has its words taken back, and approvals of them; edits stay", async () => {
  const id = await reviewed();
  last.resolve(BLIND);
  await isTakenBack(id);
});

test("killed before the card was answered, the next start asks for one, and takes the words back", async () => {
  const id = await reviewed();
  await home.stop("SIGKILL");
  last.resolve(BLIND);
  await home.start();
  await isTakenBack(id);
});
