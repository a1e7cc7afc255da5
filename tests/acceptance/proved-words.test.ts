/** What becomes of what models say, good and bad, through the built daemon: every outcome there is, and a gate that holds. */
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Asked, type FakeOllama, MODEL, replyText, sighted, startOllama } from "../fakes/ollama.ts";
import { type Manner, scripted } from "../fakes/scripted.ts";
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
      seed: 10 * i,
      width: 1_200,
      height: 900,
      takenAt: `2026:10:14 0${i}:00:00`,
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

const rowsOf = async (set: string) => (await home.json("list", set)).photos;

test("a model that is good, weak, half-hearted, wrong and repetitive leaves rows of every outcome; what is blocked stays so", async () => {
  const manners: Manner[] = ["good", "weak", "half", "wrong", "repetitive", "repetitive", "wrong"];
  fake.answer = scripted(manners);
  await drop(manners.length);
  await home.start();
  const set = await becomes("ready");
  const rows = await rowsOf(set);
  // In which order they are asked about is chance; how many come to what is not.
  expect(rows.map(({ outcome }) => outcome).sort()).toEqual([
    "blocked",
    "blocked",
    "partially-repaired",
    "partially-repaired",
    "passed",
    "repaired",
    "repaired",
  ]);
  expect(fake.complaints).toEqual([]);
  for (const { outcome, flaws, attempts, blocked } of rows) {
    expect(blocked).toBe(outcome === "blocked");
    expect(flaws.some(({ severity }) => severity === "error")).toBe(blocked);
    if (outcome === "repaired") expect(attempts.map(({ accepted }) => accepted)).toContain(true);
  }
  const clean = rows.filter(({ outcome }) => outcome === "passed" || outcome === "repaired");
  expect(JSON.stringify(clean.map(({ caption, altText, keywords }) => [caption, altText, keywords]))).not.toMatch(
    /Francisco|Golden|bridge/i,
  );

  const { out } = await home.cli("approve", set);
  expect(out).toContain("review.blocked");
  expect((await rowsOf(set)).map(({ verdict, outcome }) => [outcome === "blocked", verdict])).toEqual(
    rows.map(({ outcome }) => (outcome === "blocked" ? [true, null] : [false, "approved"])),
  );
});

describe("a model that is not to be believed is stopped, and no row of it reaches the gate:", () => {
  const stopped = async (code: string): Promise<void> => {
    await drop(4);
    await home.start();
    const set = await becomes("held");
    expect(JSON.stringify((await home.json("problems")).problems)).toContain(code);
    expect((await rowsOf(set)).map(({ caption, hash, outcome }) => [caption, hash, outcome])).toEqual(
      Array(4).fill([null, null, null]),
    );
    const { out } = await home.cli("approve", set);
    expect(out).toContain("0 photos would be approved");
  };

  test("one that is blind from the first", async () => {
    fake.answer = () => ({ text: replyText({ caption: "A beautiful bird sits on a branch in the evening light." }) });
    await stopped("captioner.blind");
  });

  test("one that sees cards and says the same of every photo", async () => {
    fake.answer = (asked: Asked) =>
      asked.isTestCard
        ? sighted(asked)
        : {
            text: replyText({
              caption: "Gulls stand on wet sand beside a line of foam on Texel.",
              keywords: ["gull", "sand"],
            }),
          };
    await stopped("captioner.constant");
  });
});
