import { describe, expect, test } from "vitest";
import type { Facts } from "../../src/domain/facts.ts";
import type { Written } from "../../src/domain/ports.ts";
import { setsSoFar } from "../../src/domain/set-so-far.ts";
import { english } from "../../src/language/english.ts";
import { aPhoto, factsAtGate } from "../store/home.ts";

const lexicon = english();
type Groups = Facts["likeness"]["groups"];
const burst = (...members: number[]): Groups => [
  { tier: "burst", group: Math.min(...members), members, keeper: null, isKeeper: false, reason: "", evidence: {} },
];
const facts = factsAtGate("x.JPG");
const photo = (id: number, groups: Groups = []) => ({
  ...aPhoto({ id }),
  facts: { iptc: facts.iptc, likeness: { groups, elsewhere: [] } },
});
const words = (caption: string, said = caption): Facts["words"] => ({
  ...facts.words,
  caption,
  captioner: "ollama",
  evidence: {
    model: "m",
    digest: "d",
    version: "1",
    prompt: 3,
    shape: 1,
    key: "0".repeat(64),
    visible: [],
    uncertain: [],
    logprob: null,
    doneReason: "stop",
    said,
    tries: [],
  },
  proof: { rules: "r", outcome: "passed", found: [], flaws: [], attempts: [] },
});
const HERON = "Grey heron wading through shallow water at dawn.";
const TRAIN = "A steam train crosses the viaduct above the village.";
const never = async (): Promise<Facts["words"]> => expect.unreachable();

describe("photos that are alike", () => {
  test("are described once, whichever comes first, and the others say whose words they have", async () => {
    const set = setsSoFar(lexicon, () => [])(photo(1));
    let asked = 0;
    const write = async (): Promise<Facts["words"]> => {
      asked += 1;
      return words(HERON);
    };
    const all = [2, 1, 3].map((id) => set.describedOnce(photo(id, burst(1, 2, 3)), "ollama", write));
    expect((await Promise.all(all)).map(({ derivedFrom }) => derivedFrom)).toEqual([null, 2, 2]);
    expect(asked).toBe(1);
  });

  test("get words from before a restart", async () => {
    const before: Written[] = [{ photo: 1, groups: burst(1, 2), words: words(HERON), own: null }];
    const set = setsSoFar(lexicon, () => before)(photo(2));
    expect(await set.describedOnce(photo(2, burst(1, 2)), "ollama", never)).toMatchObject({ derivedFrom: 1 });
  });

  test("are each asked about where the first could not be described", async () => {
    const set = setsSoFar(lexicon, () => [])(photo(1));
    const failing = set.describedOnce(photo(1, burst(1, 2)), "ollama", async () => Promise.reject(new Error("away")));
    const second = set.describedOnce(photo(2, burst(1, 2)), "ollama", async () => words(TRAIN));
    await expect(failing).rejects.toThrow("away");
    expect(await second).toMatchObject({ caption: TRAIN, derivedFrom: null });
  });

  test("do not give on words of before, once they are written about again", async () => {
    const open = setsSoFar(lexicon, () => []);
    await open(photo(1)).describedOnce(photo(1, burst(1, 2)), "ollama", async () => words(HERON));
    expect(await open(photo(1)).describedOnce(photo(1, burst(1, 2)), "ollama", async () => words(TRAIN))).toMatchObject(
      {
        caption: TRAIN,
      },
    );
    expect(await open(photo(2)).describedOnce(photo(2, burst(1, 2)), "ollama", never)).toMatchObject({
      caption: TRAIN,
    });
  });
});

describe("photos that are not alike", () => {
  test("may not say the same: the first keeps its words", () => {
    const set = setsSoFar(lexicon, () => [])(photo(1));
    set.add(photo(1), words(HERON));
    expect(set.flaws(photo(2), words(HERON))).toMatchObject([
      { rule: "BATCH-DUP-CAP", severity: "error", like: 1 },
      { rule: "BATCH-DUP-ALT", severity: "warning" },
      { rule: "BATCH-DUP-KW", severity: "warning" },
    ]);
    expect(set.flaws(photo(2, burst(1, 2)), words(HERON))).toEqual([]);
    // A learned model may call strangers alike.
    const [group = expect.unreachable()] = burst(1, 2);
    expect(set.flaws(photo(2, [{ ...group, tier: "semantic" }]), words(HERON))).toHaveLength(3);
  });

  test("with one and the same answer three times stop the model, and none of the three is believed", async () => {
    const set = setsSoFar(lexicon, () => [])(photo(1));
    const distrusted: (readonly (readonly string[] | undefined)[])[] = [];
    const same = (key: number) => {
      const one = words(HERON, "the same");
      return { ...one, evidence: one.evidence && { ...one.evidence, key: String(key) } };
    };
    const refuse = async (id: number, groups: Groups = []): Promise<void> =>
      set.refuseConstant(photo(id, groups), same(id), async (keys, _, answers) => {
        distrusted.push([keys, answers]);
      });
    await refuse(1, burst(1, 4));
    await refuse(2);
    await refuse(4, burst(1, 4));
    expect(distrusted).toEqual([]);
    await expect(refuse(3)).rejects.toMatchObject({ code: "captioner.constant" });
    await expect(refuse(5)).rejects.toMatchObject({ code: "captioner.constant" });
    // Asked about anew, they are counted anew.
    await refuse(1, burst(1, 4));
    await refuse(2);
    await expect(refuse(3)).rejects.toMatchObject({ code: "captioner.constant" });
    // The third has no words yet that could be forgotten; asked again, it must not have the same answer.
    expect(distrusted.slice(0, 1)).toEqual([
      [
        ["1", "2", "4"],
        ["1", "2", "4", "3"],
      ],
    ]);
  });
});

test("photos that are alike and described as different things are pointed out", () => {
  const set = setsSoFar(lexicon, () => [])(photo(1));
  set.add(photo(1, burst(1, 2)), words(HERON));
  expect(set.flaws(photo(2, burst(1, 2)), words(TRAIN))).toMatchObject([{ rule: "BATCH-UNLIKE", severity: "warning" }]);
});
