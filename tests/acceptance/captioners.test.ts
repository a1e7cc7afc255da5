import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type FakeOllama, identificationText, MODEL, sighted, startOllama } from "../fakes/ollama.ts";
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
/** Not those about what the set shows, nor second tries at words that are against the rules. */
const photosAsked = () =>
  fake.asked.filter(({ isTestCard, isBlind, again }) => !isTestCard && !isBlind && again === null);

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

describe("a set that waits for a model that is missing", () => {
  const missing = async (photos: number): Promise<string> => {
    fake.models.splice(0, 1, { name: "gemma4:e4b", digest: "g" });
    await drop(photos);
    await home.start();
    const set = await becomes("held");
    const { problems } = await home.json("problems");
    expect(JSON.stringify(problems)).toContain("it has gemma4:e4b");
    for (const way of ["model pull NAME", "--captioner template", "--model OTHER", "rollback SET"])
      expect(JSON.stringify(problems)).toContain(way);
    return set;
  };

  test("goes on with the template's words when a person says so, marked as such, and stays so after a restart", async () => {
    const set = await missing(2);
    const { code, out } = await home.cli("describe", set, "--captioner", "template");
    expect([code, out]).toEqual([0, expect.stringContaining("captioner  template\n")]);
    await becomes("ready");
    const { photos } = await home.json("list", set);
    expect(photos.map(({ captioner, caption }) => [captioner, caption])).toEqual(
      Array(2).fill(["template", "Gulls, Texel, 14 October 2026."]),
    );
    expect(fake.asked).toEqual([]);
    await home.stop();
    await home.start();
    expect((await home.cli("describe", set)).out).toContain("captioner  template\n");
  });

  test("asks the model a person names in its place", async () => {
    const set = await missing(1);
    const { out } = await home.cli("describe", set, "--model", "gemma4:e4b");
    expect(out).toContain("captioner  ollama, model gemma4:e4b\n");
    await becomes("ready");
    expect(fake.asked.map(({ body }) => body["model"])).toEqual(Array(fake.asked.length).fill("gemma4:e4b"));
    expect((await home.json("list", set)).photos.map(({ captioner }) => captioner)).toEqual(["ollama"]);
  });

  test("is rolled back: its files stay in the inbox, nothing of it is kept, and it can be started again", async () => {
    const set = await missing(2);
    const before = readdirSync(join(home.inbox, "2026-10 Gulls, Texel"));
    expect((await home.cli("rollback", set)).code).toBe(0);
    expect((await home.json("list")).sets).toEqual([]);
    expect(readdirSync(join(home.inbox, "2026-10 Gulls, Texel"))).toEqual(before);
    fake.models.push({ name: MODEL, digest: "d1" });
    await home.cli("start-again", set);
    const again = await becomes("ready");
    expect((await home.json("list", again)).photos).toHaveLength(2);
  });
});

test("a blind model holds the set, and the log names what it is not to be believed", async () => {
  fake.answer = (asked) => sighted({ ...asked, isTestCard: false });
  await drop(1);
  await home.start();
  await becomes("held");
  expect(JSON.stringify((await home.json("problems")).problems)).toContain("captioner.blind");
  expect(photosAsked()).toEqual([]);
});

test("what a model saw that was told nothing is offered beside the photographer's word, and is theirs to take", async () => {
  fake.answer = (asked) =>
    asked.isBlind
      ? {
          text: identificationText({ generic: "heron", specific: "grey heron", specificity: "high", category: "bird" }),
        }
      : sighted(asked);
  await drop(2);
  await home.start();
  const set = await becomes("ready");
  expect(fake.complaints).toEqual([]);
  expect(fake.asked.filter(({ isBlind }) => isBlind)).toHaveLength(2);
  const { out } = await home.cli("describe", set);
  expect(out).toContain("subject    Gulls");
  expect(out).toContain(`suggested  Grey heron (2 of 2 photos, by ${MODEL}); --suggested takes it`);
  expect(out).toContain("SUBJ-CONFLICT");

  await home.cli("describe", set, "--suggested", "--kind", "wildlife", "--event", "Texel Bird Week", "--yes");
  await home.until(
    () => home.cli("describe", set),
    ({ out: now }) => now.includes("subject    Grey heron") && !now.includes("SUBJ-"),
    "a set of another subject",
  );
  await becomes("ready");
  expect(photosAsked().at(-1)?.facts).toMatchObject({
    subject: "Grey heron",
    event: "Texel Bird Week",
    genre: "wildlife",
    keywords: expect.arrayContaining(["plumage"]),
  });
  expect(fake.asked.filter(({ isBlind }) => isBlind)).toHaveLength(2);
  const none = await home.cli("describe", set, "--suggested");
  expect([none.code === 0, none.err]).toEqual([false, expect.stringContaining("set.no-suggestion")]);
});

test("a model that is missing is waited for with the words, never with what a set shows", async () => {
  fake.models.splice(0);
  await drop(1);
  await home.start();
  const set = await becomes("held");
  const { sets } = await home.json("list");
  expect(JSON.stringify(sets[0])).toContain('"stage":"words"');
  expect((await home.cli("describe", set)).out).toMatch(/suggested {2}nothing: .*captioner\.no-model/);
});
