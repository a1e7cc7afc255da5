import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Drop } from "../../src/domain/photo.ts";
import type { PhotoId, SetId } from "../../src/domain/words.ts";
import { english } from "../../src/language/english.ts";
import { driveSet } from "../../src/pipeline/drive.ts";
import { rewind, rollBack } from "../../src/pipeline/rewind.ts";
import { ROLLING_BACK } from "../../src/store/checkpoints.ts";
import { openStore, type Store } from "../../src/store/store.ts";
import { commit, hand, op, publishFacts, reviewFacts, shot } from "../store/home.ts";
import { fakeStages, type Script } from "./fake-stages.ts";

let home: string;
let store: Store;
let set: SetId;
let photos: PhotoId[];
let calls: string[];
let given: Drop;
let gone: string[];
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), "photogate-rewind-"));
  store = openStore(home, 1, english());
  const folder = join(home, "inbox", "Gulls");
  mkdirSync(folder, { recursive: true });
  for (const name of ["1.JPG", "2.JPG"]) writeFileSync(join(folder, name), name);
  given = {
    inbox: join(home, "inbox"),
    folder,
    name: "Gulls",
    context: { subject: "Gulls", folder: "nature" },
    shots: ["1.JPG", "2.JPG"].map((name) => shot(join(folder, name))),
  };
  calls = [];
  gone = [];
  set = await takenIn();
});
afterEach(() => {
  store.close();
  rmSync(home, { recursive: true });
});

/** Each stage leaves a file in its folder; the name stage reserves in the real ledger. */
const script = (): Script => ({
  on: async (stage, photo, _, dir) => {
    if (stage !== "likeness" && stage !== "name") {
      mkdirSync(dir, { recursive: true });
      writeFileSync(join(dir, "work"), stage);
    }
    if (stage !== "name") return undefined;
    return { kind: "done", facts: { name: store.names.reserve(photo, "Gulls"), shortened: false } };
  },
  undo: async (stage, photo) => {
    if (stage === "name") store.names.release(photo.id);
  },
});
const tools = (how = script()) => ({
  stages: fakeStages(how, calls),
  store,
  clock: { now: () => 100, elapsed: () => 100 },
  announce: () => undefined,
  gone: async () => gone,
  width: 2,
});
async function takenIn(): Promise<SetId> {
  const id = store.sets.open(given, 5)?.id ?? "";
  photos = store.sets.photos(id).map((photo) => photo.id);
  await driveSet(id, tools(), new AbortController().signal);
  return id;
}
const dirs = (): string[] => photos.map((photo) => join(home, "work", String(photo)));
const names = (): (string | undefined)[] => photos.map((photo) => store.names.of(photo));
const undone = (): string[] => calls.filter((call) => call.startsWith("undo"));

describe("a rewind", () => {
  test("undoes from the newest stage back, forgets the facts, and empties the folders of those stages only", async () => {
    calls = [];
    await rewind(set, "words", tools());
    expect(undone()).toEqual(["name", "words"].flatMap((stage) => photos.map((photo) => `undo ${stage} ${photo}`)));
    expect(names()).toEqual([undefined, undefined]);
    for (const dir of dirs()) {
      expect(existsSync(join(dir, "words"))).toBe(false);
      expect(readFileSync(join(dir, "look", "work"), "utf8")).toBe("look");
    }
    expect(Object.keys(store.sets.photo(photos[0] ?? 0)?.facts ?? {}).sort()).toEqual(["likeness", "look", "validate"]);
  });

  test("is followed by the same result as before", async () => {
    const before = store.sets.photos(set).map(({ facts }) => facts);
    await rewind(set, "validate", tools());
    expect(store.sets.photos(set).map(({ facts }) => facts)).toEqual([{}, {}]);
    await driveSet(set, tools(), new AbortController().signal);
    expect(store.sets.photos(set).map(({ facts }) => facts)).toEqual(before);
  });

  test("takes the whole set along where a set stage lies on the way", async () => {
    await rewind(set, "words", tools(), [photos[0] ?? 0]);
    expect(store.sets.photos(set).map(({ facts }) => facts.words)).toEqual([undefined, undefined]);
  });

  test("lifts a hold and voids approvals", async () => {
    store.checkpoints.hold(set, { stage: "words", code: "context.invalid", why: "x", retryAt: null, at: 1 });
    store.desk.apply(set, [op(photos[0] ?? 0, "verdict", "held"), op(photos[1] ?? 0, "verdict", "rejected")], hand);
    await rewind(set, "name", tools());
    expect(store.checkpoints.holdOf(set)).toBeUndefined();
    expect(store.sets.counts(set)).toMatchObject({ held: 1, rejected: 1, working: 2 });
  });

  test("is refused where something is on the site, and undoes nothing", async () => {
    const [a = 0] = photos;
    commit(store, set, "publish", [a], () => publishFacts("x.JPG"));
    calls = [];
    await expect(rewind(set, "words", tools())).rejects.toMatchObject({ code: "set.published" });
    expect(calls).toEqual([]);
    expect(names()).toEqual(["Gulls_001.JPG", "Gulls_002.JPG"]);
  });

  test("that was cut short is finished by the next one", async () => {
    const cut: Script = {
      ...script(),
      undo: async (stage, photo) => {
        if (stage === "words" && photo.id === photos[1]) throw new Error("killed");
      },
    };
    await expect(rewind(set, "words", tools(cut))).rejects.toThrow("killed");
    await rewind(set, "words", tools());
    await driveSet(set, tools(), new AbortController().signal);
    expect(store.sets.photos(set).map(({ facts }) => facts.name?.name)).toEqual(["Gulls_001.JPG", "Gulls_002.JPG"]);
  });
});

describe("a roll-back", () => {
  const originals = (): string[] => given.shots.map(({ main }) => readFileSync(main.path, "utf8"));

  test("does not remove our copies while the originals are away; nor does a rewind to the copying", async () => {
    gone = ["/in/1.JPG"];
    await expect(rollBack(set, tools())).rejects.toMatchObject({ code: "set.originals-gone" });
    const stages = tools().stages.map((stage) =>
      stage.name === "validate" ? { ...stage, name: "ingest" as const } : stage,
    );
    await expect(rewind(set, "ingest", { ...tools(), stages })).rejects.toMatchObject({ code: "set.originals-gone" });
    expect(store.sets.photos(set).every(({ facts }) => facts.look !== undefined)).toBe(true);
    await rewind(set, "look", tools());
  });

  test("leaves nothing of the set: names free, folders gone, originals untouched and set aside", async () => {
    await rollBack(set, tools());
    expect(store.sets.get(set)).toBeUndefined();
    expect(names()).toEqual([undefined, undefined]);
    expect(dirs().filter(existsSync)).toEqual([]);
    expect(originals()).toEqual(["1.JPG", "2.JPG"]);
    for (const { main } of given.shots) expect(store.intake.isTaken(main)).toBe(true);
    expect(store.intake.all().map(({ asideFor }) => asideFor)).toEqual([set, set]);
  });

  test("and starting again gives the same names", async () => {
    const before = names();
    await rollBack(set, tools());
    store.intake.startAgain(set, 200);
    const again = await takenIn();
    expect(again).toBe("gulls-2");
    expect(names()).toEqual(before);
  });

  test.each(["words", "name", "validate"] as const)(
    "cut short at %s is found by its hold, and finished",
    async (at) => {
      let reached = 0;
      const cut: Script = {
        ...script(),
        undo: async (stage, photo) => {
          if (stage === "name") store.names.release(photo.id);
          reached += stage === at ? 1 : 0;
          if (stage === at && reached === 2) throw new Error("killed");
        },
      };
      await expect(rollBack(set, tools(cut))).rejects.toThrow("killed");
      expect(store.checkpoints.holdOf(set)?.code).toBe(ROLLING_BACK);
      expect(store.sets.underway()).toEqual([set]);
      await rollBack(set, tools());
      expect(store.sets.get(set)).toBeUndefined();
      expect(dirs().filter(existsSync)).toEqual([]);
      store.intake.startAgain(set, 200);
      await takenIn();
      expect(names()).toEqual(["Gulls_001.JPG", "Gulls_002.JPG"]);
    },
  );

  test("of a set with released photos is refused, and changes nothing", async () => {
    const [a = 0] = photos;
    commit(store, set, "review", [a], () => reviewFacts("r1"));
    calls = [];
    await expect(rollBack(set, tools())).rejects.toMatchObject({ code: "set.published" });
    expect([calls, store.checkpoints.holdOf(set)]).toEqual([[], undefined]);
  });

  test("of a set nobody knows is refused", async () => {
    await expect(rollBack("nobody", tools())).rejects.toMatchObject({ code: "set.unknown" });
  });
});
