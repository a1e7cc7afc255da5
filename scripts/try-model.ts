/**
 * `npm run try-model -- --host http://127.0.0.1:11434 --model qwen3.5:4b`: has a real model describe twelve pictures whose
 * content is known, through the built daemon on a home of its own, and prints what it said and what the rules made of it.
 *
 *   --host URL      the server (default http://127.0.0.1:11434)
 *   --model NAME    must be there already: nothing is downloaded
 *   --captioner X   ollama (default) or openai
 *   --json FILE     everything, for comparing models
 *
 * Exit 0 when all twelve have words, 1 when the model was stopped; what it costs and how good it is, it says and does not judge.
 */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { remedyOf } from "../src/domain/fault.ts";
import { type Frame, photograph } from "../src/imaging/scene.ts";
import { testCardPicture } from "../src/imaging/test-card.ts";
import type { Card } from "../src/review-server/cards.ts";
import type { Row } from "../src/review-server/rows.ts";

const CLI = fileURLToPath(new URL("../dist/cli.js", import.meta.url));
const never = new AbortController().signal;

interface Known {
  readonly shows: string;
  /** one word of each must be said somewhere */
  readonly words: readonly (readonly string[])[];
  readonly make: (number: number) => Promise<Buffer>;
}

const TAGS = { make: "NIKON CORPORATION", model: "NIKON Z 8", lens: "NIKKOR Z 24-200mm", aperture: 8, iso: 100 };
const scene = (name: Frame["scene"], shows: string, ...words: readonly string[]): Known => ({
  shows,
  words: [words],
  make: async (number) =>
    photograph(
      {
        scene: name,
        seed: number + 4,
        moment: 0,
        shaken: false,
        tags: { ...TAGS, takenAt: `2026:10:14 ${number + 7}:00:00`, subSec: "00", exposure: "1/250", focalLength: 50 },
      },
      never,
    ),
});
type Colours = Parameters<typeof testCardPicture>[0];
const card = (circle: Colours["circle"], square: Colours["square"]): Known => ({
  shows: `a ${circle} circle beside a ${square} square`,
  words: [[circle], [square], ["circle", "disc", "dot"], ["square", "rectangle"]],
  make: async () => testCardPicture({ circle, square }),
});

const PICTURES: readonly Known[] = [
  scene("dunesAtDawn", "dunes at sunrise", "dune", "sand", "hill", "sunrise", "dawn"),
  scene("dunesInMist", "dunes in mist", "mist", "fog", "haze", "dune", "hill"),
  scene("gullOverSea", "a gull over the sea", "gull", "seagull", "bird"),
  scene("eveningSea", "the sea in the evening", "sea", "ocean", "water", "sunset"),
  scene("sheepOnTheDyke", "sheep on a dyke", "sheep", "lamb"),
  scene("lighthouse", "a lighthouse", "lighthouse"),
  scene("daisy", "a daisy", "daisy", "flower"),
  scene("moonOverPosts", "the moon over posts", "moon"),
  card("red", "green"),
  // Light and dark in other places: by their greys alone two could be taken for one picture.
  card("yellow", "blue"),
  card("blue", "yellow"),
  card("yellow", "yellow"),
];

const { values } = parseArgs({
  options: {
    host: { type: "string", default: "http://127.0.0.1:11434" },
    model: { type: "string" },
    captioner: { type: "string", default: "ollama" },
    json: { type: "string" },
  },
});
if (values.model === undefined) throw new Error("--model says which model is tried");
const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const home = mkdtempSync(join(tmpdir(), "photogate-try-"));
/** Nothing is said about the set: a model must see what is there. */
const folder = join(home, "inbox", "untitled");
mkdirSync(folder, { recursive: true });
for (const [i, { make }] of PICTURES.entries())
  writeFileSync(join(folder, `${String(i + 1).padStart(2, "0")}.JPG`), await make(i + 1));
writeFileSync(
  join(home, "photogate.jsonc"),
  JSON.stringify({
    settle: { quietSeconds: 1, patienceSeconds: 1 },
    review: { port: 0 },
    inboxes: [{ path: "inbox", captioner: values.captioner }],
    captioner: { [values.captioner]: { hosts: [values.host], model: values.model } },
  }),
);

const daemon = spawn(process.execPath, [CLI, "start", "--no-open", "--home", home], { stdio: "ignore" });
try {
  process.exitCode = await tried();
} finally {
  const gone = new Promise((resolve) => daemon.once("exit", resolve));
  if (daemon.exitCode === null && daemon.kill()) await gone;
  rmSync(home, { recursive: true, force: true });
}

async function tried(): Promise<number> {
  const set = await atItsEnd();
  if (set.hold !== null) {
    say(`Stopped: ${set.hold.why} (${set.hold.code})\n${remedyOf(set.hold.code)}`);
    return 1;
  }
  const { photos } = JSON.parse(await asked("list", set.id, "--json")) as { photos: readonly Row[] };
  const rows = photos.map((row, i) => ({ row, known: PICTURES[i] ?? card("red", "blue") }));
  for (const one of rows) for (const line of linesOf(one)) say(line);
  for (const line of summary(rows)) say(line);
  if (values.json !== undefined)
    writeFileSync(values.json, `${JSON.stringify({ model: values.model, photos }, null, 2)}\n`);
  return 0;
}

/** At the gate, or held: a model that is missing or blind is not waited for. */
async function atItsEnd(): Promise<Card> {
  for (;;) {
    const [set] = await cards();
    if (set !== undefined && (set.state === "ready" || set.hold !== null)) return set;
    if (daemon.exitCode !== null) throw new Error(`the daemon ended with ${daemon.exitCode}; is the build there?`);
    await sleep(1_000);
  }
}

async function cards(): Promise<readonly Card[]> {
  try {
    return (JSON.parse(await asked("list", "--json")) as { sets: readonly Card[] }).sets;
  } catch {
    // The home has no database before the daemon has made one.
    return [];
  }
}

async function asked(...args: string[]): Promise<string> {
  const verb = spawn(process.execPath, [CLI, ...args, "--home", home], { stdio: ["ignore", "pipe", "ignore"] });
  let out = "";
  for await (const piece of verb.stdout) out += String(piece);
  return out;
}

interface Described {
  readonly row: Row;
  readonly known: Known;
}

function isNamed({ row, known }: Described): boolean {
  const said = [row.caption, row.altText, ...(row.keywords ?? [])].join(" ").toLowerCase();
  return known.words.every((ones) => ones.some((word) => said.includes(word)));
}

function linesOf(one: Described): string[] {
  const { row, known } = one;
  return [
    `${row.file}  shows ${known.shows}: ${isNamed(one) ? "named" : "NOT NAMED"}; ${row.outcome ?? `words by ${row.captioner}`}`,
    `    caption   ${row.caption}`,
    `    alt text  ${row.altText}`,
    `    keywords  ${(row.keywords ?? []).join(", ")}`,
    ...row.attempts.map(
      ({ by, rules, field, accepted }) =>
        `    tried     ${by} for ${rules.join(", ")} in ${field}: ${accepted ? "taken" : "no better"}`,
    ),
    ...row.flaws.map(({ severity, rule, why }) => `    ${severity.padEnd(8)}  ${rule}: ${why}`),
  ];
}

function summary(rows: readonly Described[]): string[] {
  const count = (is: (one: Described) => boolean): number => rows.filter(is).length;
  const outcome = (wanted: Row["outcome"]): number => count(({ row }) => row.outcome === wanted);
  const rules = Map.groupBy(
    rows.flatMap(({ row }) => row.flaws),
    ({ rule }) => rule,
  );
  const seconds = answerSeconds();
  return [
    "",
    `${values.model} at ${values.host}: ${count(isNamed)} of ${rows.length} named for what they show.`,
    `${outcome("passed")} passed, ${outcome("repaired")} repaired, ${outcome("partially-repaired")} partially repaired, ${outcome("blocked")} blocked, ${outcome(null)} without a model's words.`,
    `Left: ${[...rules].map(([rule, all]) => `${rule} ${all.length}`).join(", ") || "nothing"}.`,
    `${seconds.length} answers, ${seconds[Math.floor(seconds.length / 2)]?.toFixed(1) ?? "-"} s in the middle, ${seconds.at(-1)?.toFixed(1) ?? "-"} s the longest.`,
    "Named means that the words are there. Whether the sentences are true and good, read them.",
  ];
}

/** What each answer took, with all of its tries, the quickest first. */
function answerSeconds(): number[] {
  const answers = join(home, "data", "answers");
  return readdirSync(answers, { recursive: true })
    .map(String)
    .filter((file) => /[0-9a-f]{64}\.json$/.test(file) && !/^(models|unproved)/.test(file))
    .map((file): { tries: readonly { ms: number }[] } => JSON.parse(readFileSync(join(answers, file), "utf8")))
    .map(({ tries }) => tries.reduce((sum, { ms }) => sum + ms, 0) / 1_000)
    .toSorted((a, b) => a - b);
}
