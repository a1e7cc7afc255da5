import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { SubjectFacts } from "../../src/domain/facts.ts";
import { Fault } from "../../src/domain/fault.ts";
import type { Identified } from "../../src/domain/identification.ts";
import { kindsWith } from "../../src/domain/kinds.ts";
import type { SetContext } from "../../src/domain/photo.ts";
import type { Captioner } from "../../src/domain/ports.ts";
import type { SetStage } from "../../src/domain/stage.ts";
import { english } from "../../src/language/english.ts";
import { subject } from "../../src/stages/subject.ts";
import { aPhoto, factsAtGate } from "../store/home.ts";

const lexicon = english();
const { look } = factsAtGate("x");

/** Photos of one number show the same picture: so alike that only one of them is asked about. */
const photo = (
  id: number,
  show = id,
  context: SetContext = { folder: "nature", subject: "Heron", captioner: "ollama" },
) =>
  aPhoto({
    id,
    dir: `/home/set/${id}`,
    context,
    facts: {
      look: {
        ...look,
        thumb: Buffer.from(Int8Array.from({ length: 256 }, (_, i) => (i % 8 === show ? 127 : -18)).buffer).toString(
          "base64",
        ),
      },
      likeness: { groups: [], elsewhere: [] },
    },
  });

const seen = (generic: string, over: Partial<Identified> = {}): Identified => ({
  generic,
  specific: null,
  specificity: "low",
  category: "bird",
  people: "0",
  visibleText: [],
  setting: "water",
  by: { model: "m", digest: "d", version: "1", prompt: 1, key: "0".repeat(64) },
  ...over,
});

const blind: Pick<Captioner, "name" | "identify"> = { name: "template" };
const stageWith = (identify: NonNullable<Captioner["identify"]>, identifyMs = 60_000): SetStage =>
  subject({
    captioners: { template: blind, ollama: { name: "ollama", identify }, openai: blind },
    kinds: kindsWith([]),
    lexicon,
    identifyMs,
  });
const run = async (
  stage: SetStage,
  photos: readonly ReturnType<typeof photo>[],
  signal = new AbortController().signal,
) =>
  new Map(
    [...(await stage.run(photos, { signal, dir: "/home/set/subject", now: () => 1 }))].map(([id, outcome]) => {
      if (outcome.kind !== "done") throw new Error("culled");
      return [id, SubjectFacts.parse(outcome.facts)] as const;
    }),
  );
const four = [photo(1), photo(2, 1), photo(3), photo(4, 1)];

describe("what a set shows", () => {
  test("is asked of the photos that are least alike, by their previews for models, and of nothing else", async () => {
    const asked: string[] = [];
    const facts = await run(
      stageWith(async ({ picture, ...rest }) => {
        asked.push(picture.file);
        expect(rest).toEqual({ model: undefined });
        return seen("heron");
      }),
      four,
    );
    expect(asked).toEqual([1, 3].map((id) => join(`/home/set/${id}`, look.previews.model.file)));
    expect(facts.get(4)).toMatchObject({
      subject: "Heron",
      source: "context",
      suggestion: { generic: "Heron", share: 1, frames: [1, 3] },
      conflict: false,
      mixed: null,
      seen: null,
    });
    expect(facts.get(3)?.seen?.generic).toBe("heron");
  });

  test("never takes the place of what the photographer said, or of what they did not", async () => {
    const gull = stageWith(async () => seen("gull"));
    expect((await run(gull, [photo(1)])).get(1)).toMatchObject({ subject: "Heron", conflict: true });
    const unsaid = photo(1, 1, { folder: "nature", captioner: "ollama" });
    expect((await run(gull, [unsaid])).get(1)).toMatchObject({ subject: null, source: "none", conflict: false });
  });

  test("is not asked where words come from a template, or nobody is to be asked", async () => {
    const never: NonNullable<Captioner["identify"]> = async () => expect.unreachable();
    const plain = photo(1, 1, { folder: "nature", subject: "Heron" });
    for (const [stage, one] of [
      [stageWith(never), plain],
      [stageWith(never, 0), photo(1)],
    ] as const)
      expect((await run(stage, [one])).get(1)).toMatchObject({ subject: "Heron", suggestion: null, silence: null });
  });

  test("is not known while the model is away, and the set goes on", async () => {
    const away = stageWith(async () => {
      throw new Fault("captioner.unreachable", "connect ECONNREFUSED");
    });
    expect((await run(away, four)).get(1)).toMatchObject({
      subject: "Heron",
      suggestion: null,
      silence: "connect ECONNREFUSED (captioner.unreachable)",
    });
  });

  test("is what was seen until the model failed", async () => {
    const answers = [seen("heron")];
    const failing = stageWith(async () => {
      const answer = answers.shift();
      if (answer === undefined) throw new Fault("captioner.failed", "CUDA error");
      return answer;
    });
    expect((await run(failing, four)).get(1)).toMatchObject({
      suggestion: { generic: "Heron", frames: [1] },
      silence: null,
    });
  });

  test("is waited for no longer than the settings say", async () => {
    const slow = stageWith(
      async (_, signal) =>
        new Promise((_resolve, reject) =>
          signal.addEventListener("abort", () => reject(signal.reason), { once: true }),
        ),
      20,
    );
    expect((await run(slow, four)).get(1)).toMatchObject({ suggestion: null, silence: "no answer within 0.02 s" });
  });

  test("is dropped when the set is described anew: one question is under way, and it ends", async () => {
    const described = new AbortController();
    let underWay = 0;
    const asked = vi.fn<NonNullable<Captioner["identify"]>>(async (_, signal) => {
      underWay += 1;
      expect(underWay).toBe(1);
      described.abort(new Error("described anew"));
      signal.throwIfAborted();
      return seen("heron");
    });
    await expect(run(stageWith(asked), four, described.signal)).rejects.toThrow("described anew");
    expect(asked).toHaveBeenCalledOnce();
  });

  test("is dropped then even where the server calls it a fault", async () => {
    const described = new AbortController();
    const hungUp = stageWith(async () => {
      described.abort(new Error("described anew"));
      throw new Fault("captioner.failed", "socket closed");
    });
    await expect(run(hungUp, four, described.signal)).rejects.toThrow("described anew");
  });

  test("a bug is no silence", async () => {
    const broken = stageWith(async () => {
      throw new TypeError("x is not a function");
    });
    await expect(run(broken, four)).rejects.toThrow(TypeError);
  });

  test("of two things puts each photo with the one it is most like", async () => {
    const mixed = stageWith(async ({ picture: { file } }) =>
      file.includes("/1/") ? seen("heron") : seen("airliner", { category: "aircraft" }),
    );
    const facts = await run(mixed, four);
    expect(facts.get(1)).toMatchObject({
      suggestion: null,
      silence: "no majority of the photos shows one thing",
      mixed: [
        { subject: "Heron", photos: [1] },
        { subject: "Airliner", photos: [3] },
      ],
    });
    expect([1, 2, 3, 4].map((id) => facts.get(id)?.part)).toEqual(["Heron", "Heron", "Airliner", "Heron"]);
  });
});

describe("what can be read in a photo", () => {
  test("can be read in others of the same scene, and in no others", async () => {
    const group = (id: number) => ({
      tier: "burst" as const,
      group: 1,
      members: [1, 2],
      keeper: 1,
      isKeeper: id === 1,
      reason: "",
      evidence: {},
    });
    const inBurst = [1, 2].map((id) => {
      const one = photo(id, 1);
      return { ...one, facts: { ...one.facts, likeness: { groups: [group(id)], elsewhere: [] } } };
    });
    const facts = await run(
      stageWith(async ({ picture: { file } }) => seen("boat", { visibleText: file.includes("/1/") ? ["TX 19"] : [] })),
      [...inBurst, photo(3)],
    );
    expect([1, 2, 3].map((id) => facts.get(id)?.readable)).toEqual([["TX 19"], ["TX 19"], []]);
  });
});

describe("the kind of a set", () => {
  test("goes into its facts with what hangs on it", async () => {
    const stage = stageWith(async () => seen("heron"));
    const heron = photo(1, 1, { folder: "nature", subject: "Grey heron", kind: "wildlife" });
    expect((await run(stage, [heron])).get(1)?.kind).toMatchObject({
      name: "wildlife",
      genre: "wildlife",
      aliases: ["bird", "animal"],
      setAside: ["CAP-RELATION"],
    });
    const unknown = photo(1, 1, { folder: "nature", kind: "wildlive" });
    expect((await run(stage, [unknown])).get(1)?.kind).toBeNull();
  });
});
