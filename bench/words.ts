import { type ChildProcess, fork } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { captionerByModel, type ModelCaptioner } from "../src/captioners/by-model.ts";
import { notebookIn } from "../src/captioners/notebook.ts";
import { ollamaServer } from "../src/captioners/ollama.ts";
import { template } from "../src/captioners/template.ts";
import { openWire } from "../src/captioners/wire.ts";
import { sharp } from "../src/imaging/sharp.ts";
import { testCardPicture } from "../src/imaging/test-card.ts";
import { english } from "../src/language/english.ts";
import { pool } from "../src/pipeline/pool.ts";
import { words } from "../src/stages/words.ts";
import { MODEL } from "../tests/fakes/ollama.ts";
import { aPhoto, factsAtGate } from "../tests/store/home.ts";
import type { Figure, Suite } from "./figures.ts";

const PHOTOS = 90;
/** A daemon runs for days: what is compiled at its first photos is not counted. */
const FIRST = 30;
/** What a quick model takes; long enough that our own work does not count. */
const LATENCY_MS = 400;
const HOSTED_PHOTOS = 24;
const WARMING = 4;
const never = new AbortController().signal;

/** What the stage of words costs beside its model, what a second server brings, and whether a set is ever asked about twice. */
export const wordsStage: Suite = {
  name: "words",
  async measure({ note }) {
    const folder = mkdtempSync(join(tmpdir(), "photogate-bench-words-"));
    try {
      note(`drawing ${PHOTOS} pictures …`);
      const photos = await drawn(folder);
      return [...(await alone(folder, photos)), await twoHosts(folder, photos.slice(0, HOSTED_PHOTOS))];
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};

type Photo = Parameters<Extract<ReturnType<typeof words>, { kind: "photo" }>["run"]>[0];

/** Noise is what no JPEG makes small: as large as a model's preview of a photo, and no two alike. */
async function drawn(folder: string): Promise<Photo[]> {
  const photos: Photo[] = [];
  const facts = factsAtGate("x.JPG");
  for (let id = 1; id <= PHOTOS; id += 1) {
    const create = { width: 896, height: 597, channels: 3 as const, background: "#888" };
    const noise = { type: "gaussian" as const, mean: 128, sigma: 12 };
    const jpeg = await sharp({ create: { ...create, noise } })
      .jpeg({ quality: 88 })
      .toBuffer();
    writeFileSync(join(folder, `${id}.jpg`), jpeg);
    const model = {
      ...facts.look.previews.model,
      file: `${id}.jpg`,
      sha256: createHash("sha256").update(jpeg).digest("hex"),
    };
    photos.push({
      ...aPhoto({
        id,
        dir: folder,
        context: { subject: "Gulls", location: "Texel", folder: "nature", captioner: "ollama" },
      }),
      facts: { ...facts, look: { ...facts.look, previews: { ...facts.look.previews, model } } },
    });
  }
  return photos;
}

async function alone(folder: string, photos: readonly Photo[]): Promise<Figure[]> {
  const server = await serverWith(0);
  const run = stageOver(join(folder, "alone"), [server.url]);
  const rest = photos.slice(FIRST);
  await run.over(photos.slice(0, FIRST));
  const from = process.cpuUsage();
  await run.over(rest);
  const { user, system } = process.cpuUsage(from);
  const { asked } = await server.count();
  await run.close();
  // Another run of the daemon: nothing is known but what was noted.
  const again = stageOver(join(folder, "alone"), [server.url]);
  await again.over(photos);
  const { asked: later } = await server.count();
  await again.close();
  server.end();
  return [
    figure("stage", (user + system) / 1_000 / rest.length, "ms CPU a photo, model at 0 ms", 5, "lower"),
    figure("asked-again", later - asked, "questions to a model, set done again", 0, "lower"),
  ];
}

async function twoHosts(folder: string, photos: readonly Photo[]): Promise<Figure> {
  const servers = [await serverWith(LATENCY_MS), await serverWith(LATENCY_MS)];
  const seconds = async (name: string, hosts: readonly string[]): Promise<number> => {
    const run = stageOver(join(folder, name), hosts);
    // Which way of asking works, and whether they see, is found out with the first.
    await run.over(photos.slice(0, WARMING));
    const from = performance.now();
    await run.over(photos.slice(WARMING));
    const took = performance.now() - from;
    await run.close();
    return took;
  };
  const one = await seconds(
    "one",
    servers.slice(0, 1).map(({ url }) => url),
  );
  const two = await seconds(
    "two",
    servers.map(({ url }) => url),
  );
  for (const server of servers) server.end();
  return figure("two-hosts", one / two, "x as fast as one, same latency", 1.9, "higher");
}

const figure = (name: string, value: number, unit: string, goal: number, better: Figure["better"]): Figure => ({
  name: `words.${name}`,
  value,
  unit,
  goal,
  better,
});

function stageOver(answers: string, hosts: readonly string[]) {
  const wire = openWire({ connectMs: 3_000, allowAway: false });
  const limits = { loadMs: 60_000, silenceMs: 60_000, totalMs: 60_000 };
  const captioner: ModelCaptioner = captionerByModel(
    "ollama",
    hosts.map((host) => ollamaServer(host, { model: MODEL, contextTokens: 8192, allowAway: false, ...limits }, wire)),
    { vocabulary: [], freeMemory: false },
    {
      notebook: notebookIn(answers),
      draw: testCardPicture,
      testEvery: 25,
      distrusted: async () => undefined,
      elapsed: () => performance.now(),
    },
  );
  const stage = words(
    { template, ollama: captioner, openai: captioner },
    english(),
    () => [],
    async () => undefined,
  );
  return {
    async over(photos: readonly Photo[]): Promise<void> {
      await pool(photos, 8, never, async (photo) => {
        if (stage.kind === "photo")
          await stage.run(photo, { signal: never, dir: photo.dir, now: () => performance.now() });
      });
    },
    async close(): Promise<void> {
      await captioner.close();
      await wire.close();
    },
  };
}

async function serverWith(latencyMs: number) {
  const child = fork(fileURLToPath(new URL("./words-server.ts", import.meta.url)), [String(latencyMs)]);
  const { url } = (await heard(child)) as { url: string };
  return {
    url,
    async count(): Promise<{ asked: number }> {
      child.send("count");
      const told = (await heard(child)) as { asked: number; complaints: readonly string[] };
      if (told.complaints.length > 0) throw new Error(told.complaints.join("; "));
      return told;
    },
    end: () => child.kill(),
  };
}

const heard = (child: ChildProcess): Promise<unknown> =>
  new Promise((resolve, reject) => {
    child.once("message", resolve);
    child.once("exit", (code) => reject(new Error(`the model's server ended with ${code}`)));
  });
