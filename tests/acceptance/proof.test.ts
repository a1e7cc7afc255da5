import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Asked, type FakeOllama, MODEL, type Mode, replyText, sighted, startOllama } from "../fakes/ollama.ts";
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

const keywords = ["gull", "bird", "coast", "post", "feather", "water", "sky", "wing", "beak", "shore"];
const good = replyText({
  visible: ["two gulls", "a wooden post", "the coast"],
  caption: "Two gulls stand on a wooden post on the coast of Texel under a pale sky.",
  alt: "Two white birds side by side above grey water.",
  keywords,
});
/** What the model says of the photos: well, the same again, with praise, and of a place nobody named. Asked again, it insists. */
const SAID = [
  good,
  good,
  replyText({
    visible: ["a gull", "the water", "a breaking wave"],
    caption: "A stunning gull glides low over a breaking wave near Texel.",
    alt: "White bird with spread wings close to rolling water.",
    keywords: ["gull", "wave", "water", "bird", "wing", "breaking wave", "spread wing", "white bird", "rolling water"],
  }),
  replyText({
    visible: ["gulls", "a roof"],
    caption: "Several gulls rest on a tiled roof in Paris while the light fades.",
    alt: "Row of white birds along the ridge of a house in Paris.",
    keywords: ["gull", "roof", "tile", "ridge", "house", "chimney", "evening", "row", "flock", "rest"],
  }),
];

const drop = async (): Promise<void> => {
  for (let i = 1; i <= SAID.length; i += 1)
    await writeJpeg(join(home.inbox, "2026-10 Gulls, Texel", `DSC_000${i}.JPG`), {
      seed: i,
      width: 1_200,
      height: 900,
      takenAt: `2026:10:14 08:0${i}:00`,
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

/** The same picture is answered the same, however often it is asked about. */
const scripted = () => {
  const pictures: string[] = [];
  return (asked: Asked): Mode => {
    if (asked.isTestCard) return sighted(asked);
    const { messages } = asked.body as { messages: { images?: string[] }[] };
    const picture = messages.at(-1)?.images?.[0] ?? "";
    if (!pictures.includes(picture)) pictures.push(picture);
    return { text: SAID[pictures.indexOf(picture)] ?? replyText() };
  };
};

interface Written {
  readonly summary: string;
  readonly tally: Readonly<Record<string, number>>;
  readonly review: Readonly<Record<string, unknown>>;
  readonly effort: { readonly model: unknown; readonly mixed: unknown };
  readonly attempts: { readonly by: Readonly<Record<string, { readonly accepted: number; readonly refused: number }>> };
}

test("the proof follows a set from the gate to the site, and is the same whoever makes it", async () => {
  fake.answer = scripted();
  await drop();
  await home.start();
  const set = await becomes("ready");
  const folder = join(home.path, "data", "proofs", set);
  const written = (): string =>
    existsSync(join(folder, "proof.json")) ? readFileSync(join(folder, "proof.json"), "utf8") : "null";
  const proved = async (fits: (proof: Written | null) => boolean): Promise<Written> => {
    const proof = await home.until(async (): Promise<Written | null> => JSON.parse(written()), fits, "a proof");
    if (proof === null) throw new Error("no proof");
    return proof;
  };

  const atGate = await proved((proof) => proof !== null);
  expect(atGate.summary).toBe("1 passed, 1 repaired, 1 repaired in part, 1 blocked");
  expect(atGate.review).toMatchObject({ undecided: 4, approved: 0 });
  expect(atGate.attempts.by["rule"]?.accepted).toBeGreaterThan(0);
  expect((await home.cli("proof", set, "--json")).out).toBe(written());
  expect((await home.cli("logs")).out).toContain(atGate.summary);

  const { photos } = await home.json("list", set);
  const passed = photos.find(({ outcome }) => outcome === "passed");
  const blocked = photos.find((row) => row.blocked);
  const rules = [...new Set(blocked?.flaws.flatMap(({ rule, severity }) => (severity === "error" ? [rule] : [])))];
  const overruled = rules.map((rule) => ({ rule, reason: "two of one moment" }));
  const edit = (photo: number | undefined, field: string, to: unknown, seq: number) => ({
    ...{ id: `e${seq}`, client: "test", seq, gesture: `g${seq}`, photo, field, to, baseRev: 1_000 },
  });
  await home.post(`/api/sets/${set}/ops`, {
    ops: [
      edit(passed?.id, "caption", "Two gulls stand on a wooden post on the shore of Texel under a pale sky.", 1),
      edit(blocked?.id, "overruled", overruled, 2),
    ],
  });
  expect((await home.cli("proof", set, "--json")).out).not.toBe(written());
  await home.cli("approve", set);
  await home.cli("publish", set, "--yes");
  await becomes("done");
  const atEnd = await proved((proof) => proof?.review["published"] === 4);
  expect(atEnd.summary).toBe("1 passed, 1 repaired, 1 repaired in part, 1 put right by you, 0 blocked");
  expect(atEnd.review).toMatchObject({ approved: 4, accepted: 3, corrected: 1, edited: { caption: 1 } });
  expect(atEnd.review["overruled"]).toMatchObject([{ photo: blocked?.id, reason: "two of one moment" }]);
  // Which of the four has the template in part depends on who was asked about first.
  expect(atEnd.effort.model).toMatchObject({ light: 1, heavy: 0 });

  const page = readFileSync(join(folder, "proof.md"), "utf8");
  await home.stop();
  const bytes = written();
  expect((await home.cli("proof", set, "--json")).out).toBe(bytes);
  expect((await home.cli("proof", set)).out).toBe(page);
  const out = join(home.path, "elsewhere");
  expect((await home.cli("proof", set, "--out", out)).out).toContain(atEnd.summary);
  expect(readdirSync(out).sort()).toEqual(["proof.json", "proof.md"]);
  expect(readFileSync(join(out, "proof.json"), "utf8")).toBe(bytes);

  const one = await home.cli("proof", passed?.file ?? "");
  for (const said of ["it says it sees: two gulls", `model ${MODEL}`, "You changed: caption; effort 0."])
    expect(one.out).toContain(said);
  const unknown = await home.cli("proof", "DSC_9999.JPG");
  expect([unknown.code, unknown.err]).toEqual([1, expect.stringContaining("proof.unknown")]);
});
