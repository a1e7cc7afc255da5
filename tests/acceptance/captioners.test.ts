import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type FakeOllama, MODEL, sighted, startOllama } from "../fakes/ollama.ts";
import { writeJpeg } from "../fixtures/make.ts";
import { type Home, makeHome } from "./home.ts";

vi.setConfig({ testTimeout: 240_000 });

let fake: FakeOllama;
let home: Home;
beforeEach(async () => {
  fake = await startOllama();
  home = makeHome({
    inboxes: [{ path: "inbox", captioner: "ollama" }],
    captioner: { ollama: { hosts: [fake.url], model: MODEL } },
  });
});
afterEach(async () => {
  await home.dispose();
  await fake.close();
});

const drop = async (photos: number): Promise<void> => {
  for (let i = 1; i <= photos; i += 1)
    await writeJpeg(join(home.inbox, "2026-10 Gulls, Texel", `DSC_000${i}.JPG`), {
      seed: i,
      width: 1_200,
      height: 900,
      takenAt: `2026:10:14 08:00:0${i}`,
    });
};
const becomes = async (state: string): Promise<string> => {
  const { sets } = await home.until(
    () => home.json("list"),
    ({ sets: now }) => now[0]?.state === state,
    `a set that is ${state}`,
    100_000,
  );
  return sets[0]?.id ?? "";
};
const photosAsked = () => fake.asked.filter(({ isTestCard }) => !isTestCard);

test("a set whose inbox says so has a model's words, and doing them again asks nothing", async () => {
  await drop(2);
  await home.start();
  const set = await becomes("ready");
  const { photos } = await home.json("list", set);
  expect(photos.map(({ captioner }) => captioner)).toEqual(["ollama", "ollama"]);
  expect(fake.complaints).toEqual([]);
  expect(photosAsked().map(({ facts }) => facts)).toMatchObject(
    Array(2).fill({ subject: "Gulls", location: "Texel", month: "October", people: [] }),
  );
  const asked = fake.asked.length;
  await home.cli("rewind", set, "--to", "words");
  await becomes("ready");
  expect(fake.asked).toHaveLength(asked);
});

test("a model that is missing holds the set; pulled by its name, it goes on by itself", async () => {
  fake.models.splice(0);
  await drop(1);
  await home.start();
  const set = await becomes("held");
  const { problems } = await home.json("problems");
  expect(JSON.stringify(problems)).toContain("captioner.no-model");
  expect(JSON.stringify(problems)).toContain("photogate model pull NAME");
  expect(fake.requests).not.toContain("/api/pull");

  const { code, out, err } = await home.cli("model", "pull", MODEL);
  expect([code, err]).toEqual([
    0,
    [
      "pulling manifest",
      "pulling 1a2b 0 % of 4 MB",
      "pulling 1a2b 50 % of 4 MB",
      "pulling 1a2b 100 % of 4 MB",
      "success",
    ]
      .map((line) => `${fake.url}: ${line}\n`)
      .join(""),
  ]);
  expect(out).toContain(`${MODEL} is there.`);
  await home.cli("retry", set);
  await becomes("ready");
  expect(photosAsked()).toHaveLength(1);
});

test("a blind model holds the set, and the log names what it is not to be believed", async () => {
  fake.answer = (asked) => sighted({ ...asked, isTestCard: false });
  await drop(1);
  await home.start();
  await becomes("held");
  expect(JSON.stringify((await home.json("problems")).problems)).toContain("captioner.blind");
  expect(photosAsked()).toEqual([]);
});
