/**
 *     npm run chaos -- [--kills 60] [--seed 1] [--variant early-row|photo-by-photo]
 *     npm run chaos -- --corpus [--seed 1] [--every 1]
 *     npm run chaos -- --drops 300 [--seed 1] [--variant impatient]
 *     npm run chaos -- --simulated-drops 10000 [--seed 1] [--variant impatient|hasty|nameless|blind]
 *
 * The second drops damaged files of every format instead of killing; `--every 8` takes one in eight of them. The others drop
 * good files in every way files come: by real writers, and in simulated time.
 * Exits 1 if an invariant was violated; with a planted variant, that is what it is there for.
 */
import { parseArgs } from "node:util";
import { VARIANTS } from "./boundaries.ts";
import { runChaos, summaryOf } from "./chaos.ts";
import { corpusSummary, runCorpus } from "./corpus.ts";
import { realDrops } from "./drops/real.ts";
import { PLANTED, simulateDrops } from "./drops/simulated.ts";
import { type DropsReport, dropsDetails, dropsSummary } from "./drops/summary.ts";

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "60" },
    seed: { type: "string", default: "1" },
    variant: { type: "string" },
    corpus: { type: "boolean", default: false },
    every: { type: "string", default: "1" },
    drops: { type: "string" },
    "simulated-drops": { type: "string" },
  },
});
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));
const { corpus, variant, drops, "simulated-drops": simulated } = values;
const seed = Number(values.seed);
process.exitCode = (await violations()) === 0 ? 0 : 1;

function violations(): Promise<number> {
  if (corpus) return damage();
  if (drops !== undefined) return write(Number(drops));
  return simulated === undefined ? kill() : simulate(Number(simulated));
}

async function damage(): Promise<number> {
  const report = await runCorpus({ seed, every: Number(values.every), say });
  for (const line of corpusSummary(report)) say(line);
  return report.violations.length;
}

async function kill(): Promise<number> {
  const planted = known(variant, VARIANTS);
  say(`seed ${seed}${planted === undefined ? "" : `, planted: ${VARIANTS[planted]}`}`);
  const report = await runChaos({ kills: Number(values.kills), seed, variant: planted, say });
  for (const line of summaryOf(report, seed)) say(line);
  return report.tally.violations.length;
}

async function write(count: number): Promise<number> {
  const isImpatient = known(variant, { impatient: PLANTED.impatient }) !== undefined;
  return told(await realDrops({ drops: count, seed, isImpatient, say }));
}

async function simulate(count: number): Promise<number> {
  return told(await simulateDrops({ drops: count, seed, planted: known(variant, PLANTED) }));
}

function told(report: DropsReport): number {
  for (const line of [...dropsDetails(report), ...dropsSummary(report)]) say(line);
  return report.broken.length + report.failures.length;
}

function known<K extends string>(name: string | undefined, of: Readonly<Record<K, string>>): K | undefined {
  const isOne = (key: string | undefined): key is K => key !== undefined && Object.hasOwn(of, key);
  if (name === undefined || isOne(name)) return name;
  throw new Error(`variants are ${Object.keys(of).join(", ")}`);
}
