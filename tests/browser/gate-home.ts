/** A home whose one set stands at the gate when its daemon starts: hundreds of photos without the work on them. */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readConfig } from "../../src/config.ts";
import type { Facts } from "../../src/domain/facts.ts";
import type { Outcome } from "../../src/domain/proof.ts";
import { done } from "../../src/domain/stage.ts";
import { rulesVersion } from "../../src/domain/wording.ts";
import type { PhotoId, SetId } from "../../src/domain/words.ts";
import { languageOf } from "../../src/lexicon.ts";
import { openStore, type Store } from "../../src/store/store.ts";
import { type Home, makeHome } from "../acceptance/home.ts";
import { writeJpeg } from "../fixtures/make.ts";
import { factsAtGate } from "../store/home.ts";

const NAME = "2026-10 Gulls, Texel";
export const SET = "2026-10-gulls-texel";

/** What became of the words of each photo, in order; `template` for words no model wrote. */
export type Stand = Outcome | "template";

/** @param stands one photo each: `IMG_001.jpg` and on */
export async function homeAtGate(stands: readonly Stand[], settings: object = {}): Promise<Home> {
  const home = makeHome(settings);
  const config = readConfig(home.path);
  const { lexicon } = languageOf(config);
  const folder = join(home.inbox, NAME);
  mkdirSync(folder);
  mkdirSync(config.data, { recursive: true });
  const picture = join(home.path, "picture.jpg");
  await writeJpeg(picture, { seed: 1, width: 600, height: 400 });
  const bytes = readFileSync(picture);
  const shots = stands.map((_, i) => {
    const path = join(folder, `IMG_${String(i + 1).padStart(3, "0")}.jpg`);
    writeFileSync(path, Buffer.concat([bytes, Buffer.from(String(i))]));
    const { size, mtimeMs } = statSync(path);
    return {
      main: { path, bytes: size, mtimeMs, nameIsText: true, sha256: sha256(readFileSync(path)) },
      companions: [],
    };
  });
  const store = openStore(config.data, Date.now(), lexicon);
  try {
    const context = { subject: "Gulls", location: "Texel", folder: "nature", date: "2026-10" };
    const set = store.sets.open({ inbox: home.inbox, folder, name: NAME, context, shots }, Date.now());
    if (set === undefined) throw new Error("the drop was not new");
    const rules = rulesVersion(lexicon);
    for (const [i, photo] of store.sets.photos(set.id).entries()) {
      const dir = join(photo.dir, "look");
      mkdirSync(dir, { recursive: true });
      for (const size of ["large", "medium", "model", "small"]) writeFileSync(join(dir, `${size}.jpg`), bytes);
      await toGate(store, set.id, photo.id, wordsOf(stands[i] ?? "passed", i, rules), shots[i]?.main.sha256 ?? "");
    }
  } finally {
    store.close();
  }
  return home;
}

const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

async function toGate(store: Store, set: SetId, photo: PhotoId, words: Facts["words"], hash: string): Promise<void> {
  const name = store.names.reserve(photo, "Gulls_Texel_2026");
  const { review: _, ...facts } = {
    ...factsAtGate(name),
    review: undefined,
  };
  const all = { ...facts, ingest: { ...facts.ingest, sha256: hash }, words };
  for (const [stage, found] of Object.entries(all))
    store.checkpoints.commit(set, stage as keyof typeof all, new Map([[photo, done(found)]]), 10);
}

function wordsOf(stand: Stand, i: number, rules: string): Facts["words"] {
  const { words } = factsAtGate("");
  const said = { ...words, caption: `Gull number ${i + 1} flies over the beach.`, altText: `A gull, number ${i + 1}.` };
  if (stand === "template") return said;
  const flaw = { rule: "GEO-CAPTION", severity: "error" as const, field: "caption" as const, why: "“Amsterdam”" };
  const flaws = stand === "blocked" ? [flaw] : [];
  return {
    ...said,
    captioner: "ollama",
    evidence: {
      model: "seer",
      digest: "d",
      version: "1",
      prompt: 1,
      shape: 1,
      key: "0".repeat(64),
      visible: ["gull"],
      uncertain: [],
      logprob: null,
      doneReason: "stop",
      said: "",
      tries: [],
    },
    proof: { rules, outcome: stand, found: flaws, flaws, attempts: [] },
  };
}
